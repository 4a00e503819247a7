package mapping

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"embark/paxos"
)

// WriteTo writes the mapping as YAML, with comments. What is not certain is
// commented out; the rest is a mapping that [ParseSpec] reads.
func (s *Suggestion) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, s.text())
	return int64(n), err
}

func (s *Suggestion) text() string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# A mapping suggested by embark init, from %s. Above each line stands the column of the file, how sure the\n", countOf(s.Rows, "row"))
	b.WriteString("# proposal is, and the shape of the values (A and a for letters, 9 for digits). Settle what is marked TODO.\n\n")
	b.WriteString("version: 1\n")
	if s.Encoding != "" {
		fmt.Fprintf(&b, "encoding: %s\n", quoteYAML(s.Encoding))
	}
	if s.Delimiter != 0 {
		fmt.Fprintf(&b, "delimiter: %s\n", quoteYAML(strings.Replace(string(s.Delimiter), "\t", "tab", 1)))
	}
	b.WriteString("\ncolumns:\n")
	for _, e := range s.entries {
		e.write(&b)
	}
	s.writeMissing(&b)
	s.writeIgnored(&b)
	return b.String()
}

// write writes an entry with its comments above it.
func (e *suggested) write(b *bytes.Buffer) {
	for _, c := range e.comments {
		fmt.Fprintf(b, "  # %s\n", oneLine(c))
	}
	if e.open() {
		writeValues(b, e.target)
	}
	sign := ""
	if e.off {
		sign = "# "
	}
	if e.values == nil {
		fmt.Fprintf(b, "  %s%s: %s\n", sign, e.target, e.flow())
	} else {
		fmt.Fprintf(b, "  %s%s:\n    %scolumn: %s\n", sign, e.target, sign, quoteYAML(e.columns[0]))
		e.writeTable(b, sign)
	}
	b.WriteString("\n")
}

func (e *suggested) writeTable(b *bytes.Buffer, sign string) {
	if !e.off && proposed(e.values) == 0 { // an empty table is no table
		b.WriteString("    # values:  # TODO: remove the # here as well\n")
	} else {
		fmt.Fprintf(b, "    %svalues:\n", sign)
	}
	hidden := 0
	for _, l := range e.values {
		if l.masked {
			hidden += l.rows
			continue
		}
		fmt.Fprintf(b, "      %s%s\n", sign, l.text())
	}
	if hidden > 0 {
		fmt.Fprintf(b, "      # TODO: and other values in %s, not shown, as they may be customers' own; embark validate tells where\n", countOf(hidden, "row"))
	}
}

