package pipeline

import (
	"context"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	maxInFlight = 1024                   // objects between their intent and its commit
	minUnsent   = 4                      // intents that may wait for the budget, at least
	maxUnsent   = 512                    // and at most
	maxLooks    = 16                     // readings that may be under way beside them: the creates hardly feel these
	maxRepeats  = 2000                   // objects to be posted again, above which no new rows are taken
	tick        = 250 * time.Millisecond // how often the end of a run is looked for
)

// flights bounds what is under way. The requests that wait for the budget are
// bounded apart, to what it lets through in about a second: an intent is only
// good for fifteen.
type flights struct {
	unsent chan struct{}
	flying atomic.Int64
	fresh  atomic.Int64 // of them those that did not come back before
	looks  atomic.Int64 // and those that do not wait for the budget of creates
}

func newFlights(budget float64) *flights {
	n := int(math.Ceil(min(budget, maxUnsent)))
	return &flights{unsent: make(chan struct{}, max(n, minUnsent))}
}

func (f *flights) count(j job, n int64) {
	f.flying.Add(n)
	if !j.again {
		f.fresh.Add(n)
	}
	if j.look {
		f.looks.Add(n)
	}
}

// dispatch decides what comes next, until nothing is left to do or to wait for.
// When taking ends, for whatever reason, what is in flight may land.
func (r *run) dispatch(taking context.Context) error {
	var g errgroup.Group
	g.SetLimit(maxInFlight)
	taking, stop := context.WithCancel(taking)
	defer stop()
	flying, land := withGrace(taking) // an error in flight ends the taking, and the others may land
	defer land()
	turns := turns{run: r, waitLeft: r.Wait, last: time.Now()}
	for {
		if !r.seat(taking) {
			break
		}
		j, ok := turns.pick(taking)
		if !ok {
			<-r.flights.unsent
			turns.drain(taking)
			break
		}
		r.flights.count(j, 1)
		g.Go(func() error {
			err := r.fly(flying, j)
			if err != nil {
				stop()
			}
			return err
		})
	}
	return g.Wait()
}

// seat takes one of the places of unsent requests.
func (r *run) seat(ctx context.Context) bool {
	select {
	case r.flights.unsent <- struct{}{}:
		return ctx.Err() == nil || r.unseat()
	case <-ctx.Done():
		return false
	}
}

func (r *run) unseat() bool {
	<-r.flights.unsent
	return false
}

// fly advances one object and gives its place back when its write may leave,
// at the latest when it is done. A reading needs none.
func (r *run) fly(ctx context.Context, j job) error {
	var once sync.Once
	leave := func() { once.Do(func() { <-r.flights.unsent }) }
	if j.look {
		leave()
	}
	err := r.advance(ctx, j, leave)
	leave()
	r.flights.count(j, -1)
	r.queue.nudge()
	return err
}

// turns picks the next object: first what became ready or due, then whatever
// comes from the checkpoint or the input.
type turns struct {
	*run
	rowsDone, resumedDone bool
	waitLeft              time.Duration
	last                  time.Time
	timer                 *time.Timer
}

func (t *turns) pick(ctx context.Context) (job, bool) {
	for ctx.Err() == nil {
		if !t.calm(ctx) {
			continue
		}
		if key, ok := t.queue.pop(); ok {
			return job{key: key}, true
		}
		if t.over() {
			return job{}, false
		}
		j, ok, next := t.due()
		if !ok {
			j, ok = t.take(ctx, next)
		}
		if ok {
			return j, true
		}
	}
	return job{}, false
}

// due is what has to be settled now, nothing once the wait is over.
func (t *turns) due() (j job, ok bool, next time.Time) {
	if t.timeUp() {
		return job{}, false, time.Time{}
	}
	key, look, ok, next := t.queue.popLater(time.Now(), t.flights.looks.Load() < maxLooks)
	return job{key: key, again: true, look: look}, ok, next
}

