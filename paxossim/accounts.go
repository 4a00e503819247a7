package paxossim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"embark/paxos"
)

// createAccount is POST /identity/accounts.
func (s *Simulator) createAccount(c *call) reply {
	var r paxos.CreateAccountRequest
	if f := decodeStrict(c, &r); f != "" {
		return badRequest(f)
	}
	if f := accountFault(&r.Account); f != "" {
		return badRequest(f)
	}
	var v accountView
	var refused *reply
	err := s.state.do(func(now int64) {
		if refused = s.refuseAccount(&r.Account); refused == nil {
			v = s.state.createAccount(&r, c.body, now)
		}
	})
	if err != nil {
		return broken()
	}
	if refused != nil {
		return *refused
	}
	out := s.accountBody(v, &r.Account)
	if s.options.OmitProfileID {
		out.ProfileID = ""
	}
	return ok(out)
}

// accountFault is the first thing wrong with a request to create an account.
func accountFault(a *paxos.Account) string {
	if f := firstFault(a, "account.", accountChecks); f != "" {
		return f
	}
	for i := range a.Members {
		if f := memberFault(&a.Members[i]); f != "" {
			return fmt.Sprintf("account.members[%d].%s", i, f)
		}
	}
	return ""
}

// accountChecks: the reference calls all fields forbidden but those that are
// not marked unset here; type is from the guides.
var accountChecks = []check[paxos.Account]{
	{"identity_id", func(a *paxos.Account) string { return a.IdentityID }, true, anything},
	{"type", func(a *paxos.Account) string { return a.Type }, false, oneOf(paxos.AccountTypes())},
	{"id", func(a *paxos.Account) string { return a.ID }, false, unset},
	{"profile_id", func(a *paxos.Account) string { return a.ProfileID }, false, unset},
	{"summary_status", func(a *paxos.Account) string { return a.SummaryStatus }, false, unset},
	{"created_at", func(a *paxos.Account) string { return a.CreatedAt }, false, unset},
	{"updated_at", func(a *paxos.Account) string { return a.UpdatedAt }, false, unset},
}

var memberRole = oneOf(paxos.AccountRoles())

func memberFault(m *paxos.AccountMember) string {
	switch {
	case m.ID != "":
		return "id must not be set"
	case m.IdentityID == "":
		return "identity_id must be set"
	case len(m.Roles) == 0:
		return "roles must be set"
	}
	for _, role := range m.Roles {
		if f := memberRole(role); f != "" {
			return f.in("roles")
		}
	}
	return ""
}

// refuseAccount is why an account cannot be made in the present state, or nil.
func (s *Simulator) refuseAccount(a *paxos.Account) *reply {
	st := s.state
	owner, found := st.number(a.IdentityID)
	for _, m := range a.Members {
		_, known := st.number(m.IdentityID)
		found = found && known
	}
	if !found {
		return new(refuse(http.StatusNotFound, "identity not found"))
	}
	if n, taken := st.accountByRefID[a.RefID]; taken && !s.options.AccountRefReusable {
		return new(alreadyExists("duplicate ref_id provided", st.accounts[n].ID.String(), s.options.AccountConflictPlain))
	}
	if s.options.RefuseUnapproved && st.statuses[owner] != approved {
		return new(badRequest("the identity is not approved"))
	}
	return nil
}

// number finds an identity by the text of its id.
func (st *state) number(text string) (int32, bool) {
	id, err := uuid.Parse(text)
	if err != nil {
		return 0, false
	}
	n, found := st.byID[id]
	return n, found
}

// createAccount makes a new account, with a profile if wanted, and writes it down.
func (st *state) createAccount(r *paxos.CreateAccountRequest, body []byte, now int64) accountView {
	name := nameOf(r.Account.RefID, len(st.accounts))
	if _, again := st.accountByRefID[r.Account.RefID]; again {
		name = nameOf("", len(st.accounts))
	}
	owner, _ := st.number(r.Account.IdentityID)
	a := &account{
		ID: st.seed.id("account", name), RefID: r.Account.RefID, Identity: owner,
		Created: micro(now), body: body,
	}
	if r.CreateProfile {
		a.Profile = st.seed.id("profile", name)
	}
	st.journal.write(accountEntry, a, body)
	st.addAccount(a)
	return st.accountView(int32(len(st.accounts) - 1))
}

