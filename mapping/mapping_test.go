package mapping

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"embark/paxos"
	"embark/rules"
	"embark/source"
)

// ada is a valid person; the tables change a cell or two.
func ada() map[string]string {
	return map[string]string{
		"ref_id": "cust-17", "first_name": "Ada", "last_name": "Example", "date_of_birth": "1985-12-10",
		"address.address1": "9 Sample Rd", "address.city": "Albany", "address.province": "NY", "address.zip_code": "12207",
		"address.country": "USA", "nationality": "USA", "cip_id": "123-45-6780", "cip_id_type": "SSN", "cip_id_country": "USA",
		"passthrough_verifier_type": "PERSONA", "passthrough_verified_at": "2026-05-04T10:11:12Z",
		"passthrough_verification_id": "inq_4821", "passthrough_verification_status": "APPROVED",
		"passthrough_verification_fields": "FULL_LEGAL_NAME|DATE_OF_BIRTH",
		"estimated_yearly_income":         "INCOME_50K_TO_100K", "expected_transfer_value": "TRANSFER_VALUE_0_TO_25K",
		"source_of_wealth": "EMPLOYMENT_INCOME", "employment_status": "FULL_TIME", "employment_industry_sector": "EDUCATIONAL_SERVICES",
	}
}

// mapOne maps a single row with the given cells.
func mapOne(t testing.TB, cells map[string]string, o Options) Result {
	t.Helper()
	header := slices.Sorted(maps.Keys(cells))
	row := source.Row{File: "in.csv", Line: 2}
	for _, h := range header {
		row.Cells = append(row.Cells, cells[h])
	}
	if o.Now.IsZero() {
		o.Now = testNow
	}
	m, err := New(header, o)
	if err != nil {
		t.Fatal(err)
	}
	return m.Map([]source.Row{row})[0]
}

// with changes some cells: column, value, column, value, …
func with(changes ...string) map[string]string {
	cells := ada()
	for i := 0; i < len(changes); i += 2 {
		cells[changes[i]] = changes[i+1]
	}
	return cells
}

func brazilian(changes ...string) map[string]string {
	return with(append([]string{"address.country", "BRA", "address.province", "SP", "nationality", "BRA", "cip_id", "FZ000017",
		"cip_id_type", "PASSPORT", "cip_id_country", "BRA"}, changes...)...)
}

