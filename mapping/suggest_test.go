package mapping

import (
	"errors"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"embark/source"
)

const namespace = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"

// exportsOfBrokers are the samples that init has to understand, and how they
// are opened; settled completes a suggestion.
var exportsOfBrokers = map[string]struct {
	options  source.Options
	personal string // columns that say who somebody is
	valid    int
	settled  []string
}{
	"broker-us.csv": {source.Options{Encoding: "windows-1252"},
		"Client No|Client Name|DOB|SSN|Street|Apt|Home Phone|E-Mail|Annual Income|Expected Deposits|KYC Ref|Zip", 56,
		[]string{"passthrough_verification_fields"}},
	"broker-eu.csv": {source.Options{},
		"Kundennummer|Vorname|Nachname|Geburtsdatum|Straße|PLZ|Ausweisnummer|Steuernummer|Telefon|E-Mail|Jahreseinkommen USD|Prüfungsnummer", 56,
		[]string{"passthrough_verification_fields", "passthrough_verifier_type"}},
	"broker-sheet.xlsx": {source.Options{},
		"Customer ID|First Name|Middle Name|Last Name|Birth Date|Address Line 1|Address Line 2|Social Security Number|Mobile|Email Address|Income|Verification ID", 54,
		[]string{"passthrough_verification_fields"}},
}

