package mapping

import (
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"embark/rules"
)

// What is said about cells that cannot be transformed. What the rules say about
// the same fault has the same id.
var (
	ruleUnmapped = rules.Rule{ID: "value_unmapped", Text: "the value is not in the mapping's table",
		Hint: "add it under values of this column, or correct the cell"}
	rulePlaceholderJoined = rules.Rule{ID: "placeholder", Text: "one of the cells holds a placeholder, not a value",
		Hint: "leave the cell empty where there is no value"}
	ruleScientific = rules.Rule{ID: "scientific_notation", Text: "a spreadsheet has turned the number into scientific notation; digits are lost",
		Hint: "take it from the source again, with the column formatted as text"}
)

// transform makes one of what a target asks for; nil where the cell is taken as
// it is. columns are the canonical ones that the mapping makes.
func (t *target) transform(o rules.Options, columns []string) transform {
	typed := t.typed(o, columns)
	if typed != nil && !t.proven() {
		typed = unlessPlaceholder(typed)
	}
	return t.chain(typed)
}

// chain puts split and values before a typed transform, which may be nil. What the
// table gives is final; a typed transform gets what is not in it.
func (t *target) chain(typed transform) transform {
	work := typed
	switch {
	case t.values != nil && typed != nil:
		work = t.values.before(typed)
	case t.values != nil:
		work = t.values.apply
	}
	switch {
	case t.split == nil:
		return work
	case work == nil:
		return t.split.apply
	}
	return func(v string, so []string) (string, *rules.Rule) {
		v, _ = t.split.apply(v, so)
		return work(v, so)
	}
}

// unlessPlaceholder leaves empty cells and placeholders to the rules.
func unlessPlaceholder(work transform) transform {
	return func(v string, so []string) (string, *rules.Rule) {
		if v == "" || rules.IsPlaceholder(v) {
			return v, nil
		}
		return work(v, so)
	}
}

func (t *target) typed(o rules.Options, columns []string) transform {
	switch t.kind {
	case kindDate:
		return t.toDate(o)
	case kindPhone:
		return toPhone(t.argument)
	case kindCountry:
		return toCountry()
	case kindRegion:
		return toRegion(slices.Index(columns, t.countryColumn()))
	case kindBand:
		if t.comma {
			return toBand(bandsOf(t.column), withComma)
		}
		return toBand(bandsOf(t.column), withPoint)
	case kindPad:
		return t.toPadded(columns)
	case kindTransliterate:
		if strings.Contains(t.column, "address") {
			return toASCIIAddress
		}
		return toASCII
	case kindDerive:
		return toUUID(t.namespace)
	}
	return nil
}

// splitting takes a part of a value.
type splitting struct {
	separator string
	part      int  // from one; negative from the end
	rest      bool // and all parts after it
}

// apply is "" where the value has not so many parts. Blanks in a row separate as
// one does.
func (s *splitting) apply(v string, _ []string) (string, *rules.Rule) {
	parts := strings.Split(v, s.separator)
	if s.separator == " " {
		parts = strings.FieldsFunc(v, func(r rune) bool { return r == ' ' || r == '\u00a0' })
	}
	i := s.part - 1
	if s.part < 0 {
		i = len(parts) + s.part
	}
	switch {
	case i < 0 || i >= len(parts):
		return "", nil
	case s.rest:
		return trim(strings.Join(parts[i:], s.separator)), nil
	}
	return trim(parts[i]), nil
}

// valueTable turns the values of a source into others. Values are looked for as
// they are written first, then without regard to case.
type valueTable struct {
	exact, folded map[string]string
}

func newValueTable(exact map[string]string) *valueTable {
	t := &valueTable{exact: exact, folded: map[string]string{}}
	ambiguous := map[string]bool{}
	for from, to := range exact {
		f := foldHeading(from)
		if other, twice := t.folded[f]; twice && other != to {
			ambiguous[f] = true
		}
		t.folded[f] = to
	}
	for f := range ambiguous {
		delete(t.folded, f)
	}
	return t
}

// apply leaves empty cells that the table does not speak of to the rules, and
// placeholders likewise.
func (t *valueTable) apply(v string, _ []string) (string, *rules.Rule) {
	if to, ok := t.find(v); ok {
		return to, nil
	}
	if v == "" || rules.IsPlaceholder(v) {
		return v, nil
	}
	return v, &ruleUnmapped
}

// before gives what is not in the table to another transform.
func (t *valueTable) before(work transform) transform {
	return func(v string, so []string) (string, *rules.Rule) {
		if to, ok := t.find(v); ok {
			return to, nil
		}
		return work(v, so)
	}
}

// find does not take a placeholder or nothing for another spelling of a value.
func (t *valueTable) find(v string) (to string, ok bool) {
	if to, ok = t.exact[v]; ok || v == "" || rules.IsPlaceholder(v) {
		return to, ok
	}
	to, ok = t.folded[foldHeading(v)]
	return to, ok
}

// toPadded writes zeros before what has digits only and not enough of them. All
// else is for the rules to judge. columns are the names of the cells made so far.
func (t *target) toPadded(columns []string) transform {
	n, _ := strconv.Atoi(t.argument)
	zeros := strings.Repeat("0", n)
	return func(v string, so []string) (string, *rules.Rule) {
		if len(v) >= n || !allDigits(v) || !t.pads(columns, so) {
			return v, nil
		}
		return zeros[len(v):] + v, &rulePadded
	}
}

// toUUID makes an id (UUIDv5) of a value. Numbers that a spreadsheet has rounded
// would give different customers one id, and characters that nobody sees would
// give one customer two.
func toUUID(namespace uuid.UUID) transform {
	return func(v string, _ []string) (string, *rules.Rule) {
		if rules.IsScientific(v) {
			return v, &ruleScientific
		}
		if f, bad := rules.CheckMetadata("", v); bad {
			return v, &rules.Rule{ID: f.Rule, Text: f.Text, Hint: f.Hint}
		}
		if isSearchable(v) {
			return v, &ruleSearchable
		}
		return uuid.NewSHA1(namespace, []byte(v)).String(), nil
	}
}
