package paxossim

import (
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"embark/paxos"
)

// state is everything that Paxos knows. One lock guards it. What never changes
// about an object is in a record that may leave the lock as a pointer; what
// changes is in columns beside it, under the record's number.
type state struct {
	options Options
	seed    seed

	mu      sync.Mutex
	last    int64 // the clock never goes back behind it
	journal *journal

	identities []*identity // in order of creation; the index is the number that all else refers to
	statuses   []status
	updated    []int64
	owned      [][]int32 // numbers of the accounts of an identity
	byID       map[uuid.UUID]int32
	byRefID    map[string]int32
	byCIP      map[string]int32
	updates    []update // every change of updated, in order of time
	counts     [statuses]int
	withRefID  int
	queue      queue // decisions to come

	accounts       []*account // in order of creation
	accountByID    map[uuid.UUID]int32
	accountByRefID map[string]int32
	profiles       int
	multiple       int // identities with more than one account

	events    []event // in order of created
	eventByID map[uuid.UUID]int32
	late      int // events that are shown late
	repeated  int // events that are listed twice

	identitySide
	money money
}

// identity is what never changes about an identity. Times are nanoseconds
// since 1970, cut to microseconds as the API gives them.
type identity struct {
	ID      uuid.UUID `json:"id"`
	RefID   string    `json:"ref_id,omitempty"`
	CIP     string    `json:"cip"` // the unique triple, normalised
	Created int64     `json:"created"`
	Due     int64     `json:"due"`     // when it will be decided
	Becomes status    `json:"becomes"` // and to what; pending: never
	body    []byte    // the create request

	Institution bool                      `json:"institution,omitempty"`
	Members     []paxos.InstitutionMember `json:"members,omitempty"` // as of the create, with ids
	Wants       []string                  `json:"wants,omitempty"`   // document types without which nothing is decided
}

// account is what never changes about an account, which is all of it.
type account struct {
	ID       uuid.UUID `json:"id"`
	RefID    string    `json:"ref_id,omitempty"`
	Identity int32     `json:"identity"`
	Profile  uuid.UUID `json:"profile"` // zero: none
	Created  int64     `json:"created"`
	body     []byte
}

// event is an entry of the events feed.
type event struct {
	ID       uuid.UUID
	Identity int32
	From, To status
	Asks     bool // for documents
	Created  int64
	Visible  int64 // shown from then on
}

// update says that an identity was updated. It is outdated when the identity
// has been updated again since.
type update struct {
	at       int64
	identity int32
}

func newState(o Options) *state {
	return &state{
		options: o, seed: seed(o.Seed),
		byID: map[uuid.UUID]int32{}, byRefID: map[string]int32{}, byCIP: map[string]int32{},
		accountByID: map[uuid.UUID]int32{}, accountByRefID: map[string]int32{},
		eventByID: map[uuid.UUID]int32{}, identitySide: newIdentitySide(), money: newMoney(),
	}
}

// do runs f with the state locked and all due decisions taken. Before it
// returns, what has changed is in the journal.
func (st *state) do(f func(now int64)) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	now := st.now()
	st.decideUntil(now)
	f(now)
	if err := st.journal.flush(); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	return nil
}

// now is the time, but never before a time that has been used: the order of
// the records is the order of their times.
func (st *state) now() int64 {
	st.last = max(st.last, time.Now().UnixNano())
	return st.last
}

// micro cuts a time to microseconds.
func micro(ns int64) int64 { return ns - ns%1000 }

// addIdentity takes over a record that is new, or comes from the journal.
func (st *state) addIdentity(id *identity) {
	n := int32(len(st.identities))
	st.identities = append(st.identities, id)
	st.statuses = append(st.statuses, pending)
	st.updated = append(st.updated, id.Created)
	st.owned = append(st.owned, nil)
	st.byID[id.ID] = n
	st.byCIP[id.CIP] = n
	if id.RefID != "" {
		st.byRefID[id.RefID] = n
		st.withRefID++
	}
	st.counts[pending]++
	st.updates = append(st.updates, update{id.Created, n})
	st.last = max(st.last, id.Created)
	if id.Institution {
		st.institutions++
		st.addMembers(n, id.Members)
	}
	st.plan(n)
}

// addAccount takes over a record that is new, or comes from the journal.
func (st *state) addAccount(a *account) {
	n := int32(len(st.accounts))
	st.accounts = append(st.accounts, a)
	st.accountByID[a.ID] = n
	if a.RefID != "" {
		st.accountByRefID[a.RefID] = n
	}
	st.owned[a.Identity] = append(st.owned[a.Identity], n)
	if len(st.owned[a.Identity]) == 2 {
		st.multiple++
	}
	if a.Profile != uuid.Nil {
		st.profiles++
		st.money.profileOf[a.Profile] = n
	}
	st.last = max(st.last, a.Created)
}

// view is an identity as it was at one moment.
type view struct {
	*identity
	status  status
	updated int64
	subs    *subStatuses         // set by sandbox-status
	why     *paxos.StatusDetails // behind a switch
	members []memberView         // where they are asked for
}

func (st *state) view(n int32) view {
	v := view{identity: st.identities[n], status: st.statuses[n], updated: st.updated[n], subs: st.known(n).subs}
	if st.options.StatusDetails {
		v.why = st.statusDetails(n)
	}
	return v
}

// close closes the journal.
func (st *state) close() error {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.journal.close()
}
