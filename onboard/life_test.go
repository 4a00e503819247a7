package onboard

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"embark/paxos"

	"pgregory.net/rapid"
)

// control switches a protection off, to show that the property of [TestLife]
// depends on it: with either of them the test must fail.
var control = flag.String("control", "", "negative control of TestLife: settle (no pause) or intent (not stored)")

// TestLife walks lost and late answers, kills, decisions and changing rows over
// a Paxos that enforces ref_ids of identities but not of accounts, driving the
// records as pipeline does. Nothing may be made twice, or be lost in the end.
func TestLife(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		t.Repeat(map[string]func(*rapid.T){
			"row": w.row, "start": w.start, "land": w.land, "kill": w.kill, "wait": w.wait,
			"decide": w.decide, "sweep": func(*rapid.T) { w.sweep() }, "": w.check,
		})
		w.calm(t)
	})
}

// slowest is how long a request may live at Paxos after its sender is gone;
// the settle pause has to be longer.
const slowest = 25 * time.Second

type world struct {
	API
	t       *rapid.T
	now     time.Time
	run     uint32
	policy  Policy
	records map[Key]Record
	flights []Step
	fault   fault

	identities map[string]*paxos.Identity // at Paxos, by ref_id
	foreign    map[string]bool            // made by somebody else
	accounts   []paxos.Account            // at Paxos
	late       []effect
	attempts   map[Key]int
	calmNow    bool

	faults   []fault // what may happen to a step
	enforced bool    // Paxos refuses ref_ids that are taken, of the kinds below too
	banks    []paxos.FiatAccount
	deposits []paxos.FiatDepositInstructions
	orders   []paxos.Order
	credits  map[string]int // sandbox deposits by profile
}

// effect is a request that Paxos carries out after its sender has given up.
type effect struct {
	at time.Time
	do func()
}

type fault string

const (
	fine       fault = "fine"
	lostDone   fault = "lost, took effect"
	lostLate   fault = "lost, takes effect later"
	lostUndone fault = "lost, no effect"
	notSent    fault = "not sent"
	refused401 fault = "401"
	silent429  fault = "429"
	noID       fault = "409 without id"
	lost409    fault = "409, took effect"
	unreadable fault = "readings fail"
)

func newWorld(t *rapid.T) *world {
	w := &world{t: t, now: now, run: 1, records: map[Key]Record{}, identities: map[string]*paxos.Identity{},
		foreign: map[string]bool{}, attempts: map[Key]int{}, credits: map[string]int{}}
	w.faults = []fault{fine, fine, fine, lostDone, lostLate, lostUndone, notSent, refused401, silent429, noID, unreadable}
	if *control == "settle" {
		w.policy.Settle = time.Nanosecond
	}
	switch rapid.SampledFrom([]string{"", "", "same", "other"}).Draw(t, "foreign") {
	case "same":
		w.foreign["c1"] = true
		w.identities["c1"] = &paxos.Identity{ID: "f1", RefID: "c1", Status: "PENDING", PersonDetails: &paxos.PersonDetails{LastName: "Miller", DateOfBirth: "1980-01-02"}}
	case "other":
		w.foreign["c1"] = true
		w.identities["c1"] = &paxos.Identity{ID: "f1", RefID: "c1", Status: "PENDING", PersonDetails: &paxos.PersonDetails{LastName: "Else", DateOfBirth: "1980-01-02"}}
	}
	return w
}

// The side of the run.

func (w *world) row(t *rapid.T) {
	name := rapid.SampledFrom([]string{"Miller", "Miller", "Smith", "bad"}).Draw(t, "name")
	retry := rapid.Bool().Draw(t, "retry")
	drafts, _ := Drafts(customer(rapid.SampledFrom([]string{"c1", "c2"}).Draw(t, "customer"), name), nil, Place{}, print16)
	identity, account := drafts[0], drafts[1]
	identity, first := Admit(w.records[identity.Key], identity, retry)
	account, second := Admit(w.records[account.Key], account, retry)
	if first == Changed || second == Changed {
		return
	}
	if identity.State() == Ready {
		if step, at := Next(identity, w.now, w.myPolicy()); !at.IsZero() {
			w.intent(step, account)
		}
		return
	}
	w.plant(identity)
	w.plant(account)
}

func (w *world) myPolicy() Policy {
	p := w.policy
	p.Run = w.run
	return p
}

func (w *world) start(t *rapid.T) {
	if keys := slices.Sorted(maps.Keys(w.records)); len(keys) > 0 {
		w.advance(rapid.SampledFrom(keys).Draw(t, "key"))
	}
}

// advance does what pipeline does with a key: recover, decide, note the intent.
func (w *world) advance(key Key) {
	if r, left := Recover(w.records[key], w.run); left {
		w.records[key] = w.informed(r)
	}
	step, at := Next(w.records[key], w.now, w.myPolicy())
	if at.IsZero() || at.After(w.now) {
		return
	}
	if step.Action == Create {
		w.intent(step)
	} else {
		w.flights = append(w.flights, step)
	}
}

