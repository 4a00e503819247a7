package pipeline

import (
	"strings"
	"testing"
	"time"

	"embark/onboard"
	"embark/paxossim"
)

// TestRunAccountUnderAnotherRefID: a column account.ref_id that comes, or goes,
// from one night to the next gives nobody a second account; a row for each does.
func TestRunAccountUnderAnotherRefID(t *testing.T) {
	for name, nights := range map[string][2]string{"comes": {"", "acc-17"}, "goes": {"acc-17", ""}} {
		bubble(t, name, func(t *testing.T) {
			r := newRig(t, 1, paxossim.Options{ApproveAfter: time.Second})
			rows := r.rows()
			row := func(account string) string { return strings.TrimSuffix(rows[1], "\n") + "," + account }
			header := strings.TrimSuffix(rows[0], "\n") + ",account.ref_id"
			r.writeRows(header, row(nights[0]))
			r.expect(r.must(nil), map[onboard.Outcome]int{onboard.Onboarded: 1})
			r.writeRows(header, row(nights[1]))
			result := r.must(nil)
			r.expect(result, map[onboard.Outcome]int{onboard.OutcomeChanged: 1})
			if line := r.results(result)[0]; !strings.Contains(strings.Join(line, ","), "account_known") {
				t.Errorf("got the line %q, want account_known in it", line)
			}
			r.once(1)
			r.writeRows(header, row(nights[1]), row(nights[0]))
			r.expect(r.must(nil), map[onboard.Outcome]int{onboard.Onboarded: 1, onboard.AlreadyOnboarded: 1})
			if n := r.sim.Stats().Objects.Accounts; n != 2 {
				t.Errorf("got %d accounts, want 2", n)
			}
		})
	}
}
