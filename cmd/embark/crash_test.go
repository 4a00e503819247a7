package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"embark/samples"
)

// The kill test: the real binary is killed with SIGKILL again and again, over
// all phases of a run, against a simulator in another process that loses
// answers, and resumed until it is done. Then both sides' stories must agree:
// each customer has exactly one identity, one account and one profile.
//
// EMBARK_KILLS sets how often (70 when unset), EMBARK_KILL_SEED the seed.
func TestKillAndResume(t *testing.T) {
	t.Parallel()
	kills := setting(t, "EMBARK_KILLS", 70)
	h := newHarness(t, uint64(setting(t, "EMBARK_KILL_SEED", 1)), build(t, ""))
	h.killOften(kills)
	h.finish()
	for _, fault := range h.compare() {
		t.Error(fault)
	}
	t.Logf("%d of %d runs were killed", h.killed, kills)
	if h.killed < kills*5/7 {
		t.Errorf("got %d kills in %d runs, want more", h.killed, kills)
	}
}

// The negative control: without intents a killed run cannot know what it may
// have sent, and the same test must find customers with two accounts.
func TestKillWithoutIntents(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 2, build(t, "embark_no_intents"))
	h.killOften(setting(t, "EMBARK_KILLS", 60))
	h.finish()
	faults := h.compare()
	if len(faults) == 0 {
		t.Fatal("got no fault without intents, want doubled accounts: the kill test shows nothing")
	}
	t.Logf("without intents %d faults, the first: %s", len(faults), faults[0])
}

func setting(t *testing.T, name string, otherwise int) int {
	v := os.Getenv(name)
	if v == "" {
		return otherwise
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		t.Fatalf("%s=%q is no number", name, v)
	}
	return n
}

// build makes the real binary, with the race detector where the test has it.
func build(t *testing.T, tags string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "embark")
	out, err := exec.Command("go", "build", "-tags", tags, "-o", path, ".").CombinedOutput()
	if err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// harness is a folder to run in, a simulator in another process, and between
// them a proxy that counts requests and kills.
type harness struct {
	t      *testing.T
	binary string
	dir    string
	random *rand.Rand
	rows   int
	span   int64
	flags  []string // of embark run
	open   bool     // exit 7 is no failure
	killed int      // runs

	sim   string // URL of the simulator
	proxy *httptest.Server

	countdown atomic.Int64 // requests until the kill; negative: none
	late      atomic.Bool  // kill after the request was forwarded, not before
	process   atomic.Pointer[os.Process]

	mu      sync.Mutex
	quiet   *sync.Cond // signalled when pending falls to zero
	pending int        // requests that the simulator still works on
}

// scenario is what a harness onboards, and how.
type scenario struct {
	rows      int
	write     func(w io.Writer, rows int, seed uint64) error
	span      int64    // a kill comes at one of so many requests
	flags     []string // of embark run
	simulator []string // flags
}

func newHarness(t *testing.T, seed uint64, binary string) *harness {
	return newHarnessOf(t, seed, binary, scenario{rows: 1000, write: samples.Write, span: 24, flags: []string{"--wait", "40s"}})
}

func newHarnessOf(t *testing.T, seed uint64, binary string, s scenario) *harness {
	h := &harness{t: t, binary: binary, dir: t.TempDir(), random: rand.New(rand.NewPCG(seed, 0)), rows: s.rows, span: s.span, flags: s.flags}
	h.quiet = sync.NewCond(&h.mu)
	h.countdown.Store(-1)
	h.write("customers.csv", func(w io.Writer) error { return s.write(w, h.rows, seed) })
	h.write("embark.yaml", func(w io.Writer) error {
		_, err := io.WriteString(w, "limits: {token: 1000, identity: 300, other: 5000, share: 1}\nsettle: 1s\n")
		return err
	})
	h.startSimulator(seed, s.simulator)
	h.proxy = httptest.NewServer(http.HandlerFunc(h.forward))
	t.Cleanup(h.proxy.Close)
	return h
}

