package paxossim

import (
	"container/heap"
	"encoding/json"
	"errors"
	"slices"
)

// openState returns the state that the journal tells, or an empty one.
func openState(o Options) (*state, error) {
	st := newState(o)
	if o.StatePath == "" {
		return st, nil
	}
	j, err := openJournal(o.StatePath, st.replay)
	if err != nil {
		return nil, err
	}
	st.journal = j
	st.requeue()
	return st, nil
}

// replay takes over one entry of the journal.
func (st *state) replay(kind byte, head, body []byte) error {
	switch kind {
	case identityEntry:
		id := &identity{body: slices.Clone(body)}
		if err := json.Unmarshal(head, id); err != nil || id.Becomes >= statuses {
			return errDamaged
		}
		st.addIdentity(id)
	case accountEntry:
		a := &account{body: slices.Clone(body)}
		if err := json.Unmarshal(head, a); err != nil || !st.has(a.Identity) {
			return errDamaged
		}
		st.addAccount(a)
	case decidedEntry:
		var d decided
		if err := json.Unmarshal(head, &d); err != nil || !st.has(d.Identity) || d.To >= statuses {
			return errDamaged
		}
		st.addDecision(d)
	case fiatEntry, instructionsEntry, depositEntry, orderEntry:
		return st.replayMoney(kind, head, body)
	default:
		return st.replaySide(kind, head)
	}
	return nil
}

var errDamaged = errors.New("damaged entry")

func (st *state) has(identity int32) bool {
	return identity >= 0 && int(identity) < len(st.identities)
}

// requeue drops the decisions that the journal has seen taken. The others come
// due as planned, also when their time passed while nothing was running.
func (st *state) requeue() {
	st.queue = slices.DeleteFunc(st.queue, func(d decision) bool {
		next, due := st.next(d.identity)
		return !due || next != d
	})
	heap.Init(&st.queue)
}
