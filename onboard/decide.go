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
	undoes := decided(r.Status) && !decided(status) && at.Equal(r.StatusAt)
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
	i := slices.IndexFunc(r.Needs, func(n Need) bool { return n.Key == need.Key })
	if i < 0 || need.ID == "" {
		return r, false
	}
	if r.Needs[i].For != "" {
		return informMade(r, need, i)
	}
	if !decided(need.Status) && !decided(r.Needs[i].Status) {
		return r, false // it goes on waiting
	}
	now := Need{Key: need.Key, ID: need.ID, Status: need.Status, At: heard, Ours: need.Origin.ours()}
	if now.Status != paxos.StatusApproved && now.Status == r.Needs[i].Status && now.ID == r.Needs[i].ID {
		return r, false // nothing new, and only an approval's age matters
	}
	r.Needs = slices.Clone(r.Needs)
	r.Needs[i] = now
	return r, true
}

// informMade is for needs that wait for less than an approval, or for more.
func informMade(r Record, need Record, i int) (Record, bool) {
	was := r.Needs[i]
	is := Need{Key: was.Key, For: was.For, ID: need.ID, Ours: need.Origin.ours()}
	switch was.For {
	case ItsProfile:
		if need.Unread {
			return r, false
		}
		is.Profile = need.ProfileID
	case ItsRequests:
		is.Asked = both(r.Documents, need.Documents)
		if need.Decided() {
			is.Status = need.Status
		}
	}
	if was.ID == is.ID && was.Profile == is.Profile && was.Status == is.Status && slices.Equal(was.Asked, is.Asked) {
		return r, false
	}
	r.Needs = slices.Clone(r.Needs)
	r.Needs[i] = is
	return r, true
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
