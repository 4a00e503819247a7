package onboard

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"embark/paxos"

	"pgregory.net/rapid"
)

// TestLifeOfEverything is [TestLife] for a customer who asks for all that has
// an id: account, bank account, deposit instructions, a credit of the sandbox
// and an order. Paxos lets each be made twice, unless it refuses ref_ids that
// are taken: what is made once is our doing. In the end all is made.
func TestLifeOfEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newFullWorld(t)
		t.Repeat(map[string]func(*rapid.T){
			"row": w.row, "start": w.start, "start more": w.start, "land": w.land, "land more": w.land, "kill": w.kill,
			"wait": w.wait, "approve": w.approve, "progress": w.progress, "": w.check,
		})
		w.calm(t)
	})
}

type fullWorld struct{ *world }

func newFullWorld(t *rapid.T) *fullWorld {
	w := &fullWorld{newWorld(t)}
	w.identities, w.foreign = map[string]*paxos.Identity{}, map[string]bool{}
	w.policy.Orders, w.policy.Sandbox = true, true
	w.enforced = rapid.Bool().Draw(t, "ref_ids enforced")
	w.faults = append(w.faults, fine, fine, lost409)
	if rapid.IntRange(0, 3).Draw(t, "made by a lost checkpoint") == 0 {
		w.earlier(rapid.IntRange(1, 6).Draw(t, "objects"))
	}
	return w
}

// earlier is what a checkpoint that got lost had made.
func (w *fullWorld) earlier(objects int) {
	w.foreign["c1"] = true
	const account, profile = "c1-account", "p-c1-account"
	for i, do := range []func(){
		func() {
			w.identities["c1"] = &paxos.Identity{ID: "i-c1", RefID: "c1", Status: "APPROVED", PersonDetails: &paxos.PersonDetails{LastName: "Miller", DateOfBirth: "1980-01-02"}}
		},
		func() {
			w.accounts = append(w.accounts, paxos.Account{ID: "a1", RefID: account, IdentityID: "i-c1", ProfileID: profile})
		},
		func() {
			w.banks = append(w.banks, paxos.FiatAccount{ID: "b1", RefID: "c1-bank", IdentityID: "i-c1", Status: "PENDING"})
		},
		func() {
			w.deposits = append(w.deposits, paxos.FiatDepositInstructions{ID: "d1", RefID: "c1-deposit", IdentityID: "i-c1", Status: "VALID"})
		},
		func() { w.credits[profile]++ },
		func() {
			w.orders = append(w.orders, paxos.Order{ID: "o1", RefID: "c1-order", ProfileID: profile, Status: "OPEN"})
		},
	} {
		if i < objects {
			do()
		}
	}
}

// row asks for the account only, or for everything: a later night may bring
// more columns.
func (w *fullWorld) row(t *rapid.T) {
	c := everything()
	c.SandboxStatus, c.AccountMembers, c.Documents = "", nil, nil
	if rapid.IntRange(0, 3).Draw(t, "account only") == 0 {
		c.FiatAccount, c.Deposit, c.Fund, c.Order = nil, nil, nil, nil
	}
	w.admit(c)
}

func (w *fullWorld) admit(c *Customer) {
	drafts, _ := Drafts(c, nil, Place{}, print16)
	identity, admission := Admit(w.records[drafts[0].Key], drafts[0], true)
	if admission != Changed && identity.State() == Ready {
		if step, at := Next(identity, w.now, w.myPolicy()); !at.IsZero() {
			w.intent(step, drafts[1:]...)
		}
		return
	}
	for _, d := range drafts {
		w.plant(d)
	}
}

func (w *fullWorld) approve(t *rapid.T) {
	if i := w.identities["c1"]; i != nil {
		i.Status = rapid.SampledFrom([]string{"APPROVED", "APPROVED", "APPROVED", "DISABLED", "NEW"}).Draw(t, "status")
		i.UpdatedAt = w.now.Format(time.RFC3339Nano)
		w.sweep()
	}
}

