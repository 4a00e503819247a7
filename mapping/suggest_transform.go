package mapping

import (
	"fmt"
	"slices"
	"strings"

	"embark/paxos"
)

// transform adds what makes the cells of a column fit for its target, and says
// why.
func (s *Suggestion) transform(e *suggested, p *profile) {
	about := canonicals[e.target]
	e.warn(p)
	switch {
	case e.target == "ref_id":
		s.derive(e, p)
	case about.Format == "date" || about.Format == "date-time" && p.hardly(shapeTime):
		e.date(p)
	case e.target == "phone_number":
		s.phone(e, p)
	case about.Format == "country" || strings.HasSuffix(e.target, ".country"):
		if p.share(shapeAlpha3) < 1 {
			e.do("country", "true")
		}
	case strings.HasSuffix(e.target, ".province") && p.shaped[shapeStateName] > 0:
		e.do("region", paxos.CountryUSA)
	case bandsOf(e.target) != nil:
		e.band(p)
	case len(about.Values) > 0:
		e.table(p)
	case strings.HasSuffix(e.target, ".zip_code"):
		s.zip(e, p)
	case e.target == "cip_id":
		e.number(p)
	}
	if p.foreign > 0 && about.Pattern == canonicals["last_name"].Pattern && !e.typed() {
		e.do("transliterate", "true")
		e.say("%d of %d have letters that Paxos does not take; each row in which they are replaced gets a warning", p.foreign, p.looked)
	}
}

func (e *suggested) typed() bool {
	return slices.ContainsFunc(e.keys, func(k specKey) bool { return slices.Contains(kinds, kind(k.key)) })
}

// warn tells of cells that no mapping can mend.
func (e *suggested) warn(p *profile) {
	if p.scientific > 0 {
		e.say("%s in scientific notation (1.2E+08): digits are lost, these rows will be rejected", cellsOf(p.scientific))
	}
	if p.damaged > 0 && len(canonicals[e.target].Values) == 0 {
		e.say("%s placeholders like N/A or #REF!", holdOf(p.damaged))
	}
}

func cellsOf(n int) string {
	if n == 1 {
		return "1 cell is"
	}
	return fmt.Sprintf("%d cells are", n)
}

func holdOf(n int) string {
	if n == 1 {
		return "1 cell holds"
	}
	return fmt.Sprintf("%d cells hold", n)
}

// derive hides ids that say something about the person: they are shown in every
// log and report.
func (s *Suggestion) derive(e *suggested, p *profile) {
	if p.share(shapeSSN, shapeNineDigits, shapeEmail, shapePhone) < 0.5 && (p.digits[10]+p.digits[11])*2 < p.looked {
		return
	}
	e.do("derive", s.namespace)
	e.say("they look like SSNs, e-mail addresses or phone numbers, so that other ids are derived from them; keep the namespace for ever")
}

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
	switch {
	case l.american || l.european:
		e.order(p, best)
	case l.text != "YYYY-MM-DD" || canonicals[e.target].Format != "date":
		e.do("date", quoteYAML(l.text))
	}
	if others := p.filled - p.dates[best]; others > 0 {
		e.say("%d of %d are written differently, or are no dates", others, p.filled)
	}
}

// order: month first or day first is only declared if days over 12 show it.
func (e *suggested) order(p *profile, best int) {
	switch {
	case p.american > 20*p.european:
		best = firstLayout(p, best, true)
		e.say("the month comes first: %d of %d have a second number over 12", p.american, p.filled)
	case p.european > 20*p.american:
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
	country := s.mainCountry()
	e.do("phone", country)
	e.say("%d of %d have no country code; TODO: are these numbers of %s?", p.shaped[shapeNational]+p.shaped[shapeDigits], p.looked, country)
}

// mainCountry is the one that most rows have; the USA where no column tells.
func (s *Suggestion) mainCountry() string {
	for _, p := range s.profiles {
		target, _ := byName(p.name)
		if target != "address.country" || p.values == nil {
			continue
		}
		for _, v := range p.listed() {
			if code := countries[foldPlace(v)]; code != "" {
				return code
			}
		}
	}
	return paxos.CountryUSA
}

// band: amounts have their band found, ranges are a table.
func (e *suggested) band(p *profile) {
	comma := p.shaped[shapeDecimalComma]
	switch {
	case p.share(shapeMoney, shapeDigits) >= 0.5 && comma*2 < p.looked || p.share(shapeMoney)+p.share(shapeDigits) >= 0.9:
		e.do("band", "true")
	case comma*2 >= p.looked:
		e.do("split", `","`)
		e.do("part", "1")
		e.do("band", "true")
		e.say("decimal commas: what is behind them does not matter for the band")
	default:
		e.table(p)
		return
	}
	e.say("amounts are put into Paxos's bands, which are in US dollars")
}

// table lists the values that occur.
func (e *suggested) table(p *profile) {
	if p.values == nil {
		e.say("TODO: more than %d different values, not listed here; write values: {THEIRS: OURS}, or group them in the source", maxValues)
		return
	}
	table := tableOf(p, e.target)
	if asListed(table) {
		return
	}
	e.values = table
	if blank := p.rows - p.filled; blank > 0 {
		e.values = append(e.values, valueLine{rows: blank})
	}
	if proposed(table) < p.filled {
		e.say("TODO: say what the values mean that stand after a #; until then their rows are rejected")
	}
}

// zip puts zeros back that a spreadsheet took, where the file is of the USA.
func (s *Suggestion) zip(e *suggested, p *profile) {
	short := p.digits[3] + p.digits[4]
	if short == 0 || p.share(shapeZip) < 0.5 || s.mainCountry() != paxos.CountryUSA {
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
