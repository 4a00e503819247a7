package samples

import (
	"io"
	"strconv"
	"strings"
	"time"
)

// broker-sheet.xlsx: a workbook in which somebody has worked. What looked like
// a number has become one: ZIP codes have lost their zeros, dates of birth are
// dates, serial numbers or text.
var sheetFields = []field{
	{"Customer ID", func(_ int, p person) string { return "S-" + strings.TrimPrefix(p["ref_id"], "cust-") }},
	{"First Name", of("first_name")},
	{"Middle Name", of("middle_name")},
	{"Last Name", of("last_name")},
	{"Birth Date", of("date_of_birth")},
	{"Address Line 1", of("address.address1")},
	{"Address Line 2", of("address.address2")},
	{"City", of("address.city")},
	{"State", of("address.province")},
	{"ZIP Code", of("address.zip_code")},
	{"Country", oneOf("United States", "US", "USA")},
	{"Nationality", oneOf("US")},
	{"Social Security Number", func(_ int, p person) string { return strings.ReplaceAll(p["cip_id"], "-", "") }},
	{"Mobile", func(_ int, p person) string { return nationalPhone(p["phone_number"]) }},
	{"Email Address", of("email")},
	{"Income", func(i int, p person) string { return strconv.Itoa(amount("estimated_yearly_income", i, p)) }},
	{"Expected Transfers", func(i int, p person) string { return strconv.Itoa(amount("expected_transfer_value", i, p)) }},
	{"Wealth Source", by("source_of_wealth", map[string]string{"EMPLOYMENT_INCOME": "Employment", "INVESTMENT_GAINS": "Investment gains", "INHERITANCE": "Inheritance",
		"REAL_ESTATE": "Property", "BUSINESS_OWNERSHIP_DIVIDENDS": "Own company"})},
	{"Employment Status", by("employment_status", map[string]string{"FULL_TIME": "Full-time", "PART_TIME": "Part-time", "SELF_EMPLOYED": "Self-employed", "CONTRACTUAL": "Contractor",
		"RETIRED": "Retired", "STUDENT": "Student"})},
	{"Sector", by("employment_industry_sector", industries)},
	{"Verified By", of("passthrough_verifier_type")},
	{"Verified At", of("passthrough_verified_at")},
	{"Verification ID", of("passthrough_verification_id")},
	{"Verification Status", of("passthrough_verification_status")},
	{"Last Contact", of("passthrough_verified_at")},
}

// sheetNumbers are the columns whose cells have become numbers.
var sheetNumbers = []string{"ZIP Code", "Social Security Number", "Income", "Expected Transfers"}

// sheetDamage is what no mapping can mend, by line. Where a date of birth stands
// as a serial number, its format is lost.
var sheetDamage = map[int]map[string]any{
	7:  {"Social Security Number": 90_001_317},    // a digit is missing, and nobody knows which
	18: {"Social Security Number": "9.00123E+08"}, // saved as text after it was shown like this
	25: {"Birth Date": 29221},
	33: {"Income": "#REF!"},
	41: {"Mobile": "2.12556E+09"},
	50: {"Birth Date": 40.5},
}

// writeSheetFile writes broker-sheet.xlsx.
func writeSheetFile(w io.Writer) error { return writeSheet(w, sheetRows()) }

// sheetRows are the cells of broker-sheet.xlsx.
func sheetRows() [][]any {
	var rows [][]any
	text := table(sheetFields, some(firstOfSheet, exported))
	for i, cells := range text {
		row := make([]any, len(cells))
		for j, v := range cells {
			row[j] = v
			if name := text[0][j]; i > 0 {
				row[j] = sheetCell(name, v)
				if damaged, ok := sheetDamage[i+1][name]; ok {
					row[j] = damaged
				}
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// sheetCell makes of a text what a spreadsheet makes of it.
func sheetCell(column, v string) any {
	switch {
	case column == "Birth Date":
		date, _ := time.Parse(time.DateOnly, v)
		return day(date.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24)
	case column == "Last Contact":
		return sheetCell("Birth Date", v[:10])
	}
	for _, name := range sheetNumbers {
		if n, err := strconv.Atoi(v); name == column && err == nil {
			return n
		}
	}
	return v
}
