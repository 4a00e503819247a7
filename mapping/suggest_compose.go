package mapping

import (
	"fmt"
	"slices"
	"strings"

	"embark/paxos"
)

// suggested is a proposed entry of a mapping.
type suggested struct {
	target     string
	columns    []string  // none for a constant
	keys       []specKey // beside column or concat, in the order of work
	values     []valueLine
	comments   []string
	off        bool // commented out: a guess
	confidence Confidence
}

// specKey is a key of an entry with its value, as it is written in YAML.
type specKey struct{ key, value string }

// compose makes the entries of the mapping, in the order of the file.
func (s *Suggestion) compose(chosen map[*profile]candidate) {
	for _, p := range s.profiles {
		c, ok := chosen[p]
		if ok && c.target != noBusiness {
			s.composeColumn(c, chosen)
		}
	}
	s.imply()
	s.identify()
	s.settleTax()
	s.settleRivals()
	s.lacks()
	for _, p := range s.profiles {
		s.Columns = append(s.Columns, s.summary(p))
	}
	_, lines, _ := strings.Cut(s.text(), "\n\n") // the head explains the mark
	for line := range strings.Lines(lines) {
		if strings.Contains(line, "TODO") {
			s.Open++
		}
	}
}

// lacks lists what is needed and no entry serves.
func (s *Suggestion) lacks() {
	for _, c := range needed() {
		if !s.serves(c.Name) {
			s.Missing = append(s.Missing, c.Name)
		}
	}
	taxed := s.serves("tax_payer_id") || s.serves("tax_payer_country") || s.otherDocuments()
	for _, name := range []string{"tax_payer_id", "tax_payer_country"} {
		if taxed && !s.serves(name) {
			s.Missing = append(s.Missing, name)
		}
	}
}

// otherDocuments: some are neither SSN nor ITIN, and their owners need a tax number.
func (s *Suggestion) otherDocuments() bool {
	of := s.entry("cip_id_type")
	if of == nil {
		return false
	}
	if of.columns == nil {
		return of.keys[0].value != paxos.CIPIDTypeSSN
	}
	return slices.ContainsFunc(tableOf(s.profile(of), of.target), func(l valueLine) bool {
		return l.to != "" && l.to != paxos.CIPIDTypeSSN && l.to != paxos.CIPIDTypeITIN
	})
}

// summary tells what became of a column; where several entries use it, the
// surest one counts.
func (s *Suggestion) summary(p *profile) SuggestedColumn {
	c := SuggestedColumn{Name: p.name}
	for _, e := range s.entries {
		if !slices.Contains(e.columns, p.name) {
			continue
		}
		c.Targets = append(c.Targets, e.target)
		if c.Confidence == "" || c.Confidence == Low || e.confidence == High {
			c.Confidence = e.confidence
		}
	}
	return c
}

func (s *Suggestion) composeColumn(c candidate, chosen map[*profile]candidate) {
	switch c.target {
	case fullName:
		s.names(c, chosen)
	case houseNumber:
		if !surely("address.address1", chosen) {
			c.confidence = Low
			s.add(c, "address.address1")
		}
	case "address.address1":
		e := s.add(c, c.target)
		if house := profileOf(houseNumber, chosen); house != nil && c.confidence != Low {
			e.columns = inFileOrder(c.profile, house)
			e.comments = append(e.comments, fmt.Sprintf("joined with %q: %s", house.name, house.facts()))
		}
	default:
		s.add(c, c.target)
	}
}

// surely reports that a column has the target with more than low confidence.
func surely(target string, chosen map[*profile]candidate) bool {
	p := profileOf(target, chosen)
	return p != nil && chosen[p].confidence != Low
}

func profileOf(target string, chosen map[*profile]candidate) *profile {
	for p, c := range chosen {
		if c.target == target {
			return p
		}
	}
	return nil
}

// inFileOrder: street and house number stand in a file as they are said.
func inFileOrder(a, b *profile) []string {
	if a.number > b.number {
		a, b = b, a
	}
	return []string{a.name, b.name}
}

// add makes an entry of a candidate.
func (s *Suggestion) add(c candidate, target string) *suggested {
	e := &suggested{target: target, columns: []string{c.profile.name}, confidence: c.confidence}
	e.comments = []string{fmt.Sprintf("%q: %s, %s; %s", c.profile.name, c.confidence, c.why, c.profile.facts())}
	if c.confidence == Low {
		e.doubt("a guess")
	}
	s.transform(e, c.profile)
	s.entries = append(s.entries, e)
	return e
}

func (e *suggested) say(format string, args ...any) {
	e.comments = append(e.comments, fmt.Sprintf(format, args...))
}

// doubt comments an entry out and says why, and all that there is to do.
func (e *suggested) doubt(format string, args ...any) {
	if e.off {
		e.say("TODO: %s", fmt.Sprintf(format, args...))
		return
	}
	e.off, e.confidence = true, Low
	e.say("TODO: %s; to use it, remove the # of what stands below and take %s out of ignore", fmt.Sprintf(format, args...), strings.Join(quotedNames(e.columns), " and "))
}

func (e *suggested) do(key, value string) { e.keys = append(e.keys, specKey{key, value}) }

// serves reports that an entry makes a canonical column.
func (s *Suggestion) serves(target string) bool { return s.entry(target) != nil }

func (s *Suggestion) entry(target string) *suggested {
	for _, e := range s.entries {
		if e.target == target && !e.off {
			return e
		}
	}
	return nil
}

