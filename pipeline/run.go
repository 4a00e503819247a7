package pipeline

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"embark/checkpoint"
	"embark/onboard"
	"embark/report"
	"embark/source"
)

// grace is what in-flight requests get after the first signal.
const grace = 10 * time.Second

// Result is what a run leaves behind.
type Result struct {
	Checked *Checked
	Summary report.Summary
	Report  string // path of the report's folder; empty if none could be written
	Inbox   InboxCounts
}

// run is the state of a run.
type run struct {
	Config
	policy  onboard.Policy
	checked *Checked
	queue   *queue
	health  *health
	flights *flights
	started time.Time

	rows    chan job // from the input
	resumed chan job // from the checkpoint
	events  *feed
	reasons map[onboard.Key]string // why identities are undecided, for the report
	inbox   *inbox
	phase   atomic.Pointer[string]
	counted atomic.Pointer[Checked]
	begun   map[onboard.Key]bool // new identities, for --limit; only the store's writer touches it
	taken   atomic.Int64         // rows taken from the input
	idle    atomic.Bool          // nothing to take and nothing in flight
}

// Run carries a run out and writes its report. The result is there even when
// the error is not nil, as far as the run got.
func Run(ctx context.Context, c Config) (*Result, error) {
	r := &run{Config: c, queue: newQueue(), health: &health{maxErrors: c.maxErrors()}, started: time.Now(),
		policy: c.policy(), rows: make(chan job), resumed: make(chan job), begun: map[onboard.Key]bool{}}
	r.flights = newFlights(c.Budget)
	r.events, r.inbox = newFeed(r), newInbox(r)
	out := &Result{}
	out.Summary = report.Summary{Environment: c.Environment, Started: r.started}
	err := report.Prepare(c.Report)
	if err != nil {
		return out, err
	}
	stopTelling := r.tell()
	defer stopTelling()
	r.enter("checking")
	if r.checked, err = Check(ctx, c.Input, Checking{Store: c.Store, RetryFailed: c.RetryFailed}); err != nil {
		return out, err
	}
	out.Checked = r.checked
	r.counted.Store(r.checked)
	if n := r.checked.RealLooking; n > 0 && c.Warn != nil && c.Input.Extras.Sandbox {
		c.Warn(fmt.Sprintf("%d customers look real, by their SSNs: a test system is no place for real people's data", n))
	}
	if d := r.checked.Drifts; len(d) > 0 && c.Drifted != nil {
		c.Drifted(d)
	}
	if err := r.mayBeginAtAll(); err != nil {
		return out, errors.Join(err, r.conclude(out))
	}
	if err := r.accept(ctx); err != nil {
		return out, err
	}
	err = r.onboard(ctx)
	if err == nil && ctx.Err() == nil && r.Wait > 0 {
		err = r.askReasons(ctx)
	}
	out.Inbox = r.inbox.counts()
	r.enter("reporting")
	if ctx.Err() != nil {
		out.Summary.Interrupted, err = true, ctx.Err()
	} else if err != nil {
		out.Summary.Stopped = err.Error()
	}
	return out, errors.Join(err, r.conclude(out))
}

// mayBeginAtAll is nil where pass one found nothing that keeps all rows back.
func (r *run) mayBeginAtAll() error {
	if r.TooManyFaulty(r.checked.Rejected, r.checked.Rows) {
		return ErrRejected
	}
	if len(r.checked.Drifts) > 0 && r.NoDrift {
		return ErrDrift
	}
	return r.checked.WithinCap(r.OrderCap)
}

