package checkpoint

import (
	"errors"
	"slices"
	"testing"
	"time"

	"embark/onboard"
	"embark/paxos"
)

func TestBegin(t *testing.T) {
	tests := []struct {
		name  string
		known func(*onboard.Record) // what the store has meanwhile; nil for nothing
		want  int                   // attempt that is begun; 0 for none
	}{
		{"new", nil, 1},
		{"known and ready", func(*onboard.Record) {}, 1},
		{"open", func(r *onboard.Record) { r.Intent = &onboard.Intent{Attempt: 1, Run: 1} }, 0},
		{"open in another run", func(r *onboard.Record) { r.Intent = &onboard.Intent{Attempt: 1, Run: 99} }, 2},
		{"has an id", func(r *onboard.Record) { r.ID = "id-c1" }, 0},
		{"an attempt was lost", func(r *onboard.Record) { r.Attempt = 1 }, 2},
		{"turned out to exist", func(r *onboard.Record) { r.Exists, r.Returned = true, now }, 0},
		{"has a candidate", func(r *onboard.Record) { r.Candidate = "id-c1" }, 0},
		{"waiting", func(r *onboard.Record) { r.Needs = []onboard.Need{{Key: "identity/c0"}} }, 0},
		{"refused, retried", func(r *onboard.Record) { r.Problem = &onboard.Problem{Code: onboard.CodeRefused} }, 1},
		{"other content, never sent", func(r *onboard.Record) { r.Print = []byte("other") }, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := open(t, newPath(t))
			known, _ := drafts(s.Store, "c1")
			seen, account := drafts(s.Store, "c1")
			if tt.known != nil {
				tt.known(&known)
				s.store(known)
			}
			step, got, err := begin(s.Store, seen, account)
			if err != nil || got != (tt.want > 0) {
				t.Fatalf("got %t, %v, want %t", got, err, tt.want > 0)
			}
			r := s.one(identityKey("c1"))
			if got && (r.Intent == nil || r.Intent.Attempt != tt.want || len(r.Request) == 0 || len(step.Record.Request) == 0) {
				t.Errorf("got %+v, want attempt %d and the request in it", r, tt.want)
			}
		})
	}
}

