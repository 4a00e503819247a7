package mapping

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"embark/onboard"
	"embark/paxos"
	"embark/source"
)

// widgets is a valid LLC.
func widgets(changes ...string) map[string]string {
	cells := map[string]string{
		"ref_id": "inst-7", "type": "INSTITUTION", "name": "Example Widgets",
		"business_address.address1": "1 Plant Way", "business_address.city": "Troy", "business_address.province": "NY",
		"business_address.zip_code": "12180", "business_address.country": "USA",
		"incorporation_address.address1": "2 Court St", "incorporation_address.city": "Dover", "incorporation_address.province": "DE",
		"incorporation_address.zip_code": "19901", "incorporation_address.country": "USA",
		"institution_type": "LLC", "institution_sub_type": "MANUFACTURING",
		"cip_id": "120000007", "cip_id_type": "EIN", "cip_id_country": "USA", "govt_registration_date": "2019-02-03",
		"regulation_status": "NON_REGULATED", "trading_type": "PRIVATE", "business_description": "Makes widgets",
		"source_of_wealth": "BUSINESS_OWNERSHIP_DIVIDENDS", "source_of_funds": "BUSINESS_DIVIDENDS_PROFITS", "industry_sector": "MANUFACTURING",
		"has_underlying_trust_structure": "FALSE", "has_nominee_shareholders": "true",
		"members": "cust-17:BENEFICIAL_OWNER:60:Founder|cust-18:MANAGEMENT_CONTROL_PERSON|cust-17:AUTHORIZED_USER",
	}
	return set(cells, changes)
}

// family is a valid trust, with nothing that its grid does not require.
func family(changes ...string) map[string]string {
	return set(map[string]string{
		"ref_id": "inst-8", "type": "INSTITUTION", "name": "Example Family Trust",
		"business_address.address1": "1 Plant Way", "business_address.city": "Troy", "business_address.province": "NY",
		"business_address.zip_code": "12180", "business_address.country": "USA",
		"institution_type": "TRUST", "institution_sub_type": "INVESTMENT",
		"cip_id": "123-45-6780", "cip_id_type": "SSN", "cip_id_country": "USA", "govt_registration_date": "2019-02-03",
		"members": "cust-17:TRUSTEE|cust-17:GRANTOR|cust-18:BENEFICIARY",
	}, changes)
}

// adviser is a valid registered investment adviser.
func adviser(changes ...string) map[string]string {
	cells := widgets("institution_sub_type", "REGISTERED_INVESTMENT_ADVISOR", "regulation_status", "US_REGULATED",
		"regulator_name", "SEC", "regulator_jurisdiction", "USA", "regulator_register_number", "801-00000")
	for _, c := range []string{"business_description", "source_of_wealth", "source_of_funds", "industry_sector", "has_underlying_trust_structure", "has_nominee_shareholders"} {
		delete(cells, c)
	}
	return set(cells, changes)
}

func set(cells map[string]string, changes []string) map[string]string {
	for i := 0; i < len(changes); i += 2 {
		cells[changes[i]] = changes[i+1]
	}
	return cells
}

