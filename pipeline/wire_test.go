package pipeline

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"

	"embark/checkpoint"
)

// via is a transport made of a function; tests put it between the client and
// the simulator.
type via func(*http.Request) (*http.Response, error)

func (f via) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// between lets a function answer instead of the simulator, where it wants to.
// It is called for one request at a time.
func (r *rig) between(answer func(*http.Request) *http.Response) {
	base := r.sim.Transport()
	var mu sync.Mutex
	r.transport = via(func(q *http.Request) (*http.Response, error) {
		mu.Lock()
		res := answer(q)
		mu.Unlock()
		if res != nil {
			return res, nil
		}
		return base.RoundTrip(q)
	})
}

func answered(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

const alreadyExists = `{"type":"https://paxos.invalid/problems/already-exists"}`

// posts tells whether a request makes objects of a kind: identities or accounts.
func posts(q *http.Request, kind string) bool {
	return q.Method == http.MethodPost && strings.HasSuffix(q.URL.Path, "/identity/"+kind)
}

// bodyOf reads the body of a request and leaves it there.
func bodyOf(q *http.Request) string {
	body, err := io.ReadAll(q.Body)
	if err != nil {
		panic(err)
	}
	q.Body = io.NopCloser(bytes.NewReader(body))
	return string(body)
}

// rewritten changes the text of every answer of the simulator.
func (r *rig) rewritten(change func(text string) string) {
	base := r.sim.Transport()
	r.transport = via(func(q *http.Request) (*http.Response, error) {
		res, err := base.RoundTrip(q)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(res.Body)
		if err != nil {
			return nil, err
		}
		text := change(string(body))
		res.Body, res.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
		return res, nil
	})
}

// direct takes away what was between the client and the simulator.
func (r *rig) direct() { r.transport = r.sim.Transport() }

// bodies are those of the posts of a kind.
type bodies []string

func (r *rig) collect(kind string) *bodies {
	var all bodies
	r.between(func(q *http.Request) *http.Response {
		if posts(q, kind) {
			all = append(all, bodyOf(q))
		}
		return nil
	})
	return &all
}

func (b bodies) with(text string) (n int) {
	for _, body := range b {
		if strings.Contains(body, text) {
			n++
		}
	}
	return n
}

// forget throws the checkpoint away.
func (r *rig) forget() {
	r.t.Helper()
	entries, err := os.ReadDir(r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "embark.db") {
			if err := os.Remove(r.path(e.Name())); err != nil {
				r.t.Fatal(err)
			}
		}
	}
}

// rows are the lines of the input: the header, and then the customers.
func (r *rig) rows() []string {
	return strings.SplitAfter(strings.TrimSuffix(readInput(r), "\n"), "\n")
}

// writeRows writes an input of some lines; the last may lack its end.
func (r *rig) writeRows(lines ...string) {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(strings.TrimSuffix(l, "\n") + "\n")
	}
	r.writeInput(b.String())
}

// storeOf is the store of a run, for tests to put another in its place.
func storeOf(c *Config) *checkpoint.Store { return c.Store.(*checkpoint.Store) }
