package onboard

import (
	"slices"
	"time"

	"embark/paxos"
)

// Observe brings a status that Paxos reported at a time of its own clock into
// the record. Statuses are followed from any state, since an approval can be
// lost and an error lifted; what is older than what is known is ignored, and
// so is, of the same time, what is no decision. The zero time means as of now,
// for replies that do not say when.
func Observe(r Record, status string, at time.Time) (Record, bool) {
	kind := r.Key.Kind()
	undoes := kind.final(r.Status) && !kind.final(status) && at.Equal(r.StatusAt)
	if at.IsZero() {
		at = r.StatusAt
	}
	if status == "" || at.Before(r.StatusAt) || undoes || r.Status == status && at.Equal(r.StatusAt) {
		return r, false
	}
	r.Status, r.StatusAt = status, at
	if decided(status) {
		r.Documents = nil
	}
	return r, true
}

// Inform tells a record what became of the object it needs; heard is when, by
// our clock. It reports whether anything about the record changed.
func Inform(r Record, need Record, heard time.Time) (Record, bool) {
	changed := false
	for i, was := range r.Needs { // one object may be needed twice, as two members of an institution
		if was.Key != need.Key {
			continue
		}
		is, news := was.heard(need, heard, r.Documents)
		if !news {
			continue
		}
		if !changed {
			r.Needs, changed = slices.Clone(r.Needs), true
		}
		r.Needs[i] = is
	}
	return r, changed
}

// refusedNeed is the status of a need that Paxos will not make, as things stand.
// What waits for it is not expected to be made any more, until it is.
const refusedNeed = "refused"

func (n Need) heard(need Record, at time.Time, documents []string) (Need, bool) {
	switch {
	case need.Problem != nil && n.Status != refusedNeed:
		return Need{Key: n.Key, For: n.For, Roles: n.Roles, Status: refusedNeed}, true
	case need.Problem != nil, need.ID == "":
		return n, false
	case n.For != "":
		return n.made(need, documents)
	}
	return n.approval(need, at)
}

// approval is for needs that wait for one.
func (n Need) approval(need Record, heard time.Time) (Need, bool) {
	if !decided(need.Status) && !decided(n.Status) && n.Status != refusedNeed {
		return n, false // it goes on waiting
	}
	now := Need{Key: n.Key, Roles: n.Roles, ID: need.ID, Status: need.Status, At: heard, Ours: need.Origin.ours()}
	if now.Status != paxos.StatusApproved && now.Status == n.Status && now.ID == n.ID {
		return n, false // nothing new, and only an approval's age matters
	}
	return now, true
}

// made is for needs that wait for less than an approval, or for more.
func (n Need) made(need Record, documents []string) (Need, bool) {
	is := Need{Key: n.Key, For: n.For, ID: need.ID, Ours: need.Origin.ours()}
	if need.Decided() { // an institution waits for the approval of its members at Paxos
		is.Status = need.Status
	}
	switch n.For {
	case ItsProfile:
		if need.Unread {
			return n, false
		}
		is.Profile = need.ProfileID
	case ItsRequests:
		is.Asked = both(documents, need.Documents)
	}
	if n.ID == is.ID && n.Profile == is.Profile && n.Status == is.Status && slices.Equal(n.Asked, is.Asked) {
		return n, false
	}
	return is, true
}

// both are the values that are in both lists.
func both(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(t string) bool { return !slices.Contains(b, t) })
}

// Sighted notes that a sweep saw an identity with the ref_id of this record,
// which is in doubt: that settles where it is.
func Sighted(r Record, id string) (Record, bool) {
	if r.State() != InDoubt || r.Candidate != "" {
		return r, false
	}
	r.Candidate, r.Exists, r.Returned = id, false, time.Time{}
	return r, true
}
