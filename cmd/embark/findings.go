package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"embark/mapping"
	"embark/pipeline"
	"embark/report"
	"embark/rules"
)

// findings shows what is wrong with which row: all of it as JSON lines, the
// first of each cause as text. Its memory does not grow with the rows.
type findings struct {
	out      io.Writer
	json     *json.Encoder
	several  bool // files
	in       pipeline.Input
	names    naming
	groups   map[cause]*group
	warnings int
	damaged  int      // rejected rows without cells
	files    []string // that were written, for the JSON lines
}

// cause is what findings are grouped by.
type cause struct {
	severity     rules.Severity
	rule, column string
}

// group is all findings of one cause. Most have one text; those that name a
// value from a list, or numbers, have several.
type group struct {
	where  string
	mapped bool // the file has a mapping
	rows   int
	last   int // ordinal of the last of them and 1
	shown  int
	texts  []*text
	unseen int // findings whose text is none of these
}

// text is one wording of a finding, and the first rows that have it.
type text struct {
	text, hint string
	rows, last int
	examples   []example
}

type example struct {
	file  string // "" where there is only one
	line  int
	other string // the row or customer that it is about
}

// maxExamples is how many lines of each cause are named on the screen.
const maxExamples = 5

func newFindings(out io.Writer, output string, in pipeline.Input) *findings {
	f := &findings{out: out, several: len(in.Files) > 1, in: in, names: naming{in: in}, groups: map[cause]*group{}}
	if output == "json" {
		f.json = json.NewEncoder(out)
	}
	return f
}

func (f *findings) add(r mapping.Result) {
	if r.Row.Damage != nil && r.Row.Cells == nil {
		f.damaged++
	}
	for _, finding := range r.Findings {
		if finding.Severity == rules.Warning {
			f.warnings++
		}
	}
	if f.json == nil {
		for _, finding := range onScreen(r.Findings) {
			f.group(r, finding)
		}
		return
	}
	for _, finding := range r.Findings {
		_ = f.json.Encode(struct {
			File  string `json:"file"`
			Line  int    `json:"line"`
			RefID string `json:"ref_id,omitempty"`
			rules.Finding
		}{r.Row.File, r.Row.Line, f.names.refID(r.Row), finding})
	}
}

func (f *findings) group(r mapping.Result, finding rules.Finding) {
	key := cause{finding.Severity, finding.Rule, finding.Column}
	g := f.groups[key]
	if g == nil {
		g = &group{where: report.Where(finding), mapped: finding.From != "" || slices.ContainsFunc(f.in.Mappings, func(m string) bool { return m != "" })}
		f.groups[key] = g
	}
	e := example{line: r.Row.Line, other: finding.Other}
	if f.several {
		e.file = r.Row.File
	}
	g.add(finding, e, r.Row.Ordinal+1)
}

// nearlyAll required cells: a person has 17 of them, an institution 14.
const nearlyAll = 10

// onScreen makes one finding of a row that is hardly a customer, as the line of
// sums at the end of an export. The files have all of them.
func onScreen(found []rules.Finding) []rules.Finding {
	blank := 0
	for _, finding := range found {
		if finding.Rule == "required" {
			blank++
		}
	}
	if blank < nearlyAll {
		return found
	}
	return []rules.Finding{{Rule: "required", Severity: rules.Error, Text: "nearly all required cells are blank; a footer?",
		Hint: "take out what is no customer"}}
}

// add counts a row, which may have the same more than once, and keeps it if it
// is one of the first.
func (g *group) add(finding rules.Finding, e example, row int) {
	if g.last != row {
		g.rows++
	}
	g.last = row
	i := slices.IndexFunc(g.texts, func(t *text) bool { return t.text == finding.Text && t.hint == finding.Hint })
	if i < 0 && g.shown == maxExamples {
		g.unseen++
		return
	}
	if i < 0 {
		i = len(g.texts)
		g.texts = append(g.texts, &text{text: finding.Text, hint: finding.Hint})
	}
	t := g.texts[i]
	if t.last == row {
		return
	}
	t.rows, t.last = t.rows+1, row
	if g.shown < maxExamples {
		t.examples = append(t.examples, e)
		g.shown++
	}
}

// checked is the last of the JSON lines.
type checked struct {
	Rows     int             `json:"rows"`
	Valid    int             `json:"valid"`
	Rejected int             `json:"rejected"`
	Repeated int             `json:"repeated"`
	Changed  int             `json:"changed"`
	Finished int             `json:"finished"`
	Due      int             `json:"due"`
	Findings map[string]int  `json:"findings"` // rows by rule
	Warnings int             `json:"warnings"`
	Damaged  int             `json:"damaged,omitempty"` // rejected rows that have no cells, so that rejected.csv cannot hold them
	Orphans  *report.Orphans `json:"orphans,omitempty"`
	Files    []string        `json:"files,omitempty"`
}

