package checkpoint

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"embark/onboard"
	"embark/paxos"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// everyone is whoever a row describes, with everything that it may ask for.
func everyone(s *Store, ref string, edit func(*onboard.Customer)) []onboard.Record {
	person := &paxos.PersonDetails{FirstName: "Canaryfirst", LastName: "Canarylast", DateOfBirth: "1931-07-13"}
	c := &onboard.Customer{RefID: ref, Identity: &paxos.CreateIdentityRequest{RefID: ref, PersonDetails: person},
		Account:     &paxos.CreateAccountRequest{CreateProfile: true, Account: paxos.Account{RefID: ref + "-account"}},
		FiatAccount: &paxos.CreateFiatAccountRequest{RefID: ref + "-bank"},
		Deposit:     &paxos.CreateFiatDepositInstructionsRequest{RefID: ref + "-deposit"},
		Fund:        &paxos.SandboxDepositRequest{Asset: "USD", Amount: "1"},
		Order:       &paxos.CreateOrderRequest{RefID: ref + "-order"},
		Documents:   []onboard.Document{{Types: []string{"PROOF_OF_FUNDS"}, Path: "/canary.pdf"}}}
	if edit != nil {
		edit(c)
	}
	drafts, err := onboard.Drafts(c, []string{ref}, onboard.Place{File: "a.csv", Line: 2}, s.Fingerprint)
	if err != nil {
		panic(err)
	}
	return drafts
}

// institution is an identity with members, and no more.
func institution(s *Store, ref string, members ...string) onboard.Record {
	return everyone(s, ref, func(c *onboard.Customer) {
		*c = onboard.Customer{RefID: ref, Identity: &paxos.CreateIdentityRequest{RefID: ref, InstitutionDetails: &paxos.InstitutionDetails{Name: ref}}}
		for _, m := range members {
			c.Members = append(c.Members, onboard.Member{RefID: m, Roles: []string{"OWNER"}})
		}
	})[0]
}

// bring stores drafts and returns those for which something is due.
func (s *testStore) bring(drafts ...onboard.Record) []onboard.Key {
	s.t.Helper()
	only := func([]onboard.Record) (onboard.Step, []onboard.Record) { return onboard.Step{}, drafts }
	_, ready, err := s.Begin(ctx, only, drafts[0].Key)
	if err != nil {
		s.t.Fatal(err)
	}
	verify(s.t, s.Store)
	return ready
}

// commit has the create of a ready object answered, and returns what became ready.
func (s *testStore) commit(key onboard.Key, edit func(*onboard.Answer)) []onboard.Key {
	s.t.Helper()
	a := made("id-" + key.RefID())
	if edit != nil {
		edit(&a)
	}
	step, _, err := s.Begin(ctx, func(known []onboard.Record) (onboard.Step, []onboard.Record) {
		step, at := onboard.Next(known[0], now.Add(time.Second), onboard.Policy{Run: s.run, Orders: true, Sandbox: true})
		if at.IsZero() || at.After(now.Add(time.Second)) {
			return onboard.Step{}, nil
		}
		return step, nil
	}, key)
	if err != nil || step.Action != onboard.Create {
		s.t.Fatalf("%s: got %q, %v, want it created", key, step.Action, err)
	}
	_, ready, err := s.Commit(ctx, step, a)
	if err != nil {
		s.t.Fatal(err)
	}
	verify(s.t, s.Store)
	return ready
}

func expect(t *testing.T, what string, got []onboard.Key, want ...onboard.Key) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

// The rows of an institution and of its members may come in any order, in other
// files and other nights.
func TestMembersComeInAnyOrder(t *testing.T) {
	const inst = onboard.Key("identity/inst")
	for _, reopen := range []bool{false, true} {
		for _, before := range []int{0, 1, 2} { // members that were planted before the institution
			for _, done := range []int{0, 1, 2} { // and that were made by then
				if done > before {
					continue
				}
				t.Run(fmt.Sprint(before, " before, ", done, " of them made, reopened ", reopen), func(t *testing.T) {
					path := newPath(t)
					s := open(t, path)
					again := func() {
						if reopen {
							s.shut()
							s = open(t, path)
						}
					}
					var ready []onboard.Key
					for i := range 3 {
						member, _ := drafts(s.Store, fmt.Sprint("m", i))
						if i == before {
							ready = s.bring(institution(s.Store, "inst", "m0", "m1"))
							again()
						}
						if i == 2 {
							break
						}
						s.bring(member)
						again()
						if i < done {
							s.commit(member.Key, nil)
							again()
						}
					}
					for i := done; i < 2; i++ {
						expect(t, "before the last member", ready)
						ready = s.commit(identityKey(fmt.Sprint("m", i)), nil)
						again()
					}
					expect(t, "all members made", ready, inst)
					r := s.one(inst)
					if r.State() != onboard.Ready || r.Needs[0].ID != "id-m0" || r.Needs[1].ID != "id-m1" {
						t.Errorf("got %s, needs %+v, want it ready with both ids", r.State(), r.Needs)
					}
				})
			}
		}
	}
}

