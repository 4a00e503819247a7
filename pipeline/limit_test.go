package pipeline

import (
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"embark/onboard"
	"embark/paxossim"
)

// TestRunLimitInstitutions: an institution that waited for its members counts
// as a new identity when its turn comes, and comes next time.
func TestRunLimitInstitutions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 1, paxossim.Options{ApproveAfter: time.Second})
		r.institution()
		result := r.must(func(c *Config) { c.Limit = 3 })
		if n := r.sim.Stats().Requests["CreateIdentity"]; n != 3 {
			t.Errorf("got %d identities sent, want 3", n)
		}
		r.expect(result, map[onboard.Outcome]int{onboard.Onboarded: 3, onboard.NotStarted: 1})
		result = r.must(func(c *Config) { c.Limit = 3 })
		r.expect(result, map[onboard.Outcome]int{onboard.AlreadyOnboarded: 3, onboard.Onboarded: 1})
	})
}

// institution takes the rows of an institution and its three members.
func (r *rig) institution() {
	r.t.Helper()
	sample, err := os.ReadFile("../samples/institutions.csv")
	if err != nil {
		r.t.Fatal(err)
	}
	lines := strings.SplitAfter(string(sample), "\n")
	rows := lines[:1:1]
	for _, l := range lines[1:] {
		switch refOf(l) {
		case "inst-00000001", "cust-00002001", "cust-00002002", "cust-00002003":
			rows = append(rows, l)
		}
	}
	r.writeRows(rows...)
}