// calm waits while the process is silent after a 429, and a moment when nothing
// but trouble comes back. No intent is granted meanwhile.
func (t *turns) calm(ctx context.Context) bool {
	pause := t.API.SilentFor()
	if pause == 0 && !t.health.troubled() {
		return true
	}
	if pause == 0 {
		pause = time.Second
	}
	sleep(ctx, min(pause, time.Second))
	if t.API.SilentFor() > 0 {
		t.last = time.Now() // --wait does not run meanwhile
	}
	return pause == time.Second && t.API.SilentFor() == 0
}

// take waits for the next job from the checkpoint or the input, a push to the
// queue, or the next time that something is due.
func (t *turns) take(ctx context.Context, next time.Time) (job, bool) {
	rows, resumed := t.rows, t.resumed
	if t.full() || t.rowsDone {
		rows = nil
	}
	if t.resumedDone {
		resumed = nil
	}
	timer := t.alarm(next)
	select {
	case j, open := <-resumed:
		t.resumedDone = !open
		return j, open
	case j, open := <-rows:
		t.rowsDone, t.waitLeft = !open, t.Wait
		return j, open
	case <-t.queue.wake:
	case <-timer:
	case <-ctx.Done():
	}
	return job{}, false
}

// alarm rings when something is due, and now and then in any case. The same
// timer serves every turn.
func (t *turns) alarm(next time.Time) <-chan time.Time {
	wait := tick
	if !next.IsZero() {
		wait = min(wait, time.Until(next))
	}
	if t.timer == nil {
		t.timer = time.NewTimer(wait)
	} else {
		t.timer.Reset(wait)
	}
	return t.timer.C
}

// over tells whether the run can end: all is taken and landed, and nothing is
// due or undecided, or the wait for it is over and a last look was had.
func (t *turns) over() bool {
	now := time.Now()
	passed := now.Sub(t.last)
	t.last = now
	idle := t.restful()
	was := t.idle.Swap(idle)
	switch {
	case !idle:
		return false
	case was:
		t.waitLeft -= passed
	default:
		t.events.wake()
	}
	if t.flights.flying.Load() > 0 {
		return false
	}
	undecided, err := t.undecided()
	settled := err == nil && undecided == 0 && t.rowsDone && t.settled()
	if settled && !t.events.heldBack() {
		return true
	}
	return (settled || t.timeUp()) && t.events.lastLook() && t.nothingReady()
}

// restful tells whether all that can be taken is taken and came back once: what
// is still under way is being settled, and the wait runs meanwhile.
func (t *turns) restful() bool {
	ready, _, _ := t.queue.lengths()
	return (t.rowsDone || t.full()) && t.resumedDone && ready == 0 && t.flights.fresh.Load() == 0
}

// full tells whether too much is to be posted again for new rows to be taken.
func (t *turns) full() bool {
	_, repeats, _ := t.queue.lengths()
	return repeats > maxRepeats
}

// timeUp tells whether the wait is over. While rows are kept back, it is not
// before Paxos had time to recover.
func (t *turns) timeUp() bool {
	left := t.waitLeft
	if !t.rowsDone {
		left += patience
	}
	return t.idle.Load() && left <= 0
}

// drain lets the rows that were kept back to the end go by: they are for the
// next run.
func (t *turns) drain(ctx context.Context) {
	for !t.rowsDone {
		select {
		case _, open := <-t.rows:
			t.rowsDone = !open
		case <-ctx.Done():
			return
		}
	}
}

// settled tells whether there is nothing to wait for in the queue: what is due
// only after the wait is the next run's. An identity that exists somewhere a
// sweep may show any time.
func (t *turns) settled() bool {
	return !t.queue.dueBy(time.Now().Add(t.waitLeft)) && !t.events.unsettled() && t.nothingReady()
}

// nothingReady is asked last, after the counts: a decision that is in them may
// not have come to the queue yet, but then it is still being observed.
func (t *turns) nothingReady() bool {
	observing := t.events.observing.Load()
	ready, _, _ := t.queue.lengths()
	return observing == 0 && ready == 0 && t.inbox.rested()
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
