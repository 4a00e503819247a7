package samples

import (
	"fmt"
	"io"
	"maps"
	"slices"
)

// The seed of the checked-in files, and how many persons customers.csv has.
const (
	fileSeed  = 20261121
	customers = 1000
)

// A Fault is a row of customers.csv that is not onboarded.
type Fault struct {
	Row    int    // counted from one; it stands on line Row+1
	RefID  string // "" where the row cannot be read
	Column string // that the finding names
	Rule   string // of package rules or source; "duplicate_ref_id", "duplicate_cip" and "repeated" are the run's
	About  string

	spoil func(rows []person, p person)
}

// Faults lists the rows of customers.csv that are not onboarded, in the order
// of the file.
func Faults() []Fault {
	list := make([]Fault, len(faults))
	for i, f := range faults {
		f.RefID = fmt.Sprintf("cust-%08d", f.Row)
		switch f.Rule {
		case "duplicate_ref_id":
			f.RefID = "cust-00000400"
		case "repeated":
			f.RefID = "cust-00000459"
		case "field_count":
			f.RefID = ""
		}
		list[i] = f
	}
	return list
}

func set(column, value string) func([]person, person) {
	return func(_ []person, p person) { p[column] = value }
}

var faults = []Fault{
	{Row: 57, Column: "date_of_birth", Rule: "date", About: "American date", spoil: set("date_of_birth", "02/27/1979")},
	{Row: 101, Column: "last_name", Rule: "required", About: "no last name", spoil: set("last_name", "")},
	{Row: 163, Column: "employment_status", Rule: "enum", About: "not written as in Paxos's list", spoil: set("employment_status", "Full time")},
	{Row: 222, Column: "last_name", Rule: "curly_quote", About: "typographic apostrophe", spoil: set("last_name", "O’Brien")},
	{Row: 278, Column: "first_name", Rule: "accent", About: "letter with an accent", spoil: set("first_name", "José")},
	{Row: 345, Column: "address.zip_code", Rule: "leading_zero", About: "leading zero of the ZIP code lost", spoil: boston("2108")},
	{Row: 400, Column: "ref_id", Rule: "duplicate_ref_id", About: "same ref_id as the next row, another person"},
	{Row: 401, Column: "ref_id", Rule: "duplicate_ref_id", About: "same ref_id as the row before, another person", spoil: set("ref_id", "cust-00000400")},
	{Row: 460, Rule: "repeated", About: "the row before once more",
		spoil: func(rows []person, p person) { maps.Copy(p, blankTo(rows[459-1])) }},
	{Row: 523, Column: "cip_id", Rule: "duplicate_cip", About: "same SSN as the next row, another ref_id"},
	{Row: 524, Column: "cip_id", Rule: "duplicate_cip", About: "same SSN as the row before, another ref_id",
		spoil: func(rows []person, p person) { p["cip_id"] = rows[523-1]["cip_id"] }},
	{Row: 588, Column: "date_of_birth", Rule: "age", About: "a minor", spoil: set("date_of_birth", "2015-06-01")},
	{Row: 640, Column: "cip_id", Rule: "scientific_notation", About: "SSN turned into scientific notation", spoil: set("cip_id", "9.00123E+08")},
	{Row: 701, Column: "address.province", Rule: "us_state", About: "state not as two letters",
		spoil: func(_ []person, p person) {
			p["address.city"], p["address.province"], p["address.zip_code"] = "Albany", "New York", "12207"
		}},
	{Row: 765, Column: "passthrough_verified_at", Rule: "date_time", About: "date without time", spoil: set("passthrough_verified_at", "2025-03-04")},
	{Row: 833, Rule: "field_count", About: "the row is cut off", spoil: set(cutOff, "yes")},
	{Row: 900, Column: "address.address1", Rule: "too_long", About: "address longer than 35 characters",
		spoil: set("address.address1", "12345 Northwest Martin Luther King Boulevard")},
}

// cutOff marks a row that ends after its third cell.
const cutOff = "(cut off)"

func boston(zip string) func([]person, person) {
	return func(_ []person, p person) {
		p["address.city"], p["address.province"], p["address.zip_code"] = "Boston", "MA", zip
	}
}

// blankTo gives a row with all columns, so that copying it leaves nothing behind.
func blankTo(p person) person {
	all := person{}
	for _, c := range customerColumns {
		all[c] = p[c]
	}
	return all
}

// customerColumns are those of customers.csv.
var customerColumns = append(slices.Clone(header), "tax_payer_id", "tax_payer_country", "tax_details_not_required", "account.type", "metadata.branch")

