package main

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"embark/mapping"
	"embark/pipeline"
	"embark/rules"
	"embark/source"
)

// faulty is a row with the findings; its line is 2 more than its ordinal.
func faulty(ordinal int, found ...rules.Finding) mapping.Result {
	return mapping.Result{Row: source.Row{File: "a.csv", Line: ordinal + 2, Ordinal: ordinal, Cells: []string{}}, Findings: found}
}

// shown is what the screen says of rows.
func shown(rows, files int, results ...mapping.Result) string {
	return shownMapped(rows, files, nil, results...)
}

func shownMapped(rows, files int, mappings []string, results ...mapping.Result) string {
	var out bytes.Buffer
	f := newFindings(&out, "text", pipeline.Input{Files: make([]*source.File, files), Mappings: mappings})
	for _, r := range results {
		f.add(r)
	}
	f.end(&pipeline.Checked{Rows: rows})
	text, _, _ := strings.Cut(out.String(), fmt.Sprintf("%d rows:", rows))
	return text
}

func TestFindingsOnTheScreen(t *testing.T) {
	date := rules.Finding{Rule: "date", Column: "date_of_birth", From: "DOB", Severity: rules.Error, Text: "is no date", Hint: "write 1980-01-31"}
	odd := rules.Finding{Rule: "odd", Column: "name", Severity: rules.Warning, Text: "is odd"}
	twice := rules.Finding{Rule: "twice", Column: "cip_id", Severity: rules.Error, Text: "is there twice"}
	like := func(other string) rules.Finding { f := twice; f.Other = other; return f }
	said := func(text, hint string) rules.Finding {
		return rules.Finding{Rule: "r", Severity: rules.Error, Text: text, Hint: hint}
	}
	of := func(file string, r mapping.Result) mapping.Result { r.Row.File = file; return r }
	var many, wordings []mapping.Result
	for i := range 30 {
		many = append(many, faulty(i, date))
		wordings = append(wordings, faulty(i, said(fmt.Sprintf("text %d", i%7), "")))
	}
	var manyBlank []rules.Finding
	var oneBlank strings.Builder
	for i := range nearlyAll {
		manyBlank = append(manyBlank, rules.Finding{Rule: "required", Column: fmt.Sprintf("c%d", i), Severity: rules.Error, Text: "is required"})
		if i > 0 {
			fmt.Fprintf(&oneBlank, "error: c%d, required: 1 row, 1.0 %%\n  line 4: is required\n\n", i)
		}
	}
	tests := []struct {
		name        string
		rows, files int
		results     []mapping.Result
		want        string
	}{
		{"nothing", 10, 1, nil, ""},
		{"errors before warnings, the frequent before the rare", 10, 1,
			[]mapping.Result{faulty(0, odd), faulty(1, odd), faulty(2, odd), faulty(3, date), faulty(4, date), faulty(5, twice)},
			"error: date_of_birth (from \"DOB\"), date: 2 rows, 20.0 %\n  lines 5, 6: is no date\n  hint: write 1980-01-31\n\n" +
				"error: cip_id, twice: 1 row, 10.0 %\n  line 7: is there twice\n\n" +
				"warning: name, odd: 3 rows, 30.0 %\n  lines 2, 3, 4: is odd\n\n"},
		{"many", 1000, 1, many, "error: date_of_birth (from \"DOB\"), date: 30 rows, 3.0 %\n  lines 2, 3, 4, 5, 6 and 25 others: is no date\n  hint: write 1980-01-31\n\n"},
		{"most", 31, 1, many, "error: date_of_birth (from \"DOB\"), date: 30 rows, 96.8 %\n  lines 2, 3, 4, 5, 6 and 25 others: is no date\n  hint: write 1980-01-31\n" +
			"  hint: most rows have it: see to it in the mapping, under date_of_birth: date: LAYOUT\n\n"},
		{"a footer", 100, 1, []mapping.Result{faulty(0, date), faulty(1, slices.Concat(manyBlank, []rules.Finding{odd})...), faulty(2, manyBlank[1:]...)},
			"error: required: 1 row, 1.0 %\n  line 3: nearly all required cells are blank; a footer?\n  hint: take out what is no customer\n\n" +
				oneBlank.String() + "error: date_of_birth (from \"DOB\"), date: 1 row, 1.0 %\n  line 2: is no date\n  hint: write 1980-01-31\n\n"},
		{"another row that is shown is not named again", 10, 1, []mapping.Result{faulty(0, like("line 9")), faulty(7, like("line 2"))},
			"error: cip_id, twice: 2 rows, 20.0 %\n  lines 2, 9: is there twice\n\n"},
		{"another row that is not shown is named", 10, 1, []mapping.Result{faulty(0, like(`"c-3"`)), faulty(7, twice)},
			"error: cip_id, twice: 2 rows, 20.0 %\n  line 2 (see \"c-3\"), line 9: is there twice\n\n"},
		{"hints apart, a common one once", 10, 1, []mapping.Result{faulty(0, said("a", "x")), faulty(1, said("b", "x")), faulty(2, said("c", "y")), faulty(3, said("a", "x"))},
			"error: r: 4 rows, 40.0 %\n  lines 2, 5: a\n  line 3: b\n  hint: x\n  line 4: c\n  hint: y\n\n"},
		{"more wordings than are shown", 100, 1, wordings[:9],
			"error: r: 9 rows, 9.0 %\n  line 2 and 1 other: text 0\n  line 3 and 1 other: text 1\n  line 4: text 2\n  line 5: text 3\n  line 6: text 4\n  2 others of the kind\n\n"},
		{"one row twice", 10, 1, []mapping.Result{faulty(0, twice, twice, said("a", ""), said("b", ""))},
			"error: r: 1 row, 10.0 %\n  line 2: a\n  line 2: b\n\nerror: cip_id, twice: 1 row, 10.0 %\n  line 2: is there twice\n\n"},
		{"files", 10, 2, []mapping.Result{faulty(0, twice), of("b.csv", faulty(1, twice))},
			"error: cip_id, twice: 2 rows, 20.0 %\n  line 2 of \"a.csv\", line 3 of \"b.csv\": is there twice\n\n"},
		{"lines of one of the files", 10, 2, []mapping.Result{of("b.csv", faulty(0, twice)), of("b.csv", faulty(1, twice))},
			"error: cip_id, twice: 2 rows, 20.0 %\n  lines 2, 3 of \"b.csv\": is there twice\n\n"},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, shown(tt.rows, tt.files, tt.results...)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

func TestRemedy(t *testing.T) {
	tests := []struct {
		rule, column, from string
		mapped             bool
		want               string
	}{
		{"date", "date_of_birth", "", false, "put it right where the file is made, not row by row; or embark init FILE writes a mapping that can mend it"},
		{"ssn_made_up", "cip_id", "", false, "put it right where the file is made, not row by row"},
		{"date", "date_of_birth", "DOB", false, "see to it in the mapping, under date_of_birth: date: LAYOUT"},
		{"date", "date_of_birth", "", true, "see to it in the mapping, under date_of_birth: date: LAYOUT"},
		{"enum", "employment_status", "Empl", true, "see to it in the mapping, under employment_status: values: {...}"},
		{"enum", "estimated_net_worth", "Worth", true, "see to it in the mapping, under estimated_net_worth: band: true"},
		{"value_unmapped", "estimated_net_worth", "Worth", true, "see to it in the mapping, under estimated_net_worth: values: {...}"},
		{"country", "nationality", "", true, "see to it in the mapping, under nationality: country: true"},
		{"us_state", "address.province", "", true, "see to it in the mapping, under address.province: region: USA"},
		{"accent", "last_name", "", true, "see to it in the mapping, under last_name: transliterate: true"},
		{"leading_zero", "address.zip_code", "", true, "see to it in the mapping, under address.zip_code: pad: DIGITS"},
		{"ssn_made_up", "cip_id", "SSN", true, "see to it in the mapping, under cip_id, or where the file is made"},
		{"field_count", "", "", true, "put it right where the file is made, not row by row"},
	}
	for _, tt := range tests {
		var mappings []string
		if tt.mapped {
			mappings = []string{"m.yaml"}
		}
		var results []mapping.Result
		for i := range widespread {
			results = append(results, faulty(i, rules.Finding{Rule: tt.rule, Column: tt.column, From: tt.from, Severity: rules.Error, Text: "x"}))
		}
		_, got, _ := strings.Cut(shownMapped(widespread, 1, mappings, results...), "hint: most rows have it: ")
		if got != tt.want+"\n\n" {
			t.Errorf("%s of %q: got %q, want %q", tt.rule, tt.column, got, tt.want)
		}
	}
}

// TestFindingsTakeNoMemory: the screen needs the same for ten rows as for ten
// million, whatever their texts say.
func TestFindingsTakeNoMemory(t *testing.T) {
	f := newFindings(&bytes.Buffer{}, "text", pipeline.Input{Files: make([]*source.File, 2)})
	heap := func(from, to int) uint64 {
		for i := from; i < to; i++ {
			f.add(faulty(i, rules.Finding{Rule: "r", Column: "c", Severity: rules.Error, Text: fmt.Sprintf("lines %d to %d make no row", i, i+7), Other: fmt.Sprint(i)},
				rules.Finding{Rule: "s", Severity: rules.Warning, Text: "is odd", Other: fmt.Sprint(i)}))
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap(0, 1000)
	after := heap(1000, 30_000)
	if after > before+256<<10 {
		t.Errorf("got %d bytes more after 29000 rows, want about none", after-before)
	}
	if f.groups[cause{rules.Error, "r", "c"}].rows != 30_000 {
		t.Error("got other rows than were added")
	}
}

func TestPercentage(t *testing.T) {
	tests := []struct {
		n, of int
		want  string
	}{
		{312, 10_000, "3.1 %"},
		{1, 3, "33.3 %"},
		{1, 1_000_000, "less than 0.1 %"},
		{5, 10_000, "0.1 %"},
		{9_999_999, 10_000_000, "99.9 %"},
		{7, 7, "100 %"},
	}
	for _, tt := range tests {
		if got := percentage(tt.n, tt.of); got != tt.want {
			t.Errorf("%d of %d: got %q, want %q", tt.n, tt.of, got, tt.want)
		}
	}
}
