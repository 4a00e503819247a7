package rules

import (
	"slices"

	"embark/paxos"
)

// ifPassthrough: where the brokerage verified the person itself.
var ifPassthrough = Conditions{{Column: "verifier_type", Values: []string{"", paxos.VerifierPassthrough}}}

// requires asks for a value of a column where any of the conditions hold; of a
// bank account or an order, only where any of its columns is filled. The check is
// made of the same data that a schema is printed from.
func requires(r Rule, g Group, column string, when ...Conditions) Check {
	cell := cellOf(column)
	hold := make([]func(*Row) bool, len(when))
	for i, c := range when {
		hold[i] = c.compile()
	}
	r.When = when
	return Check{r, g, column, func(p *Row, _ Options) bool {
		return *cell(p) == "" && p.wants(g) && slices.ContainsFunc(hold, func(holds func(*Row) bool) bool { return holds(p) })
	}}
}

func (p *Row) wants(g Group) bool {
	switch g {
	case GroupFiatAccount:
		return p.WantsFiatAccount()
	case GroupOrder:
		return p.WantsOrder()
	}
	return true
}

func (c Conditions) compile() func(*Row) bool {
	cells := make([]func(*Row) *string, len(c))
	for i := range c {
		cells[i] = cellOf(c[i].Column)
	}
	return func(p *Row) bool {
		for i := range c {
			if slices.Contains(c[i].Values, *cells[i](p)) == c[i].Not {
				return false
			}
		}
		return true
	}
}

// cellOf finds the field of a column. It is for building tables.
func cellOf(column string) func(*Row) *string {
	for _, columns := range [][]Column{personColumns[:], institutionColumns, partColumns} {
		for i := range columns {
			if columns[i].Name == column {
				return columns[i].cell
			}
		}
	}
	panic("rules: no such column: " + column)
}
