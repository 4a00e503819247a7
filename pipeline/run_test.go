package pipeline

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"embark/onboard"
	"embark/paxos"
	"embark/paxossim"
)

func bubble(t *testing.T, name string, test func(t *testing.T)) {
	t.Run(name, func(t *testing.T) { synctest.Test(t, test) })
}

func TestRunOnboardsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 200, paxossim.Options{ApproveAfter: time.Second})
		r.expect(r.must(nil), map[onboard.Outcome]int{onboard.Onboarded: 200})
		r.once(200)
		before := r.sim.Stats().Requests
		r.expect(r.must(nil), map[onboard.Outcome]int{onboard.AlreadyOnboarded: 200})
		r.once(200)
		after := r.sim.Stats().Requests
		if after["CreateIdentity"] != before["CreateIdentity"] || after["CreateAccount"] != before["CreateAccount"] {
			t.Errorf("got more creates in the second run: %v, then %v", before, after)
		}
	})
}

// TestRunUsesTheBudget: with Paxos's published limits at least 99 % of the
// budget is used while identities remain to be sent, it is never exceeded, and
// identity-class calls stay within 1.02 of the objects made.
func TestRunUsesTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const rows = 1500
		r := newRig(t, rows, paxossim.Options{ApproveAfter: time.Second, ApproveJitter: 3 * time.Second,
			Limits: paxossim.Limits{Token: 1, Identity: 10, Other: 50},
			Faults: paxossim.Faults{Latency: 100 * time.Millisecond, LatencyJitter: 200 * time.Millisecond}})
		r.limits = paxos.Limits{}
		watch := &stopwatch{base: r.sim.Transport()}
		r.transport = watch
		r.expect(r.must(nil), map[onboard.Outcome]int{onboard.Onboarded: rows})
		used := float64(watch.calls-1) / (9 * watch.last.Sub(watch.first).Seconds())
		s := r.sim.Stats()
		t.Logf("%.4f of the budget used while identities remained; %d identity-class calls for %d objects; peak %.3f/s",
			used, watch.total, 2*rows, s.PeakAverages.Identity)
		if used < 0.99 {
			t.Errorf("got %.4f of the budget used, want at least 0.99", used)
		}
		if s.Lockouts != 0 || s.PeakAverages.Identity > 9.01 {
			t.Errorf("got %d lock-outs and a peak of %.3f/s, want none and at most 9/s", s.Lockouts, s.PeakAverages.Identity)
		}
		if limit := 1.02 * 2 * rows; float64(watch.total) > limit {
			t.Errorf("got %d identity-class calls, want at most %.0f", watch.total, limit)
		}
	})
}

// stopwatch counts identity-class calls from the first to the last create of
// an identity.
type stopwatch struct {
	base        http.RoundTripper
	mu          sync.Mutex
	first, last time.Time
	calls       int // up to last
	total       int
}

func (w *stopwatch) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	if strings.Contains(r.URL.Path, "/identity/") {
		if w.total++; w.total == 1 {
			w.first = time.Now()
		}
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/identities") {
			w.calls, w.last = w.total, time.Now()
		}
	}
	w.mu.Unlock()
	return w.base.RoundTrip(r)
}

// TestRunDecisions: every status is followed, and only APPROVED is success.
func TestRunDecisions(t *testing.T) {
	for name, o := range map[string]paxossim.Options{
		"events":            {},
		"no events":         {Scopes: []string{paxos.ScopeWriteIdentity, paxos.ScopeReadIdentity, paxos.ScopeWriteAccount, paxos.ScopeReadAccount}},
		"status":            {StatusKeys: paxossim.StatusKey},
		"cursor":            {EventsCursor: true},
		"shared timestamps": {DecideEvery: 30 * time.Second},
		"late and repeated": {Faults: paxossim.Faults{LateEvents: 0.3, LateBy: 40 * time.Second, RepeatEvents: 0.3}},
	} {
		bubble(t, name, func(t *testing.T) {
			o.ApproveAfter, o.ApproveJitter = 5*time.Second, 10*time.Second
			o.Denied, o.Errored, o.Stuck, o.UnknownStatus = 0.1, 0.1, 0.1, 0.05
			r := newRig(t, 150, o)
			result := r.must(func(c *Config) { c.Wait = time.Minute })
			got, s := result.Summary.Outcomes, r.sim.Stats()
			if got[onboard.Denied] != s.Statuses["DENIED"] || got[onboard.Held] != s.Statuses["ERROR"] ||
				got[onboard.Onboarded] != s.Statuses["APPROVED"] || s.Objects.Accounts != s.Statuses["APPROVED"] {
				t.Errorf("got %v, want as the simulator decided: %v with %d accounts", got, s.Statuses, s.Objects.Accounts)
			}
			if want := s.Statuses["PENDING"] + s.Statuses["UNDER_REVIEW"]; got[onboard.OutcomePending] != want {
				t.Errorf("got %d pending, want %d", got[onboard.OutcomePending], want)
			}
		})
	}
}

