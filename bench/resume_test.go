package bench

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"embark/checkpoint"
	"embark/mapping"
	"embark/paxos"
	"embark/paxossim"
	"embark/pipeline"
	"embark/samples"
	"embark/source"
)

// BenchmarkResume: how long it takes from the end of pass one to the first
// create for new customers behind a checkpoint full of finished ones.
func BenchmarkResume(b *testing.B) {
	rows := rowsOf(b, 50_000)
	for b.Loop() {
		sim, err := paxossim.New(paxossim.Options{Seed: 1})
		if err != nil {
			b.Fatal(err)
		}
		dir := b.TempDir()
		runInside(b, dir, sim, rows)
		opened := time.Now()
		r := runInside(b, dir, sim, rows+10)
		b.ReportMetric(r.passOneDone.Sub(opened).Seconds(), "s-open-and-pass-one")
		b.ReportMetric(r.firstCreate.Sub(r.passOneDone).Seconds(), "s-to-first-create")
		b.ReportMetric(0, "ns/op")
	}
}

// moments of a run.
type moments struct {
	base        http.RoundTripper
	mu          sync.Mutex
	passOneDone time.Time
	firstCreate time.Time
}

// RoundTrip notes the first create.
func (m *moments) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/identities") {
		m.mu.Lock()
		if m.firstCreate.IsZero() {
			m.firstCreate = time.Now()
		}
		m.mu.Unlock()
	}
	return m.base.RoundTrip(r)
}

// runInside runs the pipeline in this process.
func runInside(b *testing.B, dir string, sim *paxossim.Simulator, rows int) *moments {
	b.Helper()
	store, err := checkpoint.Open(checkpoint.Options{Path: filepath.Join(dir, "embark.db"), Environment: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	m := &moments{base: sim.Transport()}
	client := paxos.New(paxos.Options{APIURL: "http://paxos.invalid/v2", TokenURL: "http://paxos.invalid/oauth2/token",
		ClientID: "bench", ClientSecret: "bench", Transport: m,
		Limits: paxos.Limits{Token: 1e6, Identity: 1e6, Other: 1e6, Share: 1}})
	if _, err := client.Authorize(b.Context(), paxossim.Scopes(), nil); err != nil {
		b.Fatal(err)
	}
	in := inputOf(b, filepath.Join(dir, "in.csv"), rows)
	defer in.Files[0].Close()
	_, err = pipeline.Run(b.Context(), pipeline.Config{Input: in, Store: store, API: client, Environment: "bench",
		Events: true, Budget: 1e6, Wait: time.Hour, Report: filepath.Join(dir, "report"), Progress: m.note})
	if err != nil {
		b.Fatal(err)
	}
	return m
}

func (m *moments) note(p pipeline.Progress) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.passOneDone.IsZero() {
		m.passOneDone = p.PassOneDone
	}
}

func inputOf(b *testing.B, path string, rows int) pipeline.Input {
	b.Helper()
	f, err := os.Create(path)
	if err == nil {
		err = samples.Write(f, rows, 1)
	}
	if err != nil {
		b.Fatal(err)
	}
	_ = f.Close()
	in, err := source.Open(path, source.Options{})
	if err != nil {
		b.Fatal(err)
	}
	mapper, err := mapping.New(in.Header(), mapping.Options{MadeUp: true})
	if err != nil {
		b.Fatal(err)
	}
	return pipeline.Input{Files: []*source.File{in}, Mappers: []*mapping.Mapper{mapper}}
}
