package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"embark/mapping"
	"embark/pipeline"
	"embark/rules"
	"embark/source"
)

func (e *environment) validateCommand() *cobra.Command {
	var (
		config, output string
		production     bool
		allowEmpty     bool
		environment    string
	)
	c := &cobra.Command{
		Use:     "validate FILE...",
		Short:   "check the files offline; no credentials, nothing is sent",
		Example: "  embark validate samples/customers.csv",
	}
	flags := c.Flags()
	flags.StringVar(&config, "config", "", "settings (default embark.yaml, if there is one)")
	flags.StringVar(&environment, "environment", "sandbox", "sandbox or production, where made-up SSNs are faults")
	flags.BoolVar(&allowEmpty, "allow-empty", false, "a file without rows is no error")
	flags.StringVar(&output, "output", "text", "text or json")
	c.RunE = func(c *cobra.Command, args []string) error {
		if _, err := e.settle(c, config); err != nil {
			return err
		}
		if len(args) == 0 {
			return &usageError{"validate needs a file", "embark validate customers.csv"}
		}
		production = environment == "production"
		in, closeInput, err := e.openInput(args, source.Options{AllowEmpty: allowEmpty}, !production)
		if err != nil {
			return err
		}
		defer closeInput()
		findings := newFindings(e.stdout, output)
		checked, err := pipeline.Check(c.Context(), in, nil, false, findings.add)
		if err != nil {
			return err
		}
		findings.end(checked, false)
		if checked.Rejected > 0 {
			return exitError(exitRows)
		}
		return nil
	}
	return c
}

// findings shows what is wrong with which row: all of it as JSON lines, the
// first of each kind as text.
type findings struct {
	out    io.Writer
	json   *json.Encoder
	groups map[string]*group
}

// group is all findings of one rule and column.
type group struct {
	rules.Finding
	rows     int
	examples []string
}

// maxExamples is how many lines of each kind are named on the screen.
const maxExamples = 5

func newFindings(out io.Writer, output string) *findings {
	f := &findings{out: out, groups: map[string]*group{}}
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
	if len(g.examples) < maxExamples {
		g.examples = append(g.examples, fmt.Sprintf("%s:%d", r.Row.File, r.Row.Line))
	}
}

// end prints the groups, the most frequent first, and the sums.
func (f *findings) end(c *pipeline.Checked, known bool) {
	if f.json != nil {
		_ = f.json.Encode(c)
		return
	}
	groups := slices.SortedFunc(maps.Values(f.groups), func(a, b *group) int {
		if a.rows != b.rows {
			return b.rows - a.rows
		}
		return slices.Compare([]string{a.Column, a.Rule}, []string{b.Column, b.Rule})
	})
	for _, g := range groups {
		f.print(g, c.Rows)
	}
	w := tabwriter.NewWriter(f.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "rows\tvalid\trejected\trepeated\t\n%d\t%d\t%d\t%d\t\n", c.Rows, c.Valid, c.Rejected, c.Repeated)
	if known {
		fmt.Fprintf(w, "\t\t\t\t\nto send\tdone before\tchanged\t\t\n%d\t%d\t%d\t\t\n", c.Due, c.Finished, c.Changed)
	}
	_ = w.Flush()
}

func (f *findings) print(g *group, rows int) {
	what := g.Text
	if g.Column != "" {
		what = g.Column + " " + what
	}
	fmt.Fprintf(f.out, "%s: %s\n", g.Severity, what)
	fmt.Fprintf(f.out, "  %d of %d rows, e.g. %q\n", g.rows, rows, g.examples)
	if g.Hint != "" {
		fmt.Fprintf(f.out, "  hint: %s\n", g.Hint)
	}
	fmt.Fprintln(f.out)
}
