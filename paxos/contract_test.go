package paxos_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"embark/paxos"
	"embark/paxossim"
)

// The contract is the API as the client sees it. It is held against the
// simulator always, and against Paxos's sandbox on request, so that the
// simulator cannot drift away from Paxos unnoticed.

func TestContractOfTheSimulator(t *testing.T) {
	variants := map[string]paxossim.Options{
		"calm": {ApproveAfter: 3 * time.Second},
		"hostile": {Seed: 7, ApproveAfter: time.Minute, DecideEvery: 10 * time.Second, StatusKeys: paxossim.StatusKey,
			EventsCursor: true, AccountConflictPlain: true, OmitProfileID: true, PlainDates: true, RetryAfter: true,
			Limits: paxossim.Limits{Token: 1, Identity: 10, Other: 50}},
	}
	for name, options := range variants {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { checkContract(t, newClient(newSim(t, options).Transport())) })
		})
	}
}

func TestContractOfTheSandbox(t *testing.T) {
	id, secret := os.Getenv("PAXOS_CLIENT_ID"), os.Getenv("PAXOS_CLIENT_SECRET")
	if os.Getenv("EMBARK_CONTRACT") != "sandbox" || id == "" || secret == "" {
		t.Skip("set EMBARK_CONTRACT=sandbox, PAXOS_CLIENT_ID and PAXOS_CLIENT_SECRET to run it; it creates made-up customers")
	}
	transport := paxos.NewTransport()
	defer transport.CloseIdleConnections()
	c := paxos.New(paxos.Options{
		APIURL:   "https://api.sandbox.paxos.com/v2",
		TokenURL: "https://oauth.sandbox.paxos.com/oauth2/token",
		ClientID: id, ClientSecret: secret, Transport: transport,
	})
	t.Run("main", func(t *testing.T) { checkContract(t, c) })
	t.Run("parts", func(t *testing.T) { checkParts(t, c) })
	t.Run("money", func(t *testing.T) { checkMoney(t, c) })
}

// contract is one pass over the API with two customers of its own.
type contract struct {
	*testing.T
	c     *paxos.Client
	ctx   context.Context
	start time.Time // by the server's clock, before anything was made
	run   int64     // keeps ref_ids and passports of one run apart from those of others
}

func checkContract(t *testing.T, c *paxos.Client) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	needed := []string{paxos.ScopeReadIdentity, paxos.ScopeWriteIdentity, paxos.ScopeReadAccount,
		paxos.ScopeWriteAccount, paxos.ScopeReadEvent}
	if _, err := c.Authorize(ctx, needed, nil); err != nil {
		t.Fatal(err)
	}
	k := &contract{t, c, ctx, c.ServerTime().Add(-time.Minute), time.Now().UnixNano()}
	ada := k.create(k.madeUp(1))
	k.repeated(k.madeUp(1), ada)
	k.samePerson(ada)
	k.read(k.madeUp(1), ada)
	grace := k.create(k.madeUp(2))
	k.unknown()
	k.approved(ada)
	k.approved(grace)
	k.listed(ada, grace)
	k.walked(ada, grace)
	k.announced(ada, grace)
	k.account(ada)
}

// madeUp is a person who does not exist, new in every run.
func (k *contract) madeUp(n int) *paxos.CreateIdentityRequest {
	return &paxos.CreateIdentityRequest{
		RefID: fmt.Sprintf("contract-%d-%d", k.run, n),
		PersonDetails: &paxos.PersonDetails{
			VerifierType: paxos.VerifierPassthrough, PassthroughVerifierType: "PERSONA",
			PassthroughVerifiedAt: "2026-05-04T10:11:12Z", PassthroughVerificationID: "inq_4821",
			PassthroughVerificationStatus: paxos.StatusApproved,
			PassthroughVerificationFields: paxos.PassthroughVerificationFields(),
			FirstName:                     "Ada", LastName: "Example", DateOfBirth: "1985-12-10",
			Address:     &paxos.Address{Address1: "1 Rua Exemplo", City: "Recife", Province: "PE", Country: "BRA"},
			Nationality: "BRA", CIPID: fmt.Sprintf("XX%d%d", k.run, n), CIPIDType: "PASSPORT", CIPIDCountry: "BRA",
		},
		CustomerDueDiligence: &paxos.CustomerDueDiligence{
			EstimatedYearlyIncome: "INCOME_50K_TO_100K", ExpectedTransferValue: "TRANSFER_VALUE_0_TO_25K",
			SourceOfWealth: "EMPLOYMENT_INCOME", EmploymentStatus: "FULL_TIME",
			EmploymentIndustrySector: "EDUCATIONAL_SERVICES",
		},
		TaxDetailsNotRequired: true,
		Metadata:              map[string]string{"purpose": "contract test"},
	}
}

