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

// OutcomeOf folds the records of what a row asks for, the identity first. Those
// that are not known count as not begun; finished tells that all was done before
// the run began. Of several objects that are not done, the first one speaks.
func OutcomeOf(records []Record, finished bool) (Outcome, *Problem) {
	if o, p, done := identityOutcome(records[0]); done {
		return o, p
	}
	adopted := records[0].Origin == Adopted
	for _, r := range records[1:] {
		if o, p, done := objectOutcome(r); done {
			return o, p
		}
		adopted = adopted || r.Origin == Adopted
	}
	switch {
	case finished:
		return AlreadyOnboarded, nil
	case adopted:
		return OutcomeAdopted, nil
	}
	return Onboarded, nil
}

// objectOutcome: what hangs on the account is optional, so that a refusal of
// it leaves the customer incomplete.
func objectOutcome(r Record) (Outcome, *Problem, bool) {
	switch r.Key.Kind() {
	case KindDocument, KindSandboxStatus:
		return "", nil, false // the identity's status tells
	case "", KindAccount:
		return accountOutcome(r)
	}
	switch r.State() {
	case Conflict, Refused:
		return Incomplete, r.Problem, true
	case Sent, InDoubt:
		return OutcomeInDoubt, nil, true
	case Waiting, Ready:
		return OutcomeWaiting, nil, true
	case Pending:
		return OutcomePending, nil, true
	}
	return finalOutcome(r)
}

// finalOutcome: a bank account that was rejected, instructions that are not to
// be used any more, or an order that was not filled, are no success.
func finalOutcome(r Record) (Outcome, *Problem, bool) {
	if r.Key.Kind() == KindDepositInstructions && r.Status != "" && r.Status != paxos.DepositValid {
		return Incomplete, nil, true
	}
	switch r.Status {
	case paxos.FiatAccountRejected, paxos.OrderCancelled, paxos.OrderExpired: // REJECTED is an order's, too
		return Incomplete, nil, true
	}
	return "", nil, false
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