// progress is Paxos deciding on bank accounts and filling orders.
func (w *fullWorld) progress(t *rapid.T) {
	for i := range w.banks {
		w.banks[i].Status = rapid.SampledFrom([]string{"NEW", "APPROVED"}).Draw(t, "bank account")
	}
	for i := range w.orders {
		w.orders[i].Status = rapid.SampledFrom([]string{"NEW", "OPEN", "FILLED"}).Draw(t, "order")
	}
}

// check: nothing is there twice.
func (w *fullWorld) check(t *rapid.T) {
	w.world.check(t)
	there := map[Key]int{}
	for _, b := range w.banks {
		there[NewKey(KindFiatAccount, b.RefID)]++
	}
	for _, d := range w.deposits {
		there[NewKey(KindDepositInstructions, d.RefID)]++
	}
	for _, o := range w.orders {
		there[NewKey(KindOrder, o.RefID)]++
	}
	for profile, n := range w.credits {
		there[NewKey(KindSandboxDeposit, profile)] = n
	}
	for key, n := range there {
		if n > 1 {
			t.Fatalf("got %d of %s, want one", n, key)
		}
	}
}

// calm ends the faults; Paxos answers and approves, and the last night's row
// asks for everything.
func (w *fullWorld) calm(t *rapid.T) {
	w.kill(t)
	for round := range 60 {
		w.pass(10 * time.Minute)
		w.admit(everythingOnce())
		w.sweep()
		for _, key := range w.keys() {
			w.advance(key)
			for len(w.flights) > 0 {
				w.fault = fine
				w.finish(0)
			}
		}
		w.please(round)
		w.check(t)
	}
	for _, key := range w.keys() {
		if r := w.records[key]; r.State() != Decided && !w.hopeless(r) {
			t.Fatalf("in the end %s is %s: %+v", key, r.State(), r)
		}
	}
	if got := len(w.records); got != 6 {
		t.Fatalf("got %d objects in the end, want 6", got)
	}
}

func everythingOnce() *Customer {
	c := everything()
	c.SandboxStatus, c.AccountMembers, c.Documents = "", nil, nil
	return c
}

