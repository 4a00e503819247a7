package paxossim

import (
	"fmt"

	"embark/paxos"
)

// status is a summary status in one byte, so that a sweep over a million
// identities for one status reads a megabyte.
type status uint8

const (
	pending status = iota
	approved
	denied
	errored
	unknown
	disabled
	statuses
)

// statusNames are the API's texts. UNDER_REVIEW is not among its values: it
// stands for one that Paxos may add without notice.
func statusNames() [statuses]string {
	return [statuses]string{paxos.StatusPending, paxos.StatusApproved, paxos.StatusDenied, paxos.StatusError,
		"UNDER_REVIEW", paxos.StatusDisabled}
}

func (s status) String() string { return statusNames()[s] }

// parseStatus is the reverse of String.
func parseStatus(name string) (status, error) {
	for s, known := range statusNames() {
		if name == known {
			return status(s), nil
		}
	}
	return 0, fmt.Errorf("unknown status %q", name)
}

// eventType is the event that announces a change to s, or "": nothing
// announces ERROR. The one for the unknown status is made up as well, since
// event types may be added too.
func (s status) eventType() string {
	switch s {
	case approved:
		return paxos.EventIdentityApproved
	case denied:
		return paxos.EventIdentityDenied
	case disabled:
		return paxos.EventIdentityDisabled
	case unknown:
		return "identity.under_review"
	}
	return ""
}

// keyed gives the status under the keys that the options ask for: the older
// summary_status, the newer status, or both.
func (k StatusKeys) keyed(s status) (summary, current string) {
	if k != StatusKey {
		summary = s.String()
	}
	if k != SummaryStatusKey {
		current = s.String()
	}
	return summary, current
}