func openExport(t *testing.T, name string) *source.File {
	t.Helper()
	f, err := source.Open("../samples/"+name, exportsOfBrokers[name].options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func suggestFor(t *testing.T, f *source.File) *Suggestion {
	t.Helper()
	s, err := Suggest(f.Header(), f.Rows(), namespace)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSuggestExports holds the targets and the confidence of every column of the
// three exports.
func TestSuggestExports(t *testing.T) {
	for name, want := range map[string]string{
		"broker-us.csv": `Client No: ref_id high
Client Name: last_name first_name high
Gender: 
DOB: date_of_birth high
SSN: cip_id high
Street: address.address1 high
Apt: address.address2 high
City: address.city high
State: address.province high
Zip: address.zip_code high
Citizenship: nationality high
Home Phone: phone_number high
E-Mail: email high
Annual Income: estimated_yearly_income high
Expected Deposits: expected_transfer_value high
Source of Wealth: source_of_wealth high
Empl: employment_status high
Industry: employment_industry_sector high
KYC Vendor: passthrough_verifier_type high
KYC Date: passthrough_verified_at high
KYC Ref: passthrough_verification_id high
KYC Result: passthrough_verification_status high
Branch Code: 
Notes: `,
		"broker-eu.csv": `Kundennummer: ref_id high
Anrede: 
Vorname: first_name high
Nachname: last_name high
Geburtsdatum: date_of_birth high
Straße: address.address1 high
Hausnr.: address.address1 high
PLZ: address.zip_code high
Ort: address.city high
Bundesland: address.province medium
Land: address.country tax_payer_country high
Staatsangehörigkeit: nationality high
Ausweisart: cip_id_type high
Ausweisnummer: cip_id high
Ausstellungsland: cip_id_country high
Steuernummer: tax_payer_id high
Telefon: phone_number high
E-Mail: email high
Jahreseinkommen USD: estimated_yearly_income high
Erwartetes Volumen USD: expected_transfer_value high
Herkunft des Vermögens: source_of_wealth high
Beschäftigung: employment_status high
Branche: employment_industry_sector high
Geprüft am: passthrough_verified_at high
Prüfungsnummer: passthrough_verification_id high
Prüfergebnis: passthrough_verification_status high
Berater: `,
		"broker-sheet.xlsx": `Customer ID: ref_id high
First Name: first_name high
Middle Name: middle_name high
Last Name: last_name high
Birth Date: date_of_birth high
Address Line 1: address.address1 high
Address Line 2: address.address2 high
City: address.city high
State: address.province high
ZIP Code: address.zip_code high
Country: address.country high
Nationality: nationality high
Social Security Number: cip_id high
Mobile: phone_number high
Email Address: email high
Income: estimated_yearly_income high
Expected Transfers: expected_transfer_value high
Wealth Source: source_of_wealth high
Employment Status: employment_status high
Sector: employment_industry_sector high
Verified By: passthrough_verifier_type high
Verified At: passthrough_verified_at high
Verification ID: passthrough_verification_id high
Verification Status: passthrough_verification_status high
Last Contact: `,
	} {
		s := suggestFor(t, openExport(t, name))
		if d := cmp.Diff(strings.Split(want, "\n"), shown(s)); d != "" {
			t.Errorf("%s: (-want +got)\n%s", name, d)
		}
		if d := cmp.Diff(exportsOfBrokers[name].settled, slices.Sorted(slices.Values(s.Missing))); d != "" {
			t.Errorf("%s: missing (-want +got)\n%s", name, d)
		}
	}
}

func shown(s *Suggestion) (lines []string) {
	for _, c := range s.Columns {
		lines = append(lines, strings.TrimRight(fmt.Sprintf("%s: %s %s", c.Name, strings.Join(c.Targets, " "), c.Confidence), " ")+
			map[bool]string{true: " "}[c.Confidence == ""])
	}
	return lines
}

// TestSuggestedMappingsWork: what is suggested parses as it is, and once the few
// open places are filled in, it maps every row that is in order.
func TestSuggestedMappingsWork(t *testing.T) {
	for name, export := range exportsOfBrokers {
		f := openExport(t, name)
		text := suggestFor(t, f).text()
		if _, err := ParseSpec(name, []byte(text)); err != nil {
			t.Errorf("%s: as it is: %v", name, err)
		}
		for _, column := range export.settled {
			text = strings.Replace(text, "  # "+column+":", "  "+column+":", 1)
		}
		spec, err := ParseSpec(name, []byte(text))
		if err != nil {
			t.Errorf("%s: settled: %v", name, err)
			continue
		}
		m, err := New(f.Header(), Options{Now: testNow, MadeUp: true, Spec: spec})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		valid := 0
		for row := range f.Rows() {
			if m.Map([]source.Row{row})[0].Customer != nil {
				valid++
			}
		}
		if valid != export.valid {
			t.Errorf("%s: got %d valid rows, want %d", name, valid, export.valid)
		}
	}
}

// TestSuggestionTellsNothing searches what is suggested for whatever says who
// somebody is: whole cells, and the words of names and streets.
func TestSuggestionTellsNothing(t *testing.T) {
	for name, export := range exportsOfBrokers {
		f := openExport(t, name)
		secrets := map[string]bool{}
		for row := range f.Rows() {
			for i, cell := range row.Cells {
				if slices.Contains(strings.Split(export.personal, "|"), f.Header()[i]) {
					for _, word := range append(strings.Fields(cell), cell) {
						secrets[strings.Trim(word, ",")] = true
					}
				}
			}
		}
		if len(secrets) < 400 {
			t.Fatalf("%s: got %d secrets to look for", name, len(secrets))
		}
		if found := tells(suggestFor(t, f).text(), secrets); found > 0 {
			t.Errorf("%s: the suggestion holds %d words of customers'", name, found)
		}
	}
}

var words = regexp.MustCompile(`[^\s,:;"#{}\[\]()]+`)

// tells counts the words of a text that are secrets. Those of three letters or
// digits could be any.
func tells(text string, secrets map[string]bool) (found int) {
	for _, w := range words.FindAllString(text, -1) {
		if len(w) > 3 && secrets[w] {
			found++
		}
	}
	return found
}

func TestTellsFindsSecrets(t *testing.T) {
	if got := tells("# like \"Smith\", 900-01-0017", map[string]bool{"Smith": true, "900-01-0017": true}); got != 2 {
		t.Errorf("got %d, want 2", got)
	}
}

// column makes a file of one column beside a row number.
func column(name string, cells ...string) (header []string, rows iter.Seq2[source.Row, error]) {
	return []string{"account.description", name}, func(yield func(source.Row, error) bool) {
		for i := range 60 {
			if !yield(source.Row{Line: i + 2, Cells: []string{fmt.Sprintf("r-%04d", i), strings.ReplaceAll(cells[i%len(cells)], "*", fmt.Sprintf("%02d", i))}}, nil) {
				return
			}
		}
	}
}

// TestSuggestColumn shows what becomes of single columns: the entry as it is
// written, or why there is none.
func TestSuggestColumn(t *testing.T) {
	for _, tt := range []struct {
		name       string
		cells      []string
		confidence Confidence
		want       string // in the text
	}{
		// By name, in four languages and with slips of the finger.
		{"Forename", []string{"Ada"}, High, "first_name: Forename\n"},
		{"SURNAME", []string{"Lovelace"}, High, "last_name: SURNAME\n"},
		{"CustomerFirstName", []string{"Ada"}, High, "first_name: CustomerFirstName\n"},
		{"Frist Name", []string{"Ada"}, High, "first_name: Frist Name\n"},
		{"Prénom", []string{"Ada"}, High, "first_name: \"Prénom\"\n"},
		{"Fecha de nacimiento", []string{"31/12/1980", "01/02/1980"}, High, "date_of_birth: {column: Fecha de nacimiento, date: DD/MM/YYYY}"},
		{"Code postal", []string{"75001"}, High, "address.zip_code: Code postal\n"},
		{"Country of Residence", []string{"Germany", "France"}, High, "address.country: {column: Country of Residence, country: true}"},
		{"Nationalité", []string{"DEU", "FRA"}, High, "nationality: \"Nationalité\"\n"},
		{"Client Home Address", []string{"1 Main St"}, Medium, "address.address1: Client Home Address\n"},
		{"first_name", []string{"Ada"}, High, "first_name: first_name\n"},
		{"City", []string{"Albany"}, High, "address.city: City\n"},

		// By content.
		{"Contact", []string{"a*@example.com"}, Medium, "email: Contact\n"},
		{"Identification", []string{"900-01-00*"}, Medium, "cip_id: Identification\n"},
		{"Reach", []string{"(212) 555-01*"}, Medium, "phone_number: {column: Reach, phone: USA}"},
		{"Whereabouts", []string{"Kansas", "Utah", "Ohio"}, Medium, "address.province: {column: Whereabouts, region: USA}"},
		{"When", []string{"1980-01-31", "1955-02-28", "2001-12-01"}, Low, "# date_of_birth: When\n"},
		{"Activity", []string{"FT", "PT", "Retired"}, Low, "# employment_status:\n    # column: Activity\n    # values:\n      # FT: FULL_TIME  # 20 rows"},
		{"Last Order", []string{"2026-01-31", "2025-02-28"}, "", "Last Order  # "},

		// Name against content.
		{"Phone", []string{"yes", "no"}, Low, "# phone_number: Phone\n"},
		{"State", []string{"active", "closed"}, Medium, "address.province: State\n"},
		{"Tax ID", []string{"900-01-00*"}, Medium, "cip_id: Tax ID\n"},
		{"Steuernummer", []string{"0000001*"}, High, "tax_payer_id: Steuernummer\n"},
		{"Gender", []string{"F", "M"}, "", "- Gender  # "},
		{"Notes", []string{""}, "", "- Notes  # blank throughout"},
		{"Apt", []string{""}, Medium, "# \"Apt\": medium, by name, blank in this file; 0 of 60 filled\n  address.address2: Apt\n"},
		{"Apt", []string{"# 12", "Apt #4"}, High, "address.address2: {column: Apt, transliterate: true}"},
		{"Account Purpose", []string{"X1", "X2"}, Low, "# purpose_of_account:\n    # column: Account Purpose"},
		{"Country", []string{""}, "", "- Country  # blank throughout"},

		// Dates: declared only if proven.
		{"DOB", []string{"01/02/1980", "03/04/1981"}, High, "TODO: month or day first? 0 of 60 can only be month first, 0 only day first"},
		{"DOB", []string{"01/02/1980", "03/04/1981"}, High, "{column: DOB, date: proven}"},
		{"DOB", []string{"13/12/1980", "12/13/1981"}, High, "{column: DOB, date: proven}"},
		{"DOB", []string{"1/31/80", "12/1/81"}, High, "{column: DOB, date: M/D/YY}"},
		{"DOB", []string{"31-Jan-1980"}, High, "{column: DOB, date: DD-MMM-YYYY}"},
		{"DOB", []string{"19800131"}, High, "{column: DOB, date: YYYYMMDD}"},
		{"DOB", []string{"1980-01-31 00:00:00"}, High, "{column: DOB, split: \" \", part: 1}"},
		{"DOB", []string{"1980-01-31T00:00:00Z"}, High, "{column: DOB, split: \"T\", part: 1}"},
		{"DOB", []string{"01/31/1980 0:00"}, High, "{column: DOB, split: \" \", part: 1, date: MM/DD/YYYY}"},
		{"DOB", []string{"29221", "30000"}, High, "TODO: no known form of a date"},
		{"KYC Date", []string{"2025-01-31T10:00:00Z"}, High, "passthrough_verified_at: KYC Date\n"},

		// Ids that say something about the person.
		{"Client No", []string{"900-01-00*"}, Low, "number the customers yourself"},
		{"DOB", []string{"01/02/1980", "12/31/1981", "12/30/1981", "13/02/1980"}, High, "TODO: month or day first? 30 of 60 can only be month first, 15 only day first"},
		{"User ID", []string{"a*@example.com"}, High, "ref_id: {column: User ID, derive: " + namespace + "}"},
		{"SSN", []string{"9000100*", "900010*"}, High, "TODO: if these are leading zeros that a spreadsheet took, add pad: 9"},

		// Numbers.
		{"ZIP", []string{"10001", "10002", "2108"}, High, "{column: ZIP, pad: 5}"},
		{"Income", []string{"$12,5*.00"}, High, "{column: Income, band: true}"},
		{"Income", []string{"25,000 - 50,000", "Over $1M", "50k-100k"}, High, "\"25,000 - 50,000\": INCOME_0_TO_50K  # 20 rows"},
		{"Income", []string{"25,000 - 50,000", "Over $1M", "50k-100k"}, High, "Over $1M\": INCOME_ABOVE_1M"},
		{"Income", []string{"25,000 - 75,000"}, Medium, "# \"25,000 - 75,000\": TODO  # 60 rows"},
		{"Full Name", []string{"Lovelace, Ada"}, High, "last_name: {column: Full Name, split: \",\", part: 1}"},
		{"Full Name", []string{"Ada Lovelace"}, Medium, "last_name: {column: Full Name, split: \" \", part: \"2..\"}"},

		// Tables.
		{"Employment", []string{"Full-time", "Salary", "FT", "Retierd"}, High, "Retierd: RETIRED  # 15 rows; TODO: sure?"},
		{"Employment", []string{"Full-time", "X9"}, Medium, "# X9: TODO  # 30 rows\n"},
		{"Employment", []string{"Full-time", ""}, High, "# \"\": TODO  # 30 rows"},
		{"Employment", []string{"FULL_TIME", "RETIRED"}, High, "employment_status: Employment\n"},
		{"Employment", []string{"on 'leave': \"a\" #1", "FT"}, Medium, "# \"on 'leave': \\\"a\\\" #1\": TODO"},
		{"Occupation", []string{"clerk *"}, Low, "TODO: more than 30 different values"},
	} {
		header, rows := column(tt.name, tt.cells...)
		s, err := Suggest(header, rows, namespace)
		if err != nil {
			t.Errorf("%s %q: %v", tt.name, tt.cells, err)
			continue
		}
		text := s.text()
		if !strings.Contains(text, tt.want) || s.Columns[1].Confidence != tt.confidence {
			t.Errorf("%s %q: got %s confidence, want %s with %q in\n%s", tt.name, tt.cells, s.Columns[1].Confidence, tt.confidence, tt.want, text)
		}
		if _, err := ParseSpec("", []byte(text)); err != nil {
			t.Errorf("%s %q: %v in\n%s", tt.name, tt.cells, err, text)
		}
	}
}

// TestSuggestFullName: a column of whole names is only split where no others
// hold the parts, wherever they stand.
func TestSuggestFullName(t *testing.T) {
	header := []string{"Client Name", "First Name", "Last Name"}
	s, err := Suggest(header, func(yield func(source.Row, error) bool) {
		yield(source.Row{Cells: []string{"Lovelace, Ada", "Ada", "Lovelace"}}, nil)
	}, namespace)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"Client Name: ", "First Name: first_name high", "Last Name: last_name high"}, shown(s)); d != "" {
		t.Error(d)
	}
}

// TestSuggestTaxIDBesideSSN: a second column of SSNs takes nothing from the first,
// and is no tax number of another country.
func TestSuggestTaxIDBesideSSN(t *testing.T) {
	s, err := Suggest([]string{"Tax ID", "SSN"}, func(yield func(source.Row, error) bool) {
		yield(source.Row{Cells: []string{"900010017", "900-01-0017"}}, nil)
	}, namespace)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"Tax ID: ", "SSN: cip_id high"}, shown(s)); d != "" {
		t.Error(d)
	}
}