// onboard is the part of a run that talks to Paxos.
func (r *run) onboard(ctx context.Context) error {
	if err := r.events.begin(ctx); err != nil {
		return err
	}
	g, taking := errgroup.WithContext(ctx)
	feeding, stopFeed := context.WithCancel(taking)
	g.Go(func() error { return r.readRows(taking) })
	g.Go(func() error { return r.readUnfinished(taking) })
	g.Go(func() error { return r.events.watch(feeding) })
	g.Go(func() error { return r.inbox.work(feeding) })
	if r.Webhook != nil {
		g.Go(func() error { return r.receive(feeding) })
	}
	g.Go(func() error { return r.remember(feeding) })
	g.Go(func() error {
		defer stopFeed()
		return r.dispatch(taking)
	})
	err := g.Wait()
	return errors.Join(err, r.saveLimits(context.WithoutCancel(ctx)))
}

// withGrace gives a context that outlives ctx by the time that requests in
// flight get.
func withGrace(ctx context.Context) (context.Context, func()) {
	hard, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var once sync.Once
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-done:
		}
		cancel()
	})
	return hard, func() {
		stop()
		once.Do(func() { close(done) })
		cancel()
	}
}

// readRows is pass two: it maps the rows that something is due for, and hands
// their drafts on one by one.
func (r *run) readRows(ctx context.Context) error {
	defer close(r.rows)
	r.enter("onboarding")
	return eachBatch(ctx, r.Input,
		func(ordinal int) bool { return ordinal < r.checked.Rows && r.checked.verdicts[ordinal]&due == 0 },
		func(b batch) (mapped, error) {
			return mapped{file: b.file, results: r.Input.mapRows(b)}, nil
		},
		func(m mapped) error { return r.hand(ctx, m) })
}

// grown is the error for a file with more rows than pass one saw.
func grown(f *source.File) error {
	if err := f.Unchanged(); err != nil {
		return err
	}
	return &source.Error{File: f.Name(), Text: "there are other rows than at the first reading", Hint: "give a copy that nobody writes to"}
}

func (r *run) hand(ctx context.Context, m mapped) error {
	for i := range m.results {
		if m.results[i].Row.Ordinal >= r.checked.Rows {
			return grown(r.Input.Files[m.file])
		}
		if m.results[i].Customer == nil {
			continue // judged by another clock than in pass one, at midnight say; the report calls it not started
		}
		drafts, err := drafts(r.Store, &m.results[i])
		if err != nil {
			return err
		}
		j := job{key: drafts[0].Key, drafts: drafts, ordinal: m.results[i].Row.Ordinal}
		select {
		case r.rows <- j:
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// readUnfinished hands on what earlier runs left.
func (r *run) readUnfinished(ctx context.Context) error {
	defer close(r.resumed)
	if len(r.checked.carried.hashes) == 0 {
		return nil // what is unfinished now is of this run
	}
	for key, err := range r.Store.Unfinished() {
		if err != nil {
			return err
		}
		resume, err := r.resumes(key)
		if err != nil {
			return err
		}
		if !resume {
			continue
		}
		select {
		case r.resumed <- job{key: key, resumed: true}:
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// resumes tells whether the object is left from an earlier run. One that was
// never sent and that a row will send is left to the row, since that may have
// been corrected.
func (r *run) resumes(key onboard.Key) (bool, error) {
	records, err := r.Store.Get(key)
	if err != nil || !r.checked.carried.has(ownerOf(records[0]).RefID()) {
		return false, err
	}
	return records[0].State() != onboard.Ready || !r.checked.carried.leftToRow(records[0]), nil
}

// undecided counts the identities that Paxos has not decided upon.
func (r *run) undecided() (int, error) {
	counts, err := r.Store.Counts()
	return counts[onboard.KindIdentity][onboard.Pending], err
}

// remember keeps what the next process has to know of the rate limits.
func (r *run) remember(ctx context.Context) error {
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := r.saveLimits(ctx); err != nil && ctx.Err() == nil {
				return err
			}
		}
	}
}

func (r *run) saveLimits(ctx context.Context) error { return SaveLimits(ctx, r.Store, r.API) }

// Marker is the part of the store that [SaveLimits] needs.
type Marker interface {
	Mark(context.Context, func(*checkpoint.Marks)) error
}
