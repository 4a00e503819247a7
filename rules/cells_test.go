package rules

import (
	"strings"
	"testing"
)

// TestCells: what is said of a single cell. The text is given where one id has
// several.
func TestCells(t *testing.T) {
	for _, tt := range []struct {
		column, cell string
		id, text     string // "" for no finding; a part of the sentence
	}{
		{"address.zip_code", "#REF!", "placeholder", "formula"},
		{"cip_id", "#DIV/0!", "placeholder", "formula"},
		{"employment_status", "#NAME?", "placeholder", "formula"},
		{"date_of_birth", "########", "placeholder", "too narrow"},
		{"middle_name", "#", "", ""},
		{"last_name", "#N/A", "placeholder", "placeholder"},
		{"last_name", `\N`, "placeholder", "placeholder"},
		{"last_name", "(null)", "placeholder", "placeholder"},
		{"last_name", "Nil", "", ""},

		{"address.zip_code", "１２２０７", "pattern", "digits of another script"},
		{"date_of_birth", "١٩٨٥-١٢-١٠", "pattern", "digits of another script"},
		{"fiat_account.account_number", "０１７", "pattern", "digits of another script"},
		{"ref_id", "cust-１７", "pattern", "digits of another script"},
		{"order.price", "５０", "pattern", "digits of another script"},
		{"first_name", "José１", "accent", ""},
		{"first_name", "Jose\u0301", "accent", ""},
		{"middle_name", "José", "", ""},
		{"middle_name", "Jos\ufffd", "encoding_damage", ""},
		{"last_name", "Jos\ufffd", "encoding_damage", ""},

		{"middle_name", "Аnna", "mixed_script", ""}, // the A is Cyrillic
		{"middle_name", "Анна", "", ""},
		{"middle_name", "さくら 桜 サクラ", "", ""},
		{"fiat_account.owner.last_name", "Εxample", "mixed_script", ""}, // the E is Greek
		{"fiat_account.bank_name", "Вank", "mixed_script", ""},
		{"doing_business_as", "Wіdgets", "mixed_script", ""},
		{"account.description", "Аnna", "", ""},
		{"first_name", "Аnna", "pattern", "does not accept"},

		{"date_of_birth", "1/2/80", "date", "two digits"},
		{"date_of_birth", "01-02-80", "date", "two digits"},
		{"date_of_birth", "2-Jan-80", "date", "two digits"},
		{"date_of_birth", "1/2/1980", "date", "not a date of the form"},
		{"date_of_birth", "1985", "date", "not a date of the form"},
		{"date_of_birth", "19850131", "date", "not a date of the form"},
		{"date_of_birth", "80", "date", "not a date of the form"},
		{"date_of_birth", "44561", "date", "serial number"},
		{"date_of_birth", "31391.0", "date", "serial number"},
		{"govt_registration_date", "43499", "date", "serial number"},
		{"govt_registration_date", "2/3/19", "date", "two digits"},
		{"passthrough_verified_at", "46146.42", "date_time", "serial number"},
		{"order.expiration_date", "46146.42", "date_time", "serial number"},

		{"cip_id", "1.2E+08", "scientific_notation", ""},
		{"cip_id", "1,23457E+08", "scientific_notation", ""},
		{"cip_id", "1E+08", "scientific_notation", ""},
		{"cip_id", "AE+08", "", ""},
		{"cip_id", "1E08", "", ""},
		{"cip_id", "E+08", "", ""},
		{"cip_id", "12+08", "", ""},
		{"regulator_register_number", "8.01E+05", "scientific_notation", ""},
	} {
		id, text := "", ""
		if r := columnOf(tt.column).check(tt.cell, Options{Now: now}); r != nil {
			id, text = r.ID, r.Text
		}
		if id != tt.id || !strings.Contains(text, tt.text) {
			t.Errorf("%s %q: got %q (%s), want %q (%s)", tt.column, tt.cell, id, text, tt.id, tt.text)
		}
	}
}

func columnOf(name string) *Column { return at(Columns(), name) }