// store puts a record there by force.
func (s *testStore) store(r onboard.Record) {
	s.t.Helper()
	err := s.update(ctx, func(t *tx) error {
		r, linkErr := t.link(r)
		known, err := t.get(r.Key)
		return errors.Join(linkErr, err, t.put(known, r))
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestBeginTakesItsDraftsAlong(t *testing.T) {
	s := open(t, newPath(t))
	before := s.txid()
	s.intend("c1")
	if got := s.txid() - before; got != 1 {
		t.Errorf("got %d transactions, want 1", got)
	}
	if r := s.one(accountKey("c1")); r.State() != onboard.Waiting || len(r.Request) == 0 {
		t.Errorf("got %s, want the account %s", r.State(), onboard.Waiting)
	}
}

// The second of two rows of one customer comes when the first holds the
// intent: its account is stored all the same, and hears of the decision.
func TestBeginOfASecondRow(t *testing.T) {
	s := open(t, newPath(t))
	step := s.intend("c1")
	identity, account := drafts(s.Store, "c1")
	second := account
	second.Key = "account/second"
	identity.Needed = []onboard.Key{second.Key}
	if _, granted, err := begin(s.Store, identity, second); granted || err != nil {
		t.Fatalf("got %t, %v, want nothing due", granted, err)
	}
	if _, _, err := s.Commit(ctx, step, made("i1")); err != nil {
		t.Fatal(err)
	}
	want := []onboard.Key{"account/c1-account", "account/second"}
	if got := s.observe("i1", paxos.StatusApproved, time.Second).Ready; !slices.Equal(got, want) {
		t.Errorf("got %q ready, want %q", got, want)
	}
}

// A row that asks for an account that an earlier run of the row did not: the
// identity is known and unsent, and must learn who waits for it.
func TestBeginLinksALaterAccount(t *testing.T) {
	s := open(t, newPath(t))
	identity, account := drafts(s.Store, "c1")
	alone := identity
	alone.Needed = nil
	s.store(alone) // its create was not sent, say
	step := s.mustBegin(identity, account)
	if _, _, err := s.Commit(ctx, step, made("i1")); err != nil {
		t.Fatal(err)
	}
	if got := s.observe("i1", paxos.StatusApproved, time.Second).Ready; !slices.Equal(got, []onboard.Key{account.Key}) {
		t.Errorf("got %q ready, want %q", got, account.Key)
	}
}

func TestBeginSeesTheNewerRecord(t *testing.T) {
	s := open(t, newPath(t))
	s.create("c1")
	s.observe("id-c1", paxos.StatusApproved, time.Second)
	seen := s.one(accountKey("c1"))
	s.observe("id-c1", paxos.StatusDisabled, 2*time.Second)
	if _, granted, err := begin(s.Store, seen); granted || err != nil {
		t.Errorf("approval lost meanwhile: got %t, %v, want nothing due", granted, err)
	}
}

func TestCommit(t *testing.T) {
	s := open(t, newPath(t))
	r := s.create("c1")
	if r.State() != onboard.Pending || r.Intent != nil || len(r.Request) > 0 {
		t.Errorf("got %+v, want it made, without intent and request", r)
	}
	o := s.observe("id-c1", paxos.StatusApproved, time.Second)
	if !slices.Equal(o.Ready, []onboard.Key{accountKey("c1")}) || s.one(identityKey("c1")).State() != onboard.Decided {
		t.Errorf("got %+v, want the account ready and the identity decided", o)
	}
	if r := s.one(accountKey("c1")); !r.Needs[0].Ours || r.Needs[0].ID != "id-c1" || !r.Needs[0].At.Equal(now.Add(time.Second)) {
		t.Errorf("got need %+v, want our approved identity", r.Needs[0])
	}
}

// An identity that is approved when its answer comes makes the account ready.
func TestCommitOfApproved(t *testing.T) {
	s := open(t, newPath(t))
	a := made("i1")
	a.Object.Status, a.Origin = paxos.StatusApproved, onboard.Adopted
	_, ready, err := s.Commit(ctx, s.intend("c1"), a)
	if err != nil || !slices.Equal(ready, []onboard.Key{accountKey("c1")}) {
		t.Errorf("got %q, %v, want the account ready", ready, err)
	}
	if s.one(accountKey("c1")).Needs[0].Ours {
		t.Error("got an adopted identity taken for ours")
	}
}

// News that came while the account's intent was open is not lost.
func TestCommitHearsWhatItMissed(t *testing.T) {
	s := open(t, newPath(t))
	s.create("c1")
	s.observe("id-c1", paxos.StatusApproved, time.Second)
	step := s.mustBegin(s.one(accountKey("c1")))
	s.observe("id-c1", paxos.StatusDisabled, 2*time.Second)
	lost := onboard.Answer{Err: errors.New("reset"), At: now}
	r, _, err := s.Commit(ctx, step, lost)
	if err != nil || r.State() != onboard.InDoubt || r.Needs[0].Status != paxos.StatusDisabled {
		t.Fatalf("got %s, need %+v, %v, want it in doubt under a disabled identity", r.State(), r.Needs[0], err)
	}
	o := s.observe("id-c1", paxos.StatusApproved, 3*time.Second)
	if !slices.Equal(o.Ready, []onboard.Key{accountKey("c1")}) {
		t.Errorf("approved again: got %q ready, want the account in doubt", o.Ready)
	}
}

// recover has a record looked at as it is when something is begun.
func (s *testStore) recover(key onboard.Key) onboard.Record {
	s.t.Helper()
	nothing := func([]onboard.Record) (onboard.Step, []onboard.Record) { return onboard.Step{}, nil }
	if _, _, err := s.Begin(ctx, nothing, key); err != nil {
		s.t.Fatal(err)
	}
	return s.one(key)
}

func TestRecover(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	s.intend("c1")
	if r := s.recover(identityKey("c1")); r.State() != onboard.Sent {
		t.Errorf("of this run: got %s, want %s", r.State(), onboard.Sent)
	}
	s.shut()
	s = open(t, path)
	r := s.recover(identityKey("c1"))
	if r.State() != onboard.InDoubt || r.Attempt != 1 || len(r.Request) == 0 {
		t.Errorf("of the last run: got %s, attempt %d, want %s, 1", r.State(), r.Attempt, onboard.InDoubt)
	}
}

// What was decided while a process that is gone held the account is heard, or
// the account would be made under an identity that is disabled.
func TestRecoverHearsWhatItMissed(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	s.create("c1")
	s.observe("id-c1", paxos.StatusApproved, time.Second)
	s.mustBegin(s.one(accountKey("c1")))
	s.shut()
	s = open(t, path)
	s.observe("id-c1", paxos.StatusDisabled, 2*time.Second)
	r := s.recover(accountKey("c1"))
	if r.State() != onboard.InDoubt || r.Needs[0].Status != paxos.StatusDisabled {
		t.Errorf("got %s, need %+v, want it in doubt under a disabled identity", r.State(), r.Needs[0])
	}
}

func TestObserve(t *testing.T) {
	s := open(t, newPath(t))
	s.create("c1")
	sightings := []Sighting{
		{ID: "stranger", RefID: "c9", Status: paxos.StatusApproved, At: now},
		{ID: "id-c1", Documents: []string{"PASSPORT"}, At: now},
		{ID: "id-c1", Status: "SOMETHING_NEW", At: now.Add(time.Second)},
	}
	o, err := s.Observe(ctx, sightings, now, func(m *Marks) { m.Events = "here" })
	if err != nil || len(o.Unknown) != 1 || o.Unknown[0].ID != "stranger" || len(o.Ready) > 0 {
		t.Errorf("got %+v, %v, want one unknown and nothing ready", o, err)
	}
	r := s.one(identityKey("c1"))
	if r.Status != "SOMETHING_NEW" || r.State() != onboard.Pending || !slices.Equal(r.Documents, []string{"PASSPORT"}) {
		t.Errorf("got %s, %s, documents %q, want an unknown status, kept and undecided", r.Status, r.State(), r.Documents)
	}
	if m, err := s.Marks(); err != nil || m.Events != "here" {
		t.Errorf("got marks %+v, %v, want the new position", m, err)
	}
}

// Decisions and the position of the feed: both or neither.
func TestObserveWithMarks(t *testing.T) {
	s := open(t, newPath(t))
	s.create("c1")
	s.create("c2")
	s.spoil(identityKey("c2"))
	sightings := []Sighting{{ID: "id-c1", Status: paxos.StatusApproved, At: now}, {ID: "id-c2", Status: paxos.StatusApproved, At: now}}
	_, err := s.Observe(ctx, sightings, now, func(m *Marks) { m.Events = "here" })
	if !errors.Is(err, ErrDamaged) {
		t.Fatalf("got %v, want %v", err, ErrDamaged)
	}
	if m, _ := s.Marks(); m.Events != "" || s.one(identityKey("c1")).State() != onboard.Pending {
		t.Errorf("got marks %+v and c1 %s, want neither written", m, s.one(identityKey("c1")).State())
	}
	s.mend(identityKey("c2"))
}

// spoil and mend flip a byte of a stored record.
func (s *testStore) spoil(key onboard.Key) {
	s.t.Helper()
	err := s.update(ctx, func(t *tx) error {
		b := t.b.Bucket([]byte(key.Kind()))
		value := slices.Clone(b.Get([]byte(key.RefID())))
		value[len(value)/2] ^= 1
		return b.Put([]byte(key.RefID()), value)
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *testStore) mend(key onboard.Key) { s.spoil(key) }

func TestObserveSighted(t *testing.T) {
	s := open(t, newPath(t))
	r, _, err := s.Commit(ctx, s.intend("c1"), onboard.Answer{Exists: true, Err: errors.New("409"), At: now})
	if err != nil || r.State() != onboard.InDoubt {
		t.Fatalf("got %s, %v, want %s", r.State(), err, onboard.InDoubt)
	}
	o, err := s.Observe(ctx, []Sighting{{ID: "i7", RefID: "c1", Status: paxos.StatusApproved, At: now}}, now, nil)
	if err != nil || !slices.Equal(o.Ready, []onboard.Key{identityKey("c1")}) {
		t.Errorf("got %q ready, %v, want the identity", o.Ready, err)
	}
	if r := s.one(identityKey("c1")); r.Candidate != "i7" || r.ID != "" {
		t.Errorf("got candidate %q, id %q, want i7 as a candidate only", r.Candidate, r.ID)
	}
}

// plant stores drafts whose identity needs no step.
func (s *testStore) plant(drafts ...onboard.Record) {
	s.t.Helper()
	only := func([]onboard.Record) (onboard.Step, []onboard.Record) { return onboard.Step{}, drafts }
	if _, _, err := s.Begin(ctx, only, drafts[0].Key); err != nil {
		s.t.Fatal(err)
	}
}

// Two customers may name one identity, and a row that named a wrong one is
// taken out of the index again.
func TestIdentityIndex(t *testing.T) {
	s := open(t, newPath(t))
	for _, ref := range []string{"c1", "c2"} {
		r, account := drafts(s.Store, ref)
		r.ID, r.Origin, r.Request = "shared", onboard.Given, nil
		s.plant(r, account)
	}
	if o := s.observe("shared", paxos.StatusApproved, 0); len(o.Ready) != 2 {
		t.Errorf("got %q ready, want both accounts", o.Ready)
	}
	gone := s.one(identityKey("c1"))
	gone.ID, gone.Problem = "", &onboard.Problem{Code: onboard.CodeUnreadable}
	s.store(gone)
	moved := s.one(identityKey("c2"))
	moved.ID = "other"
	s.store(moved)
	if o := s.observe("shared", paxos.StatusDisabled, time.Second); len(o.Unknown) != 1 {
		t.Errorf("got %+v, want an unknown identity", o)
	}
	s.observe("other", paxos.StatusDisabled, time.Second)
	if got := s.one(identityKey("c2")).Status; got != paxos.StatusDisabled {
		t.Errorf("got %s, want %s", got, paxos.StatusDisabled)
	}
}

func TestCIPOwner(t *testing.T) {
	s := open(t, newPath(t))
	step := s.intend("c1")
	hash := step.Record.CIP
	want := func(owner string) {
		t.Helper()
		if got, err := s.CIPOwner(hash); err != nil || got != owner {
			t.Errorf("got %q, %v, want %q", got, err, owner)
		}
	}
	want("c1")
	refusal := onboard.Answer{Err: &paxos.Error{Status: 400}, At: now}
	if _, _, err := s.Commit(ctx, step, refusal); err != nil {
		t.Fatal(err)
	}
	want("") // a customer whom Paxos refused does not hold on to it
	other, _ := drafts(s.Store, "c2")
	other.CIP = hash
	s.store(other)
	want("c2")
	if got, err := s.CIPOwner(nil); got != "" || err != nil {
		t.Errorf("no hash: got %q, %v, want nobody", got, err)
	}
}

func TestMarks(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	want := Marks{Events: "2026-03-04T12:00:00.123456789Z", Swept: now, Limits: []byte("{}")}
	if err := s.Mark(ctx, func(m *Marks) { *m = want }); err != nil {
		t.Fatal(err)
	}
	s.shut()
	got, err := open(t, path).Marks()
	if err != nil || got.Events != want.Events || !got.Swept.Equal(now) || string(got.Limits) != "{}" {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

// A customer whom Paxos refuses is finished with, the account too, until the
// row is tried again.
func TestCommitOfRefused(t *testing.T) {
	s := open(t, newPath(t))
	no := onboard.Answer{Err: &paxos.Error{Status: 400}, At: now}
	if _, _, err := s.Commit(ctx, s.intend("c1"), no); err != nil {
		t.Fatal(err)
	}
	if got := s.unfinished(); len(got) != 0 {
		t.Errorf("got %q unfinished, want nothing", got)
	}
	s.create("c1") // tried again
	if got := s.unfinished(); !slices.Equal(got, []onboard.Key{identityKey("c1")}) {
		t.Errorf("made after all: got %q unfinished, want the identity, which releases the account", got)
	}
	if got := s.observe("id-c1", paxos.StatusApproved, time.Second).Ready; !slices.Equal(got, []onboard.Key{accountKey("c1")}) {
		t.Errorf("approved: got %q ready, want the account", got)
	}
}
