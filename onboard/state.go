package onboard

import (
	"slices"

	"embark/paxos"
)

// State is where an object stands in its life.
type State string

// The states. Waiting and ready objects were never sent, or certainly not
// accepted; sent ones have an open intent; those in doubt may exist.
const (
	Waiting  State = "waiting"
	Ready    State = "ready"
	Sent     State = "sent"
	InDoubt  State = "in_doubt"
	Pending  State = "made"
	Decided  State = "decided"
	Conflict State = "conflict"
	Refused  State = "refused"
)

// States lists every state, in the order of an object's life.
func States() []State {
	return []State{Waiting, Ready, Sent, InDoubt, Pending, Decided, Conflict, Refused}
}

// State derives the state from the facts.
func (r Record) State() State {
	switch {
	case r.Problem.conflict():
		return Conflict
	case r.Problem != nil:
		return Refused
	case r.ID != "":
		return r.madeState()
	case r.Intent != nil:
		return Sent
	case r.inDoubt():
		return InDoubt
	case !r.needsMet():
		return Waiting
	}
	return Ready
}

// madeState: an account is done when its profile is known, others when their
// status is final.
func (r Record) madeState() State {
	if r.Unread || !r.Key.Kind().final(r.Status) {
		return Pending
	}
	return Decided
}

// decided tells whether a status is a decision. An unknown status is not.
func decided(status string) bool {
	switch status {
	case paxos.StatusApproved, paxos.StatusDenied, paxos.StatusError, paxos.StatusDisabled, paxos.FiatAccountRejected:
		return true
	}
	return false
}

// Decided tells whether Paxos has decided upon the object, one way or the other.
func (r Record) Decided() bool { return decided(r.Status) }

func (r Record) inDoubt() bool { return r.Attempt > 0 || r.Exists || r.Candidate != "" }

func (r Record) needsMet() bool {
	for _, n := range r.Needs {
		if !n.met() {
			return false
		}
	}
	return true
}

func (n Need) met() bool {
	switch n.For {
	case ItsID:
		return n.ID != ""
	case ItsProfile:
		return n.Profile != ""
	case ItsRequests:
		return n.ID != "" && len(n.Asked) > 0
	}
	return n.ID != "" && n.Status == paxos.StatusApproved
}

// Unmet are the needs that keep the object from being made.
func (r Record) Unmet() []Need {
	return slices.DeleteFunc(slices.Clone(r.Needs), Need.met)
}

// blocked tells whether a need was decided against: the object will not be
// made unless Paxos changes its mind.
func (r Record) blocked() bool { return slices.ContainsFunc(r.Needs, Need.failed) }

func (n Need) failed() bool {
	if n.Status == refusedNeed {
		return true
	}
	switch n.For {
	case ItsID:
		return false
	case ItsProfile:
		return n.ID != "" && n.Profile == "" // an account can never be given one later
	case ItsRequests:
		return decided(n.Status) && len(n.Asked) == 0
	}
	return decided(n.Status) && n.Status != paxos.StatusApproved
}

// Unfinished tells whether a run may still have to do something about the
// object, or to wait for Paxos.
func (r Record) Unfinished() bool {
	switch r.State() {
	case Decided, Conflict, Refused:
		return false
	case Waiting:
		return !r.blocked()
	case InDoubt:
		return !r.moot()
	}
	return true
}

// moot: Paxos decided without the document, so that it does not matter any more
// whether it arrived.
func (r Record) moot() bool { return r.Key.Kind() == KindDocument && r.blocked() }
