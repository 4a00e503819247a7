package mapping

import (
	"strings"

	"github.com/nyaruka/phonenumbers"

	"embark/paxos"
	"embark/rules"
)

var rulePhone = rules.Rule{ID: "phone", Severity: rules.Warning, Text: "this cannot be a phone number; it is sent as it is",
	Hint: "correct it, or write it with + and country code"}

// toPhone makes the form of E.164 of a number that is written as in the country.
// What cannot be a number stays as it is: Paxos has no pattern for them.
func toPhone(country string) transform {
	region := countryCodes[country]
	return func(v string, _ []string) (string, *rules.Rule) {
		if isScientific(v) {
			return v, nil // the rule says so
		}
		if country == paxos.CountryUSA {
			if e164, ok := american(v); ok {
				return e164, nil
			}
		}
		number, err := phonenumbers.Parse(v, region)
		if err != nil || !phonenumbers.IsPossibleNumber(number) {
			return v, &rulePhone
		}
		return phonenumbers.Format(number, phonenumbers.E164), nil
	}
}

// american takes the short way for the usual spellings of a number of ten
// digits, which the library would take a hundred times as long for: it compares
// with every plan.
func american(v string) (string, bool) {
	digits := [12]byte{'+', '1'}
	n := 2
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case c-'0' <= 9 && n == len(digits):
			return "", false
		case c-'0' <= 9 && n == 2 && c == '1' && !strings.HasPrefix(v, "+"): // the trunk prefix
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
	return string(digits[:]), true
}