// intent is the model of checkpoint.Store.Intent.
func (w *world) intent(step Step, drafts ...Record) {
	known, seen := w.records[step.Record.Key], step.Record
	if known.Intent != nil || known.ID != "" || known.Attempt != seen.Attempt || known.Exists != seen.Exists || known.Candidate != seen.Candidate {
		return
	}
	record := seen
	if known.Known() && known.Problem == nil && string(known.Print) == string(seen.Print) {
		if record = known; record.State() != Ready && record.State() != InDoubt {
			return
		}
	}
	if *control != "intent" {
		record.Intent = &step.Intent
	}
	w.records[record.Key] = record
	for _, d := range drafts {
		w.plant(d)
	}
	w.flights = append(w.flights, step)
}

func (w *world) plant(draft Record) {
	r, admission := Admit(w.records[draft.Key], draft, true)
	if admission != Changed {
		w.records[draft.Key] = w.informed(r)
	}
}

func (w *world) informed(r Record) Record {
	for _, n := range r.Needs {
		r, _ = Inform(r, w.records[n.Key], n.At)
	}
	return r
}

func (w *world) land(t *rapid.T) {
	if len(w.flights) == 0 {
		return
	}
	i := rapid.IntRange(0, len(w.flights)-1).Draw(t, "flight")
	w.fault = rapid.SampledFrom(w.faults).Draw(t, "fault")
	w.finish(i)
}

func (w *world) finish(i int) {
	step := w.flights[i]
	w.flights = slices.Delete(w.flights, i, i+1)
	if step.Action == Create && w.now.After(step.Intent.Before) {
		w.fault = notSent
	}
	a := step.Do(context.Background(), w)
	a.At = w.now
	if step.Action == Recheck {
		if a.Object != nil {
			need, _ := step.Record.staleNeed(step.Now)
			w.observe(need.Key, a.Object.Status, a.Object.StatusAt)
		}
		return
	}
	r := Apply(w.records[step.Record.Key], step, a)
	if r.ID == "" {
		r = w.informed(r)
	}
	w.records[r.Key] = r
	w.tell(r)
}

func (w *world) tell(need Record) {
	for _, key := range need.Needed {
		if r, ok := w.records[key]; ok && r.Intent == nil {
			w.records[key], _ = Inform(r, need, w.now)
		}
	}
}

func (w *world) observe(key Key, status string, at time.Time) {
	w.records[key], _ = Observe(w.records[key], status, at)
	w.tell(w.records[key])
}

// kill ends the process: what is in flight was sent, or not, or takes effect
// after the process is gone.
func (w *world) kill(t *rapid.T) {
	for _, s := range w.flights {
		if s.Action != Create || w.now.After(s.Intent.Before) {
			continue
		}
		if rapid.Bool().Draw(t, "sent") {
			w.fault = rapid.SampledFrom([]fault{lostDone, lostLate}).Draw(t, "effect")
			s.Do(context.Background(), w)
		}
	}
	w.flights, w.run = nil, w.run+1
}

func (w *world) wait(t *rapid.T) {
	w.pass(time.Duration(rapid.SampledFrom([]int{1, 5, 20, 31, 61, 4000}).Draw(t, "seconds")) * time.Second)
}

func (w *world) pass(d time.Duration) {
	w.now = w.now.Add(d)
	for _, e := range w.late {
		if !e.at.After(w.now) {
			e.do()
		}
	}
	w.late = slices.DeleteFunc(w.late, func(e effect) bool { return !e.at.After(w.now) })
}

func (w *world) decide(t *rapid.T) {
	refs := slices.Sorted(maps.Keys(w.identities))
	if len(refs) == 0 {
		return
	}
	i := w.identities[rapid.SampledFrom(refs).Draw(t, "decided")]
	i.Status = rapid.SampledFrom([]string{"APPROVED", "APPROVED", "DENIED", "DISABLED", "NEW"}).Draw(t, "status")
	i.UpdatedAt = w.now.Format(time.RFC3339Nano)
	if rapid.Bool().Draw(t, "heard") {
		w.sweep()
	}
}

// sweep shows the run every identity, as the events feed and the lists do.
func (w *world) sweep() {
	for ref, i := range w.identities {
		key := NewKey(KindIdentity, ref)
		if r, ok := w.records[key]; !ok {
			continue
		} else if r.ID == "" {
			w.records[key], _ = Sighted(r, i.ID)
			continue
		}
		w.observe(key, i.Status, apiTime(i.UpdatedAt))
	}
}

// The properties.

func (w *world) check(t *rapid.T) {
	byRef := map[string]int{}
	for _, a := range w.accounts {
		if byRef[a.RefID]++; byRef[a.RefID] > 1 {
			t.Fatalf("got %d accounts %q, want one", byRef[a.RefID], a.RefID)
		}
	}
	for key, r := range w.records {
		if r.State(); r.Attempt < w.attempts[key] {
			t.Fatalf("%s: got attempt %d after %d, want it never to fall", key, r.Attempt, w.attempts[key])
		}
		w.attempts[key] = r.Attempt
		if r.ID != "" && r.Problem != nil {
			t.Fatalf("%s: got id %q and problem %q, want one of them", key, r.ID, r.Problem.Code)
		}
		if s := r.State(); (s == Ready || s == Sent || s == InDoubt) && len(r.Request) == 0 {
			t.Fatalf("%s: got no request while %s, want it kept", key, s)
		}
	}
}

