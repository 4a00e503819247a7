package mapping

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"embark/paxos"
	"embark/rules"
)

// step makes one canonical cell of the cells of a row.
type step struct {
	target *target
	from   string // headings of the file, joined with " + "; "" where it is the canonical name or there is none
	cells  []int  // none for a constant

	plain int // the cell of a mere rename; -1 where there is more to do
	work  transform
	whose ofType

	isProven bool // the order of its dates
}

// transform makes a value of another. A rule says what is wrong or noteworthy;
// the value may be of use all the same.
type transform func(v string, so []string) (string, *rules.Rule)

// ofType tells whose a column is.
type ofType int

const (
	ofBoth ofType = iota
	ofPersons
	ofInstitutions
)

// fault is what a transform found in a row.
type fault struct {
	step *step
	rule *rules.Rule
}

// raw is the cell that a step works on, trimmed: of one column, or of several.
// Blank ones are left out.
func (s *step) raw(cells []string) string {
	if len(s.cells) == 1 {
		return trim(cells[s.cells[0]])
	}
	var b strings.Builder
	for _, i := range s.cells {
		if v := trim(cells[i]); v != "" {
			if b.Len() > 0 {
				b.WriteString(s.target.separator)
			}
			b.WriteString(v)
		}
	}
	return trim(b.String())
}

// value runs a step. so holds the canonical cells made so far.
func (s *step) value(cells, so []string) (string, *rules.Rule) {
	if s.cells == nil {
		return s.target.constant, nil
	}
	v := s.raw(cells)
	if len(s.cells) > 1 {
		if r := s.damaged(cells); r != nil {
			return v, r
		}
	}
	var r *rules.Rule
	if s.work != nil {
		v, r = s.work(v, so)
	}
	if v == "" {
		v = s.target.fallback
	}
	return v, r
}

// damaged looks for placeholders and lost digits among the cells of a concat:
// joined with others they would pass for a value.
func (s *step) damaged(cells []string) *rules.Rule {
	for _, i := range s.cells {
		switch v := trim(cells[i]); {
		case rules.IsPlaceholder(v):
			return &rulePlaceholderJoined
		case rules.IsScientific(v):
			return &ruleScientific
		}
	}
	return nil
}

// foreign: what the file does not say itself is not said for rows of the other
// type.
func (s *step) foreign(cells []string, institution bool) bool {
	return (s.whose == ofPersons && institution || s.whose == ofInstitutions && !institution) && s.raw(cells) == ""
}

// apply makes the canonical cells of a row.
func (m *Mapper) apply(cells, so []string) (faults []fault) {
	institution := false
	for _, i := range m.order {
		s := &m.steps[i]
		if s.plain >= 0 {
			so[i] = trim(cells[s.plain])
		} else if s.whose == ofBoth || !s.foreign(cells, institution) {
			var r *rules.Rule
			if so[i], r = s.value(cells, so); r != nil {
				faults = append(faults, fault{s, r})
			}
		}
		if i == m.typeCell {
			institution = so[i] == paxos.TypeInstitution
		}
	}
	return faults
}

// foldHeading makes headings comparable: without regard to case, the way
// accents are encoded, and blanks at the ends and in a row.
func foldHeading(s string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		ascii = ascii && s[i] < 0x80
	}
	s = strings.Join(strings.Fields(s), " ") // U+00A0 is a blank to it, too
	if ascii {
		return strings.ToLower(s)
	}
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(s)))
}