// special are the valid rows that are not of the common kind.
var special = map[int]person{
	12:  {"account.type": "TRADITIONAL_IRA"},
	77:  {"account.type": "NONE"},
	150: abroad("BRA", "Sao Paulo", "SP", "01310-100", "FZ000017", "+55 11 5550 0100", "tax_payer_id", "000.000.001-91"),
	310: abroad("GBR", "London", "London", "EC1A 1BB", "500000017", "+44 20 7946 0100", "tax_payer_id", "0000000017"),
	480: abroad("CAN", "Toronto", "ON", "M5H 2N2", "AA000017", "+1 416 555 0100", "tax_payer_id", "000 000 018"),
	690: abroad("ARE", "Dubai", "Dubai", "", "N0000017", "+971 4 555 0100", "tax_details_not_required", "true"),
	950: {"address.address1": "P.O. Box 17"}, // valid, with a warning
}

// abroad is a person who lives in the country of their passport.
func abroad(country, city, province, zip, passport, phone, taxColumn, tax string) person {
	p := person{"address.city": city, "address.province": province, "address.zip_code": zip, "address.country": country,
		"nationality": country, "cip_id": passport, "cip_id_type": "PASSPORT", "cip_id_country": country,
		"phone_number": phone, taxColumn: tax}
	if taxColumn == "tax_payer_id" {
		p["tax_payer_country"] = country
	}
	return p
}

// writeCustomers writes customers.csv.
func writeCustomers(w io.Writer) error {
	rows := people(customers)
	for n, changes := range special {
		maps.Copy(rows[n-1], changes)
	}
	for _, f := range faults {
		if f.spoil != nil {
			f.spoil(rows, rows[f.Row-1])
		}
	}
	return write(w, customerColumns, slices.Values(rows))
}

func people(n int) []person {
	m := newMaker(fileSeed)
	rows := make([]person, n)
	for i := range rows {
		rows[i] = m.person(i + 1)
		rows[i]["metadata.branch"] = []string{"east", "midwest", "south", "west"}[i%4]
	}
	return rows
}

// writeSmall writes small.csv: others than in customers.csv, so that both can
// be onboarded with one checkpoint.
func writeSmall(w io.Writer) error {
	return write(w, header, slices.Values(smallPersons(12)))
}

func smallPersons(n int) []person {
	m := newMaker(fileSeed)
	rows := make([]person, n)
	for i := range rows {
		rows[i] = m.person(customers + i + 1)
	}
	return rows
}

// writeDocumented writes documented.csv: John Doe as the OpenAPI document's
// example of Create Identity has him, and Billy Duncan, whom Paxos's guides
// onboard. What the examples leave out but the guides require is ours.
func writeDocumented(w io.Writer) error {
	john := person{
		"ref_id": "33ece656-eef1-43b5-a851-b6b9099089a5", "first_name": "John", "last_name": "Doe", "date_of_birth": "1980-01-01",
		"cip_id": "111-11-1234", "passthrough_verification_id": "documented-0001",
	}
	billy := person{
		"ref_id": "33ece656-eef1-43b5-a851-b6b9099089a7", "first_name": "Billy", "last_name": "Duncan", "date_of_birth": "1960-01-01",
		"cip_id": "900-11-1234", "passthrough_verification_id": "documented-0002",
	}
	for _, p := range []person{john, billy} {
		maps.Copy(p, person{
			"address.address1": "1 Example St", "address.city": "New York", "address.province": "NY", "address.zip_code": "10001",
			"address.country": "USA", "nationality": "USA", "cip_id_type": "SSN", "cip_id_country": "USA",
			"phone_number": "+1 555 678 1234", "email": "example@somemail.org",
			"passthrough_verifier_type": "JUMIO", "passthrough_verified_at": "2021-06-16T09:28:14Z",
			"passthrough_verification_status": "APPROVED", "passthrough_verification_fields": "FULL_LEGAL_NAME|DATE_OF_BIRTH",
			"estimated_yearly_income": "INCOME_50K_TO_100K", "expected_transfer_value": "TRANSFER_VALUE_0_TO_25K",
			"source_of_wealth": "EMPLOYMENT_INCOME", "employment_status": "FULL_TIME",
			"employment_industry_sector": "ARTS_ENTERTAINMENT_RECREATION",
			"metadata.custom_property1":  "custom value 1", "metadata.custom_property2": "custom value 2",
		})
	}
	columns := append(slices.Clone(header), "metadata.custom_property1", "metadata.custom_property2")
	return write(w, columns, slices.Values([]person{john, billy}))
}
