package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"embark/mapping"
	"embark/pipeline"
	"embark/report"
	"embark/rules"
)

// findings shows what is wrong with which row: all of it as JSON lines, the
// first of each kind as text.
type findings struct {
	out    io.Writer
	json   *json.Encoder
	files  int
	groups map[string]*group
}

// group is all findings of one rule and column. Most have one text; those that
// name another row or a value from a list have several.
type group struct {
	rules.Finding
	rows  int
	shown int
	texts []*place
}

// place is where one text was found.
type place struct {
	text, hint string
	lines      []string
}

// maxExamples is how many lines of each kind are named on the screen.
const maxExamples = 5

func newFindings(out io.Writer, output string, files int) *findings {
	f := &findings{out: out, files: files, groups: map[string]*group{}}
	if output == "json" {
		f.json = json.NewEncoder(out)
	}
	return f
}

func (f *findings) add(r mapping.Result) {
	for _, finding := range r.Findings {
		if f.json != nil {
			_ = f.json.Encode(struct {
				File string `json:"file"`
				Line int    `json:"line"`
				rules.Finding
			}{r.Row.File, r.Row.Line, finding})
			continue
		}
		f.group(r, finding)
	}
}

func (f *findings) group(r mapping.Result, finding rules.Finding) {
	key := string(finding.Severity) + " " + finding.Rule + " " + finding.Column
	g := f.groups[key]
	if g == nil {
		g = &group{Finding: finding}
		f.groups[key] = g
	}
	g.rows++
	if g.shown == maxExamples {
		return
	}
	g.shown++
	line := fmt.Sprintf("line %d", r.Row.Line)
	if f.files > 1 {
		line += fmt.Sprintf(" of %q", r.Row.File)
	}
	i := slices.IndexFunc(g.texts, func(p *place) bool { return p.text == finding.Text && p.hint == finding.Hint })
	if i < 0 {
		i = len(g.texts)
		g.texts = append(g.texts, &place{text: finding.Text, hint: finding.Hint})
	}
	g.texts[i].lines = append(g.texts[i].lines, line)
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
	Orphans  *report.Orphans `json:"orphans,omitempty"`
}

// end prints the groups, errors and the most frequent first, and the sums.
func (f *findings) end(c *pipeline.Checked) {
	if f.json != nil {
		_ = f.json.Encode(checked{c.Rows, c.Valid, c.Rejected, c.Repeated, c.Changed, c.Finished, c.Due, c.Findings, c.Orphans})
		return
	}
	groups := slices.SortedFunc(maps.Values(f.groups), func(a, b *group) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(b.rows, a.rows), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Rule, b.Rule))
	})
	for _, g := range groups {
		f.print(g)
	}
	fmt.Fprintf(f.out, "%s: %d valid, %d rejected, %d repeated\n", count(c.Rows, "row"), c.Valid, c.Rejected, c.Repeated)
	if text := orphans(c.Orphans); text != "" {
		fmt.Fprintln(f.out, text)
	}
}

func (f *findings) print(g *group) {
	where := g.Rule
	if g.Column != "" {
		where = g.Column + ", " + g.Rule
	}
	fmt.Fprintf(f.out, "%s: %s (%s)\n", g.Severity, where, count(g.rows, "row"))
	hint := ""
	for i, p := range g.texts {
		rest := ""
		if i == len(g.texts)-1 && g.rows > g.shown {
			rest = " and others"
		}
		if hint != p.hint && i > 0 {
			f.hint(hint)
		}
		hint = p.hint
		fmt.Fprintf(f.out, "  %s%s: %s\n", strings.Join(p.lines, ", "), rest, p.text)
	}
	f.hint(hint)
	fmt.Fprintln(f.out)
}

func (f *findings) hint(text string) {
	if text != "" {
		fmt.Fprintf(f.out, "  hint: %s\n", text)
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
