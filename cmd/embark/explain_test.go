package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"embark/mapping"
	"embark/rules"
)

// TestExplainIsMasked searches what is explained of every row of the samples,
// valid or not, for what the row says of the customer.
func TestExplainIsMasked(t *testing.T) {
	for _, name := range []string{"small.csv", "fiat.csv", "institutions.csv", "documents.csv", "orders.csv", "joint.csv", "customers.csv"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join("..", "..", "samples", name)
			rows, err := csvRows(path)
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range rows[:min(len(rows), 40)] {
				for _, output := range []string{"text", "json"} {
					text := explainText(t, path, i+2, output)
					for _, tells := range telling(row) {
						if strings.Contains(text, tells.value) {
							t.Errorf("line %d, %s: the column %q is shown", i+2, output, tells.column)
						}
					}
				}
			}
		})
	}
}

// TestExplainOfOtherSystems is masked as well, before and after the mapping.
func TestExplainOfOtherSystems(t *testing.T) {
	for mapping, file := range map[string]string{"broker-us.yaml": "broker-us.csv", "broker-eu.yaml": "broker-eu.csv", "broker-sheet.yaml": "broker-sheet.xlsx"} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join("..", "..", "samples", file)
			f := &inputFlags{mapping: filepath.Join("..", "..", "samples", mapping)}
			e := &environment{getenv: func(string) string { return "" }}
			in, closeInput, err := e.openInput([]string{path}, f, &configFile{}, true, func(string, ...any) {})
			if err != nil {
				t.Fatal(err)
			}
			defer closeInput()
			for row, err := range in.Files[0].Rows() {
				if err != nil {
					t.Fatal(err)
				}
				text := explainText(t, path, row.Line, "text", "--mapping", f.mapping)
				for _, field := range in.Mappers[0].Explain(row) {
					if v := field.Raw; field.Secret && len(v) >= 5 && v != shape(v) && !fromList(field.Column, v) && strings.Contains(text, v) {
						t.Errorf("line %d: the cell of %q is shown", row.Line, field.Column)
					}
				}
			}
		})
	}
}

// TestMaskIsNeeded is its negative control.
func TestMaskIsNeeded(t *testing.T) {
	path := filepath.Join("..", "..", "samples", "small.csv")
	rows, err := csvRows(path)
	if err != nil {
		t.Fatal(err)
	}
	f := &runFlags{environment: "sandbox", checkpoint: filepath.Join(t.TempDir(), "none.db"), dryRun: true}
	x := &explainer{environment: &environment{getenv: func(string) string { return "" }}, f: f, target: &target{madeUp: true}, config: &configFile{}}
	shown, err := x.explain([]string{path + ":2"})
	if err != nil {
		t.Fatal(err)
	}
	shown.mask(true)
	var out bytes.Buffer
	shown.print(&out)
	for _, tells := range telling(rows[0]) {
		if !strings.Contains(out.String(), tells.value) {
			t.Errorf("the column %q is not shown", tells.column)
		}
	}
}

func explainText(t *testing.T, path string, line int, output string, more ...string) string {
	t.Helper()
	var out, errors bytes.Buffer
	e := &environment{stdin: strings.NewReader(""), stdout: &out, stderr: &errors, getenv: func(string) string { return "" }}
	args := []string{"explain", "--checkpoint", filepath.Join(t.TempDir(), "none.db"), "--output", output, fmt.Sprintf("%s:%d", path, line)}
	if code := e.run(t.Context(), append(args, more...)); code != exitOK || out.Len() == 0 {
		t.Fatalf("line %d: got exit %d and %d bytes", line, code, out.Len())
	}
	return out.String() + errors.String()
}

// told is a cell that is not to be shown.
type told struct{ column, value string }

// telling are the cells of a row that tell who the customer is: all but names of
// objects, countries and what is from a list. Those of a few characters may be
// in anything.
func telling(row map[string]string) (cells []told) {
	for column, v := range row {
		if len(v) >= 4 && v != shape(v) && !strings.HasSuffix(column, "ref_id") && !strings.HasSuffix(column, "members") && !fromList(column, v) {
			cells = append(cells, told{column, v})
		}
	}
	return cells
}

func fromList(column, v string) bool {
	for _, c := range rules.Columns() {
		if c.Name == column {
			return len(c.Values) > 0 || c.Format == "boolean"
		}
	}
	return false
}

func TestShape(t *testing.T) {
	for v, want := range map[string]string{"": "", "900-01-0017": "999-99-9999", "Ada O'Brien": "Aaa A'Aaaaa", "Ærø": "Aaa", "a\x1b[1m": "a?[9a",
		"x@example.com": "a@aaaaaaa.aaa", "李": "a", "\u00a0": "?"} {
		if got := shape(v); got != want {
			t.Errorf("got %q for %q, want %q", got, v, want)
		}
	}
}

func TestPlaceOf(t *testing.T) {
	for arg, want := range map[string]string{"explain_test.go:12": "explain_test.go:12", "./in.csv:3": "./in.csv:3", "cust:12": "", "cust-1": "", "a.csv:": "",
		":3": "", "a.csv:x": "", "a.csv:+3": "", "C:/a:b.csv:7": "C:/a:b.csv:7", "-:2": "-:2"} {
		file, line, ok, err := placeOf(arg)
		if got := fmt.Sprintf("%s:%d", file, line); err != nil || ok != (want != "") || ok && got != want {
			t.Errorf("%q: got %q, %v, %v, want %q", arg, got, ok, err, want)
		}
	}
	for arg, want := range map[string]string{"explain_test.go:abc": `"abc"`, "explain_test.go:3-5": `"3-5"`, "explain_test.go:-5": `"-5"`, "explain_test.go:+5": "what is behind the colon",
		"explain_test.go:": "what is behind the colon", "-:x": `"x"`, "explain_test.go:900-12-3456": "what is behind the colon"} {
		if _, _, ok, err := placeOf(arg); ok || err == nil || err.Error() != want+" is no line number" {
			t.Errorf("%q: got %v, %v, want that %s is no line number", arg, ok, err, want)
		}
	}
}

// TestListedValuesAreShown: no value of a list is masked, in a cell or in a
// request; what is not in the column's list is.
func TestListedValuesAreShown(t *testing.T) {
	for _, c := range rules.Columns() {
		for _, v := range c.Values {
			if cell := newCell(mapping.Field{Column: c.Name, From: "X", Raw: "$1", Value: v, Secret: true}, nil); cell.secretValue || !cell.secretRaw {
				t.Errorf("%s: %s is masked, or the cell it is made of is not", c.Name, v)
			}
			if key := c.Name[strings.LastIndexByte(c.Name, '.')+1:]; maskPayload(key, v) != v {
				t.Errorf("%s: %s is masked in the request", c.Name, v)
			}
		}
	}
	if !newCell(mapping.Field{Column: "estimated_yearly_income", Value: "INCOME_1", Secret: true}, nil).secretValue {
		t.Error("what is in no list is shown")
	}
}
