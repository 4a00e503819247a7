package paxos_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"embark/paxos"
	"embark/paxossim"
)

// The contract of bank accounts, deposits and orders.

func TestContractOfTheSimulatorsMoney(t *testing.T) {
	variants := map[string]paxossim.Options{
		"calm":    {ApproveAfter: 3 * time.Second},
		"hostile": {ApproveAfter: time.Minute, FiatReviewAfter: time.Minute, FillAfter: time.Second, FiatNested: true, FiatConflictPlain: true},
	}
	for name, options := range variants {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { checkMoney(t, newClient(newSim(t, options).Transport())) })
		})
	}
}

func checkMoney(t *testing.T, c *paxos.Client) {
	k := contractOf(t, c)
	r := k.madeUp(21)
	ada := k.create(r)
	k.approved(ada)
	account, profile := k.open(r.RefID, ada)
	k.bankAccount(r.RefID, ada, account)
	k.instructions(r.RefID, ada, account, profile)
	k.order(r.RefID, ada, account, profile)
}

func (k *contract) bankAccount(refID, owner, account string) {
	k.Helper()
	r := fiatAccount()
	r.RefID, r.IdentityID, r.AccountID = refID+"-fiat", owner, account
	a, err := k.c.CreateFiatAccount(k.ctx, bodyOf(r))
	if err != nil || a.RefID != r.RefID || a.Status == "" {
		k.Fatalf("create fiat account: got %+v %v, want its ref_id and a status", a, err)
	}
	_, err = k.c.CreateFiatAccount(k.ctx, bodyOf(r))
	if existing := k.conflict(err); existing != "" && existing != a.ID {
		k.Errorf("existing fiat account: got %q, want %q", existing, a.ID)
	}
	page, err := k.c.ListFiatAccounts(k.ctx, paxos.ListFiatQuery{RefIDs: []string{r.RefID}})
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != a.ID {
		k.Fatalf("fiat account by its ref_id: got %+v %v, want the one", page, err)
	}
	k.until("review", func() bool {
		got, err := k.c.GetFiatAccount(k.ctx, a.ID)
		if err != nil {
			k.Fatalf("fiat account: %v", err)
		}
		return got.Status == paxos.StatusApproved
	})
}

func (k *contract) instructions(refID, owner, account, profile string) {
	k.Helper()
	r := &paxos.CreateFiatDepositInstructionsRequest{RefID: refID + "-deposit", ProfileID: profile, IdentityID: owner, AccountID: account,
		FiatNetwork: "WIRE", RoutingNumberType: "ABA"}
	i, err := k.c.CreateFiatDepositInstructions(k.ctx, bodyOf(r))
	if err != nil || i.MemoID == "" || i.Status != paxos.DepositValid {
		k.Fatalf("deposit instructions: got %+v %v, want valid ones with a memo id", i, err)
	}
	again, err := k.c.GetFiatDepositInstructions(k.ctx, i.ID)
	if err != nil || again.MemoID != i.MemoID {
		k.Errorf("read again: got %+v %v, want %+v", again, err, i)
	}
	page, err := k.c.ListFiatDepositInstructions(k.ctx, paxos.ListFiatQuery{RefIDs: []string{r.RefID}})
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != i.ID {
		k.Errorf("by their ref_id: got %+v %v, want the ones", page, err)
	}
}

// order: without money it is refused, with money it is filled.
func (k *contract) order(refID, owner, account, profile string) {
	k.Helper()
	r := &paxos.CreateOrderRequest{RefID: refID + "-order", Side: "BUY", Market: "BTCUSD", Type: "MARKET", QuoteAmount: "10.00",
		IdentityID: owner, IdentityAccountID: account}
	_, err := k.c.CreateOrder(k.ctx, profile, bodyOf(r))
	if problem(err) != paxos.ProblemInsufficientFunds {
		k.Errorf("without money: got %v, want %s", err, paxos.ProblemInsufficientFunds)
	}
	if _, err := k.c.CreateSandboxDeposit(k.ctx, profile, bodyOf(&paxos.SandboxDepositRequest{Asset: "USD", Amount: "100.00"})); err != nil {
		k.Fatalf("deposit: %v", err)
	}
	k.until("money", func() bool { return k.balance(profile) != "0" })
	o, err := k.c.CreateOrder(k.ctx, profile, bodyOf(r))
	if err != nil || o.RefID != r.RefID {
		k.Fatalf("order: got %+v %v, want it", o, err)
	}
	_, err = k.c.CreateOrder(k.ctx, profile, bodyOf(r))
	if existing := k.conflict(err); existing != o.ID {
		k.Errorf("existing order: got %q, want %q", existing, o.ID)
	}
	page, err := k.c.ListOrders(k.ctx, paxos.ListOrdersQuery{RefIDs: []string{r.RefID}, ProfileID: profile})
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != o.ID {
		k.Errorf("order by its ref_id: got %+v %v, want the one", page, err)
	}
	k.until("fill", func() bool {
		got, err := k.c.GetOrder(k.ctx, profile, o.ID)
		if err != nil {
			k.Fatalf("order: %v", err)
		}
		return got.Status == paxos.OrderFilled
	})
}

func (k *contract) balance(profile string) string {
	k.Helper()
	all, err1 := k.c.ListProfileBalances(k.ctx, profile, "USD")
	one, err2 := k.c.GetProfileBalance(k.ctx, profile, "USD")
	if err1 != nil || err2 != nil || len(all) != 1 || all[0] != *one {
		k.Fatalf("balance: got %+v %v and %+v %v, want the same", all, err1, one, err2)
	}
	return one.Available
}

func problem(err error) string {
	var e *paxos.Error
	if errors.As(err, &e) {
		return e.Type
	}
	return ""
}
