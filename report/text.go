package report

import (
	"fmt"
	"strconv"
	"strings"

	"embark/mapping"
)

// number leaves the cell empty where there is no line.
func number(line int) string {
	if line == 0 {
		return ""
	}
	return strconv.Itoa(line)
}

// Sentence is a finding in one line: what, where, and which other row it is about.
func Sentence(f mapping.Finding) string {
	text := f.Text
	if where := Where(f); where != "" {
		text = where + ": " + text
	}
	if f.Other != "" {
		text += " (" + f.Other + ")"
	}
	return text
}

// Where is the column of a finding, with the heading that it has in the file
// where that is another one; "" for the row as a whole.
func Where(f mapping.Finding) string {
	if f.From == "" {
		return f.Column
	}
	return fmt.Sprintf("%s (from %q)", f.Column, f.From)
}

// faults is the text for embark_errors: every finding, or why Paxos said no.
func faults(findings []mapping.Finding, otherwise string) string {
	var texts []string
	for _, f := range findings {
		if f.Severity == mapping.Error {
			texts = append(texts, Sentence(f))
		}
	}
	if len(texts) == 0 {
		texts = append(texts, otherwise)
	}
	return strings.Join(texts, "; ")
}
