package pipeline

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"embark/checkpoint"
	"embark/onboard"
	"embark/paxossim"
)

// TestRunManyInDoubt: identities of which a 409 says that they exist, and which
// no list shows, keep nobody else waiting, however many they are.
func TestRunManyInDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const rows, every = maxRepeats * 3 / 2, 5
		r := newRig(t, rows, paxossim.Options{ApproveAfter: time.Second})
		exists := map[string]bool{}
		for i, ref := range r.refs() {
			exists[ref] = i%every != 0
		}
		r.between(func(q *http.Request) *http.Response {
			if posts(q, "identities") && exists[refIn(bodyOf(q))] {
				return answered(http.StatusConflict, alreadyExists)
			}
			return nil
		})
		r.limits.Identity = 50 // few are in flight when the rows stop
		result := r.must(func(c *Config) { c.Wait = time.Minute })
		r.expect(result, map[onboard.Outcome]int{onboard.OutcomeInDoubt: rows - rows/every, onboard.Onboarded: rows / every})
	})
}

// refIn is the ref_id in a request.
func refIn(body string) string {
	_, rest, _ := strings.Cut(body, `"ref_id":"`)
	ref, _, _ := strings.Cut(rest, `"`)
	return ref
}

// TestFull: only what is to be posted again keeps rows back, and the run ends
// all the same when its wait is over.
func TestFull(t *testing.T) {
	key := onboard.NewKey(onboard.KindAccount, "c1")
	for name, tt := range map[string]struct {
		step onboard.Step
		full bool
	}{
		"repeats":               {onboard.Step{Action: onboard.Create, Record: onboard.Record{Key: key}}, true},
		"what exists somewhere": {onboard.Step{Action: onboard.Create, Record: onboard.Record{Key: key, Exists: true}}, false},
		"readings":              {onboard.Step{Action: onboard.Read, Record: onboard.Record{Key: key}}, false},
		"look-ups":              {onboard.Step{Action: onboard.Find, Record: onboard.Record{Key: key}}, false},
	} {
		r := &run{Config: Config{Wait: time.Minute}, queue: newQueue(), flights: newFlights(1)}
		turns := &turns{run: r, resumedDone: true, waitLeft: -patience}
		for range maxRepeats + 1 {
			r.queue.later(tt.step, time.Now().Add(time.Second))
		}
		r.idle.Store(turns.restful())
		if turns.full() != tt.full || turns.restful() != tt.full || turns.timeUp() != tt.full {
			t.Errorf("%s: got full %t, at rest %t, time up %t, want all %t", name, turns.full(), turns.restful(), turns.timeUp(), tt.full)
		}
		if turns.waitLeft++; turns.timeUp() {
			t.Errorf("%s: got no time for Paxos to recover", name)
		}
	}
}

// TestDispatchKeepsRowsBack: where too much is to be posted again for rows to be
// taken, the run ends after its wait and the time that Paxos gets to recover.
func TestDispatchKeepsRowsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &run{Config: Config{Wait: time.Minute, Store: noRecords{}, API: neverSilent{}}, queue: newQueue(), health: &health{},
			flights: newFlights(1), rows: make(chan job), resumed: make(chan job)}
		r.events, r.inbox = newFeed(r), newInbox(r)
		r.events.looked.Store(true)
		r.inbox.through.Store(true)
		for range maxRepeats + 1 {
			r.queue.later(onboard.Step{Action: onboard.Create, Record: onboard.Record{Key: "account/c1"}}, time.Now().Add(24*time.Hour))
		}
		close(r.resumed)
		go func() {
			defer close(r.rows)
			r.rows <- job{}
		}()
		if err := r.dispatch(t.Context()); err != nil || r.taken.Load() > 0 {
			t.Errorf("got %v with %d rows taken, want an orderly end and none", err, r.taken.Load())
		}
		if took := time.Since(synctestEpoch).Round(time.Second); took != time.Minute+patience {
			t.Errorf("the end came after %s, want %s", took, time.Minute+patience)
		}
	})
}

// noRecords is an empty checkpoint, and neverSilent a Paxos that never said 429.
type (
	noRecords   struct{ Store }
	neverSilent struct{ API }
)

func (noRecords) Counts() (checkpoint.Counts, error) { return checkpoint.Counts{}, nil }
func (neverSilent) SilentFor() time.Duration         { return 0 }
