package pipeline

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"embark/onboard"
	"embark/paxos"
)

// read compares one record, again and again while Paxos is in trouble. It
// returns nil when it was interrupted.
func (v *verification) read(ctx context.Context, r onboard.Record) (*reading, error) {
	if r.ID == "" {
		v.done.Add(1)
		return &reading{}, nil
	}
	began := time.Now()
	for try := 1; ; try++ {
		got, err := verifiers[r.Key.Kind()](ctx, v.API, r)
		if err = got.definite(err); err == nil {
			v.pulse.good(time.Now())
			return v.took(got), nil
		}
		if ctx.Err() != nil || errors.Is(err, paxos.ErrCredentials) || errors.Is(err, paxos.ErrScope) {
			return nil, err
		}
		if paxos.StatusOf(err) == http.StatusTooManyRequests {
			v.pulse.calm() // the client is silent, which is no trouble of Paxos's
			began, try = time.Now(), 0
			continue
		}
		stop := v.pulse.bad(time.Now(), err)
		if try >= readTries && v.pulse.beatSince(began) {
			got.differs(PointUnread, "it cannot be read, while others can")
			return v.took(got), nil
		}
		if stop != nil {
			return nil, stop
		}
		sleep(ctx, readTryAgain) // the next try notices the end
	}
}

// definite makes an answer that will not change a part of the reading.
func (r *reading) definite(err error) error {
	var refused *paxos.Error
	if errors.As(err, &refused) && refused.Refused() && !errors.Is(err, paxos.ErrScope) {
		r.refused(refused)
		return nil
	}
	return err
}

func (r *reading) refused(e *paxos.Error) {
	switch {
	case e.Operation == "ListAccounts":
		r.differs(PointUnread, "the accounts of its identity cannot be listed (HTTP %d)", e.Status)
	case e.Status == http.StatusNotFound:
		r.differs(PointMissing, "Paxos does not know it")
	default:
		r.differs(PointUnread, "it cannot be read (HTTP %d)", e.Status)
	}
}

func (v *verification) took(got reading) *reading {
	v.done.Add(1)
	if len(got.points) > 0 {
		v.differ.Add(1)
	}
	return &got
}

// pulse tells a Paxos that is away from an object that cannot be read.
type pulse struct {
	mu       sync.Mutex
	last     time.Time // good answer
	badSince time.Time
}

func (p *pulse) good(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last, p.badSince = now, time.Time{}
}

func (p *pulse) calm() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.badSince = time.Time{}
}

// bad returns an error after five minutes of nothing but trouble.
func (p *pulse) bad(now time.Time, err error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.badSince.IsZero() {
		p.badSince = now
	}
	if now.Sub(p.badSince) < patience {
		return nil
	}
	return fmt.Errorf("%w: nothing but trouble for %s, the last: %w", ErrUnreachable, patience, err)
}

func (p *pulse) beatSince(t time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last.After(t)
}
