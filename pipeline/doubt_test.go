package pipeline

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"embark/onboard"
	"embark/paxossim"
)

// TestRunListsWithoutRefIDs: where lists do not tell the ref_id of an account,
// none is made twice.
func TestRunListsWithoutRefIDs(t *testing.T) {
	for name, o := range map[string]paxossim.Options{
		"ref_ids not unique": {AccountRefReusable: true},
		"409 bare":           {AccountConflictPlain: true},
		"profile left out":   {AccountRefReusable: true, OmitProfileID: true},
	} {
		bubble(t, name, func(t *testing.T) {
			o.ListWithoutRefID, o.ApproveAfter = true, time.Second
			o.Faults = paxossim.Faults{DropAfter: 0.2, ErrorAfter: 0.1}
			r := newRig(t, 60, o)
			r.expect(r.must(nil), map[onboard.Outcome]int{onboard.Onboarded: 60})
			r.once(60)
		})
	}
}

// TestRunSeesLostCreates: identities whose answers all got lost are settled by
// a sweep that sees them.
func TestRunSeesLostCreates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 3, paxossim.Options{IdentityConflictPlain: true, Stuck: 1})
		r.loseCreates()
		r.expect(r.must(func(c *Config) { c.Wait = 0 }), map[onboard.Outcome]int{onboard.OutcomePending: 3})
		if n := r.sim.Stats().Objects.Identities; n != 3 {
			t.Errorf("got %d identities, want 3", n)
		}
	})
}

// loseCreates lets the answers to all creates of identities get lost.
func (r *rig) loseCreates() {
	base := r.sim.Transport()
	r.transport = via(func(q *http.Request) (*http.Response, error) {
		res, err := base.RoundTrip(q)
		if posts(q, "identities") {
			return nil, io.ErrUnexpectedEOF
		}
		return res, err
	})
}

// TestRunBrokenConflict: a 409 that breaks off says nothing, and is asked for again.
func TestRunBrokenConflict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 1, paxossim.Options{ApproveAfter: time.Second})
		asked := false
		r.between(func(q *http.Request) *http.Response {
			if !posts(q, "identities") || asked {
				return nil
			}
			asked = true
			res := answered(http.StatusConflict, "")
			res.Body = io.NopCloser(io.MultiReader(strings.NewReader(alreadyExists[:40]), brokenOff{}))
			return res
		})
		r.expect(r.must(nil), map[onboard.Outcome]int{onboard.Onboarded: 1})
		r.once(1)
		if took := time.Since(synctestEpoch); took > time.Minute {
			t.Errorf("the run took %s, want it to ask again soon", took)
		}
	})
}

// brokenOff is the end of a body whose connection was lost.
type brokenOff struct{}

func (brokenOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestRunAsksAgainWhatExists: an identity that no sweep finds is posted again,
// an hour later at the earliest.
func TestRunAsksAgainWhatExists(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 2, paxossim.Options{ApproveAfter: time.Second})
		posted := 0
		r.between(func(q *http.Request) *http.Response {
			if !posts(q, "identities") {
				return nil
			}
			posted++
			return answered(http.StatusConflict, alreadyExists)
		})
		shortly := func(c *Config) { c.Wait = time.Minute }
		r.expect(r.must(shortly), map[onboard.Outcome]int{onboard.OutcomeInDoubt: 2})
		r.must(shortly)
		if posted != 2 {
			t.Errorf("got %d posts within the hour, want 2", posted)
		}
		r.direct()
		time.Sleep(time.Hour)
		r.expect(r.must(nil), map[onboard.Outcome]int{onboard.Onboarded: 2})
		r.once(2)
	})
}

// TestRunGivenIdentity: an identity_id means the same however it is written.
func TestRunGivenIdentity(t *testing.T) {
	for name, spelled := range map[string]func(string) string{"lower case": strings.ToLower, "capitals": strings.ToUpper} {
		bubble(t, name, func(t *testing.T) {
			r := newRig(t, 1, paxossim.Options{ApproveAfter: time.Second})
			id := r.results(r.must(nil))[0][5]
			r.forget()
			r.writeRows("ref_id,identity_id,account.ref_id", "new-1,"+spelled(id)+",new-1-account")
			begun, before := time.Now(), r.sim.Stats().Requests["GetIdentity"]
			r.expect(r.must(nil), map[onboard.Outcome]int{onboard.Onboarded: 1})
			if took := time.Since(begun); took > time.Minute {
				t.Errorf("the run took %s, want a moment", took)
			}
			if n := r.sim.Stats().Requests["GetIdentity"] - before; n > 2 {
				t.Errorf("got %d readings of the identity, want one or two", n)
			}
		})
	}
}
