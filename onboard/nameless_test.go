package onboard

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"embark/paxos"
)

// A listed account that lacks its ref_id is read, before another one is made.
func TestListedAccountsWithoutRefID(t *testing.T) {
	listed := [][]paxos.Account{{{ID: "a1", IdentityID: "i1"}}}
	tests := []struct {
		name   string
		read   *paxos.Account
		want   Answer
		writes int
	}{
		{"ours", &paxos.Account{ID: "a1", RefID: accountRef, IdentityID: "i1", ProfileID: "p1"}, Answer{Object: &Object{ID: "a1"}, Origin: Repeated}, 0},
		{"another", &paxos.Account{ID: "a1", RefID: "else", IdentityID: "i1"}, Answer{Object: &Object{ID: "a2"}, Origin: Made}, 1},
		{"nobody can tell", &paxos.Account{ID: "a1", IdentityID: "i1"}, Answer{Exists: true}, 0},
		{"cannot be read", nil, Answer{}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := creating(anAccount(t, func(r *Record) { r.Attempt = 1 }))
			api := &fakeAPI{account: &paxos.Account{ID: "a2", ProfileID: "p2"}, listed: listed, read: tt.read}
			a := s.Do(context.Background(), api)
			checkAnswer(t, a, tt.want)
			if api.writes != tt.writes {
				t.Errorf("got %d writes, want %d", api.writes, tt.writes)
			}
			if r := Apply(s.Record, s, a); tt.want.Object == nil && r.State() != InDoubt {
				t.Errorf("got %s, want %s", r.State(), InDoubt)
			}
		})
	}
}

// A 409 that broke off may have named the identity: it settles nothing.
func TestBrokenConflict(t *testing.T) {
	for _, attempt := range []int{0, 1} {
		broken := &paxos.Error{Operation: "CreateIdentity", Status: http.StatusConflict, Broken: true}
		s := creating(anIdentity(t, func(r *Record) { r.Attempt = attempt }))
		a := s.Do(context.Background(), &fakeAPI{createErr: broken})
		checkAnswer(t, a, Answer{Err: broken})
		r := Apply(s.Record, s, a)
		if r.State() != s.Record.State() || r.Exists || r.Attempt != attempt || !r.hasRequest() {
			t.Errorf("attempt %d: got %s, exists %t, want it as it was", attempt, r.State(), r.Exists)
		}
	}
}

// An identity that a create brings back under another ref_id is not ours.
func TestCreateIdentityOfAnotherRefID(t *testing.T) {
	s := creating(anIdentity(t, nil))
	a := s.Do(context.Background(), &fakeAPI{identity: &paxos.Identity{ID: "i1", RefID: "c9"}})
	if r := Apply(s.Record, s, a); !errors.Is(a.Err, paxos.ErrUnreadable) || r.ID != "" || r.State() != InDoubt {
		t.Errorf("got %v, id %q, %s, want it in doubt", a.Err, r.ID, r.State())
	}
}