func (h *harness) write(name string, fill func(io.Writer) error) {
	h.t.Helper()
	f, err := os.OpenFile(filepath.Join(h.dir, name), os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		err = errors.Join(fill(f), f.Close())
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// startSimulator serves a Paxos that loses answers and does not refuse a
// second account of the same ref_id, which is what the published API promises.
func (h *harness) startSimulator(seed uint64, more []string) {
	h.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, h.binary, append([]string{"simulator", "--seed", fmt.Sprint(seed + 1), "--account-ref-reusable",
		"--approve-after", "20ms", "--approve-jitter", "200ms", "--error-after", "0.03", "--drop-after", "0.03",
		"--error-before", "0.02", "--garbage", "0.02", "--late-events", "0.05", "--repeat-events", "0.05"}, more...)...)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { stop(); _ = cmd.Wait() })
	text := make([]byte, 4096)
	for n := 0; h.sim == ""; {
		m, err := out.Read(text[n:])
		if err != nil {
			h.t.Fatalf("simulator: %v", err)
		}
		n += m
		if found := regexp.MustCompile(`--api-url (http://[^/]+)/v2`).FindSubmatch(text[:n]); found != nil {
			h.sim = string(found[1])
		}
	}
}

// forward hands a request on in its own time, up to half a second later and
// whether or not the client is still there, as a real server would finish what
// it has begun. When the countdown is over it kills the client.
func (h *harness) forward(w http.ResponseWriter, r *http.Request) {
	h.count(1)
	defer h.count(-1)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	due := h.countdown.Add(-1) == 0
	if due && !h.late.Load() {
		h.kill()
	}
	if r.Method == http.MethodPost {
		time.Sleep(time.Duration(len(body)%5) * 100 * time.Millisecond / 2)
	}
	status, answer := h.pass(r, body)
	if due && h.late.Load() {
		h.kill()
	}
	if status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(answer)
}

func (h *harness) count(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.pending += n; h.pending == 0 {
		h.quiet.Broadcast()
	}
}

// pass gives the simulator the request, and status 0 for a dropped connection.
func (h *harness) pass(r *http.Request, body []byte) (int, []byte) {
	again, err := http.NewRequest(r.Method, h.sim+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return 0, nil
	}
	again.Header = r.Header.Clone()
	res, err := http.DefaultClient.Do(again)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, nil
	}
	return res.StatusCode, answer
}

func (h *harness) kill() {
	if p := h.process.Load(); p != nil {
		_ = p.Kill()
	}
}

// killOften runs embark until it was killed as often as asked for: most times
// at a request, before or after it took effect, some at a time, so that opening
// and pass one are met too, and the last ones while the report is written.
func (h *harness) killOften(kills int) {
	for n := range kills - reportKills {
		h.late.Store(n%2 == 0)
		if n%4 == 3 {
			h.countdown.Store(-1)
			h.runFor(time.Duration(h.random.IntN(60)) * time.Millisecond)
		} else {
			h.countdown.Store(2 + h.random.Int64N(h.span))
			h.run()
		}
	}
	h.countdown.Store(-1)
	for range reportKills {
		stop := h.killAtReport()
		h.run()
		stop()
	}
}

const reportKills = 8

// killAtReport kills as soon as a new report's folder is there.
func (h *harness) killAtReport() (stop func()) {
	before, done := h.reports(), make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		for tick := time.NewTicker(200 * time.Microsecond); h.reports() == before; <-tick.C {
			select {
			case <-done:
				return
			default:
			}
		}
		h.kill()
	})
	return func() { close(done); watching.Wait() }
}

func (h *harness) reports() int {
	folders, _ := filepath.Glob(filepath.Join(h.dir, defaultReport, "2*"))
	return len(folders)
}

