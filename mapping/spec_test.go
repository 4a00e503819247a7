package mapping

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"embark/source"
)

// legacy is a mapping of ada's columns under other names.
const legacy = `version: 1
encoding: windows-1252
delimiter: ";"
ignore: [Notes]
columns:
  ref_id: Client No
  account.type: {constant: BROKERAGE}
  first_name: Forename
  last_name: {column: Surname}
  date_of_birth: Born
  address.address1: {concat: [House No, Street]}
  address.city: City
  address.province: {column: State, region: USA}
  address.zip_code: {column: Zip, pad: 5}
  address.country: {column: Country, country: true, default: USA}
  nationality: {column: Citizen, country: true}
  cip_id: SSN
  cip_id_type: {constant: SSN}
  cip_id_country: {constant: USA}
  phone_number: {column: Phone, phone: USA}
  passthrough_verifier_type: {constant: PERSONA}
  passthrough_verified_at: Verified
  passthrough_verification_id: Inquiry
  passthrough_verification_status: {constant: APPROVED}
  passthrough_verification_fields: {constant: FULL_LEGAL_NAME|DATE_OF_BIRTH}
  estimated_yearly_income: {column: Income, band: true}
  expected_transfer_value: {column: Transfers, band: true}
  source_of_wealth: {column: Wealth, default: EMPLOYMENT_INCOME}
  employment_status: {column: Employed, values: {FT: FULL_TIME, "": UNEMPLOYED}}
  employment_industry_sector: {constant: EDUCATIONAL_SERVICES}
  metadata.branch: Branch
`

// theirs are the cells of ada in the file that legacy maps.
func theirs(changes ...string) map[string]string {
	cells := map[string]string{"Client No": "cust-17", "Forename": "Ada", "Surname": "Example", "Born": "1985-12-10",
		"House No": "9", "Street": "Sample Rd", "City": "Albany", "State": "New York", "Zip": "12207", "Country": "United States", "Citizen": "US",
		"SSN": "123-45-6780", "Phone": "(212) 555-0100", "Verified": "2026-05-04T10:11:12Z", "Inquiry": "inq_4821", "Income": "$85,000.00", "Transfers": "10000",
		"Wealth": "", "Employed": "FT", "Branch": "12", "Notes": "VIP"}
	for i := 0; i < len(changes); i += 2 {
		cells[changes[i]] = changes[i+1]
	}
	return cells
}

func parseSpec(t testing.TB, text string) *Spec {
	t.Helper()
	s, err := ParseSpec("legacy.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, err.(*SpecError).Source)
	}
	return s
}

// mapWith maps a single row through a mapping.
func mapWith(t testing.TB, spec string, cells map[string]string) Result {
	t.Helper()
	return mapOne(t, cells, Options{Spec: parseSpec(t, spec)})
}

func TestSpec(t *testing.T) {
	r := mapWith(t, legacy, theirs())
	if r.Customer == nil || len(r.Findings) > 0 {
		t.Fatalf("got %v, want no findings", r.Findings)
	}
	c := mapOne(t, with("phone_number", "+12125550100", "metadata.branch", "12", "account.type", "BROKERAGE"), Options{}).Customer
	same(t, r.Customer, c)
}

func TestSpecOfTheSource(t *testing.T) {
	s := parseSpec(t, legacy)
	if s.Name != "legacy.yaml" || s.Encoding != "windows-1252" || s.Delimiter != ';' {
		t.Errorf("got %q, %q, %q", s.Name, s.Encoding, s.Delimiter)
	}
}

// TestSpecHash: only what changes the meaning changes the fingerprint.
func TestSpecHash(t *testing.T) {
	const text = "version: 1\ncolumns:\n  ref_id: A\n  email: {column: B, default: x}\n"
	hash := parseSpec(t, text).Hash
	for _, same := range []string{
		"version: 1\ndelimiter: tab\nignore: [C]\ncolumns:\n  email: {default: x, column: B}\n  ref_id: a # ours\n",
	} {
		if got := parseSpec(t, same).Hash; got != hash {
			t.Errorf("got another fingerprint for %s", same)
		}
	}
	for _, other := range []string{
		strings.Replace(text, ": x", ": y", 1), strings.Replace(text, ": A", ": C", 1), strings.Replace(text, "email", "phone_number", 1),
		"encoding: latin1\n" + text, text + "  cip_id: D\n", strings.Replace(text, "default", "values: {a: b}, default", 1),
	} {
		if parseSpec(t, other).Hash == hash {
			t.Errorf("got the same fingerprint for %s", other)
		}
	}
}