// end prints the groups, errors and the most frequent first, and the sums.
func (f *findings) end(c *pipeline.Checked) {
	if f.json != nil {
		_ = f.json.Encode(checked{c.Rows, c.Valid, c.Rejected, c.Repeated, c.Changed, c.Finished, c.Due, c.Findings,
			f.warnings, f.damaged, c.Orphans, f.files})
		return
	}
	causes := slices.SortedFunc(maps.Keys(f.groups), func(a, b cause) int {
		return cmp.Or(cmp.Compare(a.severity, b.severity), cmp.Compare(f.groups[b].rows, f.groups[a].rows),
			cmp.Compare(a.column, b.column), cmp.Compare(a.rule, b.rule))
	})
	for _, key := range causes {
		f.print(key, f.groups[key], c.Rows)
	}
	fmt.Fprintf(f.out, "%s: %d valid, %d rejected, %d repeated, %s\n", count(c.Rows, "row"), c.Valid, c.Rejected, c.Repeated,
		count(f.warnings, "warning"))
	if text := orphans(c.Orphans); text != "" {
		fmt.Fprintln(f.out, text)
	}
}

func (f *findings) print(key cause, g *group, rows int) {
	where := key.rule
	if g.where != "" {
		where = g.where + ", " + key.rule
	}
	fmt.Fprintf(f.out, "%s: %s: %s, %s\n", key.severity, where, count(g.rows, "row"), percentage(g.rows, rows))
	for i, t := range g.texts {
		fmt.Fprintf(f.out, "  %s: %s\n", t.lines(), t.text)
		if i == len(g.texts)-1 || t.hint != g.texts[i+1].hint {
			f.hint(t.hint)
		}
	}
	if g.unseen > 0 {
		fmt.Fprintf(f.out, "  %s of the kind\n", others(g.unseen))
	}
	if g.rows >= widespread && 2*g.rows > rows {
		f.hint("most rows have it: " + g.remedy(key))
	}
	fmt.Fprintln(f.out)
}

// remedy is what mends a cause in all rows at once.
func (g *group) remedy(of cause) string {
	const atSource = "put it right where the file is made, not row by row"
	key := mappingKey(of.rule, of.column)
	switch {
	case g.mapped && key != "":
		return fmt.Sprintf("see to it in the mapping, under %s: %s", of.column, key)
	case g.mapped && of.column != "":
		return fmt.Sprintf("see to it in the mapping, under %s, or where the file is made", of.column)
	case key != "":
		return atSource + "; or embark init FILE writes a mapping that can mend it"
	}
	return atSource
}

// mappingKey is the key of a mapping that mends what a rule finds; empty where
// none does, or several might.
func mappingKey(rule, column string) string {
	switch rule {
	case "date":
		return "date: LAYOUT"
	case "enum", "value_unmapped":
		if slices.Contains([]string{"estimated_yearly_income", "estimated_net_worth", "expected_transfer_value"}, column) && rule == "enum" {
			return "band: true"
		}
		return "values: {...}"
	case "amount", "decimal":
		return `decimal: ","`
	case "country":
		return "country: true"
	case "us_state":
		return "region: USA"
	case "phone":
		return "phone: USA"
	case "accent", "curly_quote", "pattern":
		return "transliterate: true"
	case "leading_zero":
		return "pad: DIGITS"
	}
	return ""
}

// widespread is how many rows it takes to blame whoever makes the file.
const widespread = 20

func (f *findings) hint(text string) {
	if text != "" {
		fmt.Fprintf(f.out, "  hint: %s\n", text)
	}
}

// lines names the rows that are kept, and counts those that are not. Another row
// is named with a row unless it is in the list itself.
func (t *text) lines() string {
	var names []string
	for _, e := range t.examples {
		names = append(names, e.String())
	}
	plain := true
	list := slices.Clone(names)
	for i, e := range t.examples {
		if e.other != "" && !slices.Contains(names, e.other) {
			list[i] += fmt.Sprintf(" (see %s)", e.other)
			plain = false
		}
		plain = plain && e.file == t.examples[0].file
	}
	text := strings.Join(list, ", ")
	if plain && len(list) > 1 {
		text = linesOf(t.examples)
	}
	if more := t.rows - len(list); more > 0 {
		text += " and " + others(more)
	}
	return text
}

// String is the name of a row as findings about other rows have it.
func (e example) String() string {
	if e.file == "" {
		return fmt.Sprintf("line %d", e.line)
	}
	return fmt.Sprintf("line %d of %q", e.line, e.file)
}

// linesOf names rows of one file.
func linesOf(examples []example) string {
	var numbers []string
	for _, e := range examples {
		numbers = append(numbers, strconv.Itoa(e.line))
	}
	text := "lines " + strings.Join(numbers, ", ")
	if file := examples[0].file; file != "" {
		text += fmt.Sprintf(" of %q", file)
	}
	return text
}

func others(n int) string {
	if n == 1 {
		return "1 other"
	}
	return fmt.Sprintf("%d others", n)
}

// percentage never says that nothing or all is concerned when it is not so.
func percentage(n, of int) string {
	share := 100 * float64(n) / float64(of)
	switch {
	case n == of:
		return "100 %"
	case share < 0.05:
		return "less than 0.1 %"
	}
	return fmt.Sprintf("%.1f %%", math.Min(share, 99.9))
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
