package mapping

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"embark/rules"
)

var ruleSearchable = rules.Rule{ID: "ref_id_personal", Text: "it looks like an SSN, ITIN or EIN, and an id derived from one gives it away to everybody who has the mapping",
	Hint: "number the customers yourself and keep the list"}

// isSearchable knows SSN, ITIN and EIN by their nine digits, however they are
// separated, with letters or zeros before them, too. There are 10^9 of them at most,
// and the namespace stands in the mapping: to try them all takes minutes.
func isSearchable(v string) bool {
	switch {
	case strings.Contains(v, "@"): // many an address is a number of its provider's
		return false
	case strings.ContainsFunc(v, unicode.IsLetter):
		return nineAmong.MatchString(v)
	}
	digits := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, v)
	n := utf8.RuneCountInString(digits)
	return n == 9 || n > 9 && len(strings.TrimLeft(digits, "0")) <= 9
}

var nineAmong = regexp.MustCompile(`(^|\PN)\pN([ ._:/\pPd]?\pN){8}($|\PN)`)
