package mapping

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"embark/source"
)

// TestGuardedCells: the apostrophes that the report puts before cells of
// rejected rows are taken away again, and those of other files are not.
func TestGuardedCells(t *testing.T) {
	for _, tt := range []struct{ cell, want string }{
		{"'+1 212 555 0100", "+1 212 555 0100"},
		{"'=Ann", "=Ann"},
		{"'-Ann", "-Ann"},
		{"'@Ann", "@Ann"},
		{"'＝Ann", "＝Ann"},
		{"''=Ann", "'=Ann"},
		{"'''+1", "''+1"},
		{"'Ann", "'Ann"},
		{"'", "'"},
		{"+12125550100", "+12125550100"},
		{"Ann", "Ann"},
	} {
		if got := middleName(t, with("middle_name", tt.cell, ErrorsColumn, "first_name: is empty")); got != tt.want {
			t.Errorf("rejected rows: got %q of %q, want %q", got, tt.cell, tt.want)
		}
		if got := middleName(t, with("middle_name", tt.cell)); got != tt.cell {
			t.Errorf("other rows: got %q of %q, want it untouched", got, tt.cell)
		}
	}
}

// middleName is what comes of a cell that may hold nearly anything.
func middleName(t *testing.T, cells map[string]string) string {
	t.Helper()
	r := mapOne(t, cells, Options{})
	if r.Customer == nil {
		t.Fatalf("got findings %v, want none", r.Findings)
	}
	return r.Customer.Identity.PersonDetails.MiddleName
}

// TestGuardedRowIsKept: the row itself keeps its apostrophes, for the report.
func TestGuardedRowIsKept(t *testing.T) {
	r := mapOne(t, with("middle_name", "'=Ann", ErrorsColumn, ""), Options{})
	if !slices.Contains(r.Row.Cells, "'=Ann") {
		t.Errorf("got cells %q, want them as they were", r.Row.Cells)
	}
}

// TestHeaderErrorsShowNoData: in a file without a header the names of the
// columns are a customer's cells.
func TestHeaderErrorsShowNoData(t *testing.T) {
	all := slices.Sorted(maps.Keys(ada()))
	for _, cell := range []string{"900-01-0017", "900010017", "1985-12-10", "ann@example.com", "9 Sample Rd", "+12125550100"} {
		for name, header := range map[string][]string{
			"first": append([]string{cell}, all...), "twice": {cell, cell}, "last": append(slices.Clone(all), cell),
		} {
			_, err := New(header, Options{})
			if err == nil || strings.Contains(err.Error(), cell) || strings.Contains(hint(err.(*HeaderError)), cell) {
				t.Errorf("%s: got %v, want an error without %q", name, err, cell)
			}
		}
	}
}

// TestIdentityIDInCapitals: Paxos writes ids in lower case.
func TestIdentityIDInCapitals(t *testing.T) {
	const id = "1111aaaa-2222-4bbb-8ccc-5555dddd5555"
	c := mapOne(t, map[string]string{"ref_id": "c-1", "identity_id": strings.ToUpper(id)}, Options{}).Customer
	if c == nil || c.IdentityID != id {
		t.Errorf("got %+v, want the id %s", c, id)
	}
}

// TestRefsOfGuardedRows: rows are named in the report as they are mapped.
func TestRefsOfGuardedRows(t *testing.T) {
	for _, guarded := range []bool{false, true} {
		header := slices.Sorted(maps.Keys(ada()))
		if guarded {
			header = append(header, ErrorsColumn)
		}
		m, err := New(header, Options{})
		if err != nil {
			t.Fatal(err)
		}
		row := source.Row{Cells: make([]string, len(header))}
		row.Cells[m.refID] = "'-1"
		if ref, _ := m.Refs(row); (ref == "-1") != guarded {
			t.Errorf("guarded %t: got %q", guarded, ref)
		}
	}
}

// TestToolColumnsAreIgnored: what embark added to a file is no column of the
// customer's, wherever it stands. Only embark_errors tells that cells are guarded.
func TestToolColumnsAreIgnored(t *testing.T) {
	for _, tt := range []struct {
		column  string
		guarded bool
	}{{ErrorsColumn, true}, {" Embark_Errors ", true}, {"embark_line", false}} {
		all := slices.Sorted(maps.Keys(ada()))
		for at := range len(all) + 1 {
			m, err := New(slices.Insert(slices.Clone(all), at, tt.column), Options{})
			if err != nil || m.guarded != tt.guarded {
				t.Fatalf("%q as column %d: got %v, want it ignored", tt.column, at+1, err)
			}
		}
	}
}

// TestGuardedHeadings: the report puts apostrophes before headings likewise. What
// stands there in other files is the customer's own.
func TestGuardedHeadings(t *testing.T) {
	spec := strings.NewReplacer("Client No", `"+client"`, "[House No, Street]", `[House No, "=street"]`, "ignore: [Notes]", `ignore: ["-notes"]`).Replace(legacy)
	for _, tt := range []struct {
		guard, errors, fits bool
	}{{false, false, true}, {true, true, true}, {false, true, true}, {true, false, false}} {
		cells := theirs()
		for from, to := range map[string]string{"Client No": "+client", "Street": "=street", "Notes": "-notes"} {
			if tt.guard {
				to = Guard(to)
			}
			cells[to] = cells[from]
			delete(cells, from)
		}
		header := slices.Sorted(maps.Keys(cells))
		if tt.errors {
			header = append(header, ErrorsColumn)
		}
		given := slices.Clone(header)
		m, err := New(header, Options{Spec: parseSpec(t, spec), Now: testNow})
		if (err == nil) != tt.fits {
			t.Errorf("%+v: got %v", tt, err)
			continue
		}
		if !slices.Equal(header, given) {
			t.Errorf("%+v: the header of the file was changed", tt)
		}
		if err == nil && m.from("ref_id") != "+client" {
			t.Errorf("%+v: the ref_id comes from %q", tt, m.from("ref_id"))
		}
	}
}

// TestGuardedHeadingsWithoutMapping: a key of metadata has no sign in front, but
// is taken as it is.
func TestGuardedHeadingsWithoutMapping(t *testing.T) {
	header := append(slices.Sorted(maps.Keys(ada())), "'=x", ErrorsColumn)
	_, err := New(header, Options{})
	if err == nil || strings.Contains(err.Error(), "'") {
		t.Errorf("got %v, want the heading as it was", err)
	}
}
