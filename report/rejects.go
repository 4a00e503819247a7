package report

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"embark/mapping"
)

// ToCorrect is one of the files of rejected rows.
type ToCorrect struct {
	Name    string `json:"name"`
	Mapping string `json:"mapping,omitempty"` // the mapping file of its rows; empty for canonical ones
}

// rejects are the files of rejected rows: rejected.csv, and a numbered one for
// every other header or mapping. Rows of two mappings in one file would be read
// by one of them, dates of the other kind too.
type rejects struct {
	folder string
	files  []*rejectedFile
	last   *rejectedFile // the one of the row before
}

// rejectedFile is one of them.
type rejectedFile struct {
	table *table
	ToCorrect
	header []string // of the input
	errors int      // where it has a column for errors already, else -1
	cells  []string
}

// add writes a row as it was, with what is wrong behind it. A damaged record has
// no cells to correct: results.csv or findings.csv names its line.
func (r *rejects) add(cells, header []string, mappedBy, text string) error {
	if cells == nil {
		return nil
	}
	if r.last == nil || !r.last.takes(header, mappedBy) {
		if err := r.turnTo(header, mappedBy); err != nil {
			return err
		}
	}
	return r.last.write(cells[:min(len(cells), len(header))], text)
}

func (f *rejectedFile) takes(header []string, mappedBy string) bool {
	return f.Mapping == mappedBy && slices.Equal(f.header, header)
}

// turnTo finds the file for such rows, or makes it.
func (r *rejects) turnTo(header []string, mappedBy string) error {
	i := slices.IndexFunc(r.files, func(f *rejectedFile) bool { return f.takes(header, mappedBy) })
	if i >= 0 {
		r.last = r.files[i]
		return nil
	}
	name := RejectedFile
	if n := len(r.files); n > 0 {
		name = fmt.Sprintf("rejected-%d.csv", n+1)
	}
	f := &rejectedFile{ToCorrect: ToCorrect{name, mappedBy}, header: header, errors: mapping.ErrorsAt(header)}
	var err error
	if f.table, err = newTable(filepath.Join(r.folder, name), byteOrderMark, f.line(header, mapping.ErrorsColumn)); err == nil {
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

// list are the files, in the order in which they were begun.
func (r *rejects) list() (files []ToCorrect) {
	for _, f := range r.files {
		files = append(files, f.ToCorrect)
	}
	return files
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
