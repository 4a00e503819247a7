package mapping

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"embark/source"
)

var provenDates = strings.Replace(legacy, "date_of_birth: Born", "date_of_birth: {column: Born, date: proven}", 1)

// provenWith makes a mapper and rows of which only the dates of birth differ;
// the first is in line 2.
func provenWith(t testing.TB, dates ...string) (*Mapper, []source.Row) {
	t.Helper()
	header := slices.Sorted(maps.Keys(theirs()))
	m, err := New(header, Options{Spec: parseSpec(t, provenDates), Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	var rows []source.Row
	for i, d := range dates {
		row := source.Row{File: "in.csv", Line: i + 2}
		cells := theirs("Born", d)
		for _, h := range header {
			row.Cells = append(row.Cells, cells[h])
		}
		rows = append(rows, row)
	}
	return m, rows
}

func all(rows []source.Row) iter.Seq2[source.Row, error] {
	return func(yield func(source.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func TestProve(t *testing.T) {
	for _, tt := range []struct {
		name  string
		dates []string
		want  string // evidence, or part of the error
		first string // what the first date becomes; "" where it is rejected
	}{
		{"month first", []string{"01/02/1980", "", "01/31/1980", "02/28/1981", "02/27/1981"}, "MM/DD/YYYY 4 3 4", "1980-01-02"},
		{"day first", []string{"01.02.1980", "31.01.1980", "30.01.1980", "29.01.1980"}, "DD.MM.YYYY 4 3 3", "1980-02-01"},
		{"without zeros", []string{"1/2/1980", "01/31/1980", "1/30/1980", "01/29/1980"}, "M/D/YYYY 4 3 3", "1980-01-02"},
		{"too little evidence", []string{"01/02/1980", "01/31/1980", "02/28/1981"}, "3 rows were looked at, and the order of day and month shows in 2 only, first in line 3, of at least 3 that are needed; if these are right it is date: MM/DD/YYYY", ""},
		{"one row", []string{"01/02/1980", "31/01/1980"}, "shows in 1 only, first in line 3, of at least 3 that are needed; if these are right it is date: DD/MM/YYYY", ""},
		{"year first", []string{"1980-01-02", "1980-01-03"}, "YYYY-MM-DD 2 2 2", "1980-01-02"},
		{"year first, slashes", []string{"1980/1/2"}, "YYYY/M/D 1 1 2", "1980-01-02"},
		{"month by name", []string{"02-Jan-1980"}, "DD-MMM-YYYY 1 1 2", "1980-01-02"},
		{"month by name first", []string{"Jan 2, 1980"}, "MMM D, YYYY 1 1 2", "1980-01-02"},
		{"nonsense says nothing", []string{"x", "01/31/1980", "13/13/1980", "#REF!", "31391", "01/31/1980 10:00", "01/30/1980", "01/29/1980"}, "MM/DD/YYYY 8 3 3", ""},
		{"damaged", []string{"DAMAGED", "01/31/1980", "01/30/1980", "01/29/1980"}, "MM/DD/YYYY 3 3 3", ""},
		{"empty column", []string{"", " "}, " 0 0 0", ""},
		{"no evidence", []string{"01/02/1980", "03/04/1980"}, "2 rows were looked at, and in none is day or month over 12", ""},
		{"contradiction", []string{"01/31/1980", "31/01/1980", "02/28/1980"}, "3 rows were looked at, the day comes first in 1 as in line 3, the month in 2 as in line 2", ""},
		{"several forms", []string{"01/31/1980", "1980-01-31"}, "several forms: 1 as in line 2, 1 as in line 3", ""},
		{"two digits", []string{"31.01.80"}, "years have two digits", ""},
		{"two digits throughout", []string{"80-01-31"}, "years have two digits", ""},
		{"year and day first", []string{"1980-31-01"}, "the day follows the year, as in line 2", ""},
		{"nothing like dates", []string{"Jan Feb 1980", "1980 01 Jan", "1980-1980-01", "1/2-1980", "01/1980/02", "001/02/1980", "1/2/19800", "1//2/1980", "1 , 2 , 1980"}, "9 rows were looked at, and none holds a date", ""},
		{"no dates", []string{"x", "y"}, "2 rows were looked at, and none holds a date", ""},
		{"serial dates", []string{"x", "31391"}, "2 rows were looked at, none holds a date, and 1 the serial number", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, rows := provenWith(t, tt.dates...)
			for i, d := range tt.dates {
				if d == "DAMAGED" {
					rows[i].Damage, rows[i].Cells = &source.Damage{Rule: source.RuleFieldCount}, nil
				}
			}
			evidence, err := m.Prove(all(rows))
			if err != nil {
				var e *HeaderError
				if !errors.As(err, &e) || !strings.Contains(e.Text, tt.want) || !strings.Contains(e.Hint, "line 10 of the mapping") {
					t.Errorf("got %v, want %q", err, tt.want)
				}
				if len(m.Unproven()) != 1 {
					t.Error("the column counts as proven")
				}
				return
			}
			e := evidence[0]
			if got := fmt.Sprint(e.Layout, " ", e.Rows, " ", e.Deciding, " ", e.Line); got != tt.want || e.Column != "date_of_birth" || e.From != "Born" {
				t.Errorf("got %+v, want %q", e, tt.want)
			}
			if len(m.Unproven()) > 0 {
				t.Errorf("got %q, want nothing unproven", m.Unproven())
			}
			r := m.Map(rows[:1])[0]
			if got := ""; r.Customer != nil {
				if got = r.Customer.Identity.PersonDetails.DateOfBirth; got != tt.first {
					t.Errorf("got %q, want %q", got, tt.first)
				}
			} else if tt.first != "" {
				t.Errorf("got %v, want %q", r.Findings, tt.first)
			}
		})
	}
}

func TestProvePassesOnErrors(t *testing.T) {
	m, _ := provenWith(t)
	broken := errors.New("broken")
	_, err := m.Prove(func(yield func(source.Row, error) bool) { yield(source.Row{}, broken) })
	if err != broken {
		t.Errorf("got %v, want %v", err, broken)
	}
}

// TestNothingIsGuessed: dates of an order that nobody proved are not read.
func TestNothingIsGuessed(t *testing.T) {
	m, rows := provenWith(t, "01/31/1980")
	if got := m.Unproven(); !slices.Equal(got, []string{"date_of_birth"}) {
		t.Errorf("got %q, want date_of_birth", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("a date of unknown order was mapped")
		}
	}()
	m.Map(rows)
}

// TestDeclaredNeedsNoProof: Prove reads nothing then.
func TestDeclaredNeedsNoProof(t *testing.T) {
	m, err := New(slices.Sorted(maps.Keys(theirs())), Options{Spec: parseSpec(t, legacy)})
	if err != nil {
		t.Fatal(err)
	}
	e, err := m.Prove(func(func(source.Row, error) bool) { t.Error("the file was read") })
	if e != nil || err != nil {
		t.Errorf("got %v, %v", e, err)
	}
}

// TestProveWithTable: a date that the table settles proves nothing; the others do.
func TestProveWithTable(t *testing.T) {
	spec := parseSpec(t, strings.Replace(legacy, "date_of_birth: Born", `date_of_birth: {column: Born, values: {31/12/1899: ""}, date: proven}`, 1))
	header := slices.Sorted(maps.Keys(theirs()))
	m, err := New(header, Options{Spec: spec, Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	var rows []source.Row
	for i, d := range []string{"31/12/1899", "01/31/1980", "01/30/1980", "01/29/1980"} {
		row := source.Row{Line: i + 2}
		cells := theirs("Born", d)
		for _, h := range header {
			row.Cells = append(row.Cells, cells[h])
		}
		rows = append(rows, row)
	}
	evidence, err := m.Prove(all(rows))
	if err != nil || evidence[0].Layout != "MM/DD/YYYY" || evidence[0].Rows != 3 {
		t.Fatalf("got %v, %v", evidence, err)
	}
	if r := m.Map(rows); r[0].Customer != nil || r[1].Customer == nil {
		t.Errorf("got %v and %v", r[0].Findings, r[1].Findings)
	}
}
