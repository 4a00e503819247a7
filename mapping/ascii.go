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

// letters are those that do not come apart into a letter of ASCII and a mark. The
// low quotes U+201A and U+201E are none: between letters they are what a wrong
// code page makes of an é or ä.
var letters = map[rune]string{
	'ß': "ss", 'ẞ': "SS", 'æ': "ae", 'Æ': "AE", 'œ': "oe", 'Œ': "OE", 'ø': "o", 'Ø': "O", 'đ': "d", 'Đ': "D",
	'ð': "d", 'Ð': "D", 'þ': "th", 'Þ': "TH", 'ł': "l", 'Ł': "L", 'ı': "i", 'ħ': "h", 'Ħ': "H", 'ŋ': "ng", 'Ŋ': "NG", 'ŧ': "t", 'Ŧ': "T",
	'‘': "'", '’': "'", '‛': "'", '′': "'", '´': "'", '`': "'", '–': "-", '‐': "-", '‑': "-", '\u00a0': " ",
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
	if strings.ContainsFunc(ascii, beyondASCII) {
		return v, nil
	}
	return ascii, &ruleTransliterated
}

func beyondASCII(r rune) bool { return r >= utf8.RuneSelf }

// toASCIIAddress replaces the sign of a number, too: in a name it is a mistake.
func toASCIIAddress(v string, so []string) (string, *rules.Rule) {
	ascii, r := toASCII(v, so)
	if with := numbered(ascii); with != ascii && !strings.ContainsFunc(with, beyondASCII) {
		return with, &ruleTransliterated
	}
	return ascii, r
}

// numbered writes No for a # before a number: "# 12", "Apt #4".
func numbered(v string) string {
	for at := 0; ; {
		i := strings.IndexByte(v[at:], '#')
		if i < 0 {
			return v
		}
		before, number := v[:at+i], strings.TrimLeft(v[at+i+1:], " ")
		at += i + 1
		if number == "" || number[0]-'0' > 9 {
			continue
		}
		if before != "" && !strings.HasSuffix(before, " ") {
			before += " "
		}
		v, at = before+"No "+number, len(before)
	}
}

func allDigits(v string) bool {
	for i := 0; i < len(v); i++ {
		if v[i]-'0' > 9 {
			return false
		}
	}
	return v != ""
}
