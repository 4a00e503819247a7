package paxossim

import (
	"encoding/json"
	"net/http"

	"embark/paxos"
)

// Statuses of a bank account. Unlike an identity it is REJECTED, not DENIED.
const (
	fiatPending  = "PENDING"
	fiatApproved = "APPROVED"
	fiatRejected = "REJECTED"
)

// fiatStatuses are the values of a fiat account's status.
func fiatStatuses() []string { return []string{fiatPending, fiatApproved, fiatRejected} }

// fiatAccount is a bank account that money can be withdrawn to.
type fiatAccount struct {
	record
	Due     int64  `json:"due"` // when its review ends
	Becomes string `json:"becomes"`
}

// createFiatAccount is POST /transfer/fiat-accounts. The reply is always
// PENDING, also when the review ends at once.
func (s *Simulator) createFiatAccount(c *call) reply {
	var r paxos.CreateFiatAccountRequest
	if f := decodeStrict(c, &r); f != "" {
		return badRequest(f)
	}
	if refused := s.refuseParty(&r); refused != nil {
		return *refused
	}
	if f := fiatFault(&r); f != "" {
		return badRequest(f)
	}
	return s.within(func(now int64) reply {
		if refused := s.refuseFiat(&r); refused != nil {
			return *refused
		}
		f := s.state.createFiat(r.RefID, c.body, now)
		return ok(s.fiatShape(fiatReply(fiatView{f, fiatPending, f.Created}, &r)))
	})
}

// refuseParty: Paxos integrates a customer either for itself, and then there
// are no identities, or for its end users, and then there must be.
func (s *Simulator) refuseParty(r *paxos.CreateFiatAccountRequest) *reply {
	switch {
	case s.options.FirstParty && r.IdentityID != "":
		return new(refuse(http.StatusForbidden, "identity_id forbidden for first-party customers"))
	case s.options.FirstParty && r.AccountID != "":
		return new(refuse(http.StatusForbidden, "account_id forbidden for first-party customers"))
	case s.options.FirstParty:
		return nil
	case r.IdentityID == "":
		return new(badRequest("identity_id must be set"))
	case r.AccountID == "":
		return new(badRequest("account_id must be set"))
	}
	return nil
}

// refuseFiat is why a bank account cannot be made in the present state, or nil.
func (s *Simulator) refuseFiat(r *paxos.CreateFiatAccountRequest) *reply {
	if _, found := s.state.belongs(r.IdentityID, r.AccountID); !found && !s.options.FirstParty {
		return new(refuse(http.StatusNotFound, "no account of that identity found"))
	}
	if old, taken := s.state.money.fiat.latest(r.RefID); taken && !s.options.FiatRefReusable {
		return new(alreadyExists("duplicate ref_id provided", old.ID.String(), s.options.FiatConflictPlain))
	}
	return nil
}

// createFiat makes a new bank account, decides its review and writes it down.
func (st *state) createFiat(refID string, body []byte, now int64) *fiatAccount {
	f := &fiatAccount{record: st.money.fiat.newRecord(st.seed, "fiat account", refID, body, now)}
	f.Due, f.Becomes = st.review(f)
	st.journal.write(fiatEntry, f, body)
	st.addFiat(f)
	return f
}

// review draws how a bank account's review ends and when, unless the options
// say so for its ref_id.
func (st *state) review(f *fiatAccount) (due int64, becomes string) {
	k, o := key(f.ID.String()), st.options
	due = f.Created + int64(o.FiatReviewAfter) + int64(st.seed.share("fiat jitter", k)*float64(o.FiatReviewJitter))
	if chosen := o.FiatStatuses[f.RefID]; chosen != "" {
		return due, chosen
	}
	switch u := st.seed.share("fiat review", k); {
	case u < o.FiatRejected:
		return due, fiatRejected
	case u < o.FiatRejected+o.FiatStuck:
		return due, fiatPending
	}
	return due, fiatApproved
}

// addFiat takes over a record that is new, or comes from the journal.
func (st *state) addFiat(f *fiatAccount) {
	st.money.fiat.add(f)
	st.last = max(st.last, f.Created)
}

// fiatView is a bank account as it was at one moment.
type fiatView struct {
	*fiatAccount
	status  string
	updated int64
}

func (f *fiatAccount) at(now int64) fiatView {
	if now < f.Due || f.Becomes == fiatPending {
		return fiatView{f, fiatPending, f.Created}
	}
	return fiatView{f, f.Becomes, micro(f.Due)}
}

