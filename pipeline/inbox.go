package pipeline

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"embark/checkpoint"
	"embark/paxos"
)

const (
	inboxPage  = 100
	inboxEvery = time.Second            // between looks while something is left
	yieldFor   = 100 * time.Millisecond // between looks while creates go first
	askAgain   = 10 * time.Second       // for an event that was not found; doubles. The client itself asks for seven seconds
	maxAsks    = 4
	tooOld     = 24 * time.Hour // of a notice: Paxos repeats it no longer, and its event is there or never will be
	maxFetched = 2000           // events fetched here that the feed has not shown yet
	leftFor    = time.Minute    // that the end of a run waits for what earlier ones left
)

// inbox works on the events that were announced by webhook, in this run or an
// earlier one: it fetches each and observes what it says. It has the lowest
// priority, since the feed brings the same events a hundred at a time; one that
// the feed has shown is not fetched. All but the atomics and fetched belongs to
// the goroutine that works.
type inbox struct {
	*run
	bell    chan struct{}      // holds a token when a notice was queued
	misses  map[string]missing // events that were not found
	closed  bool               // they are forbidden
	yielded bool               // in this turn something was left for a create's sake

	through atomic.Bool // all that earlier runs left had its turn
	asked   time.Time   // when the dispatcher first asked for that; its own

	mu      sync.Mutex
	fetched map[string]bool

	received, refused, gotten, known, dropped atomic.Int64
	broken                                    error // why the webhook ended early; of receive, which is waited for
}

type missing struct {
	asks  int
	again time.Time
}

// InboxCounts tell what became of the events that were announced by webhook.
type InboxCounts struct {
	Received int64 // that were news
	Refused  int64 // calls with a wrong key
	Fetched  int64 // one by one
	Known    int64 // shown by the feed before
	Dropped  int64 // not found at Paxos, after several tries
	Broken   error // why the webhook ended before the run did
}

func newInbox(r *run) *inbox {
	return &inbox{run: r, bell: make(chan struct{}, 1), misses: map[string]missing{}, fetched: map[string]bool{}}
}

// counts is for when the run has landed.
func (b *inbox) counts() InboxCounts {
	return InboxCounts{Received: b.received.Load(), Refused: b.refused.Load(), Fetched: b.gotten.Load(),
		Known: b.known.Load(), Dropped: b.dropped.Load(), Broken: b.broken}
}

func (b *inbox) ring() {
	select {
	case b.bell <- struct{}{}:
	default:
	}
}

// work goes through the inbox again and again until ctx ends. As with the feed,
// trouble with Paxos is for the creates to judge.
func (b *inbox) work(ctx context.Context) error {
	for ctx.Err() == nil {
		pause, err := b.goThrough(ctx)
		if fatal(err) && ctx.Err() == nil {
			return err
		}
		b.rest(ctx, pause)
	}
	return nil
}

// rest waits for the next notice, and no longer than the pause unless that is zero.
func (b *inbox) rest(ctx context.Context, pause time.Duration) {
	var again <-chan time.Time
	if pause > 0 {
		timer := time.NewTimer(pause)
		defer timer.Stop()
		again = timer.C
	}
	select {
	case <-ctx.Done():
	case <-again:
	case <-b.bell:
	}
}

// goThrough takes every letter in its turn, and tells when to look again: zero
// if none was left. An error of Paxos's ends the turn of all.
func (b *inbox) goThrough(ctx context.Context) (pause time.Duration, err error) {
	b.yielded = false
	for after := ""; ; {
		letters, err := b.Store.Letters(after, inboxPage)
		if err != nil {
			return 0, err
		}
		for _, l := range letters {
			done, err := b.settle(ctx, l)
			if err != nil {
				b.hadTurn() // what is left is for the next run
				return inboxEvery, err
			}
			if after = l.ID; !done {
				pause = inboxEvery
			}
		}
		if len(letters) == inboxPage {
			continue
		}
		if b.yielded {
			return yieldFor, nil
		}
		b.hadTurn()
		return pause, nil
	}
}

// hadTurn: the end of the run may have waited for it.
func (b *inbox) hadTurn() {
	if b.through.CompareAndSwap(false, true) {
		b.queue.nudge()
	}
}

// yields tells whether the API is needed for what matters more: a create waits
// for the budget, or nothing is sent at all. One of the places of unsent
// requests is always the dispatcher's.
func (b *inbox) yields() bool {
	return len(b.flights.unsent) > 1 || b.API.SilentFor() > 0 || b.health.troubled()
}

// settle works on one event, and tells whether it is out of the inbox.
func (b *inbox) settle(ctx context.Context, l checkpoint.Letter) (done bool, err error) {
	if b.events.saw(l.ID) {
		b.known.Add(1)
		delete(b.misses, l.ID)
		return true, b.Store.Handled(ctx, time.Now(), l.ID)
	}
	if !b.Events || b.closed || time.Now().Before(b.misses[l.ID].again) {
		return false, nil
	}
	if b.yields() {
		b.yielded = true
		return false, nil
	}
	event, err := b.API.GetEvent(ctx, l.ID)
	switch {
	case err == nil:
		return true, b.bring(ctx, *event)
	case paxos.StatusOf(err) == http.StatusForbidden:
		b.closed = true
		return false, nil
	case notThere(err):
		return b.miss(ctx, l)
	}
	return false, errors.Join(errPaxos, err)
}

// notThere: the answer is about this event, and not about Paxos.
func notThere(err error) bool {
	switch paxos.StatusOf(err) {
	case http.StatusNotFound, http.StatusBadRequest, http.StatusGone:
		return true
	}
	return errors.Is(err, paxos.ErrUnreadable)
}

// bring observes an event as the feed does, and only then takes it out of the
// inbox: after a kill in between it is fetched and observed once more, which
// changes nothing.
func (b *inbox) bring(ctx context.Context, e paxos.Event) error {
	b.gotten.Add(1)
	if s, ok := sighting(e); ok {
		if err := b.events.observe(ctx, []checkpoint.Sighting{s}, nil); err != nil {
			return err
		}
	}
	b.mu.Lock()
	if len(b.fetched) >= maxFetched {
		clear(b.fetched) // the feed brings them once more, which changes nothing
	}
	b.fetched[e.ID] = true
	b.mu.Unlock()
	delete(b.misses, e.ID)
	return b.Store.Handled(ctx, time.Now(), e.ID)
}

// has tells whether an event was observed here, so that the feed need not.
func (b *inbox) has(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.fetched[id]
}

// miss puts an event off that was not found: it may be announced before it can
// be read. In the end it is dropped.
func (b *inbox) miss(ctx context.Context, l checkpoint.Letter) (done bool, err error) {
	now := time.Now()
	m := b.misses[l.ID]
	m.again, m.asks = now.Add(askAgain<<m.asks), m.asks+1
	if m.asks < maxAsks && now.Sub(l.Queued) < tooOld {
		b.misses[l.ID] = m
		return false, nil
	}
	b.dropped.Add(1)
	delete(b.misses, l.ID)
	return true, b.Store.Handled(ctx, now, l.ID)
}

// rested tells whether the run may end: what earlier runs left had its turn, or
// was waited for long enough.
func (b *inbox) rested() bool {
	if b.asked.IsZero() {
		b.asked = time.Now()
	}
	return b.through.Load() || time.Since(b.asked) > leftFor
}
