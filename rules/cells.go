package rules

import (
	"strings"

	"embark/paxos"
)

// refIDFault keeps ref_ids printable and free of personal data: they stand in
// URLs, logs and reports. Paxos documents no limits.
func refIDFault(v string, _ Options) *Rule {
	if isScientific(v) {
		return &ruleScientific
	}
	for i := 0; i < len(v); i++ {
		if !isAlphanumeric(v[i]) && !isSeparator(v[i]) {
			return &ruleRefID
		}
	}
	if looksPersonal(v) {
		return &ruleRefIDPersonal
	}
	return nil
}

// looksPersonal knows SSNs and North American phone numbers by their groups of
// digits: 3-2-4, nine in one, 3-3-4, ten or eleven in one. An SSN with hyphens
// is found after a prefix too.
func looksPersonal(v string) bool {
	for v != "" && isSeparator(v[0]) {
		v = v[1:]
	}
	for v != "" && isSeparator(v[len(v)-1]) {
		v = v[:len(v)-1]
	}
	var groups [5]int
	n := 0
	for i := 0; i < len(v); i++ {
		switch {
		case isDigit(v[i]):
			groups[n]++
		case isLetter(v[i]):
			return hasSSN(v)
		case v[i-1] != v[i] && n < len(groups)-1: // two separators are as good as one
			n++
		}
	}
	switch groups {
	case [5]int{3, 2, 4}, [5]int{9}, [5]int{3, 3, 4}, [5]int{1, 3, 3, 4}:
		return true
	case [5]int{10}:
		return v[0] >= '2' && v[3] >= '2' // neither area nor exchange begins with 0 or 1
	case [5]int{11}:
		return v[0] == '1' && v[1] >= '2' && v[4] >= '2'
	}
	return false
}

func isSeparator(b byte) bool { return b == '-' || b == '_' || b == '.' || b == ':' }

// hasSSN looks for ddd-dd-dddd between other characters.
func hasSSN(v string) bool {
	const shape = "ddd-dd-dddd"
	for i := 0; i+len(shape) <= len(v); i++ {
		if shaped(v[i:i+len(shape)], shape) && (i == 0 || !isDigit(v[i-1])) &&
			(i+len(shape) == len(v) || !isDigit(v[i+len(shape)])) {
			return true
		}
	}
	return false
}

// shaped compares a value with a shape in which d stands for a digit.
func shaped(v, shape string) bool {
	if len(v) != len(shape) {
		return false
	}
	for i := 0; i < len(v); i++ {
		if shape[i] == 'd' && !isDigit(v[i]) || shape[i] != 'd' && v[i] != shape[i] {
			return false
		}
	}
	return true
}

// isScientific knows what a spreadsheet makes of a long number: 1.23457E+09,
// with a comma where that is how numbers are written. It looks from the end, as
// most cells are none.
func isScientific(v string) bool {
	sign := len(v) - 1
	for sign > 0 && isDigit(v[sign]) {
		sign--
	}
	if sign < 2 || sign == len(v)-1 || v[sign] != '+' && v[sign] != '-' || v[sign-1]|0x20 != 'e' {
		return false
	}
	mantissa := v[:sign-1]
	if point := strings.IndexAny(mantissa, ".,"); point >= 0 {
		return allDigits(mantissa[:point] + mantissa[point+1:])
	}
	return allDigits(mantissa)
}

func allDigits(v string) bool {
	for i := 0; i < len(v); i++ {
		if !isDigit(v[i]) {
			return false
		}
	}
	return v != ""
}

func numberFault(v string, _ Options) *Rule {
	if isScientific(v) {
		return &ruleScientific
	}
	if hasForeignDigits(v) {
		return &ruleForeignDigits
	}
	return nil
}

// nameFault only warns, of names that may hold any letter.
func nameFault(v string, _ Options) *Rule {
	if isMixed(v) {
		return &ruleMixedScript
	}
	return nil
}

func uuidFault(v string, _ Options) *Rule {
	for i := 0; i < len(v); i++ {
		hyphen := i == 8 || i == 13 || i == 18 || i == 23
		b := v[i] | 0x20
		if hyphen && v[i] != '-' || !hyphen && !isDigit(v[i]) && (b < 'a' || b > 'f') {
			return &ruleUUID
		}
	}
	if len(v) != 36 {
		return &ruleUUID
	}
	return nil
}

func countryFault(v string, _ Options) *Rule {
	if !isCountry(v) {
		return &ruleCountry
	}
	return nil
}

// booleanFault takes a spreadsheet's TRUE, too.
func booleanFault(v string, _ Options) *Rule {
	if !strings.EqualFold(v, "true") && !strings.EqualFold(v, "false") {
		return &ruleBoolean
	}
	return nil
}

// phoneFault only warns: Paxos has no pattern for phone numbers.
func phoneFault(v string, _ Options) *Rule {
	if isScientific(v) {
		return &ruleScientific
	}
	digits := 0
	for i := 1; i < len(v); i++ {
		switch {
		case isDigit(v[i]):
			digits++
		case v[i] != ' ' && v[i] != '.' && v[i] != '-' && v[i] != '(' && v[i] != ')':
			return &rulePhone
		}
	}
	if v[0] != '+' || digits < 8 || digits > 15 { // E.164 has at most 15
		return &rulePhone
	}
	return nil
}

// emailFault only warns: Paxos has no pattern for e-mail addresses.
func emailFault(v string, _ Options) *Rule {
	at, dot := -1, -1
	for i := 0; i < len(v); i++ {
		switch v[i] {
		case '@':
			if at >= 0 {
				return &ruleEmail
			}
			at = i
		case '.':
			dot = i
		case ' ', ',', ';', '\t':
			return &ruleEmail
		}
	}
	if at < 1 || dot < at+2 || dot == len(v)-1 {
		return &ruleEmail
	}
	return nil
}

func verificationFieldsFault(v string, _ Options) *Rule {
	seen := 0
	for more := true; more; {
		var item string
		item, v, more = strings.Cut(v, "|")
		bit := 1 << (1 + verificationField(strings.TrimSpace(item)))
		if bit == 1 || seen&bit != 0 {
			return &ruleList
		}
		seen |= bit
	}
	return nil
}

// verificationField is the place of an item in the list of values, or -1.
func verificationField(item string) int {
	for i, v := range verificationFields {
		if v == item {
			return i
		}
	}
	return -1
}

var verificationFields = paxos.PassthroughVerificationFields()

// IsRefID reports that a value is fit to name a customer and to be shown.
func IsRefID(v string) bool {
	return v != "" && len(v) <= 128 && placeholder(v) == nil && refIDFault(v, Options{}) == nil
}

// IsPlaceholder reports that a cell holds what spreadsheets and databases write
// for "nothing", or what a spreadsheet writes for what it cannot show.
func IsPlaceholder(v string) bool { return v != "" && placeholder(v) != nil }

// IsScientific reports that a cell holds what a spreadsheet makes of a long
// number.
func IsScientific(v string) bool { return isScientific(v) }