// flow is an entry on one line.
func (e *suggested) flow() string {
	keys := e.keys
	switch {
	case len(e.columns) == 1 && len(keys) == 0:
		return quoteYAML(e.columns[0])
	case len(e.columns) == 1:
		keys = slices.Insert(slices.Clone(keys), 0, specKey{"column", quoteYAML(e.columns[0])})
	case len(e.columns) > 1:
		keys = slices.Insert(slices.Clone(keys), 0, specKey{"concat", "[" + strings.Join(quoteAll(e.columns), ", ") + "]"})
	}
	var parts []string
	for _, k := range keys {
		parts = append(parts, k.key+": "+k.value)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// text is a line of a table. Where nothing is alike, it is commented out: then
// such rows are rejected, and nothing wrong is sent.
func (l valueLine) text() string {
	rows := countOf(l.rows, "row")
	switch {
	case l.to == "":
		return fmt.Sprintf("# %s: TODO  # %s", quoteYAML(l.from), rows)
	case l.like == likeSynonym:
		return fmt.Sprintf("%s: %s  # %s", quoteYAML(l.from), l.to, rows)
	}
	return fmt.Sprintf("%s: %s  # %s; TODO: sure?", quoteYAML(l.from), l.to, rows)
}

// writeValues lists the values of Paxos's for a column, in lines of readable length.
func writeValues(b *bytes.Buffer, column string) {
	line := "  #   values:"
	for _, v := range sought[column].Values {
		if len(line)+len(v) > 118 {
			fmt.Fprintln(b, line)
			line = "  #  "
		}
		line += " " + v + ","
	}
	if line != "  #   values:" {
		fmt.Fprintln(b, strings.TrimSuffix(line, ","))
	}
}

// writeMissing lists what every person needs and no column serves.
func (s *Suggestion) writeMissing(b *bytes.Buffer) {
	missing := slices.DeleteFunc(slices.Clone(s.Missing), s.guessed)
	if len(missing) == 0 {
		return
	}
	b.WriteString("  # Paxos needs these, too, and no column serves them. Remove the # of a line and fill it in; take a column that\n" +
		"  # you name out of ignore, below. A constant must be true of everybody in the file.\n")
	for _, name := range missing {
		fmt.Fprintf(b, "  # %s: %s  # TODO: %s\n", name, missingLine(name), sought[name].About)
		writeValues(b, name)
	}
	b.WriteString("\n")
}

// guessed: a line for it stands above already, commented out.
func (s *Suggestion) guessed(target string) bool {
	return slices.ContainsFunc(s.entries, func(e *suggested) bool { return e.target == target })
}

// missingLine is how a column could be had: a constant only where one can be
// true of everybody.
func missingLine(name string) string {
	constants := map[string]string{
		"cip_id_type":                     paxos.CIPIDTypeSSN,
		"cip_id_country":                  paxos.CountryUSA,
		"address.country":                 paxos.CountryUSA,
		"passthrough_verifier_type":       "CUSTOMER",
		"passthrough_verification_status": paxos.StatusApproved,
		"passthrough_verification_fields": strings.Join(paxos.PassthroughVerificationFields(), "|"),
	}
	if v := constants[name]; v != "" {
		return "{constant: " + v + "}"
	}
	return "NAME OF A COLUMN"
}

// writeIgnored lists the columns that nothing is made of, so that each column of
// the file is accounted for.
func (s *Suggestion) writeIgnored(b *bytes.Buffer) {
	first := true
	for _, p := range s.profiles {
		if s.uses(p.name) || p.name == ErrorsColumn { // that one is ignored anyway
			continue
		}
		if first {
			b.WriteString("# Columns that are left out. What Paxos shall keep with the identity goes into metadata, under columns.\nignore:\n")
			first = false
		}
		fmt.Fprintf(b, "  - %s  # %s\n", quoteYAML(p.name), s.whyIgnored(p))
	}
}

func (s *Suggestion) whyIgnored(p *profile) string {
	if p.filled == 0 {
		return "blank throughout"
	}
	for _, e := range s.entries {
		if slices.Contains(e.columns, p.name) {
			return fmt.Sprintf("TODO: perhaps %s; to use it, remove the # of %s above and take this line out", e.target, e.target)
		}
	}
	also := s.needs[p]
	if other := s.others[p]; other != "" {
		also = fmt.Sprintf("could be %s, which another column serves; ", other)
	}
	text := also + oneLine(p.facts())
	if p.tellsWho() {
		return text
	}
	return text + fmt.Sprintf("; to keep it: metadata.%s: %s", strings.Join(wordsOf(strings.ReplaceAll(p.name, ".", " ")), "_"), quoteYAML(p.name))
}

// uses reports that something is made of a column.
func (s *Suggestion) uses(name string) bool {
	return slices.ContainsFunc(s.entries, func(e *suggested) bool { return !e.off && slices.Contains(e.columns, name) })
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func quoteAll(list []string) []string {
	var quoted []string
	for _, v := range list {
		quoted = append(quoted, quoteYAML(v))
	}
	return quoted
}

// quoteYAML writes a text so that YAML reads it as one. Go's quotes are those of
// YAML for what can be in a cell: there are no control characters in them.
func quoteYAML(v string) string {
	if plainYAML(v) {
		return v
	}
	return strconv.Quote(v)
}

func plainYAML(v string) bool {
	switch strings.ToLower(v) {
	case "", "true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf":
		return false
	}
	for i := 0; i < len(v); i++ {
		c := v[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		digit := c-'0' <= 9
		inside := i > 0 && (digit || strings.IndexByte("-_/.", c) >= 0 || c == ' ' && i < len(v)-1)
		if !letter && !inside {
			return false
		}
	}
	return true
}
