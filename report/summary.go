package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"embark/onboard"
)

// Summary is summary.json: the sums of a run. The caller fills in what it
// counted on its own; [Write] counts the lines against it.
type Summary struct {
	Run         string    `json:"run"`
	Environment string    `json:"environment"`
	Started     time.Time `json:"started"`
	Ended       time.Time `json:"ended"`
	Interrupted bool      `json:"interrupted,omitempty"`
	Stopped     string    `json:"stopped,omitempty"` // why the run ended early, for whatever reason

	Rows          Rows                                   `json:"rows"`
	Outcomes      map[onboard.Outcome]int                `json:"outcomes"`
	Damaged       int                                    `json:"damaged,omitempty"`  // rejected rows without cells, which rejected.csv cannot hold
	Findings      map[string]int                         `json:"findings,omitempty"` // rows by rule
	RejectedFiles []ToCorrect                            `json:"rejected_files,omitempty"`
	Orphans       *Orphans                               `json:"orphans,omitempty"` // where there was a file of bank accounts
	Records       map[onboard.Kind]map[onboard.State]int `json:"records"`
	Proof         Proof                                  `json:"proof"`
}

// Rows are the lines of results.csv by origin.
type Rows struct {
	Input      int `json:"input"`
	Checkpoint int `json:"checkpoint"`
}

// Orphans are what a file of bank accounts and the customers lack in each other.
type Orphans struct {
	BankRows  int `json:"bank_rows"` // whose customer is neither in the input nor in the checkpoint
	Customers int `json:"customers"` // of the input, with an account, and with a bank account in no row
}

// Proof holds both equations: the rows that were read against the outcomes
// that were written, and the records that the checkpoint counted along the way
// against the states that they are in at the end.
type Proof struct {
	RowsRead int  `json:"rows_read"`
	Outcomes int  `json:"outcomes"`
	Records  int  `json:"records"`
	States   int  `json:"states"`
	Holds    bool `json:"holds"`
}

// ErrProof means that a report does not add up, which is a bug or a damaged
// checkpoint.
var ErrProof = errors.New("the report does not add up")

func (s *Summary) count(l Line) {
	if s.Outcomes == nil {
		s.Outcomes = map[onboard.Outcome]int{}
	}
	s.Outcomes[l.Outcome]++
	if l.Rejected != nil && l.Rejected.Row.Cells == nil {
		s.Damaged++
	}
	if l.Origin == FromInput {
		s.Rows.Input++
	} else {
		s.Rows.Checkpoint++
	}
}

// prove completes the proof once all lines are counted.
func (s *Summary) prove() {
	p := &s.Proof
	p.Outcomes, p.States = 0, 0
	for _, n := range s.Outcomes {
		p.Outcomes += n
	}
	for _, states := range s.Records {
		for _, n := range states {
			p.States += n
		}
	}
	p.Holds = p.RowsRead == s.Rows.Input && p.RowsRead+s.Rows.Checkpoint == p.Outcomes && p.Records == p.States
}

func (s *Summary) save(path string) error {
	s.prove()
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	f, err := pending(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Cleanup() }()
	if _, err := f.Write(append(data, '\n')); err != nil {
		return err
	}
	return f.CloseAtomicallyReplace()
}

// Check returns [ErrProof] unless both equations hold.
func (s *Summary) Check() error {
	if s.Proof.Holds {
		return nil
	}
	p := s.Proof
	return fmt.Errorf("%w: %d rows read, %d outcomes, %d of them from the checkpoint; %d records counted, %d found", ErrProof,
		p.RowsRead, p.Outcomes, s.Rows.Checkpoint, p.Records, p.States)
}

// Latest reads the summary of the last report in the folder, and the path of
// the report.
func Latest(folder string) (*Summary, string, error) {
	path, err := filepath.EvalSymlinks(filepath.Join(folder, "latest"))
	if err != nil {
		return nil, "", fmt.Errorf("no report in %q: %w", folder, err)
	}
	data, err := os.ReadFile(filepath.Join(path, SummaryFile))
	if err != nil {
		return nil, path, fmt.Errorf("read the report: %w", err)
	}
	var s Summary
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, path, fmt.Errorf("read the report %q: %w", path, err)
	}
	return &s, path, nil
}