func TestInstitutionFindings(t *testing.T) {
	const ria = ", institution_sub_type adviser_approval?"
	for _, tt := range []struct {
		name  string
		cells map[string]string
		want  string
	}{
		{"company", widgets(), ""},
		{"trust", family(), ""},
		{"adviser", adviser(), ria[2:]},
		{"sole proprietorship", widgets("institution_type", "SOLE_PROPRIETORSHIP", "regulation_status", "", "trading_type", "", "members", "cust-17:SOLE_PROPRIETOR"),
			"institution_type sole_proprietorship?"},
		{"a person's cell", widgets("first_name", "Ada", "nationality", "USA"), "first_name wrong_type, nationality wrong_type"},
		{"an institution's cell", with("type", "PERSON", "name", "Example", "business_address.address1", "", "business_address.city", "", "business_address.province", "", "business_address.country", "",
			"institution_type", "", "institution_sub_type", "", "govt_registration_date", ""), "name wrong_type"},

		{"nothing required", widgets("name", "", "business_address.city", "", "institution_type", "", "institution_sub_type", "", "govt_registration_date", "", "cip_id", ""),
			"name required, business_address.city required, institution_type required, institution_sub_type required, cip_id required, govt_registration_date required"},
		{"name with an accent", widgets("name", "Café Example"), "name accent"},
		{"state", widgets("business_address.province", "New York"), "business_address.province us_state"},
		{"ZIP codes", widgets("business_address.zip_code", "", "incorporation_address.zip_code", "9901"), "business_address.zip_code required, incorporation_address.zip_code leading_zero"},
		{"ZIP codes the other way", widgets("business_address.zip_code", "2180", "incorporation_address.zip_code", ""), "business_address.zip_code leading_zero, incorporation_address.zip_code required"},
		{"incorporated in no state", widgets("incorporation_address.province", "Delaware", "incorporation_address.zip_code", "199011"), "incorporation_address.province us_state, incorporation_address.zip_code us_zip"},
		{"odd ZIP code", widgets("business_address.zip_code", "121800"), "business_address.zip_code us_zip"},
		{"half an address", family("incorporation_address.city", "Dover"), "incorporation_address.address1 required, incorporation_address.province required, incorporation_address.country required"},
		{"phone and e-mail", widgets("phone_number", "17", "email", "x"), "phone_number phone?, email email?"},

		{"EIN with hyphen", widgets("cip_id", "12-0000007"), ""},
		{"EIN too short", widgets("cip_id", "1200007"), "cip_id leading_zero"},
		{"EIN of ten digits", widgets("cip_id", "1200000070"), "cip_id ein_form"},
		{"EIN of an unassigned prefix", widgets("cip_id", "07-0000007"), "cip_id ein_structure?"},
		{"EIN made up", widgets("cip_id", "00-0000007"), "cip_id ein_made_up"},
		{"EIN of another country", widgets("cip_id_country", "CAN"), "cip_id_country us_number_country"},
		{"EIN in scientific notation", widgets("cip_id", "1.2E+08"), "cip_id scientific_notation"},
		{"SSN that cannot be", family("cip_id", "666-12-3456"), "cip_id ssn_structure"},
		{"SSN made up", family("cip_id", "900-01-0001"), "cip_id ssn_made_up"},
		{"passport", widgets("cip_id_type", "PASSPORT"), "cip_id_type enum, tax_payer_id tax_details"},
		{"ref_id with the EIN", widgets("ref_id", "inst-12-0000007"), "ref_id ref_id_personal"},

		{"registered at a time", widgets("govt_registration_date", "2019-02-03T04:05:06+01:00"), ""},
		{"registered on no day", widgets("govt_registration_date", "2019-02-30"), "govt_registration_date date"},
		{"registered in America", widgets("govt_registration_date", "2/3/2019"), "govt_registration_date date"},
		{"registered in a spreadsheet", widgets("govt_registration_date", "43499"), "govt_registration_date date"},
		{"registered tomorrow", widgets("govt_registration_date", "2026-11-16"), "govt_registration_date future"},

		{"prohibited", widgets("institution_sub_type", "WEAPONS"), "institution_sub_type prohibited"},
		{"prohibited and gone", widgets("institution_sub_type", "RANSOMWARE"), "institution_sub_type enum"},
		{"prohibited sector", widgets("industry_sector", "DRUGS"), "industry_sector prohibited?"},
		{"trust that manufactures", family("institution_sub_type", "MANUFACTURING"), "institution_sub_type sub_type"},
		{"company that is a trust", widgets("institution_sub_type", "INVESTMENT"), "institution_sub_type sub_type"},

		{"company without its grid", widgets("incorporation_address.address1", "", "incorporation_address.city", "", "incorporation_address.province", "", "incorporation_address.zip_code", "", "incorporation_address.country", "",
			"regulation_status", "", "trading_type", "", "business_description", "", "source_of_wealth", "", "source_of_funds", "", "industry_sector", "", "has_underlying_trust_structure", "", "has_nominee_shareholders", ""),
			"incorporation_address.address1 required, incorporation_address.city required, incorporation_address.province required, incorporation_address.country required, regulation_status required, trading_type required, " +
				"business_description required, source_of_wealth required, source_of_funds required, industry_sector required, has_underlying_trust_structure required, has_nominee_shareholders required"},
		{"trust with an EIN", family("cip_id", "12-0000007", "cip_id_type", "EIN"),
			"incorporation_address.address1 required, incorporation_address.city required, incorporation_address.province required, incorporation_address.country required"},
		{"boolean", widgets("has_nominee_shareholders", "no"), "has_nominee_shareholders boolean"},

		{"regulated, private", widgets("regulation_status", "INTL_REGULATED"), "regulator_name required, regulator_jurisdiction required, regulator_register_number required"},
		{"regulated, public", widgets("regulation_status", "US_REGULATED", "trading_type", "PUBLIC"),
			"regulator_name required, regulator_jurisdiction required, regulator_register_number required, listed_exchange required, ticker_symbol required"},
		{"regulated subsidiary", widgets("regulation_status", "US_REGULATED", "trading_type", "PUBLICLY_TRADED_SUBSIDIARY"),
			"regulator_name required, regulator_jurisdiction required, regulator_register_number required, listed_exchange required, ticker_symbol required, parent_institution_name required"},
		{"not regulated, public", widgets("trading_type", "PUBLIC"), "listed_exchange required, ticker_symbol required"},
		{"not regulated subsidiary", widgets("trading_type", "PUBLICLY_TRADED_SUBSIDIARY"), "trading_type trading_type"},
		{"adviser not regulated", adviser("regulation_status", "NON_REGULATED", "regulator_name", ""), "institution_sub_type adviser_approval?, regulator_name required"},

		{"register number without tax details", widgets("cip_id", "HRB 17", "cip_id_type", "REGISTRATION_NUMBER", "cip_id_country", "DEU"), "tax_payer_id tax_details"},
		{"register number with them", widgets("cip_id", "HRB 17", "cip_id_type", "REGISTRATION_NUMBER", "cip_id_country", "DEU", "tax_payer_id", "17", "tax_payer_country", "DEU"), ""},
		{"register number, no tax", widgets("cip_id", "HRB 17", "cip_id_type", "REGISTRATION_NUMBER", "cip_id_country", "DEU", "tax_details_not_required", "true"), ""},
		{"register number of the USA, no tax", widgets("cip_id", "17", "cip_id_type", "REGISTRATION_NUMBER", "tax_details_not_required", "true"), "tax_details_not_required tax_details"},
		{"EIN, no tax", widgets("tax_details_not_required", "true"), "tax_details_not_required tax_details"},
		{"EIN and another tax number", widgets("tax_payer_id", "13-0000007", "tax_payer_country", "USA"), "tax_payer_id tax_details"},

		{"no members", widgets("members", ""), "members member_required"},
		{"member without a role", widgets("members", "cust-17|cust-18:BENEFICIAL_OWNER|cust-18:MANAGEMENT_CONTROL_PERSON"), "members member_role"},
		{"member of a trust", widgets("members", "cust-17:TRUSTEE"), "members member_role, members member_missing?, members member_missing?"},
		{"member of a company", family("members", "cust-17:BENEFICIAL_OWNER"), "members member_role"},
		{"trustee of a sole proprietorship", widgets("institution_type", "SOLE_PROPRIETORSHIP", "members", "cust-17:TRUSTEE"), "institution_type sole_proprietorship?, members member_role"},
		{"member of an account", widgets("members", "cust-17:FINANCIAL_ADVISOR|cust-18:BENEFICIAL_OWNER|cust-18:MANAGEMENT_CONTROL_PERSON"), "members member_role"},
		{"itself", widgets("members", "inst-7:BENEFICIAL_OWNER|cust-18:MANAGEMENT_CONTROL_PERSON"), "members member_self"},
		{"member that is none", widgets("members", "123-45-6780:BENEFICIAL_OWNER|a b:MANAGEMENT_CONTROL_PERSON"), "members member_ref_id"},
		{"the same twice", widgets("members", "cust-17:BENEFICIAL_OWNER|cust-17:BENEFICIAL_OWNER|cust-18:MANAGEMENT_CONTROL_PERSON"), "members member_repeated"},
		{"no owner", widgets("members", "cust-18:MANAGEMENT_CONTROL_PERSON"), "members member_missing?"},
		{"nobody in control", widgets("members", "cust-18:BENEFICIAL_OWNER:50"), "members member_missing?"},
		{"share over 100", widgets("members", "a:BENEFICIAL_OWNER:100.01|a:MANAGEMENT_CONTROL_PERSON"), "members member_ownership, members member_ownership_sum"},
		{"share with a sign", widgets("members", "a:BENEFICIAL_OWNER:60%|a:MANAGEMENT_CONTROL_PERSON"), "members member_ownership"},
		{"two shares", widgets("members", "a:BENEFICIAL_OWNER:60|a:MANAGEMENT_CONTROL_PERSON:40"), "members member_ownership"},
		{"shares of 100", widgets("members", "a:BENEFICIAL_OWNER:33.4|b:BENEFICIAL_OWNER:33.3|c:BENEFICIAL_OWNER:33.3|c:MANAGEMENT_CONTROL_PERSON:33.3"), ""},
		{"shares over 100", widgets("members", "a:BENEFICIAL_OWNER:33.41|b:BENEFICIAL_OWNER:33.3|c:BENEFICIAL_OWNER:33.3|c:MANAGEMENT_CONTROL_PERSON"), "members member_ownership_sum"},
		{"others' shares do not count", widgets("members", "a:BENEFICIAL_OWNER:60|b:MANAGEMENT_CONTROL_PERSON:60"), ""},
		{"exists", widgets("identity_id", "11111111-2222-4333-8444-555555555555", "members", "", "name", "", "first_name", "x"), ""},
		{"exists with members", widgets("identity_id", "11111111-2222-4333-8444-555555555555"), "members member_unused?"},
	} {
		t.Run(tt.name, func(t *testing.T) { finds(t, mapOne(t, tt.cells, Options{}), tt.want) })
	}
}

