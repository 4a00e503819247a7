package report

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"embark/mapping"
)

// guard puts an apostrophe before a cell that a spreadsheet would run as a
// formula (OWASP, CSV injection; the full-width signs count in some). A number with a sign in front, such as an
// E.164 telephone number, computes nothing and stays as it is, so that a row
// from rejected.csv is the same customer when it is run again.
func guard(cell string) string {
	if first, _ := utf8.DecodeRuneInString(cell); cell == "" || !strings.ContainsRune("=+-@\t\r\n\x00＝＋－＠", first) {
		return cell
	}
	if (cell[0] == '+' || cell[0] == '-') && digits(cell[1:]) {
		return cell
	}
	return "'" + cell
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

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
	if f.Column != "" {
		text = f.Column + ": " + text
	}
	if f.Other != "" {
		text += " (" + f.Other + ")"
	}
	return text
}

// faults is the text for embark_errors: every finding, or why Paxos said no.
func faults(l Line) string {
	var texts []string
	for _, f := range l.Rejected.Findings {
		if f.Severity != mapping.Error {
			continue
		}
		texts = append(texts, Sentence(f))
	}
	if len(texts) == 0 {
		texts = append(texts, l.Message)
	}
	return strings.Join(texts, "; ")
}
