package onboard

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"embark/paxos"

	"github.com/google/go-cmp/cmp"
)

func TestDraftsOfEverything(t *testing.T) {
	drafts, byKey := allDrafts(t, everything())
	again, _ := allDrafts(t, everything())
	if diff := cmp.Diff(drafts, again); diff != "" {
		t.Errorf("the same customer gave something else: %s", diff)
	}
	const identity, account = "identity/c1", "account/c1-account"
	status, document := Key("sandbox_status/c1"), Key("document/c1/PROOF_OF_FUNDS.pdf")
	bank, deposit, fund, order := Key("fiat_account/c1-bank"), Key("fiat_deposit_instructions/c1-deposit"), Key("sandbox_deposit/c1-account"), Key("order/c1-order")
	want := []struct {
		key    Key
		needs  []Need
		needed []Key
	}{
		{identity, nil, []Key{status, document, account, bank, deposit, fund, order}},
		{status, []Need{{Key: identity, For: ItsID}}, nil},
		{document, []Need{{Key: identity, For: ItsRequests}}, nil},
		{account, []Need{{Key: identity}, {Key: "identity/m1", Roles: []string{"JOINT"}}, {Key: "identity/m2", Roles: []string{"ADVISER"}}}, []Key{bank, deposit, fund, order}},
		{bank, []Need{{Key: identity}, {Key: account, For: ItsID}}, []Key{order}},
		{deposit, []Need{{Key: identity}, {Key: account, For: ItsProfile}}, []Key{order}},
		{fund, []Need{{Key: identity}, {Key: account, For: ItsProfile}}, []Key{order}},
		{order, []Need{{Key: identity}, {Key: account, For: ItsProfile}, {Key: bank}, {Key: deposit, For: ItsID}, {Key: fund, For: ItsID}}, nil},
	}
	for i, w := range want {
		r := drafts[i]
		if r.Key != w.key || cmp.Diff(w.needs, r.Needs) != "" || !slices.Equal(r.Needed, w.needed) {
			t.Errorf("got %s with needs %+v, needed by %q, want %s, %+v, %q", r.Key, r.Needs, r.Needed, w.key, w.needs, w.needed)
		}
		if state := r.State(); (i == 0) != (state == Ready) || i > 0 && state != Waiting {
			t.Errorf("%s: got %s", r.Key, state)
		}
	}
	if len(drafts) != len(want) || len(byKey) != len(want) {
		t.Errorf("got %d drafts, want %d", len(drafts), len(want))
	}
}

// Without an account nothing that hangs on it is drafted.
func TestDraftsWithoutAccountOfEverything(t *testing.T) {
	c := everything()
	c.Account = nil
	drafts, _ := allDrafts(t, c)
	if len(drafts) != 3 {
		t.Errorf("got %d drafts, want the identity, its status and its document", len(drafts))
	}
}

func anInstitution() *Customer {
	c := customer("inst", "")
	c.Identity.PersonDetails, c.Identity.InstitutionDetails = nil, &paxos.InstitutionDetails{Name: "Made Up Inc", InstitutionType: "CORPORATION"}
	c.Members = []Member{{RefID: "m2", Roles: []string{"BENEFICIAL_OWNER"}, Ownership: "60"}, {RefID: "m1", Roles: []string{"MANAGEMENT_CONTROL_PERSON"}, Position: "CEO"}}
	return c
}

