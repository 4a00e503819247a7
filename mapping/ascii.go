package mapping

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"embark/rules"
)

var ruleTransliterated = rules.Rule{ID: "transliterated", Severity: rules.Warning, Text: "letters were replaced by those that Paxos accepts",
	Hint: "compare with the machine-readable zone of the ID"}

// letters are those that do not come apart into a letter of ASCII and a mark.
var letters = map[rune]string{
	'ß': "ss", 'ẞ': "SS", 'æ': "ae", 'Æ': "AE", 'œ': "oe", 'Œ': "OE", 'ø': "o", 'Ø': "O", 'đ': "d", 'Đ': "D",
	'ð': "d", 'Ð': "D", 'þ': "th", 'Þ': "TH", 'ł': "l", 'Ł': "L", 'ı': "i", 'ħ': "h", 'Ħ': "H", 'ŋ': "ng", 'Ŋ': "NG", 'ŧ': "t", 'Ŧ': "T",
	'‘': "'", '’': "'", '‚': "'", '‛': "'", '′': "'", '´': "'", '`': "'", '–': "-", '‐': "-", '‑': "-", '\u00a0': " ",
}

// toASCII replaces letters by those that the API's pattern knows. What has no
// replacement leaves the whole value for the rule to reject.
func toASCII(v string, _ []string) (string, *rules.Rule) {
	if !strings.ContainsFunc(v, func(r rune) bool { return r >= utf8.RuneSelf || r == '`' }) {
		return v, nil
	}
	var b strings.Builder
	for _, r := range norm.NFD.String(v) {
		if to, ok := letters[r]; ok {
			b.WriteString(to)
		} else if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	ascii := b.String()
	if strings.ContainsFunc(ascii, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return v, nil
	}
	return ascii, &ruleTransliterated
}
