package pipeline

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"embark/checkpoint"
	"embark/onboard"
	"embark/paxos"
	"embark/paxossim"
)

// announcer reads the simulator's events, past the run's client, and tells the
// webhook of each, once it is so old.
type announcer struct {
	line  *line
	after time.Duration
	told  map[string]bool
}

// announced runs with a webhook, to which all events are announced.
func (r *rig) announced(after time.Duration, change func(*Config)) (*Result, error) {
	a := &announcer{line: newLine(), after: after, told: map[string]bool{}}
	ctx, cancel := context.WithCancel(r.t.Context())
	var done sync.WaitGroup
	done.Go(func() { a.tell(ctx, r) })
	defer done.Wait()
	defer cancel()
	return r.run(r.t.Context(), func(c *Config) {
		c.Webhook = &Webhook{Listener: a.line, Header: keyHeader, Keys: []string{oldKey, newKey}}
		if change != nil {
			change(c)
		}
	})
}

func (a *announcer) tell(ctx context.Context, r *rig) {
	for ctx.Err() == nil {
		for _, e := range r.eventsOf() {
			at, _ := time.Parse(time.RFC3339, e.CreatedAt)
			if !a.told[e.ID] && time.Since(at) >= a.after {
				a.told[e.ID] = a.line.announce(e.ID) == http.StatusNoContent
			}
		}
		sleep(ctx, 100*time.Millisecond)
	}
}

// eventsOf are the simulator's, as somebody else reads them.
func (r *rig) eventsOf() []paxos.Event {
	client := paxos.New(paxos.Options{APIURL: "http://other.invalid/v2", TokenURL: "http://other.invalid/oauth2/token",
		ClientID: "test", ClientSecret: "secret", Limits: unlimited, Transport: r.sim.Transport()})
	if _, err := client.Authorize(r.t.Context(), nil, []string{paxos.ScopeReadEvent}); err != nil {
		return nil
	}
	page, err := client.ListEvents(r.t.Context(), paxos.ListEventsQuery{})
	if err != nil {
		return nil
	}
	return page.Events
}

// wire stands between the run and the simulator.
type wire struct {
	gets   int  // of single events
	feed   bool // the list of events shows what it should; otherwise nothing
	status int  // that single events are answered with, if not as they should
	sweeps bool // sweeps show what they should; otherwise nothing
	seen   func(*http.Request)
}

func (r *rig) over(w *wire) {
	r.between(func(q *http.Request) *http.Response {
		if w.seen != nil {
			w.seen(q)
		}
		switch {
		case isEvents(q) && !w.feed:
			return answered(http.StatusOK, `{"events":[]}`)
		case !w.sweeps && q.Method == http.MethodGet && strings.HasSuffix(q.URL.Path, "/identities"):
			return answered(http.StatusOK, `{"items":[]}`)
		case strings.Contains(q.URL.Path, "/events/"):
			if w.gets++; w.status != 0 {
				return answered(w.status, "{}")
			}
		}
		return nil
	})
}

// letters are the ids that wait in the inbox of the checkpoint.
func (r *rig) letters() (ids []string) {
	r.withStore(func(s *checkpoint.Store) error {
		letters, err := s.Letters("", 1000)
		for _, l := range letters {
			ids = append(ids, l.ID)
		}
		return err
	})
	return ids
}