// Members are named by ref_id until the request is sent, so that the
// fingerprint is the row's, whatever ids Paxos gives them.
func TestInstitutionMembers(t *testing.T) {
	draft, account := draftsOf(t, anInstitution())
	if want := []Need{{Key: "identity/m2", For: ItsID}, {Key: "identity/m1", For: ItsID}}; cmp.Diff(want, draft.Needs) != "" || draft.State() != Waiting {
		t.Fatalf("got needs %+v, %s, want %+v", draft.Needs, draft.State(), want)
	}
	if !bytes.Contains(draft.Request, []byte(`"identity_id":"m2"`)) {
		t.Errorf("got no member by its ref_id")
	}
	ids := func(first, second string) (Record, *paxos.CreateIdentityRequest) {
		r := draft
		r.Needs = slices.Clone(r.Needs)
		for i, id := range []string{first, second} {
			r, _ = Inform(r, Record{Key: r.Needs[i].Key, ID: id}, now)
		}
		api := &fakeAPI{identity: &paxos.Identity{ID: "i1", RefID: "inst"}}
		r, _, _ = live(r, now, anything, api)
		return r, api.sentIdentity
	}
	r, sent := ids("id-2", "id-1")
	want := []paxos.InstitutionMember{{IdentityID: "id-2", Roles: []string{"BENEFICIAL_OWNER"}, Ownership: "60"},
		{IdentityID: "id-1", Roles: []string{"MANAGEMENT_CONTROL_PERSON"}, Position: "CEO"}}
	if diff := cmp.Diff(want, sent.InstitutionMembers); diff != "" || r.ID != "i1" {
		t.Errorf("id %q: %s", r.ID, diff)
	}
	other, _ := ids("id-9", "id-8")
	if !bytes.Equal(r.Print, other.Print) || !bytes.Equal(r.Print, draft.Print) {
		t.Error("the fingerprint depends on the members' ids")
	}
	swapped := anInstitution()
	slices.Reverse(swapped.Members)
	if s, _ := draftsOf(t, swapped); bytes.Equal(s.Print, draft.Print) {
		t.Error("got one fingerprint for members in another order, want two")
	}
	if !account.Known() || account.Needs[0].Key != "identity/inst" {
		t.Errorf("got account %+v, want the institution's", account)
	}
}

// The drafts of two rows with the same request share nothing.
func TestDraftsLeaveTheCustomerAlone(t *testing.T) {
	c := anInstitution()
	before, _ := json.Marshal(c)
	first, _ := draftsOf(t, c)
	second, _ := draftsOf(t, c)
	after, _ := json.Marshal(c)
	if !bytes.Equal(first.Print, second.Print) || !bytes.Equal(before, after) {
		t.Error("drafting changed the customer")
	}
}

func TestAccountMembers(t *testing.T) {
	api := &fakeAPI{account: &paxos.Account{ID: "a1", ProfileID: "p1"}}
	r := ready(t, KindAccount, nil)
	for i, id := range []string{"i1", "id-1", "id-2"} {
		r.Needs[i].ID = id
	}
	print := r.Print
	r, _, _ = live(r, now, anything, api)
	want := []paxos.AccountMember{{IdentityID: "id-1", Roles: []string{"JOINT"}}, {IdentityID: "id-2", Roles: []string{"ADVISER"}}}
	if diff := cmp.Diff(want, api.sentAccount.Account.Members); diff != "" || api.sentAccount.Account.IdentityID != "i1" {
		t.Errorf("identity %q: %s", api.sentAccount.Account.IdentityID, diff)
	}
	if r.ID != "a1" || !bytes.Equal(r.Print, print) {
		t.Errorf("got id %q, want a1 and the row's fingerprint", r.ID)
	}
}

// An account waits for the approval of all its members.
func TestAccountWaitsForMembers(t *testing.T) {
	for status, want := range map[string]State{"": Waiting, "PENDING": Waiting, "NEW": Waiting, "DENIED": Waiting, "APPROVED": Ready} {
		r := ready(t, KindAccount, func(r *Record) { r.Needs[2].Status = status })
		if r.State() != want || r.Unfinished() == (status == "DENIED") {
			t.Errorf("%q: got %s, unfinished %t, want %s", status, r.State(), r.Unfinished(), want)
		}
	}
	old := ready(t, KindAccount, func(r *Record) { r.Needs[2].At = ago(2 * staleAfter) })
	if step, _ := Next(old, now, anything); step.Action != Recheck {
		t.Errorf("got %s, want the member's old approval read again", step.Action)
	}
}