func TestInstitution(t *testing.T) {
	c := mapOne(t, widgets("incorporation_address.address2", "Floor 2", "metadata.k", "v", "account.members", "cust-19:AUTHORIZED_USER"), Options{}).Customer
	no, yes := false, true
	want := &onboard.Customer{
		RefID: "inst-7",
		Identity: &paxos.CreateIdentityRequest{
			RefID: "inst-7",
			InstitutionDetails: &paxos.InstitutionDetails{
				Name:                 "Example Widgets",
				BusinessAddress:      &paxos.Address{Address1: "1 Plant Way", City: "Troy", Province: "NY", ZipCode: "12180", Country: "USA"},
				IncorporationAddress: &paxos.Address{Address1: "2 Court St", Address2: "Floor 2", City: "Dover", Province: "DE", ZipCode: "19901", Country: "USA"},
				BusinessDescription:  "Makes widgets", InstitutionType: "LLC", InstitutionSubType: "MANUFACTURING",
				CIPID: "12-0000007", CIPIDType: "EIN", CIPIDCountry: "USA", GovtRegistrationDate: "2019-02-03T00:00:00Z",
				RegulationStatus: "NON_REGULATED", TradingType: "PRIVATE",
			},
			CustomerDueDiligence: &paxos.CustomerDueDiligence{SourceOfWealth: "BUSINESS_OWNERSHIP_DIVIDENDS", SourceOfFunds: "BUSINESS_DIVIDENDS_PROFITS",
				IndustrySector: "MANUFACTURING", HasUnderlyingTrustStructure: &no, HasNomineeShareholders: &yes},
			Metadata: map[string]string{"k": "v"},
		},
		Members: []onboard.Member{
			{RefID: "cust-17", Roles: []string{"BENEFICIAL_OWNER", "AUTHORIZED_USER"}, Ownership: "60", Position: "Founder"},
			{RefID: "cust-18", Roles: []string{"MANAGEMENT_CONTROL_PERSON"}},
		},
		Account:        &paxos.CreateAccountRequest{CreateProfile: true, Account: paxos.Account{RefID: "inst-7-account", Type: "BROKERAGE"}},
		AccountMembers: []onboard.Member{{RefID: "cust-19", Roles: []string{"AUTHORIZED_USER"}}},
	}
	if d := cmp.Diff(want, c); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if got, want := CIP(c), "EIN|USA|120000007"; got != want {
		t.Errorf("CIP: got %q, want %q", got, want)
	}
	if c := mapOne(t, family(), Options{}).Customer; c.Identity.CustomerDueDiligence != nil || c.Identity.InstitutionDetails.IncorporationAddress != nil {
		t.Errorf("trust: got %+v, want nothing empty", c.Identity)
	}
	if c := mapOne(t, family("cip_id", "00-0000007", "cip_id_type", "EIN", "incorporation_address.address1", "1", "incorporation_address.city", "Dover", "incorporation_address.province", "DE",
		"incorporation_address.zip_code", "19901", "incorporation_address.country", "USA"), Options{MadeUp: true}).Customer; c == nil {
		t.Error("made-up EINs are refused where they are allowed")
	}
}

