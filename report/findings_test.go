package report

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"embark/mapping"
	"embark/rules"
	"embark/source"

	"github.com/google/go-cmp/cmp"
)

// found is a row with one error and one warning.
func found(line int, cells ...string) mapping.Result {
	return mapping.Result{Row: source.Row{File: "customers.csv", Line: line, Cells: cells}, Findings: []rules.Finding{
		{Rule: "date", Column: "date_of_birth", From: "=DOB", Severity: rules.Error, Text: "is no date", Hint: "write 1980-01-31"},
		{Rule: "odd", Column: "last_name", Severity: rules.Warning, Text: "is odd", Other: "line 7"},
	}}
}

func TestFindings(t *testing.T) {
	folder := t.TempDir()
	f := &Findings{Folder: folder, Started: started}
	warned := found(3, "c2", "Canarylast", "1931-07-13", "987-65-4321")
	warned.Findings = warned.Findings[1:]
	damaged := found(4)
	damaged.Findings = []rules.Finding{{Rule: "bare_quote", Severity: rules.Error, Text: "has a quote"}}
	for _, r := range []mapping.Result{found(2, "=c1", "Canarylast", "1931-07-13", "987-65-4320"), warned, damaged} {
		if err := f.Add(r, "c1", header, ""); err != nil {
			t.Fatal(err)
		}
	}
	path, rejected, err := f.Close()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, path, "findings.csv")
	dir := filepath.Join(folder, "20260304T120000Z-validate")
	if filepath.Dir(path) != dir || !slices.Equal(rejected, []ToCorrect{{Name: RejectedFile}}) {
		t.Errorf("got %q and %q, want both in %q", path, rejected, dir)
	}
	golden(t, filepath.Join(dir, RejectedFile), "findings_rejected.csv")
	for path, want := range map[string]fs.FileMode{path: 0o600, filepath.Join(dir, RejectedFile): 0o600, filepath.Dir(path): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: got %v, %v, want mode %#o", filepath.Base(path), info, err, want)
		}
	}
	if _, err := os.Lstat(filepath.Join(folder, "latest")); err == nil {
		t.Error("got a link to the latest report, want none: no run was made")
	}
}

func TestFindingsOfNothing(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "reports")
	f := &Findings{Folder: folder, Started: started}
	path, rejected, err := f.Close()
	if path != "" || rejected != nil || err != nil {
		t.Errorf("got %q, %q, %v, want nothing", path, rejected, err)
	}
	f.Abandon()
	if _, err := os.Stat(folder); err == nil {
		t.Error("got a folder, want none")
	}
}

// TestFindingsAbandoned: what breaks off leaves nothing, personal data least.
func TestFindingsAbandoned(t *testing.T) {
	folder := t.TempDir()
	f := &Findings{Folder: folder, Started: started}
	if err := f.Add(found(2, "c1", "Canarylast", "", ""), "c1", header, ""); err != nil {
		t.Fatal(err)
	}
	f.Abandon()
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("got %v, %v, want an empty folder", left, err)
	}
}

func TestFindingsUnwritable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f := &Findings{Folder: file, Started: started}
	if err := f.Add(found(2, "c1"), "", header, ""); err == nil {
		t.Error("got no error, want one")
	}
	f.Abandon()
}

// TestFindingsAreNotKept: memory stays the same, however many there are.
func TestFindingsAreNotKept(t *testing.T) {
	f := &Findings{Folder: t.TempDir(), Started: started}
	defer f.Abandon()
	row := found(2, "c1", strings.Repeat("x", 100), "", "")
	var before, after runtime.MemStats
	add := func(n int) {
		for range n {
			if err := f.Add(row, "c1", header, ""); err != nil {
				t.Fatal(err)
			}
		}
		runtime.GC()
	}
	add(1000)
	runtime.ReadMemStats(&before)
	add(20_000)
	runtime.ReadMemStats(&after)
	if grown := int(after.HeapAlloc) - int(before.HeapAlloc); grown > 256<<10 {
		t.Errorf("got %d bytes more after 20000 rows, want about none", grown)
	}
}

// TestFindingsOfManyHeaders: one file of rejected rows for each header and each
// mapping, also when rows of the first come again, as duplicates do.
func TestFindingsOfManyHeaders(t *testing.T) {
	f := &Findings{Folder: t.TempDir(), Started: started}
	other := []string{"ref_id", "last_name"}
	for _, add := range []struct {
		ref     string
		header  []string
		mapping string
	}{{"c1", header, "us.yaml"}, {"c2", other, ""}, {"c3", header, "us.yaml"}, {"c4", other, ""}, {"c5", header, "eu.yaml"}} {
		if err := f.Add(found(2, add.ref, "x", "y", "z"), add.ref, add.header, add.mapping); err != nil {
			t.Fatal(err)
		}
	}
	findings, rejected, err := f.Close()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rejected {
		for _, row := range readTable(t, filepath.Join(filepath.Dir(findings), r.Name))[1:] {
			got = append(got, r.Name+" "+r.Mapping+" "+row[0])
		}
	}
	want := []string{"rejected.csv us.yaml c1", "rejected.csv us.yaml c3", "rejected-2.csv  c2", "rejected-2.csv  c4", "rejected-3.csv eu.yaml c5"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
