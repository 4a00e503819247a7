package mapping

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// shape is what a cell looks like. A cell may have several.
type shape int

const (
	shapeEmail shape = iota
	shapeSSN         // with hyphens
	shapeNineDigits
	shapePhone // with + or the punctuation of one
	shapeNational
	shapeZip
	shapeDate
	shapeTime // RFC 3339
	shapeSerial
	shapeAlpha3
	shapeAlpha2
	shapeCountryName
	shapeStateCode
	shapeStateName
	shapeMoney    // with a currency, or grouped
	shapeAmount   // of money, in any form and currency; of digits only, too
	shapeReadable // that a mapping can read
	shapePoint    // with a decimal point, and not with a comma
	shapeComma    // the other way round
	shapeProven   // likewise, beyond doubt
	shapeForeign  // in another currency
	shapeDollars  // in US dollars, as it says
	shapeDigits
	shapeName // letters, as in names
	shapeLastFirst
	shapes
)

// shapesOf calls each for every shape that a cell has.
func shapesOf(v string, each func(shape)) {
	given := func(s shape, yes bool) {
		if yes {
			each(s)
		}
	}
	given(shapeEmail, isEmail(v))
	given(shapeSSN, masked(v) == "999-99-9999")
	given(shapeNineDigits, len(v) == 9 && allDigits(v))
	given(shapePhone, isPhone(v))
	given(shapeNational, isPhone(v) && v[0] != '+')
	given(shapeZip, masked(v) == "99999" || masked(v) == "99999-9999")
	given(shapeDate, isDate(v))
	given(shapeTime, isTime(v))
	given(shapeSerial, len(v) == 5 && allDigits(v))
	given(shapeAlpha3, isCountry(v))
	given(shapeAlpha2, len(v) == 2 && isCountryName(v))
	given(shapeCountryName, len(v) > 3 && isCountryName(v))
	given(shapeStateCode, len(v) == 2 && isStateName(v))
	given(shapeStateName, len(v) > 2 && isStateName(v))
	given(shapeMoney, isMoney(v))
	form, isAmount := amountFormOf(v)
	given(shapeAmount, isAmount)
	given(shapeReadable, form.point || form.comma)
	given(shapePoint, form.point && !form.comma)
	given(shapeComma, form.comma && !form.point)
	given(shapeProven, form.proven)
	given(shapeForeign, isAmount && form.foreign)
	given(shapeDollars, isAmount && form.dollars)
	given(shapeDigits, allDigits(v))
	given(shapeName, isName(v))
	given(shapeLastFirst, isLastFirst(v))
}

func isCountryName(v string) bool { return countryOf(v) != "" }

// countryOf is the alpha-3 code of a country, by its code or name; empty for what is none.
func countryOf(v string) string {
	byName, _ := countries()
	return byName[foldPlace(v)]
}

// isStateName takes the codes of the states, too.
func isStateName(v string) bool { return states()[foldPlace(v)] != "" }

func isEmail(v string) bool {
	local, domain, ok := strings.Cut(v, "@")
	dot := strings.LastIndexByte(domain, '.')
	return ok && local != "" && dot > 0 && dot < len(domain)-1 && !strings.ContainsAny(v, " ,;<>") && strings.IndexByte(domain, '@') < 0
}

// isPhone wants a + or punctuation, so that other numbers are not taken for one.
func isPhone(v string) bool {
	digits, marks := 0, 0
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case c-'0' <= 9:
			digits++
		case strings.IndexByte("+ ()-./", c) >= 0:
			marks++
		default:
			return false
		}
	}
	return digits >= 8 && digits <= 15 && (v[0] == '+' || marks > 0 && digits >= 10) && !isDate(v)
}

// The shortest and longest dates: 1/1/85, Jan 31, 1985.
const minDate, maxDate = 6, 12

func isDate(v string) bool {
	if v, _ = dateOf(v); len(v) < minDate || len(v) > maxDate {
		return false
	}
	for i := range layouts {
		if layouts[i].fits(v) {
			return true
		}
	}
	return false
}

