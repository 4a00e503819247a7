package mapping

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"

	"embark/rules"
)

// transformed is what a target makes of cells a, b and c: "value" or
// "value rule", warnings with a ?.
func transformed(t testing.TB, target string, cells ...string) string {
	t.Helper()
	column, body, _ := strings.Cut(target, ": ")
	text := "version: 1\nignore: [a, b, c]\ncolumns:\n  " + column + ": " + body + "\n"
	switch {
	case strings.HasSuffix(column, ".province"):
		text += "  " + strings.Replace(column, "province", "country", 1) + ": {column: country, country: true}\n"
	default:
		text += "  metadata.country: country\n"
	}
	s, err := ParseSpec("x.yaml", []byte(strings.Replace(text, "ignore: [a, b, c]\n", "", 1)))
	if err != nil {
		t.Fatalf("%v\n%s", err, err.(*SpecError).Source)
	}
	m := &Mapper{options: rules.Options{Now: testNow}}
	s.ignore = []heading{{"a", 1}, {"b", 1}, {"c", 1}}
	if err := m.bind([]string{"a", "b", "c", "country"}, s, rules.Columns()); err != nil {
		t.Fatal(err, err.(*HeaderError).Hint)
	}
	row := append(cells, make([]string, 4-len(cells))...)
	if len(cells) < 4 {
		row[3] = "USA"
	}
	so := make([]string, len(m.steps))
	faults := m.apply(row, so)
	got := so[0]
	for _, f := range faults {
		got += " " + f.rule.ID
		if f.rule.Severity == rules.Warning {
			got += "?"
		}
	}
	return got
}

