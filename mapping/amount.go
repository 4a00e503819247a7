package mapping

import (
	"strings"
	"unicode"

	"embark/rules"
)

var (
	ruleAmount = rules.Rule{ID: "amount", Text: "this is not an amount of money that can be put into a band",
		Hint: "digits, with $ or USD, commas and a point at most: 85000, $85,000.00; put words and ranges into a table under values"}
	ruleAmountComma = rules.Rule{ID: "amount", Text: ruleAmount.Text,
		Hint: "digits, with $ or USD, points or blanks between groups of three, and a comma at most: 85000, 85.000,00; put words and ranges into a table under values"}
	ruleNegative = rules.Rule{ID: "amount", Text: "the amount is negative", Hint: "there is no band below zero"}
	ruleCurrency = rules.Rule{ID: "amount", Text: "the amount is not in US dollars",
		Hint: "bands are in US dollars: convert the column first, or put its values into a table under values"}
	ruleWantsComma = rules.Rule{ID: "amount", Text: "the amount has a decimal comma, or points between the thousands",
		Hint: `write decimal: "," beside band in the mapping, if the column is written so`}
	ruleWantsPoint = rules.Rule{ID: "amount", Text: "the amount has a decimal point, or commas between the thousands",
		Hint: `take decimal: "," out of the mapping, if the column is written so, or correct the cell`}
)

// writing is a way to write amounts: what stands before the cents, and what may
// stand between groups of three digits, the same in all of a number.
type writing struct{ decimal, groups string }

var (
	withPoint = writing{".", ","}
	withComma = writing{",", ". \u00a0\u2009\u202f'’"}
)

// amount reads whole dollars that are written with a point.
func amount(v string) (int64, *rules.Rule) { return withPoint.amount(v) }

// amount reads whole dollars: the cents do not decide, since bands begin at whole
// dollars. What is between groups stands before three digits only, so that 85,5 and
// 85.000 are nobody's guess.
func (w writing) amount(v string) (int64, *rules.Rule) {
	bare := undollared(v)
	if n, ok := w.whole(bare); ok {
		return n, nil
	}
	return 0, w.fault(bare)
}

// undollared takes the currency away, on one side or both.
func undollared(v string) string {
	v = trim(strings.TrimSuffix(strings.TrimPrefix(v, "USD"), "USD"))
	v = strings.TrimPrefix(strings.TrimPrefix(v, "US$"), "$")
	return trim(strings.TrimSuffix(v, "$"))
}

// fault tells why there is no amount.
func (w writing) fault(bare string) *rules.Rule {
	other, wrong, hasOther := withComma, &ruleAmount, &ruleWantsComma
	if w == withComma {
		other, wrong, hasOther = withPoint, &ruleAmountComma, &ruleWantsPoint
	}
	switch _, fits := other.whole(bare); {
	case strings.HasPrefix(bare, "-") || strings.HasPrefix(bare, "("):
		return &ruleNegative
	case isForeign(bare):
		return &ruleCurrency
	case fits:
		return hasOther
	}
	return wrong
}

// isForeign: a sign of a currency or three capitals at one end. Dollars have been
// taken away.
func isForeign(bare string) bool {
	isCode := func(s string) bool {
		return !strings.ContainsFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' })
	}
	if n := len(bare); n > 3 && strings.ContainsAny(bare, "0123456789") && (isCode(bare[:3]) || isCode(bare[n-3:])) {
		return true
	}
	return strings.ContainsFunc(bare, func(r rune) bool { return unicode.Is(unicode.Sc, r) })
}

// maxDollars is far beyond the highest band, and far from the limits of int64.
const maxDollars = 1e15

// whole reads digits and groups before the decimal sign.
func (w writing) whole(v string) (n int64, ok bool) {
	whole, cents, signed := strings.Cut(v, w.decimal)
	if signed && (!allDigits(cents) || len(cents) > 2) {
		return 0, false
	}
	digits, separator := 0, rune(0) // digits of the last group
	for _, r := range whole {
		switch {
		case r >= '0' && r <= '9':
			n, digits = n*10+int64(r-'0'), digits+1
		case digits == 0 || digits > 3 || !strings.ContainsRune(w.groups, r):
			return 0, false
		case separator != 0 && (separator != r || digits != 3):
			return 0, false
		default:
			digits, separator = 0, r
		}
		if n > maxDollars {
			return 0, false
		}
	}
	return n, digits > 0 && (separator == 0 || digits == 3)
}
