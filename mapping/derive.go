package mapping

import (
	"regexp"
	"strings"
	"unicode"

	"embark/rules"
)

var ruleSearchable = rules.Rule{ID: "ref_id_personal", Text: "it looks like an SSN, ITIN or EIN, and an id derived from one gives it away to everybody who has the mapping",
	Hint: "number the customers yourself and keep the list"}

// isSearchable knows SSN, ITIN and EIN by their nine digits, however they are
// separated, and an SSN or ITIN between letters. There are 10^9 of them at most, and
// the namespace stands in the mapping: to try them all takes minutes.
func isSearchable(v string) bool {
	if strings.ContainsFunc(v, unicode.IsLetter) {
		return ssnAmong.MatchString(v)
	}
	digits := 0
	for _, r := range v {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return digits == 9
}

var ssnAmong = regexp.MustCompile(`(^|[^0-9])[0-9]{3}-[0-9]{2}-[0-9]{4}($|[^0-9])`)
