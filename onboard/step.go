package onboard

import (
	"context"
	"encoding/json"
	"time"

	"embark/paxos"
)

// API is the part of Paxos that the steps use, and the files that go there.
type API interface {
	Platform
	CheckFile(path string) error                                // [ErrFile] if it cannot be sent
	SendFile(ctx context.Context, uploadURL, path string) error // to where UploadDocument says; [ErrFile] if it cannot be
}

// Platform is the part of Paxos that the steps use.
type Platform interface {
	CreateIdentity(ctx context.Context, body json.RawMessage) (*paxos.Identity, error)
	GetIdentity(ctx context.Context, id string, details bool) (*paxos.Identity, error)
	UploadDocument(ctx context.Context, identityID string, r paxos.UploadDocumentRequest) (*paxos.DocumentUpload, error)
	ListIdentityDocuments(ctx context.Context, identityID string, pending bool) (*paxos.DocumentList, error)
	SandboxSetIdentityStatus(ctx context.Context, identityID string, r paxos.SandboxStatusRequest) error

	CreateAccount(ctx context.Context, body json.RawMessage) (*paxos.Account, error)
	GetAccount(ctx context.Context, id string) (*paxos.Account, error)
	ListAccounts(context.Context, paxos.ListAccountsQuery) (*paxos.AccountPage, error)

	AddAccountMembers(ctx context.Context, accountID string, members []paxos.AccountMember) ([]paxos.AccountMember, error)

	CreateFiatAccount(ctx context.Context, body json.RawMessage) (*paxos.FiatAccount, error)
	GetFiatAccount(ctx context.Context, id string) (*paxos.FiatAccount, error)
	ListFiatAccounts(ctx context.Context, q paxos.ListFiatQuery) (*paxos.FiatAccountPage, error)
	CreateFiatDepositInstructions(ctx context.Context, body json.RawMessage) (*paxos.FiatDepositInstructions, error)
	ListFiatDepositInstructions(ctx context.Context, q paxos.ListFiatQuery) (*paxos.FiatDepositInstructionsPage, error)

	CreateSandboxDeposit(ctx context.Context, profileID string, body json.RawMessage) (activityID string, err error)
	GetProfileBalance(ctx context.Context, profileID, asset string) (*paxos.ProfileBalance, error)
	CreateOrder(ctx context.Context, profileID string, body json.RawMessage) (*paxos.Order, error)
	GetOrder(ctx context.Context, profileID, id string) (*paxos.Order, error)
	ListOrders(ctx context.Context, q paxos.ListOrdersQuery) (*paxos.OrderPage, error)
}

// Action is what a step does at Paxos.
type Action string

// Actions. Only Create writes, and only Create needs an intent.
const (
	Create  Action = "create"
	Find    Action = "find"    // look for an account that exists, or may exist and must not be made
	Resolve Action = "resolve" // read the identity that a 409 named
	Read    Action = "read"    // read an identity's status, or an account's profile
	Recheck Action = "recheck" // read the status of a need whose approval is old
)

// Step is one advance of one object: one decision and at most one write.
type Step struct {
	Action Action
	Record Record    // the object as it was when the step was decided
	Intent Intent    // of a Create; to be stored before Do
	Sent   func()    // called when the write may leave; may be nil
	Now    time.Time // when the step was decided
}

// Policy holds the few settings that the life of an object depends on. The
// zero value has the defaults.
type Policy struct {
	Settle  time.Duration // pause before an object in doubt is looked for; default 30 s
	Run     uint32        // this process, for its intents
	Orders  bool          // orders may be sent
	Sandbox bool          // what exists only in Paxos's sandbox may be sent
}

const (
	sendWithin  = 15 * time.Second // a create is sent this soon after its intent, or not at all
	staleAfter  = time.Hour        // an approval older than this is read again before an account is made
	firstPause  = time.Second      // before a repeat; doubles with each lost answer
	longestWait = time.Minute
	askAgain    = time.Hour // for an identity of which a 409 said only that it exists, and at most for what is looked at in vain
)

func (p Policy) settle() time.Duration {
	if p.Settle == 0 {
		return 30 * time.Second
	}
	return p.Settle
}

