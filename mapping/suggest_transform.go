package mapping

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"embark/paxos"
)

// transform adds what makes the cells of a column fit for its target, and says
// why.
func (s *Suggestion) transform(e *suggested, p *profile) {
	about := sought[e.target]
	e.warn(p)
	switch {
	case e.target == "ref_id" || e.target == "account.ref_id":
		s.derive(e, p)
	case about.Format == "date" || about.Format == "date-time" && p.hardly(shapeTime):
		e.date(p)
	case e.target == "phone_number":
		s.phone(e, p)
	case about.Format == "country" || strings.HasSuffix(e.target, ".country"):
		if p.share(shapeAlpha3) < 1 {
			e.do("country", "true")
		}
	case bandsOf(e.target) != nil:
		e.band(p)
	case about.Format == "enum":
		e.table(p)
	case strings.HasSuffix(e.target, ".zip_code"):
		s.zip(e, p)
	case e.target == "cip_id":
		e.number(p)
	}
	states := e.target == "address.province" && p.share(shapeStateName) > 0.5 // see implyCountry
	if about.Pattern == sought["last_name"].Pattern && !e.typed() && !states {
		e.letters(p)
	}
}

// letters replaces those that Paxos does not take, and the # of addresses.
func (e *suggested) letters(p *profile) {
	signed := p.signed
	if !strings.HasPrefix(e.target, "address.address") {
		signed = 0 // in a name it is a mistake
	}
	if p.foreign > 0 {
		e.say("%d of %d have letters that Paxos does not take; each row in which they are replaced gets a warning", p.foreign, p.looked)
	}
	if signed > 0 {
		e.say("%d of %d have a # before a number, which becomes No; each such row gets a warning", signed, p.looked)
	}
	if p.foreign+signed > 0 {
		e.do("transliterate", "true")
	}
}

func (e *suggested) typed() bool {
	return slices.ContainsFunc(e.keys, func(k specKey) bool { return slices.Contains(kinds, kind(k.key)) })
}

// warn tells of cells that no mapping can mend.
func (e *suggested) warn(p *profile) {
	if p.scientific > 0 {
		e.say("in scientific notation (1.2E+08), with digits lost: %s, to be rejected", countOf(p.scientific, "cell"))
	}
	if p.damaged > 0 && len(sought[e.target].Values) == 0 {
		e.say("with a placeholder like N/A or #REF!: %s, to be rejected", countOf(p.damaged, "cell"))
	}
}