func TestTransforms(t *testing.T) {
	const namespace = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
	for _, tt := range []struct {
		target string
		cells  []string
		want   string
	}{
		{"first_name: a", []string{" Ada\u00a0"}, "Ada"},
		{"first_name: {constant: Ada}", nil, "Ada"},
		{"first_name: {column: a, default: Ada}", []string{" "}, "Ada"},
		{"first_name: {column: a, default: Ada}", []string{"Bob"}, "Bob"},

		{"address.address1: {concat: [a, b]}", []string{"9", "Sample Rd"}, "9 Sample Rd"},
		{"address.address1: {concat: [a, b, c], separator: \", \"}", []string{"9", " ", "x"}, "9, x"},
		{"address.address1: {concat: [a, b], separator: \"\"}", []string{"9", "b"}, "9b"},
		{"address.address1: {concat: [a, b]}", []string{"9", "#REF!"}, "9 #REF! placeholder"},
		{"address.address1: {concat: [a, b]}", []string{"9", "####"}, "9 #### placeholder"},
		{"address.address1: {concat: [a, b]}", []string{"1,2E+08", "b"}, "1,2E+08 b scientific_notation"},
		{"address.address1: {concat: [a, b], default: None known}", nil, "None known"},

		{"last_name: {column: a, split: \",\", part: 1}", []string{"Example, Ada"}, "Example"},
		{"last_name: {column: a, split: \",\", part: 2}", []string{"Example, Ada"}, "Ada"},
		{"last_name: {column: a, split: \",\", part: 2}", []string{"Example"}, ""},
		{"last_name: {column: a, split: \" \", part: -1}", []string{"Ada  M \u00a0Example"}, "Example"},
		{"last_name: {column: a, split: \" \", part: \"2..\"}", []string{"Ada  van  Example"}, "van Example"},
		{"last_name: {column: a, split: \" \", part: -2..}", []string{"Ada van Example"}, "van Example"},
		{"last_name: {column: a, split: \"/\", part: \"2..\"}", []string{"a/ b/c "}, "b/c"},
		{"last_name: {column: a, split: \" \", part: 1}", []string{""}, ""},
		{"last_name: {column: a, split: \"|\", part: 3, default: X}", []string{"a|b"}, "X"},

		{"employment_status: {column: a, values: {FT: FULL_TIME, \"\": UNEMPLOYED}}", []string{"FT"}, "FULL_TIME"},
		{"employment_status: {column: a, values: {FT: FULL_TIME, \"\": UNEMPLOYED}}", []string{" ft "}, "FULL_TIME"},
		{"employment_status: {column: a, values: {FT: FULL_TIME, \"\": UNEMPLOYED}}", []string{" "}, "UNEMPLOYED"},
		{"employment_status: {column: a, values: {FT: FULL_TIME}}", []string{"XX"}, "XX value_unmapped"},
		{"employment_status: {column: a, values: {FT: FULL_TIME}}", []string{"FULL_TIME"}, "FULL_TIME value_unmapped"},
		{"employment_status: {column: a, values: {FT: FULL_TIME}}", []string{""}, ""},
		{"employment_status: {column: a, values: {FT: FULL_TIME}}", []string{"N/A"}, "N/A"},
		{"employment_status: {column: a, values: {\"N/A\": UNEMPLOYED}}", []string{"N/A"}, "UNEMPLOYED"},
		{"employment_status: {column: a, values: {X: \"\"}, default: RETIRED}", []string{"X"}, "RETIRED"},
		{"employment_status: {column: a, values: {f: FULL_TIME, F: UNEMPLOYED}}", []string{"F"}, "UNEMPLOYED"},
		{"employment_status: {column: a, values: {ff: FULL_TIME, FF: UNEMPLOYED}}", []string{"Ff"}, "Ff value_unmapped"},
		{"employment_status: {column: a, values: {1: FULL_TIME, true: RETIRED, NO: UNEMPLOYED}}", []string{"1"}, "FULL_TIME"},
		{"employment_status: {column: a, values: {01: FULL_TIME}}", []string{"1"}, "1 value_unmapped"},

		{"date_of_birth: {column: a, date: MM/DD/YYYY}", []string{"12/10/1985"}, "1985-12-10"},
		{"date_of_birth: {column: a, date: MM/DD/YYYY}", []string{"1/2/1985"}, "1/2/1985 date"},
		{"date_of_birth: {column: a, date: M/D/YYYY}", []string{"1/2/1985"}, "1985-01-02"},
		{"date_of_birth: {column: a, date: M/D/YYYY}", []string{"01/12/1985"}, "1985-01-12"},
		{"date_of_birth: {column: a, date: MM/DD/YYYY}", []string{"12/10/85"}, "12/10/85 date"},
		{"date_of_birth: {column: a, date: MM/DD/YYYY}", []string{"13/10/1985"}, "13/10/1985 date"},
		{"date_of_birth: {column: a, date: MM/DD/YYYY}", []string{"02/29/1981"}, "02/29/1981 date"},
		{"date_of_birth: {column: a, date: MM/DD/YYYY}", []string{"02/29/1980"}, "1980-02-29"},
		{"date_of_birth: {column: a, date: MM/DD/YYYY}", []string{"12/10/1985 "}, "1985-12-10"},
		{"date_of_birth: {column: a, date: MM/DD/YYYY}", []string{"12/10/1985x"}, "12/10/1985x date"},
		{"date_of_birth: {column: a, date: MM/DD/YYYY}", []string{"12-10-1985"}, "12-10-1985 date"},
		{"date_of_birth: {column: a, date: MM/DD/YYYY}", []string{"1985-12-10"}, "1985-12-10 date"},
		{"date_of_birth: {column: a, date: MM/DD/YYYY}", []string{"31391"}, "31391 date"},
		{"date_of_birth: {column: a, date: MM/DD/YYYY}", []string{"#REF!"}, "#REF!"},
		{"date_of_birth: {column: a, date: MM/DD/YYYY}", []string{""}, ""},
		{"date_of_birth: {column: a, date: MM/DD/YYYY}", []string{"００/00/0000"}, "００/00/0000 date"},
		{"date_of_birth: {column: a, date: MM/DD/YYYY}", []string{"01/01/0000"}, "01/01/0000 date"},
		{"date_of_birth: {column: a, date: YYYYMMDD}", []string{"19851210"}, "1985-12-10"},
		{"date_of_birth: {column: a, date: DD-MMM-YYYY}", []string{"10-DEC-1985"}, "1985-12-10"},
		{"date_of_birth: {column: a, date: DD-MMM-YYYY}", []string{"10-Dez-1985"}, "10-Dez-1985 date"},
		{"date_of_birth: {column: a, date: \"MMM D, YYYY\"}", []string{"Dec 9, 1985"}, "1985-12-09"},
		{"date_of_birth: {column: a, date: D.M.YYYY}", []string{"9.12.1985"}, "1985-12-09"},
		{"date_of_birth: {column: a, date: DD.MM.YY}", []string{"10.12.85"}, "1985-12-10"},
		{"date_of_birth: {column: a, date: DD.MM.YY}", []string{"15.11.26"}, "2026-11-15"}, // today
		{"date_of_birth: {column: a, date: DD.MM.YY}", []string{"16.11.26"}, "1926-11-16"}, // never in the future
		{"date_of_birth: {column: a, date: DD.MM.YY}", []string{"29.02.00"}, "2000-02-29"},
		{"govt_registration_date: {column: a, date: DD.MM.YY}", []string{"16.11.26"}, "1926-11-16"},
		{"passthrough_verified_at: {column: a, date: MM/DD/YY}", []string{"11/16/26"}, "2026-11-16T00:00:00Z"}, // in the future, as the rule says
		{"metadata.until: {column: a, date: MM/DD/YY}", []string{"01/31/99"}, "2099-01-31"},
		{"passthrough_verified_at: {column: a, date: DD.MM.YYYY}", []string{"04.05.2026"}, "2026-05-04T00:00:00Z"},
		{"govt_registration_date: {column: a, date: DD.MM.YYYY}", []string{"04.05.2026"}, "2026-05-04"},
		{"date_of_birth: {column: a, split: \" \", part: 1, date: YYYY-MM-DD}", []string{"1985-12-10 00:00:00"}, "1985-12-10"},

		{"phone_number: {column: a, phone: USA}", []string{"(212) 555-0100"}, "+12125550100"},
		{"phone_number: {column: a, phone: USA}", []string{"212.555.0100"}, "+12125550100"},
		{"phone_number: {column: a, phone: USA}", []string{"1 212 555 0100"}, "+12125550100"},
		{"phone_number: {column: a, phone: USA}", []string{"+44 20 7946 0000"}, "+442079460000"},
		{"phone_number: {column: a, phone: GBR}", []string{"020 7946 0000"}, "+442079460000"},
		{"phone_number: {column: a, phone: DEU}", []string{"0151/23456789"}, "+4915123456789"},
		{"phone_number: {column: a, phone: CAN}", []string{"+1 (416) 555-0100"}, "+14165550100"},
		{"phone_number: {column: a, phone: USA}", []string{"+12125550100"}, "+12125550100"},
		{"phone_number: {column: a, phone: USA}", []string{"555-0100"}, "555-0100 phone?"},
		{"phone_number: {column: a, phone: USA}", []string{"+52 55 5123 4567"}, "+525551234567"},
		{"phone_number: {column: a, phone: USA}", []string{"555"}, "555 phone?"},
		{"phone_number: {column: a, phone: USA}", []string{"212-555-0100 ext. 7"}, "+12125550100 phone?"},
		{"phone_number: {column: a, phone: USA}", []string{"call me"}, "call me phone?"},
		{"phone_number: {column: a, phone: USA}", []string{"212-555-0100x12"}, "+12125550100 phone?"},
		{"phone_number: {column: a, phone: DEU}", []string{"49 151 12345678 x12"}, "49 151 12345678 x12 phone?"},
		{"phone_number: {column: a, phone: USA}", []string{"911 555 0100 x12"}, "+19115550100 phone?"},
		{"phone_number: {column: a, phone: USA}", []string{"+44 20 7946 0000 EXT 7"}, "+442079460000 phone?"},
		{"phone_number: {column: a, phone: USA}", []string{"CALL WORK 555-0123"}, "CALL WORK 555-0123 phone?"},
		{"phone_number: {column: a, phone: USA}", []string{"202 555 0123 home"}, "202 555 0123 home phone?"},
		{"phone_number: {column: a, phone: USA}", []string{"+1 202 555 0123 home"}, "+1 202 555 0123 home phone?"},
		{"phone_number: {column: a, phone: USA}", []string{"Fax 202 555 0123"}, "Fax 202 555 0123 phone?"},
		{"phone_number: {column: a, phone: USA}", []string{"0612345678"}, "0612345678 phone?"},
		{"phone_number: {column: a, phone: DEU}", []string{"4915112345678"}, "4915112345678 phone?"},
		{"phone_number: {column: a, phone: DEU}", []string{"04915 112345678"}, "+494915112345678"},
		{"phone_number: {column: a, phone: DEU}", []string{"+49 4915 112345678"}, "+494915112345678"},
		{"phone_number: {column: a, phone: DEU}", []string{"0049 151 12345678"}, "+4915112345678"},
		{"phone_number: {column: a, phone: DEU}", []string{"15112345678"}, "+4915112345678"},
		{"phone_number: {column: a, phone: GBR}", []string{"44 20 7946 0000"}, "+442079460000"},
		{"phone_number: {column: a, phone: USA}", []string{"2.12555E+09"}, "2.12555E+09"},
		{"phone_number: {column: a, phone: USA}", []string{"NULL"}, "NULL"},

		{"nationality: {column: a, country: true}", []string{"US"}, "USA"},
		{"nationality: {column: a, country: true}", []string{"usa"}, "USA"},
		{"nationality: {column: a, country: true}", []string{"U.S.A."}, "USA"},
		{"nationality: {column: a, country: true}", []string{"The United States of America"}, "USA"},
		{"nationality: {column: a, country: true}", []string{"Georgia"}, "GEO"},
		{"nationality: {column: a, country: true}", []string{"COTE D'IVOIRE"}, "CIV"},
		{"nationality: {column: a, country: true}", []string{"Côte d’Ivoire"}, "CIV"},
		{"nationality: {column: a, country: true}", []string{"Korea, Republic of"}, "KOR"},
		{"nationality: {column: a, country: true}", []string{"Saint Kitts and Nevis"}, "KNA"},
		{"nationality: {column: a, country: true}", []string{"TÜRKIYE"}, "TUR"},
		{"nationality: {column: a, country: true}", []string{"Congo"}, "Congo"},
		{"nationality: {column: a, country: true}", []string{"Korea"}, "Korea"},
		{"nationality: {column: a, country: true}", []string{"Atlantis"}, "Atlantis"},
		{"nationality: {column: a, country: true, default: USA}", []string{""}, "USA"},
		{"nationality: {column: a, values: {D: DEU}, country: true}", []string{"D"}, "DEU"},
		{"nationality: {column: a, values: {D: DEU}, country: true}", []string{"d"}, "DEU"},
		{"nationality: {column: a, values: {D: DEU}, country: true}", []string{"Austria"}, "AUT"},
		{"nationality: {column: a, values: {DE: AUT}, country: true}", []string{"DE"}, "AUT"},
		{"nationality: {column: a, values: {D: DEU}, country: true}", []string{"Atlantis"}, "Atlantis"},
		{"nationality: {column: a, values: {D: DEU}, country: true}", []string{"N/A"}, "N/A"},
		{"nationality: {column: a, values: {\"N/A\": AUT}, country: true}", []string{"N/A"}, "AUT"},
		{"nationality: {column: a, values: {D: \"\"}, country: true, default: USA}", []string{"D"}, "USA"},
		{"address.province: {column: a, values: {NYC: NY}, region: USA}", []string{"NYC"}, "NY"},
		{"address.province: {column: a, values: {NYC: NY}, region: USA}", []string{"New Jersey"}, "NJ"},
		{"date_of_birth: {column: a, values: {unknown: \"\"}, date: DD.MM.YYYY}", []string{"unknown"}, ""},
		{"date_of_birth: {column: a, values: {unknown: \"\"}, date: DD.MM.YYYY}", []string{"10.12.1985"}, "1985-12-10"},
		{"date_of_birth: {column: a, split: \" \", part: 1, values: {x: \"\"}, date: DD.MM.YYYY}", []string{"10.12.1985 x"}, "1985-12-10"},
		{"estimated_yearly_income: {column: a, values: {low: INCOME_0_TO_50K}, band: true}", []string{"low"}, "INCOME_0_TO_50K"},
		{"estimated_yearly_income: {column: a, values: {low: INCOME_0_TO_50K}, band: true}", []string{"85,000"}, "INCOME_50K_TO_100K"},

		{"address.province: {column: a, region: USA}", []string{"New York"}, "NY"},
		{"address.province: {column: a, region: USA}", []string{"ny"}, "NY"},
		{"address.province: {column: a, region: USA}", []string{"N.Y."}, "NY"},
		{"address.province: {column: a, region: USA}", []string{"Calif."}, "CA"},
		{"address.province: {column: a, region: USA}", []string{"Washington, D.C."}, "DC"},
		{"address.province: {column: a, region: USA}", []string{"Washington"}, "WA"},
		{"address.province: {column: a, region: USA}", []string{"Puerto Rico"}, "PR"},
		{"address.province: {column: a, region: USA}", []string{"Armed Forces Pacific"}, "AP"},
		{"address.province: {column: a, region: USA}", []string{"Ontario"}, "Ontario"},
		{"address.province: {column: a, region: USA}", []string{"New York", "", "", "CA"}, "New York"},
		{"address.province: {column: a, region: USA}", []string{"New York", "", "", "United States"}, "NY"},
		{"business_address.province: {column: a, region: USA}", []string{"Georgia", "", "", "US"}, "GA"},

		{"estimated_yearly_income: {column: a, band: true}", []string{"0"}, "INCOME_0_TO_50K"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"49,999.99"}, "INCOME_0_TO_50K"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"$50,000.00"}, "INCOME_50K_TO_100K"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"USD 85000"}, "INCOME_50K_TO_100K"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"999999"}, "INCOME_750K_TO_1M"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"1,000,000"}, "INCOME_ABOVE_1M"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"85k"}, "85k amount"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"50-100"}, "50-100 amount"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"-1"}, "-1 amount"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"(500)"}, "(500) amount"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"85.000"}, "85.000 amount"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"85,5"}, "85,5 amount"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"1,2345"}, "1,2345 amount"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"85,000,"}, "85,000, amount"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"€85000"}, "€85000 amount"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"$"}, "$ amount"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"85."}, "85. amount"},
		{"estimated_yearly_income: {column: a, band: true}", []string{strings.Repeat("9", 30)}, strings.Repeat("9", 30) + " amount"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"8.5E+04"}, "8.5E+04 scientific_notation"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"#N/A"}, "#N/A"},
		{"estimated_yearly_income: {column: a, band: true}", []string{""}, ""},
		{"estimated_yearly_income: {column: a, band: true}", []string{"US$85,000"}, "INCOME_50K_TO_100K"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"85,000 $"}, "INCOME_50K_TO_100K"},
		{"estimated_yearly_income: {column: a, band: true, decimal: \",\"}", []string{"72500,50"}, "INCOME_50K_TO_100K"},
		{"estimated_yearly_income: {column: a, band: true, decimal: \",\"}", []string{"72.500,50"}, "INCOME_50K_TO_100K"},
		{"estimated_yearly_income: {column: a, band: true, decimal: \",\"}", []string{"1.000.000"}, "INCOME_ABOVE_1M"},
		{"estimated_yearly_income: {column: a, band: true, decimal: \",\"}", []string{"1 000 000,00 USD"}, "INCOME_ABOVE_1M"},
		{"estimated_yearly_income: {column: a, band: true, decimal: \",\"}", []string{"1\u00a0000\u00a0000"}, "INCOME_ABOVE_1M"},
		{"estimated_yearly_income: {column: a, band: true, decimal: \",\"}", []string{"1\u202f000\u202f000"}, "INCOME_ABOVE_1M"},
		{"estimated_yearly_income: {column: a, band: true, decimal: \",\"}", []string{"1\u2009000\u2009000"}, "INCOME_ABOVE_1M"},
		{"estimated_yearly_income: {column: a, band: true, decimal: \",\"}", []string{"1'000’000"}, "1'000’000 amount"},
		{"estimated_yearly_income: {column: a, band: true, decimal: \",\"}", []string{"1'000'000"}, "INCOME_ABOVE_1M"},
		{"estimated_yearly_income: {column: a, band: true, decimal: \",\"}", []string{"85.00"}, "85.00 amount"},
		{"estimated_yearly_income: {column: a, band: true, decimal: \",\"}", []string{"85,000"}, "85,000 amount"},
		{"estimated_yearly_income: {column: a, band: true, decimal: \",\"}", []string{"8.50.000"}, "8.50.000 amount"},
		{"estimated_yearly_income: {column: a, band: true, decimal: \",\"}", []string{"1000.000"}, "1000.000 amount"},
		{"estimated_yearly_income: {column: a, band: true, decimal: \",\"}", []string{".000"}, ".000 amount"},
		{"estimated_yearly_income: {column: a, band: true, decimal: \",\"}", []string{"1.000,"}, "1.000, amount"},
		{"estimated_yearly_income: {column: a, band: true, decimal: \",\"}", []string{"85.000 €"}, "85.000 € amount"},
		{"estimated_net_worth: {column: a, band: true}", []string{"2500000"}, "NET_WORTH_2_5M_TO_5M"},
		{"estimated_net_worth: {column: a, band: true}", []string{"50000000"}, "NET_WORTH_OVER_50M"},
		{"expected_transfer_value: {column: a, band: true}", []string{"24999"}, "TRANSFER_VALUE_0_TO_25K"},
		{"expected_transfer_value: {column: a, band: true}", []string{"2499999.99"}, "TRANSFER_VALUE_1M_TO_2_5M"},
		{"expected_transfer_value: {column: a, band: true}", []string{"5000000"}, "TRANSFER_VALUE_ABOVE_5M"},

		{"passthrough_verification_id: {column: a, pad: 9}", []string{"1234567"}, "001234567 padded?"},
		{"passthrough_verification_id: {column: a, pad: 9}", []string{"123456780"}, "123456780"},
		{"passthrough_verification_id: {column: a, pad: 9}", []string{"1234567800"}, "1234567800"},
		{"passthrough_verification_id: {column: a, pad: 9}", []string{"12-345"}, "12-345"},
		{"passthrough_verification_id: {column: a, pad: 9}", []string{"1.2E+08"}, "1.2E+08"},
		{"passthrough_verification_id: {column: a, pad: 9}", []string{""}, ""},
		{"metadata.desk: {column: a, pad: 3}", []string{"7"}, "007 padded?"},

		{"first_name: {column: a, transliterate: true}", []string{"Ada"}, "Ada"},
		{"first_name: {column: a, transliterate: true}", []string{"José"}, "Jose transliterated?"},
		{"first_name: {column: a, transliterate: true}", []string{"Jose\u0301"}, "Jose transliterated?"},
		{"first_name: {column: a, transliterate: true}", []string{"Łukasz Straße"}, "Lukasz Strasse transliterated?"},
		{"first_name: {column: a, transliterate: true}", []string{"O’Brien"}, "O'Brien transliterated?"},
		{"first_name: {column: a, transliterate: true}", []string{"Þór Ærøø"}, "THor AEroo transliterated?"},
		{"first_name: {column: a, transliterate: true}", []string{"José Ж"}, "José Ж"},
		{"first_name: {column: a, transliterate: true}", []string{"A\u200bda"}, "A\u200bda"},

		{"first_name: {column: a, transliterate: true}", []string{"Andr\u201a"}, "Andr\u201a"},
		{"first_name: {column: a, transliterate: true}", []string{"M\u201eller"}, "M\u201eller"},
		{"first_name: {column: a, transliterate: true}", []string{"André M\u201aller"}, "André M\u201aller"},
		{"address.address1: {column: a, transliterate: true}", []string{"9 Sample Rd # 12"}, "9 Sample Rd No 12 transliterated?"},
		{"address.address1: {column: a, transliterate: true}", []string{"Apt #4"}, "Apt No 4 transliterated?"},
		{"address.address1: {column: a, transliterate: true}", []string{"#4"}, "No 4 transliterated?"},
		{"address.address1: {column: a, transliterate: true}", []string{"Straße 9#4"}, "Strasse 9 No 4 transliterated?"},
		{"address.address1: {column: a, transliterate: true}", []string{"#1 #2, #"}, "No 1 No 2, # transliterated?"},
		{"address.address1: {column: a, transliterate: true}", []string{"Apt #B"}, "Apt #B"},
		{"address.address1: {column: a, transliterate: true}", []string{"#4 Ж"}, "#4 Ж"},
		{"first_name: {column: a, transliterate: true}", []string{"José #1"}, "Jose #1 transliterated?"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"www.example.com"}, "2ed6657d-e927-568b-95e1-2665a8aea6a2"}, // RFC 9562, appendix A.4
		{"ref_id: {column: a, derive: " + namespace + "}", []string{""}, ""},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"1.2E+08"}, "1.2E+08 scientific_notation"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"N/A"}, "N/A"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"900-01-0001"}, "900-01-0001 ref_id_personal"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"900010001"}, "900010001 ref_id_personal"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"90-0010001"}, "90-0010001 ref_id_personal"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"900 01 0001"}, "900 01 0001 ref_id_personal"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"９００-01-0001"}, "９００-01-0001 ref_id_personal"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"SSN 900-01-0001"}, "SSN 900-01-0001 ref_id_personal"},
		{"ref_id: {concat: [a, b], separator: \"\", derive: " + namespace + "}", []string{"90001", "0001"}, "900010001 ref_id_personal"},
		{"metadata.id: {column: a, derive: " + namespace + "}", []string{"900010001"}, "900010001 ref_id_personal"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"ada@example.com"}, "a63472b0-a053-5c05-a7e6-582ae2e0bd53"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"+1 212-555-0100"}, "ce9a3e66-782d-51ba-9c10-a422ff2604f7"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"K-000012345"}, "K-000012345 ref_id_personal"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"SSN900010001"}, "SSN900010001 ref_id_personal"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"id:900–01–0001"}, "id:900–01–0001 ref_id_personal"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"EIN 90-0010001"}, "EIN 90-0010001 ref_id_personal"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"000000900010001"}, "000000900010001 ref_id_personal"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"900010001@example.com"}, "8c66cc89-2643-582d-a59e-b9dbb823e038"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"1900-01-00011"}, "4350553f-1532-5458-a2a0-edf5823d5250"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"12345678"}, "70f31a11-fe5b-5327-b839-6178bfe94a3a"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{`\N`}, `\N`},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"1,2E+08"}, "1,2E+08 scientific_notation"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"12\u200b3"}, "12\u200b3 invisible_character"},
		{"ref_id: {column: a, derive: " + namespace + "}", []string{"12\n3"}, "12\n3 line_break"},
		{"last_name: {column: a, split: \" \", part: 1}", []string{"Ada\nM x"}, "Ada\nM"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"$ 85,000 USD"}, "INCOME_50K_TO_100K"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"85,000 USD"}, "INCOME_50K_TO_100K"},
		{"estimated_yearly_income: {column: a, band: true}", []string{"$\n85"}, "$\n85 amount"},
		{"ref_id: {column: a, split: \"-\", part: 1, derive: " + namespace + "}", []string{"www.example.com-1"}, "2ed6657d-e927-568b-95e1-2665a8aea6a2"},

		{"metadata.since: {column: a, date: DD.MM.YYYY}", []string{"04.05.2026"}, "2026-05-04"},
	} {
		if got := transformed(t, tt.target, tt.cells...); got != tt.want {
			t.Errorf("%s of %q: got %q, want %q", tt.target, tt.cells, got, tt.want)
		}
	}
}

