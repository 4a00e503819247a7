package pipeline

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"embark/onboard"
	"embark/paxos"
)

const (
	judgedAfter = 100             // answers before the share of refusals counts
	patience    = 5 * time.Minute // of trouble and nothing else, before the run gives up
	trouble     = 20              // bad answers in a row that slow the run down
)

// health judges the answers of a whole run: too many refusals point to a wrong
// file or mapping, and nothing but trouble for minutes to an API that is away.
type health struct {
	maxErrors float64

	mu       sync.Mutex
	answers  int
	refused  int
	streak   int       // bad answers in a row
	badSince time.Time // first of them
}

// note takes the answer to a step and returns an error when the run must stop.
func (h *health) note(s onboard.Step, a onboard.Answer) error {
	if errors.Is(a.Err, paxos.ErrCredentials) || errors.Is(a.Err, paxos.ErrScope) {
		return a.Err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	status := paxos.StatusOf(a.Err)
	switch {
	case a.Err == nil || a.Conflict != "":
		h.good()
	case status == http.StatusTooManyRequests || paxos.GaveUp(a.Err):
		h.badSince = time.Time{} // the run is silent, which is no trouble of Paxos's
	case refusedCreate(s, a):
		h.good()
		h.refused++
		return h.judge(a.Err)
	case refusal(a.Err):
		h.good()
	default:
		return h.bad(a)
	}
	return nil
}

// refusedCreate: the create itself was refused, not a look-up before or after it.
func refusedCreate(s onboard.Step, a onboard.Answer) bool {
	return s.Action == onboard.Create && refusal(a.Err) && !errors.Is(a.Err, paxos.ErrNotSent) && a.Candidate == "" && !a.Exists
}

func refusal(err error) bool {
	var e *paxos.Error
	return errors.As(err, &e) && e.Refused()
}

func (h *health) good() {
	h.answers++
	h.streak, h.badSince = 0, time.Time{}
}

func (h *health) judge(last error) error {
	if h.answers < judgedAfter || float64(h.refused) <= h.maxErrors*float64(h.answers) {
		return nil
	}
	return fmt.Errorf("%w: %d of %d, the last with %w", ErrErrorBudget, h.refused, h.answers, last)
}

func (h *health) bad(a onboard.Answer) error {
	h.streak++
	if h.badSince.IsZero() {
		h.badSince = a.At
	}
	if a.At.Sub(h.badSince) < patience {
		return nil
	}
	return fmt.Errorf("%w: nothing but trouble for %s, the last: %w", ErrUnreachable, patience, a.Err)
}

// troubled tells the dispatcher to go slow: while nothing but bad answers come
// back, every further request adds to what has to be settled later.
func (h *health) troubled() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.streak >= trouble
}
