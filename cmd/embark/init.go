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
		Long:    initLong,
		Example: "  embark init export.csv > export.yaml\n  embark init --encoding windows-1252 export.csv > export.yaml",
	}
	input.add(c.Flags())
	c.Flags().StringVar(&config, "config", "", configHelp)
	c.RunE = func(c *cobra.Command, args []string) error {
		if c.Flags().Changed("mapping") { // in the config file it is for the other commands
			return &usageError{"init takes no --mapping: it suggests one", "to try a mapping: embark validate --mapping export.yaml export.csv"}
		}
		if _, err := e.settle(c, config); err != nil {
			return err
		}
		path, err := e.oneFile(args)
		if err != nil {
			return err
		}
		o, err := input.options(e, nil)
		if err != nil {
			return err
		}
		return e.suggest(path, o)
	}
	return c
}

// initLong lists the keys of a mapping, since this is where people meet them.
const initLong = `Look at all rows of a file and write a mapping for it to standard output: which of Paxos's columns is made of which
column of the file, how sure that is, and what is left to do, marked TODO. Nothing is sent, and of the customers nothing
is shown but the values of plain lists, as kinds of employment.

Paxos's columns and their values are listed by: embark template person --output markdown

Keys of a mapping:
  version         1, of this format
  encoding        of the file, as --encoding
  delimiter       of the file, as --delimiter
  ignore          columns of the file that are left out on purpose; one that is neither used nor here is an error
  columns         Paxos's columns, and metadata.KEY, each with the file's column or with these:

  column          the file's column; alone also written as ref_id: Client No
  constant        the same for every row
  concat          several columns, joined: [House No, Street]
  separator       what stands between those of concat; a blank if nothing is said
  split           what to split the cell at: split: ",", part: 1
  part            which part of a split: 1 the first, -1 the last, "2.." from the second on
  values          a table {THEIRS: OURS}; what is not in it goes on to the keys from date to derive, or else rejects the row
  date            the layout: MM/DD/YYYY, DD-MMM-YY; or proven, where the rows show the order of day and month
  phone           to E.164; the country of numbers without +: phone: USA
  country         true: names and two letters of countries to three letters
  region          names of states to their letters: region: USA
  band            true: amounts of money to Paxos's bands, which are in US dollars
  decimal         ",": beside band, amounts have a decimal comma
  pad             leading zeros to so many digits: pad: 5
  transliterate   true: letters that Paxos does not take to ASCII, in addresses also # to No; such rows get a warning
  derive          an id made of the value, in the namespace of this UUID, for ids that are personal data
  default         what stands in where the result is empty

They work in this order, whatever order they stand in: column, concat or constant; split; values; for what is not in
the table one of date, phone, country, region, band, pad, transliterate, derive; default.`

// oneFile finds the file that is meant; a folder or pattern may stand for it.
func (e *environment) oneFile(args []string) (string, error) {
	if len(args) != 1 {
		return "", &usageError{"init needs one file", "embark init export.csv > export.yaml"}
	}
	files, passedOver, err := source.Expand(args)
	if err != nil {
		return "", err
	}
	if len(files) != 1 {
		return "", &usageError{fmt.Sprintf("init needs one file, and %q stands for %d", args[0], len(files)), "files of the same columns share a mapping: name one of them"}
	}
	for _, name := range passedOver {
		fmt.Fprintf(e.stderr, "%q is not read: it is no table by its name\n", name)
	}
	return files[0], nil
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
		fmt.Fprintf(e.stderr, "the columns are Paxos's own: the file needs no mapping\nnext: embark validate %s\n", shellWord(path))
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
	e.damages(s)
	if s.Missing != nil {
		fmt.Fprintf(e.stderr, "Paxos needs more than the file has: %s\n", strings.Join(s.Missing, ", "))
	}
	file := shellWord(mappingName(path))
	marked := ""
	if s.Open > 0 {
		marked = fmt.Sprintf(" (%s marked TODO)", count(s.Open, "line"))
	}
	fmt.Fprintf(e.stderr, "next: keep the mapping as %s, look through it%s, then: embark validate --mapping %s %s\n", file, marked, file, shellWord(path))
}

// damages tells how many rows were not looked at, and what would help.
func (e *environment) damages(s *mapping.Suggestion) {
	if s.Encoded > 0 {
		fmt.Fprintf(e.stderr, "%s cannot be read because of the encoding\n", count(s.Encoded, "row"))
	}
	if n := s.Damaged - s.Encoded; n > 0 {
		fmt.Fprintf(e.stderr, "%s cannot be read: the structure is damaged\n", count(n, "row"))
	}
	for _, d := range s.Damages {
		hint := d.Hint
		if d.Rule == source.RuleEncoding && s.Encoding == "" {
			hint = "it is not in UTF-8; ask what wrote it, or try --encoding windows-1252, which is usual for exports of western Europe and America, " +
				"or utf-16le, and see that names with accents come out right"
		}
		fmt.Fprintf(e.stderr, "  %s: %s\n", d.Rule, hint)
	}
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
