package mapping

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"embark/rules"
	"embark/source"
)

// Evidence tells how the order of a column of dates was found. It holds no
// values.
type Evidence struct {
	Column   string
	From     string // heading in the file; "" where it is the column's own name
	Layout   string // as it would be declared
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
	before transform // what is done to a value before it is read as a date; nil for nothing
	layout *layout   // once it is found
	rows   int
	forms  map[form]*tally
}

func (m *Mapper) trials() (all []*trial) {
	for i := range m.steps {
		if s := &m.steps[i]; s.unproven() {
			all = append(all, &trial{step: s, before: s.target.chain(nil), forms: map[form]*tally{}})
		}
	}
	return all
}

func (t *trial) heading() string { return cmp.Or(t.step.from, t.step.target.column) }

// form is a way of writing dates, but for the order of day and month in numbers.
type form struct {
	first, second string // separators
	year          int    // its place, from 0; -1 where it has two digits
	month         int    // its place where it is a name; -1 where it is a number
}

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
	v := t.step.raw(cells)
	if t.before != nil {
		var r *rules.Rule
		if v, r = t.before(v, nil); r != nil {
			return
		}
	}
	if v == "" {
		return
	}
	t.rows++
	f, numbers, short, ok := formOf(v)
	if !ok {
		return
	}
	n := t.forms[f]
	if n == nil {
		n = &tally{line: line}
		t.forms[f] = n
	}
	n.rows++
	n.short = n.short || short
	switch a, b := numbers[0], numbers[1]; {
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
	if len(t.forms) == 0 {
		return nil, e, looked + "and none holds a date with day, month and year"
	}
	if len(t.forms) > 1 {
		var lines []string
		for _, n := range slices.SortedFunc(maps.Values(t.forms), func(a, b *tally) int { return a.line - b.line }) {
			lines = append(lines, fmt.Sprintf("%d as in line %d", n.rows, n.line))
		}
		return nil, e, looked + "and dates are written in several forms: " + strings.Join(lines, ", ")
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

// verdict of a form gives the layout and how many rows decide, from which line on.
func (f form) verdict(n *tally) (text string, deciding, line int, fault string) {
	day, month := "DD", "MM"
	if n.short {
		day, month = "D", "M"
	}
	switch {
	case f.year < 0:
		return "", 0, 0, "and years have two digits"
	case f.month >= 0:
		return f.layout(day, "MMM", f.month < 1 || f.year == 0), n.rows, n.line, ""
	case f.year == 0 && n.dayFirst > 0:
		return "", 0, 0, fmt.Sprintf("and the day follows the year, as in line %d", n.dayLine)
	case f.year == 0:
		return f.layout(day, month, true), n.rows, n.line, ""
	case n.dayFirst > 0 && n.monthFirst > 0:
		return "", 0, 0, fmt.Sprintf("the day comes first in %d as in line %d, the month in %d as in line %d", n.dayFirst, n.dayLine, n.monthFirst, n.monthLine)
	case n.dayFirst > 0:
		return f.layout(day, month, false), n.dayFirst, n.dayLine, ""
	case n.monthFirst > 0:
		return f.layout(day, month, true), n.monthFirst, n.monthLine, ""
	}
	return "", 0, 0, "and in none is day or month over 12"
}

func (f form) layout(day, month string, monthFirst bool) string {
	parts := []string{day, month}
	if monthFirst {
		parts = []string{month, day}
	}
	if f.year == 0 {
		parts = append([]string{"YYYY"}, parts...)
	} else {
		parts = append(parts, "YYYY")
	}
	return parts[0] + f.first + parts[1] + f.second + parts[2]
}

func mustLayout(text string) *layout {
	l, err := parseLayout(text)
	if err != nil {
		panic("mapping: a layout that was found is none: " + err.Error())
	}
	return l
}

// formOf takes a value apart: three parts with separators in between. numbers
// are the two that are not the year, 0 for the name of a month.
func formOf(v string) (f form, numbers [2]int, short, ok bool) {
	f.month, f.year = -1, -1
	n := 0
	for i := range 3 {
		number, size, name := part(v)
		switch {
		case size == 0 || name && f.month >= 0:
			return f, numbers, false, false
		case size == 4:
			if i == 1 || f.year >= 0 {
				return f, numbers, false, false
			}
			f.year = i
		case n == 2: // two digits in each: the third may be a year
		default:
			short = short || size == 1
			numbers[n] = number
			n++
		}
		if name {
			f.month = i
		}
		v = v[size:]
		between := v[:len(v)-len(strings.TrimLeft(v, "/-., "))]
		if i < 2 && (between == "" || len(between) > 2) || i == 2 && v != "" {
			return f, numbers, false, false
		}
		if i == 0 {
			f.first = between
		} else if i == 1 {
			f.second = between
		}
		v = v[len(between):]
	}
	if f.month < 0 && f.first != f.second || f.month == 2 {
		return f, numbers, false, false
	}
	return f, numbers, short, true
}

// part reads a number of up to four digits, but not of three, or the name of a
// month. A size of 0 means neither.
func part(v string) (n, size int, name bool) {
	if n, size = readMonth(v); size > 0 {
		return 0, size, true
	}
	n = 0
	for size < len(v) && v[size]-'0' <= 9 {
		if size == 4 {
			return 0, 0, false
		}
		n = n*10 + int(v[size]-'0')
		size++
	}
	if size == 3 {
		return 0, 0, false
	}
	return n, size, false
}
