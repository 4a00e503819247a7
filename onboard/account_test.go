package onboard

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"embark/paxos"
)

const accountRef = "c1-account"

func TestCreateAccount(t *testing.T) {
	ours := paxos.Account{ID: "a1", RefID: accountRef, IdentityID: "i1", ProfileID: "p1"}
	foreign := paxos.Account{ID: "a2", RefID: "else", IdentityID: "i1", ProfileID: "p2"}
	elsewhere := paxos.Account{ID: "a3", RefID: accountRef, IdentityID: "i9", ProfileID: "p3"}
	nameless := paxos.Account{RefID: accountRef, IdentityID: "i1"}
	made, found := &Object{ID: "a1"}, [][]paxos.Account{{foreign, ours}}
	tests := []struct {
		name          string
		attempt       int
		theirs        bool // identity was not made by this checkpoint
		createErr     error
		listed        [][]paxos.Account
		listErr       error
		want          Answer
		writes, lists int
	}{
		{"first, ours: no look", 0, false, nil, nil, nil, Answer{Object: made, Origin: Made}, 1, 0},
		{"first, not ours: looked for", 0, true, nil, nil, nil, Answer{Object: made, Origin: Made}, 1, 1},
		{"first, not ours: found", 0, true, nil, found, nil, Answer{Object: made, Origin: Adopted}, 0, 1},
		{"repeat: found", 1, false, nil, found, nil, Answer{Object: made, Origin: Repeated}, 0, 1},
		{"repeat: found on the third page", 1, false, nil, [][]paxos.Account{{foreign}, {}, {ours}}, nil, Answer{Object: made, Origin: Repeated}, 0, 3},
		{"repeat: not there", 1, false, nil, [][]paxos.Account{{foreign}}, nil, Answer{Object: made, Origin: Made}, 1, 1},
		{"repeat: of another identity", 1, false, nil, [][]paxos.Account{{elsewhere}}, nil, Answer{Object: made, Origin: Made}, 1, 1},
		{"repeat: without an id", 1, false, nil, [][]paxos.Account{{nameless}}, nil, Answer{Err: errors.New("x")}, 0, 1},
		{"repeat: look-up lost", 1, false, nil, nil, errReset, Answer{Err: errors.New("x")}, 0, 1},
		{"409, found at once", 0, false, exists(""), found, nil, Answer{Object: made, Origin: Adopted}, 1, 1},
		{"409 with id, found", 0, false, exists("a1"), found, nil, Answer{Object: made, Origin: Adopted}, 1, 1},
		{"409, not found", 0, false, exists(""), nil, nil, Answer{Exists: true}, 1, 1},
		{"409 with id, not found", 0, false, exists("a1"), nil, nil, Answer{Exists: true}, 1, 1},
		{"409, look-up lost", 0, false, exists(""), nil, errReset, Answer{Exists: true}, 1, 1},
		{"409 on a repeat, not found", 1, false, exists(""), nil, nil, Answer{Exists: true}, 1, 2},
		{"refused", 0, false, status(422), nil, nil, Answer{Err: status(422)}, 1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := anAccount(t, func(r *Record) { r.Attempt, r.Needs[0].Ours = tt.attempt, !tt.theirs })
			api := &fakeAPI{createErr: tt.createErr, account: &ours, listed: tt.listed, listErr: tt.listErr}
			got := creating(r).Do(context.Background(), api)
			if tt.want.Err != nil && tt.writes == 0 { // the look-up before the write
				tt.want.Err = got.Err
				if !errors.Is(got.Err, paxos.ErrNotSent) {
					t.Errorf("got %v, want %v", got.Err, paxos.ErrNotSent)
				}
			}
			checkAnswer(t, got, tt.want)
			if api.writes != tt.writes || api.lists != tt.lists {
				t.Errorf("got %d writes, %d lists, want %d, %d", api.writes, api.lists, tt.writes, tt.lists)
			}
			if api.sentAccount != nil && (api.sentAccount.Account.IdentityID != "i1" || !api.sentAccount.CreateProfile) {
				t.Errorf("got %+v, want the identity's id and a profile", api.sentAccount)
			}
		})
	}
}

func TestAccountProfile(t *testing.T) {
	tests := []struct {
		name    string
		reply   string // profile in the create's reply
		read    *paxos.Account
		profile string
		unread  bool
		reads   int
	}{
		{"in the reply", "p1", nil, "p1", false, 0},
		{"read once", "", &paxos.Account{ID: "a1", ProfileID: "p1"}, "p1", false, 1},
		{"has none", "", &paxos.Account{ID: "a1"}, "", false, 1},
		{"reading failed", "", nil, "", true, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			api := &fakeAPI{account: &paxos.Account{ID: "a1", ProfileID: tt.reply}, read: tt.read}
			s := creating(anAccount(t, nil))
			a := s.Do(context.Background(), api)
			r := Apply(s.Record, s, a)
			if r.ID != "a1" || r.ProfileID != tt.profile || r.Unread != tt.unread || api.reads != tt.reads {
				t.Errorf("got %q, %q, unread %t after %d reads, want a1, %q, %t, %d", r.ID, r.ProfileID, r.Unread, api.reads, tt.profile, tt.unread, tt.reads)
			}
		})
	}
}

func TestReadAccountLater(t *testing.T) {
	r := anAccount(t, func(r *Record) { r.ID, r.Origin, r.Unread, r.Request = "a1", Made, true, nil })
	s := Step{Action: Read, Record: r}
	failed := Apply(r, s, s.Do(context.Background(), &fakeAPI{}))
	if failed.State() != Pending || failed.ID != "a1" {
		t.Errorf("failed: got %s, id %q, want %s, a1", failed.State(), failed.ID, Pending)
	}
	read := Apply(r, s, s.Do(context.Background(), &fakeAPI{read: &paxos.Account{ID: "a1", ProfileID: "p1"}}))
	if read.State() != Decided || read.ProfileID != "p1" || read.Origin != Made {
		t.Errorf("read: got %s, profile %q, origin %q, want %s, p1, %q", read.State(), read.ProfileID, read.Origin, Decided, Made)
	}
}

// An account that a 409 speaks of is found later, and one in doubt whose
// identity lost its approval is looked for without being taken for existing.
func TestFindAccount(t *testing.T) {
	ours := [][]paxos.Account{{{ID: "a1", RefID: accountRef, ProfileID: "p1"}}}
	for _, exists := range []bool{false, true} {
		t.Run(fmt.Sprint("exists ", exists), func(t *testing.T) {
			r := anAccount(t, func(r *Record) { r.Attempt, r.Exists = 1, exists })
			s := Step{Action: Find, Record: r}
			api := &fakeAPI{}
			missed := Apply(r, s, s.Do(context.Background(), api))
			if missed.Exists != exists || missed.State() != InDoubt || missed.Returned.IsZero() || api.writes != 0 {
				t.Errorf("missed: got %+v after %d writes, want it in doubt, exists %t", missed, api.writes, exists)
			}
			found := Apply(missed, s, s.Do(context.Background(), &fakeAPI{listed: ours}))
			if found.ID != "a1" || found.Origin != Repeated || found.Exists {
				t.Errorf("found: got %+v, want a1 of a repeat", found)
			}
		})
	}
}
