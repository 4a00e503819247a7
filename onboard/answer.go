package onboard

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"embark/paxos"
)

// Object is what the pipeline keeps of anything Paxos made.
type Object struct {
	ID        string
	Status    string
	StatusAt  time.Time
	ProfileID string
	MemoID    string
	Unread    bool // account: whether it has a profile could not be read
}

// Answer is what came of a step, whatever the kind.
type Answer struct {
	Object    *Object   // the object, however come by; of a Recheck, the need's
	Origin    Origin    // how it was come by
	Conflict  string    // code of the conflict that was found
	Other     string    // id of the identity in the way
	Candidate string    // id that could not be read yet
	Exists    bool      // Paxos says that it exists, and it was not found
	Err       error     // the error, if any, that ended the step
	At        time.Time // when the step came back
}

// Do carries the step out. The create calls in here are the only ones in the
// project that write at Paxos.
func (s Step) Do(ctx context.Context, api API) Answer {
	a := s.do(ctx, api)
	a.At = time.Now()
	return a
}

func (s Step) do(ctx context.Context, api API) Answer {
	trade := s.Record.Key.Kind().trade()
	switch s.Action {
	case Recheck:
		need, _ := s.Record.staleNeed(s.Now)
		return readIdentity(ctx, api, need.ID)
	case Read:
		return trade.read(ctx, api, s.Record)
	case Resolve:
		return resolveIdentity(ctx, api, s, s.Record.Candidate)
	case Find:
		if trade.find != nil {
			return findAgain(s, trade.find(ctx, api, s.Record), nil)
		}
		return Answer{Err: paxos.ErrNotSent}
	}
	return trade.create(ctx, api, s)
}

// writing is the context of a create: with its deadline, and telling when the
// request may leave.
func (s Step) writing(ctx context.Context) context.Context {
	return paxos.WithSendBefore(ctx, s.Intent.Before, s.Sent)
}

// Apply says what the answer to a step means for the record as it is now. The
// answer to a create closes its intent, whatever it is. Readings hold no intent:
// one that comes back while a create is open, or when the object is settled, is
// too late to count. The answer to a [Recheck] is not for this record but for
// the need's: see [Observe].
func Apply(r Record, s Step, a Answer) Record {
	if s.Action != Create && r.Intent != nil || s.Action == Recheck {
		return r
	}
	r.Intent = nil
	switch {
	case r.ID != "" && a.Object != nil && a.Object.ID != r.ID, r.ID != "" && a.Object == nil && s.Action != Read:
		return r
	case a.Object != nil:
		return made(r, s, a)
	case a.Conflict != "":
		return stopped(r, conflict(a))
	case a.Candidate != "" || a.Exists:
		r.Candidate, r.Exists, r.Returned = a.Candidate, a.Exists, a.At
		r.Lost = lookUps(r, s)
	case s.Action != Create:
		return unread(r, s, a)
	case paxos.Uncertain(a.Err):
		r.Attempt = max(r.Attempt, s.Intent.Attempt)
		r = r.begun(s)
		r.Lost++
		r.Returned = a.At
	default:
		return refused(r, a)
	}
	return r
}

// made records the id. The request has served and is dropped.
func made(r Record, s Step, a Answer) Record {
	if r.ID == "" {
		r.ID, r.Origin, r.Lost = a.Object.ID, a.Origin, 0
	} else {
		r.Lost++ // readings slow down
	}
	r.Problem, r.Request, r.Sealed, r.Candidate, r.Exists = nil, nil, nil, "", false
	r.Unread = a.Object.Unread
	r.ProfileID = or(a.Object.ProfileID, r.ProfileID)
	r.MemoID = or(a.Object.MemoID, r.MemoID)
	r, _ = Observe(r, a.Object.Status, a.Object.StatusAt)
	if r.State() == Decided {
		r.Lost = 0
	} else if r.Unread || r.Key.Kind().polled() {
		r.Returned = a.At
	}
	return r
}

func or(v, otherwise string) string {
	if v == "" {
		return otherwise
	}
	return v
}

// lookUps counts those in a row that did not find what exists.
func lookUps(r Record, s Step) int {
	if s.Action == Find {
		return r.Lost + 1
	}
	return 0
}

// begun notes when an order was first on its way.
func (r Record) begun(s Step) Record {
	if r.Key.Kind() == KindOrder && r.First.IsZero() {
		r.First = s.Intent.Time
	}
	return r
}

// refused records a definite no, unless it only means "not now": not sent,
// 401 and 429 leave the record as it was before the intent. A repeat that is
// refused settles the earlier attempts too: they carried the same content, and
// had one been accepted, the answer would be that the ref_id is taken. Where
// only the look-up before a repeat was refused, nothing is settled: it is tried
// again after the pause.
func refused(r Record, a Answer) Record {
	var e *paxos.Error
	if !errors.As(a.Err, &e) || !e.Refused() || errors.Is(a.Err, paxos.ErrScope) {
		return r
	}
	if errors.Is(a.Err, paxos.ErrNotSent) && r.inDoubt() {
		r.Returned = a.At
		return r
	}
	return stopped(r, &Problem{Code: CodeRefused, Status: e.Status, Type: e.Type, Field: e.Field})
}

// conflict: all but a bad file comes of a 409.
func conflict(a Answer) *Problem {
	if a.Conflict == CodeFile {
		return &Problem{Code: CodeFile}
	}
	return &Problem{Code: a.Conflict, Status: http.StatusConflict, Other: a.Other}
}

// stopped ends the object's life until its row changes or the operator asks
// for another try. The sealed request goes: a retry comes with a row.
func stopped(r Record, p *Problem) Record {
	r.Problem, r.Request, r.Sealed, r.Candidate, r.Exists = p, nil, nil, "", false
	return r
}

// unread is a reading that failed: try later and later, or give up on an
// identity that the row named and that cannot be read.
func unread(r Record, s Step, a Answer) Record {
	r.Returned = a.At
	r.Lost++
	if s.Action == Read && r.Origin == Given && r.Status == "" && gone(a.Err) {
		r = stopped(r, &Problem{Code: CodeUnreadable, Status: paxos.StatusOf(a.Err), Other: r.ID})
		r.ID = ""
	}
	return r
}

// gone: 403 and 404 mean that the object is not ours to read.
func gone(err error) bool {
	status := paxos.StatusOf(err)
	return !errors.Is(err, paxos.ErrScope) && (status == http.StatusNotFound || status == http.StatusForbidden)
}

// notMade marks an error that came before the create was sent.
func notMade(err error) error {
	if errors.Is(err, paxos.ErrCredentials) || errors.Is(err, paxos.ErrScope) {
		return err
	}
	return fmt.Errorf("%w: %w", paxos.ErrNotSent, err)
}
