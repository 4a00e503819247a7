package mapping

import (
	"testing"

	"embark/rules"
)

// TestPadIsForTheUSA: of numbers that other countries have, too, pad mends those
// of the USA only, whatever the order in the mapping is.
func TestPadIsForTheUSA(t *testing.T) {
	ofCIP := func(kind string) string {
		return "  cip_id: {column: a, pad: 9}\n  cip_id_type: {constant: " + kind + "}\n"
	}
	ofTax := func(country, cip string) string {
		return "  tax_payer_id: {column: a, pad: 9}\n  tax_payer_country: {column: b, values: {x: \"" + country + "\"}}\n  cip_id_country: {constant: " + cip + "}\n"
	}
	for _, tt := range []struct{ columns, cell, want string }{
		{"  address.zip_code: {column: a, pad: 5}\n  address.country: {constant: USA}\n", "1010", "01010 padded?"},
		{"  address.zip_code: {column: a, pad: 5}\n  address.country: {constant: AUT}\n", "1010", "1010"},
		{"  address.zip_code: {column: a, pad: 5}\n", "1010", "1010"},
		{"  address.zip_code: {column: a, pad: 5}\n  business_address.country: {constant: USA}\n", "1010", "1010"},
		{"  business_address.zip_code: {column: a, pad: 5}\n  business_address.country: {constant: USA}\n  address.country: {constant: AUT}\n  type: {constant: INSTITUTION}\n", "1010", "01010 padded?"},
		{ofCIP("SSN"), "1234567", "001234567 padded?"},
		{ofCIP("ITIN"), "1234567", "001234567 padded?"},
		{ofCIP("EIN"), "1234567", "001234567 padded?"},
		{ofCIP("PASSPORT"), "12345678", "12345678"},
		{"  cip_id: {column: a, pad: 9}\n", "12345678", "12345678"},
		{ofTax("USA", "BRA"), "12345678", "012345678 padded?"},
		{ofTax("BRA", "USA"), "12345678", "12345678"},
		{ofTax("", "USA"), "12345678", "012345678 padded?"},
		{ofTax("", "BRA"), "12345678", "12345678"},
	} {
		s, err := ParseSpec("x.yaml", []byte("version: 1\ncolumns:\n"+tt.columns))
		if err != nil {
			t.Fatalf("%v\n%s", err, tt.columns)
		}
		m := &Mapper{options: rules.Options{Now: testNow}}
		s.ignore = []heading{{"b", 1}}
		if err := m.bind([]string{"a", "b"}, s, rules.Columns()); err != nil {
			t.Fatal(err)
		}
		so := make([]string, len(m.steps))
		got := ""
		for _, f := range m.apply([]string{tt.cell, "x"}, so) {
			got += " " + f.rule.ID + "?"
		}
		if got = so[0] + got; got != tt.want {
			t.Errorf("%s of %q: got %q, want %q", tt.columns, tt.cell, got, tt.want)
		}
		if v := m.cell([]string{tt.cell, "x"}, 0); v != tt.cell && v != so[0] { // without the rest of the row
			t.Errorf("%s of %q: got %q alone", tt.columns, tt.cell, v)
		}
	}
}
