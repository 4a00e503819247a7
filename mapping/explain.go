package mapping

import (
	"slices"
	"strings"

	"embark/rules"
	"embark/source"
)

// Field is a cell of a row on its way to a canonical column.
type Field struct {
	Column string // canonical; "" for what the mapping leaves out
	From   string // headings in the file, joined with " + "; "" where they are the canonical name, and for constants
	Raw    string // as in the file; of several cells joined with " + "
	Value  string // what it becomes
	Secret bool   // raw or value tells who the customer is, and is not to be shown
}

// Explain shows how a row's cells are mapped, column by column, then what is
// left out. It is nil for a row without cells. Of the columns, only ids and those
// with a list of values are no secret, and only while they hold what they should.
func (m *Mapper) Explain(row source.Row) []Field {
	cells := m.unguarded(row.Cells)
	switch {
	case m.steps == nil && len(cells) < len(m.header), len(cells) < len(m.source):
		return nil
	case m.steps == nil:
		return m.explainCanonical(row.Cells, cells)
	}
	so := make([]string, len(m.steps))
	m.apply(cells, so)
	var fields []Field
	for i := range m.steps {
		s := &m.steps[i]
		var raw []string
		for _, c := range s.cells {
			raw = append(raw, row.Cells[c])
		}
		f := Field{Column: s.target.column, From: s.from, Raw: strings.Join(raw, " + "), Value: so[i]}
		f.Secret = s.cells != nil && (s.hides() || m.secret(f.Column, f.Value, i, cells))
		fields = append(fields, f)
	}
	return append(fields, m.leftOut(row.Cells)...)
}

// hides: the value is harmless, but what it was made of is not.
func (s *step) hides() bool {
	return s.target.kind == kindDerive || s.target.kind == kindBand || s.target.split != nil || len(s.cells) > 1
}

func (m *Mapper) explainCanonical(raw, cells []string) (fields []Field) {
	columns := slices.Clone(m.header)
	for _, c := range slices.Concat(m.metadata, m.accountMetadata) {
		columns[c.cell] = c.column
	}
	for i, column := range columns {
		if column != "" {
			v := trim(cells[i])
			fields = append(fields, Field{Column: column, Raw: raw[i], Value: v, Secret: m.secret(column, v, i, cells)})
		}
	}
	return fields
}

func (m *Mapper) leftOut(raw []string) (fields []Field) {
	for i, heading := range m.source {
		used := slices.ContainsFunc(m.steps, func(s step) bool { return slices.Contains(s.cells, i) })
		if !used && foldHeading(heading) != ErrorsColumn {
			fields = append(fields, Field{From: clean(heading), Raw: raw[i], Secret: true})
		}
	}
	return fields
}

// secret: a value that is not in the column's list may be anything.
func (m *Mapper) secret(column, v string, i int, cells []string) bool {
	c := canonicals[column]
	switch {
	case v == "":
		return false
	case column == "ref_id" || strings.HasSuffix(column, ".ref_id"):
		return m.shown(cells, i) == ""
	case c.Format == "boolean":
		return !strings.EqualFold(v, "true") && !strings.EqualFold(v, "false")
	}
	return !slices.Contains(c.Values, v) && !isList(c, v)
}

func isList(c rules.Column, v string) bool {
	if c.Format != "list" {
		return false
	}
	for item := range strings.SplitSeq(v, "|") {
		if !slices.Contains(c.Values, trim(item)) {
			return false
		}
	}
	return true
}
