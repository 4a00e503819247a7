package onboard

import (
	"reflect"
	"testing"
	"time"

	"embark/paxos"
)

func TestObserve(t *testing.T) {
	early, late := now.Add(-time.Minute), now.Add(time.Minute)
	tests := []struct {
		name    string
		known   string
		status  string
		at      time.Time
		want    string
		wantAt  time.Time
		changed bool
	}{
		{"approved", "PENDING", "APPROVED", late, "APPROVED", late, true},
		{"approval lost", "APPROVED", "DISABLED", late, "DISABLED", late, true},
		{"error lifted", "ERROR", "APPROVED", late, "APPROVED", late, true},
		{"back to pending", "APPROVED", "PENDING", late, "PENDING", late, true},
		{"unknown is kept", "PENDING", "SOMETHING_NEW", late, "SOMETHING_NEW", late, true},
		{"older", "APPROVED", "PENDING", early, "APPROVED", now, false},
		{"same again", "APPROVED", "APPROVED", now, "APPROVED", now, false},
		{"same but newer", "APPROVED", "APPROVED", late, "APPROVED", late, true},
		{"decision of the same time", "PENDING", "APPROVED", now, "APPROVED", now, true},
		{"no decision of the same time", "APPROVED", "PENDING", now, "APPROVED", now, false},
		{"as of now", "APPROVED", "DISABLED", time.Time{}, "DISABLED", now, true},
		{"pending as of now", "APPROVED", "PENDING", time.Time{}, "PENDING", now, true},
		{"no status", "APPROVED", "", late, "APPROVED", now, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := anIdentity(t, func(r *Record) { r.ID, r.Status, r.StatusAt = "i1", tt.known, now })
			got, changed := Observe(r, tt.status, tt.at)
			if got.Status != tt.want || !got.StatusAt.Equal(tt.wantAt) || changed != tt.changed {
				t.Errorf("got %s at %s, %t, want %s at %s, %t", got.Status, got.StatusAt, changed, tt.want, tt.wantAt, tt.changed)
			}
		})
	}
}

// Late news must not overrule a status that was confirmed after it.
func TestObserveOutOfOrder(t *testing.T) {
	r := anIdentity(t, func(r *Record) { r.ID = "i1" })
	for _, news := range []struct {
		status string
		after  time.Duration
	}{{"APPROVED", 1}, {"APPROVED", 3}, {"DISABLED", 2}} {
		r, _ = Observe(r, news.status, now.Add(news.after*time.Second))
	}
	if r.Status != "APPROVED" {
		t.Errorf("got %s, want APPROVED, which is the newest", r.Status)
	}
}

func TestObserveDocuments(t *testing.T) {
	for status, want := range map[string]int{"APPROVED": 0, "DENIED": 0, "SOMETHING_NEW": 1} {
		r := anIdentity(t, func(r *Record) { r.ID, r.Documents = "i1", []string{"PASSPORT"} })
		if r, _ = Observe(r, status, now); len(r.Documents) != want {
			t.Errorf("%s: got %d documents asked for, want %d", status, len(r.Documents), want)
		}
	}
}

func TestInform(t *testing.T) {
	identity := func(status string) Record {
		return anIdentity(t, func(r *Record) { r.ID, r.Status, r.Origin = "i1", status, Made })
	}
	fresh := anAccount(t, func(r *Record) { r.Needs[0] = Need{Key: r.Needs[0].Key} })
	tests := []struct {
		name    string
		account Record
		need    Record
		want    State
		changed bool
	}{
		{"approved", fresh, identity("APPROVED"), Ready, true},
		{"pending", fresh, identity("PENDING"), Waiting, false},
		{"unknown status", fresh, identity("NEW"), Waiting, false},
		{"approval confirmed", anAccount(t, nil), identity("APPROVED"), Ready, true},
		{"approval lost", anAccount(t, nil), identity("DISABLED"), Waiting, true},
		{"no id yet", fresh, anIdentity(t, nil), Waiting, false},
		{"not needed", fresh, func() Record { r := identity("APPROVED"); r.Key = "identity/c9"; return r }(), Waiting, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := tt.account.Needs[0]
			got, changed := Inform(tt.account, tt.need, now.Add(time.Hour))
			if got.State() != tt.want || changed != tt.changed {
				t.Errorf("got %s, %t, want %s, %t", got.State(), changed, tt.want, tt.changed)
			}
			if changed && !got.Needs[0].Ours {
				t.Error("got an identity of somebody else, want ours")
			}
			if !reflect.DeepEqual(tt.account.Needs[0], before) {
				t.Error("the record that was passed in changed")
			}
		})
	}
	pending, _ := Inform(fresh, identity("PENDING"), now)
	if _, changed := Inform(pending, identity("PENDING"), now.Add(time.Hour)); changed {
		t.Error("pending again: got a change, want none")
	}
}

func TestSighted(t *testing.T) {
	tests := []struct {
		name string
		edit func(*Record)
		want bool
	}{
		{"409 without id", func(r *Record) { r.Exists, r.Returned = true, now }, true},
		{"not in doubt", nil, false},
		{"answer lost", func(r *Record) { r.Attempt = 1 }, true},
		{"candidate already", func(r *Record) { r.Exists, r.Candidate = true, "i2" }, false},
		{"has an id", func(r *Record) { r.ID, r.Exists = "i2", true }, false},
		{"intent open", func(r *Record) { r.Exists, r.Intent = true, &Intent{} }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, got := Sighted(anIdentity(t, tt.edit), "i1")
			if got != tt.want {
				t.Fatalf("got %t, want %t", got, tt.want)
			}
			if step, at := Next(r, now, Policy{}); got && (step.Action != Resolve || at.After(now)) {
				t.Errorf("got %s at %s, want %s now", step.Action, at, Resolve)
			}
		})
	}
}

func TestOrigins(t *testing.T) {
	for origin, want := range map[Origin]bool{Made: true, Repeated: false, Adopted: false, Given: false} {
		need := anIdentity(t, func(r *Record) { r.ID, r.Origin, r.Status = "i1", origin, paxos.StatusApproved })
		if r, _ := Inform(anAccount(t, nil), need, now); r.Needs[0].Ours != want {
			t.Errorf("%q: got ours %t, want %t", origin, r.Needs[0].Ours, want)
		}
	}
}

// What waits for an object that Paxos refuses is not carried through every
// night, and waits again once the refused one is made after all.
func TestInformOfRefused(t *testing.T) {
	account := anAccount(t, func(r *Record) { r.Needs[0] = Need{Key: r.Needs[0].Key} })
	identity := anIdentity(t, func(r *Record) { r.Problem = &Problem{Code: CodeRefused} })
	refused, changed := Inform(account, identity, now)
	if !changed || refused.State() != Waiting || refused.Unfinished() {
		t.Fatalf("refused: got %t, %s, unfinished %t, want it waiting and nothing expected", changed, refused.State(), refused.Unfinished())
	}
	if _, changed := Inform(refused, identity, now); changed {
		t.Error("refused again: got news, want none")
	}
	identity.Problem, identity.ID, identity.Origin, identity.Status = nil, "i1", Made, paxos.StatusPending
	waiting, changed := Inform(refused, identity, now)
	if !changed || waiting.State() != Waiting || !waiting.Unfinished() {
		t.Errorf("made after all: got %t, %s, unfinished %t, want it waiting again", changed, waiting.State(), waiting.Unfinished())
	}
	identity.Status = paxos.StatusApproved
	if ready, _ := Inform(waiting, identity, now); ready.State() != Ready {
		t.Errorf("approved: got %s, want %s", ready.State(), Ready)
	}
}
