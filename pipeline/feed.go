package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"embark/checkpoint"
	"embark/onboard"
	"embark/paxos"
)

const (
	overlap    = 10 * time.Minute // how far back the feed is read again at the start: events may become visible late
	shortLook  = 50               // events that every look reads again
	deepLook   = 2000             // events that a look reads again now and then
	deepEvery  = 30 * time.Second
	feedEvery  = time.Second
	feedIdle   = 250 * time.Millisecond // when the identity budget has nothing else to do
	heldFor    = 10 * time.Minute       // longer than any create can be on its way
	busyFor    = 10 * time.Second       // after the last event that was news
	fullPage   = 100
	manyEvents = 2000 // that go to the checkpoint in one write
)

// feed brings the decisions: from the events, or from list sweeps where the
// scope for events is not granted; see sweep.go. All but held belongs to the
// goroutine that watches.
type feed struct {
	*run
	since  string // where to read from while nothing was seen yet
	newest time.Time
	recent []paxos.Event        // the last ones seen, without their objects
	seen   map[string]bool      // changed under mu, since the inbox reads it
	asked  map[string]time.Time // when documents were asked about, by identity
	idleAt time.Time            // since when there is no other work
	deepAt time.Time
	sweeps sweeps

	freshAt time.Time // when the last news came
	failing bool      // the events could not be read the last time
	closed  bool      // they are forbidden after all

	observing      atomic.Int32  // decisions on their way to the queue
	wanted, looked atomic.Bool   // the last look
	nudge          chan struct{} // holds a token when one is wanted

	mu   sync.Mutex
	held map[string]held // decisions on identities whose create has not been committed yet
}

type held struct {
	sighting checkpoint.Sighting
	until    time.Time
}

func newFeed(r *run) *feed {
	return &feed{run: r, seen: map[string]bool{}, asked: map[string]time.Time{}, held: map[string]held{}, nudge: make(chan struct{}, 1)}
}

// begin settles where to read from, before the first create: ten minutes
// before the server's present time, or before the last event that was seen.
func (f *feed) begin(ctx context.Context) error {
	marks, err := f.Store.Marks()
	if err != nil {
		return err
	}
	start := f.API.ServerTime().Add(-overlap)
	if last, err := time.Parse(time.RFC3339, marks.Events); err == nil {
		start = last.Add(-overlap)
	}
	f.since = start.UTC().Format(time.RFC3339Nano)
	f.sweeps.begin(marks, f.API.ServerTime())
	if marks.Events != "" {
		return nil
	}
	return f.Store.Mark(ctx, func(m *checkpoint.Marks) {
		m.Events = f.API.ServerTime().UTC().Format(time.RFC3339Nano)
		if m.Swept.IsZero() {
			m.Swept = f.sweeps.since
		}
	})
}

// watch looks again and again until ctx ends. Trouble with Paxos is for the
// creates to judge; the feed just tries again.
func (f *feed) watch(ctx context.Context) error {
	for ctx.Err() == nil {
		last := f.wanted.Load()
		err := f.look(ctx, last)
		if fatal(err) && ctx.Err() == nil {
			return err
		}
		if last {
			f.looked.Store(true)
		}
		f.rest(ctx)
	}
	return nil
}

// fatal: everything but an answer of Paxos, or the lack of one.
func fatal(err error) bool {
	var e *paxos.Error
	switch {
	case err == nil, errors.As(err, &e), errors.Is(err, errPaxos) && !errors.Is(err, paxos.ErrCredentials):
		return false
	}
	return true
}

// errPaxos marks what went wrong on the way to Paxos and back.
var errPaxos = errors.New("ask Paxos")

func (f *feed) look(ctx context.Context, last bool) error {
	undecided, err := f.undecided()
	if err != nil {
		return err
	}
	if f.Events && !f.closed && (last || undecided > 0 || f.flights.flying.Load() > 0) {
		err := f.poll(ctx)
		if fatal(err) {
			return err
		}
		f.failing = err != nil // then sweeps have to do
		f.closed = paxos.StatusOf(err) == http.StatusForbidden
	}
	if err := f.askDocuments(ctx, last); fatal(err) {
		return err
	}
	if !f.sweeps.due(time.Now(), f, undecided, last) {
		return nil
	}
	if err := f.sweep(ctx); err != nil || !last {
		return err
	}
	return f.readStragglers(ctx)
}