// Next decides what is due for a record. The zero time means nothing, until
// something is heard; a time after now means: ask again then.
func Next(r Record, now time.Time, p Policy) (Step, time.Time) {
	step := Step{Record: r, Now: now}
	switch r.State() {
	case Ready:
		if !p.allows(r.Key.Kind()) {
			return step, time.Time{}
		}
		step.Action = Create
		if _, old := r.staleNeed(now); old {
			step.Action = Recheck
		}
		step.Intent = intent(r, now, p)
		return step, now
	case InDoubt:
		if r.moot() {
			return step, time.Time{}
		}
		return inDoubtStep(step, p)
	case Pending:
		if r.Unread {
			step.Action = Read
			return step, later(r.Returned, 10*firstPause)
		}
		if r.Origin == Given && r.Status == "" {
			step.Action = Read
			return step, later(r.Returned, longestWait)
		}
		if r.Key.Kind().polled() {
			step.Action = Read
			return step, later(r.Returned, slower(firstPause, r.Lost))
		}
	}
	return step, time.Time{}
}

// allows tells whether objects of the kind may be sent at all in this run.
func (p Policy) allows(k Kind) bool {
	return (k != KindOrder || p.Orders) && (!k.sandboxOnly() || p.Sandbox)
}

// inDoubtStep settles an object that may exist: by reading the one a 409 named,
// by looking for it, or by posting it again.
func inDoubtStep(s Step, p Policy) (Step, time.Time) {
	r := s.Record
	switch {
	case r.Candidate != "":
		s.Action = Resolve
		return s, later(r.Returned, 10*firstPause)
	case r.Exists && r.Key.Kind() != KindIdentity:
		s.Action = Find
		return s, later(r.Returned, slower(p.settle(), r.Lost))
	}
	if !r.needsMet() || !p.allows(r.Key.Kind()) || r.forgotten(s.Now) { // look, but do not make
		s.Action = Find
		return s, later(r.Returned, slower(max(longestWait, p.settle()), r.Lost))
	}
	s.Action = Create
	if _, old := r.staleNeed(s.Now); old {
		s.Action = Recheck
	}
	s.Intent = intent(r, s.Now, p)
	switch {
	case r.Key.Kind() != KindIdentity:
		return s, later(r.Returned, p.settle())
	case r.Exists: // a sweep may show it any time; else another 409 may name it
		return s, later(r.Returned, askAgain)
	}
	return s, later(r.Returned, backoff(r.Lost))
}

func later(t time.Time, d time.Duration) time.Time {
	if t.IsZero() {
		return time.Unix(1, 0)
	}
	return t.Add(d)
}

func backoff(lost int) time.Duration {
	return min(firstPause<<min(max(lost-1, 0), 10), longestWait)
}

// slower doubles a pause with each look in vain, up to an hour: what no list
// shows for minutes, only Paxos Support can find, and what is undecided for
// minutes takes days.
func slower(pause time.Duration, vain int) time.Duration {
	return max(pause, min(pause<<min(vain, 12), askAgain))
}

func intent(r Record, now time.Time, p Policy) Intent {
	return Intent{Time: now, Attempt: r.Attempt + 1, Before: now.Add(sendWithin), Run: p.Run}
}

// forgotten tells whether Paxos may have forgotten the ref_id: an order's is
// free again a day after the order is closed, and 20 hours leave a margin.
func (r Record) forgotten(now time.Time) bool {
	return r.Key.Kind() == KindOrder && !r.First.IsZero() && now.Sub(r.First) > 20*time.Hour
}

// Repeat tells whether an earlier attempt may have made the object.
func (s Step) Repeat() bool { return s.Record.Attempt > 0 }

// staleNeed finds a need whose approval was heard of too long ago to rely on.
func (r Record) staleNeed(now time.Time) (Need, bool) {
	for _, n := range r.Needs {
		if n.For == "" && n.Key.Kind() == KindIdentity && now.Sub(n.At) > staleAfter {
			return n, true
		}
	}
	return Need{}, false
}

// Recover closes the intent of a process that is gone. Its request may have
// been sent at any moment up to the deadline, so the object is in doubt, and all but
// an identity has to settle from that moment on. An identity can be posted again
// at once: of two requests with one ref_id Paxos refuses one, in any order.
func Recover(r Record, run uint32) (Record, bool) {
	if r.Intent == nil || r.Intent.Run == run {
		return r, false
	}
	r.Attempt = max(r.Attempt, r.Intent.Attempt)
	r.Returned, r.Lost = time.Time{}, 0
	if r.Key.Kind() != KindIdentity {
		r.Returned = r.Intent.Before
	}
	if r.First.IsZero() && r.Key.Kind() == KindOrder {
		r.First = r.Intent.Time
	}
	r.Intent = nil
	return r, true
}
