package report

import (
	"errors"
	"flag"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"

	"embark/mapping"
	"embark/onboard"
	"embark/rules"
	"embark/source"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

var started = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// golden compares a file with the one in testdata.
func golden(t *testing.T, path, name string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	name = filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (refresh with -update): %s", name, diff)
	}
}

// summary is one whose rows and records add up to the lines given.
func summary(lines []Line) *Summary {
	s := &Summary{Environment: "sandbox", Started: started, Ended: started.Add(90 * time.Second),
		Findings: map[string]int{"required": 1},
		Records:  map[onboard.Kind]map[onboard.State]int{onboard.KindIdentity: {onboard.Decided: 2, onboard.Pending: 1}, onboard.KindAccount: {onboard.Decided: 2}}}
	for _, l := range lines {
		if l.Origin == FromInput {
			s.Proof.RowsRead++
		}
	}
	s.Proof.Records = 5
	return s
}

func each(lines []Line, after error) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		for _, l := range lines {
			if !yield(l, nil) {
				return
			}
		}
		if after != nil {
			yield(Line{}, after)
		}
	}
}

// written is the folder of a report of the lines.
func written(t *testing.T, folder string, lines []Line) (string, *Summary) {
	t.Helper()
	s := summary(lines)
	path, err := Write(folder, s, each(lines, nil))
	if err != nil {
		t.Fatal(err)
	}
	return path, s
}

func input(line int, ref string, outcome onboard.Outcome) Line {
	return Line{Origin: FromInput, File: "customers.csv", Line: line, RefID: ref, Outcome: outcome}
}

// The person in the rejected rows; the SSN is a number that is never issued.
var header = []string{"ref_id", "last_name", "date_of_birth", "cip_id"}

func rejected(line int, cells ...string) Line {
	l := input(line, cells[0], onboard.Rejected)
	l.Code, l.Message, l.Header = "required", "cip_id: is required", header
	l.Rejected = &mapping.Result{Row: source.Row{File: l.File, Line: line, Cells: cells}, Findings: []rules.Finding{
		{Rule: "required", Column: "cip_id", Severity: rules.Error, Text: "is required"},
		{Rule: "odd", Column: "last_name", Severity: "warning", Text: "is odd"},
		{Rule: "row", Severity: rules.Error, Text: "does not add up"},
	}}
	return l
}

// sample has a line of every kind.
func sample() []Line {
	identity := onboard.Record{Key: "identity/c1", ID: "0b1a2c3d-1", Status: "APPROVED"}
	account := onboard.Record{Key: "account/c1-account", ID: "1b1a2c3d-1", ProfileID: "2b1a2c3d-1"}
	done := input(2, "c1", onboard.Onboarded)
	done.Objects = []onboard.Record{identity, account}
	pending := input(3, "c2", onboard.OutcomePending)
	pending.Objects = []onboard.Record{{Key: "identity/c2", ID: "0b1a2c3d-2", Status: "PENDING"}}
	pending.Message = "Paxos has not decided yet"
	refused := input(5, "c4", onboard.Failed)
	refused.Code, refused.Message, refused.Header = "refused", "refused by Paxos with HTTP 400, which names cip_id", header
	refused.Rejected = &mapping.Result{Row: source.Row{Cells: []string{"c4", "Canarylast", "1931-07-13", "987-65-4321"}}}
	damaged := input(6, "", onboard.Rejected)
	damaged.Code, damaged.Message = "bare_quote", "has a quote in the middle"
	damaged.Header, damaged.Rejected = header, &mapping.Result{Row: source.Row{Line: 6}}
	carried := Line{Origin: FromCheckpoint, File: "old.csv", Line: 9, RefID: "c9", Outcome: onboard.Onboarded, Objects: done.Objects}
	return []Line{done, pending, rejected(4, "=c3", "Canarylast", "1931-07-13", "987-65-4320"), refused, damaged, carried}
}

var errBroken = errors.New("broken")