// TestSpecHashOfDecimal: the same cells are other amounts.
func TestSpecHashOfDecimal(t *testing.T) {
	const text = "version: 1\ncolumns:\n  estimated_net_worth: {column: A, band: true}\n"
	if parseSpec(t, text).Hash == parseSpec(t, strings.Replace(text, "true", `true, decimal: ","`, 1)).Hash {
		t.Error("got the same fingerprint with a decimal comma")
	}
}

func TestSpecErrors(t *testing.T) {
	const head = "version: 1\ncolumns:\n"
	for _, tt := range []struct {
		name, text string
		want       string // of the text or the hint
		source     string
	}{
		{"empty", "", "one YAML document", ""},
		{"a list", "- a", "this is no mapping", ""},
		{"columns as a list", "version: 1\ncolumns: [a]\n", "key: value", "2 | columns: [a]\n  |          ^"},
		{"no version", "columns:\n  ref_id: A\n", "version is missing", ""},
		{"other version", "version: 2\ncolumns:\n  ref_id: A\n", `"2"`, "1 | version: 2\n  |          ^"},
		{"no columns", "version: 1\n", "columns is missing", ""},
		{"misspelt key", "version: 1\nigonre: [A]\ncolumns:\n  ref_id: A\n", `did you mean "ignore"?`, "2 | igonre: [A]\n  | ^^^^^^"},
		{"misspelt column", head + "  frist_name: Forename\n", `did you mean "first_name"?`, "3 |   frist_name: Forename\n  |   ^^^^^^^^^^"},
		{"column twice", head + "  ref_id: A\n  ref_id: B\n", "in lines 3 and 4", "4 |   ref_id: B\n  |   ^^^^^^"},
		{"misspelt transform", head + "  ref_id: {colum: A}\n", `did you mean "column"?`, "3 |   ref_id: {colum: A}\n  |            ^^^^^"},
		{"misspelt value", head + "  employment_status: {column: A, values: {FT: FULLTIME}}\n", `did you mean "FULL_TIME"?`,
			"3 |   employment_status: {column: A, values: {FT: FULLTIME}}\n  |                                               ^^^^^^^^"},
		{"misspelt constant", head + "  account.type: {constant: BROKERAG}\n", `did you mean "BROKERAGE"?`, ""},
		{"misspelt default", head + "  nationality: {column: A, default: US}\n", "three letters", ""},
		{"nothing", head + "  ref_id:\n", "a value is missing", ""},
		{"no source", head + "  ref_id: {pad: 9}\n", "where the column comes from", ""},
		{"two sources", head + "  ref_id: {column: A, constant: B}\n", "exclude each other", ""},
		{"two transforms", head + "  cip_id: {column: A, pad: 9, transliterate: true}\n", "pad and transliterate exclude", ""},
		{"constant and more", head + "  cip_id: {constant: A, pad: 9}\n", "needs nothing else", ""},
		{"part without split", head + "  cip_id: {column: A, part: 1}\n", "part is only for split", ""},
		{"split without part", head + "  cip_id: {column: A, split: x}\n", "split is only for part", ""},
		{"separator without concat", head + "  cip_id: {column: A, separator: x}\n", "separator is only for concat", ""},
		{"part 0", head + "  cip_id: {column: A, split: x, part: 0}\n", "number of a part", ""},
		{"part one", head + "  cip_id: {column: A, split: x, part: one}\n", "number of a part", ""},
		{"concat of one", head + "  cip_id: {concat: [A]}\n", "two columns or more", ""},
		{"concat of a word", head + "  cip_id: {concat: A}\n", "concat is a list", ""},
		{"band without bands", head + "  cip_id: {column: A, band: true}\n", "band is not for cip_id", "3 |   cip_id: {column: A, band: true}\n  |                       ^^^^"},
		{"band false", head + "  estimated_yearly_income: {column: A, band: false}\n", "asked for with true", ""},
		{"decimal without band", head + "  cip_id: {column: A, decimal: \",\"}\n", "decimal is only for band", ""},
		{"decimal point", head + "  estimated_yearly_income: {column: A, band: true, decimal: .}\n", "written with a point", ""},
		{"date of text", head + "  cip_id: {column: A, date: DD.MM.YYYY}\n", "date is not for cip_id", ""},
		{"layout without day", head + "  date_of_birth: {column: A, date: MM/YYYY}\n", "no day", "3 |   date_of_birth: {column: A, date: MM/YYYY}\n  |                                    ^^^^^^^"},
		{"layout in small letters", head + "  date_of_birth: {column: A, date: mm/dd/yyyy}\n", "made of YYYY", ""},
		{"layout with two months", head + "  date_of_birth: {column: A, date: MM/MM/YYYY}\n", "month twice", ""},
		{"layout that runs together", head + "  date_of_birth: {column: A, date: MDYYYY}\n", "where one number ends", ""},
		{"derive", head + "  ref_id: {column: A, derive: secret}\n", "needs a UUID", ""},
		{"derive of a name", head + "  first_name: {column: A, derive: 6ba7b810-9dad-11d1-80b4-00c04fd430c8}\n", "not for first_name", ""},
		{"pad", head + "  cip_id: {column: A, pad: many}\n", "number of digits", ""},
		{"region", head + "  address.country: B\n  address.province: {column: A, region: CAN}\n", "not known", ""},
		{"region without country", head + "  address.province: {column: A, region: USA}\n", "needs to know the country", ""},
		{"region of a name", head + "  first_name: {column: A, region: USA}\n", "region is not for", ""},
		{"phone", head + "  phone_number: {column: A, phone: US}\n", "three letters", ""},
		{"country", head + "  first_name: {column: A, country: true}\n", "country is not for", ""},
		{"value twice", head + "  employment_status: {column: A, values: {FT: FULL_TIME, \" FT\": UNEMPLOYED}}\n", "is there twice", ""},
		{"value that would be worked on", head + "  nationality: {column: A, values: {D: Germany}, country: true}\n", "no country code of three letters", ""},
		{"empty table", head + "  employment_status: {column: A, values: {}}\n", "empty", ""},
		{"null in a table", head + "  employment_status: {column: A, values: {FT: ~}}\n", `write ""`, ""},
		{"used and ignored", "version: 1\nignore: [\"a  b\"]\ncolumns:\n  ref_id: A B\n", "is ignored, and used for ref_id in line 4", "2 | ignore: [\"a  b\"]\n  | ^^^^^^^^^^^^^^^^"},
		{"metadata key", head + "  \"metadata.a b\": A\n", "without blanks", ""},
		{"anchor", head + "  ref_id: &a A\n", "not part of mapping files", ""},
		{"alias", head + "  ref_id: &a A\n  email: *a\n", "not part of mapping files", ""},
		{"merge", head + "  <<: {ref_id: A}\n", "single value", ""},
		{"delimiter", "version: 1\ndelimiter: \";;\"\ncolumns:\n  ref_id: A\n", "one character", ""},
		{"two documents", head + "  ref_id: A\n---\na: b\n", "one YAML document", ""},
		{"broken", head + "  ref_id: {column: A\n", "flow mapping", ""},
		{"tab", "version: 1\ncolumns:\n\tref_id: A\n", "a tab stands in the indentation", "3 | \tref_id: A\n  | ^"},
		{"control characters", head + "  ref_id: {colum: \"\x1b[31m\"}\n", `"column"`, "3 |   ref_id: {colum: \"?[31m\"}\n  |            ^^^^^"},
		{"byte order mark", "\ufeffversion: 2\n", "version", "1 | version: 2\n  |          ^"},
		{"deep", head + strings.Repeat("{a: ", 101), "nested too deeply", ""},
		{"large", strings.Repeat("#\n", 200_000), "too large", ""},
		{"binary", "\x00\x01", "not a text file", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseSpec("x.yaml", []byte(tt.text))
			e, ok := err.(*SpecError)
			if !ok {
				t.Fatalf("got %v, want a *SpecError", err)
			}
			if !strings.Contains(e.Text+" "+e.Hint, tt.want) {
				t.Errorf("got %q, hint %q, want %q", e.Text, e.Hint, tt.want)
			}
			if tt.source != "" && e.Source != tt.source {
				t.Errorf("got\n%s\nwant\n%s", e.Source, tt.source)
			}
		})
	}
}

