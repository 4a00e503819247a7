package mapping

import (
	"slices"

	"embark/rules"
	"embark/source"
)

// explained adds what the transforms found to what the rules found, and tells
// where each cell came from. A cell that could not be made has that one finding.
func (m *Mapper) explained(found []rules.Finding, faults []fault, exists bool) []rules.Finding {
	if m.steps == nil {
		return found
	}
	for _, f := range faults {
		if exists && f.step.target.about.Group.OfIdentity() {
			continue // the rules pass these columns over, too
		}
		found = slices.DeleteFunc(found, func(other rules.Finding) bool { return f.covers(other) })
		found = append(found, f.finding())
	}
	for i := range found {
		if found[i].From == "" {
			found[i].From = m.from(found[i].Column)
		}
	}
	return found
}

// covers: the rules say no more about a cell than the transform did.
func (f *fault) covers(other rules.Finding) bool {
	return other.Column == f.step.target.column && (f.rule.Severity != rules.Warning || f.rule.ID == other.Rule)
}

func (f *fault) finding() rules.Finding {
	found := f.rule.Finding(f.step.target.column)
	found.From = f.step.from
	return found
}

func (m *Mapper) from(column string) string {
	for i := range m.steps {
		if m.steps[i].target.column == column {
			return m.steps[i].from
		}
	}
	return ""
}

// damaged makes a finding of what source found out. It names a column by the
// heading in the file; a mapping knows what that is for.
func (m *Mapper) damaged(d *source.Damage) rules.Finding {
	f := rules.Finding{Rule: d.Rule, Column: d.Column, Severity: rules.Error, Text: d.Text, Hint: d.Hint}
	i := slices.Index(m.source, d.Column)
	if d.Column == "" || i < 0 {
		return f
	}
	for _, s := range m.steps {
		if slices.Contains(s.cells, i) {
			f.Column, f.From = s.target.column, s.from
			break
		}
	}
	return f
}