func TestFindings(t *testing.T) {
	for _, tt := range []struct {
		name  string
		cells map[string]string
		want  string // "column rule, column rule", warnings with a ?
	}{
		{"clean", ada(), ""},
		{"several faults at once", with("first_name", "", "nationality", "US", "address.province", "New York"), "first_name required, nationality country, address.province us_state"},
		{"trimmed", with("first_name", " Ada\u00a0", "cip_id", " 123456780"), ""},
		{"placeholder", with("last_name", "N/A", "email", "NULL"), "last_name placeholder, email placeholder"},
		{"Mr Null", with("last_name", "Null"), ""},
		{"reference error", with("address.zip_code", "#REF!"), "address.zip_code placeholder, address.zip_code us_zip"},
		{"curly quote", with("last_name", "O’Brien"), "last_name curly_quote"},
		{"accent", with("address.city", "São Paulo"), "address.city accent"},
		{"other letters", with("first_name", "Ада"), "first_name pattern"},
		{"full-width digits", with("address.zip_code", "１２２０７"), "address.zip_code pattern, address.zip_code us_zip"},
		{"accent where there is no pattern", with("middle_name", "José"), ""},
		{"number sign", with("address.address2", "Apt #4"), "address.address2 pattern"},
		{"zero width", with("middle_name", "A\u200bda"), "middle_name invisible_character"},
		{"bidi", with("last_name", "Ex\u202eample"), "last_name invisible_character"},
		{"line break", with("address.address1", "9 Sample Rd\nApt 4"), "address.address1 line_break"},
		{"36 characters", with("address.address1", strings.Repeat("x", 36)), "address.address1 too_long"},
		{"formula", with("first_name", "=cmd()"), "first_name pattern"},

		{"American date", with("date_of_birth", "1/2/80"), "date_of_birth date"},
		{"serial date", with("date_of_birth", "31391"), "date_of_birth date"},
		{"month 13", with("date_of_birth", "1980-13-01"), "date_of_birth date"},
		{"no leap year", with("date_of_birth", "1981-02-29"), "date_of_birth date"},
		{"leap year", with("date_of_birth", "1980-02-29"), ""},
		{"future", with("date_of_birth", "2080-01-01"), "date_of_birth future"},
		{"18 tomorrow", with("date_of_birth", "2008-11-16"), "date_of_birth age"},
		{"18 today", with("date_of_birth", "2008-11-15"), ""},
		{"121", with("date_of_birth", "1905-11-15"), "date_of_birth age"},
		{"120", with("date_of_birth", "1905-11-16"), ""},

		{"SSN 000", with("cip_id", "000-12-3456"), "cip_id ssn_structure"},
		{"SSN 666", with("cip_id", "666-12-3456"), "cip_id ssn_structure"},
		{"SSN group 00", with("cip_id", "123-00-3456"), "cip_id ssn_structure"},
		{"SSN serial 0000", with("cip_id", "123-45-0000"), "cip_id ssn_structure"},
		{"the wallet's", with("cip_id", "078-05-1120"), "cip_id ssn_structure"},
		{"123456789", with("cip_id", "123456789"), "cip_id ssn_structure"},
		{"all ones", with("cip_id", "111-11-1111"), "cip_id ssn_structure"},
		{"all zeros", with("cip_id", "000-00-0000"), "cip_id ssn_structure"},
		{"made up", with("cip_id", "912-34-5678"), "cip_id ssn_made_up"},
		{"an ITIN", with("cip_id", "912-70-5678"), "cip_id ssn_structure"},
		{"ITIN", with("cip_id", "912-70-5678", "cip_id_type", "ITIN"), ""},
		{"ITIN that is an SSN", with("cip_id_type", "ITIN"), "cip_id itin_structure"},
		{"ITIN of group 93", with("cip_id", "912-93-5678", "cip_id_type", "ITIN"), "cip_id itin_structure"},
		{"lost zero", with("cip_id", "12345678"), "cip_id leading_zero"},
		{"ten digits", with("cip_id", "1234567890"), "cip_id us_number_form"},
		{"scientific", with("cip_id", "1.23457E+08"), "cip_id scientific_notation"},
		{"SSN of another country", with("cip_id_country", "CAN"), "cip_id_country us_number_country"},
		{"US resident with passport", with("cip_id_type", "PASSPORT", "cip_id", "X1234567", "tax_payer_id", "1", "tax_payer_country", "USA"), "cip_id_type us_resident_cip"},

		{"ZIP of four digits", with("address.zip_code", "2108"), "address.zip_code leading_zero"},
		{"ZIP of six", with("address.zip_code", "021088"), "address.zip_code us_zip"},
		{"ZIP+4", with("address.zip_code", "02108-1234"), ""},
		{"no ZIP", with("address.zip_code", ""), "address.zip_code required"},
		{"post office box", with("address.address1", "p.o. box 17"), "address.address1 po_box?"},
		{"Boxwood", with("address.address1", "17 Boxwood Ln"), ""},

		{"abroad without tax details", brazilian(), "tax_payer_id tax_details"},
		{"abroad", brazilian("tax_payer_id", "000.000.001-91", "tax_payer_country", "BRA"), ""},
		{"abroad, no tax", brazilian("tax_details_not_required", "TRUE"), ""},
		{"abroad, no tax said no", brazilian("tax_details_not_required", "false"), "tax_payer_id tax_details"},
		{"half tax details", brazilian("tax_payer_id", "1"), "tax_payer_country tax_details"},
		{"both", brazilian("tax_payer_id", "1", "tax_payer_country", "BRA", "tax_details_not_required", "true"), "tax_details_not_required tax_details"},
		{"not required in the USA", with("tax_details_not_required", "true"), "tax_details_not_required tax_details"},

		{"SSN and a tax number elsewhere", with("tax_payer_id", "1", "tax_payer_country", "CAN"), ""},
		{"SSN and the same tax number", with("tax_payer_id", "123456780", "tax_payer_country", "USA"), ""},
		{"SSN and another tax number", with("tax_payer_id", "123-45-6781", "tax_payer_country", "USA"), "tax_payer_id tax_details"},
		{"passport of the USA abroad", brazilian("cip_id_country", "USA", "tax_payer_id", "123-45-6780", "tax_payer_country", "USA"), ""},
		{"passport of the USA abroad, no tax", brazilian("cip_id_country", "USA", "tax_details_not_required", "true"), "tax_details_not_required tax_details"},
		{"half tax details the other way", brazilian("tax_payer_country", "BRA"), "tax_payer_id tax_details"},
		{"tax number too long", brazilian("tax_payer_id", strings.Repeat("1", 36), "tax_payer_country", "BRA"), "tax_payer_id too_long"},
		{"tax number in scientific notation", brazilian("tax_payer_id", "1.2E+10", "tax_payer_country", "BRA"), "tax_payer_id scientific_notation"},
		{"tax country of two letters", brazilian("tax_payer_id", "1", "tax_payer_country", "BR"), "tax_payer_country country"},
		{"not a boolean", brazilian("tax_details_not_required", "yes"), "tax_details_not_required boolean, tax_payer_id tax_details"},

		{"no verification", with("passthrough_verified_at", "", "passthrough_verification_fields", ""), "passthrough_verified_at required, passthrough_verification_fields required"},
		{"date only", with("passthrough_verified_at", "2026-05-04"), "passthrough_verified_at date_time"},
		{"verified tomorrow", with("passthrough_verified_at", "2026-11-16T12:00:00Z"), "passthrough_verified_at future"},
		{"PENDING", with("passthrough_verification_status", "PENDING"), "passthrough_verification_status enum"},
		{"DENIED", with("passthrough_verification_status", "DENIED"), "passthrough_verification_status verification_denied?"},
		{"field twice", with("passthrough_verification_fields", "CIP_ID|CIP_ID"), "passthrough_verification_fields enum"},
		{"manual with passthrough", with("verifier_type", "MANUAL"), "verifier_type passthrough_unused"},
		{"enum in lower case", with("employment_status", "full time"), "employment_status enum"},

		{"ref_id like an SSN", with("ref_id", "123-45-6781"), "ref_id ref_id_personal"},
		{"ref_id of nine digits", with("ref_id", "987001234"), "ref_id ref_id_personal"},
		{"ref_id like a phone number", with("ref_id", "212-555-0100"), "ref_id ref_id_personal"},
		{"ref_id like an e-mail", with("ref_id", "ada@example.com"), "ref_id ref_id"},
		{"ref_id with an SSN in it", with("ref_id", "cust-123-45-6781"), "ref_id ref_id_personal"},
		{"ref_id with this SSN in it", with("ref_id", "cust-123456780"), "ref_id ref_id_personal"},
		{"ref_id with a blank", with("ref_id", "cust 17"), "ref_id ref_id"},
		{"ref_id with other signs", with("ref_id", "A_1.2:3-x"), ""},
		{"account.ref_id like an SSN", with("account.ref_id", "123456781"), "account.ref_id ref_id_personal"},

		{"phone", with("phone_number", "+1 (212) 555-0100"), ""},
		{"local phone", with("phone_number", "555-0100"), "phone_number phone?"},
		{"scientific phone", with("phone_number", "1.21256E+10"), "phone_number scientific_notation"},
		{"e-mail", with("email", "ada"), "email email?"},
		{"other type", with("type", "DOG"), "type enum"},
		{"metadata", with("metadata.note", "a\u200bb"), "metadata.note invisible_character"},
		{"existing person", map[string]string{"ref_id": "c-1", "identity_id": "11111111-2222-4333-8444-555555555555"}, ""},
		{"existing person, rest ignored", with("identity_id", "11111111-2222-4333-8444-555555555555", "first_name", "José"), ""},
		{"no UUID", with("identity_id", "17"), "identity_id uuid"},
		{"nothing to do", map[string]string{"ref_id": "c-1", "identity_id": "11111111-2222-4333-8444-555555555555", "account.type": "NONE"}, "account.type nothing_to_do?"},
		{"account of no kind", with("account.type", "SAVINGS"), "account.type enum"},
		{"account not made", with("account.type", "NONE", "account.ref_id", "a-1"), "account.type account_unused?"},
	} {
		t.Run(tt.name, func(t *testing.T) { finds(t, mapOne(t, tt.cells, Options{}), tt.want) })
	}
}