// TestRunLostAnswers: whatever gets lost on the way, each customer is made once.
func TestRunLostAnswers(t *testing.T) {
	for name, o := range map[string]paxossim.Options{
		"plain":                      {},
		"account 409 bare":           {AccountConflictPlain: true},
		"account ref_ids not unique": {AccountRefReusable: true},
		"profile left out":           {OmitProfileID: true},
	} {
		bubble(t, name, func(t *testing.T) {
			o.Faults = paxossim.Faults{ErrorBefore: 0.05, ErrorAfter: 0.1, DropBefore: 0.05, DropAfter: 0.1, Garbage: 0.1,
				Latency: 10 * time.Millisecond, LatencyJitter: 100 * time.Millisecond}
			o.ApproveAfter = time.Second
			r := newRig(t, 300, o)
			result := r.must(func(c *Config) { c.Wait = 2 * time.Hour })
			r.expect(result, map[onboard.Outcome]int{onboard.Onboarded: 300})
			r.once(300)
		})
	}
}

// TestRunSweepsForRefIDs: a 409 that names nothing leaves the identity in doubt
// until a list shows it.
func TestRunSweepsForRefIDs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 100, paxossim.Options{IdentityConflictPlain: true, ApproveAfter: time.Second,
			Faults: paxossim.Faults{DropAfter: 0.2}})
		result := r.must(nil)
		r.expect(result, map[onboard.Outcome]int{onboard.Onboarded: 100})
		r.once(100)
	})
}

// TestRunThrottled: after one 429 nothing of any kind is sent for the whole
// pause, also when the run is stopped and started again in it.
func TestRunThrottled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 100, paxossim.Options{ApproveAfter: time.Second, Faults: paxossim.Faults{Throttle: 60}})
		ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
		defer stop()
		if _, err := r.run(ctx, nil); err == nil {
			t.Fatal("got no error from a run that was stopped, want one")
		}
		sent := requests(r.sim.Stats())
		result := r.must(nil)
		if time.Since(synctestEpoch) < 5*time.Minute {
			t.Errorf("the runs ended after %s, want the pause of five minutes in them", time.Since(synctestEpoch))
		}
		r.expect(result, map[onboard.Outcome]int{onboard.Onboarded: 100 - alreadyDone(result), onboard.AlreadyOnboarded: alreadyDone(result)})
		r.once(100)
		if s := r.sim.Stats(); s.Refusals["429"] > 20 || s.Lockouts != 1 {
			t.Errorf("got %d answers of 429 in %d lock-outs (after %d requests), want those in flight in one", s.Refusals["429"], s.Lockouts, sent)
		}
	})
}

var synctestEpoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func alreadyDone(r *Result) int { return r.Summary.Outcomes[onboard.AlreadyOnboarded] }

func requests(s paxossim.Stats) (n int) {
	for _, m := range s.Requests {
		n += m
	}
	return n
}

// TestRunStopsAndCarriesOn: a run that is cancelled again and again at any
// moment ends up where an undisturbed one does.
func TestRunStopsAndCarriesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 300, paxossim.Options{ApproveAfter: time.Second, ApproveJitter: time.Second, AccountRefReusable: true,
			Faults: paxossim.Faults{LatencyJitter: 2 * time.Second, DropAfter: 0.05}})
		r.limits = paxos.Limits{Token: 100, Identity: 50, Other: 100}
		for i := range 30 {
			ctx, stop := context.WithTimeout(t.Context(), time.Duration(i%7+1)*300*time.Millisecond)
			_, err := r.run(ctx, nil)
			stop()
			if err != nil && ctx.Err() == nil {
				t.Fatal(err)
			}
		}
		result := r.must(nil)
		if n := result.Summary.Outcomes[onboard.Onboarded] + alreadyDone(result); n != 300 {
			t.Errorf("got %v, want 300 onboarded", result.Summary.Outcomes)
		}
		r.once(300)
	})
}

// TestRunCarriesOnWithoutInput: what is unfinished needs no row.
func TestRunCarriesOnWithoutInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 50, paxossim.Options{ApproveAfter: time.Hour})
		first := r.must(func(c *Config) { c.Wait = 0 })
		r.expect(first, map[onboard.Outcome]int{onboard.OutcomePending: 50})
		time.Sleep(2 * time.Hour)
		second := r.must(func(c *Config) { c.Input = Input{} })
		r.expect(second, map[onboard.Outcome]int{onboard.Onboarded: 50})
		r.once(50)
		for _, l := range r.results(second) {
			if l[0] != "checkpoint" || l[8] == "" {
				t.Errorf("got line %q, want one from the checkpoint with a profile", l)
			}
		}
	})
}

// TestRunChangedRow: other content under a ref_id that Paxos has is not sent.
func TestRunChangedRow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 3, paxossim.Options{})
		r.must(nil)
		lines := strings.SplitAfter(readInput(r), "\n")
		lines[2] = strings.Replace(lines[2], ",APPROVED,", ",DENIED,", 1)
		r.writeInput(strings.Join(lines, ""))
		result := r.must(nil)
		r.expect(result, map[onboard.Outcome]int{onboard.AlreadyOnboarded: 2, onboard.OutcomeChanged: 1})
		r.once(3)
	})
}

// TestRunLimit: new identities at most, the rest is not started and comes next time.
func TestRunLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 100, paxossim.Options{})
		r.expect(r.must(func(c *Config) { c.Limit = 30 }), map[onboard.Outcome]int{onboard.Onboarded: 30, onboard.NotStarted: 70})
		r.expect(r.must(nil), map[onboard.Outcome]int{onboard.AlreadyOnboarded: 30, onboard.Onboarded: 70})
		r.once(100)
	})
}
