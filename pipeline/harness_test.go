package pipeline

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"embark/checkpoint"
	"embark/mapping"
	"embark/onboard"
	"embark/paxos"
	"embark/paxossim"
	"embark/samples"
	"embark/source"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a folder with a checkpoint and an input, and a simulator to onboard
// at. It is for use inside a synctest bubble: everything runs in memory but the
// files.
type rig struct {
	t         *testing.T
	dir       string
	sim       *paxossim.Simulator
	limits    paxos.Limits
	transport http.RoundTripper // to the simulator
	scopes    []string          // that a run needs beside those of identities and accounts
}

// unlimited is for tests that are not about budgets.
var unlimited = paxos.Limits{Token: 1e4, Identity: 1e4, Other: 1e4}

func newRig(t *testing.T, rows int, o paxossim.Options) *rig {
	t.Helper()
	if o.Seed == 0 {
		o.Seed = 1
	}
	sim, err := paxossim.New(o)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, dir: t.TempDir(), sim: sim, limits: unlimited, transport: sim.Transport()}
	var csv bytes.Buffer
	if err := samples.Write(&csv, rows, 1); err != nil {
		t.Fatal(err)
	}
	r.writeInput(csv.String())
	return r
}

func (r *rig) writeInput(text string) {
	r.t.Helper()
	if err := os.WriteFile(r.path("in.csv"), []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) path(name string) string { return filepath.Join(r.dir, name) }

// input opens the file. The bubble's clock starts in the year 2000; rows are
// judged by a time at which the samples are of age.
func (r *rig) input() Input {
	r.t.Helper()
	f, err := source.Open(r.path("in.csv"), source.Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { f.Close() })
	m, err := mapping.New(f.Header(), mapping.Options{MadeUp: true, Now: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		r.t.Fatal(err)
	}
	return Input{Files: []*source.File{f}, Mappers: []*mapping.Mapper{m}}
}

// run opens the checkpoint, runs and closes it again, as the command does.
func (r *rig) run(ctx context.Context, change func(*Config)) (*Result, error) {
	r.t.Helper()
	store, err := checkpoint.Open(checkpoint.Options{Path: r.path("embark.db"), Environment: "test", ClientID: "test"})
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			r.t.Error(err)
		}
	}()
	memory, err := LoadLimits(store)
	if err != nil {
		r.t.Fatal(err)
	}
	var client *paxos.Client
	client = paxos.New(paxos.Options{APIURL: "http://paxos.invalid/v2", TokenURL: "http://paxos.invalid/oauth2/token",
		ClientID: "test", ClientSecret: "secret", Limits: r.limits, Memory: memory, Transport: r.transport,
		OnSilence: func(time.Time) { _ = SaveLimits(ctx, store, client) }})
	needed := append([]string{paxos.ScopeWriteIdentity, paxos.ScopeReadIdentity, paxos.ScopeWriteAccount, paxos.ScopeReadAccount}, r.scopes...)
	granted, err := client.Authorize(ctx, needed, []string{paxos.ScopeReadEvent})
	if err != nil {
		return nil, err
	}
	c := Config{Input: r.input(), Store: store, API: client, Environment: "test", Events: len(granted) > len(needed),
		Budget: r.limits.Budget(paxos.ClassIdentity), Wait: 10 * time.Minute, Report: r.path("report")}
	if change != nil {
		change(&c)
	}
	return Run(ctx, c)
}

// must runs and expects no error.
func (r *rig) must(change func(*Config)) *Result {
	r.t.Helper()
	result, err := r.run(r.t.Context(), change)
	if err != nil {
		r.t.Fatal(err)
	}
	return result
}

// expect holds the outcomes of a run against what is wanted, and nothing else.
func (r *rig) expect(result *Result, want map[onboard.Outcome]int) {
	r.t.Helper()
	for _, o := range onboard.Outcomes() {
		if got := result.Summary.Outcomes[o]; got != want[o] {
			r.t.Errorf("got %d %s, want %d", got, o, want[o])
		}
	}
}

// results reads the lines of the last results.csv, without its header.
func (r *rig) results(result *Result) [][]string {
	r.t.Helper()
	text, err := os.ReadFile(filepath.Join(result.Report, "results.csv"))
	if err != nil {
		r.t.Fatal(err)
	}
	lines, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		r.t.Fatal(err)
	}
	return lines[1:]
}

// once checks that the simulator has exactly n identities, accounts and
// profiles, none of them doubled.
func (r *rig) once(n int) {
	r.t.Helper()
	s := r.sim.Stats()
	if o := s.Objects; o.Identities != n || o.Accounts != n || o.Profiles != n || s.Duplicates.AccountsPerIdentity != 0 {
		r.t.Errorf("got %+v with %+v, want %d of each and none doubled", o, s.Duplicates, n)
	}
}

func readInput(r *rig) string {
	r.t.Helper()
	text, err := os.ReadFile(r.path("in.csv"))
	if err != nil {
		r.t.Fatal(err)
	}
	return string(text)
}
