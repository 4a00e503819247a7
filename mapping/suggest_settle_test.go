package mapping

import (
	"fmt"
	"strings"
	"testing"

	"embark/source"
)

// suggestTable suggests a mapping for rows that are all alike; * is their number.
func suggestTable(t *testing.T, header []string, cells ...string) string {
	t.Helper()
	s, err := Suggest(header, func(yield func(source.Row, error) bool) {
		for i := range 60 {
			row := strings.Split(strings.ReplaceAll(strings.Join(cells, "\x00"), "*", fmt.Sprintf("%02d", i)), "\x00")
			if !yield(source.Row{Line: i + 2, Cells: row}, nil) {
				return
			}
		}
	}, namespace)
	if err != nil {
		t.Fatal(err)
	}
	text := s.text()
	if _, err := ParseSpec("", []byte(text)); err != nil {
		t.Errorf("%v in\n%s", err, text)
	}
	return text
}

// TestEachTargetOnce: doing all that the comments say must not give a key twice.
func TestEachTargetOnce(t *testing.T) {
	for _, tt := range []struct{ header, cells []string }{
		{[]string{"Client No", "Activity", "Phone", "Reach"}, []string{"C*", "FT", "yes", "no"}},
		{[]string{"Client No", "Vendor"}, []string{"C*", "Persona"}},
		{[]string{"Client No", "Whereabouts", "Street", "House No"}, []string{"C*", "DEU", "Elm St", "1"}},
		{[]string{"Client No", "Paper", "SSN"}, []string{"C*", "Passport", "900-01-00*"}},
		{[]string{"Client No", "SSN", "Identification"}, []string{"C*", "900-01-00*", "900-01-00*"}},
	} {
		text := suggestTable(t, tt.header, tt.cells...)
		seen := map[string]bool{}
		for line := range strings.Lines(text) {
			key, _, is := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(line, "  "), "# "), ":")
			if _, known := sought[key]; !is || !known || !strings.HasPrefix(line, "  ") {
				continue
			}
			if seen[key] {
				t.Errorf("%s twice in\n%s", key, text)
			}
			seen[key] = true
		}
		if len(seen) < 10 {
			t.Errorf("got %d keys in\n%s", len(seen), text)
		}
	}
}

func TestRivals(t *testing.T) {
	text := suggestTable(t, []string{"Client No", "SSN", "Paper"}, "C*", "900-01-00*", "Passport")
	for _, want := range []string{"cip_id_type: {constant: SSN}", `# "Paper" could be it, too: put it in place of this one`, "could be cip_id_type, which another column serves"} {
		if !strings.Contains(text, want) {
			t.Errorf("want %q in\n%s", want, text)
		}
	}
}

// TestTaxCountryNeedsNumber: alone, it would reject every row.
func TestTaxCountryNeedsNumber(t *testing.T) {
	for _, tt := range []struct {
		header, cells []string
		want          string
	}{
		{[]string{"Client No", "SSN", "Tax Country"}, []string{"C*", "900-01-00*", "US"}, "\n  - Tax Country  # it would be tax_payer_country, which is only for those with a tax_payer_id"},
		{[]string{"Client No", "Passport No", "Tax Country"}, []string{"C*", "P90*", "DE"}, "\n  tax_payer_country: {column: Tax Country, country: true}"},
		{[]string{"Client No", "Passport No", "Tax Country"}, []string{"C*", "P90*", "DE"}, "\n  # tax_payer_id: NAME OF A COLUMN  # TODO"},
		{[]string{"Client No", "SSN", "Steuernummer", "Tax Country"}, []string{"C*", "900-01-00*", "00/1*", "DE"}, "\n  tax_payer_country: {column: Tax Country, country: true}"},
		{[]string{"Client No", "SSN", "Steuernummer"}, []string{"C*", "900-01-00*", "00/1*"}, "\n  # tax_payer_country: NAME OF A COLUMN  # TODO"},
	} {
		if text := suggestTable(t, tt.header, tt.cells...); !strings.Contains(text, tt.want) {
			t.Errorf("%q: want %q in\n%s", tt.header, tt.want, text)
		}
	}
}

// TestDerivedIDs: the comment says no more than is so.
func TestDerivedIDs(t *testing.T) {
	text := suggestTable(t, []string{"Acct No", "E-Mail"}, "A*", "a*@example.com")
	if want := "of the 60 rows with one, none repeats another's\n"; !strings.Contains(text, want) || !strings.Contains(text, "\n  account.ref_id: Acct No\n") {
		t.Errorf("want %q in\n%s", want, text)
	}
	if text := suggestTable(t, []string{"Acct No", "SSN"}, "A*", "900-01-00*"); strings.Contains(text, "derive") {
		t.Errorf("ids are derived from SSNs, which could be traced back:\n%s", text)
	}
	p := newProfile("SSN", 1)
	for _, cell := range []string{"900-01-0001", "900-01-0002", "900-01-0002", "", ""} {
		p.add(cell)
	}
	if got, want := p.differs(), "of the 3 rows with one, 1 repeat another's; without one, and to be rejected: 2 rows"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestNamesAreNoMetadata: what says who somebody is is not offered for it.
func TestNamesAreNoMetadata(t *testing.T) {
	for heading, cell := range map[string]string{"Maiden Name": "Sample*", "Spouse Nm": "Ada", "Account Rep": "Ada Sample", "KYC Notes": "call 1", "Reach 2": "(212) 555-01*", "Second SSN": "900-01-00*", "Other Mail": "a*@example.com"} {
		text := suggestTable(t, []string{"Client No", "SSN", "Phone", "Email", heading}, "C*", "900-01-00*", "(212) 555-01*", "a*@example.com", cell)
		if !strings.Contains(text, "- "+heading) || strings.Contains(text, "to keep it") {
			t.Errorf("%q is offered as metadata, or used, in\n%s", heading, text)
		}
	}
	if text := suggestTable(t, []string{"Client No", "Desk"}, "C*", "D1"); !strings.Contains(text, "to keep it: metadata.desk: Desk") {
		t.Error("what is no name is not offered")
	}
}

// TestWhatToDoIsSaid: a guess says both things that are to be done, and where.
func TestWhatToDoIsSaid(t *testing.T) {
	text := suggestTable(t, []string{"Client No", "Phone"}, "C*", "yes")
	for _, want := range []string{
		`# TODO: a guess; to use it, remove the # of what stands below and take "Phone" out of ignore`,
		"- Phone  # TODO: perhaps phone_number; to use it, remove the # of phone_number above and take this line out",
		"# first_name: NAME OF A COLUMN  # TODO: ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("want %q in\n%s", want, text)
		}
	}
	if text := suggestTable(t, []string{"Client No", "Empl"}, "C*", "X9"); !strings.Contains(text, "# values:  # TODO: remove the # here as well\n      # X9: TODO  # 60 rows\n") {
		t.Errorf("got\n%s", text)
	}
}