// A row that is mended before anything was sent counts, members and all.
func TestAdmitMembers(t *testing.T) {
	mended := func(c *Customer) Record {
		c.AccountMembers[1].RefID = "m3"
		_, byKey := allDrafts(t, c)
		return byKey["account/c1-account"]
	}(everything())
	tests := []struct {
		name string
		edit func(*Record)
		want Admission
	}{
		{"waiting", func(r *Record) { r.Needs[2] = Need{Key: r.Needs[2].Key} }, Fresh},
		{"ready", nil, Fresh},
		{"refused", func(r *Record) { r.Problem, r.Request = &Problem{Code: CodeRefused}, nil }, Fresh},
		{"sent", func(r *Record) { r.Intent = &Intent{} }, Changed},
		{"in doubt", func(r *Record) { r.Attempt = 1 }, Changed},
		{"made", func(r *Record) { r.ID = "a1" }, Changed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			known := ready(t, KindAccount, tt.edit)
			got, admission := Admit(known, mended, false)
			if admission != tt.want {
				t.Fatalf("got %s, want %s", admission, tt.want)
			}
			member, state := Key("identity/m2"), known.State()
			if tt.want == Fresh {
				member, state = "identity/m3", Waiting
			}
			if got.Needs[2].Key != member || got.State() != state || got.Needs[0].ID != "i1" {
				t.Errorf("got needs %+v, %s, want %s, %s", got.Needs, got.State(), member, state)
			}
		})
	}
}

// What an order waits for is the row's to say until it is sent.
func TestAdmitOrderWithOtherNeeds(t *testing.T) {
	without := everything()
	without.FiatAccount = nil
	_, byKey := allDrafts(t, without)
	draft := byKey["order/c1-order"]
	rejected := func(r *Record) { r.Needs[2].Status = "REJECTED" }
	for name, tt := range map[string]struct {
		edit  func(*Record)
		want  Admission
		state State
	}{
		"blocked":  {rejected, Fresh, Ready},
		"ready":    {nil, Fresh, Ready},
		"sent":     {func(r *Record) { r.Intent = &Intent{} }, Same, Sent},
		"in doubt": {func(r *Record) { r.Attempt = 1 }, Same, InDoubt},
		"made":     {func(r *Record) { r.ID, r.Status = "o1", "FILLED" }, Same, Decided},
		"refused":  {func(r *Record) { r.Problem = &Problem{Code: CodeRefused} }, Same, Refused},
	} {
		got, admission := Admit(ready(t, KindOrder, tt.edit), draft, false)
		if admission != tt.want || got.State() != tt.state {
			t.Errorf("%s: got %s, %s, want %s, %s", name, admission, got.State(), tt.want, tt.state)
		}
	}
}

// No kind's object can be taken over by another customer's row.
func TestAdmitOfAnotherCustomer(t *testing.T) {
	other := everything()
	other.RefID, other.Identity.RefID = "c9", "c9"
	drafts, _ := allDrafts(t, other)
	for _, draft := range drafts {
		kind := draft.Key.Kind()
		if strings.Contains(string(draft.Key), "c9") { // has the customer's ref_id in its key
			continue
		}
		for _, edit := range []func(*Record){nil, func(r *Record) { r.ID = "x1" }, func(r *Record) { r.Problem = &Problem{Code: CodeRefused} }} {
			known := ready(t, kind, edit)
			if got, admission := Admit(known, draft, true); admission != Changed || got.Needs[0].Key != "identity/c1" {
				t.Errorf("%s: got %s of %s, want %s", kind, admission, got.Needs[0].Key, Changed)
			}
		}
	}
}

// Nor can it move to another account of the same customer.
func TestAdmitOfAnotherAccount(t *testing.T) {
	other := everything()
	other.Account.Account.RefID = "second"
	drafts, _ := allDrafts(t, other)
	for _, draft := range drafts {
		switch kind := draft.Key.Kind(); kind {
		case KindFiatAccount, KindDepositInstructions, KindOrder:
			if _, admission := Admit(ready(t, kind, nil), draft, true); admission != Changed {
				t.Errorf("%s: got %s, want %s", kind, admission, Changed)
			}
		}
	}
}
