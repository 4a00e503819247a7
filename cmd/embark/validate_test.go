package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"embark/pipeline"
	"embark/report"
	"embark/rules"
)

// TestValidateTellsNoCell puts a canary into every cell of every column in turn,
// of all kinds of files, and into damaged rows. It must be found in rejected.csv
// and nowhere else.
func TestValidateTellsNoCell(t *testing.T) {
	t.Parallel()
	for _, sample := range []string{"small.csv", "institutions.csv", "fiat.csv", "documents.csv", "orders.csv", "joint.csv"} {
		t.Run(sample, func(t *testing.T) {
			t.Parallel()
			for _, canary := range []string{"Canary 17!", "=Canary", "'=Canary", "900-11-1717", "17/17/1717", "Canary\u202e\u200b", "canary@", "1.717E+11"} {
				tellsNot(t, canaries(t, filepath.Join("../../samples", sample), canary), canary)
			}
		})
	}
}

// canaries is a file in which row n has the canary in column n, the row behind
// has it everywhere, and the last ones are damaged.
func canaries(t *testing.T, sample, canary string) string {
	t.Helper()
	f, err := os.Open(sample)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	header, row := append(rows[0], "metadata.note"), append(rows[1], "note")
	all := [][]string{header}
	for column := range header {
		cells := slices.Clone(row)
		cells[column] = canary
		all = append(all, cells)
	}
	all = append(all, slices.Repeat([]string{canary}, len(header)))
	path := filepath.Join(t.TempDir(), "in.csv")
	var text bytes.Buffer
	if err := csv.NewWriter(&text).WriteAll(all); err != nil {
		t.Fatal(err)
	}
	short, bad := canary+",x\n", slices.Clone(row)
	bad[1] = canary + "\xff" + canary
	text.WriteString(short + strings.Join(bad, ",") + "\n" + canary + "\",\"" + canary + "\n")
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func tellsNot(t *testing.T, path, canary string) {
	t.Helper()
	folder := filepath.Join(filepath.Dir(path), "report")
	var out bytes.Buffer
	env := &environment{stdin: strings.NewReader(""), stdout: &out, stderr: &out, getenv: func(string) string { return "" }}
	for _, args := range [][]string{{"--output", "json"}, {"--progress", "plain"}, {"--environment", "production"}} {
		if code := env.run(t.Context(), append([]string{"validate", "--report", folder, path}, args...)); code != exitRows {
			t.Fatalf("%q: got exit %d, want %d", args, code, exitRows)
		}
	}
	search(t, canary, folder, out.Bytes(), []string{canary})
	rejected, err := filepath.Glob(filepath.Join(folder, "*", report.RejectedFile))
	if err != nil || len(rejected) != 3 {
		t.Fatalf("got %q, %v, want three files of rejected rows", rejected, err)
	}
	if !strings.Contains(read(t, rejected[0]), canary) {
		t.Errorf("%s: got none in rejected.csv: the search finds nothing", canary)
	}
}

// TestKeeperStops: what cannot be written ends the check, and its error is the
// one that is told.
func TestKeeperStops(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	stopped := 0
	k := &keeper{files: report.Findings{Folder: file}, stop: func() { stopped++ }}
	k.add(faulty(0, rules.Finding{Severity: rules.Error}))
	k.add(faulty(1, rules.Finding{Severity: rules.Error}))
	if stopped == 0 {
		t.Error("got no stop, want one")
	}
	var usage *usageError
	if _, err := k.end(context.Canceled); !errors.As(err, &usage) {
		t.Errorf("got %v, want that it cannot be written", err)
	}
}

// TestValidateInterrupted leaves nothing of its files.
func TestValidateInterrupted(t *testing.T) {
	in, folder := openSample(t), filepath.Join(t.TempDir(), "report")
	ctx, cancel := context.WithCancel(t.Context())
	k := &keeper{files: report.Findings{Folder: folder, Started: time.Now()}, names: naming{in: in}, stop: cancel}
	r := faulty(0, rules.Finding{Severity: rules.Error})
	r.Row.File = in.Files[0].Name()
	r.Row.Cells = slices.Clone(in.Files[0].Header())
	k.add(r)
	cancel()
	_, err := pipeline.Check(ctx, in, pipeline.Checking{Show: k.add})
	if _, err := k.end(errors.Join(err, ctx.Err())); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("got %v, %v, want an empty folder", left, err)
	}
}

func openSample(t *testing.T) pipeline.Input {
	t.Helper()
	env := &environment{}
	in, closeInput, err := env.openInput([]string{"../../samples/small.csv"}, &inputFlags{}, &configFile{}, true, env.note(true))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closeInput)
	return in
}