// finds compares findings: "column rule, column rule", warnings with a ?.
func finds(t *testing.T, r Result, want string) {
	t.Helper()
	if got := short(r.Findings); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if rejected := rejects(r.Findings); rejected != (r.Customer == nil) {
		t.Errorf("rejected: %v, customer: %v", rejected, r.Customer != nil)
	}
}

func short(findings []rules.Finding) string {
	var got []string
	for _, f := range findings {
		s := f.Column + " " + f.Rule
		if f.Severity == "warning" {
			s += "?"
		}
		got = append(got, s)
	}
	return strings.Join(got, ", ")
}

func TestMadeUpNumbers(t *testing.T) {
	cells := with("cip_id", "900010017")
	if r := mapOne(t, cells, Options{MadeUp: true}); r.Customer == nil || r.Customer.Identity.PersonDetails.CIPID != "900-01-0017" {
		t.Errorf("got %v, want a customer with the number in its form", r.Findings)
	}
	if r := mapOne(t, cells, Options{}); r.Customer != nil {
		t.Error("a made-up number is accepted in production")
	}
}

func TestCustomer(t *testing.T) {
	c := mapOne(t, with("cip_id", "123456780", "metadata.Branch", "east", "metadata.empty", "", "account.metadata.k", "v",
		"passthrough_verification_fields", "CIP_ID | ADDRESS"), Options{}).Customer
	want := &paxos.CreateIdentityRequest{
		RefID: "cust-17",
		PersonDetails: &paxos.PersonDetails{
			VerifierType: "PASSTHROUGH", PassthroughVerifierType: "PERSONA", PassthroughVerifiedAt: "2026-05-04T10:11:12Z",
			PassthroughVerificationID: "inq_4821", PassthroughVerificationStatus: "APPROVED",
			PassthroughVerificationFields: []string{"CIP_ID", "ADDRESS"},
			FirstName:                     "Ada", LastName: "Example", DateOfBirth: "1985-12-10",
			Address:     &paxos.Address{Address1: "9 Sample Rd", City: "Albany", Province: "NY", ZipCode: "12207", Country: "USA"},
			Nationality: "USA", CIPID: "123-45-6780", CIPIDType: "SSN", CIPIDCountry: "USA",
		},
		CustomerDueDiligence: &paxos.CustomerDueDiligence{EstimatedYearlyIncome: "INCOME_50K_TO_100K",
			ExpectedTransferValue: "TRANSFER_VALUE_0_TO_25K", SourceOfWealth: "EMPLOYMENT_INCOME",
			EmploymentStatus: "FULL_TIME", EmploymentIndustrySector: "EDUCATIONAL_SERVICES"},
		Metadata: map[string]string{"Branch": "east"},
	}
	if d := cmp.Diff(want, c.Identity); d != "" {
		t.Errorf("identity: (-want +got)\n%s", d)
	}
	account := &paxos.CreateAccountRequest{CreateProfile: true,
		Account: paxos.Account{RefID: "cust-17-account", Type: "BROKERAGE", Metadata: map[string]string{"k": "v"}}}
	if d := cmp.Diff(account, c.Account); d != "" {
		t.Errorf("account: (-want +got)\n%s", d)
	}
}