func (r *rig) enqueue(ids ...string) {
	r.withStore(func(s *checkpoint.Store) error {
		for _, id := range ids {
			if _, err := s.Enqueue(r.t.Context(), id, time.Now()); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *rig) withStore(do func(*checkpoint.Store) error) {
	r.t.Helper()
	s, err := checkpoint.Open(checkpoint.Options{Path: r.path("embark.db"), Environment: "test", ClientID: "test"})
	if err != nil {
		r.t.Fatal(err)
	}
	if err := errors.Join(do(s), s.Close()); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) within(limit time.Duration) {
	r.t.Helper()
	if took := time.Since(synctestEpoch); took > limit {
		r.t.Errorf("the run took %s, want at most %s", took, limit)
	}
}

// TestRunByWebhook: announced events bring the decisions, fetched one by one,
// where nothing else does.
func TestRunByWebhook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := newRig(t, 10, paxossim.Options{ApproveAfter: time.Second}), &wire{}
		r.over(w)
		result, err := r.announced(0, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.expect(result, map[onboard.Outcome]int{onboard.Onboarded: 10})
		r.once(10)
		r.within(8 * time.Second)
		if c := result.Inbox; w.gets != 10 || c.Received != 10 || c.Fetched != 10 || len(r.letters()) != 0 {
			t.Errorf("got %d events fetched, %+v, %v left, want each of 10 once", w.gets, c, r.letters())
		}
	})
}

// TestRunHoldsWhatIsAnnouncedEarly: an event may be announced before the answer
// to its create is there.
func TestRunHoldsWhatIsAnnouncedEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := newRig(t, 3, paxossim.Options{ApproveAfter: time.Second}), &wire{}
		r.over(w)
		base := r.transport
		r.transport = via(func(q *http.Request) (*http.Response, error) {
			res, err := base.RoundTrip(q)
			if posts(q, "identities") {
				sleep(q.Context(), 4*time.Second)
			}
			return res, err
		})
		result, err := r.announced(0, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.expect(result, map[onboard.Outcome]int{onboard.Onboarded: 3})
		r.within(8 * time.Second)
	})
}

// countingStore counts the sightings that are brought to it.
type countingStore struct {
	Store
	mu        sync.Mutex
	sightings map[string]int
}

func (s *countingStore) Observe(ctx context.Context, all []checkpoint.Sighting, at time.Time, mark func(*checkpoint.Marks)) (checkpoint.Observed, error) {
	s.mu.Lock()
	for _, one := range all {
		s.sightings[one.ID]++
	}
	s.mu.Unlock()
	return s.Store.Observe(ctx, all, at, mark)
}

// TestRunSeesAnEventOnce: what the feed has shown is not fetched when it is
// announced, whether it waits already or comes later, and what was fetched is
// not observed again when the feed shows it.
func TestRunSeesAnEventOnce(t *testing.T) {
	for name, tt := range map[string]struct {
		after    time.Duration
		unseen   time.Duration // how long the feed shows nothing
		min, max int           // events fetched
	}{
		"feed first":    {after: 5 * time.Second},
		"webhook first": {unseen: 6 * time.Second, min: 10, max: 10},
		"same time":     {max: 10},
	} {
		bubble(t, name, func(t *testing.T) {
			r, w := newRig(t, 10, paxossim.Options{ApproveAfter: time.Second}), &wire{}
			r.over(w)
			w.seen = func(*http.Request) { w.feed = time.Since(synctestEpoch) >= tt.unseen }
			s := &countingStore{sightings: map[string]int{}}
			slow := r.transport
			r.transport = via(func(q *http.Request) (*http.Response, error) {
				if posts(q, "accounts") {
					sleep(q.Context(), 9*time.Second) // so that there is time for both ways
				}
				return slow.RoundTrip(q)
			})
			result, err := r.announced(tt.after, func(c *Config) { s.Store, c.Store = c.Store, s })
			if err != nil {
				t.Fatal(err)
			}
			r.expect(result, map[onboard.Outcome]int{onboard.Onboarded: 10})
			if w.gets < tt.min || w.gets > tt.max {
				t.Errorf("got %d events fetched, want %d to %d", w.gets, tt.min, tt.max)
			}
			for id, n := range s.sightings {
				if n > 1 {
					t.Errorf("got %s observed %d times, want once", id, n)
				}
			}
		})
	}
}

