package mapping

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"embark/rules"
)

var rulePhone = rules.Rule{ID: "phone", Severity: rules.Warning, Text: "this cannot be a phone number; it is sent as it is",
	Hint: "correct it, or write it with + and country code"}

var ruleExtension = rules.Rule{ID: "phone", Severity: rules.Warning, Text: "the extension is left out: international numbers have none"}

var rulePlus = rules.Rule{ID: "phone", Severity: rules.Warning, Text: "the number seems to begin with the country code, without the +; it is sent as it is",
	Hint: "write the + before it"}

// toPhone makes the form of E.164 of a number that is written as in the country.
// What cannot be a number stays as it is: Paxos has no pattern for them.
func toPhone(country string) transform {
	region := alpha2(country)
	isAmerican := phonenumbers.GetCountryCodeForRegion(region) == 1
	return func(v string, _ []string) (string, *rules.Rule) {
		if e164, ok := american(v); ok && isAmerican {
			return e164, nil
		}
		main := extension.ReplaceAllString(v, "")
		switch {
		case rules.IsScientific(v):
			return v, nil // the rule says so
		case strings.ContainsFunc(main, unicode.IsLetter): // the library takes them for digits, as on a keypad
			return v, &rulePhone
		}
		if e164, ok := american(main); ok && isAmerican {
			return e164, &ruleExtension
		}
		return international(v, region)
	}
}

// extension is what may have letters in a number.
var extension = regexp.MustCompile(`(?i)[ ,;]*(x|ext|extn|extension)[ .:]*[0-9]{1,7}$`)

// international asks the library. Without a + the number must be one that the
// country gives out: by its length alone nearly everything is possible.
func international(v, region string) (string, *rules.Rule) {
	number, err := phonenumbers.Parse(v, region)
	bare := !strings.HasPrefix(v, "+")
	switch {
	case err != nil || phonenumbers.IsPossibleNumberWithReason(number) != phonenumbers.IS_POSSIBLE: // nor one without area code
		return v, &rulePhone
	case bare && !phonenumbers.IsValidNumber(number):
		return v, &rulePhone
	case bare && lacksPlus(extension.ReplaceAllString(v, ""), number):
		return v, &rulePlus
	case number.GetExtension() != "":
		return phonenumbers.Format(number, phonenumbers.E164), &ruleExtension
	}
	return phonenumbers.Format(number, phonenumbers.E164), nil
}

// lacksPlus: 49 151 … is read as a number of the area 04915, and where numbers
// have no fixed length that is valid, too.
func lacksPlus(v string, read *phonenumbers.PhoneNumber) bool {
	plus, err := phonenumbers.Parse("+"+phonenumbers.NormalizeDigitsOnly(v), "")
	return err == nil && phonenumbers.IsValidNumber(plus) &&
		plus.GetCountryCode() == read.GetCountryCode() && plus.GetNationalNumber() != read.GetNationalNumber()
}

// american takes the short way for the usual spellings of a number of ten
// digits, with and without +1 or 1 before it. The library takes ten times as long
// as all else that is done to a row.
func american(v string) (string, bool) {
	digits := [12]byte{'+', '1'}
	n := len("+1")
	rest := strings.TrimPrefix(v, "+")
	plus := len(rest) < len(v)
	rest = strings.TrimPrefix(rest, "1") // no area code begins with it
	if plus && len(rest) == len(v)-len("+") {
		return "", false // of another country
	}
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case c-'0' <= 9 && n == len(digits):
			return "", false
		case c-'0' <= 9:
			digits[n] = c
			n++
		case strings.IndexByte(" -.()", c) < 0:
			return "", false
		}
	}
	if n < len(digits) || digits[2] < '2' || digits[5] < '2' {
		return "", false
	}
	if string(digits[:]) == v {
		return v, true
	}
	return string(digits[:]), true
}