func (k *contract) create(req *paxos.CreateIdentityRequest) (id string) {
	k.Helper()
	i, err := k.c.CreateIdentity(k.ctx, bodyOf(req))
	if err != nil {
		k.Fatalf("create: %v", err)
	}
	if i.CurrentStatus() != paxos.StatusPending || i.RefID != req.RefID {
		k.Errorf("created: got %q %q, want %q PENDING", i.RefID, i.CurrentStatus(), req.RefID)
	}
	return i.ID
}

// conflict wants a 409 and returns the id that it names.
func (k *contract) conflict(err error) (existing string) {
	k.Helper()
	var e *paxos.Error
	if !errors.As(err, &e) || e.Status != 409 || e.Type != "already-exists" || e.Refused() || paxos.Uncertain(err) {
		k.Fatalf("got %v, want a 409 already-exists", err)
	}
	return e.ExistingID
}

// A repeat is refused, and tells which one there is: ours.
func (k *contract) repeated(req *paxos.CreateIdentityRequest, id string) {
	k.Helper()
	_, err := k.c.CreateIdentity(k.ctx, bodyOf(req))
	existing := k.conflict(err)
	if existing != id {
		k.Errorf("existing id: got %q, want %q", existing, id)
	}
	i, err := k.c.GetIdentity(k.ctx, existing, false)
	if err != nil || i.RefID != req.RefID {
		k.Errorf("existing identity: got %v, want the ref_id %q", err, req.RefID)
	}
}

// Another ref_id with the same CIP ID meets the same 409.
func (k *contract) samePerson(id string) {
	k.Helper()
	req := k.madeUp(1)
	req.RefID += "-again"
	_, err := k.c.CreateIdentity(k.ctx, bodyOf(req))
	if existing := k.conflict(err); existing != id {
		k.Errorf("existing id: got %q, want %q", existing, id)
	}
}

func (k *contract) read(req *paxos.CreateIdentityRequest, id string) {
	k.Helper()
	plain, err := k.c.GetIdentity(k.ctx, id, false)
	if err != nil || plain.PersonDetails != nil {
		k.Errorf("without details: got %v and details %v, want none", err, plain != nil)
	}
	full, err := k.c.GetIdentity(k.ctx, id, true)
	if err != nil || full.PersonDetails == nil {
		k.Fatalf("with details: got %v, want details", err)
	}
	want, got := req.PersonDetails, full.PersonDetails
	if got.LastName != want.LastName || len(got.DateOfBirth) < 10 || got.DateOfBirth[:10] != want.DateOfBirth {
		k.Error("details: got another name or date of birth than was sent")
	}
	if full.Type != paxos.TypePerson {
		k.Errorf("type: got %q, want PERSON", full.Type)
	}
}

func (k *contract) unknown() {
	k.Helper()
	const nobody = "00000000-0000-4000-8000-000000000000"
	_, err1 := k.c.GetIdentity(k.ctx, nobody, false)
	_, err2 := k.c.GetAccount(k.ctx, nobody)
	for _, err := range []error{err1, err2} {
		if paxos.StatusOf(err) != 404 {
			k.Errorf("unknown id: got %v, want 404", err)
		}
	}
}

func (k *contract) approved(id string) {
	k.Helper()
	k.until("approval", func() bool {
		i, err := k.c.GetIdentity(k.ctx, id, false)
		if err != nil {
			k.Fatalf("read: %v", err)
		}
		return i.CurrentStatus() == paxos.StatusApproved
	})
}

// until asks again and again, slowly.
func (k *contract) until(what string, done func() bool) {
	k.Helper()
	for !done() {
		if rest(k.ctx, 5*time.Second) != nil {
			k.Fatalf("no %s in time", what)
		}
	}
}

func (k *contract) listed(ids ...string) {
	k.Helper()
	approved := k.list(paxos.ListIdentitiesQuery{SummaryStatus: paxos.StatusApproved, UpdatedSince: k.start})
	for _, id := range ids {
		if !slices.Contains(approved, id) {
			k.Errorf("approved since the start: got %q, want %s among them", approved, id)
		}
	}
	if denied := k.list(paxos.ListIdentitiesQuery{SummaryStatus: paxos.StatusDenied, UpdatedSince: k.start}); slices.Contains(denied, ids[0]) {
		k.Errorf("denied since the start: got %s among them", ids[0])
	}
	later := k.list(paxos.ListIdentitiesQuery{UpdatedSince: k.c.ServerTime().Add(time.Hour)})
	if len(later) != 0 {
		k.Errorf("updated in the future: got %q, want none", later)
	}
}