// TestRunFetchesAfterCreates: while creates wait for the budget no event is
// fetched.
func TestRunFetchesAfterCreates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const rows = 60
		r, w := newRig(t, rows, paxossim.Options{ApproveAfter: 100 * time.Millisecond}), &wire{}
		r.limits = paxos.Limits{Token: 10, Identity: 5, Other: 50}
		r.over(w)
		sent, before := 0, -1 // creates, and of these before the first event
		w.seen = func(q *http.Request) {
			if posts(q, "identities") {
				sent++
			}
			if before < 0 && strings.Contains(q.URL.Path, "/events/") {
				before = sent
			}
		}
		result, err := r.announced(0, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.expect(result, map[onboard.Outcome]int{onboard.Onboarded: rows})
		if before < rows-1 {
			t.Errorf("got an event fetched after %d of %d creates, want none before the last is on its way", before, rows)
		}
		if w.gets == 0 {
			t.Error("got no event fetched, want them when no create waits")
		}
	})
}

// TestRunNeedNotFetchWhatWaits: while creates go first, the feed shows what
// waits in the inbox, which costs no request any more.
func TestRunNeedNotFetchWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := newRig(t, 60, paxossim.Options{ApproveAfter: time.Second}), &wire{}
		r.limits = paxos.Limits{Token: 10, Identity: 5, Other: 50}
		r.over(w)
		w.seen = func(*http.Request) { w.feed = time.Since(synctestEpoch)%(4*time.Second) < 2*time.Second }
		result, err := r.announced(0, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.expect(result, map[onboard.Outcome]int{onboard.Onboarded: 60})
		if c := result.Inbox; c.Known < 20 || c.Fetched > 10 || len(r.letters()) != 0 {
			t.Errorf("got %+v, %v left, want most known and none left", c, r.letters())
		}
	})
}

// TestRunWorksOnWhatIsLeft: the next run works on what is in the inbox, without
// a webhook, and before it ends even if it has nothing else to do.
func TestRunWorksOnWhatIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := newRig(t, 5, paxossim.Options{ApproveAfter: time.Hour}), &wire{}
		r.over(w)
		r.expect(r.must(func(c *Config) { c.Wait = 0 }), map[onboard.Outcome]int{onboard.OutcomePending: 5})
		time.Sleep(2 * time.Hour)
		for _, e := range r.eventsOf() {
			r.enqueue(e.ID)
		}
		began := time.Now()
		r.expect(r.must(nil), map[onboard.Outcome]int{onboard.Onboarded: 5})
		if took := time.Since(began); w.gets != 5 || took > 8*time.Second {
			t.Errorf("got %d events fetched and a run of %s, want 5 within seconds", w.gets, took)
		}
		time.Sleep(48 * time.Hour)
		base := r.transport
		r.transport = via(func(q *http.Request) (*http.Response, error) {
			if strings.Contains(q.URL.Path, "/events/") {
				sleep(q.Context(), 5*time.Second) // the run has nothing else to do
			}
			return base.RoundTrip(q)
		})
		r.enqueue(r.eventsOf()[0].ID)
		r.must(nil)
		if w.gets != 6 || len(r.letters()) != 0 {
			t.Errorf("got %d events fetched, %v left, want one more and none", w.gets, r.letters())
		}
	})
}

// TestRunAfterAKillInBetween: a notice leaves the inbox only after its event was
// observed. What was observed and not taken out is observed once more, which
// changes nothing.
func TestRunAfterAKillInBetween(t *testing.T) {
	for name, broken := range map[string]brokenInbox{"before it is observed": {observe: errBroken}, "after": {handled: errBroken}} {
		bubble(t, name, func(t *testing.T) {
			r, w := newRig(t, 3, paxossim.Options{ApproveAfter: time.Second}), &wire{}
			r.over(w)
			result, err := r.announced(0, func(c *Config) { broken.Store, c.Store = c.Store, &broken })
			if !errors.Is(err, errBroken) {
				t.Fatalf("got %v, want %v", err, errBroken)
			}
			if n := int64(len(r.letters())); n == 0 || n != result.Inbox.Received {
				t.Errorf("got %d of %d notices in the inbox, want all of them", n, result.Inbox.Received)
			}
			r.expect(r.must(nil), map[onboard.Outcome]int{onboard.Onboarded: 3})
			r.once(3)
			if got := r.letters(); got != nil {
				t.Errorf("got %v left, want nothing", got)
			}
		})
	}
}

type brokenInbox struct {
	Store
	observe, handled error
}

