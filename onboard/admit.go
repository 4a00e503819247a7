package onboard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// Admission is what becomes of a row in view of what is known of its object.
type Admission string

// Admissions.
const (
	Fresh    Admission = "fresh"   // nothing was known, or nothing that was sent: the row counts
	Same     Admission = "same"    // the row says what is known already
	Changed  Admission = "changed" // Paxos has, or may have, other content: the row is not sent
	Retried  Admission = "retried" // refused before, and to be tried again
	NoObject Admission = "nothing" // the row asks for no such object
)

// Drafts turns a customer into the records it asks for: the identity and, unless
// account.type is NONE, the account, which needs it. print makes the keyed
// fingerprints.
func Drafts(c *Customer, cells []string, seen Place, print func([]byte) []byte) (identity, account Record, err error) {
	identity = Record{Key: NewKey(KindIdentity, c.RefID), Seen: seen}
	identity.Cells = print(cellBytes(cells))
	if c.IdentityID != "" {
		identity.ID, identity.Origin = c.IdentityID, Given
		identity.Print = print([]byte(c.IdentityID))
	} else if err := fill(&identity, c.Identity, print); err != nil {
		return identity, account, err
	}
	if c.Account == nil {
		return identity, account, nil
	}
	account = Record{Key: NewKey(KindAccount, c.Account.Account.RefID), Needs: []Need{{Key: identity.Key}}, Seen: seen}
	identity.Needed = []Key{account.Key}
	return identity, account, fill(&account, c.Account, print)
}

// fill marshals the request once; what is stored, fingerprinted and sent is
// the same.
func fill(r *Record, request any, print func([]byte) []byte) error {
	body, err := json.Marshal(request)
	if err != nil {
		return fmt.Errorf("request of %q: %w", r.Key, err)
	}
	r.Request, r.Print = body, print(body)
	return nil
}

// cellBytes joins cells so that no two different rows give the same bytes.
func cellBytes(cells []string) []byte {
	var b []byte
	for _, cell := range cells {
		b = strconv.AppendInt(b, int64(len(cell)), 10)
		b = append(b, ':')
		b = append(b, cell...)
	}
	return b
}

// Admit weighs a draft against the record that is known under its key. Once
// Paxos has, or may have, the object, other content is [Changed] and the record
// stays; before that the newer row simply replaces the older.
func Admit(known, draft Record, retryRefused bool) (Record, Admission) {
	switch {
	case !draft.Known():
		return known, NoObject
	case !known.Known():
		return draft, Fresh
	case !sameNeeds(known, draft):
		return known, Changed // it is somebody else's, or the draft asks for it to become so
	case bytes.Equal(known.Print, draft.Print):
		return admitSame(known, draft, retryRefused)
	case known.ID != "" || known.State() == Sent || known.State() == InDoubt:
		return known, Changed
	}
	return replace(known, draft), Fresh
}

// replace puts the draft in the place of a record that Paxos does not have,
// keeping what is known of its surroundings and of attempts in doubt.
func replace(known, draft Record) Record {
	draft.Attempt, draft.Intent = known.Attempt, nil
	draft.Needed = union(known.Needed, draft.Needed)
	draft.Needs = keepNeeds(known.Needs, draft.Needs)
	return draft
}

// sameNeeds: an account's request does not say whose it is; its needs do.
func sameNeeds(a, b Record) bool {
	return slices.EqualFunc(a.Needs, b.Needs, func(x, y Need) bool { return x.Key == y.Key })
}

func admitSame(known, draft Record, retryRefused bool) (Record, Admission) {
	switch {
	case known.Problem != nil && retryRefused:
		return replace(known, draft), Retried
	case !known.hasRequest() && known.State() == Ready:
		known.Request = draft.Request
	}
	known.Needed = union(known.Needed, draft.Needed)
	return known, Same
}

func union(a, b []Key) []Key {
	for _, k := range b {
		if !slices.Contains(a, k) {
			a = append(slices.Clip(a), k)
		}
	}
	return a
}

// keepNeeds keeps what was heard of the needs that stay.
func keepNeeds(known, draft []Need) []Need {
	kept := slices.Clone(draft)
	for i, n := range kept {
		if j := slices.IndexFunc(known, func(k Need) bool { return k.Key == n.Key }); j >= 0 {
			kept[i] = known[j]
		}
	}
	return kept
}
