package report

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/renameio/v2"

	"embark/mapping"
	"embark/onboard"
)

// Where a line comes from.
const (
	FromInput      = "input"
	FromCheckpoint = "checkpoint"
)

// Line is what became of one row, or of one customer who was unfinished before
// the run and is not in its input.
type Line struct {
	Origin   string
	File     string
	Line     int
	RefID    string
	Outcome  onboard.Outcome
	Objects  []onboard.Record // the identity first
	Code     string
	Message  string
	Header   []string        // of the row's file; for rows that go to rejected.csv
	Rejected *mapping.Result // the row and its findings, for the same
}

// File names inside a report's folder.
const (
	ResultsFile  = "results.csv"
	RejectedFile = "rejected.csv"
	SummaryFile  = "summary.json"
)

var columns = []string{"origin", "file", "line", "ref_id", "outcome", "identity_id", "identity_status", "account_id",
	"profile_id", "fiat_account_id", "deposit_memo_id", "order_id", "code", "message"}

// Prepare makes the folder of reports, so that a place that cannot be written
// to is found out before anything is sent.
func Prepare(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("report folder: %w", err)
	}
	probe, err := os.CreateTemp(folder, ".probe-*")
	if err != nil {
		return fmt.Errorf("report folder: %w", err)
	}
	_ = probe.Close()
	return os.Remove(probe.Name())
}

// Write streams the lines into a new folder below folder, counts them into the
// summary, and points the link "latest" at the result. It returns the path of
// the new folder. An existing report is never written over.
func Write(folder string, s *Summary, lines iter.Seq2[Line, error]) (string, error) {
	path, err := makeFolder(folder, s.Started)
	if err != nil {
		return "", err
	}
	s.Run = filepath.Base(path)
	w := &writer{folder: path, summary: s}
	if err := w.fill(lines); err != nil {
		w.abandon()
		return path, fmt.Errorf("write the report: %w", err)
	}
	if err := s.save(filepath.Join(path, SummaryFile)); err != nil {
		return path, fmt.Errorf("write the report: %w", err)
	}
	return path, point(folder, s.Run)
}

// makeFolder names the folder by the start of the run, and by a number where
// two runs start in one second.
func makeFolder(folder string, started time.Time) (string, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("report folder: %w", err)
	}
	name := started.UTC().Format("20060102T150405Z")
	for n := 1; ; n++ {
		path := filepath.Join(folder, name)
		if n > 1 {
			path = fmt.Sprintf("%s-%d", path, n)
		}
		err := os.Mkdir(path, 0o700)
		if err == nil || !errors.Is(err, fs.ErrExist) {
			return path, err
		}
	}
}

// point moves the link in one step, so that it always leads to a whole report.
func point(folder, run string) error {
	if err := renameio.Symlink(run, filepath.Join(folder, "latest")); err != nil {
		return fmt.Errorf("link to the latest report: %w", err)
	}
	return nil
}

// writer holds the open files of a report.
type writer struct {
	folder   string
	summary  *Summary
	results  *table
	rejected *table
	header   []string // of rejected
	errors   int      // where it has a column for errors already, else -1
	tables   int
}

func (w *writer) fill(lines iter.Seq2[Line, error]) error {
	for line, err := range lines {
		if err == nil {
			err = w.add(line)
		}
		if err != nil {
			return err
		}
	}
	return w.close()
}

// abandon leaves nothing of a report that could be taken for a whole one.
func (w *writer) abandon() {
	for _, t := range []*table{w.results, w.rejected} {
		if t != nil {
			_ = t.file.Cleanup()
		}
	}
}

func (w *writer) add(l Line) (err error) {
	if w.results == nil {
		if w.results, err = newTable(filepath.Join(w.folder, ResultsFile), columns); err != nil {
			return err
		}
	}
	w.summary.count(l)
	if l.Rejected != nil {
		if err := w.reject(l); err != nil {
			return err
		}
	}
	identity, account := l.of(onboard.KindIdentity), l.of(onboard.KindAccount)
	return w.results.write([]string{l.Origin, l.File, number(l.Line), l.RefID, string(l.Outcome), identity.ID, identity.Status,
		account.ID, account.ProfileID, l.of(onboard.KindFiatAccount).ID, l.of(onboard.KindDepositInstructions).MemoID,
		l.of(onboard.KindOrder).ID, l.Code, l.Message})
}

// of is the first object of a kind, zero if there is none.
func (l Line) of(kind onboard.Kind) onboard.Record {
	for _, o := range l.Objects {
		if o.Key.Kind() == kind {
			return o
		}
	}
	return onboard.Record{}
}

// reject writes the row as it was, with what is wrong behind it. Files with
// another header get a table of their own.
func (w *writer) reject(l Line) (err error) {
	if l.Rejected.Row.Cells == nil {
		return nil // a damaged record has no cells to fix; results.csv names its line
	}
	if w.rejected == nil || !slices.Equal(w.header, l.Header) {
		if err := w.nextRejected(l.Header); err != nil {
			return err
		}
	}
	cells := l.Rejected.Row.Cells
	return w.rejected.write(w.withErrors(cells[:min(len(cells), len(l.Header))], faults(l)))
}

// withErrors puts the text behind the cells, or in the column for it where the
// file is one of rejected rows itself.
func (w *writer) withErrors(cells []string, text string) []string {
	if w.errors < 0 || w.errors >= len(cells) {
		return append(slices.Clip(cells), text)
	}
	cells = slices.Clone(cells)
	cells[w.errors] = text
	return cells
}

func (w *writer) nextRejected(header []string) (err error) {
	if w.rejected != nil {
		if err := w.rejected.close(); err != nil {
			return err
		}
	}
	w.tables++
	name := RejectedFile
	if w.tables > 1 {
		name = fmt.Sprintf("rejected-%d.csv", w.tables)
	}
	w.header = header
	w.errors = slices.IndexFunc(header, func(name string) bool {
		return strings.EqualFold(strings.TrimSpace(name), mapping.ErrorsColumn)
	})
	w.rejected, err = newTable(filepath.Join(w.folder, name), w.withErrors(header, mapping.ErrorsColumn))
	return err
}

func (w *writer) close() error {
	var errs []error
	if w.results == nil { // no line at all: the header alone
		table, err := newTable(filepath.Join(w.folder, ResultsFile), columns)
		w.results, errs = table, append(errs, err)
	}
	for _, t := range []*table{w.results, w.rejected} {
		if t != nil {
			errs = append(errs, t.close())
		}
	}
	return errors.Join(errs...)
}

// table is a CSV file that appears under its name only when it is complete.
type table struct {
	file *renameio.PendingFile
	csv  *csv.Writer
	line []string
}

func newTable(path string, header []string) (*table, error) {
	f, err := pending(path)
	if err != nil {
		return nil, err
	}
	t := &table{file: f, csv: csv.NewWriter(f)}
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
		t.line = append(t.line, guard(cell))
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