// getAccount is GET /identity/accounts/{id}.
func (s *Simulator) getAccount(c *call) reply {
	if f := onlyParameters(c.query); f != "" {
		return badRequest(f)
	}
	id, err := uuid.Parse(c.PathValue("id"))
	if err != nil {
		return notFound()
	}
	var v accountView
	var found bool
	err = s.state.do(func(int64) {
		var n int32
		if n, found = s.state.accountByID[id]; found {
			v = s.state.accountView(n)
		}
	})
	if err != nil {
		return broken()
	}
	if !found {
		return notFound()
	}
	return s.storedAccounts([]accountView{v}, func(all []paxos.Account) any { return all[0] })
}

// listAccounts is GET /identity/accounts, newest first.
func (s *Simulator) listAccounts(c *call) reply {
	q, f := parseList(c.query, "identity_id")
	if f != "" {
		return badRequest(f)
	}
	var views []accountView
	var next string
	err := s.state.do(func(int64) {
		numbers, more := s.state.pickAccounts(q, q.size(s.options.PageLimit), c.query.Get("identity_id"))
		for _, n := range numbers {
			views = append(views, s.state.accountView(n))
		}
		if more {
			next = cursorAfter(int(numbers[len(numbers)-1]))
		}
	})
	if err != nil {
		return broken()
	}
	return s.storedAccounts(views, func(all []paxos.Account) any {
		for i := range all {
			if s.options.ListWithoutRefID {
				all[i].RefID = ""
			}
		}
		return listPage[paxos.Account]{Items: all, Next: next}
	})
}

// pickAccounts finds the next page of all accounts or of one identity's.
func (st *state) pickAccounts(q listQuery, limit int, identityID string) ([]int32, bool) {
	created := func(n int32) int64 { return st.accounts[n].Created }
	all := series{len(st.accounts), func(i int) int32 { return int32(i) }, created}
	if identityID != "" {
		owned := []int32(nil)
		if n, found := st.number(identityID); found {
			owned = st.owned[n]
		}
		all = series{len(owned), func(i int) int32 { return owned[i] }, created}
	}
	return q.page(all, limit, func(n int32) bool { return q.updated.holds(created(n)) })
}

// accountView is an account as it was at one moment.
type accountView struct {
	*account
	owner  uuid.UUID
	status status
	added  []paxos.AccountMember // after the create
}

func (st *state) accountView(n int32) accountView {
	a := st.accounts[n]
	return accountView{a, st.identities[a.Identity].ID, st.statuses[a.Identity], st.joint[n]}
}

// storedAccounts decodes what was asked for at creation, outside of the lock.
func (s *Simulator) storedAccounts(views []accountView, shape func([]paxos.Account) any) reply {
	all := make([]paxos.Account, len(views))
	for i, v := range views {
		var r paxos.CreateAccountRequest
		if err := json.Unmarshal(v.body, &r); err != nil {
			return broken()
		}
		all[i] = s.accountBody(v, &r.Account)
	}
	return ok(shape(all))
}

// accountBody is an account as replies show it. Its own status is not
// documented further, so it follows its owner's.
func (s *Simulator) accountBody(v accountView, asked *paxos.Account) paxos.Account {
	out := *asked
	out.ID, out.IdentityID = v.ID.String(), v.owner.String()
	if v.Profile != uuid.Nil {
		out.ProfileID = v.Profile.String()
	}
	out.SummaryStatus = v.status.String()
	out.CreatedAt, out.UpdatedAt = microText(v.Created), microText(v.Created)
	out.Members = append(slices.Clip(out.Members), v.added...)
	for i := range out.Members { // out.ID holds the seed already, and outlives it in a journal
		out.Members[i].ID = seed(0).id("member", out.ID, strconv.Itoa(i)).String()
	}
	return out
}
