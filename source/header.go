package source

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// sniffBytes is how much of a file is looked at to tell what it is and what
// separates its columns. It is more than any sensible header, so that rows
// are in it too.
const sniffBytes = 256 << 10

var utf8BOM = []byte{0xEF, 0xBB, 0xBF}

const zipMagic = "PK\x03\x04"

// foreign lists what files begin with that are no table at all.
var foreign = []struct{ magic, text, hint string }{
	{"\x1f\x8b", "the file is compressed twice", "unpack it first"},
	{"\x28\xb5\x2f\xfd", "the file is compressed twice", "unpack it first"},
	{"BZh", "the file is compressed (bzip2)", "unpack it first: bunzip2"},
	{"\xfd7zXZ\x00", "the file is compressed (xz)", "unpack it first: unxz"},
	{"7z\xbc\xaf\x27\x1c", "the file is an archive (7z)", "unpack it first"},
	{"\xd0\xcf\x11\xe0", "the file is a spreadsheet of the old format (.xls), or one with a password", "save it as .xlsx without a password, or as CSV (UTF-8)"},
	{"PAR1", "the file is in the Parquet format", "export it as CSV or JSON Lines"},
	{"%PDF", "the file is a PDF", "ask for an export as CSV"},
	{"<html", "the file is a web page, whatever its name says", "open it in a spreadsheet and save it as .xlsx or CSV (UTF-8)"},
	{"<!DOCTYPE", "the file is a web page, whatever its name says", "open it in a spreadsheet and save it as .xlsx or CSV (UTF-8)"},
	{"<?xml", "the file is in XML", "export it as CSV or JSON Lines"},
	{"\xff\xfe\x00\x00", "the file is in UTF-32", utf8Hint},
	{"\x00\x00\xfe\xff", "the file is in UTF-32", utf8Hint},
}

const utf8Hint = "name its encoding, as in --encoding windows-1252, or save it as UTF-8: in a spreadsheet \"CSV UTF-8\""

const namesHint = "a table begins with a line of column names"

// magic tells what a file is that is no table; nil when it may be one.
func magic(head []byte) *Error {
	for _, f := range foreign {
		if len(head) >= len(f.magic) && strings.EqualFold(string(head[:len(f.magic)]), f.magic) {
			return &Error{Text: f.text, Hint: f.hint}
		}
	}
	return nil
}

// readHeader finds out what kind of table this is and reads its header.
func (f *File) readHeader(o Options) error {
	head, err := f.head(sniffBytes)
	if err != nil {
		return err
	}
	text := bytes.TrimPrefix(head, utf8BOM)
	switch e := magic(head); {
	case e != nil:
		e.File = f.name
		return e
	case bytes.HasPrefix(head, []byte(zipMagic)):
		return f.readSheet(o)
	case len(bytes.TrimSpace(text)) == 0:
		return &Error{File: f.name, Text: "the file is empty", Hint: namesHint}
	case isList(text):
		return f.noLines()
	case isJSON(f.name, text):
		return f.readJSON(o)
	}
	return f.readCSVHeader(head, o)
}

// readCSVHeader also notes where the first record after the header begins.
func (f *File) readCSVHeader(head []byte, o Options) error {
	if err := checkLines(f.name, head); err != nil {
		return err
	}
	if err := f.separate(head, o.Delimiter); err != nil {
		return err
	}
	at := position{line: 1}
	if bytes.HasPrefix(head, utf8BOM) {
		at.offset = int64(len(utf8BOM))
	}
	s := newScanner(f.text, f.size, at, f.format)
	header, err := s.read()
	if err != nil {
		return headerError(f.name, err)
	}
	if err := f.checkHeadings(header); err != nil {
		return err
	}
	first, _ := s.csv.FieldPos(0)
	f.header = header
	f.start = position{offset: s.offset(), line: s.line(first) + linesIn(header)}
	return nil
}

// checkHeadings: a heading may have several lines, as in spreadsheets, but where
// a lone CR is in one, the first row is, too.
func (f *File) checkHeadings(header []string) error {
	for i, h := range header {
		if !utf8.ValidString(h) {
			return &Error{File: f.name, Line: 1, Text: fmt.Sprintf("column %d of the header is not %s", i+1, f.format.charset), Hint: utf8Hint}
		}
		for _, r := range h {
			if r < 0x20 && r != '\n' && r != '\t' {
				return &Error{File: f.name, Line: 1, Text: fmt.Sprintf("column %d of the header contains the control character U+%04X", i+1, r),
					Hint: "let all lines end alike, with LF or CR LF"}
			}
		}
	}
	return nil
}

// checkLines refuses what is no text, or none with lines.
func checkLines(name string, head []byte) error {
	text := bytes.TrimPrefix(head, utf8BOM)
	switch {
	case bytes.IndexByte(text, '\n') < 0 && bytes.IndexByte(text, '\r') >= 0:
		return &Error{File: name, Text: "the lines end with CR only, as on old Macs",
			Hint: "convert the line ends: tr '\\r' '\\n'"}
	case bytes.IndexByte(firstLine(text), 0) >= 0:
		return &Error{File: name, Line: 1, Text: "there are NUL bytes in the header: UTF-16 without a mark, or no text at all",
			Hint: "if it is UTF-16, say --encoding utf-16le (or utf-16be)"}
	}
	return nil
}

func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(text, []byte{'\n'})
	return line
}

func headerError(name string, err error) error {
	var p *csv.ParseError
	switch {
	case errors.As(err, &p):
		return &Error{File: name, Line: p.Line, Text: "the header cannot be read: " + p.Err.Error(),
			Hint: "quotes belong around a whole column name or nowhere"}
	case errors.Is(err, errRecordTooLong):
		return &Error{File: name, Line: 1, Text: "the header is longer than 4 MiB",
			Hint: "check for a quote that is not closed"}
	case err == io.EOF:
		return &Error{File: name, Text: "the file is empty", Hint: namesHint}
	}
	return fmt.Errorf("read %q: %w", name, err)
}

// linesIn is the number of physical lines that a record takes.
func linesIn(cells []string) int {
	n := 1
	for _, c := range cells {
		n += strings.Count(c, "\n")
	}
	return n
}
