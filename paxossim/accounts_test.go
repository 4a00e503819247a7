package paxossim

import (
	"testing"
	"time"

	"embark/paxos"
)

func TestCreateAccount(t *testing.T) {
	sim := newSim(t, Options{})
	c := newTester(t, sim)
	owner, second := c.createIdentity(customer(1)), c.createIdentity(customer(2))
	r := accountOf(owner.ID, "cust-000001-account")
	r.Account.Members = []paxos.AccountMember{{IdentityID: second.ID, Roles: []string{"BENEFICIAL_OWNER"}}}
	made := c.createAccount(r)
	if made.ProfileID == "" || made.IdentityID != owner.ID || made.RefID != "cust-000001-account" || made.Type != "BROKERAGE" {
		t.Errorf("got %+v, want a profile and an echo", made)
	}
	if len(made.Members) != 1 || made.Members[0].ID == "" || made.Members[0].IdentityID != second.ID {
		t.Errorf("got members %+v, want one with an id", made.Members)
	}
	read := get[paxos.Account](c, "/identity/accounts/"+made.ID)
	if read.ProfileID != made.ProfileID || read.Members[0].ID != made.Members[0].ID {
		t.Errorf("got %+v, want %+v", read, made)
	}
	c.call(404, "GET", "/identity/accounts/"+owner.ID, nil)
	c.call(404, "GET", "/identity/accounts/nonsense", nil)
	if got := sim.Stats().Objects; got.Accounts != 1 || got.Profiles != 1 {
		t.Errorf("got %+v, want one account and one profile", got)
	}
}

func TestAccountWithoutProfile(t *testing.T) {
	sim := newSim(t, Options{})
	c := newTester(t, sim)
	r := accountOf(c.createIdentity(customer(1)).ID, "a")
	r.CreateProfile = false
	if made := c.createAccount(r); made.ProfileID != "" || sim.Stats().Objects.Profiles != 0 {
		t.Errorf("got profile %q, want none", made.ProfileID)
	}
}

func TestOmittedProfileShowsLater(t *testing.T) {
	c := newTester(t, newSim(t, Options{OmitProfileID: true}))
	made := c.createAccount(accountOf(c.createIdentity(customer(1)).ID, "a"))
	if made.ProfileID != "" {
		t.Error("the create reply has a profile_id, want none")
	}
	if read := get[paxos.Account](c, "/identity/accounts/"+made.ID); read.ProfileID == "" {
		t.Error("reading the account shows no profile_id")
	}
}

func TestAccountDuplicate(t *testing.T) {
	for _, plain := range []bool{false, true} {
		sim := newSim(t, Options{AccountConflictPlain: plain})
		c := newTester(t, sim)
		owner := c.createIdentity(customer(1)).ID
		made := c.createAccount(accountOf(owner, "a"))
		p := conflict(t, c.call(409, "POST", "/identity/accounts", accountOf(owner, "a")))
		if want := made.ID; p.Meta.Existing.ID != want && !plain || plain && p.Meta.Existing.ID != "" {
			t.Errorf("plain %v: got existing %q", plain, p.Meta.Existing.ID)
		}
		c.createAccount(accountOf(owner, "b"))
		c.createAccount(accountOf(owner, "")) // no key, no protection
		c.createAccount(accountOf(owner, ""))
		if got := sim.Stats(); got.Objects.Accounts != 4 || got.Duplicates.AccountsPerIdentity != 1 {
			t.Errorf("got %+v, want four accounts of one identity", got)
		}
	}
}

