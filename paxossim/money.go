package paxossim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"unicode/utf8"

	"github.com/google/uuid"
)

// money is the state's part that has to do with money. What becomes of a bank
// account or an order is fixed when it is made, so its status is a function of
// the time, and the journal need not keep changes.
type money struct {
	fiat         shelf[*fiatAccount]
	instructions shelf[*instructions]
	orders       shelf[*order]

	profileOf map[uuid.UUID]int32 // the number of the account that a profile belongs to
	wallets   map[uuid.UUID]*wallet
	deposits  int
	refunded  int // profiles with more than one sandbox deposit
}

func newMoney() money {
	return money{
		fiat: newShelf[*fiatAccount](), instructions: newShelf[*instructions](), orders: newShelf[*order](),
		profileOf: map[uuid.UUID]int32{}, wallets: map[uuid.UUID]*wallet{},
	}
}

// The journal's kinds of entries for money.
const (
	fiatEntry         byte = 'f'
	instructionsEntry byte = 'w'
	depositEntry      byte = '$'
	orderEntry        byte = 'o'
)

// The scopes that the money operations ask for.
const (
	scopeReadProfile       = "funding:read_profile"
	scopeReadOrder         = "exchange:read_order"
	scopeWriteOrder        = "exchange:write_order"
	scopeReadFiat          = "transfer:read_fiat_account"
	scopeWriteFiat         = "transfer:write_fiat_account"
	scopeReadInstructions  = "transfer:read_fiat_deposit_instructions"
	scopeWriteInstructions = "transfer:write_fiat_deposit_instructions"
)

func (s *Simulator) moneyOperations() []operation {
	const fiat, instructions = "/transfer/fiat-accounts", "/transfer/fiat-deposit-instructions"
	const profile = "/profiles/{profile_id}"
	return []operation{
		{"CreateFiatAccount", "POST", fiat, classOther, scopeWriteFiat, s.createFiatAccount},
		{"ListFiatAccounts", "GET", fiat, classOther, scopeReadFiat, s.listFiatAccounts},
		{"GetFiatAccount", "GET", fiat + "/{id}", classOther, scopeReadFiat, s.getFiatAccount},
		{"CreateFiatDepositInstructions", "POST", instructions, classOther, scopeWriteInstructions, s.createInstructions},
		{"ListFiatDepositInstructions", "GET", instructions, classOther, scopeReadInstructions, s.listInstructions},
		{"GetFiatDepositInstructions", "GET", instructions + "/{id}", classOther, scopeReadInstructions, s.getInstructions},
		{"GetProfile", "GET", profile, classOther, scopeReadProfile, s.getProfile},
		{"ListProfileBalances", "GET", profile + "/balances", classOther, scopeReadProfile, s.listBalances},
		{"GetProfileBalance", "GET", profile + "/balances/{asset}", classOther, scopeReadProfile, s.getBalance},
		{"CreateSandboxDeposit", "POST", "/sandbox" + profile + "/deposit", classOther, scopeReadProfile, s.createDeposit},
		{"CreateOrder", "POST", profile + "/orders", classOther, scopeWriteOrder, s.createOrder},
		{"ListProfileOrders", "GET", profile + "/orders", classOther, scopeReadOrder, s.listProfileOrders},
		{"GetOrder", "GET", profile + "/orders/{id}", classOther, scopeReadOrder, s.getOrder},
		{"ListOrders", "GET", "/orders", classOther, scopeReadOrder, s.listOrders},
	}
}

// asProblem gives refusals of the order operations the content type that
// Paxos declares for them; the others declare plain JSON.
func (op operation) asProblem(r reply) reply {
	if _, isProblem := r.body.(problem); isProblem && (op.scope == scopeReadOrder || op.scope == scopeWriteOrder) {
		r.header = map[string][]string{"Content-Type": {"application/problem+json"}}
	}
	return r
}

// within answers with the state locked.
func (s *Simulator) within(f func(now int64) reply) reply {
	var out reply
	if err := s.state.do(func(now int64) { out = f(now) }); err != nil {
		return broken()
	}
	return out
}

