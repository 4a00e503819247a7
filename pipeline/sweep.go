package pipeline

import (
	"context"
	"errors"
	"time"

	"embark/checkpoint"
	"embark/onboard"
	"embark/paxos"
)

const (
	sweepShare    = 0.01             // of the identity budget, for sweeps instead of events
	firstSweep    = time.Second      // after the start, without events
	idleSweep     = 10 * time.Second // after the run fell idle, with events; doubles each time
	maxIdleSweep  = 5 * time.Minute
	dailySweep    = 24 * time.Hour
	maxStragglers = 10
)

// sweeps knows when to list identities by status. With events a sweep is for
// what has none, the status ERROR above all, and for events that went astray.
// Without, sweeps are all there is.
type sweeps struct {
	since    time.Time // updated_at from which on nothing was swept yet
	last     time.Time // by our clock
	idle     time.Time // since when there was no other work, or the last sweep
	interval time.Duration
	old      bool // the events of so long ago may be gone
}

func (s *sweeps) begin(marks checkpoint.Marks, server time.Time) {
	s.since, s.last, s.idle = marks.Swept, time.Now(), time.Now()
	if s.since.IsZero() {
		s.since = server.Add(-overlap)
	}
	last, err := time.Parse(time.RFC3339, marks.Events)
	s.old = err == nil && server.Sub(last) > dailySweep
}

// due decides; it also sets the interval to the next one.
func (s *sweeps) due(now time.Time, f *feed, undecided int, lastLook bool) bool {
	passed := now.Sub(s.last)
	switch {
	case undecided == 0 && !f.unsettled() && !(lastLook && f.heldBack()):
		return false
	case lastLook, s.old, passed > dailySweep:
		return true
	case f.blind():
		return passed >= max(s.interval, firstSweep)
	case !f.idle.Load():
		s.interval, s.idle = idleSweep, now
		return false
	case now.Sub(s.idle) < max(s.interval, idleSweep): // a run may be idle from its start
		return false
	}
	s.interval = min(2*max(s.interval, idleSweep), maxIdleSweep)
	return true
}

// blind tells whether sweeps have to stand in for the events.
func (f *feed) blind() bool { return !f.Events || f.failing || f.closed }

// heldBack tells whether accounts wait for an identity that Paxos has decided
// against, which it may have taken back without an event.
func (f *feed) heldBack() bool {
	counts, err := f.Store.Counts()
	return err == nil && counts[onboard.KindAccount][onboard.Waiting] > 0
}

// unsettled tells whether a 409 spoke of an identity that only a list can show.
func (f *feed) unsettled() bool {
	counts, err := f.Store.Counts()
	return err == nil && counts[onboard.KindIdentity][onboard.InDoubt] > 0
}

// sweep lists the identities that were updated since the last sweep, status by
// status. Those still PENDING are listed only in search of one in doubt.
func (f *feed) sweep(ctx context.Context) error {
	began := f.API.ServerTime()
	statuses := []string{paxos.StatusApproved, paxos.StatusDenied, paxos.StatusError, paxos.StatusDisabled}
	if f.unsettled() {
		statuses = append(statuses, paxos.StatusPending)
	}
	calls := 0
	for _, status := range statuses {
		n, err := f.sweepStatus(ctx, status)
		if err != nil {
			return err
		}
		calls += n
	}
	f.sweeps.done(began.Add(-overlap), calls, f)
	return f.Store.Mark(ctx, func(m *checkpoint.Marks) { m.Swept = f.sweeps.since })
}

// done slows sweeps down, where they stand in for events, until they take at
// most a hundredth of the budget.
func (s *sweeps) done(since time.Time, calls int, f *feed) {
	if since.After(s.since) {
		s.since = since
	}
	s.last, s.idle, s.old = time.Now(), time.Now(), false
	if f.blind() {
		affordable := time.Duration(float64(calls) / (sweepShare * f.Budget) * float64(time.Second))
		s.interval = min(max(firstSweep, s.interval*3/2), affordable)
	}
}

func (f *feed) sweepStatus(ctx context.Context, status string) (calls int, err error) {
	query := paxos.ListIdentitiesQuery{SummaryStatus: status, UpdatedSince: f.sweeps.since}
	for {
		page, err := f.API.ListIdentities(ctx, query)
		calls++
		if err != nil {
			return calls, errors.Join(errPaxos, err)
		}
		sightings := make([]checkpoint.Sighting, len(page.Items))
		for i, identity := range page.Items {
			sightings[i] = seen(identity)
		}
		if err := f.observe(ctx, sightings, nil); err != nil {
			return calls, err
		}
		if page.NextCursor == "" || page.NextCursor == query.PageCursor {
			return calls, nil
		}
		query.PageCursor = page.NextCursor
	}
}

func seen(i paxos.Identity) checkpoint.Sighting {
	at, _ := time.Parse(time.RFC3339, i.UpdatedAt)
	return checkpoint.Sighting{ID: i.ID, RefID: i.RefID, Status: i.CurrentStatus(), At: at}
}
