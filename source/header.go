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

// sniffBytes is how much of a file is looked at to tell what it is. It is more
// than any sensible header, so the first rows are in it too.
const sniffBytes = 64 << 10

var utf8BOM = []byte{0xEF, 0xBB, 0xBF}

// foreign lists what files that are no UTF-8 text begin with. UTF-32 stands
// before UTF-16, whose mark its own begins with.
var foreign = []struct{ magic, text, hint string }{
	{"\x1f\x8b", "the file is compressed (gzip)", "unpack it first: gunzip"},
	{"PK\x03\x04", "the file is a ZIP archive or a spreadsheet (.xlsx)", "unpack it, or save the sheet as CSV (UTF-8)"},
	{"\xff\xfe\x00\x00", "the file is in UTF-32", utf8Hint},
	{"\x00\x00\xfe\xff", "the file is in UTF-32", utf8Hint},
	{"\xff\xfe", "the file is in UTF-16", utf8Hint},
	{"\xfe\xff", "the file is in UTF-16", utf8Hint},
}

const utf8Hint = "save it as UTF-8: in a spreadsheet \"CSV UTF-8\", or with iconv -t UTF-8"

// readHeader checks what kind of file this is and reads the header. It returns
// where the first record after the header begins.
func readHeader(name string, r io.ReaderAt, size int64) ([]string, position, error) {
	head := make([]byte, min(size, sniffBytes))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, position{}, fmt.Errorf("read %q: %w", name, err)
	}
	if err := sniff(name, head); err != nil {
		return nil, position{}, err
	}
	start := position{line: 1}
	if bytes.HasPrefix(head, utf8BOM) {
		start.offset = int64(len(utf8BOM))
	}
	s := newScanner(r, size, start)
	header, err := s.read()
	if err != nil {
		return nil, position{}, headerError(name, err)
	}
	if err := checkHeader(name, header, head); err != nil {
		return nil, position{}, err
	}
	line, _ := s.csv.FieldPos(0)
	lines := line - 1 + linesIn(header)
	return header, position{offset: start.offset + s.csv.InputOffset(), line: start.line + lines}, nil
}

// sniff refuses what is no text of ours by its first bytes.
func sniff(name string, head []byte) error {
	for _, f := range foreign {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return &Error{File: name, Text: f.text, Hint: f.hint}
		}
	}
	text := bytes.TrimPrefix(head, utf8BOM)
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		return &Error{File: name, Text: "the file is empty", Hint: "a CSV file begins with a line of column names"}
	case bytes.IndexByte(text, '\n') < 0 && bytes.IndexByte(text, '\r') >= 0:
		return &Error{File: name, Text: "the lines end with CR only, as on old Macs",
			Hint: "convert the line ends: tr '\\r' '\\n'"}
	case bytes.IndexByte(firstLine(text), 0) >= 0:
		return &Error{File: name, Line: 1, Text: "there are NUL bytes in the header: UTF-16 without a mark, or no text at all",
			Hint: utf8Hint}
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
		return &Error{File: name, Text: "the file is empty", Hint: "a CSV file begins with a line of column names"}
	}
	return fmt.Errorf("read %q: %w", name, err)
}

func checkHeader(name string, header []string, head []byte) error {
	for i, h := range header {
		if !utf8.ValidString(h) {
			return &Error{File: name, Line: 1, Text: fmt.Sprintf("column %d of the header is not UTF-8", i+1), Hint: utf8Hint}
		}
	}
	if d := otherDelimiter(header, head); d != "" {
		return &Error{File: name, Line: 1, Text: "the columns are separated by " + d + ", not by commas",
			Hint: "save the file with commas between the columns"}
	}
	return nil
}

// otherDelimiter names what separates the columns when commas do not: the
// header is a single cell and holds another usual separator more than once, or
// once on each of the first lines.
func otherDelimiter(header []string, head []byte) string {
	if len(header) != 1 {
		return ""
	}
	for _, d := range []struct{ char, name string }{{";", "semicolons"}, {"\t", "tabs"}, {"|", "vertical bars"}} {
		n := strings.Count(header[0], d.char)
		if n > 1 || n == 1 && bytes.Count(head, []byte(d.char)) > 1 {
			return d.name
		}
	}
	return ""
}

// linesIn is the number of physical lines that a record takes.
func linesIn(cells []string) int {
	n := 1
	for _, c := range cells {
		n += strings.Count(c, "\n")
	}
	return n
}