// TestRareValuesAreNotShown: what stands in a list by mistake may be a name.
func TestRareValuesAreNotShown(t *testing.T) {
	for _, stray := range []string{"Lovelace", "Lovelace, Ada", "ada@example.com", "900010017", "1980-01-31"} {
		cells := slices.Repeat([]string{"FT", "PT"}, 30)
		cells[7], cells[8] = stray, stray
		header, rows := column("Employment", cells...)
		s, err := Suggest(header, rows, namespace)
		if err != nil || strings.Contains(s.text(), stray) || !strings.Contains(s.text(), "TODO: and other values in 2 rows, not shown") {
			t.Errorf("%q: got %v,\n%s", stray, err, s.text())
		}
	}
}

// TestUnfilledTableRejects: until the operator says what a value means, its rows
// are rejected.
func TestUnfilledTableRejects(t *testing.T) {
	header, rows := column("Employment", "FT", "X9")
	s, err := Suggest(header, rows, namespace)
	if err != nil {
		t.Fatal(err)
	}
	entry := s.entry("employment_status")
	s.entries = []*suggested{entry}
	spec, err := ParseSpec("", []byte(s.text()))
	if err != nil {
		t.Fatal(err)
	}
	v := spec.targets[0].values
	for cell, want := range map[string]string{"FT": "FULL_TIME, ", "X9": "X9, value_unmapped"} {
		got, r := v.apply(cell, nil)
		id := ""
		if r != nil {
			id = r.ID
		}
		if got+", "+id != want {
			t.Errorf("%q: got %s, %s, want %s", cell, got, id, want)
		}
	}
}

