package pipeline

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"embark/onboard"
	"embark/paxossim"
)

// TestRunRefusedJoin: one who may not join an account is not sent again unless
// the run is told to, and a row whose members have all joined is done.
func TestRunRefusedJoin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 1, paxossim.Options{ApproveAfter: time.Second})
		r.joint("cust-00002104,", "cust-00002105,", "cust-00002106,")
		all := readInput(r)
		r.writeInput(strings.Replace(all, "|cust-00002106:AUTHORIZED_USER", "", 1))
		r.expect(r.must(nil), map[onboard.Outcome]int{onboard.Onboarded: 3})
		r.writeInput(all)
		tries := 0
		joins := func(status int) {
			r.between(func(q *http.Request) *http.Response {
				if !posts(q, "account-members") {
					return nil
				}
				if tries++; status != http.StatusOK {
					return answered(status, "{}")
				}
				return nil
			})
		}
		night := func(due, want int, outcome onboard.Outcome, change func(*Config)) {
			t.Helper()
			result := r.must(change)
			if result.Checked.Due != due || tries != want {
				t.Errorf("got %d rows due and %d tries, want %d and %d", result.Checked.Due, tries, due, want)
			}
			if n := result.Summary.Outcomes[outcome]; n == 0 {
				t.Errorf("got %v, want one %s", result.Summary.Outcomes, outcome)
			}
		}
		retry := func(c *Config) { c.RetryFailed = true }
		joins(http.StatusBadRequest)
		night(1, 1, onboard.Incomplete, nil)
		night(0, 1, onboard.Incomplete, nil)
		night(1, 2, onboard.Incomplete, retry)
		joins(http.StatusOK)
		night(1, 3, onboard.AlreadyOnboarded, retry)
		night(0, 3, onboard.AlreadyOnboarded, retry)
	})
}
