package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"embark/paxos"
	"embark/paxossim"
)

// TestDoctor and TestVerify run the scripts of two commands, like TestScripts
// with these commands besides:
//
//	front [skew=DURATION] [lacks=ACCOUNT_REF]  puts a proxy before the simulator, whose clock is off, or that
//	                            does not know an account; a second call changes it
//	twin REF_ID                 makes a second account under an account's ref_id, if the simulator lets it
//	stopped NAME CODE FIGURE NUMBER embark ARG...  sends the signal once the figure is reached
//	trace FILE                  lists the files in the folder with their modes, times and contents
func TestDoctor(t *testing.T) { runScripts(t, "testdata/doctor") }

// TestVerify: see TestDoctor.
func TestVerify(t *testing.T) { runScripts(t, "testdata/verify") }

func runScripts(t *testing.T, dir string) {
	t.Helper()
	samples, err := filepath.Abs("../../samples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: dir,
		Setup: func(env *testscript.Env) error {
			env.Setenv("SAMPLES", samples)
			config := filepath.Join(env.WorkDir, defaultConfig)
			if _, err := os.Stat(config); err == nil {
				return nil
			}
			return os.WriteFile(config, []byte(fastConfig), 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"simulator": scriptSimulator, "stats": scriptStats, "unsent": scriptUnsent, "exits": scriptExits, "await": scriptAwait, "cell": scriptCell,
			"rename": scriptRename, "front": scriptFront, "twin": scriptTwin, "stopped": scriptStopped, "trace": scriptTrace,
		},
	})
}

// fronts are the proxies of the running scripts, by their folder.
var fronts sync.Map

// front is a proxy before a simulator.
type front struct {
	sim http.Handler

	mu   sync.Mutex
	skew time.Duration
	lack string // id of an account
}

func scriptFront(ts *testscript.TestScript, _ bool, args []string) {
	sim := simulatorOf(ts)
	made, there := fronts.LoadOrStore(ts.Getenv("WORK"), &front{sim: sim})
	f := made.(*front)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.skew, f.lack = 0, ""
	for _, arg := range args {
		switch name, value, _ := strings.Cut(arg, "="); name {
		case "skew":
			d, err := time.ParseDuration(value)
			ts.Check(err)
			f.skew = d
		case "lacks":
			f.lack = accountOf(ts, sim, value).ID
		default:
			ts.Fatalf("front: there is no %q", name)
		}
	}
	if there {
		return
	}
	server := httptest.NewServer(f)
	ts.Defer(func() { server.CloseClientConnections(); server.Close() })
	ts.Setenv("EMBARK_API_URL", server.URL+"/v2")
	ts.Setenv("EMBARK_TOKEN_URL", server.URL+"/oauth2/token")
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	skew, lack := f.skew, f.lack
	f.mu.Unlock()
	w.Header().Set("Date", time.Now().Add(skew).UTC().Format(http.TimeFormat))
	if lack == "" {
		f.sim.ServeHTTP(w, r)
		return
	}
	if strings.HasSuffix(r.URL.Path, lack) {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	inner := httptest.NewRecorder()
	f.sim.ServeHTTP(inner, r)
	maps.Copy(w.Header(), inner.Header())
	w.Header().Del("Content-Length")
	w.WriteHeader(inner.Code)
	_, _ = w.Write(without(inner.Body.Bytes(), lack))
}

// without takes an item off a list.
func without(body []byte, id string) []byte {
	var page map[string]any
	if json.Unmarshal(body, &page) != nil || page["items"] == nil {
		return body
	}
	page["items"] = slices.DeleteFunc(page["items"].([]any), func(item any) bool { return item.(map[string]any)["id"] == id })
	out, _ := json.Marshal(page)
	return out
}

// accountOf finds an account at the simulator by its ref_id.
func accountOf(ts *testscript.TestScript, sim *paxossim.Simulator, refID string) paxos.Account {
	client, query := clientOf(ts, sim), paxos.ListAccountsQuery{}
	for {
		page, err := client.ListAccounts(context.Background(), query)
		ts.Check(err)
		for _, a := range page.Items {
			if a.RefID == refID {
				return a
			}
		}
		if query.PageCursor = page.NextCursor; query.PageCursor == "" {
			ts.Fatalf("there is no account %q", refID)
		}
	}
}

func clientOf(ts *testscript.TestScript, sim *paxossim.Simulator) *paxos.Client {
	client := paxos.New(paxos.Options{APIURL: "http://paxos.invalid/v2", TokenURL: "http://paxos.invalid/oauth2/token",
		ClientID: ts.Getenv("PAXOS_CLIENT_ID"), ClientSecret: ts.Getenv("PAXOS_CLIENT_SECRET"),
		Limits: paxos.Limits{Token: 1000, Identity: 1000, Other: 1000}, Transport: sim.Transport()})
	_, err := client.Authorize(context.Background(), everyRun(), nil)
	ts.Check(err)
	return client
}

func scriptTwin(ts *testscript.TestScript, _ bool, args []string) {
	sim := simulatorOf(ts)
	a := accountOf(ts, sim, args[0])
	body, err := json.Marshal(paxos.CreateAccountRequest{CreateProfile: true,
		Account: paxos.Account{RefID: a.RefID, IdentityID: a.IdentityID, Type: a.Type}})
	ts.Check(err)
	_, err = clientOf(ts, sim).CreateAccount(context.Background(), body)
	ts.Check(err)
}

func scriptStopped(ts *testscript.TestScript, _ bool, args []string) {
	signal := map[string]syscall.Signal{"INT": syscall.SIGINT, "KILL": syscall.SIGKILL}[args[0]]
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	c := background(ts, args[4], args[5:])
	scriptAwait(ts, false, args[2:4])
	ts.Check(c.Process.Signal(signal))
	_ = c.Wait()
	got := c.ProcessState.ExitCode()
	if signal == syscall.SIGKILL {
		got = exitOfSignal(c.ProcessState.Sys().(syscall.WaitStatus).Signal())
	}
	if got != want {
		ts.Fatalf("got exit %d, want %d\n%s", got, want, ts.ReadFile(ts.MkAbs("stderr.txt")))
	}
}

func scriptTrace(ts *testscript.TestScript, _ bool, args []string) {
	var out bytes.Buffer
	err := filepath.WalkDir(ts.MkAbs("."), func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.HasPrefix(filepath.Base(path), "trace") || strings.Contains(path, "/.tmp") {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		out.WriteString(strings.Join([]string{path, info.Mode().String(), info.ModTime().String(), fmt.Sprintf("%x", sha256.Sum256(text))}, " ") + "\n")
		return err
	})
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), out.Bytes(), 0o600))
}
