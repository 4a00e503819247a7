package mapping

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"embark/rules"
	"embark/source"
)

// Confidence tells how sure a proposal is.
type Confidence string

// High: by name, and the content does not contradict. Medium: one of the two
// tells. Low: a guess, which is not made use of without the operator.
const (
	High   Confidence = "high"
	Medium Confidence = "medium"
	Low    Confidence = "low"
)

// Suggestion is a mapping that a file might have. It holds none of the values
// in it but those of columns that are plainly lists, like kinds of employment.
type Suggestion struct {
	Encoding  string          // written into the mapping where not empty; see [Spec]
	Delimiter rune            // likewise, where not 0
	Rows      int             // that were looked at, damaged ones included
	Damaged   int             // rows that cannot be read
	Encoded   int             // those of them that are not in the encoding that they are read in
	Damages   []source.Damage // the first of each kind
	Columns   []SuggestedColumn
	Missing   []string // columns of Paxos that every person needs, and no column of the file serves
	Open      int      // lines of the mapping that are marked TODO

	namespace string
	profiles  []*profile
	entries   []*suggested
	needs     map[*profile]string // why nothing is made of a column that has a target
	others    map[*profile]string // what a column could be as well, had no other been taken for it
}

// SuggestedColumn is what a column of the file might be.
type SuggestedColumn struct {
	Name       string     // as in the file
	Targets    []string   // canonical columns; none where nothing fits
	Confidence Confidence // "" where nothing fits
}

// Suggest looks at all rows and proposes a mapping for them. It keeps the values
// of columns with few different ones, and of the others no more than what they
// look like, so memory does not grow with the file. namespace is a UUID, fresh
// for each mapping: ids are derived in it where the file's own are personal data.
//
// Errors are *HeaderError, where no mapping could help, or come from rows.
func Suggest(header []string, rows iter.Seq2[source.Row, error], namespace string) (*Suggestion, error) {
	s := &Suggestion{namespace: namespace}
	if err := s.header(header); err != nil {
		return nil, titled(header, rows, err)
	}
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		s.look(row)
	}
	s.propose()
	return s, nil
}

// NeedsNone reports that the columns are canonical ones, so that the file needs
// no mapping.
func NeedsNone(header []string) bool {
	_, err := New(header, Options{})
	return err == nil || IsBank(header, nil)
}

func (s *Suggestion) header(header []string) error {
	if _, err := headings(header); err != nil {
		return err
	}
	for i, cell := range header {
		name := clean(cell)
		if name == "" {
			return &HeaderError{Text: fmt.Sprintf("column %d has no name", i+1), Hint: "name it or remove it"}
		}
		if looksLikeData(name) {
			return &HeaderError{Text: fmt.Sprintf("the first line is no header: column %d of it looks like a customer's data", i+1),
				Hint: "add a line with the names of the columns"}
		}
		s.profiles = append(s.profiles, newProfile(name, i+1))
	}
	if !slices.ContainsFunc(header, isHeading) {
		return &HeaderError{Text: "none of the column names in the first line is known",
			Hint: "is it really a header? If so, rename one column to what Paxos calls it, e.g. last_name"}
	}
	return nil
}

// titled finds out whether a header that is none is a title above the table.
func titled(header []string, rows iter.Seq2[source.Row, error], err error) error {
	if filledIn(header) != 1 {
		return err
	}
	const enough = 20 // lines between a title and the header
	looked := 0
	for row, failed := range rows {
		switch looked++; {
		case failed != nil || looked > enough:
			return err
		case filledIn(row.Cells) > 2 || row.Damage != nil && row.Damage.Rule == source.RuleFieldCount:
			return &HeaderError{Text: "the first line is no header: one of its cells is filled, and lines below have more, so that it is a title",
				Hint: "take off the lines above the header"}
		}
	}
	return err
}

func filledIn(cells []string) (n int) {
	for _, c := range cells {
		if clean(c) != "" {
			n++
		}
	}
	return n
}

// isHeading: without a single known one, the first line may be a customer.
func isHeading(cell string) bool {
	target, _ := byName(cell)
	return target != ""
}

