package report

import (
	"bufio"
	"encoding/csv"
	"errors"
	"path/filepath"

	"github.com/google/renameio/v2"

	"embark/mapping"
)

// byteOrderMark has spreadsheets read a CSV file as UTF-8, and tells our own
// files from others of the same customer's that are in another encoding.
const byteOrderMark = "\ufeff"

// tableBuffer makes the writes to disk few: a validation may find fifty million
// faults.
const tableBuffer = 64 << 10

// table is a CSV file that appears under its name only when it is complete.
type table struct {
	file *renameio.PendingFile
	csv  *csv.Writer
	line []string
}

// newTable begins a file with a mark, which is written as it is, and a header.
func newTable(path, mark string, header []string) (*table, error) {
	f, err := pending(path)
	if err != nil {
		return nil, err
	}
	t := &table{file: f, csv: csv.NewWriter(bufio.NewWriterSize(f, tableBuffer))} // csv takes a buffer that is there
	if _, err := f.WriteString(mark); err != nil {
		return nil, errors.Join(err, f.Cleanup())
	}
	return t, t.write(header)
}

// pending is a file beside path that takes its place when it is complete. By
// default renameio would use the folder for temporary files, where a kill
// leaves it for good: personal data must not get there.
func pending(path string) (*renameio.PendingFile, error) {
	return renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithStaticPermissions(0o600))
}

func (t *table) write(cells []string) error {
	t.line = t.line[:0]
	for _, cell := range cells {
		t.line = append(t.line, mapping.Guard(cell))
	}
	return t.csv.Write(t.line)
}

func (t *table) close() error {
	t.csv.Flush()
	if err := t.csv.Error(); err != nil {
		return errors.Join(err, t.file.Cleanup())
	}
	return t.file.CloseAtomicallyReplace()
}

// abandon leaves nothing of the file. There may be none yet.
func (t *table) abandon() {
	if t != nil {
		_ = t.file.Cleanup()
	}
}
