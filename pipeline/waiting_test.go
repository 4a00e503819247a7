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

// TestRunWaitsNoLongerInTrouble: --wait runs also while nothing but trouble
// comes back.
func TestRunWaitsNoLongerInTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 2*trouble, paxossim.Options{})
		r.between(func(q *http.Request) *http.Response {
			if posts(q, "identities") {
				return answered(http.StatusConflict, alreadyExists)
			}
			return nil
		})
		result := r.must(func(c *Config) { c.Wait = 2 * time.Minute })
		r.expect(result, map[onboard.Outcome]int{onboard.OutcomeInDoubt: 2 * trouble})
		if took := time.Since(synctestEpoch); took > 4*time.Minute {
			t.Errorf("the run took %s, want not much more than its wait", took)
		}
	})
}

// TestRunWithOneAccountNowhere: an account of which a 409 says that it exists,
// and which no list shows, is looked for again, less and less often; that is no
// trouble, and nobody else's. The next night looks once and does not wait.
func TestRunWithOneAccountNowhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 3, paxossim.Options{ApproveAfter: time.Second})
		name := refOf(r.rows()[1])
		r.between(func(q *http.Request) *http.Response {
			if posts(q, "accounts") && strings.Contains(bodyOf(q), name) {
				return answered(http.StatusConflict, alreadyExists)
			}
			return nil
		})
		result := r.must(func(c *Config) { c.Wait = 20 * time.Minute })
		r.expect(result, map[onboard.Outcome]int{onboard.Onboarded: 2, onboard.OutcomeInDoubt: 1})
		first := r.sim.Stats().Requests["ListAccounts"]
		if first < 5 || first > 8 {
			t.Errorf("got %d look-ups in twenty minutes, want the pauses to double from half a minute", first)
		}
		time.Sleep(24 * time.Hour)
		begun := time.Now()
		r.expect(r.must(nil), map[onboard.Outcome]int{onboard.AlreadyOnboarded: 2, onboard.OutcomeInDoubt: 1})
		if n, took := r.sim.Stats().Requests["ListAccounts"]-first, time.Since(begun); n != 1 || took > time.Minute {
			t.Errorf("got %d look-ups and %s the next night, want one and a moment", n, took)
		}
	})
}

// TestRunWaitsWhileReading: readings that are always under way do not make
// --wait longer.
func TestRunWaitsWhileReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newBankRig(t, 100, paxossim.Options{FiatStuck: 1})
		base := r.transport
		r.transport = via(func(q *http.Request) (*http.Response, error) {
			time.Sleep(5 * time.Second)
			return base.RoundTrip(q)
		})
		r.must(func(c *Config) { r.files("in.csv", "banks.csv")(c); c.Wait = 5 * time.Minute })
		if took := time.Since(synctestEpoch); took > 7*time.Minute {
			t.Errorf("the run took %s, want not much more than its wait", took)
		}
		if n := r.sim.Stats().Requests["GetFiatAccount"]; n < 300 {
			t.Errorf("got %d readings of 100 bank accounts in five minutes, want some of each", n)
		}
	})
}

// refOf is the ref_id of a row.
func refOf(row string) string {
	ref, _, _ := strings.Cut(row, ",")
	return ref
}