func (w *fullWorld) keys() []Key {
	var keys []Key
	for _, kind := range Kinds() {
		for key := range w.records {
			if key.Kind() == kind {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// please has Paxos decide in our favour.
func (w *fullWorld) please(round int) {
	if i := w.identities["c1"]; i != nil && (i.Status != "APPROVED" || round == 0) {
		i.Status, i.UpdatedAt = "APPROVED", w.now.Format(time.RFC3339Nano)
	}
	for i := range w.banks {
		w.banks[i].Status = "APPROVED"
	}
	for i := range w.orders {
		w.orders[i].Status = "FILLED"
	}
}

// hopeless: a credit that was lost on its way to Paxos is not sent again, nor
// is an order after 20 hours, and the order waits for the credit.
func (w *fullWorld) hopeless(r Record) bool {
	credit := w.records["sandbox_deposit/c1-account"]
	lost := credit.State() == InDoubt && w.credits["p-c1-account"] == 0
	switch r.Key.Kind() {
	case KindSandboxDeposit:
		return lost
	case KindOrder:
		return lost && r.State() == Waiting || r.State() == InDoubt && len(w.orders) == 0 && r.forgotten(w.now)
	}
	return false
}

// The side of Paxos.

// create makes a thing, unless ref_ids are enforced and it is there.
func (w *world) create(key Key, taken bool, do func()) error {
	return w.post(key, func() error {
		if taken && w.enforced {
			return exists("")
		}
		do()
		return nil
	})
}

func (w *world) CreateFiatAccount(_ context.Context, body json.RawMessage) (made *paxos.FiatAccount, err error) {
	r := requestIn[paxos.CreateFiatAccountRequest](body)
	ours := func(b paxos.FiatAccount) bool { return b.RefID == r.RefID }
	err = w.create(NewKey(KindFiatAccount, r.RefID), slices.ContainsFunc(w.banks, ours), func() {
		made = &paxos.FiatAccount{ID: fmt.Sprintf("b%d", len(w.banks)+1), RefID: r.RefID, IdentityID: r.IdentityID, Status: "PENDING"}
		w.banks = append(w.banks, *made)
	})
	return clone(made), err
}

func (w *world) ListFiatAccounts(_ context.Context, q paxos.ListFiatQuery) (*paxos.FiatAccountPage, error) {
	page := &paxos.FiatAccountPage{}
	for _, b := range w.banks {
		if slices.Contains(q.RefIDs, b.RefID) {
			page.Items = append(page.Items, b)
		}
	}
	return page, w.reading()
}

func (w *world) GetFiatAccount(_ context.Context, id string) (*paxos.FiatAccount, error) {
	for _, b := range w.banks {
		if b.ID == id {
			return clone(&b), w.reading()
		}
	}
	return nil, status(404)
}

func (w *world) CreateFiatDepositInstructions(_ context.Context, body json.RawMessage) (made *paxos.FiatDepositInstructions, err error) {
	r := requestIn[paxos.CreateFiatDepositInstructionsRequest](body)
	ours := func(d paxos.FiatDepositInstructions) bool { return d.RefID == r.RefID }
	err = w.create(NewKey(KindDepositInstructions, r.RefID), slices.ContainsFunc(w.deposits, ours), func() {
		made = &paxos.FiatDepositInstructions{ID: fmt.Sprintf("d%d", len(w.deposits)+1), RefID: r.RefID, IdentityID: r.IdentityID, Status: "VALID"}
		w.deposits = append(w.deposits, *made)
	})
	return clone(made), err
}

func (w *world) ListFiatDepositInstructions(_ context.Context, q paxos.ListFiatQuery) (*paxos.FiatDepositInstructionsPage, error) {
	page := &paxos.FiatDepositInstructionsPage{}
	for _, d := range w.deposits {
		if slices.Contains(q.RefIDs, d.RefID) {
			page.Items = append(page.Items, d)
		}
	}
	return page, w.reading()
}

func (w *world) CreateOrder(_ context.Context, profile string, body json.RawMessage) (made *paxos.Order, err error) {
	r := requestIn[paxos.CreateOrderRequest](body)
	ours := func(o paxos.Order) bool { return o.RefID == r.RefID }
	err = w.create(NewKey(KindOrder, r.RefID), slices.ContainsFunc(w.orders, ours), func() {
		made = &paxos.Order{ID: fmt.Sprintf("o%d", len(w.orders)+1), RefID: r.RefID, ProfileID: profile, Status: "OPEN"}
		w.orders = append(w.orders, *made)
	})
	return clone(made), err
}

func (w *world) ListOrders(_ context.Context, q paxos.ListOrdersQuery) (*paxos.OrderPage, error) {
	page := &paxos.OrderPage{}
	for _, o := range w.orders {
		if slices.Contains(q.RefIDs, o.RefID) && o.ProfileID == q.ProfileID {
			page.Items = append(page.Items, o)
		}
	}
	return page, w.reading()
}

func (w *world) GetOrder(_ context.Context, _, id string) (*paxos.Order, error) {
	for _, o := range w.orders {
		if o.ID == id {
			return clone(&o), w.reading()
		}
	}
	return nil, status(404)
}

// CreateSandboxDeposit credits whatever it answers and has no key.
func (w *world) CreateSandboxDeposit(_ context.Context, profile string, _ json.RawMessage) (string, error) {
	return "", w.create(NewKey(KindSandboxDeposit, profile[len("p-"):]), false, func() { w.credits[profile]++ })
}

func (w *world) GetProfileBalance(_ context.Context, profile, asset string) (*paxos.ProfileBalance, error) {
	return &paxos.ProfileBalance{Asset: asset, Available: fmt.Sprintf("%d.00", 100*w.credits[profile])}, w.reading()
}
