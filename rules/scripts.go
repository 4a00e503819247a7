package rules

import (
	"unicode"
	"unicode/utf8"
)

// families are scripts by what is written together: Japanese takes three of
// them for one word.
var families = [][]*unicode.RangeTable{
	{unicode.Latin}, {unicode.Greek}, {unicode.Cyrillic}, {unicode.Armenian}, {unicode.Hebrew}, {unicode.Arabic}, {unicode.Cherokee},
	{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo},
}

// isMixed tells of letters of two families in one name, which a person cannot
// tell apart: a Cyrillic а among Latin letters.
func isMixed(v string) bool {
	if isASCII(v) {
		return false
	}
	first := -1
	for _, c := range v {
		switch f := family(c); {
		case f < 0:
		case first < 0:
			first = f
		case f != first:
			return true
		}
	}
	return false
}

// family is the place of a letter's script, or -1 of what is none of them.
func family(c rune) int {
	if c < utf8.RuneSelf {
		if isLetter(byte(c)) {
			return 0
		}
		return -1
	}
	for i, tables := range families {
		if unicode.In(c, tables...) {
			return i
		}
	}
	return -1
}
