package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"embark/mapping"
	"embark/source"
)

func (e *environment) initCommand() *cobra.Command {
	var (
		input  inputFlags
		config string
	)
	c := &cobra.Command{
		Use:     "init FILE",
		Short:   "suggest a mapping for a file of another system; offline",
		Example: "  embark init export.csv > export.yaml",
	}
	input.add(c.Flags())
	c.Flags().StringVar(&config, "config", "", configHelp)
	c.RunE = func(c *cobra.Command, args []string) error {
		if _, err := e.settle(c, config); err != nil {
			return err
		}
		if len(args) != 1 {
			return &usageError{"init needs one file", "embark init export.csv > export.yaml"}
		}
		o, err := input.options(e, nil)
		if err != nil {
			return err
		}
		return e.suggest(args[0], o)
	}
	return c
}

// suggest writes a mapping to standard output, and what was found to standard error.
func (e *environment) suggest(path string, o source.Options) error {
	f, err := source.Open(path, o)
	if err != nil {
		return err
	}
	defer f.Close()
	fmt.Fprintf(e.stderr, "%q: %s\n", path, f.Format())
	if mapping.NeedsNone(f.Header()) {
		fmt.Fprintf(e.stderr, "the columns are Paxos's own: the file needs no mapping\nnext: embark validate %s\n", shellQuoted(path))
		return nil
	}
	s, err := mapping.Suggest(f.Header(), f.Rows(), uuid.NewString())
	if err != nil {
		return err
	}
	s.Encoding, s.Delimiter = o.Encoding, o.Delimiter
	if _, err := s.WriteTo(e.stdout); err != nil {
		return err
	}
	e.suggested(path, s)
	return nil
}

// suggested tells what was found, and what to do next.
func (e *environment) suggested(path string, s *mapping.Suggestion) {
	n := map[mapping.Confidence]int{}
	for _, c := range s.Columns {
		n[c.Confidence]++
	}
	fmt.Fprintf(e.stderr, "%s looked at; %s: %d mapped with high confidence, %d with medium, %d guessed at, %d left out\n",
		count(s.Rows, "row"), count(len(s.Columns), "column"), n[mapping.High], n[mapping.Medium], n[mapping.Low], n[""])
	if s.Damaged > 0 {
		fmt.Fprintf(e.stderr, "%s cannot be read\n", count(s.Damaged, "row"))
	}
	for _, d := range s.Damages {
		fmt.Fprintf(e.stderr, "  %s: %s\n", d.Rule, d.Hint)
	}
	if s.Missing != nil {
		fmt.Fprintf(e.stderr, "Paxos needs more than the file has: %s\n", strings.Join(s.Missing, ", "))
	}
	file := shellQuoted(mappingName(path))
	marked := ""
	if s.Open > 0 {
		marked = fmt.Sprintf(" (%s marked TODO)", count(s.Open, "line"))
	}
	fmt.Fprintf(e.stderr, "next: keep the mapping as %s, look through it%s, then: embark validate --mapping %s %s\n", file, marked, file, shellQuoted(path))
}

// mappingName is where the mapping of a file would be looked for: beside it in
// name, but in the current folder.
func mappingName(path string) string {
	name, _, _ := strings.Cut(filepath.Base(path), ".")
	if name == "" || name == "-" {
		return "mapping.yaml"
	}
	return name + ".yaml"
}

// shellQuoted writes a file's name as it can be typed.
func shellQuoted(path string) string {
	safe := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+", r)
	}
	if path != "" && strings.IndexFunc(path, func(r rune) bool { return !safe(r) }) < 0 {
		return path
	}
	return fmt.Sprintf("%q", path)
}
