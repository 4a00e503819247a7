package main

import (
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"embark/mapping"
	"embark/source"
)

func (e *environment) initCommand() *cobra.Command {
	var input inputFlags
	c := &cobra.Command{
		Use:     "init FILE",
		Short:   "suggest a mapping for a file of another system; offline",
		Example: "  embark init export.csv > export.yaml",
	}
	input.add(c.Flags())
	c.RunE = func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return &usageError{"init needs one file", "embark init export.csv > export.yaml"}
		}
		return e.suggest(args[0], input.options(e))
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
	s, err := mapping.Suggest(f.Header(), f.Rows(), newUUID())
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
	fmt.Fprintf(e.stderr, "%s looked at", count(s.Rows, "row"))
	if s.Damaged > 0 {
		fmt.Fprintf(e.stderr, ", of which %d cannot be read", s.Damaged)
	}
	fmt.Fprintf(e.stderr, "; %s: %d mapped with high confidence, %d with medium, %d guessed at, %d left out\n",
		count(len(s.Columns), "column"), n[mapping.High], n[mapping.Medium], n[mapping.Low], n[""])
	if s.Missing != nil {
		fmt.Fprintf(e.stderr, "Paxos needs more than the file has: %s\n", strings.Join(s.Missing, ", "))
	}
	fmt.Fprintf(e.stderr, "next: keep the mapping in a file, settle its %s, then: embark validate --mapping MAPPING.yaml %s\n",
		count(s.Open, "mark")+" TODO", shellQuoted(path))
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

// newUUID makes a namespace (version 4) that nobody else has.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0F|0x40, b[8]&0x3F|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