// getFiatAccount is GET /transfer/fiat-accounts/{id}. It shows everything, the
// whole account number too.
func (s *Simulator) getFiatAccount(c *call) reply {
	if f := onlyParameters(c.query, "include_deleted"); f != "" {
		return badRequest(f)
	}
	return s.within(func(now int64) reply {
		f, found := s.state.money.fiat.find(c.PathValue("id"))
		if !found {
			return refuse(http.StatusNotFound, "no fiat account found for that id")
		}
		body, err := storedFiat(f.at(now))
		if err != nil {
			return broken()
		}
		return ok(s.fiatShape(body))
	})
}

// listFiatAccounts is GET /transfer/fiat-accounts, newest first.
func (s *Simulator) listFiatAccounts(c *call) reply {
	chosen, q, f := parseTransferList(c, "include_deleted", "order_by")
	if f != "" {
		return badRequest(f)
	}
	var views []fiatView
	page := listPage[any]{Items: []any{}}
	err := s.state.do(func(now int64) {
		var found []*fiatAccount
		found, page.Next = s.state.money.fiat.page(q, chosen, func(*fiatAccount) bool { return true })
		for _, f := range found {
			views = append(views, f.at(now))
		}
	})
	for _, v := range views {
		body, bad := storedFiat(v)
		if bad != nil {
			return broken()
		}
		page.Items = append(page.Items, s.fiatShape(abbreviated(body)))
	}
	if err != nil {
		return broken()
	}
	return ok(page)
}

// parseTransferList reads the parameters of the lists below /transfer.
func parseTransferList(c *call, others ...string) (choice, listQuery, string) {
	chosen, rest, f := parseChoice(c.query)
	if f == "" {
		f = onlyParameters(rest, append(append(timeFilters("created_at"), "limit", "order", "page_cursor"), others...)...)
	}
	if f != "" {
		return chosen, listQuery{}, f
	}
	q, f := parseList(rest, "include_deleted")
	return chosen, q, f
}

// fiatBody is a bank account as replies show it.
type fiatBody struct {
	paxos.FiatAccount
	Owner        *paxos.FiatAccountOwner        `json:"fiat_account_owner,omitempty"`
	Instructions *paxos.FiatNetworkInstructions `json:"fiat_network_instructions"`
	Metadata     map[string]string              `json:"metadata,omitempty"`
}

func storedFiat(v fiatView) (fiatBody, error) {
	var r paxos.CreateFiatAccountRequest
	err := json.Unmarshal(v.body, &r)
	return fiatReply(v, &r), err
}

func fiatReply(v fiatView, r *paxos.CreateFiatAccountRequest) fiatBody {
	return fiatBody{
		FiatAccount: paxos.FiatAccount{
			ID: v.ID.String(), RefID: v.RefID, IdentityID: r.IdentityID, AccountID: r.AccountID, Status: v.status,
			CreatedAt: microText(v.Created), UpdatedAt: microText(v.updated),
		},
		Owner: r.FiatAccountOwner, Instructions: r.FiatNetworkInstructions, Metadata: r.Metadata,
	}
}

// abbreviated is a bank account as lists show it: without its owner and
// addresses, and with the last four digits of the account number. The body's
// parts are its own, so they may be changed.
func abbreviated(b fiatBody) fiatBody {
	b.Owner = nil
	n := b.Instructions
	switch {
	case n.Wire != nil:
		n.Wire.AccountNumber = masked(n.Wire.AccountNumber)
		n.Wire.FiatAccountOwnerAddress, n.Wire.RoutingDetails.BankAddress = nil, nil
		if n.Wire.IntermediaryRoutingDetails != nil {
			n.Wire.IntermediaryRoutingDetails.BankAddress = nil
		}
	case n.RTP != nil:
		n.RTP.AccountNumber = masked(n.RTP.AccountNumber)
		n.RTP.RoutingDetails.BankAddress = nil
	case n.DBSAct != nil:
		n.DBSAct.AccountNumber = masked(n.DBSAct.AccountNumber)
	case n.SCB != nil:
		n.SCB.AccountNumber = masked(n.SCB.AccountNumber)
	}
	return b
}

func masked(number string) string {
	return "XXXX" + number[max(0, len(number)-4):]
}

// nestedFiat is the layout of the published samples, which disagrees with the
// schema.
type nestedFiat struct {
	paxos.FiatAccount
	Status string      `json:"status,omitempty"` // hides the one above
	Owner  nestedOwner `json:"fiat_account_owner"`
}

type nestedOwner struct {
	*paxos.FiatAccountOwner
	Instructions *paxos.FiatNetworkInstructions `json:"fiat_network_instructions"`
	Status       string                         `json:"status"`
	Metadata     map[string]string              `json:"metadata,omitempty"`
}

func (s *Simulator) fiatShape(b fiatBody) any {
	if !s.options.FiatNested {
		return b
	}
	return nestedFiat{FiatAccount: b.FiatAccount, Owner: nestedOwner{b.Owner, b.Instructions, b.Status, b.Metadata}}
}
