package bench

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"embark/samples"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "bare-loop" {
		if err := bareLoop(os.Args[2], os.Args[3]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// rowsOf is how many rows a benchmark onboards; EMBARK_BENCH_ROWS changes it.
func rowsOf(b *testing.B, otherwise int) int {
	if v := os.Getenv("EMBARK_BENCH_ROWS"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			b.Fatal(err)
		}
		return n
	}
	return otherwise
}

// cost is what a child process took.
type cost struct {
	wall, cpu time.Duration
	peak      int64 // anonymous memory, bytes
}

// BenchmarkUnlimited: no limits, the simulator in another process. embark and
// the bare loop take turns, so that noise meets both; the best of each counts.
// The loop sends the same two POSTs, with bodies made beforehand, and keeps
// nothing; embark validates twice, keeps every step durable and reports.
func BenchmarkUnlimited(b *testing.B) {
	w := newWorkshop(b, rowsOf(b, 20_000))
	best := func(old, new cost) cost {
		if old.wall == 0 {
			return new
		}
		return cost{wall: min(old.wall, new.wall), cpu: min(old.cpu, new.cpu)}
	}
	for b.Loop() {
		var bare, whole cost
		for range 3 {
			bare = best(bare, w.bare())
			whole = best(whole, w.embark("in.csv"))
		}
		rows := float64(w.rows)
		b.ReportMetric(rows/whole.wall.Seconds(), "rows/s")
		b.ReportMetric(rows/bare.wall.Seconds(), "bare-rows/s")
		b.ReportMetric(bare.wall.Seconds()/whole.wall.Seconds(), "rate-ratio")
		b.ReportMetric(whole.cpu.Seconds()/rows*1e6, "cpu-us/customer")
		b.ReportMetric(bare.cpu.Seconds()/rows*1e6, "bare-cpu-us/customer")
		b.ReportMetric(whole.cpu.Seconds()/bare.cpu.Seconds(), "cpu-ratio")
		b.ReportMetric(0, "ns/op")
	}
}

// BenchmarkMemory: the peak of anonymous memory at ten times the rows beside
// that at one time. The duplicate index may take 32 bytes a row beside it.
func BenchmarkMemory(b *testing.B) {
	rows := rowsOf(b, 50_000)
	for b.Loop() {
		small := newWorkshop(b, rows/10).embark("in.csv")
		large := newWorkshop(b, rows).embark("in.csv")
		index := int64(32 * rows)
		b.ReportMetric(float64(small.peak)/(1<<20), "MiB-at-a-tenth")
		b.ReportMetric(float64(large.peak)/(1<<20), "MiB")
		b.ReportMetric(float64(large.peak-index)/float64(small.peak), "ratio-without-index")
		b.ReportMetric(0, "ns/op")
	}
}

// BenchmarkValidateMemory: likewise of checking a file without sending anything.
func BenchmarkValidateMemory(b *testing.B) {
	rows := rowsOf(b, 1_000_000)
	for b.Loop() {
		small := newWorkshop(b, rows/10).validate("in.csv")
		large := newWorkshop(b, rows).validate("in.csv")
		b.ReportMetric(float64(small.peak)/(1<<20), "MiB-at-a-tenth")
		b.ReportMetric(float64(large.peak)/(1<<20), "MiB")
		b.ReportMetric(float64(large.peak-small.peak)/(0.9*float64(rows)), "bytes-for-each-more-row")
		b.ReportMetric(float64(rows)/large.wall.Seconds(), "rows/s")
		b.ReportMetric(0, "ns/op")
	}
}

// workshop is a folder with an input and a binary, and a simulator at hand.
type workshop struct {
	b      *testing.B
	dir    string
	binary string
	rows   int
	sim    *exec.Cmd
	api    string
}

func newWorkshop(b *testing.B, rows int) *workshop {
	b.Helper()
	w := &workshop{b: b, dir: b.TempDir(), rows: rows}
	w.binary = filepath.Join(w.dir, "embark")
	if out, err := exec.Command("go", "build", "-o", w.binary, "embark/cmd/embark").CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	w.write("in.csv", rows)
	err := os.WriteFile(filepath.Join(w.dir, "embark.yaml"),
		[]byte("limits: {token: 1000000, identity: 1000000, other: 1000000, share: 1}\n"), 0o600)
	if err != nil {
		b.Fatal(err)
	}
	return w
}

func (w *workshop) write(name string, rows int) {
	w.b.Helper()
	f, err := os.Create(filepath.Join(w.dir, name))
	if err == nil {
		err = errors.Join(samples.Write(f, rows, 1), f.Close())
	}
	if err != nil {
		w.b.Fatal(err)
	}
}

func (w *workshop) startSimulator() {
	w.b.Helper()
	w.sim = exec.Command(w.binary, "simulator", "--approve-after", "0s", "--approve-jitter", "0s")
	out, err := w.sim.StdoutPipe()
	if err == nil {
		err = w.sim.Start()
	}
	if err != nil {
		w.b.Fatal(err)
	}
	var text []byte
	for w.api = ""; w.api == ""; {
		part := make([]byte, 4096)
		n, err := out.Read(part)
		if err != nil {
			w.b.Fatal(err)
		}
		text = append(text, part[:n]...)
		if found := regexp.MustCompile(`--api-url (http://[^/]+)/v2`).FindSubmatch(text); found != nil {
			w.api = string(found[1])
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }() // ends with the simulator
}

func (w *workshop) stopSimulator() {
	_ = w.sim.Process.Kill()
	_ = w.sim.Wait()
}

// bare runs the loop at a fresh simulator. Its own word is taken for the time
// of the loop alone, without the making of the bodies.
func (w *workshop) bare() cost {
	w.b.Helper()
	w.startSimulator()
	defer w.stopSimulator()
	out, err := exec.Command(os.Args[0], "bare-loop", w.api, filepath.Join(w.dir, "in.csv")).CombinedOutput()
	if err != nil {
		w.b.Fatalf("bare loop: %v\n%s", err, out)
	}
	var wall, cpu int64
	if _, err := fmt.Sscan(string(out), &wall, &cpu); err != nil {
		w.b.Fatalf("bare loop said %q", out)
	}
	return cost{wall: time.Duration(wall), cpu: time.Duration(cpu)}
}

// embark runs the whole program at a fresh simulator with a fresh checkpoint,
// from the start of the process to its end.
func (w *workshop) embark(file string) cost {
	w.b.Helper()
	w.startSimulator()
	defer w.stopSimulator()
	old, err := filepath.Glob(filepath.Join(w.dir, "embark.db*"))
	if err != nil {
		w.b.Fatal(err)
	}
	for _, path := range old {
		_ = os.Remove(path)
	}
	return w.costOf(w.command(file))
}

// validate checks a file.
func (w *workshop) validate(file string) cost {
	w.b.Helper()
	cmd := exec.Command(w.binary, "validate", "--progress", "none", file)
	cmd.Dir = w.dir
	return w.costOf(cmd)
}

func (w *workshop) costOf(cmd *exec.Cmd) cost {
	w.b.Helper()
	started := time.Now()
	if err := cmd.Start(); err != nil {
		w.b.Fatal(err)
	}
	peak := make(chan int64)
	go func() { peak <- watchMemory(cmd.Process.Pid) }()
	if err := cmd.Wait(); err != nil {
		w.b.Fatal(err)
	}
	state := cmd.ProcessState
	return cost{wall: time.Since(started), cpu: state.UserTime() + state.SystemTime(), peak: <-peak}
}

func (w *workshop) command(file string) *exec.Cmd {
	cmd := exec.Command(w.binary, "run", "--api-url", w.api+"/v2", "--token-url", w.api+"/oauth2/token",
		"--progress", "none", file)
	cmd.Dir = w.dir
	cmd.Env = append(os.Environ(), "PAXOS_CLIENT_ID=bench", "PAXOS_CLIENT_SECRET=bench")
	return cmd
}

// watchMemory samples the anonymous memory of a process until it is gone.
// bbolt maps its file, so the whole resident size would say little.
func watchMemory(pid int) (peak int64) {
	for {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			return peak
		}
		_, rest, found := strings.Cut(string(text), "RssAnon:")
		var kib int64
		if _, err := fmt.Sscan(rest, &kib); !found || err != nil {
			return peak // a zombie has no memory
		}
		peak = max(peak, kib<<10)
		time.Sleep(20 * time.Millisecond)
	}
}
