package main

import (
	"bytes"
	"strings"
	"testing"

	"embark/source"
)

// TestInitTellsNothing searches all that init prints for cells of the customers.
// Only what lists hold may be shown: a cell of a column with few different values.
func TestInitTellsNothing(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"broker-eu.csv", "broker-sheet.xlsx", "broker-us.csv"} {
		path := "../../samples/" + name
		var out bytes.Buffer
		env := &environment{stdin: strings.NewReader(""), stdout: &out, stderr: &out, getenv: func(string) string { return "" }}
		if code := env.run(t.Context(), []string{"init", path}); code != exitOK || out.Len() < 4000 {
			t.Fatalf("%s: exit %d with %d bytes", name, code, out.Len())
		}
		secrets := ownCells(t, path)
		if len(secrets) < 500 {
			t.Fatalf("%s: got %d cells to look for", name, len(secrets))
		}
		for _, s := range secrets {
			if strings.Contains(out.String(), s) {
				t.Errorf("%s: init prints a cell of %d characters", name, len(s))
			}
		}
	}
}

// ownCells are those that only one or two customers have.
func ownCells(t *testing.T, path string) (cells []string) {
	t.Helper()
	f, err := source.Open(path, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	seen := map[string]int{}
	for row := range f.Rows() {
		for _, c := range row.Cells {
			seen[c]++
		}
	}
	for c, n := range seen {
		if n <= 2 && len(c) > 6 && strings.ContainsAny(c, "0123456789@ ") && !strings.Contains(c, "Services") && !strings.Contains(c, "Care") {
			cells = append(cells, c)
		}
	}
	return cells
}

func TestMappingName(t *testing.T) {
	for path, want := range map[string]string{
		"in/broker-us.csv": "broker-us.yaml", "export.csv.gz": "export.yaml", "-": "mapping.yaml", ".hidden": "mapping.yaml", "a b.csv": "a b.yaml",
	} {
		if got := mappingName(path); got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	}
	if got := shellWord("a b.yaml"); got != "'a b.yaml'" {
		t.Errorf("got %s", got)
	}
}

// TestInitHelpListsKeys: all that may stand in a mapping, one line each.
func TestInitHelpListsKeys(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	env := &environment{stdin: strings.NewReader(""), stdout: &out, stderr: &out, getenv: func(string) string { return "" }}
	if code := env.run(t.Context(), []string{"init", "--help"}); code != exitOK {
		t.Fatalf("exit %d", code)
	}
	for key := range strings.FieldsSeq("version encoding delimiter ignore columns column constant concat separator split part values date phone country region " +
		"band decimal pad transliterate derive default") {
		if !strings.Contains(out.String(), "\n  "+key+" ") {
			t.Errorf("%s is not listed", key)
		}
	}
	if !strings.Contains(out.String(), "embark template person --output markdown") {
		t.Error("it is not said where Paxos's columns are listed")
	}
}