func TestAccountsAndExistingPersons(t *testing.T) {
	if c := mapOne(t, with("account.type", "NONE"), Options{}).Customer; c.Account != nil || c.Identity == nil {
		t.Errorf("NONE: got account %v, want an identity only", c.Account)
	}
	id := "11111111-2222-4333-8444-555555555555"
	c := mapOne(t, map[string]string{"ref_id": "c-1", "identity_id": id, "account.type": "ROTH_IRA", "account.ref_id": "a-1"}, Options{}).Customer
	if c.Identity != nil || c.IdentityID != id || c.Account.Account.RefID != "a-1" || c.Account.Account.Type != "ROTH_IRA" {
		t.Errorf("existing person: got %+v", c)
	}
	if CIP(c) != "" {
		t.Error("a person who exists has no CIP of ours")
	}
}

func TestCIP(t *testing.T) {
	for cells, want := range map[string]string{"123-45-6780": "SSN|USA|123456780", "123456780": "SSN|USA|123456780"} {
		if got := CIP(mapOne(t, with("cip_id", cells), Options{}).Customer); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	c := mapOne(t, brazilian("cip_id", "fz-000 017", "tax_details_not_required", "true"), Options{}).Customer
	if got, want := CIP(c), "PASSPORT|BRA|FZ000017"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHeader(t *testing.T) {
	all := slices.Sorted(maps.Keys(ada()))
	for _, tt := range []struct {
		name       string
		header     []string
		text, hint string // contained in the error; "" for none
	}{
		{"good", all, "", ""},
		{"other case, blanks and NBSP", append([]string{" Ref_ID\u00a0"}, slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == "ref_id" })...), "", ""},
		{"rejected.csv", append(slices.Clone(all), "embark_errors", "metadata.K", "account.metadata.k"), "", ""},
		{"existing persons", []string{"ref_id", "identity_id"}, "", ""},
		{"unknown", append(slices.Clone(all), "frist_name"), `"frist_name" is not known`, `"first_name"`},
		{"without group", append(slices.Clone(all), "zip_code"), `"zip_code" is not known`, `"address.zip_code"`},
		{"far off", append(slices.Clone(all), "shoe size"), "is not known", "metadata.KEY"},
		{"no name", append(slices.Clone(all), ""), "has no name", ""},
		{"twice", append(slices.Clone(all), "REF_ID "), `have the same name "ref_id"`, ""},
		{"missing", []string{"ref_id", "first_name"}, "missing: last_name, date_of_birth, address.address1", ""},
		{"missing verification", slices.DeleteFunc(slices.Clone(all), func(s string) bool { return strings.HasPrefix(s, "pass") }), "missing: passthrough_verifier_type, passthrough_verified_at", ""},
		{"data for a header", []string{"17", "Ada", "Example"}, "the first line is no header: column 1", "add a line"},
		{"names for a header", []string{"Ada", "Example"}, "none of the column names", "really a header"},
		{"metadata without key", append(slices.Clone(all), "metadata."), "metadata key", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(tt.header, Options{})
			var e *HeaderError
			switch {
			case tt.text == "" && err != nil:
				t.Errorf("got %v, want no error", err)
			case tt.text != "" && (!errors.As(err, &e) || !strings.Contains(e.Text, tt.text) || !strings.Contains(e.Hint, tt.hint)):
				t.Errorf("got %v (hint %q), want %q (%q)", err, hint(e), tt.text, tt.hint)
			}
		})
	}
}

