package mapping

import "strings"

// isPlaceholder knows what package rules knows as one.
func isPlaceholder(v string) bool {
	if len(v) > len("undefined") {
		return false
	}
	switch v {
	case "NULL", "null", "nil", "None", "none", "undefined", "NaN", "nan", "N/A", "n/a", "#N/A", "-", "--", "?",
		"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#ERROR!":
		return true
	}
	return false
}

// isScientific knows what a spreadsheet makes of a long number: 1.23457E+09.
func isScientific(v string) bool {
	mantissa, exponent, ok := strings.Cut(strings.ToUpper(v), "E")
	if !ok || len(exponent) < 2 || exponent[0] != '+' && exponent[0] != '-' {
		return false
	}
	return allDigits(strings.Replace(mantissa, ".", "", 1)) && allDigits(exponent[1:])
}

func allDigits(v string) bool {
	for i := 0; i < len(v); i++ {
		if v[i]-'0' > 9 {
			return false
		}
	}
	return v != ""
}
