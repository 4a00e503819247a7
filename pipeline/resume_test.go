package pipeline

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"embark/onboard"
	"embark/paxos"
	"embark/paxossim"
)

// TestRunCorrectedBeforeSent: of customers whom a run was stopped before, the
// corrected rows are sent, and not what that run had stored.
func TestRunCorrectedBeforeSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 320, paxossim.Options{ApproveAfter: time.Second})
		all := r.rows()
		r.writeRows(all[:21]...)
		r.stopUnsent()
		old, corrected := ",ver_", ",corrected_"
		for i := 1; i <= 20; i++ {
			all[i] = strings.Replace(all[i], old, corrected, 1)
		}
		r.writeRows(append(append(all[:1:1], all[21:]...), all[1:21]...)...)
		sent := r.collect("identities")
		result := r.must(nil)
		r.expect(result, map[onboard.Outcome]int{onboard.Onboarded: 320})
		if n, m := sent.with(`"ver_`), sent.with(`"corrected_`); n != 300 || m != 20 {
			t.Errorf("got %d rows as they were and %d corrected ones sent, want 300 and 20", n, m)
		}
		r.once(320)
		r.expect(r.must(nil), map[onboard.Outcome]int{onboard.AlreadyOnboarded: 320})
	})
}

// stopUnsent runs while Paxos cannot be reached, and stops that run.
func (r *rig) stopUnsent() {
	r.t.Helper()
	base := r.sim.Transport()
	r.transport = via(func(q *http.Request) (*http.Response, error) {
		if posts(q, "identities") {
			return nil, errors.New("no route") // there never was a connection
		}
		return base.RoundTrip(q)
	})
	ctx, stop := context.WithTimeout(r.t.Context(), 2*time.Second)
	defer stop()
	result, err := r.run(ctx, nil)
	if n := result.Summary.Records[onboard.KindIdentity][onboard.Ready]; err == nil || n == 0 {
		r.t.Fatalf("got %d identities ready and error %v, want some, and a run that was stopped", n, err)
	}
	r.direct()
}

// TestRunReleased: identities that Paxos held and then released get their
// accounts, although no event tells and nothing else is undecided.
func TestRunReleased(t *testing.T) {
	for name, input := range map[string]func(*Config){
		"same file": nil, "no file": func(c *Config) { c.Input = Input{} },
	} {
		bubble(t, name, func(t *testing.T) {
			r := newRig(t, 3, paxossim.Options{ApproveAfter: time.Second})
			r.rewritten(func(text string) string {
				return strings.ReplaceAll(text, `"`+paxos.StatusApproved+`"`, `"`+paxos.StatusError+`"`)
			})
			r.expect(r.must(nil), map[onboard.Outcome]int{onboard.Held: 3})
			r.direct()
			time.Sleep(time.Hour)
			r.must(input)
			r.once(3)
			r.expect(r.must(nil), map[onboard.Outcome]int{onboard.AlreadyOnboarded: 3})
		})
	}
}

// TestRunStillHeld: a run that finds everything as it was ends at once.
func TestRunStillHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 3, paxossim.Options{Errored: 1})
		r.expect(r.must(nil), map[onboard.Outcome]int{onboard.Held: 3})
		begun := time.Now()
		r.expect(r.must(nil), map[onboard.Outcome]int{onboard.Held: 3})
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("the second run took %s, want a moment", took)
		}
	})
}

// TestRunRetryFailedAfterALostAnswer: an account that was refused after an
// answer had been lost is made by the very run that is told to try again.
func TestRunRetryFailedAfterALostAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 1, paxossim.Options{ApproveAfter: time.Second})
		tries := 0
		r.between(func(q *http.Request) *http.Response {
			if !posts(q, "accounts") {
				return nil
			}
			if tries++; tries == 1 {
				return answered(http.StatusBadGateway, "")
			}
			return answered(http.StatusBadRequest, "{}")
		})
		r.expect(r.must(nil), map[onboard.Outcome]int{onboard.Failed: 1})
		r.direct()
		result := r.must(func(c *Config) { c.RetryFailed = true })
		r.expect(result, map[onboard.Outcome]int{onboard.Onboarded: 1})
		r.once(1)
	})
}

// TestRunContradictedCustomer: an unfinished customer whose rows contradict
// each other is carried on, and has a line that tells where it stands.
func TestRunContradictedCustomer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 1, paxossim.Options{ApproveAfter: time.Hour})
		r.must(func(c *Config) { c.Wait = 0 })
		time.Sleep(2 * time.Hour)
		all := r.rows()
		r.writeRows(all[0], all[1], strings.Replace(all[1], ",ver_", ",other_", 1))
		result := r.must(nil)
		r.expect(result, map[onboard.Outcome]int{onboard.Rejected: 2, onboard.Onboarded: 1})
		lines := r.results(result)
		last := lines[len(lines)-1]
		if last[0] != "checkpoint" || last[3] != refOf(all[1]) || last[5] == "" || last[7] == "" || last[8] == "" {
			t.Errorf("got last line %q, want one from the checkpoint with all ids", last)
		}
	})
}