// walked: newest first, each once, whatever the size of the page.
func (k *contract) walked(older, newer string) {
	k.Helper()
	all := k.list(paxos.ListIdentitiesQuery{UpdatedSince: k.start, Limit: 1})
	i, j := slices.Index(all, newer), slices.Index(all, older)
	if i < 0 || j < i || len(slices.Compact(slices.Sorted(slices.Values(all)))) != len(all) {
		k.Errorf("page by page: got %q, want %s before %s and all once", all, newer, older)
	}
}

func (k *contract) list(q paxos.ListIdentitiesQuery) (ids []string) {
	k.Helper()
	for range 200 {
		page, err := k.c.ListIdentities(k.ctx, q)
		if err != nil {
			k.Fatalf("list: %v", err)
		}
		for _, i := range page.Items {
			ids = append(ids, i.ID)
			if i.RefID == "" {
				k.Logf("listed identity %s has no ref_id", i.ID)
			}
		}
		if page.NextCursor == "" {
			return ids
		}
		q.PageCursor = page.NextCursor
	}
	k.Fatal("list: no end after 200 pages")
	return nil
}

// announced: both approvals are in the feed, which is in the order of time.
func (k *contract) announced(ids ...string) {
	k.Helper()
	k.until("event", func() bool {
		found := k.approvals()
		return !slices.ContainsFunc(ids, func(id string) bool { return !slices.Contains(found, id) })
	})
	if _, err := k.c.GetEvent(k.ctx, "00000000-0000-4000-8000-000000000000"); paxos.StatusOf(err) != 404 {
		k.Errorf("unknown event: got %v, want 404", err)
	}
}

func (k *contract) approvals() (ids []string) {
	k.Helper()
	page, err := k.c.ListEvents(k.ctx, paxos.ListEventsQuery{Since: k.start.UTC().Format(time.RFC3339Nano)})
	if err != nil {
		k.Fatalf("events: %v", err)
	}
	var last time.Time
	for _, e := range page.Events {
		at, err := time.Parse(time.RFC3339Nano, e.CreatedAt)
		if err != nil || at.Before(last) {
			k.Errorf("event at %q after %s: got %v, want them in order", e.CreatedAt, last, err)
		}
		last = at
		if e.Type == paxos.EventIdentityApproved {
			ids = append(ids, k.change(e))
		}
	}
	return ids
}

func (k *contract) account(owner string) {
	k.Helper()
	req := &paxos.CreateAccountRequest{CreateProfile: true, Account: paxos.Account{IdentityID: owner,
		RefID: k.madeUp(1).RefID + "-account", Type: paxos.AccountBrokerage}}
	a, err := k.c.CreateAccount(k.ctx, bodyOf(req))
	if err != nil {
		k.Fatalf("create account: %v", err)
	}
	again, err := k.c.GetAccount(k.ctx, a.ID)
	if err != nil || again.RefID != req.Account.RefID || again.IdentityID != owner || again.ProfileID == "" {
		k.Errorf("account: got %+v %v, want it with its owner, ref_id and a profile", again, err)
	}
	if a.ProfileID != "" && again != nil && a.ProfileID != again.ProfileID {
		k.Errorf("profile: got %q and then %q", a.ProfileID, again.ProfileID)
	}
	_, err = k.c.CreateAccount(k.ctx, bodyOf(req))
	if existing := k.conflict(err); existing != "" && existing != a.ID {
		k.Errorf("existing account: got %q, want %q", existing, a.ID)
	}
	page, err := k.c.ListAccounts(k.ctx, paxos.ListAccountsQuery{IdentityID: owner})
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != a.ID {
		k.Errorf("accounts of the owner: got %+v %v, want the one", page.Items, err)
	}
}

// change reads the event by itself and returns the identity that it is about.
func (k *contract) change(listed paxos.Event) (identity string) {
	k.Helper()
	e, err := k.c.GetEvent(k.ctx, listed.ID)
	if err != nil {
		k.Fatalf("event %s: %v", listed.ID, err)
	}
	var one, same paxos.IdentityChange
	err = errors.Join(json.Unmarshal(e.Object, &one), json.Unmarshal(listed.Object, &same))
	if err != nil || one.IdentityID == "" || one.IdentityID != same.IdentityID {
		k.Fatalf("event %s: got %v and the identities %q and %q, want one", e.ID, err, one.IdentityID, same.IdentityID)
	}
	return one.IdentityID
}
