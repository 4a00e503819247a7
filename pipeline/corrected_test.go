package pipeline

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"embark/onboard"
	"embark/paxossim"
)

// TestRunCorrectedReject: a row from rejected.csv whose fault was corrected in
// place is sent as it was, whatever signs its cells begin with.
func TestRunCorrectedReject(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 1, paxossim.Options{})
		cells := map[string]string{"middle_name": "=Ann", "phone_number": "+1 212 555 0100", "passthrough_verification_id": "@17"}
		r.setCells(cells)
		r.setCells(map[string]string{"nationality": "US"})
		result := r.must(nil)
		r.expect(result, map[onboard.Outcome]int{onboard.Rejected: 1})
		text, err := os.ReadFile(filepath.Join(result.Report, "rejected.csv"))
		if err != nil {
			t.Fatal(err)
		}
		r.writeInput(string(text))
		r.setCells(map[string]string{"nationality": "USA"})
		sent := r.collect("identities")
		r.expect(r.must(nil), map[onboard.Outcome]int{onboard.Onboarded: 1})
		for column, cell := range cells {
			if n := sent.with(`"` + cell + `"`); n != 1 {
				t.Errorf("%s: got %d posts with %q, want 1", column, n, cell)
			}
		}
	})
}

// setCells changes cells of the only row of the input.
func (r *rig) setCells(cells map[string]string) {
	r.t.Helper()
	lines, err := csv.NewReader(strings.NewReader(readInput(r))).ReadAll()
	if err != nil {
		r.t.Fatal(err)
	}
	for i, column := range lines[0] {
		if cell, ok := cells[column]; ok {
			lines[1][i] = cell
		}
	}
	var b strings.Builder
	if err := csv.NewWriter(&b).WriteAll(lines); err != nil {
		r.t.Fatal(err)
	}
	r.writeInput(b.String())
}