func hint(e *HeaderError) string {
	if e == nil {
		return ""
	}
	return e.Hint
}

func TestDamagedRowsKeepTheirPlace(t *testing.T) {
	cells := ada()
	header := slices.Sorted(maps.Keys(cells))
	good := source.Row{Line: 3}
	for _, h := range header {
		good.Cells = append(good.Cells, cells[h])
	}
	bad := source.Row{Line: 2, Damage: &source.Damage{Rule: source.RuleFieldCount, Text: "too few"}}
	m, err := New(header, Options{Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range m.Map([]source.Row{bad, good, bad, bad, good}) {
		got = append(got, fmt.Sprint(r.Row.Line, r.Customer != nil, len(r.Findings)))
	}
	if want := []string{"2 false 1", "3 true 0", "2 false 1", "2 false 1", "3 true 0"}; !cmp.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if ref, account := m.Refs(bad); ref+account != "" {
		t.Errorf("damaged: got %q, %q", ref, account)
	}
	if got := m.Map(nil); len(got) != 0 {
		t.Errorf("got %v for no rows", got)
	}
}

func TestRefs(t *testing.T) {
	m, err := New(append(slices.Sorted(maps.Keys(ada())), "account.type", "account.ref_id"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range [][5]string{
		{"c-1", "", "", "c-1", "c-1-account"},
		{" c-1 ", "ROTH_IRA", " a-1", "c-1", "a-1"},
		{"c-1", "NONE", "a-1", "c-1", ""},
		{"123-45-6789", "", "", "", ""}, // never shown
		{"", "", "a-1", "", ""},
	} {
		row := source.Row{Cells: make([]string, len(m.header))}
		row.Cells[m.refID], row.Cells[m.accountType], row.Cells[m.accountRefID] = tt[0], tt[1], tt[2]
		if ref, account := m.Refs(row); ref != tt[3] || account != tt[4] {
			t.Errorf("%q: got %q, %q, want %q, %q", tt[:3], ref, account, tt[3], tt[4])
		}
	}
}

// TestRefsTellNoNumbers: what a report may show holds no number of a document
// or bank account.
func TestRefsTellNoNumbers(t *testing.T) {
	for column, number := range map[string]string{"cip_id": " 908-02-0017", "fiat_account.account_number": "000770077001", "fiat_account.routing_number": "990000000"} {
		cells := wired(column, number)
		for _, refID := range []string{"c-1", "c-" + strings.TrimLeft(strings.ReplaceAll(number, "-", ""), " 0")} {
			cells["ref_id"] = refID
			row, m := rowOf(t, cells)
			if got, _ := m.Refs(row); (got == "") != (refID != "c-1") {
				t.Errorf("%s: got %q", column, got)
			}
		}
	}
}

// rowOf makes a row of the cells, and a mapper for it.
func rowOf(t *testing.T, cells map[string]string) (source.Row, *Mapper) {
	t.Helper()
	header := slices.Sorted(maps.Keys(cells))
	m, err := New(header, Options{Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	var row source.Row
	for _, column := range header {
		row.Cells = append(row.Cells, cells[column])
	}
	return row, m
}

func TestMappingDoesNotTouchTheRow(t *testing.T) {
	cells := with("first_name", " Ada ")
	r := mapOne(t, cells, Options{})
	if !slices.Contains(r.Row.Cells, " Ada ") || r.Customer.Identity.PersonDetails.FirstName != "Ada" {
		t.Error("the row's own cells were trimmed, or the customer's were not")
	}
}