// TestVerdict: validate and run judge alike whether anything is sent.
func TestVerdict(t *testing.T) {
	strict := percent{share: 0.01, set: true}
	tests := []struct {
		name    string
		limit   percent
		checked pipeline.Checked
		want    string
	}{
		{"all valid", percent{share: 0.05}, pipeline.Checked{Rows: 12, Valid: 12, Due: 12}, "a run would send 12 customers"},
		{"one", percent{share: 0.05}, pipeline.Checked{Rows: 1, Valid: 1, Due: 1}, "a run would send 1 customer"},
		{"few faulty", percent{share: 0.05}, pipeline.Checked{Rows: 20, Valid: 1, Due: 1, Rejected: 19}, "a run would send 1 customer, without the 19 rejected rows"},
		{"many faulty", percent{share: 0.05}, pipeline.Checked{Rows: 40, Valid: 20, Due: 20, Rejected: 20},
			"a run would send nothing: 50.0 % of the rows are faulty, more than --max-rejected 5% allows"},
		{"strict", strict, pipeline.Checked{Rows: 12, Valid: 11, Due: 11, Rejected: 1},
			"a run would send nothing: 8.3 % of the rows are faulty, more than --max-rejected 1% allows"},
		{"none valid", percent{share: 0.05}, pipeline.Checked{Rows: 3, Rejected: 3}, "a run would send nothing: no row is valid"},
		{"empty", strict, pipeline.Checked{}, "a run would send nothing: there is no row"},
		{"banks", percent{share: 0.05}, pipeline.Checked{Rows: 5, Valid: 5, Due: 5, DueBanks: 2},
			"a run would send 3 customers and 2 rows of a file of bank accounts"},
		{"known", percent{share: 0.05}, pipeline.Checked{Rows: 5, Valid: 5, Due: 2, Finished: 2, Changed: 1},
			"a run would send 2 customers; onboarded before: 2; 1 has changed since it was sent and would be left alone"},
	}
	for _, tt := range tests {
		f := &validateFlags{maxRejected: tt.limit}
		if got := f.verdict(&tt.checked); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestNextCommand: it is for the settings that the findings hold for.
func TestNextCommand(t *testing.T) {
	tests := []struct{ environment, validate, run string }{
		{"sandbox", "embark validate --checkpoint c.db in.csv", "embark run --checkpoint c.db in.csv"},
		{"production", "embark validate --checkpoint c.db --environment production in.csv", "embark run --checkpoint c.db --environment production in.csv"},
		{"simulator", "embark validate --checkpoint c.db in.csv", "embark run --checkpoint c.db --simulate in.csv"},
		{"", "embark validate --checkpoint c.db in.csv", "embark run --checkpoint c.db in.csv"},
	}
	for _, tt := range tests {
		f := &validateFlags{environment: "sandbox", again: []string{"--checkpoint", "c.db"}}
		f.takeEnvironment(tt.environment)
		for name, want := range map[string]string{"validate": tt.validate, "run": tt.run} {
			if got := f.command(name, []string{"in.csv"}); got != want {
				t.Errorf("%s: got %q, want %q", tt.environment, got, want)
			}
		}
	}
}

func TestShellWord(t *testing.T) {
	tests := []struct{ word, want string }{
		{"in.csv", "in.csv"},
		{"../a_b/c-1.csv", "../a_b/c-1.csv"},
		{"-", "-"},
		{"", "''"},
		{"my file.csv", "'my file.csv'"},
		{"it's.csv", `'it'\''s.csv'`},
		{"a;rm.csv", "'a;rm.csv'"},
		{"$HOME", "'$HOME'"},
		{"Kunden_Größe.csv", "'Kunden_Größe.csv'"},
		{`say "x".csv`, `'say "x".csv'`},
		{"a\x1b[2J.csv", `"a\x1b[2J.csv"`},
		{"a\nb.csv", `"a\nb.csv"`},
		{"a\u202eb.csv", `"a\u202eb.csv"`},
		{"a\xff.csv", `"a\xff.csv"`},
	}
	for _, tt := range tests {
		if got := shellWord(tt.word); got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.word, got, tt.want)
		}
	}
}

func TestCheckProgress(t *testing.T) {
	begun := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	at := func(s float64) time.Time { return begun.Add(time.Duration(s * float64(time.Second))) }
	for _, tt := range []struct{ kind, want string }{
		{"plain", "checking the rows: 500000 rows, 100000 rows/s\nchecking the rows: 1100000 rows, 100000 rows/s, 55 %\n"},
		{"none", ""},
	} {
		var out bytes.Buffer
		p := newCheckProgress(&out, tt.kind, begun)
		p.tell(100, 0, 0, at(0.1))
		p.tell(499_000, 0, 0, at(4.9))
		p.tell(500_000, 0, 0, at(5))
		p.tell(600_000, 0, 0, at(6))
		p.tell(1_100_000, 55, 100, at(11))
		p.end()
		if out.String() != tt.want {
			t.Errorf("%s: got %q, want %q", tt.kind, out.String(), tt.want)
		}
	}
}

// TestCheckProgressBar: the bar goes away, and leaves the screen to the findings.
func TestCheckProgressBar(t *testing.T) {
	var out bytes.Buffer
	p := newCheckProgress(&out, "bar", time.Now())
	p.tell(512, 0, 0, time.Now())
	p.tell(1024, 10, 20, time.Now())
	if got := p.text(); got != "1024 rows, 50 %" {
		t.Errorf("got %q", got)
	}
	p.end()
}