// TestNumberSignIsAccepted: what it becomes is within Paxos's pattern.
func TestNumberSignIsAccepted(t *testing.T) {
	spec := strings.Replace(legacy, "[House No, Street]}", "[House No, Street], transliterate: true}", 1)
	r := mapWith(t, spec, theirs("Street", "Sample Rd, Apt #4"))
	if r.Customer == nil || len(r.Findings) != 1 || r.Findings[0].Rule != "transliterated" {
		t.Errorf("got %v, want the address taken with a warning", r.Findings)
	}
}

// TestAmericanNumbers: the short way gives what the library gives.
func TestAmericanNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.StringMatching(`\+?1?[ .-]?\(?[0-9]{3}\)?[ .-]?[0-9]{3}[ .-]?[0-9]{3,5}`).Draw(t, "number")
		got, ok := american(v)
		if !ok {
			return
		}
		n, err := phonenumbers.Parse(v, rapid.SampledFrom([]string{"US", "CA", "BS", "PR"}).Draw(t, "country"))
		if err != nil || phonenumbers.IsPossibleNumberWithReason(n) != phonenumbers.IS_POSSIBLE || phonenumbers.Format(n, phonenumbers.E164) != got {
			t.Fatalf("%q: got %q, the library says otherwise (%v)", v, got, err)
		}
	})
}