// names splits a column of whole names, where no others hold the parts.
func (s *Suggestion) names(c candidate, chosen map[*profile]candidate) {
	separator, last, first := `","`, "1", `"2.."`
	note := `"Last, First": what is behind the comma is the first name`
	if !c.profile.mostly(shapeLastFirst) {
		separator, last, first = `" "`, `"2.."`, "1"
		note = "TODO: taken as first name, blank, last names; names of other forms will come out wrong"
		c.confidence = Medium
	}
	said := false
	for _, part := range []struct{ target, part string }{{"last_name", last}, {"first_name", first}} {
		if surely(part.target, chosen) {
			continue
		}
		e := s.add(c, part.target)
		e.keys = slices.Insert(e.keys, 0, specKey{"split", separator}, specKey{"part", part.part})
		e.say("%s", note)
		if said {
			e.comments = []string{fmt.Sprintf("%q, the other part", c.profile.name)}
		}
		said = true
	}
}

// imply adds what follows from the content of other columns.
func (s *Suggestion) imply() {
	s.implyDocument()
	s.implyCountry()
	s.implyTax()
}

// implyCountry: where states of the USA are, is the USA. Their names become codes
// once the country is known.
func (s *Suggestion) implyCountry() {
	province := s.entry("address.province")
	if province == nil {
		return
	}
	p := s.profile(province)
	if !s.serves("address.country") && p.mostly(shapeStateName, shapeStateCode) {
		s.constant("address.country", paxos.CountryUSA, "no column tells the country; %q holds states of the USA in %d of %d rows", p.name, p.shaped[shapeStateName]+p.shaped[shapeStateCode], p.looked)
	}
	if s.serves("address.country") && p.shaped[shapeStateName] > 0 && !province.typed() {
		province.do("region", paxos.CountryUSA)
	}
}

// profile is that of an entry's first column.
func (s *Suggestion) profile(e *suggested) *profile {
	for _, p := range s.profiles {
		if e != nil && len(e.columns) > 0 && p.name == e.columns[0] {
			return p
		}
	}
	return &profile{}
}

func (s *Suggestion) constant(target, value, format string, args ...any) *suggested {
	e := &suggested{target: target, keys: []specKey{{"constant", quoteYAML(value)}}, confidence: Medium, comments: []string{"medium, by content: " + fmt.Sprintf(format, args...)}}
	s.entries = append(s.entries, e)
	return e
}

// implyDocument: whose form is that of an SSN is one, and the heading may name
// another document.
func (s *Suggestion) implyDocument() {
	id := s.entry("cip_id")
	if id == nil {
		return
	}
	p := s.profile(id)
	folded := fold(p.name)
	switch {
	case strings.Contains(folded, "pass") && !s.serves("cip_id_type"):
		s.constant("cip_id_type", "PASSPORT", "the heading %q", p.name)
	case p.share(shapeSSN, shapeNineDigits) > 0.5:
		if !s.serves("cip_id_type") {
			s.constant("cip_id_type", paxos.CIPIDTypeSSN, "%q has the form of SSNs; those that begin with 9 and go on with 50 to 99 are ITINs, and will be told", p.name)
		}
		if !s.serves("cip_id_country") {
			s.constant("cip_id_country", paxos.CountryUSA, "SSNs are issued by the USA")
		}
	}
}

// implyTax: a tax number needs its country; that of residence is only a guess.
func (s *Suggestion) implyTax() {
	country := s.entry("address.country")
	if !s.serves("tax_payer_id") || s.serves("tax_payer_country") || country == nil {
		return
	}
	e := &suggested{target: "tax_payer_country", columns: country.columns, keys: country.keys, confidence: Medium}
	e.say("medium: no column tells the country of the tax number; TODO: is it that of residence?")
	s.entries = append(s.entries, e)
}

// identify finds what names a customer where no column does: an id that is
// derived from what only they have.
func (s *Suggestion) identify() {
	if s.serves("ref_id") {
		return
	}
	for _, target := range []string{"cip_id", "email", "phone_number"} {
		e := s.entry(target)
		if e == nil || !s.profile(e).unique() || s.profile(e).numbersOfTheUSA() {
			continue
		}
		ref := &suggested{target: "ref_id", columns: e.columns, confidence: Medium}
		ref.say("medium: no column holds ids of customers, so that they are derived from %q; %s", e.columns[0], s.profile(e).differs())
		ref.say("TODO: better use an id of your own system; it names the customer for ever")
		ref.do("derive", s.namespace)
		s.entries = slices.Insert(s.entries, 0, ref)
		return
	}
}

// differs says in how many rows a column has a value that no other row has.
func (p *profile) differs() string {
	text := fmt.Sprintf("of the first %s with one, %d repeat another's", countOf(p.looked, "row"), p.twice)
	if p.looked == p.filled {
		text = fmt.Sprintf("of the %s with one, %d repeat another's", countOf(p.filled, "row"), p.twice)
	}
	if p.twice == 0 {
		text = strings.Replace(text, "0 repeat", "none repeats", 1)
	}
	if blank := p.rows - p.filled; blank > 0 {
		text += fmt.Sprintf("; without one, and to be rejected: %s", countOf(blank, "row"))
	}
	return text
}

// facts says what a column looks like, and shows none of it.
func (p *profile) facts() string {
	text := fmt.Sprintf("%d of %d filled", p.filled, p.rows)
	if p.looked > 1 && p.twice == 0 {
		text += ", all different"
	}
	var shown []string
	for _, m := range p.examples() {
		shown = append(shown, fmt.Sprintf("%q", m))
	}
	if shown != nil {
		text += ", like " + strings.Join(shown, " or ")
	}
	return text
}
