package onboard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"embark/paxos"
)

// Admission is what becomes of a row in view of what is known of its object.
type Admission string

// Admissions.
const (
	Fresh    Admission = "fresh"   // nothing was known, or nothing that was sent: the row counts
	Same     Admission = "same"    // the row says what is known already
	Joined   Admission = "joined"  // the account is the known one, and has more members: see [Joining]
	Changed  Admission = "changed" // Paxos has, or may have, other content: the row is not sent
	Retried  Admission = "retried" // refused before, and to be tried again
	NoObject Admission = "nothing" // the row asks for no such object
)

// Drafts turns a customer into the records of all objects that it asks for, the
// identity first and each after those that it needs; or of the bank account
// alone, which needs the identity and the account that others ask for. print
// makes the keyed fingerprints.
func Drafts(c *Customer, cells []string, seen Place, print func([]byte) []byte) ([]Record, error) {
	d := drafter{print: print, seen: seen, drafts: make([]Record, 0, howManyDrafts(c))}
	if c.BankOnly() {
		d.bank(c)
		return d.drafts, d.err
	}
	d.identity(c, cells)
	if c.SandboxStatus != "" {
		institution := c.Identity != nil && c.Identity.InstitutionDetails != nil
		d.add(NewKey(KindSandboxStatus, c.RefID), sandboxRequest(c.SandboxStatus, institution), d.customer(ItsID))
	}
	d.documents(c)
	if c.Account != nil {
		d.account(c)
	}
	return d.drafts, d.err
}

// howManyDrafts is about how many drafts there will be: records are large, and
// growing a slice of them costs more than filling it.
func howManyDrafts(c *Customer) int {
	n := 2 + len(c.Documents)
	for _, more := range []bool{c.SandboxStatus != "", c.FiatAccount != nil, c.Deposit != nil, c.Fund != nil, c.Order != nil} {
		if more {
			n++
		}
	}
	return n
}

// BankOnly tells whether the row describes a bank account and leaves identity
// and account to other rows, which may come later.
func (c *Customer) BankOnly() bool { return c.Identity == nil && c.IdentityID == "" }

// drafter collects the drafts of one customer.
type drafter struct {
	print  func([]byte) []byte
	seen   Place
	drafts []Record
	err    error
}

func (d *drafter) identity(c *Customer, cells []string) {
	key := NewKey(KindIdentity, c.RefID)
	if c.IdentityID != "" {
		d.drafts = append(d.drafts, Record{Key: key, ID: c.IdentityID, Origin: Given, Seen: d.seen, Print: d.print([]byte(c.IdentityID))})
	} else {
		request, needs := *c.Identity, []Need(nil)
		for _, m := range c.Members {
			request.InstitutionMembers = append(request.InstitutionMembers,
				paxos.InstitutionMember{IdentityID: m.RefID, Roles: m.Roles, Ownership: m.Ownership, Position: m.Position})
			needs = append(needs, Need{Key: NewKey(KindIdentity, m.RefID), For: ItsID})
		}
		d.add(key, request, needs...)
	}
	d.drafts[0].Cells = d.print(cellBytes(cells))
}

func (d *drafter) documents(c *Customer) {
	taken := map[string]int{}
	for _, doc := range c.Documents {
		name := documentName(doc)
		taken[name]++
		if n := taken[name]; n > 1 {
			name = attemptName(name, -n)
		}
		d.add(NewKey(KindDocument, c.RefID+"/"+name), supply{Name: name, Types: doc.Types, Path: doc.Path}, d.customer(ItsRequests))
		r := &d.drafts[len(d.drafts)-1]
		r.Documents, r.Cells = doc.Types, d.print([]byte(doc.Path))
		r.Print = d.printOf(supply{Name: name, Types: doc.Types}) // where it lies makes it no other document
	}
}

