package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"embark/pipeline"
	"embark/report"
	"embark/source"
)

// conclude says what the findings come to: whether a run would send, what to
// type next, and, last, where everything is written.
func (f *validateFlags) conclude(out io.Writer, in pipeline.Input, c *pipeline.Checked, damaged int, args []string, k kept) {
	blank := 0
	for _, file := range in.Files {
		blank += file.Skipped()
	}
	if blank > 0 {
		fmt.Fprintf(out, "%s left out\n", count(blank, "blank row"))
	}
	if damaged > 0 {
		fmt.Fprintln(out, inOriginal(damaged, report.FindingsFile))
	}
	fmt.Fprintln(out, f.verdict(c))
	f.next(out, c, args, k)
	if len(k.rejected) > 0 {
		fmt.Fprintln(out, "rejected.csv holds personal data; delete it when done")
	}
	for _, path := range k.paths() {
		what := "to correct:    "
		if filepath.Base(path) == report.FindingsFile {
			what = "every finding: "
		}
		fmt.Fprintln(out, what+shellWord(path))
	}
}

// inOriginal is about rows that have no cells to correct.
func inOriginal(damaged int, file string) string {
	if damaged == 1 {
		return "1 damaged row cannot be in rejected.csv: mend it in the original, at the line that " + file + " names"
	}
	return fmt.Sprintf("%d damaged rows cannot be in rejected.csv: mend them in the original, at the lines that %s names", damaged, file)
}

// verdict tells what a run would do.
func (f *validateFlags) verdict(c *pipeline.Checked) string {
	if f.sendsNothing(c) {
		return fmt.Sprintf("a run would send nothing: %s of the rows are faulty, more than --max-rejected %s allows",
			percentage(c.Rejected, c.Rows), &f.maxRejected)
	}
	switch {
	case c.Rows == 0:
		return "a run would send nothing: there is no row"
	case c.Valid == 0:
		return "a run would send nothing: no row is valid"
	}
	text := "a run would send " + count(c.Due-c.DueBanks, "customer")
	if c.DueBanks > 0 {
		text += fmt.Sprintf(" and %s of a file of bank accounts", count(c.DueBanks, "row"))
	}
	if c.Rejected > 0 {
		text += fmt.Sprintf(", without the %s", count(c.Rejected, "rejected row"))
	}
	if c.Finished > 0 {
		text += fmt.Sprintf("; onboarded before: %d", c.Finished)
	}
	switch {
	case c.Changed == 1:
		text += "; 1 has changed since it was sent and would be left alone"
	case c.Changed > 1:
		text += fmt.Sprintf("; %d have changed since they were sent and would be left alone", c.Changed)
	}
	return text
}

func (f *validateFlags) sendsNothing(c *pipeline.Checked) bool {
	limit := pipeline.Config{MaxRejected: f.maxRejected.share, Strict: f.maxRejected.set}
	return limit.TooManyFaulty(c.Rejected, c.Rows)
}

// next is what to type now.
func (f *validateFlags) next(out io.Writer, c *pipeline.Checked, args []string, k kept) {
	switch {
	case encodingAlone(c.Rejected, c.Findings):
		fmt.Fprintf(out, "next: %s\n", otherEncoding("validate", f.input.encoding, f.again, args))
	case len(k.rejected) > 0 && c.Rejected > 0:
		fmt.Fprintf(out, "next: correct the rows where they stand in rejected.csv, then: %s\n",
			rejectedAgain("validate", f.again, filepath.Dir(k.findings), k.rejected))
	case c.Rejected > 0:
		fmt.Fprintf(out, "next: mend the rows in the original, then: %s\n", f.command("validate", args))
	}
	if c.Due == 0 || f.sendsNothing(c) {
		return
	}
	if c.Rejected > 0 {
		fmt.Fprintf(out, "or send the others now: %s\n", f.command("run", args))
	} else {
		fmt.Fprintf(out, "next: %s\n", f.command("run", args))
	}
}

// encodingAlone: nothing but the encoding is wrong with the rejected rows.
func encodingAlone(rejected int, rows map[string]int) bool {
	return rejected > 0 && rows[source.RuleEncoding] == rejected
}

// otherEncoding is what to do then: no row is to be corrected.
func otherEncoding(command, declared string, flags, files []string) string {
	if declared != "" {
		return fmt.Sprintf("check whether the file is in %q and what wrote it, then: %s", declared, commandLine(command, flags, files))
	}
	return "the rejected rows are in another encoding; name the file's, as in: " +
		commandLine(command, slices.Concat(flags, []string{"--encoding", "windows-1252"}), files)
}

// command is a command line for the same settings.
func (f *validateFlags) command(name string, files []string) string {
	if name == "run" {
		return commandLine(name, slices.Concat(f.again, f.ofRun), files)
	}
	return commandLine(name, f.again, files)
}

// rejectedAgain is the command for files of rejected rows, several where they
// have several mappings that no flag has named.
func rejectedAgain(name string, flags []string, folder string, files []report.ToCorrect) string {
	byMapping, order := map[string][]string{}, []string(nil)
	for _, f := range files {
		mapping := f.Mapping
		if slices.Contains(flags, "--mapping") {
			mapping = ""
		}
		if byMapping[mapping] == nil {
			order = append(order, mapping)
		}
		byMapping[mapping] = append(byMapping[mapping], filepath.Join(folder, f.Name))
	}
	var commands []string
	for _, mapping := range order {
		more := flags
		if mapping != "" {
			more = slices.Concat(flags, []string{"--mapping", shellWord(mapping)})
		}
		commands = append(commands, commandLine(name, more, byMapping[mapping]))
	}
	return strings.Join(commands, "; ")
}

// typedFor are the flags of the command line that another command has too, but
// those that say what is shown. It is asked for before the settings speak.
func typedFor(name string, c *cobra.Command) (flags []string) {
	other, _, _ := c.Root().Find([]string{name})
	c.Flags().Visit(func(flag *pflag.Flag) {
		if other.Flags().Lookup(flag.Name) != nil && !slices.Contains([]string{"report", "progress", "quiet", "output"}, flag.Name) {
			flags = append(flags, inShell(flag)...)
		}
	})
	return flags
}

func commandLine(name string, flags, files []string) string {
	words := append([]string{"embark", name}, flags...)
	for _, file := range files {
		words = append(words, shellWord(file))
	}
	return strings.Join(words, " ")
}

// inShell is a flag as one would type it.
func inShell(f *pflag.Flag) []string {
	switch {
	case f.Value.String() == "true":
		return []string{"--" + f.Name}
	case f.Value.Type() == "bool":
		return []string{fmt.Sprintf("--%s=%s", f.Name, f.Value)}
	}
	return []string{"--" + f.Name, shellWord(f.Value.String())}
}

// shellWord quotes a word where a shell would take it for something else, or a
// terminal.
func shellWord(word string) string {
	plain := func(r rune) bool {
		return r == '/' || r == '.' || r == '-' || r == '_' || r == '%' || r == ',' || r == ':' || r == '=' ||
			'0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	if !utf8.ValidString(word) || strings.IndexFunc(word, func(r rune) bool { return !strconv.IsPrint(r) }) >= 0 {
		return strconv.Quote(word) // no word for a shell, but nothing drives the terminal
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
