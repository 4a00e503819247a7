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
	judgedAfter = 100             // answers to creates before the share of refusals counts
	patience    = 5 * time.Minute // of trouble and nothing else, before the run gives up
	trouble     = 20              // bad answers in a row that slow the run down
)

// health judges the answers of a whole run: too many customers refused point to
// a wrong file or mapping, and nothing but trouble for minutes to an API that is
// away. Orders and the like do not count: an order that a customer has no money
// for says nothing about the file.
type health struct {
	maxErrors float64

	mu       sync.Mutex
	answers  int       // to creates of identities and accounts
	refused  int       // of them
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
		h.good(s)
	case status == http.StatusTooManyRequests || paxos.GaveUp(a.Err):
		h.badSince = time.Time{} // the run is silent, which is no trouble of Paxos's
	case judged(s) && refusedCreate(s, a):
		h.good(s)
		h.refused++
		return h.judge(a.Err)
	case refusal(a.Err):
		h.good(s)
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

// judged: what every customer needs.
func judged(s onboard.Step) bool {
	kind := s.Record.Key.Kind()
	return s.Action == onboard.Create && (kind == onboard.KindIdentity || kind == onboard.KindAccount)
}

func (h *health) good(s onboard.Step) {
	if judged(s) {
		h.answers++
	}
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
