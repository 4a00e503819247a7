package onboard

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"embark/paxos"
)

// TestDraftsOfABank: a bank account from a file of its own is the one that the
// customer's row would ask for.
func TestDraftsOfABank(t *testing.T) {
	c := everything()
	_, own := allDrafts(t, c)
	alone := &Customer{RefID: c.RefID, Account: &paxos.CreateAccountRequest{}, FiatAccount: c.FiatAccount}
	alone.Account.Account.RefID = c.Account.Account.RefID
	if c.BankOnly() || !alone.BankOnly() || (&Customer{IdentityID: "i1"}).BankOnly() {
		t.Error("got a customer taken for a bank account, or the other way round")
	}
	drafts, _ := allDrafts(t, alone)
	if len(drafts) != 1 {
		t.Fatalf("got %d drafts, want 1", len(drafts))
	}
	key := NewKey(KindFiatAccount, "c1-bank")
	want := own[key]
	want.Needed = nil // the order's, which only the customer's row knows
	if d := cmp.Diff(want, drafts[0]); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if _, admission := Admit(own[key], drafts[0], false); admission != Same {
		t.Errorf("got %s, want %s", admission, Same)
	}
}