// TestDamageIsTheRules: what counts as a placeholder or scientific notation is
// the same before and after the mapping.
func TestDamageIsTheRules(t *testing.T) {
	for _, v := range append(slices.Clone(odd), "NULL", "null", "nil", "None", "none", "undefined", "NaN", "nan", "n/a", "#N/A", "--", "?",
		"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#ERROR!",
		"(null)", "<NULL>", `\N`, "####", "#SPILL!", "1,2E+08", "1E+1", "1.5E-10", "1.2.3E+4", "E+5", "1E5") {
		p := &rules.Row{}
		p.Set("cip_id", trim(v))
		placeholder, scientific := false, false
		for _, f := range rules.CheckRow(p, rules.Options{Now: time.Now()}) {
			placeholder = placeholder || f.Column == "cip_id" && f.Rule == "placeholder"
			scientific = scientific || f.Column == "cip_id" && f.Rule == "scientific_notation"
		}
		if rules.IsPlaceholder(trim(v)) != placeholder {
			t.Errorf("placeholder %q: got %t, the rules say %t", v, !placeholder, placeholder)
		}
		if rules.IsScientific(trim(v)) != scientific {
			t.Errorf("scientific %q: got %t, the rules say %t", v, !scientific, scientific)
		}
	}
}

// TestPlaces: every country and state of the tables passes the rules, and no
// name stands for two.
func TestPlaces(t *testing.T) {
	if _, codes := countries(); len(codes) != 249 {
		t.Errorf("got %d countries, want 249", len(codes))
	}
	seen := map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(countryTable)) {
		code := line[3:6]
		if r := mapOne(t, with("nationality", code), Options{}); r.Customer == nil {
			t.Errorf("%s: got %v", code, r.Findings)
		}
		for name := range strings.SplitSeq(strings.TrimSpace(line[7:])+"|"+line[:2]+"|"+code, "|") {
			f := foldPlace(name)
			if other := seen[f]; other != "" && other != code {
				t.Errorf("%q is %s and %s", name, other, code)
			}
			seen[f] = code
		}
	}
	stateOf := map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(stateTable)) {
		code := line[:2]
		if r := mapOne(t, with("address.province", code), Options{}); r.Customer == nil {
			t.Errorf("%s: got %v", code, r.Findings)
		}
		for name := range strings.SplitSeq(strings.TrimSpace(line[3:])+"|"+code, "|") {
			f := foldPlace(name)
			if other := stateOf[f]; other != "" && other != code {
				t.Errorf("%q is %s and %s", name, other, code)
			}
			stateOf[f] = code
		}
	}
}

