package paxossim

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/google/uuid"

	"embark/paxos"
)

// identitySide is the part of the state that only some identities need:
// institutions, those that owe documents, those whose status was set.
type identitySide struct {
	extras   map[int32]*extra
	memberOf map[int32][]int32 // institutions that a member blocks until it is approved
	joint    map[int32][]paxos.AccountMember

	documents     []*document
	documentByID  map[uuid.UUID]int32
	institutions  int
	members       int // of institutions
	jointMembers  int // of accounts, added later
	uploads       int
	webhooks      map[uuid.UUID]webhookEnd // deliveries that are over, by event
	tests         map[uuid.UUID]uuid.UUID  // test events, and the event they went along with
	webhooksTried int
	webhooksDone  int
}

func newIdentitySide() identitySide {
	return identitySide{extras: map[int32]*extra{}, memberOf: map[int32][]int32{}, joint: map[int32][]paxos.AccountMember{},
		documentByID: map[uuid.UUID]int32{}, webhooks: map[uuid.UUID]webhookEnd{}, tests: map[uuid.UUID]uuid.UUID{}}
}

// extra is what changes about such an identity.
type extra struct {
	members     []paxos.InstitutionMember // those of the create and those added
	joined      int64                     // when the last ones were added
	asked       bool                      // identity.documents_required has been sent
	documents   []int32
	subs        *subStatuses // set by sandbox-status: chance decides no longer
	user, admin bool         // disabled by
	before      status       // what the identity is again when neither disables it
}

// extra returns the extra of an identity, for changing it.
func (st *state) extra(n int32) *extra {
	x := st.extras[n]
	if x == nil {
		x = &extra{}
		st.extras[n] = x
	}
	return x
}

var noExtra extra

// known returns the extra of an identity, for reading.
func (st *state) known(n int32) *extra {
	if x := st.extras[n]; x != nil {
		return x
	}
	return &noExtra
}

// next is the decision that only time keeps from identity n. There is none
// while it waits for documents, members or a hand. It is computed from the
// facts each time, so that what became of an identity needs no second account
// of it: a decision in the queue that is not next any more is dropped.
func (st *state) next(n int32) (d decision, due bool) {
	id, x := st.identities[n], st.known(n)
	if st.statuses[n] != pending || id.Becomes == pending || x.subs != nil {
		return decision{}, false
	}
	d = decision{due: id.Due, identity: n, to: id.Becomes}
	if len(id.Wants) > 0 && !x.asked {
		return decision{due: id.Due, identity: n, asks: true}, true
	}
	for _, since := range []func(int32) (int64, bool){st.documentsSince, st.membersSince} {
		at, ready := since(n)
		if !ready {
			return decision{}, false
		}
		if at > 0 {
			d.due = max(d.due, st.after(n, at))
		}
	}
	return d, true
}

// after is the usual delay of an identity's decision after a moment.
func (st *state) after(n int32, moment int64) int64 {
	return st.delayed(key(nameOf(st.identities[n].RefID, int(n))), moment)
}

// documentsSince is when the last required type of document arrived.
func (st *state) documentsSince(n int32) (since int64, all bool) {
	for _, want := range st.identities[n].Wants {
		at, found := st.arrived(n, want)
		if !found {
			return 0, false
		}
		since = max(since, at)
	}
	return since, true
}

// membersSince is when the last member of an institution was approved. Only an
// approval waits for that. An institution without members waits for some.
func (st *state) membersSince(n int32) (since int64, all bool) {
	id, x := st.identities[n], st.known(n)
	if !id.Institution || id.Becomes != approved {
		return 0, true
	}
	since = x.joined
	for _, m := range x.members {
		of, found := st.number(m.IdentityID)
		if !found || st.statuses[of] != approved {
			return 0, false
		}
		since = max(since, st.updated[of])
	}
	return since, len(x.members) > 0
}

// plan queues the next decision of an identity, if there is one.
func (st *state) plan(n int32) {
	if d, due := st.next(n); due {
		st.queue.add(d)
	}
}

// planBlocked plans what an approval may have set free.
func (st *state) planBlocked(member int32) {
	for _, n := range st.memberOf[member] {
		st.plan(n)
	}
}

// addMembers takes over members of an institution that are new, or come from
// the journal.
func (st *state) addMembers(n int32, members []paxos.InstitutionMember) {
	x := st.extra(n)
	x.members = append(x.members, members...)
	st.members += len(members)
	for _, m := range members {
		if of, found := st.number(m.IdentityID); found && !slices.Contains(st.memberOf[of], n) {
			st.memberOf[of] = append(st.memberOf[of], n)
		}
	}
}

// The kinds of entries of the identity side.
const (
	membersEntry  byte = 'M'
	jointEntry    byte = 'J'
	documentEntry byte = 'D'
	uploadEntry   byte = 'U'
	sandboxEntry  byte = 'S'
	webhookEntry  byte = 'W'
)

// replaySide takes over one entry of the identity side.
func (st *state) replaySide(kind byte, head []byte) error {
	replays := map[byte]func([]byte) error{
		membersEntry:  replayed(st.validMembers, st.addJoined),
		jointEntry:    replayed(st.validJoint, st.addJoint),
		documentEntry: replayed(st.validDocument, st.addDocument),
		uploadEntry:   replayed(st.validUpload, st.addUpload),
		sandboxEntry:  replayed(st.validSandbox, st.addSandbox),
		webhookEntry:  replayed(func(webhookEnded) bool { return true }, st.addWebhook),
	}
	replay, known := replays[kind]
	if !known {
		return errors.New("unknown kind of entry")
	}
	return replay(head)
}

func replayed[T any](valid func(T) bool, add func(T)) func([]byte) error {
	return func(head []byte) error {
		var v T
		if err := json.Unmarshal(head, &v); err != nil || !valid(v) {
			return errDamaged
		}
		add(v)
		return nil
	}
}