// account drafts the account and what hangs on it. The order comes last and
// waits for all the others.
func (d *drafter) account(c *Customer) {
	request, needs := *c.Account, []Need{d.customer("")}
	for _, m := range c.AccountMembers {
		request.Account.Members = append(request.Account.Members, paxos.AccountMember{IdentityID: m.RefID, Roles: m.Roles})
		needs = append(needs, Need{Key: NewKey(KindIdentity, m.RefID), Roles: m.Roles})
	}
	account := d.add(NewKey(KindAccount, request.Account.RefID), request, needs...)
	if len(c.AccountMembers) > 0 { // who they are is in the needs: one more is no other account
		d.drafts[len(d.drafts)-1].Print = d.printOf(c.Account)
	}
	before := []Need{d.customer(""), {Key: account, For: ItsProfile}}
	if c.FiatAccount != nil {
		key := d.fiatAccount(c, d.customer(""), Need{Key: account, For: ItsID})
		before = append(before, Need{Key: key})
	}
	if c.Deposit != nil {
		key := d.add(NewKey(KindDepositInstructions, c.Deposit.RefID), c.Deposit, d.customer(""), Need{Key: account, For: ItsProfile})
		before = append(before, Need{Key: key, For: ItsID})
	}
	if c.Fund != nil {
		key := d.add(NewKey(KindSandboxDeposit, request.Account.RefID), c.Fund, d.customer(""), Need{Key: account, For: ItsProfile})
		before = append(before, Need{Key: key, For: ItsID})
	}
	if c.Order != nil {
		d.add(NewKey(KindOrder, c.Order.RefID), c.Order, before...)
	}
}

func (d *drafter) printOf(request any) []byte {
	body, err := json.Marshal(request)
	if err != nil {
		d.err = err
	}
	return d.print(body)
}

// bank drafts the same bank account as the customer's own row would.
func (d *drafter) bank(c *Customer) {
	d.fiatAccount(c, Need{Key: NewKey(KindIdentity, c.RefID)}, Need{Key: NewKey(KindAccount, c.Account.Account.RefID), For: ItsID})
}

// fiatAccount also takes the fingerprint of the numbers, which tell a bank
// account from others whatever its ref_id.
func (d *drafter) fiatAccount(c *Customer, needs ...Need) Key {
	key := d.add(NewKey(KindFiatAccount, c.FiatAccount.RefID), c.FiatAccount, needs...)
	d.drafts[len(d.drafts)-1].Cells = d.print([]byte(BankNumbers(c.FiatAccount)))
	return key
}

// customer is the need of the customer's own identity.
func (d *drafter) customer(what For) Need { return Need{Key: d.drafts[0].Key, For: what} }

// add marshals the request once, so that what is stored, fingerprinted and sent
// is the same, and lists the draft with those that it needs.
func (d *drafter) add(key Key, request any, needs ...Need) Key {
	body, err := json.Marshal(request)
	if err != nil {
		d.err = fmt.Errorf("request of %q: %w", key, err)
	}
	for i := range d.drafts {
		if slices.ContainsFunc(needs, func(n Need) bool { return n.Key == d.drafts[i].Key }) {
			d.drafts[i].Needed = append(d.drafts[i].Needed, key)
		}
	}
	d.drafts = append(d.drafts, Record{Key: key, Request: body, Print: d.print(body), Needs: needs, Seen: d.seen})
	return key
}

// cellBytes joins cells so that no two different rows give the same bytes.
func cellBytes(cells []string) []byte {
	size := 0
	for _, cell := range cells {
		size += len(cell) + len("12345:")
	}
	b := make([]byte, 0, size)
	for _, cell := range cells {
		b = strconv.AppendInt(b, int64(len(cell)), 10)
		b = append(b, ':')
		b = append(b, cell...)
	}
	return b
}

// Admit weighs a draft against the record that is known under its key. Once
// Paxos has, or may have, the object, other content is [Changed] and the record
// stays; before that the newer row simply replaces the older.
func Admit(known, draft Record, retryRefused bool) (Record, Admission) {
	switch {
	case !draft.Known():
		return known, NoObject
	case !known.Known():
		return draft, Fresh
	case known.Key.Kind() != KindIdentity && !sameOwner(known, draft):
		return known, Changed // it is somebody else's, or the draft asks for it to become so
	case known.ID != "" && len(Joining(known, draft)) > 0:
		return known, Joined
	case bytes.Equal(known.Print, draft.Print) && !regrouped(known, draft) && !resupplied(known, draft):
		return admitSame(known, draft, retryRefused)
	case known.ID != "" || known.State() == Sent || known.State() == InDoubt:
		if known.Key.Kind() == KindSandboxDeposit {
			return known, Same // another amount is no other deposit: a profile is funded once
		}
		return known, Changed
	}
	return replace(known, draft), Fresh
}

