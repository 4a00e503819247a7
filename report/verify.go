package report

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"embark/onboard"
)

// Verify counts the lines of a report's results.csv anew and holds them
// against its summary.
func Verify(path string, s *Summary) error {
	f, err := os.Open(filepath.Join(path, ResultsFile))
	if err != nil {
		return fmt.Errorf("read the report: %w", err)
	}
	defer f.Close()
	again := Summary{Records: s.Records, Proof: s.Proof}
	if err := recount(csv.NewReader(f), &again); err != nil {
		return fmt.Errorf("read the report %q: %w", path, err)
	}
	again.prove()
	for _, outcome := range onboard.Outcomes() {
		if again.Outcomes[outcome] != s.Outcomes[outcome] {
			return fmt.Errorf("%w: %d lines are %s, the summary says %d", ErrProof, again.Outcomes[outcome], outcome, s.Outcomes[outcome])
		}
	}
	if !maps.Equal(again.Outcomes, s.Outcomes) || again.Rows != s.Rows {
		return fmt.Errorf("%w: %+v, the summary says %+v", ErrProof, again.Rows, s.Rows)
	}
	return again.Check()
}

func recount(r *csv.Reader, s *Summary) error {
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil || !slices.Equal(header, columns) {
		return errors.Join(errors.New("no results.csv of embark"), err)
	}
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		s.count(Line{Origin: cells[0], Outcome: onboard.Outcome(cells[4])})
	}
}