// dateOf takes a time of day off a date: 01/31/1985 00:00:00, 1985-01-31T00:00.
func dateOf(v string) (date, before string) {
	i := strings.IndexAny(v, " T")
	if i < minDate || strings.IndexByte(v[i:], ':') < 0 {
		return v, ""
	}
	return v[:i], v[i : i+1]
}

func isTime(v string) bool {
	var at time.Time
	return at.UnmarshalText([]byte(v)) == nil
}

// isMoney wants a sign that it is not just any number.
func isMoney(v string) bool {
	_, r := amount(v)
	return r == nil && (strings.ContainsAny(v, "$,") || strings.Contains(v, "USD") || strings.Contains(v, "."))
}

func isName(v string) bool {
	letters := 0
	for _, r := range v {
		switch {
		case unicode.IsLetter(r):
			letters++
		case !strings.ContainsRune(" -'’.,", r):
			return false
		}
	}
	return letters > 0
}

func isLastFirst(v string) bool {
	last, first, ok := strings.Cut(v, ",")
	return ok && isName(last) && isName(strings.TrimSpace(first))
}

// masked shows the shape of a value and nothing of it: letters as A and a,
// digits as 9. Long values are cut off.
func masked(v string) string {
	const most = 24
	var b strings.Builder
	for n, r := range []rune(v) {
		switch {
		case n == most:
			return b.String() + "…"
		case unicode.IsDigit(r):
			b.WriteByte('9')
		case unicode.IsUpper(r):
			b.WriteByte('A')
		case unicode.IsLetter(r):
			b.WriteByte('a')
		case r >= ' ' && r < 0x7F:
			b.WriteRune(r)
		default:
			b.WriteByte('?')
		}
	}
	return b.String()
}

// foreignLetters tells whether Paxos would take a value in a column with its
// pattern only after it was transliterated.
func foreignLetters(v string) bool {
	for _, r := range v {
		if r >= utf8.RuneSelf && (unicode.IsLetter(r) || strings.ContainsRune("‘’‚‛′´`", r)) {
			return true
		}
	}
	return false
}

// personal tells of a value that may identify a person, so that it is not to be
// shown whatever column it is in.
func personal(v string) bool {
	digits := 0
	for i := 0; i < len(v); i++ {
		if v[i]-'0' <= 9 {
			digits++
		}
	}
	form, amount := amountFormOf(v)
	return strings.ContainsRune(v, '@') || isLastFirst(v) || digits >= 5 && !isBandText(v) || isDate(v) || amount && form.signed
}

// isBandText: amounts in words and ranges are no numbers of anybody: 50,000 to
// 100,000.
func isBandText(v string) bool {
	_, _, ok := boundsOf(v)
	return ok
}

// dateLayout is a way to write dates that is looked for.
type dateLayout struct {
	*layout
	american, european bool // the same digits could be the other
}

// layouts are tried in this order: of two that fit all cells, the first is taken.
var layouts = func() (all []dateLayout) {
	for _, text := range []string{"YYYY-MM-DD", "YYYY/MM/DD", "YYYY.MM.DD", "YYYYMMDD"} {
		all = append(all, dateLayout{layout: mustLayout(text)})
	}
	for _, s := range []string{"/", ".", "-"} {
		for _, order := range []string{"MM*DD*YYYY", "DD*MM*YYYY", "M*D*YYYY", "D*M*YYYY", "MM*DD*YY", "DD*MM*YY", "M*D*YY", "D*M*YY"} {
			all = append(all, dateLayout{layout: mustLayout(strings.ReplaceAll(order, "*", s)), american: order[0] == 'M', european: order[0] == 'D'})
		}
	}
	for _, text := range []string{"DD-MMM-YYYY", "D-MMM-YYYY", "DD MMM YYYY", "D MMM YYYY", "MMM D, YYYY", "DD-MMM-YY", "D-MMM-YY"} {
		all = append(all, dateLayout{layout: mustLayout(text)})
	}
	return all
}()

func (l *dateLayout) fits(v string) bool {
	d, _, ok := l.read(v)
	return ok && d.exists()
}