// TestSpecHeader holds headers against a mapping.
func TestSpecHeader(t *testing.T) {
	header := slices.Sorted(maps.Keys(theirs()))
	without := func(name string) []string {
		return slices.DeleteFunc(slices.Clone(header), func(h string) bool { return h == name })
	}
	for _, tt := range []struct {
		name       string
		header     []string
		text, hint string // "" for none
	}{
		{"as it is", header, "", ""},
		{"with the column of rejected rows", append(slices.Clone(header), "embark_errors"), "", ""},
		{"written otherwise", append(without("Client No"), "\u00a0CLIENT  no "), "", ""},
		{"ignored column is not there", without("Notes"), "", ""},
		{"column is not there", without("Surname"), `"Surname" (for last_name, line 9 of the mapping)`, ""},
		{"other spelling", append(without("Surname"), "Sur Name"), `"Surname"`, `the file has "Sur Name": correct line 9`},
		{"one more", append(slices.Clone(header), "E-Mail"), `"E-Mail"`, `is "E-Mail" the column email?`},
		{"twice", append(slices.Clone(header), "surname"), "the same name", ""},
		{"no name", append(slices.Clone(header), " "), "has no name", ""},
		{"no header", []string{"cust-17", "Ada", "123-45-6780"}, "not in the file", "really a header"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(tt.header, Options{Spec: parseSpec(t, legacy)})
			if tt.text == "" {
				if err != nil {
					t.Fatalf("got %v (%s), want none", err, err.(*HeaderError).Hint)
				}
				return
			}
			e, ok := err.(*HeaderError)
			if !ok || !strings.Contains(e.Text, tt.text) || !strings.Contains(e.Hint, tt.hint) {
				t.Errorf("got %v, hint %q, want %q and %q", err, e.Hint, tt.text, tt.hint)
			}
			if strings.Contains(e.Text+e.Hint, "123-45-6780") {
				t.Errorf("%q shows what may be a cell", e.Text+e.Hint)
			}
		})
	}
}

