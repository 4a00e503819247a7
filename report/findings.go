package report

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"embark/mapping"
)

var findingColumns = []string{"file", "line", "ref_id", "rule", "column", "from", "severity", "text", "hint", "other"}

// Findings writes the files of a validation into a folder of its own below
// Folder: findings.csv with a line for every fault of every row, and
// rejected.csv. Rows are written as they come and not kept. Nothing is made
// before there is something to write, and "latest" is left alone.
type Findings struct {
	Folder  string    // of reports
	Started time.Time // names the new folder

	path     string
	findings *table
	rejected rejects
}

// Add writes what is wrong with a row. The ref_id is "" where it is not fit to
// be shown, see [mapping.Mapper.Refs]; header and mapping are those of the row's
// file.
func (f *Findings) Add(r mapping.Result, refID string, header []string, mappedBy string) error {
	if err := f.begin(); err != nil {
		return err
	}
	for _, found := range r.Findings {
		if err := f.findings.write([]string{r.Row.File, number(r.Row.Line), refID, found.Rule, found.Column, found.From,
			string(found.Severity), found.Text, found.Hint, found.Other}); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(r.Findings, func(f mapping.Finding) bool { return f.Severity == mapping.Error }) {
		return nil
	}
	return f.rejected.add(r.Row.Cells, header, mappedBy, faults(r.Findings, ""))
}

func (f *Findings) begin() (err error) {
	if f.findings != nil {
		return nil
	}
	if f.path, err = makeFolder(f.Folder, f.Started, "-validate"); err != nil {
		return err
	}
	f.rejected.folder = f.path
	f.findings, err = newTable(filepath.Join(f.path, FindingsFile), "", findingColumns)
	return err
}

// Close completes the files and returns the path of findings.csv, "" if nothing
// was found, and the files of rejected rows beside it.
func (f *Findings) Close() (findings string, rejected []ToCorrect, err error) {
	if f.findings == nil {
		return "", nil, nil
	}
	return filepath.Join(f.path, FindingsFile), f.rejected.list(), errors.Join(f.findings.close(), f.rejected.close())
}

// Abandon leaves nothing that could be taken for the whole.
func (f *Findings) Abandon() {
	f.findings.abandon()
	f.rejected.abandon()
	if f.path != "" {
		_ = os.Remove(f.path)
	}
}