// TestBands: the bounds are read from the names.
func TestBands(t *testing.T) {
	for column, want := range map[string][]int64{
		"estimated_yearly_income": {0, 50e3, 100e3, 250e3, 500e3, 750e3, 1e6},
		"expected_transfer_value": {0, 25e3, 50e3, 100e3, 250e3, 500e3, 750e3, 1e6, 25e5, 5e6},
		"estimated_net_worth":     {0, 100e3, 500e3, 1e6, 25e5, 5e6, 75e5, 10e6, 25e6, 50e6},
	} {
		var got []int64
		for _, b := range bandsOf(column) {
			got = append(got, b.from)
		}
		same(t, got, want)
	}
}

// TestAmountsSayWhy: the finding names what is to be changed.
func TestAmountsSayWhy(t *testing.T) {
	for _, tt := range []struct {
		write writing
		v     string
		want  *rules.Rule
	}{
		{withPoint, "72500,50", &ruleWantsComma},
		{withPoint, "85.000", &ruleWantsComma},
		{withPoint, "1.234.567", &ruleWantsComma},
		{withPoint, "85 000", &ruleWantsComma},
		{withPoint, "85,0000", &ruleAmount},
		{withPoint, "€85,000", &ruleCurrency},
		{withPoint, "85,000£", &ruleCurrency},
		{withPoint, "EUR 85000", &ruleCurrency},
		{withPoint, "85000 CHF", &ruleCurrency},
		{withPoint, "NONE", &ruleAmount},
		{withPoint, "85k", &ruleAmount},
		{withPoint, "-5", &ruleNegative},
		{withComma, "85,000", &ruleWantsPoint},
		{withComma, "85,000.00", &ruleWantsPoint},
		{withComma, "85.00", &ruleWantsPoint},
		{withComma, "8.50.000", &ruleAmountComma},
		{withComma, "85.000 €", &ruleCurrency},
		{withComma, "-5", &ruleNegative},
	} {
		if _, r := tt.write.amount(tt.v); r != tt.want {
			t.Errorf("%q: got %v, want %v", tt.v, r, tt.want)
		}
	}
}
