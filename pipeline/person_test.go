package pipeline

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"embark/mapping"
	"embark/onboard"
	"embark/paxossim"
	"embark/samples"
	"embark/source"
)

var noOptions paxossim.Options

// writePeople writes rows of the sample's person with changes to the cells.
func (r *rig) writePeople(people ...map[string]string) {
	r.t.Helper()
	var text strings.Builder
	if err := samples.Write(&text, 1, 1); err != nil {
		r.t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(text.String())).ReadAll()
	if err != nil {
		r.t.Fatal(err)
	}
	for _, p := range people {
		line := slices.Clone(lines[1])
		for i, column := range lines[0] {
			if cell, ok := p[column]; ok {
				line[i] = cell
			}
		}
		lines = append(lines, line)
	}
	var out strings.Builder
	if err := csv.NewWriter(&out).WriteAll(slices.Delete(lines, 1, 2)); err != nil {
		r.t.Fatal(err)
	}
	r.writeInput(out.String())
}

// TestSamePerson: one person under two ref_ids and two documents is a doubt in
// both rows, which are sent all the same.
func TestSamePerson(t *testing.T) {
	for name, c := range map[string]struct {
		change map[string]string // of the second row
		want   bool
	}{
		"equal":                   {nil, true},
		"case and blanks":         {map[string]string{"first_name": "ANNA-LENA", "last_name": " van der BERG "}, true},
		"another date of birth":   {map[string]string{"date_of_birth": "1981-03-05"}, false},
		"another postal code":     {map[string]string{"address.zip_code": "10001"}, false},
		"another name":            {map[string]string{"first_name": "Anna"}, false},
		"a name cut differently":  {map[string]string{"first_name": "Anna", "last_name": "Lena van der Berg"}, false},
		"the same ref_id as well": {map[string]string{"ref_id": "first", "cip_id": "900-01-0001"}, false},
		"the same document":       {map[string]string{"cip_id": "900-01-0001"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, 0, noOptions)
			first := map[string]string{"ref_id": "first", "first_name": "Anna Lena", "last_name": "van der Berg", "date_of_birth": "1980-03-05",
				"address.zip_code": "12207", "cip_id": "900-01-0001"}
			second := map[string]string{"ref_id": "second", "first_name": "Anna Lena", "last_name": "van der Berg", "date_of_birth": "1980-03-05",
				"address.zip_code": "12207", "cip_id": "900-01-0002"}
			for column, cell := range c.change {
				second[column] = cell
			}
			r.writePeople(first, second)
			found := map[int]string{}
			checked, err := Check(t.Context(), r.input(), Checking{Show: func(res mapping.Result) {
				for _, f := range res.Findings {
					if f.Rule == ruleSamePerson {
						found[res.Row.Line] += string(f.Severity) + " " + f.Other
					}
				}
			}})
			if err != nil {
				t.Fatal(err)
			}
			want := map[int]string{}
			if c.want {
				want = map[int]string{2: "warning line 3", 3: "warning line 2"}
			}
			if len(found) != len(want) || found[2] != want[2] || found[3] != want[3] {
				t.Errorf("got %v, want %v", found, want)
			}
			if c.want && (checked.Valid != 2 || checked.Due != 2 || len(checked.Findings) > 0) {
				t.Errorf("got %d valid and %d due, findings %v, want 2 of each and none", checked.Valid, checked.Due, checked.Findings)
			}
		})
	}
}

// TestOneFindingEach: what was told of a row while it was mapped is not told
// again when its comparison with others is.
func TestOneFindingEach(t *testing.T) {
	r := newRig(t, 0, noOptions)
	r.writePeople(map[string]string{"ref_id": "a", "cip_id": "900-01-0001", "first_name": "A"}, map[string]string{"ref_id": "a", "cip_id": "900-01-0002", "first_name": "B"})
	var rules []string
	if _, err := Check(t.Context(), r.input(), Checking{Show: func(res mapping.Result) {
		for _, f := range res.Findings {
			rules = append(rules, f.Rule)
		}
	}}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rules, " "); got != "duplicate_ref_id duplicate_ref_id" {
		t.Errorf("got %q", got)
	}
}

func TestPersonHashAllocatesNothing(t *testing.T) {
	r := newRig(t, 1, noOptions)
	in := r.input()
	var customer *onboard.Customer
	for row, err := range in.Files[0].Rows() {
		if err != nil {
			t.Fatal(err)
		}
		customer = in.mapRows(batch{rows: []source.Row{row}})[0].Customer
	}
	c, _ := unfinished(nil, Extras{}, &Objects{})
	if n := testing.AllocsPerRun(100, func() { c.personHash(customer) }); n > 0 {
		t.Errorf("got %v allocations a row, want none", n)
	}
}

// TestFindingsAreCountedByRow: however often a row breaks a rule, and whatever
// it breaks in between, it counts once.
func TestFindingsAreCountedByRow(t *testing.T) {
	c := &checker{out: &Checked{Findings: map[string]int{}}}
	var row mapping.Result
	for _, rule := range []string{"required", "date", "required", "date", "accent"} {
		row.Findings = append(row.Findings, mapping.Finding{Rule: rule, Severity: mapping.Error})
	}
	row.Findings[4].Severity = "warning"
	c.note(row)
	c.note(row)
	if got := c.out.Findings; len(got) != 2 || got["required"] != 2 || got["date"] != 2 {
		t.Errorf("got %v, want two rows of each of two rules", got)
	}
}