var errBroken = errors.New("disk full")

func (b *brokenInbox) Observe(ctx context.Context, all []checkpoint.Sighting, at time.Time, mark func(*checkpoint.Marks)) (checkpoint.Observed, error) {
	if b.observe != nil && len(all) > 0 {
		return checkpoint.Observed{}, b.observe
	}
	return b.Store.Observe(ctx, all, at, mark)
}

func (b *brokenInbox) Handled(ctx context.Context, at time.Time, ids ...string) error {
	if b.handled != nil {
		return b.handled
	}
	return b.Store.Handled(ctx, at, ids...)
}

// TestRunDropsWhatIsNotThere: an event that Paxos does not know is asked for a
// few times, spread out, and then dropped; one of long ago at once.
func TestRunDropsWhatIsNotThere(t *testing.T) {
	for name, tt := range map[string]struct {
		status, age int // hours
		gets        int
	}{
		"not found":         {http.StatusNotFound, 0, maxAsks * 4}, // the client asks four times each
		"bad request":       {http.StatusBadRequest, 0, maxAsks},
		"unreadable":        {http.StatusOK, 0, maxAsks},
		"not found and old": {http.StatusNotFound, 25, 4},
	} {
		bubble(t, name, func(t *testing.T) {
			r, w := newRig(t, 2, paxossim.Options{Stuck: 1}), &wire{feed: true, status: tt.status}
			r.over(w)
			var first, last time.Time
			w.seen = func(q *http.Request) {
				if strings.Contains(q.URL.Path, "/events/") {
					if last = time.Now(); first.IsZero() {
						first = last
					}
				}
			}
			r.enqueue(someEvent)
			time.Sleep(time.Duration(tt.age) * time.Hour)
			result := r.must(nil)
			if took := last.Sub(first); tt.gets >= maxAsks && tt.age == 0 && took < time.Minute {
				t.Errorf("got the last try after %s, want them spread over more than a minute", took)
			}
			if w.gets != tt.gets || result.Inbox.Dropped != 1 || len(r.letters()) != 0 {
				t.Errorf("got %d requests, %+v, %v left, want %d, one dropped and none left", w.gets, result.Inbox, r.letters(), tt.gets)
			}
		})
	}
}

// TestRunLeavesWhatCannotBeRead: where events are forbidden or out of reach the
// notices stay for the next run, and this one is none the worse for it.
func TestRunLeavesWhatCannotBeRead(t *testing.T) {
	for name, tt := range map[string]struct {
		status, max int
		events      bool
	}{
		"forbidden":   {http.StatusForbidden, 1, true},
		"unavailable": {http.StatusServiceUnavailable, 1000, true},
		"no scope":    {0, 0, false},
	} {
		bubble(t, name, func(t *testing.T) {
			r, w := newRig(t, 2, paxossim.Options{ApproveAfter: time.Second}), &wire{feed: true, sweeps: true, status: tt.status}
			r.over(w)
			r.enqueue(someEvent)
			result := r.must(func(c *Config) { c.Events = tt.events })
			r.expect(result, map[onboard.Outcome]int{onboard.Onboarded: 2})
			r.within(2 * time.Minute)
			if w.gets > tt.max || result.Inbox.Dropped != 0 || len(r.letters()) != 1 {
				t.Errorf("got %d requests, %+v, %v left, want at most %d and nothing dropped", w.gets, result.Inbox, r.letters(), tt.max)
			}
		})
	}
}

// TestRunEndsWhateverIsLeft: an inbox that cannot be worked through does not
// hold up the end for ever.
func TestRunEndsWhateverIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := newRig(t, 1, paxossim.Options{}), &wire{feed: true, status: http.StatusNotFound}
		r.over(w)
		for i := range 100 {
			r.enqueue(strings.Replace(someEvent, "11111111", "0000000"+string(rune('a'+i%26)), 1) + string(rune('a'+i/26)))
		}
		r.must(nil)
		r.within(2*leftFor + time.Minute)
		if len(r.letters()) == 0 {
			t.Error("got all of it worked through, want the run to end before")
		}
	})
}
