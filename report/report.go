package report

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
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
	Mapping  string          // the mapping of the row's file, likewise
	Rejected *mapping.Result // the row and its findings, for the same
}

// File names inside a report's folder.
const (
	ResultsFile  = "results.csv"
	RejectedFile = "rejected.csv"
	FindingsFile = "findings.csv" // of a validation
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
	path, err := makeFolder(folder, s.Started, "")
	if err != nil {
		return "", err
	}
	s.Run = filepath.Base(path)
	w := &writer{folder: path, summary: s, rejected: rejects{folder: path}}
	if err := w.fill(lines); err != nil {
		w.abandon()
		return path, fmt.Errorf("write the report: %w", err)
	}
	s.RejectedFiles = w.rejected.list()
	if err := s.save(filepath.Join(path, SummaryFile)); err != nil {
		return path, fmt.Errorf("write the report: %w", err)
	}
	return path, point(folder, s.Run)
}

// makeFolder names the folder by the start of the run and what it was, if that
// is not a run, and by a number where two start in one second.
func makeFolder(folder string, started time.Time, what string) (string, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("report folder: %w", err)
	}
	name := started.UTC().Format("20060102T150405Z") + what
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
	rejected rejects
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
	w.results.abandon()
	w.rejected.abandon()
}

func (w *writer) add(l Line) (err error) {
	if w.results == nil {
		if w.results, err = newTable(filepath.Join(w.folder, ResultsFile), "", columns); err != nil {
			return err
		}
	}
	w.summary.count(l)
	if l.Rejected != nil {
		if err := w.rejected.add(l.Rejected.Row.Cells, l.Header, l.Mapping, faults(l.Rejected.Findings, l.Message)); err != nil {
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

func (w *writer) close() (err error) {
	if w.results == nil { // no line at all: the header alone
		if w.results, err = newTable(filepath.Join(w.folder, ResultsFile), "", columns); err != nil {
			return err
		}
	}
	return errors.Join(w.results.close(), w.rejected.close())
}