func TestAccountRefusals(t *testing.T) {
	sim := newSim(t, Options{ApproveAfter: time.Hour, RefuseUnapproved: true})
	c := newTester(t, sim)
	owner := c.createIdentity(customer(1)).ID
	nobody := "11111111-2222-4333-8444-555555555555"
	member := func(m paxos.AccountMember) *paxos.CreateAccountRequest {
		r := accountOf(owner, "a")
		r.Account.Members = []paxos.AccountMember{m}
		return r
	}
	for _, tt := range []struct {
		name string
		want int
		body any
	}{
		{"unknown identity", 404, accountOf(nobody, "a")},
		{"no uuid", 404, accountOf("nonsense", "a")},
		{"no identity", 400, accountOf("", "a")},
		{"not approved", 400, accountOf(owner, "a")},
		{"unknown type", 400, `{"create_profile":true,"account":{"identity_id":"` + owner + `","type":"CRYPTO_BROKERAGE"}}`},
		{"name", 400, `{"create_profile":true,"account":{"identity_id":"` + owner + `","name":"x"}}`},
		{"empty description", 400, `{"account":{"identity_id":"` + owner + `","description":""}}`},
		{"profile_id", 400, `{"account":{"identity_id":"` + owner + `","profile_id":"x"}}`},
		{"member without role", 400, member(paxos.AccountMember{IdentityID: owner})},
		{"member without identity", 400, member(paxos.AccountMember{Roles: []string{"AUTHORIZED_USER"}})},
		{"member of unknown role", 400, member(paxos.AccountMember{IdentityID: owner, Roles: []string{"TRUSTEE"}})},
		{"member with id", 400, member(paxos.AccountMember{ID: "x", IdentityID: owner, Roles: []string{"AUTHORIZED_USER"}})},
		{"unknown member", 404, member(paxos.AccountMember{IdentityID: nobody, Roles: []string{"AUTHORIZED_USER"}})},
	} {
		t.Run(tt.name, func(t *testing.T) { c.call(tt.want, "POST", "/identity/accounts", tt.body) })
	}
	if n := sim.Stats().Objects.Accounts; n != 0 {
		t.Errorf("got %d accounts, want 0", n)
	}
}

func TestListAccounts(t *testing.T) {
	c := newTester(t, newSim(t, Options{PageLimit: 2}))
	one, two := c.createIdentity(customer(1)).ID, c.createIdentity(customer(2)).ID
	for _, ref := range []string{"a", "b", "c"} {
		c.createAccount(accountOf(one, ref))
	}
	c.createAccount(accountOf(two, "d"))
	list := func(query string) (refs string, next string) {
		page := get[listPage[paxos.Account]](c, "/identity/accounts?"+query)
		for _, a := range page.Items {
			refs += a.RefID
		}
		return refs, page.Next
	}
	refs, next := list("identity_id=" + one)
	if refs != "cb" {
		t.Errorf("got %q, want cb", refs)
	}
	if refs, next = list("identity_id=" + one + "&page_cursor=" + next); refs != "a" || next != "" {
		t.Errorf("got %q and cursor %q, want a and none", refs, next)
	}
	if refs, _ = list(""); refs != "dc" {
		t.Errorf("got %q, want dc", refs)
	}
	if refs, _ = list("order=ASC&limit=1"); refs != "a" {
		t.Errorf("got %q, want a", refs)
	}
	if refs, _ = list("identity_id=nobody"); refs != "" {
		t.Errorf("got %q, want nothing", refs)
	}
	if refs, _ = list("updated_at.lt=2000-01-01T00:00:00Z"); refs != "" {
		t.Errorf("got %q, want nothing", refs)
	}
}

// Whether accounts are unique by ref_id is not documented: with the switch they
// are not, and a careless client makes a second one.
func TestAccountRefReusable(t *testing.T) {
	sim := newSim(t, Options{AccountRefReusable: true})
	c := newTester(t, sim)
	owner := c.createIdentity(customer(1)).ID
	first, second := c.createAccount(accountOf(owner, "a")), c.createAccount(accountOf(owner, "a"))
	if first.ID == second.ID || first.ProfileID == second.ProfileID {
		t.Errorf("got the same account twice, want two: %q", first.ID)
	}
}