// Institution and members in one transaction, the institution first.
func TestMembersComeAlong(t *testing.T) {
	s := open(t, newPath(t))
	m, _ := drafts(s.Store, "m1")
	ready := s.bring(institution(s.Store, "inst", "m1"), m)
	expect(t, "members to make", ready, m.Key)
	expect(t, "member made", s.commit(m.Key, nil), "identity/inst")
}

// One row alone begins a create: who waits for it is claimed there, too.
func TestMemberIsBegunAlone(t *testing.T) {
	s := open(t, newPath(t))
	s.bring(institution(s.Store, "inst", "c1"))
	_, ready, err := s.Commit(ctx, s.intend("c1"), made("id-c1"))
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "member made", ready, "identity/inst")
}

// A member that the row names by its Paxos id is there at once.
func TestMemberIsGiven(t *testing.T) {
	s := open(t, newPath(t))
	m, _ := drafts(s.Store, "m1")
	m.ID, m.Origin, m.Request = "given", onboard.Given, nil
	s.bring(m)
	expect(t, "institution", s.bring(institution(s.Store, "inst", "m1")), "identity/inst")
	s = open(t, newPath(t))
	s.bring(institution(s.Store, "inst", "m1"))
	s.bring(m)
	if r := s.one("identity/inst"); r.State() != onboard.Waiting && r.Needs[0].ID != "given" {
		t.Errorf("got %s, needs %+v", r.State(), r.Needs)
	}
}

// Several wait for one that nobody knows.
func TestManyWantOne(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	joint := everyone(s.Store, "c1", func(c *onboard.Customer) {
		c.FiatAccount, c.Deposit, c.Fund, c.Order, c.Documents = nil, nil, nil, nil, nil
		c.AccountMembers = []onboard.Member{{RefID: "m1", Roles: []string{"JOINT"}}}
	})
	s.bring(institution(s.Store, "i1", "m1"))
	s.bring(institution(s.Store, "i2", "m1", "m2"))
	s.bring(institution(s.Store, "i2", "m1", "m2")) // the same row again
	s.bring(joint...)
	s.shut()
	s = open(t, path)
	m, _ := drafts(s.Store, "m1")
	s.bring(m)
	if got, want := s.one(m.Key).Needed, []onboard.Key{"identity/i1", "identity/i2", "account/c1-account", "account/m1-account"}; !sameKeys(got, want) {
		t.Errorf("got needed by %q, want %q", got, want)
	}
	expect(t, "member made", s.commit(m.Key, nil), "identity/i1")
	s.commit("identity/c1", nil)
	s.observe("id-c1", paxos.StatusApproved, time.Second)
	expect(t, "member approved", s.observe("id-m1", paxos.StatusApproved, time.Second).Ready, "identity/i1", "account/c1-account") // i1 could go before
}

func sameKeys(a, b []onboard.Key) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// A row that is mended lets go of the member that it named by mistake.
func TestMendedMembers(t *testing.T) {
	s := open(t, newPath(t))
	s.bring(institution(s.Store, "other", "typo"))
	s.bring(institution(s.Store, "inst", "typo", "m1"))
	s.bring(institution(s.Store, "inst", "m1"))
	m, _ := drafts(s.Store, "m1")
	s.bring(m)
	expect(t, "member made", s.commit(m.Key, nil), "identity/inst")
	typo, _ := drafts(s.Store, "typo")
	s.bring(typo)
	expect(t, "the other's member made", s.commit(typo.Key, nil), "identity/other")
}

// One person may be two members.
func TestMemberTwice(t *testing.T) {
	s := open(t, newPath(t))
	s.bring(institution(s.Store, "inst", "m1", "m1"))
	m, _ := drafts(s.Store, "m1")
	s.bring(m)
	expect(t, "member made", s.commit(m.Key, nil), "identity/inst")
}

