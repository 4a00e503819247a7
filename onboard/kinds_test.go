package onboard

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"embark/paxos"
)

// everything is a customer who asks for all there is.
func everything() *Customer {
	c := customer("c1", "Miller")
	c.SandboxStatus = paxos.StatusApproved
	c.AccountMembers = []Member{{RefID: "m1", Roles: []string{"JOINT"}}, {RefID: "m2", Roles: []string{"ADVISER"}}}
	c.FiatAccount = &paxos.CreateFiatAccountRequest{RefID: "c1-bank"}
	c.Deposit = &paxos.CreateFiatDepositInstructionsRequest{RefID: "c1-deposit", FiatNetwork: "WIRE"}
	c.Fund = &paxos.SandboxDepositRequest{Asset: "USD", Amount: "100"}
	c.Order = &paxos.CreateOrderRequest{RefID: "c1-order", Side: "BUY", Market: "BTCUSD"}
	c.Documents = []Document{{Types: []string{"PROOF_OF_FUNDS"}, Path: "/scans/Miller.PDF"}}
	return c
}

// allDrafts are those of a customer, by their keys too.
func allDrafts(t testing.TB, c *Customer) ([]Record, map[Key]Record) {
	t.Helper()
	drafts, err := Drafts(c, nil, Place{}, print16)
	if err != nil {
		t.Fatal(err)
	}
	byKey := map[Key]Record{}
	for _, d := range drafts {
		byKey[d.Key] = d
	}
	return drafts, byKey
}

// ready is an object of everything's customer of which all needs are met, as
// changed by edit.
func ready(t testing.TB, kind Kind, edit func(*Record)) Record {
	t.Helper()
	drafts, _ := allDrafts(t, everything())
	drafts = append(drafts, joiner(t))
	for _, r := range drafts {
		if r.Key.Kind() != kind {
			continue
		}
		for i, n := range r.Needs {
			r.Needs[i] = met(n, r.Documents)
		}
		if edit != nil {
			edit(&r)
		}
		return r
	}
	t.Fatalf("no %s among the drafts", kind)
	return Record{}
}

// met is the need when its object is there, approved, and by our own doing.
func met(n Need, documents []string) Need {
	id := map[Kind]string{KindIdentity: "i1", KindAccount: "a1"}[n.Key.Kind()]
	n.ID, n.Ours, n.At, n.Status = or(id, "x1"), true, now, paxos.StatusApproved
	switch n.For {
	case ItsProfile:
		n.Profile = "p1"
	case ItsRequests:
		n.Status, n.Asked = "", documents
	}
	return n
}

// optional are the kinds that are looked up by their ref_id.
var optional = []Kind{KindFiatAccount, KindDepositInstructions, KindOrder}

// counter answers for the kinds in optional alike, and counts what is asked.
type counter struct {
	API
	createErr, listErr error
	there              []thing // what the lists show
	status             string
	readErr            error

	writes, lists, reads int
	sent                 json.RawMessage
	profile, listed      string
}

// thing is what the three kinds have in common.
type thing struct{ id, refID, identity, profile string }

func (c *counter) created(body json.RawMessage) (string, error) {
	c.writes++
	c.sent = body
	return "x1", c.createErr
}

func (c *counter) CreateFiatAccount(_ context.Context, body json.RawMessage) (*paxos.FiatAccount, error) {
	id, err := c.created(body)
	return &paxos.FiatAccount{ID: id, Status: c.status}, err
}

func (c *counter) CreateFiatDepositInstructions(_ context.Context, body json.RawMessage) (*paxos.FiatDepositInstructions, error) {
	id, err := c.created(body)
	return &paxos.FiatDepositInstructions{ID: id, MemoID: "m-" + id, Status: c.status}, err
}

func (c *counter) CreateOrder(_ context.Context, profile string, body json.RawMessage) (*paxos.Order, error) {
	c.profile = profile
	id, err := c.created(body)
	return &paxos.Order{ID: id, Status: c.status}, err
}

func (c *counter) ListFiatAccounts(_ context.Context, q paxos.ListFiatQuery) (*paxos.FiatAccountPage, error) {
	page := &paxos.FiatAccountPage{}
	c.lists, c.listed = c.lists+1, q.RefIDs[0]
	for _, o := range c.there {
		page.Items = append(page.Items, paxos.FiatAccount{ID: o.id, RefID: o.refID, IdentityID: o.identity, Status: c.status})
	}
	return page, c.listErr
}

func (c *counter) ListFiatDepositInstructions(_ context.Context, q paxos.ListFiatQuery) (*paxos.FiatDepositInstructionsPage, error) {
	page := &paxos.FiatDepositInstructionsPage{}
	c.lists, c.listed = c.lists+1, q.RefIDs[0]
	for _, o := range c.there {
		page.Items = append(page.Items, paxos.FiatDepositInstructions{ID: o.id, RefID: o.refID, IdentityID: o.identity, MemoID: "m-" + o.id, Status: c.status})
	}
	return page, c.listErr
}

func (c *counter) ListOrders(_ context.Context, q paxos.ListOrdersQuery) (*paxos.OrderPage, error) {
	page := &paxos.OrderPage{}
	c.lists, c.listed = c.lists+1, q.RefIDs[0]
	for _, o := range c.there {
		page.Items = append(page.Items, paxos.Order{ID: o.id, RefID: o.refID, ProfileID: o.profile, Status: c.status})
	}
	return page, c.listErr
}

func (c *counter) GetFiatAccount(_ context.Context, id string) (*paxos.FiatAccount, error) {
	c.reads++
	return &paxos.FiatAccount{ID: id, Status: c.status}, c.readErr
}

func (c *counter) GetOrder(_ context.Context, profile, id string) (*paxos.Order, error) {
	c.reads++
	c.profile = profile
	return &paxos.Order{ID: id, Status: c.status}, c.readErr
}

// live does what a run does with one object, once: the step that is due, its
// answer, what it means. It returns when the next one is due.
func live(r Record, at time.Time, p Policy, api API) (Record, Step, time.Time) {
	step, due := Next(r, at, p)
	if due.IsZero() || due.After(at) {
		return r, Step{}, due
	}
	if step.Action == Create {
		r.Intent = &step.Intent
	}
	a := step.Do(context.Background(), api)
	a.At = at
	r = Apply(r, step, a)
	_, due = Next(r, at, p)
	return r, step, due
}

// anything may be sent.
var anything = Policy{Orders: true, Sandbox: true}
