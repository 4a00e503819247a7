package source

import (
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// check looks for what makes a record unusable whatever its columns mean.
// lines says that it takes more than one physical line.
func (r *reader) check(cells []string, lines bool) *Damage {
	if len(cells) != len(r.header) {
		return &Damage{Rule: RuleFieldCount,
			Text: fmt.Sprintf("the row has %d cells, the header has %d", len(cells), len(r.header)),
			Hint: "put quotes around cells that contain a comma, and check that the row is complete"}
	}
	for i, c := range cells {
		if len(c) > maxCell {
			return tooLong(r.column(i))
		}
		if plain(c) {
			continue
		}
		if lines && r.swallowsRow(c) {
			return quoteDamage(csv.ErrQuote, r.column(i))
		}
		if d := checkText(c); d != nil {
			d.Column = r.column(i)
			return d
		}
	}
	return nil
}

// plain reports that a cell holds nothing but printable ASCII, which is nearly
// always so and needs no closer look.
func plain(c string) bool {
	for i := 0; i < len(c); i++ {
		if c[i]-0x20 >= 0x7F-0x20 {
			return false
		}
	}
	return true
}

// swallowsRow reports that a cell holds a line with as many commas as a row of
// this file has: two quotes were left open and what is between them are rows.
func (r *reader) swallowsRow(c string) bool {
	commas := len(r.header) - 1
	if commas < 2 { // too few to tell a row from a sentence
		return false
	}
	for line := range strings.SplitSeq(c, "\n") {
		if strings.Count(line, ",") >= commas {
			return true
		}
	}
	return false
}

func checkText(c string) *Damage {
	for i, r := range c {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(c[i:], "\uFFFD"): // U+FFFD itself is a character like others
			return &Damage{Rule: RuleEncoding, Text: fmt.Sprintf("byte %d of the cell is not UTF-8", i+1), Hint: utf8Hint}
		case r == '\n': // a quoted line break; whether it is allowed is for the column to say
		case r < 0x20 || r >= 0x7F && r <= 0x9F:
			return &Damage{Rule: RuleControl, Text: fmt.Sprintf("the cell contains the control character U+%04X", r),
				Hint: "remove it; it usually comes from copying or from a wrong encoding"}
		}
	}
	return nil
}

// keepsCells reports that the damage is in the text of a cell only.
func keepsCells(d *Damage) bool { return d.Rule == RuleEncoding || d.Rule == RuleControl }

func tooLong(column string) *Damage {
	return &Damage{Rule: RuleTooLong, Column: column, Text: "a cell is longer than 1 MiB, or the row than 4 MiB",
		Hint: "check for a quote that is not closed"}
}

// quoteDamage tells the two ways in which quotes go wrong.
func quoteDamage(err error, column string) *Damage {
	if errors.Is(err, csv.ErrBareQuote) {
		return &Damage{Rule: RuleBareQuote, Column: column, Text: "there is a quote inside a cell that is not quoted",
			Hint: "put the whole cell in quotes and double the quotes inside it; no blank before the first quote"}
	}
	return &Damage{Rule: RuleOpenQuote, Column: column,
		Text: "a quote opens on this line and does not close where it should",
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