// replace puts the draft in the place of a record that Paxos does not have,
// keeping what is known of its surroundings and of attempts in doubt.
func replace(known, draft Record) Record {
	draft.Attempt, draft.First, draft.Intent = known.Attempt, known.First, nil
	draft.Needed = union(known.Needed, draft.Needed)
	draft.Needs = keepNeeds(known.Needs, draft.Needs)
	return draft
}

// sameOwner: a request does not say whose the object is; its needs do.
func sameOwner(a, b Record) bool {
	return a.need(KindIdentity).Key == b.need(KindIdentity).Key && a.need(KindAccount).Key == b.need(KindAccount).Key
}

// regrouped: the row names other members of an account, who are not in its
// print. An order that was not sent yet waits for what the customer is to get
// before it, which may change from run to run: a bank account was rejected, say,
// and the row names another one.
func regrouped(known, draft Record) bool {
	state := known.State()
	return !slices.EqualFunc(known.Needs, draft.Needs, sameNeed) &&
		(known.Key.Kind() == KindAccount || known.Key.Kind() == KindOrder && (state == Waiting || state == Ready))
}

func sameNeed(x, y Need) bool {
	return x.Key == y.Key && x.For == y.For && slices.Equal(x.Roles, y.Roles)
}

// resupplied: the newest row tells where a document lies that may still be
// sent; one whose file could not be read is tried again with any row. What was
// sent stays the same document, wherever the row says that it lies now.
func resupplied(known, draft Record) bool {
	if known.Key.Kind() != KindDocument {
		return false
	}
	if known.Problem != nil {
		return known.Problem.Code == CodeFile
	}
	return !bytes.Equal(known.Cells, draft.Cells) && (known.State() == Waiting || known.State() == Ready)
}

// Joining are drafts of those who join an account that is made, where the row
// says the same of it as before and names more members; none otherwise.
func Joining(account, row Record) (drafts []Record) {
	if account.Key.Kind() != KindAccount || !bytes.Equal(account.Print, row.Print) || len(row.Needs) <= len(account.Needs) {
		return nil
	}
	for _, n := range account.Needs {
		if !slices.ContainsFunc(row.Needs, func(m Need) bool { return sameNeed(m, n) }) {
			return nil // one left, or has other roles
		}
	}
	for _, n := range row.Needs {
		if !slices.ContainsFunc(account.Needs, func(m Need) bool { return sameNeed(m, n) }) {
			drafts = append(drafts, joining(account, n, row.Seen))
		}
	}
	return drafts
}

func joining(account Record, member Need, seen Place) Record {
	body, _ := json.Marshal(paxos.AccountMember{Roles: member.Roles}) // strings can always be written
	return Record{Key: NewKey(KindAccountMember, account.Key.RefID()+"/"+member.Key.RefID()), Request: body, Print: account.Print, Seen: seen,
		Needs: []Need{{Key: account.Needs[0].Key}, {Key: account.Key, For: ItsID}, {Key: member.Key}}}
}

func admitSame(known, draft Record, retryRefused bool) (Record, Admission) {
	switch {
	case known.Problem != nil && retryRefused:
		return replace(known, draft), Retried
	case !known.hasRequest() && known.State() == Ready:
		known.Request = draft.Request
	}
	known.Needed = union(known.Needed, draft.Needed)
	return known, Same
}

func union(a, b []Key) []Key {
	for _, k := range b {
		if !slices.Contains(a, k) {
			a = append(slices.Clip(a), k)
		}
	}
	return a
}

// keepNeeds keeps what was heard of the needs that stay.
func keepNeeds(known, draft []Need) []Need {
	kept := slices.Clone(draft)
	for i, n := range kept {
		if j := slices.IndexFunc(known, func(k Need) bool { return k.Key == n.Key && k.For == n.For }); j >= 0 {
			kept[i] = known[j]
		}
	}
	return kept
}
