package onboard

import (
	"context"
	"slices"
	"testing"

	"embark/paxos"
)

// widened is a customer's account before and after one more owner was named.
func widened(t testing.TB) (made, row Record) {
	t.Helper()
	c := customer("c1", "Miller")
	c.AccountMembers = []Member{{RefID: "c2", Roles: []string{"BENEFICIAL_OWNER"}}}
	_, made = draftsOf(t, c)
	made.ID, made.ProfileID = "a1", "p1"
	c.AccountMembers = append(c.AccountMembers, Member{RefID: "c3", Roles: []string{"FINANCIAL_ADVISOR"}})
	_, row = draftsOf(t, c)
	return made, row
}

// joiner is the draft of one who joins.
func joiner(t testing.TB) Record {
	t.Helper()
	made, row := widened(t)
	return Joining(made, row)[0]
}

func TestJoining(t *testing.T) {
	made, row := widened(t)
	joined := Joining(made, row)
	if len(joined) != 1 || joined[0].Key != "account_member/c1-account/c3" || joined[0].State() != Waiting {
		t.Fatalf("got %+v, want c3 to join", joined)
	}
	for name, edit := range map[string]func(made, row *Record){
		"the same members": func(made, row *Record) { *row = *made },
		"one left":         func(_, row *Record) { row.Needs = slices.Delete(slices.Clone(row.Needs), 1, 2) },
		"other roles": func(_, row *Record) {
			row.Needs = slices.Clone(row.Needs)
			row.Needs[1].Roles = []string{"AUTHORIZED_USER"}
		},
		"another account":  func(_, row *Record) { row.Print = []byte("other") },
		"another customer": func(_, row *Record) { row.Needs = slices.Clone(row.Needs); row.Needs[0].Key = "identity/c9" },
		"an identity":      func(made, row *Record) { made.Key, row.Key = "identity/c1", "identity/c1" },
	} {
		made, row := widened(t)
		edit(&made, &row)
		if got := Joining(made, row); got != nil {
			t.Errorf("%s: got %+v, want nobody to join", name, got)
		}
	}
	if _, admission := Admit(made, row, false); admission != Joined {
		t.Errorf("got %s, want %s", admission, Joined)
	}
	made.ID = ""
	if _, admission := Admit(made, row, false); admission != Fresh {
		t.Errorf("not made yet: got %s, want %s", admission, Fresh)
	}
}

// Who they are in the account is not forgotten when they are approved: the row
// would pass for another one.
func TestRolesStay(t *testing.T) {
	made, _ := widened(t)
	member := Record{Key: "identity/c2", ID: "i2", Status: paxos.StatusApproved, Origin: Made}
	told, changed := Inform(made, member, now)
	if !changed || !slices.Equal(told.Needs[1].Roles, made.Needs[1].Roles) || told.Needs[1].ID != "i2" {
		t.Errorf("got %+v, want it approved in its role", told.Needs[1])
	}
}

// association is an account with members, and counts what is asked of it.
type association struct {
	API
	members      []paxos.AccountMember
	adds         []paxos.AccountMember
	addErr, lost error
}

func (a *association) GetAccount(context.Context, string) (*paxos.Account, error) {
	return &paxos.Account{ID: "a1", Members: a.members}, nil
}

func (a *association) AddAccountMembers(_ context.Context, _ string, m []paxos.AccountMember) ([]paxos.AccountMember, error) {
	a.adds = append(a.adds, m...)
	if a.addErr != nil {
		return nil, a.addErr
	}
	for i := range m {
		m[i].ID = "m1"
	}
	a.members = append(a.members, m...)
	if a.lost != nil {
		return nil, a.lost
	}
	return m, nil
}

// A membership has no key at Paxos, and adding it twice makes two of it.
func TestAddAccountMember(t *testing.T) {
	for name, tt := range map[string]struct {
		api   *association
		state State
		adds  int
	}{
		"added":           {&association{}, Decided, 1},
		"already there":   {&association{members: []paxos.AccountMember{{ID: "m9", IdentityID: "i1"}}}, Decided, 0},
		"the answer lost": {&association{lost: errReset}, InDoubt, 1},
		"refused":         {&association{addErr: status(400)}, Refused, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := ready(t, KindAccountMember, nil)
			step := creating(r)
			r = Apply(r, step, step.Do(context.Background(), tt.api))
			if r.State() != tt.state || len(tt.api.adds) != tt.adds {
				t.Fatalf("got %s after %d calls, want %s after %d", r.State(), len(tt.api.adds), tt.state, tt.adds)
			}
			if r.State() == InDoubt {
				step = creating(r)
				if r = Apply(r, step, step.Do(context.Background(), tt.api)); r.State() != Decided || len(tt.api.adds) != 1 {
					t.Errorf("again: got %s after %d calls, want it found", r.State(), len(tt.api.adds))
				}
			}
		})
	}
}
