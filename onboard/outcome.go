package onboard

import "embark/paxos"

// Outcome is where a row stands at the end of a run, as the report names it.
type Outcome string

// The outcomes.
const (
	Onboarded        Outcome = "onboarded"
	AlreadyOnboarded Outcome = "already_onboarded"
	OutcomeAdopted   Outcome = "adopted"
	OutcomePending   Outcome = "pending"
	DocumentsNeeded  Outcome = "documents_needed"
	OutcomeWaiting   Outcome = "waiting"
	Denied           Outcome = "denied"
	Held             Outcome = "held"
	OutcomeConflict  Outcome = "conflict"
	OutcomeChanged   Outcome = "changed"
	OutcomeInDoubt   Outcome = "in_doubt"
	Failed           Outcome = "failed"
	Incomplete       Outcome = "incomplete"
	Rejected         Outcome = "rejected"
	RepeatedRow      Outcome = "repeated"
	NotStarted       Outcome = "not_started"
)

// Outcomes lists every outcome, in the order in which a summary shows them.
func Outcomes() []Outcome {
	return []Outcome{Onboarded, AlreadyOnboarded, OutcomeAdopted, OutcomePending, DocumentsNeeded, OutcomeWaiting,
		Denied, Held, OutcomeConflict, OutcomeChanged, OutcomeInDoubt, Failed, Incomplete, Rejected, RepeatedRow, NotStarted}
}

// OutcomeOf folds a customer's records. account is the zero record when the
// row asks for none; finished tells that all was done before the run began.
func OutcomeOf(identity, account Record, wantsAccount, finished bool) (Outcome, *Problem) {
	if o, p, done := identityOutcome(identity); done {
		return o, p
	}
	if wantsAccount {
		if o, p, done := accountOutcome(account); done {
			return o, p
		}
	}
	switch {
	case finished:
		return AlreadyOnboarded, nil
	case identity.Origin == Adopted || account.Origin == Adopted:
		return OutcomeAdopted, nil
	}
	return Onboarded, nil
}

func identityOutcome(r Record) (Outcome, *Problem, bool) {
	if !r.Known() {
		return NotStarted, nil, true
	}
	switch r.State() {
	case Conflict:
		return OutcomeConflict, r.Problem, true
	case Refused:
		return Failed, r.Problem, true
	case Sent, InDoubt:
		return OutcomeInDoubt, nil, true
	case Waiting:
		return OutcomeWaiting, nil, true
	case Ready:
		return NotStarted, nil, true
	}
	return statusOutcome(r)
}

// statusOutcome takes only APPROVED for success: an unknown status is pending.
func statusOutcome(r Record) (Outcome, *Problem, bool) {
	switch r.Status {
	case paxos.StatusApproved:
		return "", nil, false
	case paxos.StatusDenied:
		return Denied, nil, true
	case paxos.StatusError, paxos.StatusDisabled:
		return Held, nil, true
	}
	if len(r.Documents) > 0 {
		return DocumentsNeeded, nil, true
	}
	return OutcomePending, nil, true
}

func accountOutcome(r Record) (Outcome, *Problem, bool) {
	if !r.Known() {
		return NotStarted, nil, true
	}
	switch r.State() {
	case Conflict:
		return OutcomeConflict, r.Problem, true
	case Refused:
		return Failed, r.Problem, true
	case Sent, InDoubt:
		return OutcomeInDoubt, nil, true
	case Waiting, Ready, Pending:
		return OutcomeWaiting, nil, true
	}
	if r.ProfileID == "" {
		return Incomplete, nil, true
	}
	return "", nil, false
}