func (f *feed) rest(ctx context.Context) {
	pause := feedEvery
	if f.idle.Load() && time.Since(f.freshAt) < busyFor {
		pause = feedIdle
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-f.nudge:
	}
}

// lastLook asks for one more look at everything and tells whether it was had.
func (f *feed) lastLook() bool {
	if !f.wanted.Swap(true) {
		f.wake()
	}
	return f.looked.Load()
}

// wake cuts the feed's rest short.
func (f *feed) wake() {
	select {
	case f.nudge <- struct{}{}:
	default:
	}
}

// poll reads the feed from a little before the last event seen to its end. Many
// pages go to the checkpoint at once: one each would make the feed's pace that
// of the disk.
func (f *feed) poll(ctx context.Context) error {
	query := paxos.ListEventsQuery{Since: f.from(time.Now())}
	for {
		events, next, err := f.gather(ctx, query)
		if err := errors.Join(f.take(ctx, events), err); err != nil || next == nil {
			return err
		}
		query = *next
	}
}

// gather reads pages until there are many events, and tells what to ask for
// next, nil at the end of the feed. What was read counts, whatever the error.
func (f *feed) gather(ctx context.Context, query paxos.ListEventsQuery) (events []paxos.Event, next *paxos.ListEventsQuery, err error) {
	for len(events) < manyEvents {
		page, err := f.API.ListEvents(ctx, query)
		if err != nil {
			return events, nil, errors.Join(errPaxos, err)
		}
		events = append(events, page.Events...)
		if len(page.Events) < fullPage {
			return events, nil, nil
		}
		query = following(query, page)
	}
	return events, &query, nil
}

// from is the created_at to read from: a short way back each time, a long way
// back now and then, for events that became visible late.
func (f *feed) from(now time.Time) string {
	back := shortLook
	if now.Sub(f.deepAt) > deepEvery {
		f.deepAt, back = now, deepLook
	}
	if len(f.recent) <= back {
		return f.since
	}
	return f.recent[len(f.recent)-back].CreatedAt
}

// following asks for the next page: by cursor where the server has one, else
// from the last event on. A full page of one timestamp would come again for
// ever; then only stepping past that timestamp helps.
func following(q paxos.ListEventsQuery, page *paxos.EventPage) paxos.ListEventsQuery {
	if page.NextCursor != "" {
		q.PageCursor = page.NextCursor
		return q
	}
	first, last := page.Events[0].CreatedAt, page.Events[len(page.Events)-1].CreatedAt
	return paxos.ListEventsQuery{Since: last, After: first == last}
}

// saw tells whether the feed has shown an event, and what it says is observed.
func (f *feed) saw(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seen[id]
}