// looksLikeData: such a heading is not shown, either. "Last, First" is one, though.
func looksLikeData(name string) bool {
	return personal(name) && !isLastFirst(name) || allDigits(name) || isMoney(name)
}

func (s *Suggestion) look(row source.Row) {
	s.Rows++
	if row.Damage != nil {
		s.damaged(*row.Damage)
		return
	}
	for i, p := range s.profiles {
		p.add(row.Cells[i])
	}
}

func (s *Suggestion) damaged(d source.Damage) {
	s.Damaged++
	if d.Rule == source.RuleEncoding {
		s.Encoded++
	}
	if !slices.ContainsFunc(s.Damages, func(other source.Damage) bool { return other.Rule == d.Rule }) {
		s.Damages = append(s.Damages, d)
	}
}

// candidate is a target that a column may have.
type candidate struct {
	profile    *profile
	target     string
	confidence Confidence
	score      int
	why        string
}

// propose gives each column its best target; a target goes to one column.
func (s *Suggestion) propose() {
	var all []candidate
	for _, p := range s.profiles {
		all = append(all, candidates(p)...)
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	chosen, taken := map[*profile]candidate{}, map[string]bool{}
	for _, c := range all {
		if _, has := chosen[c.profile]; !has && (!taken[c.target] || c.target == noBusiness) {
			chosen[c.profile], taken[c.target] = c, true
		}
	}
	s.others, s.needs = map[*profile]string{}, map[*profile]string{}
	for _, c := range all {
		if _, has := chosen[c.profile]; !has && s.others[c.profile] == "" && c.confidence != Low {
			s.others[c.profile] = c.target
		}
	}
	s.compose(chosen)
}

// candidates lists what a column may be, by name and by content.
func candidates(p *profile) (all []candidate) {
	target, fit := byName(p.name)
	switch {
	case p.name == ErrorsColumn:
		return nil
	case p.filled == 0:
		return blankOnes(p, target, fit)
	}
	if target != "" {
		if c, ok := named(p, target, fit); ok {
			all = append(all, c)
		}
	}
	if target == "tax_payer_id" && p.mostly(shapeSSN, shapeNineDigits) && isAmericanTax[fold(lastParts(p.name))] {
		all = []candidate{{profile: p, target: "cip_id", confidence: Medium, score: 150, why: "by name and content: the tax number of a person in the USA is the SSN"}}
	}
	if target == noBusiness && fit == fitsExactly {
		return all
	}
	for _, c := range byContent(p) {
		if c.target != target {
			all = append(all, c)
		}
	}
	return all
}

// blankOnes: the next file may have something in an optional column that is blank
// in this one, and it shall not be lost.
func blankOnes(p *profile, target string, fit int) []candidate {
	if about, ok := sought[target]; !ok || fit != fitsExactly || about.Need == rules.Required {
		return nil
	}
	return []candidate{{profile: p, target: target, confidence: Medium, score: 5, why: "by name, blank in this file"}}
}

// isAmericanTax are headings that mean the SSN where the numbers have its form.
var isAmericanTax = map[string]bool{"taxid": true, "taxpayerid": true, "taxidnumber": true, "taxidentificationnumber": true, "tin": true, "taxidvalue": true, "ustin": true}

// named weighs a name against the content.
func named(p *profile, target string, fit int) (candidate, bool) {
	agrees := agreement(p, target)
	c := candidate{profile: p, target: target, score: 100*fit + 30*agrees, confidence: Medium, why: "by name"}
	switch {
	case agrees < 0 && fit == fitsNearly:
		return c, false
	case agrees < 0:
		c.confidence, c.why, c.score = Low, "by name, but the content looks different", 15
	case agrees > 0:
		c.confidence, c.why = High, "by name and content"
	case fit == fitsExactly && target != "address.province" && sought[target].Values == nil:
		c.confidence = High // of the others the content would tell: "State" may be that of an account
	}
	return c, true
}

// agreement is 1 where the content is what the target wants, -1 where it cannot
// be, and 0 where it does not tell.
func agreement(p *profile, target string) int {
	tells := func(yes, no bool) int {
		switch {
		case yes:
			return 1
		case no:
			return -1
		}
		return 0
	}
	country := []shape{shapeAlpha3, shapeAlpha2, shapeCountryName}
	switch target {
	case "ref_id":
		return tells(p.unique(), p.twice*2 > p.looked)
	case "first_name", "last_name", "middle_name", fullName:
		return tells(p.mostly(shapeName), p.hardly(shapeName))
	case "date_of_birth", "passthrough_verified_at":
		return tells(p.mostly(shapeDate), p.hardly(shapeDate, shapeSerial))
	case "address.zip_code":
		return tells(p.mostly(shapeZip), p.mostly(shapeName))
	case "address.province":
		return tells(p.share(shapeStateCode, shapeStateName) > 0.5, p.mostly(shapeDigits))
	case "address.country", "nationality", "cip_id_country", "tax_payer_country":
		return tells(p.mostly(country...), p.hardly(country...))
	case "cip_id", "tax_payer_id":
		return tells(p.mostly(shapeSSN, shapeNineDigits), p.mostly(shapeName) || p.mostly(shapeDate))
	case "phone_number":
		return tells(p.mostly(shapePhone), p.hardly(shapePhone) && p.hardly(shapeDigits))
	case "email":
		return tells(p.mostly(shapeEmail), p.hardly(shapeEmail))
	case houseNumber, "address.address1", "address.address2", "address.city", noBusiness:
		return 0
	}
	return agreementOfList(p, target)
}

// agreementOfList is that of targets with a list of values.
func agreementOfList(p *profile, target string) int {
	if bandsOf(target) != nil && p.share(shapeAmount) >= 0.9 {
		return 1
	}
	if sought[target].Values == nil {
		return 0
	}
	switch {
	case p.values == nil:
		return -1
	case proposed(tableOf(p, target))*2 > p.filled:
		return 1
	}
	return 0
}

// byContent lists what a column may be whatever its name is.
func byContent(p *profile) (all []candidate) {
	propose := func(yes bool, target string, c Confidence, score int) {
		if yes {
			all = append(all, candidate{profile: p, target: target, confidence: c, score: score, why: "by content"})
		}
	}
	propose(p.mostly(shapeEmail), "email", Medium, 60)
	propose(p.mostly(shapeSSN), "cip_id", Medium, 90)
	propose(p.mostly(shapePhone), "phone_number", Medium, 50)
	propose(p.mostly(shapeLastFirst), fullName, Medium, 50)
	propose(p.mostly(shapeStateName) && p.hardly(shapeCountryName), "address.province", Medium, 50)
	propose(p.mostly(shapeDate) && p.birthYears(), "date_of_birth", Low, 20)
	propose(p.mostly(shapeStateCode), "address.province", Low, 20)
	propose(p.mostly(shapeZip), "address.zip_code", Low, 20)
	propose(p.mostly(shapeAlpha3, shapeAlpha2, shapeCountryName) && p.hardly(shapeStateCode), "address.country", Low, 20)
	propose(p.mostly(shapeMoney), "estimated_yearly_income", Low, 10)
	if p.few() {
		for _, target := range []string{"employment_status", "source_of_wealth", "employment_industry_sector", "cip_id_type", "passthrough_verifier_type"} {
			propose(proposed(tableOf(p, target))*10 >= p.filled*8, target, Low, 15)
		}
	}
	return all
}

func isNeeded(target string) bool {
	return slices.ContainsFunc(needed(), func(c rules.Column) bool { return c.Name == target })
}

// needed are the columns that every person needs, or nearly: those who live in
// the USA have a ZIP code, and most customers were verified elsewhere.
func needed() (all []rules.Column) {
	for _, c := range rules.PersonColumns() {
		if c.Need == rules.Required || c.Name == "address.zip_code" || strings.HasPrefix(c.Name, "passthrough_") {
			all = append(all, c)
		}
	}
	return all
}