// TestChain follows a customer with everything from commit to commit.
func TestChain(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	again := func() { s.shut(); s = open(t, path) }
	const account, bank, deposit = onboard.Key("account/c1-account"), onboard.Key("fiat_account/c1-bank"), onboard.Key("fiat_deposit_instructions/c1-deposit")
	const fund, order, document = onboard.Key("sandbox_deposit/c1-account"), onboard.Key("order/c1-order"), onboard.Key("document/c1/PROOF_OF_FUNDS.pdf")
	all := everyone(s.Store, "c1", nil)
	expect(t, "planted", s.bring(all...), "identity/c1")
	expect(t, "identity made", s.commit("identity/c1", nil))
	again()
	asked := []Sighting{{ID: "id-c1", Documents: []string{"PROOF_OF_FUNDS"}, At: now}}
	o, err := s.Observe(ctx, asked, now, nil)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "documents asked for", o.Ready, document)
	expect(t, "document sent", s.commit(document, func(a *onboard.Answer) { a.Object.Status = "UPLOADED" }))
	expect(t, "approved", s.observe("id-c1", paxos.StatusApproved, time.Second).Ready, account)
	again()
	expect(t, "account made", s.commit(account, nil), bank, deposit, fund)
	again()
	if r := s.one(order); r.State() != onboard.Waiting || r.Needs[1].Profile != "p-id-c1-account" {
		t.Errorf("got %s, needs %+v, want the order waiting with its profile", r.State(), r.Needs)
	}
	expect(t, "instructions made", s.commit(deposit, nil))
	expect(t, "credited", s.commit(fund, nil))
	again()
	expect(t, "bank account approved", s.commit(bank, func(a *onboard.Answer) { a.Object.Status = paxos.StatusApproved }), order)
	s.commit(order, func(a *onboard.Answer) { a.Object.Status = paxos.OrderFilled })
	for key, err := range s.Unfinished() {
		t.Errorf("got %s unfinished (%v), want nothing", key, err)
	}
}

// What an account without a profile, or a bank account that is rejected, leaves
// behind is blocked, and not unfinished.
func TestChainBreaks(t *testing.T) {
	s := open(t, newPath(t))
	s.bring(everyone(s.Store, "c1", func(c *onboard.Customer) { c.Documents = nil })...)
	s.commit("identity/c1", nil)
	s.observe("id-c1", paxos.StatusApproved, time.Second)
	expect(t, "account without profile", s.commit("account/c1-account", func(a *onboard.Answer) { a.Object.ProfileID = "" }), "fiat_account/c1-bank")
	s.commit("fiat_account/c1-bank", func(a *onboard.Answer) { a.Object.Status = paxos.FiatAccountRejected })
	for key := range s.Unfinished() {
		t.Errorf("got %s unfinished (%s), want nothing", key, s.one(key).State())
	}
}

// An account whose profile could not be read releases nothing until it is.
func TestChainOfUnreadAccount(t *testing.T) {
	s := open(t, newPath(t))
	s.bring(everyone(s.Store, "c1", func(c *onboard.Customer) { c.Documents, c.FiatAccount = nil, nil })...)
	s.commit("identity/c1", nil)
	s.observe("id-c1", paxos.StatusApproved, time.Second)
	const account = onboard.Key("account/c1-account")
	expect(t, "unread", s.commit(account, func(a *onboard.Answer) { a.Object.ProfileID, a.Object.Unread = "", true }))
	step := onboard.Step{Action: onboard.Read, Record: s.one(account)}
	failed := onboard.Answer{Err: errors.New("reset"), At: now}
	if _, ready, err := s.Commit(ctx, step, failed); err != nil || len(ready) > 0 {
		t.Errorf("reading failed: got %q, %v, want nothing ready", ready, err)
	}
	_, ready, err := s.Commit(ctx, step, onboard.Answer{Object: &onboard.Object{ID: "id-c1-account", ProfileID: "p1"}, At: now})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "read", ready, "fiat_deposit_instructions/c1-deposit", "sandbox_deposit/c1-account")
}