func countOf(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// derive hides ids that say something about the person: they are shown in every
// log and report.
func (s *Suggestion) derive(e *suggested, p *profile) {
	if p.twice > 0 {
		e.say("%s come again: rows of one customer must agree in all columns of the identity", countOf(p.twice, "value"))
	}
	if p.numbersOfTheUSA() {
		e.doubt("these look like SSNs, which must not name customers, and ids derived from them could be traced back; number the customers yourself and keep the list")
		return
	}
	if p.share(shapeEmail, shapePhone) < 0.5 && (p.digits[10]+p.digits[11])*2 < p.looked {
		return
	}
	e.do("derive", s.namespace)
	e.say("they look like e-mail addresses or phone numbers, so that other ids are derived from them; keep the namespace for ever")
}

func (p *profile) numbersOfTheUSA() bool { return p.share(shapeSSN, shapeNineDigits) > 0.5 }

// date declares the layout where the column proves it.
func (e *suggested) date(p *profile) {
	best := 0
	for i, n := range p.dates {
		if n > p.dates[best] {
			best = i
		}
	}
	if p.dates[best] == 0 {
		e.say("TODO: no known form of a date; serial numbers of a spreadsheet have to be formatted as dates there")
		return
	}
	l := layouts[best]
	if p.times*2 > p.filled {
		e.do("split", strconv.Quote(p.before))
		e.do("part", "1")
		e.say("the time of day is left out")
	}
	switch {
	case l.american || l.european:
		e.order(p, best)
	case l.text != "YYYY-MM-DD" || sought[e.target].Format != "date":
		e.do("date", quoteYAML(l.text))
	}
	if others := p.filled - p.dates[best]; others > 0 {
		e.say("%d of %d filled cells are not of this form, or are no dates", others, p.filled)
	}
}

// order: month first or day first is only declared if days over 12 show it.
func (e *suggested) order(p *profile, best int) {
	switch {
	case p.american >= enough && p.european == 0:
		best = firstLayout(p, best, true)
		e.say("the month comes first: %d of %d have a second number over 12", p.american, p.filled)
	case p.european >= enough && p.american == 0:
		best = firstLayout(p, best, false)
		e.say("the day comes first: %d of %d have a first number over 12", p.european, p.filled)
	default:
		e.do("date", provenLayout)
		e.say("TODO: month or day first? %d of %d can only be month first, %d only day first; declare it, as MM/DD/YYYY or DD/MM/YYYY",
			p.american, p.filled, p.european)
		return
	}
	e.do("date", quoteYAML(layouts[best].text))
}

// firstLayout finds the most frequent layout of an order.
func firstLayout(p *profile, best int, american bool) int {
	found := -1
	for i, n := range p.dates {
		if layouts[i].american == american && layouts[i].european != american && (found < 0 || n > p.dates[found]) {
			found = i
		}
	}
	if found < 0 {
		return best
	}
	return found
}

// phone gives numbers without a country code that of most customers.
func (s *Suggestion) phone(e *suggested, p *profile) {
	if p.shaped[shapeNational] == 0 && p.shaped[shapeDigits] == 0 {
		return
	}
	country, sure := s.mainCountry()
	e.do("phone", country)
	e.say("%d of %d have no country code and are taken for numbers of %s", p.shaped[shapeNational]+p.shaped[shapeDigits], p.looked, country)
	if !sure {
		e.say("TODO: is that right?")
	}
}

// mainCountry is the one that most rows have. Where no column tells, it is the
// USA, surely if there are states of it.
func (s *Suggestion) mainCountry() (alpha3 string, sure bool) {
	states := false
	for _, p := range s.profiles {
		states = states || p.mostly(shapeStateName, shapeStateCode)
		target, _ := byName(p.name)
		if target != "address.country" || p.values == nil {
			continue
		}
		for _, v := range p.listed() {
			if code := countryOf(v); code != "" {
				return code, true
			}
		}
	}
	return paxos.CountryUSA, states
}

// table lists the values that occur.
func (e *suggested) table(p *profile) {
	if p.values == nil {
		e.say("TODO: more than %d different values, not listed here; write values: {THEIRS: OURS}, or group them in the source", maxValues)
		return
	}
	table := tableOf(p, e.target)
	if asListed(table) { // blank cells are for the rules to judge
		return
	}
	e.values = table
	if proposed(table) == 0 && !isNeeded(e.target) {
		e.doubt("Paxos does not need this column, and what its values mean is not known")
	}
	if blank := p.rows - p.filled; blank > 0 {
		e.values = append(e.values, valueLine{rows: blank})
	}
	if e.open() {
		e.say("TODO: say what the values mean that stand after a #; until then their rows are rejected")
	}
}

// open reports that the operator has to say what values mean.
func (e *suggested) open() bool {
	return slices.ContainsFunc(e.values, func(l valueLine) bool { return l.to == "" && !l.masked })
}

// zip puts zeros back that a spreadsheet took, where the file is of the USA.
func (s *Suggestion) zip(e *suggested, p *profile) {
	short := p.digits[3] + p.digits[4]
	country, _ := s.mainCountry()
	if short == 0 || p.share(shapeZip) < 0.5 || country != paxos.CountryUSA {
		return
	}
	e.do("pad", "5")
	e.say("%d of %d have only 3 or 4 digits: the leading zeros were lost in a spreadsheet, and pad puts them back", short, p.looked)
}

// number leaves SSNs that lack a digit alone: where it is missing is not known
// for certain, and one padded wrongly is somebody else's.
func (e *suggested) number(p *profile) {
	short := p.digits[7] + p.digits[8]
	if short == 0 || p.share(shapeSSN, shapeNineDigits) < 0.5 {
		return
	}
	e.say("%d of %d have only 7 or 8 digits and will be rejected; TODO: if these are leading zeros that a spreadsheet took, add pad: 9", short, p.looked)
}
