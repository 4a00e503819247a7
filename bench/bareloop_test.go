package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"embark/mapping"
	"embark/paxos"
	"embark/source"
)

// loopWorkers is where the loop is fastest on two cores shared with the
// simulator; more of them only wait.
const loopWorkers = 64

// bareLoop is the baseline: the same two POSTs for every customer and nothing
// else. It prints the wall and CPU time of the loop in nanoseconds.
func bareLoop(api, path string) error {
	bodies, refs, err := bodies(path)
	if err != nil {
		return err
	}
	l := &loop{api: api, client: &http.Client{Transport: paxos.NewTransport()}}
	if err := l.login(); err != nil {
		return err
	}
	var g errgroup.Group
	g.SetLimit(loopWorkers)
	started, used := time.Now(), cpuTime()
	for i := range bodies {
		g.Go(func() error { return l.onboard(bodies[i], refs[i]) })
	}
	err = g.Wait()
	fmt.Println(time.Since(started).Nanoseconds(), (cpuTime() - used).Nanoseconds())
	return err
}

func bodies(path string) (bodies [][]byte, refs []string, err error) {
	f, err := source.Open(path, source.Options{})
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	m, err := mapping.New(f.Header(), mapping.Options{MadeUp: true})
	if err != nil {
		return nil, nil, err
	}
	for row, err := range f.Rows() {
		if err != nil {
			return nil, nil, err
		}
		c := m.Map([]source.Row{row})[0].Customer
		body, err := json.Marshal(c.Identity)
		if err != nil {
			return nil, nil, err
		}
		bodies, refs = append(bodies, body), append(refs, c.RefID)
	}
	return bodies, refs, nil
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

type loop struct {
	api, token string
	client     *http.Client
}

func (l *loop) login() error {
	res, err := l.client.PostForm(l.api+"/oauth2/token", url.Values{"grant_type": {"client_credentials"},
		"client_id": {"bench"}, "client_secret": {"bench"}, "scope": {"identity:write_identity identity:write_account"}})
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var token struct {
		AccessToken string `json:"access_token"`
	}
	err = json.NewDecoder(res.Body).Decode(&token)
	l.token = token.AccessToken
	return err
}

func (l *loop) onboard(body []byte, ref string) error {
	identity, err := l.post("/v2/identity/identities", body)
	if err != nil {
		return err
	}
	_, err = l.post("/v2/identity/accounts", fmt.Appendf(nil,
		`{"create_profile":true,"account":{"identity_id":%q,"ref_id":"%s-account","type":"BROKERAGE"}}`, identity, ref))
	return err
}

func (l *loop) post(path string, body []byte) (id string, err error) {
	req, err := http.NewRequest(http.MethodPost, l.api+path, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+l.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := l.client.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return "", err
	}
	if res.StatusCode != http.StatusOK {
		return "", errors.New(res.Status)
	}
	var object struct {
		ID string `json:"id"`
	}
	return object.ID, json.Unmarshal(answer, &object)
}