// replayMoney takes over an entry of the journal that has to do with money.
func (st *state) replayMoney(kind byte, head, body []byte) error {
	var err error
	switch kind {
	case fiatEntry:
		err = replayedInto(head, func(f *fiatAccount) { f.body = slices.Clone(body); st.addFiat(f) })
	case instructionsEntry:
		err = replayedInto(head, func(i *instructions) { i.body = slices.Clone(body); st.addInstructions(i) })
	case depositEntry:
		err = replayedInto(head, func(d *deposit) { st.addDeposit(d) })
	case orderEntry:
		err = replayedInto(head, func(o *order) { o.body = slices.Clone(body); st.addOrder(o) })
	}
	return err
}

func replayedInto[T any](head []byte, add func(*T)) error {
	v := new(T)
	if err := json.Unmarshal(head, v); err != nil {
		return errDamaged
	}
	add(v)
	return nil
}

// countMoney adds the figures of the money side.
func (st *state) countMoney(out *Stats) {
	m := &st.money
	out.Objects.FiatAccounts, out.Objects.DepositInstructions = len(m.fiat.all), len(m.instructions.all)
	out.Objects.Orders, out.Objects.SandboxDeposits = len(m.orders.all), m.deposits
	out.Duplicates.FiatAccountsPerRefID, out.Duplicates.DepositsPerProfile = m.fiat.again, m.refunded
}

// belongs finds an account and its owner by the texts of their ids.
func (st *state) belongs(identityID, accountID string) (accountNumber int32, found bool) {
	owner, known := st.number(identityID)
	id, err := uuid.Parse(accountID)
	n, exists := st.accountByID[id]
	return n, known && err == nil && exists && st.accounts[n].Identity == owner
}

// metadataFault: at most six pairs of at most 100 characters each.
func metadataFault(m map[string]string) string {
	if len(m) > 6 {
		return "metadata must have at most 6 pairs"
	}
	for k, v := range m {
		if utf8.RuneCountInString(k) > 100 || utf8.RuneCountInString(v) > 100 {
			return "metadata must have keys and values of at most 100 characters"
		}
	}
	return ""
}

// checkMoney refuses options that cannot mean what was wanted.
func (o Options) checkMoney() error {
	if o.FiatRejected+o.FiatStuck > 1 {
		return errors.New("shares of reviews add up to more than 1")
	}
	for _, status := range o.FiatStatuses {
		if !slices.Contains(fiatStatuses(), status) {
			return fmt.Errorf("unknown status of a bank account %q", status)
		}
	}
	return nil
}

// serveFiatAccounts writes all bank accounts, one a line, without bank numbers.
func (s *Simulator) serveFiatAccounts(w http.ResponseWriter, _ *http.Request) {
	type line struct {
		ID         string `json:"id"`
		RefID      string `json:"ref_id"`
		IdentityID string `json:"identity_id,omitempty"`
		AccountID  string `json:"account_id,omitempty"`
		Status     string `json:"status"`
	}
	all := func(st *state) int { return len(st.money.fiat.all) }
	stream(w, s.state, all, func(n int32) line {
		b, _ := storedFiat(s.state.money.fiat.all[n].at(s.state.last)) // it was decoded when it came
		return line{b.ID, b.RefID, b.IdentityID, b.AccountID, b.Status}
	})
}

// serveOrders writes all orders, one a line.
func (s *Simulator) serveOrders(w http.ResponseWriter, _ *http.Request) {
	type line struct {
		ID        string `json:"id"`
		RefID     string `json:"ref_id"`
		ProfileID string `json:"profile_id"`
		Market    string `json:"market"`
		Status    string `json:"status"`
	}
	all := func(st *state) int { return len(st.money.orders.all) }
	stream(w, s.state, all, func(n int32) line {
		o := s.state.money.orders.all[n]
		status, _ := o.at(s.state.last)
		return line{o.ID.String(), o.RefID, o.Profile.String(), o.Market, status}
	})
}