func TestHeaderOfInstitutions(t *testing.T) {
	institutions, persons := slices.Sorted(maps.Keys(widgets())), slices.Sorted(maps.Keys(ada()))
	without := func(header []string, column string) []string {
		return slices.DeleteFunc(slices.Clone(header), func(c string) bool { return c == column })
	}
	both := slices.Compact(slices.Sorted(slices.Values(slices.Concat(institutions, persons))))
	for _, tt := range []struct {
		name   string
		header []string
		text   string // contained in the error; "" for none
	}{
		{"institutions", institutions, ""},
		{"both", both, ""},
		{"both, persons not complete", without(both, "date_of_birth"), ""},
		{"no type", without(institutions, "type"), "missing: type"},
		{"no name", without(institutions, "name"), "missing: name"},
		{"no members", without(institutions, "members"), ""},
		{"persons with type", append(without(persons, "first_name"), "type"), "missing: first_name"},
		{"persons with members and bank", append(slices.Clone(persons), "members", "fiat_account.account_number"), ""},
		{"institutions that exist", []string{"ref_id", "type", "identity_id", "name"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(tt.header, Options{})
			if (err == nil) != (tt.text == "") || err != nil && !strings.Contains(err.Error(), tt.text) {
				t.Errorf("got %v, want %q", err, tt.text)
			}
		})
	}
}

// TestMixedFile: persons and institutions in one file, each held to its own columns.
func TestMixedFile(t *testing.T) {
	header := slices.Compact(slices.Sorted(slices.Values(slices.Concat(slices.Collect(maps.Keys(widgets())), slices.Collect(maps.Keys(ada()))))))
	header = slices.DeleteFunc(header, func(c string) bool { return c == "last_name" })
	m, err := New(header, Options{Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	var rows []source.Row
	for _, cells := range []map[string]string{ada(), widgets(), ada()} {
		row := source.Row{}
		for _, c := range header {
			row.Cells = append(row.Cells, cells[c])
		}
		rows = append(rows, row)
	}
	r := m.Map(rows)
	finds(t, r[0], "last_name required")
	finds(t, r[1], "")
	finds(t, r[2], "last_name required")
	if ref, account := m.Refs(rows[1]); ref != "inst-7" || account != "inst-7-account" {
		t.Errorf("got %q, %q", ref, account)
	}
}
