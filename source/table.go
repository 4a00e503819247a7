package source

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// What is no text with delimiters is made into a table first, once, when it is
// opened: each later reading is then as fast as that of a text, and no
// spreadsheet stays in memory. The table is spooled as CSV. Each record has
// the line of the input and a rule before the cells; where there is a rule,
// the rest of a Damage follows instead. Empty cells at the end may be left out.
type tableWriter struct {
	csv    *csv.Writer
	record []string
}

// row writes cells; names are the columns that are known so far. The cap on a
// cell is seen to when the table is read.
func (w *tableWriter) row(line int, cells, names []string) error {
	total := 0
	for i, c := range cells {
		if total += len(c); total > maxRecord {
			return w.damage(line, tooLong(names[min(i, len(names)-1)]))
		}
	}
	w.record = append(append(w.record[:0], strconv.Itoa(line), ""), cells...)
	return w.csv.Write(w.record)
}

func (w *tableWriter) damage(line int, d *Damage) error {
	return w.csv.Write([]string{strconv.Itoa(line), d.Rule, d.Column, d.Text, d.Hint})
}

// readTable spools what fill writes; fill gives back the header and the line
// behind it.
func (f *File) readTable(dir string, fill func(*tableWriter) ([]string, int, error)) error {
	text, err := spoolBy(f.name, dir, func(out io.Writer) (err error) {
		buf := bufio.NewWriterSize(out, bufferBytes)
		w := tableWriter{csv: csv.NewWriter(buf)}
		if f.header, f.start.line, err = fill(&w); err != nil {
			return err
		}
		if w.csv.Flush(); w.csv.Error() != nil {
			return w.csv.Error()
		}
		return buf.Flush()
	})
	if err != nil {
		return err
	}
	f.format.comma = ','
	return f.readFrom(text)
}

// tableReader is one reading of such a table.
type tableReader struct {
	*File
	scan *scanner
	keep keeper
	next int // line of the input behind the last record
	skip int
}

func (f *File) newTableReader() *tableReader {
	return &tableReader{File: f, next: f.start.line, keep: keeper{width: len(f.header)},
		scan: newScanner(f.text, f.size, position{line: 1}, f.format)}
}

func (r *tableReader) skipped() int { return r.skip }

// row gives the next row that is not blank.
func (r *tableReader) row() (Row, error) {
	for {
		cells, err := r.scan.read()
		if err == io.EOF {
			return Row{}, io.EOF
		}
		if err != nil {
			return Row{}, fmt.Errorf("read the spool of %q: %w", r.name, err)
		}
		row := Row{End: r.scan.offset()}
		if row.Line, err = strconv.Atoi(cells[0]); err != nil {
			return Row{}, fmt.Errorf("read the spool of %q: %w", r.name, err)
		}
		r.skip += row.Line - r.next
		r.next = row.Line + 1
		if cells[1] != "" {
			row.Damage = &Damage{Rule: cells[1], Column: cells[2], Text: cells[3], Hint: cells[4]}
			return row, nil
		}
		if blank(cells[2:]) {
			r.skip++
			continue
		}
		r.fill(&row, cells[2:])
		return row, nil
	}
}

func (r *tableReader) fill(row *Row, cells []string) {
	if len(cells) > len(r.header) {
		row.Damage = fieldCount(len(cells), len(r.header), "give every column that is filled a name, or clear what is beside the table")
		return
	}
	row.Cells = r.keep.cells(cells)
	row.Damage = r.checkCells(row.Cells)
}

// keeper copies cells out of a slice that is used again. It makes room for many
// rows at a time, which is cheaper than doing so for each; the text of the
// cells is not copied.
type keeper struct {
	width int
	room  []string
}

// keptAtOnce is how many cells there is room for at a time: 8 KiB of headers
// of strings, so that a row that is held for long holds little else.
const keptAtOnce = 512

// cells gives as many cells as the keeper is wide; those that are missing are
// empty.
func (k *keeper) cells(from []string) []string {
	if len(k.room) < k.width {
		k.room = make([]string, max(k.width, keptAtOnce))
	}
	to := k.room[:k.width:k.width]
	k.room = k.room[k.width:]
	copy(to, from)
	return to
}