func TestSuggestRefusesHeaders(t *testing.T) {
	none := func(func(source.Row, error) bool) {}
	for want, header := range map[string][]string{
		"same name":                {"Name", " name "},
		"column 2 has no name":     {"Name", ""},
		"column 2 of it looks":     {"Ada", "ada@example.com"},
		"column 3 of it looks":     {"Ada", "Lovelace", "1980-01-31"},
		"column 1 of it looks":     {"900-01-0017"},
		"the first line is no hea": {"Lovelace", "$50,000"},
		"none of the column names": {"Ada", "Lovelace", "Albany"},
	} {
		_, err := Suggest(header, none, namespace)
		var e *HeaderError
		if !errors.As(err, &e) || !strings.Contains(e.Text, want) || e.Hint == "" {
			t.Errorf("%q: got %v, want %q with a hint", header, err, want)
		}
	}
	_, err := Suggest([]string{"Clients as of 2026-11-20", ""}, func(yield func(source.Row, error) bool) {
		yield(source.Row{Cells: []string{"", ""}}, nil)
		yield(source.Row{Damage: &source.Damage{Rule: source.RuleFieldCount}}, nil)
	}, namespace)
	if e := new(HeaderError); !errors.As(err, &e) || e.Hint != "take off the lines above the header" || strings.Contains(e.Text, "2026") {
		t.Errorf("a title: got %v", err)
	}
	broken := errors.New("broken")
	if _, err := Suggest([]string{"Name"}, func(yield func(source.Row, error) bool) { yield(source.Row{}, broken) }, namespace); !errors.Is(err, broken) {
		t.Errorf("got %v, want the error of the rows", err)
	}
}