// take brings the events that were not seen before into the records, together
// with the new position of the feed.
func (f *feed) take(ctx context.Context, events []paxos.Event) error {
	fresh := f.unseen(events)
	var sightings []checkpoint.Sighting
	for _, e := range fresh {
		if s, ok := sighting(e); ok && !f.inbox.has(e.ID) {
			sightings = append(sightings, s)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	mark := func(m *checkpoint.Marks) { m.Events = f.latest(fresh) }
	if err := f.observe(ctx, sightings, mark); err != nil {
		return err
	}
	f.note(fresh)
	return nil
}

// unseen are the events that were not seen before, each once: pages overlap.
func (f *feed) unseen(events []paxos.Event) []paxos.Event {
	fresh, here := events[:0:0], map[string]bool{}
	for _, e := range events {
		if !f.seen[e.ID] && !here[e.ID] {
			fresh, here[e.ID] = append(fresh, e), true
		}
	}
	return fresh
}

// latest is the newest time among what was seen and the fresh events.
func (f *feed) latest(fresh []paxos.Event) string {
	for _, e := range fresh {
		if at, err := time.Parse(time.RFC3339, e.CreatedAt); err == nil && at.After(f.newest) {
			f.newest = at
		}
	}
	return f.newest.UTC().Format(time.RFC3339Nano)
}

func (f *feed) note(fresh []paxos.Event) {
	f.freshAt = time.Now()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range fresh {
		f.seen[e.ID] = true
		f.recent = append(f.recent, paxos.Event{ID: e.ID, CreatedAt: e.CreatedAt})
	}
	if n := len(f.recent) - 2*deepLook; n > 0 { // in halves, so that it is done seldom
		for _, e := range f.recent[:n+deepLook] {
			delete(f.seen, e.ID)
		}
		f.recent = append([]paxos.Event(nil), f.recent[n+deepLook:]...)
	}
}

// sighting reads an event by its type; the object_type is spelled in two ways.
func sighting(e paxos.Event) (checkpoint.Sighting, bool) {
	var change paxos.IdentityChange
	if json.Unmarshal(e.Object, &change) != nil || change.IdentityID == "" {
		return checkpoint.Sighting{}, false
	}
	at, _ := time.Parse(time.RFC3339, e.CreatedAt)
	s := checkpoint.Sighting{ID: change.IdentityID, Status: change.NewSummaryStatus, At: at}
	if s.Status == "" {
		s.Status = change.NewStatus
	}
	switch e.Type {
	case paxos.EventIdentityApproved, paxos.EventIdentityDenied, paxos.EventIdentityDisabled:
		return s, s.Status != ""
	case paxos.EventIdentityDocumentsRequired:
		s.Status, s.Documents = "", change.RequiredDocuments
		return s, true
	}
	return s, false
}

// observe stores sightings and hands on what became ready. What nobody knows
// yet is held, and looked up once more, since its create may have been
// committed in between.
func (f *feed) observe(ctx context.Context, sightings []checkpoint.Sighting, mark func(*checkpoint.Marks)) error {
	f.observing.Add(1)
	defer f.observing.Add(-1)
	now := time.Now()
	observed, err := f.Store.Observe(ctx, sightings, now, mark)
	if err != nil {
		return err
	}
	f.queue.push(observed.Ready...)
	if len(observed.Unknown) == 0 || f.flights.flying.Load() == 0 {
		return nil
	}
	f.hold(observed.Unknown, now)
	again, err := f.Store.Observe(ctx, observed.Unknown, now, nil)
	f.queue.push(again.Ready...)
	f.release(observed.Unknown, again.Unknown)
	return err
}

// release forgets the sightings that were held and found to be known after all.
func (f *feed) release(held, unknown []checkpoint.Sighting) {
	f.mu.Lock()
	defer f.mu.Unlock()
	still := map[string]bool{}
	for _, s := range unknown {
		still[s.ID] = true
	}
	for _, s := range held {
		if !still[s.ID] {
			delete(f.held, s.ID)
		}
	}
}

func (f *feed) hold(sightings []checkpoint.Sighting, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id, h := range f.held {
		if now.After(h.until) {
			delete(f.held, id)
		}
	}
	for _, s := range sightings {
		f.held[s.ID] = held{s, now.Add(heldFor)}
	}
}

// arrived is called when an identity's id has been committed: a decision that
// was faster is brought in now.
func (f *feed) arrived(ctx context.Context, id string) error {
	f.mu.Lock()
	h, ok := f.held[id]
	delete(f.held, id)
	f.mu.Unlock()
	if !ok {
		return nil
	}
	observed, err := f.Store.Observe(ctx, []checkpoint.Sighting{h.sighting}, time.Now(), nil)
	f.queue.push(observed.Ready...)
	return err
}

// readStragglers reads the few that are still undecided one by one.
func (f *feed) readStragglers(ctx context.Context) error {
	undecided, err := f.undecided()
	if err != nil || undecided > maxStragglers {
		return err
	}
	for key, err := range f.Store.Unfinished() {
		if err != nil {
			return err
		}
		if key.Kind() != onboard.KindIdentity {
			continue
		}
		if err := f.readStraggler(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

func (f *feed) readStraggler(ctx context.Context, key onboard.Key) error {
	records, err := f.Store.Get(key)
	if err != nil || records[0].State() != onboard.Pending {
		return err
	}
	identity, err := f.API.GetIdentity(ctx, records[0].ID, false)
	if err != nil {
		return errors.Join(errPaxos, err)
	}
	return f.observe(ctx, []checkpoint.Sighting{seen(*identity)}, nil)
}
