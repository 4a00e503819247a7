package onboard

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"embark/paxos"
)

var (
	now      = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	errReset = errors.New("connection reset")
)

func print16(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:16]
}

func status(code int) error { return &paxos.Error{Operation: "CreateIdentity", Status: code} }

func exists(id string) error {
	return &paxos.Error{Operation: "CreateIdentity", Status: 409, Type: "already-exists", ExistingID: id}
}

// customer is made up; its SSN is a number that is never issued.
func customer(refID, lastName string) *Customer {
	person := &paxos.PersonDetails{FirstName: "Ann", LastName: lastName, DateOfBirth: "1980-01-02", CIPID: "987-65-4320"}
	account := paxos.Account{RefID: refID + "-account", Type: paxos.AccountBrokerage}
	return &Customer{RefID: refID,
		Identity: &paxos.CreateIdentityRequest{RefID: refID, PersonDetails: person},
		Account:  &paxos.CreateAccountRequest{CreateProfile: true, Account: account}}
}

func draftsOf(t testing.TB, c *Customer, cells ...string) (identity, account Record) {
	t.Helper()
	drafts, err := Drafts(c, cells, Place{File: "a.csv", Line: 2}, print16)
	if err != nil {
		t.Fatal(err)
	}
	if len(drafts) == 1 {
		return drafts[0], Record{}
	}
	return drafts[0], drafts[1]
}

// anIdentity is ready to be sent, as changed by edit.
func anIdentity(t testing.TB, edit func(*Record)) Record {
	t.Helper()
	r, _ := draftsOf(t, customer("c1", "Miller"))
	if edit != nil {
		edit(&r)
	}
	return r
}

// anAccount is ready to be made under an identity of ours, as changed by edit.
func anAccount(t testing.TB, edit func(*Record)) Record {
	t.Helper()
	_, r := draftsOf(t, customer("c1", "Miller"))
	r.Needs[0] = Need{Key: r.Needs[0].Key, ID: "i1", Status: paxos.StatusApproved, At: now, Ours: true}
	if edit != nil {
		edit(&r)
	}
	return r
}

// creating is the step that posts the record.
func creating(r Record) Step {
	return Step{Action: Create, Record: r, Now: now, Intent: Intent{Time: now, Attempt: r.Attempt + 1, Before: now.Add(sendWithin), Run: 1}}
}

// fakeAPI answers from its fields and counts what is asked of it.
type fakeAPI struct {
	API // what is not answered below is not to be asked

	createErr error
	identity  *paxos.Identity // of CreateIdentity and GetIdentity
	getErr    error
	account   *paxos.Account // of CreateAccount
	read      *paxos.Account // of GetAccount
	listed    [][]paxos.Account
	listErr   error

	writes, gets, lists, reads int
	details                    bool
	sentIdentity               *paxos.CreateIdentityRequest
	sentAccount                *paxos.CreateAccountRequest
	asked                      []string
}

func (f *fakeAPI) CreateIdentity(_ context.Context, body json.RawMessage) (*paxos.Identity, error) {
	r := requestIn[paxos.CreateIdentityRequest](body)
	f.writes++
	f.sentIdentity = r
	if f.createErr != nil {
		return nil, f.createErr
	}
	return f.identity, nil
}

func (f *fakeAPI) GetIdentity(_ context.Context, id string, details bool) (*paxos.Identity, error) {
	f.gets++
	f.details = details
	f.asked = append(f.asked, id)
	if f.getErr != nil {
		return nil, f.getErr
	}
	return f.identity, nil
}

func (f *fakeAPI) CreateAccount(_ context.Context, body json.RawMessage) (*paxos.Account, error) {
	r := requestIn[paxos.CreateAccountRequest](body)
	f.writes++
	f.sentAccount = r
	if f.createErr != nil {
		return nil, f.createErr
	}
	return f.account, nil
}

func (f *fakeAPI) GetAccount(_ context.Context, id string) (*paxos.Account, error) {
	f.reads++
	if f.read == nil {
		return nil, status(404)
	}
	return f.read, nil
}

func (f *fakeAPI) ListAccounts(_ context.Context, q paxos.ListAccountsQuery) (*paxos.AccountPage, error) {
	f.lists++
	f.asked = append(f.asked, q.IdentityID+"?"+q.PageCursor)
	if f.listErr != nil || len(f.listed) == 0 {
		return &paxos.AccountPage{}, f.listErr
	}
	page := &paxos.AccountPage{Items: f.listed[0]}
	if f.listed = f.listed[1:]; len(f.listed) > 0 {
		page.NextCursor = "more"
		if q.PageCursor == "more" {
			page.NextCursor = "most"
		}
	}
	return page, nil
}

// requestIn reads a body as Paxos does.
func requestIn[T any](body json.RawMessage) *T {
	var r T
	if err := json.Unmarshal(body, &r); err != nil {
		panic(err)
	}
	return &r
}
