package mapping

import (
	"strings"

	"github.com/nyaruka/phonenumbers"

	"embark/rules"
)

var rulePhone = rules.Rule{ID: "phone", Severity: rules.Warning, Text: "this cannot be a phone number; it is sent as it is",
	Hint: "correct it, or write it with + and country code"}

var ruleExtension = rules.Rule{ID: "phone", Severity: rules.Warning, Text: "the extension is left out: international numbers have none"}

// toPhone makes the form of E.164 of a number that is written as in the country.
// What cannot be a number stays as it is: Paxos has no pattern for them.
func toPhone(country string) transform {
	region := alpha2(country)
	isAmerican := phonenumbers.GetCountryCodeForRegion(region) == 1
	return func(v string, _ []string) (string, *rules.Rule) {
		if isScientific(v) {
			return v, nil // the rule says so
		}
		if isAmerican {
			if e164, ok := american(v); ok {
				return e164, nil
			}
		}
		number, err := phonenumbers.Parse(v, region)
		if err != nil || phonenumbers.IsPossibleNumberWithReason(number) != phonenumbers.IS_POSSIBLE { // nor one without area code
			return v, &rulePhone
		}
		if number.GetExtension() != "" {
			return phonenumbers.Format(number, phonenumbers.E164), &ruleExtension
		}
		return phonenumbers.Format(number, phonenumbers.E164), nil
	}
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