// run runs embark to its end, natural or not, and returns its exit code.
func (h *harness) run() int { return h.runFor(0) }

// runFor kills it after that time, counted from its start, unless zero.
func (h *harness) runFor(limit time.Duration) int {
	h.t.Helper()
	args := append([]string{"run", "--api-url", h.proxy.URL + "/v2", "--token-url", h.proxy.URL + "/oauth2/token", "--progress", "none"}, h.flags...)
	cmd := exec.Command(h.binary, append(args, "customers.csv")...)
	cmd.Dir = h.dir
	cmd.Env = append(os.Environ(), "PAXOS_CLIENT_ID=kill-test", "PAXOS_CLIENT_SECRET=kill-test-secret")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	h.process.Store(cmd.Process)
	if limit > 0 {
		defer time.AfterFunc(limit, func() { _ = cmd.Process.Kill() }).Stop()
	}
	_ = cmd.Wait()
	h.process.Store(nil)
	code := cmd.ProcessState.ExitCode()
	if code == -1 {
		h.killed++
	}
	if code != -1 && code != exitOK && !(h.open && code == exitWaiting) {
		h.t.Fatalf("got exit %d\n%s", code, out.Bytes())
	}
	return code
}

// finish runs embark unharmed, once the simulator is done with what killed
// runs had sent.
func (h *harness) finish() {
	h.t.Helper()
	h.calm()
	if code := h.run(); code != exitOK {
		h.t.Fatalf("got exit %d of the last run, want 0", code)
	}
}

// calm waits for the requests of killed runs.
func (h *harness) calm() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for h.pending > 0 {
		h.quiet.Wait()
	}
}

// side is one side's story of a customer.
type side struct{ identity, account, profile string }

// compare holds results.csv against the objects that the simulator has.
func (h *harness) compare() (faults []string) {
	identities, accounts := map[string][]string{}, map[string][]side{}
	refs := map[string]string{}
	h.list("identities", func(o object) { identities[o.RefID] = append(identities[o.RefID], o.ID); refs[o.ID] = o.RefID })
	h.list("accounts", func(o object) {
		ref := refs[o.IdentityID]
		accounts[ref] = append(accounts[ref], side{o.IdentityID, o.ID, o.ProfileID})
	})
	stats, err := readStats(h.sim)
	if err != nil {
		h.t.Fatal(err)
	}
	if s := stats.Objects; s.Identities != h.rows || s.Accounts != h.rows || s.Profiles != h.rows {
		faults = append(faults, fmt.Sprintf("the simulator has %+v, want %d of each", s, h.rows))
	}
	results := h.results()
	if len(results) != h.rows || len(identities) != h.rows {
		faults = append(faults, fmt.Sprintf("got %d results and %d identities, want %d", len(results), len(identities), h.rows))
	}
	for ref, ours := range results {
		if len(identities[ref]) != 1 {
			faults = append(faults, fmt.Sprintf("%s has %d identities", ref, len(identities[ref])))
		}
		if len(accounts[ref]) != 1 {
			faults = append(faults, fmt.Sprintf("%s has %d accounts", ref, len(accounts[ref])))
		} else if theirs := accounts[ref][0]; theirs != ours || theirs.profile == "" {
			faults = append(faults, fmt.Sprintf("%s: results.csv says %v, the simulator %v", ref, ours, theirs))
		}
	}
	return faults
}

func (h *harness) list(kind string, take func(object)) {
	h.t.Helper()
	if err := listObjects(h.sim, kind, take); err != nil {
		h.t.Fatal(err)
	}
}

func (h *harness) results() map[string]side {
	h.t.Helper()
	rows, err := readResults(filepath.Join(h.dir, defaultReport))
	if err != nil {
		h.t.Fatal(err)
	}
	results := map[string]side{}
	for _, row := range rows {
		results[row["ref_id"]] = side{row["identity_id"], row["account_id"], row["profile_id"]}
	}
	return results
}