// TestChecks: what is said of several cells, beside the tables in mapping.
func TestChecks(t *testing.T) {
	abroad := bases()["abroad, taxed in the USA"]
	for _, tt := range []struct {
		name  string
		cells cells
		want  string // "column id", warnings with a ?; "" for no finding
	}{
		{"person", person(), ""},
		{"ZIP+4 without its zero", person("address.zip_code", "2108-1234"), "address.zip_code leading_zero"},
		{"ZIP of three digits", person("address.zip_code", "501"), "address.zip_code leading_zero"},
		{"SSN of eight digits", person("cip_id", "12345678"), "cip_id leading_zero"},
		{"SSN of seven digits", person("cip_id", "1345678"), "cip_id leading_zero"},
		{"SSN of six digits", person("cip_id", "345678"), "cip_id us_number_form"},
		{"P O Box", person("address.address1", "P O BOX 17"), "address.address1 po_box?"},
		{"box on the second line", person("address.address2", "Post Office Box 17"), "address.address1 po_box?"},
		{"Pobox Street", person("address.address1", "9 Pobox St"), ""},
		{"no postal code in Germany", abroad.with("address.country", "DEU", "address.zip_code", ""), "address.zip_code zip_missing?"},
		{"no postal code in Hong Kong", abroad.with("address.country", "HKG", "address.zip_code", ""), ""},
		{"tax number of the USA", abroad, ""},
		{"EIN as tax number", abroad.with("tax_payer_id", "12-0000007"), ""},
		{"tax number of the USA without its zero", abroad.with("tax_payer_id", "12345678"), "tax_payer_id leading_zero"},
		{"tax number that is none", abroad.with("tax_payer_id", "17"), "tax_payer_id us_number_form"},
		{"corporation with an SSN", company("institution_type", "CORPORATION", "cip_id_type", "SSN", "cip_id", "123-45-6780"), "cip_id_type person_number?"},
		{"LLC with an SSN", company("cip_id_type", "SSN", "cip_id", "123-45-6780"), ""},
		{"company in a box", company("business_address.address1", "PO Box 17"), "business_address.address1 po_box?"},
		{"company in Germany without postal code", bases()["company in Germany"].with("business_address.zip_code", ""), "business_address.zip_code zip_missing?"},
		{"routing number of eight digits", person().and(bank("fiat_account.routing_number", "21000021")), "fiat_account.routing_number leading_zero"},
	} {
		var got []string
		for _, f := range CheckRow(tt.cells.row(), Options{Now: now}) {
			s := f.Column + " " + f.Rule
			if f.Severity == Warning {
				s += "?"
			}
			got = append(got, s)
		}
		if joined := strings.Join(got, ", "); joined != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, joined, tt.want)
		}
	}
}

// TestTells: signs, case and leading zeros make no difference.
func TestTells(t *testing.T) {
	for _, tt := range []struct {
		refID, secret string
		want          bool
	}{
		{"cust-123456780", "123-45-6780", true}, {"123.45.6780", "123456780", true}, {"c-12-34567-80", "123-45-6780", true},
		{"fz000017x", "FZ-000017", true}, {"cust-17", "FZ000017", false}, {"bank-12345", "000012345", false},
		{"a0123456", "00123456", true}, {"a-123456", "0-0-123456", true}, {"123456", "------", false}, {"1234567", "12345678", false},
		{"c1123456", "123456", true}, {"", "123456", false}, {"123456", "", false}, {"[23456", "{23456", false},
	} {
		if got := Tells(tt.refID, tt.secret); got != tt.want {
			t.Errorf("%q in %q: got %v, want %v", tt.secret, tt.refID, got, tt.want)
		}
	}
}

// TestCheckRowDoesNotAllocate, where nothing is found.
func TestCheckRowDoesNotAllocate(t *testing.T) {
	for name, base := range bases() {
		p := base.row()
		if base.isBank() || p.Parts != nil || CheckRow(p, Options{Now: now}) != nil {
			continue // parts are rare, and taken apart
		}
		if n := testing.AllocsPerRun(10, func() { CheckRow(p, Options{Now: now}) }); n > 0 {
			t.Errorf("%s: got %v allocations, want none", name, n)
		}
	}
	p := person("address.address1", "17 Sussex Box Rd", "address.city", "Phoenix", "middle_name", "José").row()
	if n := testing.AllocsPerRun(10, func() { CheckRow(p, Options{Now: now}) }); n > 0 {
		t.Errorf("odd letters: got %v allocations, want none", n)
	}
}