// A later night's row brings what the customer is to have besides.
func TestLaterColumns(t *testing.T) {
	s := open(t, newPath(t))
	s.bring(everyone(s.Store, "c1", func(c *onboard.Customer) {
		c.FiatAccount, c.Deposit, c.Fund, c.Order, c.Documents = nil, nil, nil, nil, nil
	})...)
	s.commit("identity/c1", nil)
	s.observe("id-c1", paxos.StatusApproved, time.Second)
	s.commit("account/c1-account", nil)
	ready := s.bring(everyone(s.Store, "c1", func(c *onboard.Customer) { c.Documents = nil })...)
	expect(t, "later", ready, "fiat_account/c1-bank", "fiat_deposit_instructions/c1-deposit", "sandbox_deposit/c1-account")
}

// TestRandomMembers: institutions, joint accounts and their members come, are
// mended, made, approved and lost in any order; nobody is forgotten.
func TestRandomMembers(t *testing.T) {
	s := open(t, newPath(t))
	turn := 0
	rapid.Check(t, func(rt *rapid.T) {
		turn++
		m := members{s: s, prefix: fmt.Sprint("t", turn, "-")}
		rt.Repeat(map[string]func(*rapid.T){"row": m.row, "institution": m.institution, "step": m.step, "approve": m.approve})
		m.finish(rt)
		verify(rt0{t, rt}, s.Store)
	})
}

type members struct {
	s      *testStore
	prefix string
}

func (m *members) ref(t *rapid.T) string {
	return m.prefix + rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "person")
}

func (m *members) put(t *rapid.T, drafts []onboard.Record) {
	only := func([]onboard.Record) (onboard.Step, []onboard.Record) { return onboard.Step{}, drafts }
	if _, _, err := m.s.Begin(ctx, only, drafts[0].Key); err != nil {
		t.Fatal(err)
	}
}

func (m *members) row(t *rapid.T) {
	joint := rapid.IntRange(0, 2).Draw(t, "joint owners")
	m.put(t, everyone(m.s.Store, m.ref(t), func(c *onboard.Customer) {
		c.Documents = nil
		for range joint {
			c.AccountMembers = append(c.AccountMembers, onboard.Member{RefID: m.ref(t), Roles: []string{"JOINT"}})
		}
	}))
}

func (m *members) institution(t *rapid.T) {
	of := []string{m.ref(t)}
	if rapid.Bool().Draw(t, "two") {
		of = append(of, m.ref(t))
	}
	m.put(t, []onboard.Record{institution(m.s.Store, m.prefix+rapid.SampledFrom([]string{"i", "j"}).Draw(t, "institution"), of...)})
}

func (m *members) keys() (keys []onboard.Key) {
	for _, kind := range onboard.Kinds() {
		for _, name := range []string{"a", "b", "c", "i", "j"} {
			for _, suffix := range []string{"", "-account", "-bank", "-deposit", "-order"} {
				if key := onboard.NewKey(kind, m.prefix+name+suffix); m.s.one(key).Known() {
					keys = append(keys, key)
				}
			}
		}
	}
	return keys
}

func (m *members) step(t *rapid.T) {
	keys := m.keys()
	if len(keys) == 0 {
		return
	}
	key := rapid.SampledFrom(keys).Draw(t, "key")
	answers := []onboard.Answer{made("id-" + string(key)), made("id-" + string(key)), {Err: errors.New("reset")}, {Err: paxos.ErrNotSent}, {Err: &paxos.Error{Status: 400}}}
	a := rapid.SampledFrom(answers).Draw(t, "answer")
	m.advance(t, key, a)
}