// TestSpecContract: what Paxos requires has to be mapped.
func TestSpecContract(t *testing.T) {
	spec := parseSpec(t, strings.Replace(legacy, "  last_name: {column: Surname}\n", "", 1))
	cells := theirs()
	delete(cells, "Surname")
	_, err := New(slices.Sorted(maps.Keys(cells)), Options{Spec: spec})
	if err == nil || !strings.Contains(err.Error(), "missing: last_name") || !strings.Contains(err.(*HeaderError).Hint, `"legacy.yaml"`) {
		t.Errorf("got %v, want last_name missing", err)
	}
}

// TestCanonicalHeader: headings are compared without regard to blanks, case and
// the encoding of accents.
func TestCanonicalHeader(t *testing.T) {
	cells := ada()
	delete(cells, "ref_id")
	header := append(slices.Sorted(maps.Keys(cells)), "\u00a0Ref_ID \u00a0")
	m, err := New(header, Options{Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	row := source.Row{}
	for _, h := range header[:len(header)-1] {
		row.Cells = append(row.Cells, cells[h])
	}
	row.Cells = append(row.Cells, "cust-17")
	if r := m.Map([]source.Row{row})[0]; r.Customer == nil || r.Customer.RefID != "cust-17" {
		t.Errorf("got %v", r.Findings)
	}
}

func same(t testing.TB, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}
