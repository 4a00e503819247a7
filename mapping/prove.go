package mapping

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"embark/source"
)

// Evidence tells how the order of a column of dates was found. It holds no
// values.
type Evidence struct {
	Column   string
	From     string // heading in the file; "" where it is the column's own name
	Layout   string // as it would be declared; "" where the column is empty
	Rows     int    // rows with something in the column
	Deciding int    // rows that only this order explains
	Line     int    // of the first of them; 0 where the column is empty
}

// Unproven lists the canonical columns whose dates have no declared layout. They
// must be proven before rows are mapped.
func (m *Mapper) Unproven() []string {
	var columns []string
	for i := range m.steps {
		if m.steps[i].unproven() {
			columns = append(columns, m.steps[i].target.column)
		}
	}
	return columns
}

func (s *step) unproven() bool { return s.target.proven() && !s.isProven }

// Prove reads all rows to find the order in which the unproven columns write
// their dates: a first part over 12 is a day, and so is a second one; a year of
// four digits in front comes before month and day; a month by name needs no
// proof. It must not run beside Map. The error is a *HeaderError where a column
// proves nothing, or two things, and else what the rows gave.
func (m *Mapper) Prove(rows iter.Seq2[source.Row, error]) ([]Evidence, error) {
	trials := m.trials()
	if len(trials) == 0 {
		return nil, nil
	}
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		if row.Damage != nil || len(row.Cells) < len(m.source) {
			continue
		}
		cells := m.unguarded(row.Cells)
		for _, t := range trials {
			t.look(cells, row.Line)
		}
	}
	return m.judge(trials)
}

// judge puts the layouts into the steps, if all columns have one.
func (m *Mapper) judge(trials []*trial) (all []Evidence, err error) {
	var faults, hints []string
	for _, t := range trials {
		layout, e, fault := t.verdict()
		if fault != "" {
			faults = append(faults, fmt.Sprintf("the order of the dates in column %q is not proven: %s", t.heading(), fault))
			hints = append(hints, fmt.Sprintf("line %d of the mapping", t.step.target.line))
			continue
		}
		t.layout = layout
		all = append(all, e)
	}
	if faults != nil {
		return nil, &HeaderError{Text: strings.Join(faults, "; "),
			Hint: "declare it, e.g. date: MM/DD/YYYY or date: DD/MM/YYYY, in " + strings.Join(hints, ", ")}
	}
	for _, t := range trials {
		target := t.step.target
		t.step.work = target.chain(unlessPlaceholder(toDate(t.layout, m.options, target.wantsTime())))
		t.step.isProven = true
	}
	return all, nil
}

// trial collects what a column says about the order of its dates.
type trial struct {
	step   *step
	layout *layout // once it is found
	rows   int
	serial int // rows with what may be the serial number of a spreadsheet
	forms  map[form]*tally
}

func (m *Mapper) trials() (all []*trial) {
	for i := range m.steps {
		if s := &m.steps[i]; s.unproven() {
			all = append(all, &trial{step: s, forms: map[form]*tally{}})
		}
	}
	return all
}

// undated is what is read as a date: "" for values that the table settles.
func (t *target) undated(v string) string {
	if t.split != nil {
		v, _ = t.split.apply(v, nil)
	}
	if t.values != nil {
		if _, ok := t.values.find(v); ok {
			return ""
		}
	}
	return v
}

func (t *trial) heading() string { return cmp.Or(t.step.from, t.step.target.column) }

// tally counts the dates of a form.
type tally struct {
	rows, line            int // of all; the line is the first one's
	dayFirst, dayLine     int // only this order explains them
	monthFirst, monthLine int
	short                 bool // some numbers of one digit have no zero before them
}

// look takes a row into account. What is no date in any form says nothing, and
// is found when the row is mapped.
func (t *trial) look(cells []string, line int) {
	v := t.step.target.undated(t.step.raw(cells))
	if v == "" {
		return
	}
	t.rows++
	if isSerial(v) {
		t.serial++
	}
	w, ok := formOf(v)
	if !ok {
		return
	}
	n := t.forms[w.form]
	if n == nil {
		n = &tally{line: line}
		t.forms[w.form] = n
	}
	n.add(w, line)
}

func (n *tally) add(w written, line int) {
	n.rows++
	n.short = n.short || w.short
	switch a, b := w.numbers[0], w.numbers[1]; {
	case a > 12 && b <= 12:
		note(&n.dayFirst, &n.dayLine, line)
	case b > 12 && a <= 12:
		note(&n.monthFirst, &n.monthLine, line)
	}
}

func note(count, first *int, line int) {
	if *count == 0 {
		*first = line
	}
	*count++
}

// verdict gives the layout and the evidence, or what stands against it.
func (t *trial) verdict() (*layout, Evidence, string) {
	e := Evidence{Column: t.step.target.column, From: t.step.from, Rows: t.rows}
	if t.rows == 0 { // nothing to be wrong about
		return mustLayout("YYYY-MM-DD"), e, ""
	}
	looked := fmt.Sprintf("%d rows were looked at, ", t.rows)
	switch {
	case len(t.forms) == 0 && t.serial > 0:
		return nil, e, looked + fmt.Sprintf("none holds a date, and %d the serial number that spreadsheets keep dates as", t.serial)
	case len(t.forms) == 0:
		return nil, e, looked + "and none holds a date with day, month and year"
	case len(t.forms) > 1:
		return nil, e, looked + "and dates are written in several forms: " + t.several()
	}
	for f, n := range t.forms {
		text, deciding, line, fault := f.verdict(n)
		if fault != "" {
			return nil, e, looked + fault
		}
		e.Layout, e.Deciding, e.Line = text, deciding, line
	}
	return mustLayout(e.Layout), e, ""
}

// several tells how often and where first each form occurs.
func (t *trial) several() string {
	var lines []string
	for _, n := range slices.SortedFunc(maps.Values(t.forms), func(a, b *tally) int { return a.line - b.line }) {
		lines = append(lines, fmt.Sprintf("%d as in line %d", n.rows, n.line))
	}
	return strings.Join(lines, ", ")
}