func (m *members) advance(t *rapid.T, key onboard.Key, a onboard.Answer) {
	a.At = now
	due := func(known []onboard.Record) (onboard.Step, []onboard.Record) {
		step, at := onboard.Next(known[0], now.Add(time.Minute), onboard.Policy{Run: m.s.run, Orders: true, Sandbox: true})
		if at.IsZero() || at.After(now.Add(time.Minute)) {
			step = onboard.Step{}
		}
		return step, nil
	}
	step, _, err := m.s.Begin(ctx, due, key)
	if err == nil && step.Action == onboard.Create {
		_, _, err = m.s.Commit(ctx, step, a)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (m *members) approve(t *rapid.T) {
	sighting := Sighting{ID: "id-identity/" + m.ref(t), Status: paxos.StatusApproved, At: now.Add(time.Second)}
	if _, err := m.s.Observe(ctx, []Sighting{sighting}, now.Add(time.Second), nil); err != nil {
		t.Fatal(err)
	}
}

// finish makes and approves whatever there is: then only what lacks a member
// that never came, or was refused, waits.
func (m *members) finish(t *rapid.T) {
	for range 6 {
		for _, key := range m.keys() {
			a := made("id-" + string(key))
			if key.Kind() == onboard.KindFiatAccount {
				a.Object.Status = paxos.StatusApproved
			}
			m.advance(t, key, a)
			if key.Kind() == onboard.KindIdentity {
				_, _ = m.s.Observe(ctx, []Sighting{{ID: "id-" + string(key), Status: paxos.StatusApproved, At: now.Add(time.Second)}}, now.Add(time.Second), nil)
			}
		}
	}
	for _, key := range m.keys() {
		r := m.s.one(key)
		if r.State() != onboard.Waiting {
			continue
		}
		if !slices.ContainsFunc(r.Needs, func(n onboard.Need) bool { return m.s.one(n.Key).State() != onboard.Decided }) {
			t.Fatalf("%s waits for nothing: %+v", key, r.Needs)
		}
	}
}

// A row that brings a document after Paxos asked for it.
func TestLaterDocument(t *testing.T) {
	s := open(t, newPath(t))
	only := func(c *onboard.Customer) {
		c.Account, c.FiatAccount, c.Deposit, c.Fund, c.Order = nil, nil, nil, nil, nil
	}
	s.bring(everyone(s.Store, "c1", func(c *onboard.Customer) { only(c); c.Documents = nil })...)
	s.commit("identity/c1", nil)
	if _, err := s.Observe(ctx, []Sighting{{ID: "id-c1", Documents: []string{"CURP", "PROOF_OF_FUNDS"}, At: now}}, now, nil); err != nil {
		t.Fatal(err)
	}
	expect(t, "document", s.bring(everyone(s.Store, "c1", only)...), "document/c1/PROOF_OF_FUNDS.pdf")
}

// A decision that comes while the document is on its way is heard when its
// answer is lost: nobody looks for it any more.
func TestDocumentLostAndDecided(t *testing.T) {
	s := open(t, newPath(t))
	s.bring(everyone(s.Store, "c1", func(c *onboard.Customer) {
		c.Account, c.FiatAccount, c.Deposit, c.Fund, c.Order = nil, nil, nil, nil, nil
	})...)
	s.commit("identity/c1", nil)
	if _, err := s.Observe(ctx, []Sighting{{ID: "id-c1", Documents: []string{"PROOF_OF_FUNDS"}, At: now}}, now, nil); err != nil {
		t.Fatal(err)
	}
	step := s.mustBegin(s.one("document/c1/PROOF_OF_FUNDS.pdf"))
	s.observe("id-c1", paxos.StatusDenied, time.Second)
	r, _, err := s.Commit(ctx, step, onboard.Answer{Err: errors.New("reset"), At: now})
	if err != nil || r.State() != onboard.InDoubt || r.Unfinished() {
		t.Errorf("got %s, unfinished %t, %v, want it in doubt and over", r.State(), r.Unfinished(), err)
	}
	for key := range s.Unfinished() {
		t.Errorf("got %s unfinished, want nothing", key)
	}
}

// Every fact of every kind is there again after a reopening.
func TestRecordsSurvive(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	var want []onboard.Record
	for _, r := range everyone(s.Store, "c1", nil) {
		r.Attempt, r.Lost, r.Returned, r.First = 2, 3, now, now.Add(-time.Hour)
		r.MemoID, r.ProfileID, r.Unread, r.Exists = "memo", "p1", true, true
		r.Origin, r.Status, r.StatusAt = onboard.Repeated, "NEW", now
		for i := range r.Needs {
			n := &r.Needs[i]
			n.ID, n.Status, n.At, n.Ours, n.Profile, n.Asked = "x1", "NEW", now, true, "p1", []string{"CURP"}
		}
		s.store(r)
		want = append(want, r)
	}
	for i := range want {
		want[i] = s.one(want[i].Key) // as linked
	}
	s.shut()
	s = open(t, path)
	for _, w := range want {
		if diff := cmp.Diff(w, s.one(w.Key)); diff != "" {
			t.Errorf("%s: %s", w.Key, diff)
		}
		if w.First.IsZero() || w.MemoID == "" || len(w.Needs) > 0 && (w.Needs[0].Profile == "" || len(w.Needs[0].Asked) == 0) {
			t.Errorf("%s: got %+v, want every fact kept", w.Key, w)
		}
	}
}
