package source

import (
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// check looks for what makes a record unusable whatever its columns mean. It
// starts on the given line and ends at after.
func (r *reader) check(cells []string, line int, after position) *Damage {
	if len(cells) != len(r.header) {
		return fieldCount(len(cells), len(r.header),
			fmt.Sprintf("put quotes around cells that contain %s, and check that the row is complete", plural(r.format.comma)))
	}
	if after.line > line+1 && r.format.kind == kindCSV {
		for i, c := range cells {
			if r.swallowsRow(c) {
				return quoteDamage(csv.ErrQuote, line+linesIn(cells[:i])-1, r.column(i))
			}
		}
	}
	if r.scan.plainSince(r.next.offset) && after.offset-r.next.offset <= maxCell {
		return nil
	}
	return r.checkCells(cells)
}

func fieldCount(cells, header int, hint string) *Damage {
	return &Damage{Rule: RuleFieldCount, Text: fmt.Sprintf("the row has %s, the header has %d", count(cells, "cell"), header), Hint: hint}
}

// checkCells looks at the text of each cell.
func (f *File) checkCells(cells []string) *Damage {
	for i, c := range cells {
		if len(c) > maxCell {
			return tooLong(f.column(i))
		}
		if plain(c) { // nearly always so
			continue
		}
		if d := f.checkText(c); d != nil {
			d.Column = f.column(i)
			return d
		}
	}
	return nil
}

// swallowsRow reports that a cell of several lines holds as many delimiters as a
// row of this file has: two quotes were left open, and what is between them are
// the end of one row, perhaps whole ones, and the beginning of another. Those two
// would be one customer, made of both.
func (r *reader) swallowsRow(c string) bool {
	commas := len(r.header) - 1
	if commas < 2 { // too few to tell a row from a sentence
		return false
	}
	return strings.Contains(c, "\n") && strings.Count(c, string(r.format.comma)) >= commas
}

func (f *File) checkText(c string) *Damage {
	for i, r := range c {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(c[i:], "\uFFFD"): // U+FFFD itself is a character like others
			return f.undecodable(c, i)
		case r == '\n': // a quoted line break; whether it is allowed is for the column to say
		case r < 0x20 || r >= 0x7F && r <= 0x9F:
			return &Damage{Rule: RuleControl, Text: fmt.Sprintf("the cell contains the control character U+%04X", r),
				Hint: "remove it; it usually comes from copying or from a wrong encoding"}
		}
	}
	return nil
}

// undecodable counts bytes in what is UTF-8 as it is, and characters in what
// was decoded, where the bytes are no longer those of the file.
func (f *File) undecodable(c string, i int) *Damage {
	if f.format.charset == utf8Text.name {
		return &Damage{Rule: RuleEncoding, Text: fmt.Sprintf("byte %d of the cell is not UTF-8", i+1), Hint: utf8Hint}
	}
	return &Damage{Rule: RuleEncoding,
		Text: fmt.Sprintf("character %d of the cell is not readable as %s", utf8.RuneCountInString(c[:i])+1, f.format.charset),
		Hint: "check --encoding, and what wrote the file"}
}

// keepsCells reports that the damage is in the text of a cell only.
func keepsCells(d *Damage) bool { return d.Rule == RuleEncoding || d.Rule == RuleControl }

func tooLong(column string) *Damage {
	return &Damage{Rule: RuleTooLong, Column: column, Text: "a cell is longer than 1 MiB, or the row than 4 MiB",
		Hint: "check for a quote that is not closed"}
}

// quoteDamage tells the two ways in which quotes go wrong.
func quoteDamage(err error, line int, column string) *Damage {
	if errors.Is(err, csv.ErrBareQuote) {
		return &Damage{Rule: RuleBareQuote, Column: column, Text: "there is a quote inside a cell that is not quoted",
			Hint: "put the whole cell in quotes and double the quotes inside it; no blank before the first quote"}
	}
	where := ""
	if column != "" {
		where = fmt.Sprintf(" in column %q", column)
	}
	return &Damage{Rule: RuleOpenQuote, Column: column,
		Text: fmt.Sprintf("a quote opens on line %d%s and does not close where it should", line, where),
		Hint: "close the quote at the end of the cell, and double the quotes inside it"}
}

// blank reports that there is nothing in a record.
func blank(cells []string) bool {
	for _, c := range cells {
		if strings.Trim(c, " \t\u00a0") != "" {
			return false
		}
	}
	return true
}
