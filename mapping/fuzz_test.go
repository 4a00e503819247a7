package mapping

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"embark/source"
)

// european has the transforms that legacy has not.
const european = `version: 1
columns:
  ref_id: {column: Tax No, derive: 6ba7b810-9dad-11d1-80b4-00c04fd430c8}
  first_name: {column: Name, split: ",", part: 2, transliterate: true}
  middle_name: {column: Name, split: " ", part: "3..", transliterate: true}
  last_name: {column: Name, split: ",", part: 1, transliterate: true}
  date_of_birth: {column: Born, date: DD.MM.YY}
  address.address1: {concat: [Street, No], separator: ", "}
  address.city: {column: City, transliterate: true}
  address.province: {column: Region, region: USA, default: Wien}
  address.zip_code: {column: Zip, pad: 4}
  address.country: {column: Country, country: true}
  nationality: {column: Nation, values: {A: AUT, "": "", D: DEU}, country: true, default: AUT}
  cip_id: Passport
  cip_id_type: {constant: PASSPORT}
  cip_id_country: {column: Nation, country: true}
  tax_payer_id: Tax No
  tax_payer_country: {column: Country, country: true}
  phone_number: {column: Phone, phone: AUT}
  verifier_type: {constant: MANUAL}
  estimated_yearly_income: {column: Income, band: true}
  estimated_net_worth: {column: Income, band: true}
  expected_transfer_value: {column: Income, band: true}
  source_of_wealth: {constant: EMPLOYMENT_INCOME}
  employment_status: {column: Work, values: {J: FULL_TIME, N: UNEMPLOYED}}
  employment_industry_sector: {constant: EDUCATIONAL_SERVICES}
  account.ref_id: {concat: [Tax No, No], separator: "-"}
  metadata.since: {column: Since, date: D MMM YYYY}
`

func viennese() map[string]string {
	return map[string]string{"Tax No": "AT-17/4821", "Name": "Müller, Ada", "Born": "10.12.85", "Street": "Ringstr.", "No": "9", "City": "Wien", "Region": "",
		"Zip": "101", "Country": "AT", "Nation": "Austria", "Passport": "P0000017", "Phone": "01 234 5678", "Income": "85,000", "Work": "J", "Since": "1 Mar 2020"}
}

// exports are the kinds of files that FuzzMap changes rows of.
var exports = []struct {
	spec string // "" for none
	row  func() map[string]string
}{
	{"", ada},
	{"", func() map[string]string { return widgets() }},
	{legacy, func() map[string]string { return theirs() }},
	{provenDates, func() map[string]string { return theirs("Born", "12/31/1985") }},
	{european, viennese},
}

// FuzzMap: whatever the cells are, mapping never panics; the same row maps to
// the same twice; what is accepted satisfies Paxos's document, and what is
// rejected has an error that names a column. The cells come one after the other
// in the order of their headings; "=" leaves one as it is.
func FuzzMap(f *testing.F) {
	document := specification(f)
	if document == nil {
		f.Log("SKIPPED in part: the official OpenAPI document is not beside the repository")
	}
	specs := make([]*Spec, len(exports))
	for i, e := range exports {
		if e.spec != "" {
			specs[i] = parseSpec(f, e.spec)
		}
		f.Add(uint8(i), "", false)
		f.Add(uint8(i), strings.Join(odd, "\x1f"), true)
	}
	f.Fuzz(func(t *testing.T, kind uint8, text string, guarded bool) {
		n := int(kind) % len(exports)
		cells := exports[n].row()
		header := slices.Sorted(maps.Keys(cells))
		row := source.Row{Line: 2}
		changes := strings.Split(strings.ToValidUTF8(text, ""), "\x1f")
		for i, h := range header {
			if i < len(changes) && changes[i] != "=" && text != "" {
				cells[h] = changes[i]
			}
			row.Cells = append(row.Cells, cells[h])
		}
		if guarded {
			header, row.Cells = append(header, ErrorsColumn), append(row.Cells, "")
		}
		m, err := New(header, Options{Now: testNow, MadeUp: guarded, Spec: specs[n]})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Prove(all([]source.Row{row})); err != nil {
			if e := new(HeaderError); !errors.As(err, &e) || e.Hint == "" {
				t.Fatalf("got %v, want a *HeaderError with a hint", err)
			}
			return
		}
		m.Refs(row)
		m.Explain(row)
		twice := m.Map([]source.Row{row, row})
		if !reflect.DeepEqual(twice[0], twice[1]) {
			t.Fatal("the same row maps to two things")
		}
		r := twice[0]
		for _, f := range r.Findings {
			if f.Column == "" || f.Rule == "" || f.Text == "" || f.Severity == "" {
				t.Fatalf("a finding without column, rule or text: %+v", f)
			}
		}
		switch {
		case (r.Customer == nil) != rejects(r.Findings):
			t.Fatalf("customer %t with findings %v", r.Customer != nil, r.Findings)
		case r.Customer != nil && document != nil:
			allSatisfy(t, document, r.Customer)
		}
	})
}

// FuzzSpec: whatever the text is, parsing it never panics, and an error points
// into the file.
func FuzzSpec(f *testing.F) {
	for _, text := range []string{legacy, european, provenDates, "", "version: 1\ncolumns:\n  ref_id: &a [*a]\n", "a: {", "\"", "- - - -", "? a\n: b", "a: |\n  b\n",
		"version: 1\r\ncolumns:\r\n\tref_id: é\r\n", "%YAML 1.2\n---\n...\n", "a: !!binary x", "<<: *x"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		spec, err := ParseSpec("x.yaml", text)
		if err == nil {
			if spec.Hash == "" || len(spec.Columns()) == 0 {
				t.Fatalf("accepted without columns: %q", text)
			}
			return
		}
		var e *SpecError
		if !errors.As(err, &e) {
			t.Fatalf("got %T, want a *SpecError", err)
		}
		lines := strings.Split(string(text), "\n")
		if e.Line < 1 || e.Line > len(lines) || e.Column < 1 || e.Column > utf8.RuneCountInString(lines[e.Line-1])+1 || e.Text == "" {
			t.Fatalf("%q points to line %d, column %d of %d lines", e.Text, e.Line, e.Column, len(lines))
		}
	})
}
