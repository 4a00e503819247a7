package mapping

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// amountForm is how a cell writes an amount of money. What both forms read,
// like 85000, is in both.
type amountForm struct {
	point   bool // 85,000.00
	comma   bool // 85.000,00; 85 000,00; 85'000
	proven  bool // comma, and nothing else: 85.000 alone could have three decimals
	foreign bool // with the sign of another currency than the US dollar
	dollars bool // with that of the US dollar
	signed  bool // with any sign, separator or decimals: more than a number
}

// amountFormOf is for cells with a single amount; ok is false for all others.
func amountFormOf(v string) (f amountForm, ok bool) {
	digit := func(r rune) bool { return r >= '0' && r <= '9' }
	from, to := strings.IndexFunc(v, digit), strings.LastIndexFunc(v, digit)
	if from < 0 {
		return f, false
	}
	body, signs := v[from:to+1], wordsOfSigns(v[:from]+" "+v[to+1:])
	f.foreign = slices.ContainsFunc(signs, isCurrency)
	if slices.ContainsFunc(signs, func(s string) bool { return !isCurrency(s) && !dollars[s] }) {
		return f, false
	}
	f.dollars = slices.ContainsFunc(signs, func(s string) bool { return dollars[s] && strings.ContainsAny(s, "$u") })
	_, f.point = withPoint.whole(body)
	_, f.comma = withComma.whole(body)
	f.proven = f.comma && !f.point && provesComma(body)
	f.signed = len(signs) > 0 || !allDigits(body)
	return f, f.point || f.comma || isSwiss(body)
}

// isSwiss: 85'000.50, which no mapping reads.
func isSwiss(body string) bool {
	_, is := withPoint.whole(strings.NewReplacer("'", ",", "’", ",").Replace(body))
	return is
}

// provesComma: a single dot could be a decimal point with three digits behind it.
func provesComma(body string) bool {
	return strings.ContainsRune(body, ',') || strings.Count(body, ".") != 1
}

// dollars are the signs that say nothing against US dollars.
var dollars = map[string]bool{"$": true, "us$": true, "usd": true, "-": true, "+": true, "(": true, ")": true}

// currencies are those that turn up in exports beside the US dollar, as written
// in cells and headings.
var currencies = strings.Fields("eur euro euros gbp chf fr sfr cad c$ ca$ aud a$ nzd jpy cny rmb hkd hk$ sgd s$ sek nok dkk kr pln zł czk kč huf ft ron bgn try inr rs brl r$ mxn zar ils krw")

// isCurrency tells the sign of another currency than the US dollar.
func isCurrency(word string) bool {
	return slices.Contains(currencies, word) || strings.ContainsFunc(word, func(r rune) bool { return r != '$' && unicode.Is(unicode.Sc, r) })
}

// wordsOfSigns splits what stands around a number.
func wordsOfSigns(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return unicode.IsSpace(r) || r == '.' })
}

// foreignHeading: Income (EUR).
func foreignHeading(name string) bool {
	return slices.ContainsFunc(wordsOf(name), func(w string) bool { return len(w) >= 3 && slices.Contains(currencies, w) }) || strings.ContainsFunc(name, func(r rune) bool {
		return isCurrency(string(r))
	})
}

// dollarHeading: Income USD.
func dollarHeading(name string) bool {
	return strings.ContainsRune(name, '$') || has(wordsOf(name), []string{"usd", "dollar", "dollars"})
}

// foreignText: 50,000 € to 100,000 €.
func foreignText(v string) bool {
	return strings.ContainsAny(v, "€£") || slices.ContainsFunc(wordsOf(v), isCurrency)
}

// isAmount tells of amounts in any form, 85k among them.
func isAmount(v string) bool {
	_, is := amountFormOf(strings.TrimRight(v, "kKmM "))
	return is && !isBandText(v)
}

// band: amounts have their band found, ranges are a table. Amounts are nobody's
// list: they are never one.
func (e *suggested) band(p *profile) {
	comma, point := p.shaped[shapeComma], p.shaped[shapePoint]
	if p.share(shapeAmount) < 0.5 {
		e.table(p)
		return
	}
	e.do("band", "true")
	e.say("amounts are put into Paxos's bands, which are in US dollars")
	if comma > point {
		e.do("decimal", `","`)
	}
	switch most := max(comma, point); {
	case p.shaped[shapeForeign]*2 >= p.looked || foreignHeading(p.name):
		e.doubt("these amounts are in another currency, and the bands are in US dollars: convert the amounts in the source, or replace band by a table under values")
	case p.shaped[shapeReadable]*2 < p.looked:
		e.doubt("amounts of a form that cannot be read; write them as 85000 or 85,000.00 in the source")
	case min(comma, point)*20 > most:
		e.doubt("decimal point or comma? %d of %d can only have a decimal point, %d only a comma; write all of them alike in the source", point, p.looked, comma)
	case comma > point && p.shaped[shapeProven] == 0:
		e.doubt("are the dots thousands? No cell has a decimal comma that would prove it")
	case comma > point:
		e.say("written as in 85.000,00, 85 000,00 or 85'000: %d of %d can be nothing else, and %d are otherwise", p.shaped[shapeProven], p.looked, point)
		if p.shaped[shapeDollars] == 0 && !dollarHeading(p.name) {
			e.say("TODO: are these US dollars? Nothing says so, and they are not written as in the USA")
		}
	}
	if n := p.shaped[shapeForeign]; n > 0 && !e.off {
		e.say("in another currency: %s, to be rejected", countOf(n, "cell"))
	}
}

// Ranges have plain amounts, and something that says that they are ranges: blanks
// alone do not, since they group digits, too.
const (
	sign     = `(?:us\$|\$|€|£|usd|eur|gbp|chf)?`
	bound    = sign + ` ?((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?(?: ?(?:k|mm?))?) ?` + sign
	whatever = `(?:or|and|und|oder|et|ou|y|o)`
)

var (
	between = regexp.MustCompile(`^(?:between |from |von |zwischen |de |entre )?` + bound + ` ?(?:-|–|—|to|bis|à|and|und|et|a|hasta|y) ?(?:under |below |less than |unter )?` + bound + `$`)
	below   = regexp.MustCompile(`^(?:<|<=|≤|under|below|less than|up to|unter|bis|bis zu|weniger als|moins de|menos de) ?` + bound + `$|^` + bound + ` ` + whatever + ` (?:less|below|under|weniger|moins|menos)$`)
	above   = regexp.MustCompile(`^(?:>|>=|≥|\+|over|above|more than|ueber|über|ab|mehr als|plus de|más de) ?` + bound + `(?: ?\+)?$|^` + bound + ` ?(?:\+|plus|` + whatever + ` (?:more|above|over|plus|mehr|más))$`)
)

// boundsOf reads 25,000 - 50,000, $25k to $50k, under 50k, over 1M, 1M+. An open
// end is 0.
func boundsOf(v string) (from, to int64, ok bool) {
	v = strings.ToLower(oneLine(v))
	if m := between.FindStringSubmatch(v); m != nil {
		from, to = dollarsOf(m[1]), dollarsOf(m[2])
		return from, to, from < to
	}
	if m := below.FindStringSubmatch(v); m != nil {
		return 0, dollarsOf(m[1] + m[2]), true
	}
	if m := above.FindStringSubmatch(v); m != nil {
		return dollarsOf(m[1] + m[2]), 0, true
	}
	return 0, 0, false
}
