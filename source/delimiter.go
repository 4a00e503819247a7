package source

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// usual are the characters that separate columns, as they are called in the
// plural; a comma comes first because it is taken where nothing speaks for
// another.
var usual = []struct {
	comma rune
	name  string
}{{',', "commas"}, {';', "semicolons"}, {'\t', "tabs"}, {'|', "vertical bars"}}

// maxEvidence is how many records are looked at.
const maxEvidence = 1000

// ownColumn is the last one of the files in which we give rows back for
// correction. They are written with commas in UTF-8, whatever the file that
// the rows came from had.
const ownColumn = "embark_errors"

// separate finds what separates the columns, or checks what the operator says.
func (f *File) separate(head []byte, declared rune) error {
	text := bytes.TrimPrefix(head, utf8BOM)
	if int64(len(head)) < f.size { // the last line may be cut off
		text = text[:bytes.LastIndexByte(text, '\n')+1]
	}
	f.format.kind = kindCSV
	if isOwn(head) {
		declared = ','
	}
	found, err := f.evidence(text)
	if declared != 0 {
		found, err = f.declared(text, declared, found)
	}
	f.format.comma, f.format.detail = found.comma, found.String()
	return err
}

// declared: a delimiter that leaves the table in one column is a slip if
// another one does not.
func (f *File) declared(text []byte, comma rune, other split) (split, error) {
	s := splitBy(text, comma)
	if s.cells <= 1 && other.cells > 1 {
		return s, &Error{File: f.name, Line: 1,
			Text: fmt.Sprintf("the columns are separated by %s, not by %s", plural(other.comma), plural(comma)),
			Hint: "leave --delimiter out, or say " + flag(other.comma)}
	}
	return s, nil
}

func isOwn(head []byte) bool {
	text, marked := bytes.CutPrefix(head, utf8BOM)
	header, err := csv.NewReader(bytes.NewReader(text)).Read()
	return marked && err == nil && header[len(header)-1] == ownColumn
}

// split is what a delimiter makes of the beginning of a file.
type split struct {
	comma  rune
	cells  int // of the header; 0 when it cannot be read
	looked int // records behind the header
	same   int // those with as many cells as the header
	many   int // those with more than one cell
}

// fits: one line in ten may be damaged.
func (s split) fits() bool { return s.same*10 >= s.looked*9 }

func (s split) String() string {
	if s.cells <= 1 {
		return "a single column"
	}
	if s.same == s.looked {
		return fmt.Sprintf("%s (%d on each of %s lines looked at)", plural(s.comma), s.cells-1, thousands(s.looked+1))
	}
	return fmt.Sprintf("%s (%d on %s of %s lines looked at)", plural(s.comma), s.cells-1, thousands(s.same+1), thousands(s.looked+1))
}

// evidence weighs the usual delimiters: the one that gives all records as many
// cells as the header has, and more than one, is it. It counts cells as they
// are read, not characters, since a name may have a comma in quotes.
func (f *File) evidence(text []byte) (split, error) {
	var able, fitting []split
	for _, d := range usual {
		s := splitBy(text, d.comma)
		if s.cells <= 1 {
			continue
		}
		able = append(able, s)
		if s.fits() {
			fitting = append(fitting, s)
		}
	}
	switch {
	case len(fitting) == 1:
		return fitting[0], nil
	case len(fitting) > 1:
		return split{}, f.ambiguous(fitting)
	}
	return f.bestOf(able)
}

// bestOf chooses for a file of which many records are damaged.
func (f *File) bestOf(able []split) (split, error) {
	best := split{comma: ',', cells: 1}
	for _, s := range able {
		if s.comma == ',' || s.many*2 >= s.looked { // else a sign within a single column
			if best.cells > 1 && min(s.same, best.same)*4 > max(s.same, best.same) {
				return split{}, f.ambiguous([]split{best, s})
			}
			if best.cells == 1 || s.same > best.same {
				best = s
			}
		}
	}
	return best, nil
}

func (f *File) ambiguous(both []split) error {
	a, b := both[0], both[1]
	return &Error{File: f.name, Line: 1,
		Text: fmt.Sprintf("the columns could be separated by %s (%d columns) or by %s (%d columns)", plural(a.comma), a.cells, plural(b.comma), b.cells),
		Hint: fmt.Sprintf("say which: %s or %s", flag(a.comma), flag(b.comma))}
}

func splitBy(text []byte, comma rune) split {
	r := records(text, comma)
	header, err := r.Read()
	s := split{comma: comma, cells: len(header)}
	if err != nil {
		s.cells = 0
	}
	for s.cells > 1 && s.looked < maxEvidence-1 {
		start := r.InputOffset()
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		s.looked++
		if err != nil { // a quote that does not close would swallow the rest
			text = behindLine(text[start:])
			r = records(text, comma)
			continue
		}
		if len(cells) == s.cells {
			s.same++
		}
		if len(cells) > 1 {
			s.many++
		}
	}
	return s
}

func records(text []byte, comma rune) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = comma, -1, true
	return r
}

// behindLine is what follows the first line that is not blank.
func behindLine(text []byte) []byte {
	_, rest, _ := bytes.Cut(bytes.TrimLeft(text, "\r\n"), []byte{'\n'})
	return rest
}

func plural(comma rune) string {
	for _, d := range usual {
		if d.comma == comma {
			return d.name
		}
	}
	return strconv.QuoteRune(comma)
}

func flag(comma rune) string {
	if comma == '\t' {
		return "--delimiter tab"
	}
	return "--delimiter '" + string(comma) + "'"
}

// thousands writes a number of up to six digits with a comma in it.
func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}