// calm ends the faults and lets a new process carry on: everything of ours that
// Paxos has must be in the records.
func (w *world) calm(t *rapid.T) {
	w.kill(t)
	w.calmNow, w.fault = true, fine
	for range 12 {
		w.pass(time.Hour)
		w.sweep()
		for _, key := range slices.Sorted(maps.Keys(w.records)) {
			w.advance(key)
			for len(w.flights) > 0 {
				w.fault = fine
				w.finish(0)
			}
		}
		w.check(t)
	}
	for ref, i := range w.identities {
		if r := w.records[NewKey(KindIdentity, ref)]; !w.foreign[ref] && r.ID != i.ID {
			t.Fatalf("identity %q was made as %q, the record has %q (%s)", ref, i.ID, r.ID, r.State())
		}
	}
	for _, a := range w.accounts {
		if r := w.records[NewKey(KindAccount, a.RefID)]; r.ID != a.ID {
			t.Fatalf("account %q was made as %q, the record has %q (%s)", a.RefID, a.ID, r.ID, r.State())
		}
	}
	w.complete(t)
}

// complete: no approved customer waits for ever.
func (w *world) complete(t *rapid.T) {
	for _, r := range w.records {
		if r.Key.Kind() != KindIdentity || r.Status != paxos.StatusApproved {
			continue
		}
		for _, key := range r.Needed {
			if a := w.records[key]; a.State() != Decided && a.State() != Refused {
				t.Fatalf("%s is approved, and %s is %s", r.Key, key, a.State())
			}
		}
	}
}

// The side of Paxos.

// post carries a create out, or not, as the fault has it.
func (w *world) post(key Key, do func() error) error {
	if *control != "intent" && w.records[key].Intent == nil {
		w.t.Fatalf("%s was posted without an intent", key)
	}
	switch w.fault {
	case notSent:
		return fmt.Errorf("budget: %w", paxos.ErrNotSent)
	case refused401:
		return status(401)
	case silent429:
		return status(429)
	case lostUndone:
		return status(503)
	case lostDone:
		_ = do()
		return errReset
	case lost409:
		_ = do()
		return exists("")
	case lostLate:
		w.late = append(w.late, effect{w.now.Add(slowest), func() { _ = do() }})
		return status(408)
	}
	return do()
}

func (w *world) reading() error {
	if w.fault == unreadable {
		return status(500)
	}
	return nil
}

func (w *world) CreateIdentity(_ context.Context, body json.RawMessage) (made *paxos.Identity, err error) {
	r := requestIn[paxos.CreateIdentityRequest](body)
	err = w.post(NewKey(KindIdentity, r.RefID), func() error {
		if r.PersonDetails.LastName == "bad" {
			return status(400)
		}
		if there := w.identities[r.RefID]; there != nil && (w.fault == noID) {
			return exists("")
		} else if there != nil {
			return exists(there.ID)
		}
		made = &paxos.Identity{ID: "i-" + r.RefID, RefID: r.RefID, Status: "PENDING", UpdatedAt: w.now.Format(time.RFC3339Nano), PersonDetails: r.PersonDetails}
		w.identities[r.RefID] = made
		return nil
	})
	return clone(made), err
}

func (w *world) GetIdentity(_ context.Context, id string, _ bool) (*paxos.Identity, error) {
	for _, i := range w.identities {
		if i.ID == id {
			return clone(i), w.reading()
		}
	}
	return nil, status(404)
}

func (w *world) CreateAccount(_ context.Context, body json.RawMessage) (made *paxos.Account, err error) {
	r := requestIn[paxos.CreateAccountRequest](body)
	err = w.post(NewKey(KindAccount, r.Account.RefID), func() error {
		account := r.Account
		account.ID, account.ProfileID = fmt.Sprintf("a%d", len(w.accounts)+1), "p-"+account.RefID
		w.accounts = append(w.accounts, account)
		made = &account
		return nil
	})
	return clone(made), err
}

func (w *world) GetAccount(_ context.Context, id string) (*paxos.Account, error) {
	for _, a := range w.accounts {
		if a.ID == id {
			return clone(&a), w.reading()
		}
	}
	return nil, status(404)
}

func (w *world) ListAccounts(_ context.Context, q paxos.ListAccountsQuery) (*paxos.AccountPage, error) {
	page := &paxos.AccountPage{}
	for _, a := range w.accounts {
		if a.IdentityID == q.IdentityID {
			page.Items = append(page.Items, a)
		}
	}
	return page, w.reading()
}

// clone copies by way of JSON, as a reply does.
func clone[T any](v *T) *T {
	if v == nil {
		return nil
	}
	data, _ := json.Marshal(v)
	var out T
	_ = json.Unmarshal(data, &out)
	return &out
}
