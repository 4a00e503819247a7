package samples

import (
	"fmt"
	"io"
	"strings"
)

// broker-us.csv: the export of a back office in the USA that is older than
// Unicode. Windows-1252, names in one column, American dates, states by name.
var usFields = []field{
	{"Client No", func(_ int, p person) string { return "C" + strings.TrimPrefix(p["ref_id"], "cust-") }},
	{"Client Name", usName},
	{"Gender", oneOf("F", "M", "M", "F", "")},
	{"DOB", func(_ int, p person) string { return american(p["date_of_birth"]) }},
	{"SSN", of("cip_id")},
	{"Street", of("address.address1")},
	{"Apt", of("address.address2")},
	{"City", of("address.city")},
	{"State", by("address.province", stateNames)},
	{"Zip", of("address.zip_code")},
	{"Citizenship", oneOf("United States", "United States", "United States", "United States", "Mexico", "United States", "Canada")},
	{"Home Phone", func(_ int, p person) string { return nationalPhone(p["phone_number"]) }},
	{"E-Mail", of("email")},
	{"Annual Income", func(i int, p person) string { return dollars(amount("estimated_yearly_income", i, p)) }},
	{"Expected Deposits", func(i int, p person) string { return dollars(amount("expected_transfer_value", i, p)) }},
	{"Source of Wealth", by("source_of_wealth", map[string]string{"EMPLOYMENT_INCOME": "Salary", "INVESTMENT_GAINS": "Investments", "INHERITANCE": "Inheritance",
		"REAL_ESTATE": "Real Estate", "BUSINESS_OWNERSHIP_DIVIDENDS": "Business"})},
	{"Empl", by("employment_status", map[string]string{"FULL_TIME": "FT", "PART_TIME": "PT", "SELF_EMPLOYED": "Self-Employed", "CONTRACTUAL": "Contract",
		"RETIRED": "Retired", "STUDENT": "Student"})},
	{"Industry", by("employment_industry_sector", industries)},
	{"KYC Vendor", by("passthrough_verifier_type", map[string]string{"PERSONA": "Persona", "JUMIO": "Jumio", "ALLOY": "Alloy", "LEXISNEXIS": "LexisNexis",
		"ONFIDO": "Onfido", "SUMSUB": "Sumsub", "PLAID": "Plaid", "CUSTOMER": "In-house"})},
	{"KYC Date", func(_ int, p person) string { return american(p["passthrough_verified_at"][:10]) }},
	{"KYC Ref", of("passthrough_verification_id")},
	{"KYC Result", oneOf("Pass")},
	{"Branch Code", oneOf("NYC", "BOS", "CHI", "MIA")},
	{"Notes", func(int, person) string { return "" }},
}

// usDamage is what is wrong with the file, by line.
var usDamage = map[int]person{
	13: {"DOB": "02/30/1979"},     // no such day
	27: {"Client Name": "Walker"}, // no first name
	38: {"Empl": "Gig"},           // in no table
	52: {"SSN": "9.00123E+08"},    // a spreadsheet was here
}

// accented are names that Paxos takes only in the letters of its pattern.
var accented = map[int]string{4: "Muñoz, José", 16: "Brontë, Zoë", 33: "Peña, María", 45: "Lefèvre, Renée"}

func usName(i int, p person) string {
	if name, ok := accented[i]; ok {
		return name
	}
	name := p["last_name"] + ", " + p["first_name"]
	if middle := p["middle_name"]; middle != "" {
		name += " " + middle[:1]
	}
	return name
}

func american(date string) string { return date[5:7] + "/" + date[8:] + "/" + date[:4] }

// nationalPhone makes (212) 555-0100 of +1 212 555 0100.
func nationalPhone(v string) string {
	parts := strings.Fields(v)
	return fmt.Sprintf("(%s) %s-%s", parts[1], parts[2], parts[3])
}

var stateNames = map[string]string{
	"AL": "Alabama", "AK": "Alaska", "AR": "Arkansas", "AZ": "Arizona", "CA": "California", "CO": "Colorado", "CT": "Connecticut",
	"DC": "District of Columbia", "DE": "Delaware", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "IA": "Iowa", "ID": "Idaho",
	"IL": "Illinois", "IN": "Indiana", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana", "MA": "Massachusetts", "MD": "Maryland",
	"ME": "Maine", "MI": "Michigan", "MN": "Minnesota", "MO": "Missouri", "MS": "Mississippi", "MT": "Montana", "NC": "North Carolina",
	"ND": "North Dakota", "NE": "Nebraska", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NV": "Nevada", "NY": "New York",
	"OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
	"TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VA": "Virginia", "VT": "Vermont", "WA": "Washington", "WI": "Wisconsin",
	"WV": "West Virginia", "WY": "Wyoming",
}

var industries = map[string]string{
	"EDUCATIONAL_SERVICES": "Education", "HEALTH_CARE_SOCIAL_ASSISTANCE": "Health Care", "RETAIL_TRADE": "Retail", "MANUFACTURING": "Manufacturing",
	"CONSTRUCTION": "Construction", "FINANCE_INSURANCE": "Finance", "INFORMATION": "Information", "PUBLIC_ADMINISTRATION": "Government",
	"TRANSPORTATION_WAREHOUSING": "Transportation", "PROFESSIONAL_SCIENTIFIC_TECHNICAL_SERVICES": "Professional Services",
	"ACCOMMODATION_FOOD_SERVICES": "Hospitality", "UTILITIES": "Utilities", "WHOLESALE_TRADE": "Wholesale", "OTHER_SERVICES": "Other",
	"NOT_CLASSIFIED": "None",
}

// writeUS writes broker-us.csv. The accents in it are in Latin-1, which is
// Windows-1252 there.
func writeUS(w io.Writer) error {
	rows := table(usFields, some(firstOfUS, exported))
	damage(rows, usDamage)
	return writeTable(latin1{w}, rows, ",")
}

// latin1 writes each letter as the byte of its number; all are below 256.
type latin1 struct{ io.Writer }

func (l latin1) Write(text []byte) (int, error) {
	out := make([]byte, 0, len(text))
	for _, r := range string(text) {
		out = append(out, byte(r))
	}
	if _, err := l.Writer.Write(out); err != nil {
		return 0, err
	}
	return len(text), nil
}
