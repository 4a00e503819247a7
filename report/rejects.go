package report

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"embark/mapping"
)

// rejects are the files of rejected rows: rejected.csv, and a numbered one for
// every other header.
type rejects struct {
	folder string
	files  []*rejectedFile
	last   *rejectedFile // the one of the row before
}

// rejectedFile is one of them.
type rejectedFile struct {
	table  *table
	path   string
	header []string // of the input
	errors int      // where it has a column for errors already, else -1
	cells  []string
}

// add writes a row as it was, with what is wrong behind it. A damaged record has
// no cells to correct: results.csv or findings.csv names its line.
func (r *rejects) add(cells, header []string, text string) error {
	if cells == nil {
		return nil
	}
	if r.last == nil || !slices.Equal(r.last.header, header) {
		if err := r.turnTo(header); err != nil {
			return err
		}
	}
	return r.last.write(cells[:min(len(cells), len(header))], text)
}

// turnTo finds the file for a header, or makes it.
func (r *rejects) turnTo(header []string) error {
	i := slices.IndexFunc(r.files, func(f *rejectedFile) bool { return slices.Equal(f.header, header) })
	if i >= 0 {
		r.last = r.files[i]
		return nil
	}
	name := RejectedFile
	if n := len(r.files); n > 0 {
		name = fmt.Sprintf("rejected-%d.csv", n+1)
	}
	f := &rejectedFile{path: filepath.Join(r.folder, name), header: header, errors: mapping.ErrorsAt(header)}
	var err error
	if f.table, err = newTable(f.path, byteOrderMark, f.line(header, mapping.ErrorsColumn)); err == nil {
		r.files, r.last = append(r.files, f), f
	}
	return err
}

func (f *rejectedFile) write(cells []string, text string) error {
	return f.table.write(f.line(cells, text))
}

// line puts the text behind the cells, or in the column for it where the file is
// one of rejected rows itself, whose cells are guarded already.
func (f *rejectedFile) line(cells []string, text string) []string {
	f.cells = append(f.cells[:0], cells...)
	if f.errors < 0 || f.errors >= len(cells) {
		return append(f.cells, text)
	}
	for i, cell := range f.cells {
		f.cells[i] = mapping.Unguard(cell)
	}
	f.cells[f.errors] = text
	return f.cells
}

func (r *rejects) close() error {
	var errs []error
	for _, f := range r.files {
		errs = append(errs, f.table.close())
	}
	return errors.Join(errs...)
}

func (r *rejects) abandon() {
	for _, f := range r.files {
		f.table.abandon()
	}
}
