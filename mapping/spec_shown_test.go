package mapping

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestSpecShowsNoCustomer: whatever is given for a mapping, its error shows
// nothing of a customer.
func TestSpecShowsNoCustomer(t *testing.T) {
	const row = "cust-17,Kira,Canary,900-12-3456,kira.canary@example.com"
	const head = "version: 1\ncolumns:\n  ref_id: A\n"
	for _, tt := range []struct{ name, text, want string }{
		{"CSV", "ref_id,first_name,last_name,cip_id,email\n" + row + "\n", "no mapping"},
		{"CSV without header", row + "\n", "no mapping"},
		{"CSV with colons", "Kira: Canary,900-12-3456: x\n" + row + ": y\n", "no mapping"},
		{"CSV with quotes", "\"Kira\",\"Canary\"\n\"900-12-3456\",\"a: b\"\n", "no mapping"},
		{"CSV with tabs", "\tKira\tCanary\n\t900-12-3456\t\n", "no mapping"},
		{"CSV with the word version", "version\n1\n" + row + "\n", "no mapping"},
		{"JSON Lines", "{\"first_name\": \"Kira\", \"cip_id\": \"900-12-3456\"}\n{\"first_name\": \"Canary\"}\n", "no mapping"},
		{"JSON", "{\"first_name\": \"Kira\", \"cip_id\": \"900-12-3456\"}\n", "no mapping"},
		{"JSON with version", "{\"version\": 1, \"first_name\": \"Kira\", \"Canary\": \"900-12-3456\"}\n", "unknown key"},
		{"brackets", strings.Repeat("[", 200) + row, "nested"},
		{"XLSX", "PK\x03\x04\x14\x00\x08Kira Canary 900-12-3456", "not a text file"},
		{"YAML of a customer", "first_name: Kira\nlast_name: Canary\n", "no mapping"},
		{"other version", "version: Kira\n", "no mapping"},
		{"row in the middle", head + row + "\n  email: B\n", ""},
		{"row in the middle, indented", head + "  " + row + "\n  email: B\n", ""},
		{"row in the middle, deep", head + "    " + row + "\n  email: B\n", "goes on in the next line"},
		{"row with a colon in the middle", head + "  " + row + ": x\n  email: B\n", "not one of embark's"},
		{"row with a colon on top", head + row + ": x\n", "unknown key"},
		{"row in quotes", head + "  \"Kira\",\"Canary\"\n", ""},
		{"object in the middle", head + "  {\"first_name\": \"Kira\", \"cip_id\": \"900-12-3456\"}\n", ""},
		{"lines of an object", head + "  \"first_name\": \"Kira\",\n  \"last_name\": \"Canary\",\n", ""},
		{"row in a table", head + "  email: {column: B, values: {" + row + ": ~}}\n", ""},
		{"row twice in a table", head + "  email:\n    column: B\n    values:\n      " + row + ": a\n      " + row + ": b\n", "is there twice"},
		{"escape in a row", head + "  \"Kira\\canary\": \"\\q\"\n", "not YAML"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseSpec("x.yaml", []byte(tt.text))
			e, ok := err.(*SpecError)
			if !ok {
				t.Fatalf("got %v, want a *SpecError", err)
			}
			all := allOf(err)
			for _, canary := range []string{"Kira", "Canary", "kira", "900", "cust-17"} {
				if strings.Contains(all, canary) {
					t.Errorf("%q is shown: %s", canary, all)
				}
			}
			if !strings.Contains(e.Text, tt.want) {
				t.Errorf("got %q, want %q", e.Text, tt.want)
			}
			if tt.want == "no mapping" && !strings.Contains(e.Hint, "given as FILE") {
				t.Errorf("got the hint %q", e.Hint)
			}
		})
	}
}

// TestSpecFaultsTogether: all faults are told at once, by line.
func TestSpecFaultsTogether(t *testing.T) {
	const text = `version: 2
igonre: [B]
ignore: [A]
columns:
  ref_id: A
  frist_name: Forename
  cip_id: {column: SSN, pad: many, colum: x}
  cip_id: Other
  employment_status: {column: Work, values: {F: FULLTIME, P: PARTTIME}}
`
	_, err := ParseSpec("x.yaml", []byte(text))
	e, ok := err.(*SpecError)
	if !ok || e.Line != 1 {
		t.Fatalf("got %v, want a *SpecError in line 1", err)
	}
	want := []string{`line 2: unknown key "igonre"; did you mean "ignore"?`, "line 3: column", `line 6: the column "frist_name"`, `line 7: unknown key "colum"`,
		`line 8: the key "cip_id" is there twice, in lines 7 and 8`, `line 9: "FULLTIME"`, `line 9: "PARTTIME"`}
	if len(e.More) != len(want) {
		t.Errorf("got %d others, want %d:\n%s", len(e.More), len(want), strings.Join(e.More, "\n"))
	}
	for i := range min(len(want), len(e.More)) {
		if !strings.HasPrefix(e.More[i], want[i]) {
			t.Errorf("got %q, want %q", e.More[i], want[i])
		}
	}
}

func TestSpecTellsTenFaults(t *testing.T) {
	text := "version: 1\ncolumns:\n"
	for i := range 30 {
		text += fmt.Sprintf("  frist_name%d: A\n", i)
	}
	_, err := ParseSpec("x.yaml", []byte(text))
	if e, ok := err.(*SpecError); !ok || len(e.More) != 9 || e.More[8] != "and 21 others" {
		t.Errorf("got %v", err)
	}
}

// TestPastedRowIsNotShown puts a customer's row between any two lines of a mapping.
func TestPastedRowIsNotShown(t *testing.T) {
	lines := strings.Split(legacy, "\n")
	header := slices.Sorted(maps.Keys(theirs()))
	for _, row := range []string{
		"cust-17,Kira,Canary,900-12-3456,kira.canary@example.com",
		"cust-17;Kira;Canary;1980-01-31;900-12-3456",
		"Kira\tCanary\t900-12-3456",
		"Kira,Canary,10:30: 900-12-3456",
		"Kira: Canary",
		"900-12-3456: Kira",
		"\"Kira\",\"Canary\",\"900-12-3456\"",
		"\"Kira\": \"Canary\"",
		"{\"first_name\": \"Kira\", \"last_name\": \"Canary\", \"cip_id\": \"900-12-3456\"}",
		"\"first_name\": \"Kira\", \"last_name\": \"Canary\"",
		"\"cip_id\": \"900-12-3456\",",
		"? Kira Canary",
		"| Kira | Canary |",
		"'Kira Canary': {cip_id: 900-12-3456}",
		"&Kira *Canary",
		"%Kira Canary",
		"!Kira Canary",
		"@Kira Canary",
	} {
		for i := 1; i < len(lines); i++ {
			for _, indent := range []string{"", "  ", "      "} {
				text := strings.Join(slices.Insert(slices.Clone(lines), i, indent+row), "\n")
				spec, err := ParseSpec("x.yaml", []byte(text))
				if err == nil {
					_, err = New(header, Options{Spec: spec})
				}
				all := allOf(err)
				if strings.Contains(all, "Kira") || strings.Contains(all, "Canary") || strings.Contains(all, "900-12") {
					t.Errorf("%q before line %d: %s", indent+row, i+1, all)
				}
			}
		}
	}
}

// allOf is all that an error says.
func allOf(err error) string {
	switch e := err.(type) {
	case *SpecError:
		return fmt.Sprint(e, e.Text, e.Hint, e.Source, e.More)
	case *HeaderError:
		return fmt.Sprint(e, e.Hint, e.More)
	}
	return fmt.Sprint(err)
}
