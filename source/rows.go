package source

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
)

// maxResync is how many lines may be passed over in search of the next row
// after a quote that does not close. A broken record is a handful of lines;
// past that nobody can tell rows from rubble.
const maxResync = 100

// Rows yields the rows of several files, one after the other, with Ordinal
// numbered through. It may be ranged over as often as needed.
func Rows(files []*File) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		n := 0
		for _, f := range files {
			for row, err := range f.Rows() {
				row.Ordinal = n
				n++
				if !yield(row, err) || err != nil {
					return
				}
			}
		}
	}
}

// Rows yields the rows from the start, each time it is ranged over. An error
// ends the reading: *Error when the file was changed or rows can no longer be
// told apart, otherwise that of the disk.
//
// A record that takes several lines and is broken is taken back to its first
// line: the quote that opened there is to blame, and the lines behind it are
// rows of their own or the remains of this one. Lines that make no row are
// counted to the broken one, up to maxResync of them.
func (f *File) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		in := f.read()
		n := 0
		for {
			row, err := in.row()
			if err == io.EOF {
				break
			}
			row.File, row.Ordinal = f.name, n
			n++
			if !yield(row, err) || err != nil {
				return
			}
		}
		if err := f.Unchanged(); err != nil {
			yield(Row{File: f.name, Ordinal: n}, err)
			return
		}
		f.skipped.Store(int64(in.skipped()))
	}
}

// reading is one reading of a file.
type reading interface {
	row() (Row, error) // io.EOF behind the last one
	skipped() int
}

func (f *File) read() reading {
	if f.format.isTable() {
		return f.newTableReader()
	}
	return &reader{File: f, scan: newScanner(f.text, f.size, f.start, f.format), next: f.start, keep: keeper{width: len(f.header)}}
}

// reader is one reading of text with delimiters.
type reader struct {
	*File
	scan *scanner
	keep keeper
	next position // where the next record begins, blank lines before it included
	skip int
	held *Row // read ahead while looking for the end of a broken record
}

func (r *reader) skipped() int { return r.skip }

// row gives the next row that is not blank.
func (r *reader) row() (Row, error) {
	if row := r.held; row != nil {
		r.held = nil
		return *row, nil
	}
	row, spans, err := r.record(false)
	if err != nil || !spans {
		return row, err
	}
	return row, r.resync(row.Line, row.Damage)
}

// resync looks for the row after a broken record that took several lines.
func (r *reader) resync(line int, d *Damage) error {
	for found := d.Text; ; {
		row, _, err := r.record(true)
		switch {
		case err == io.EOF:
			return nil // row will come upon it again
		case err != nil:
			return err
		case row.Cells != nil:
			r.held = &row
			return nil
		case row.Line-line >= maxResync:
			return &Error{File: r.name, Line: line,
				Text: fmt.Sprintf("a quote opens here and in the next %d lines no row can be made out", maxResync), Hint: d.Hint}
		}
		d.Text = fmt.Sprintf("%s; it swallowed %s", found, count(row.Line-line, "line"))
	}
}

func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

// opensInRemains finds the cell, if any, that may begin in what remains of a broken
// record and end in the row behind it: one of several lines, in the first column
// or with a delimiter in it. After a broken record this is asked for, and no rows
// are made out that could be of two.
func (r *reader) opensInRemains(cells []string) int {
	return slices.IndexFunc(cells, func(c string) bool {
		return strings.Contains(c, "\n") && (c == cells[0] || strings.ContainsRune(c, r.format.comma))
	})
}

// record reads one record and works out where the next one begins. The second
// result says that the record is broken and takes several lines, of which all
// but the first will be read again. remains says that the record before was.
func (r *reader) record(remains bool) (Row, bool, error) {
	for {
		cells, err := r.scan.read()
		if err == io.EOF {
			return Row{}, false, io.EOF
		}
		if err != nil {
			return r.broken(cells, err)
		}
		line, after := r.extent(cells)
		r.skip += line - r.next.line // blank lines, which encoding/csv passes over
		if blank(cells) {
			r.skip += after.line - line
			r.next = after
			continue
		}
		row := Row{Line: line, End: after.offset}
		if remains {
			if i := r.opensInRemains(cells); i >= 0 {
				row.Damage = quoteDamage(csv.ErrQuote, line, r.column(i))
				return r.again(row)
			}
		}
		if row.Damage = r.check(cells, line, after); row.Damage == nil || keepsCells(row.Damage) {
			row.Cells, r.next = r.keep.cells(cells), after
			return row, false, nil
		}
		if after.line > line+1 {
			return r.again(row)
		}
		r.next = after
		return row, false, nil
	}
}

// extent is the line on which the record starts that was read last, and what
// comes behind it.
func (r *reader) extent(cells []string) (line int, after position) {
	first, _ := r.scan.csv.FieldPos(0)
	last := len(cells) - 1
	lastLine, _ := r.scan.csv.FieldPos(last)
	end := r.scan.line(lastLine) + strings.Count(cells[last], "\n")
	return r.scan.line(first), position{offset: r.scan.offset(), line: end + 1}
}

// broken makes a row of what encoding/csv could not read. For a record over
// the cap the reader does not tell where it began; the blank lines before it
// are found by going there.
func (r *reader) broken(cells []string, err error) (Row, bool, error) {
	if errors.Is(err, errRecordTooLong) {
		line, err := r.firstNotBlank()
		if err != nil {
			return Row{}, false, err
		}
		return r.again(Row{Line: line, Damage: tooLong("")})
	}
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return Row{}, false, fmt.Errorf("read %q: %w", r.name, err)
	}
	line, end := r.scan.line(p.StartLine), r.scan.line(p.Line)
	r.skip += line - r.next.line
	row := Row{Line: line, Damage: quoteDamage(err, line+linesIn(cells)-1, r.column(len(cells)))}
	if end > line {
		return r.again(row)
	}
	r.next = position{offset: r.scan.offset(), line: end + 1}
	row.End = r.next.offset
	return row, false, nil
}

// again goes on with the second line of a broken record.
func (r *reader) again(row Row) (Row, bool, error) {
	err := r.goTo(row.Line + 1)
	row.End = r.next.offset
	return row, true, err
}

// goTo goes on reading at a line that lies ahead of r.next.
func (r *reader) goTo(line int) error {
	at, err := r.scan.lineAfter(r.next, line)
	if err != nil {
		return fmt.Errorf("read %q: %w", r.name, err)
	}
	r.next = at
	r.scan.restart(at)
	return nil
}

// firstNotBlank is the line on which the record at r.next begins.
func (r *reader) firstNotBlank() (int, error) {
	for {
		at, err := r.scan.lineAfter(r.next, r.next.line+1)
		if err != nil {
			return 0, fmt.Errorf("read %q: %w", r.name, err)
		}
		if at.offset-r.next.offset > int64(len("\r\n")) {
			return r.next.line, nil
		}
		line := make([]byte, at.offset-r.next.offset)
		if _, err := r.text.ReadAt(line, r.next.offset); err != nil && err != io.EOF {
			return 0, fmt.Errorf("read %q: %w", r.name, err)
		}
		if len(line) == 0 || strings.Trim(string(line), "\r\n") != "" {
			return r.next.line, nil
		}
		r.next = at
		r.skip++
	}
}

func (f *File) column(i int) string {
	if i < len(f.header) {
		return strings.TrimSpace(f.header[i])
	}
	return ""
}