func TestMasked(t *testing.T) {
	for v, want := range map[string]string{
		"Ada Lovelace": "Aaa Aaaaaaaa", "900-01-0017": "999-99-9999", "Élise ß": "Aaaaa a", "日本": "aa", "a\nb\x1b[": "a?a?[",
		strings.Repeat("x", 30): strings.Repeat("a", 24) + "…",
	} {
		if got := masked(v); got != want {
			t.Errorf("%q: got %q, want %q", v, got, want)
		}
	}
}

// TestSuggestsAnything: whatever a file holds, what is suggested is a mapping
// that fits it, once a column is mapped at all.
func TestSuggestsAnything(t *testing.T) {
	cells := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "FT", "Ada", "NULL", "#REF!", "1.2E+08", "01/02/1980", "1980-01-31", "900-01-0017", "USA", "NY",
		"a@example.com", "$1,000", "12,50", "Lovelace, Ada", "2108", "'", "\"", ": ", "# ", "- x", "{a}", "&a", "*a", "!a", "%", "@", "`", "\u00a0"}))
	heads := rapid.OneOf(cells, rapid.SampledFrom([]string{"DOB", "Client No", "SSN", "Name", "State", "Empl", "Income", "Country", "Zip", "Tax ID", "Street", "House No", "ID Type"}))
	rapid.Check(t, func(t *rapid.T) {
		header := append([]string{"account.description"}, rapid.SliceOfNDistinct(heads, 1, 4, foldHeading).Draw(t, "header")...)
		var rows []source.Row
		for range rapid.IntRange(0, 20).Draw(t, "rows") {
			rows = append(rows, source.Row{Cells: append([]string{"some"}, rapid.SliceOfN(cells, len(header)-1, len(header)-1).Draw(t, "cells")...)})
		}
		s, err := Suggest(header, func(yield func(source.Row, error) bool) {
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
			}
		}, namespace)
		var e *HeaderError
		if errors.As(err, &e) {
			return
		}
		spec, err := ParseSpec("", []byte(s.text()))
		if err != nil {
			if len(rows) == 0 && len(s.entries) == 0 {
				return
			}
			t.Fatalf("%v in\n%s", err, s.text())
		}
		if places, err := headings(header); err != nil || spec.meets(header, places) != nil {
			t.Fatalf("it does not fit %q: %v\n%s", header, spec.meets(header, places), s.text())
		}
	})
}

func TestNeedsNone(t *testing.T) {
	if !NeedsNone([]string{"ref_id", "fiat_account.account_number"}) || NeedsNone([]string{"Client No"}) {
		t.Error("a file of bank accounts needs no mapping, one of a broker does")
	}
}
