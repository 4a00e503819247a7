package checkpoint

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"embark/onboard"
	"embark/paxos"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"
)

var (
	ctx = context.Background()
	now = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
)

// testStore is a store whose invariants are verified when it is shut.
type testStore struct {
	*Store
	t    testing.TB
	once sync.Once
}

func newPath(t testing.TB) string { return filepath.Join(t.TempDir(), "embark.db") }

func open(t testing.TB, path string) *testStore {
	t.Helper()
	return openWith(t, Options{Path: path, Environment: "sandbox"})
}

func openWith(t testing.TB, o Options) *testStore {
	t.Helper()
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	ts := &testStore{Store: s, t: t}
	t.Cleanup(ts.shut)
	return ts
}

// shut verifies and closes; once.
func (s *testStore) shut() {
	s.once.Do(func() {
		verify(s.t, s.Store)
		if err := s.Close(); err != nil {
			s.t.Errorf("close: %v", err)
		}
	})
}

// refuse opens a checkpoint that must not open.
func refuse(t testing.TB, o Options, want error) *Error {
	t.Helper()
	s, err := Open(o)
	if err == nil {
		_ = s.Close()
	}
	var e *Error
	if !errors.Is(err, want) || !errors.As(err, &e) {
		t.Fatalf("got %v, want %v", err, want)
	}
	if e.Hint == "" {
		t.Errorf("%v: got no hint, want one", err)
	}
	return e
}

// verify recounts everything that is kept beside the records, and has bbolt
// check its pages.
func verify(t testing.TB, s *Store) {
	t.Helper()
	err := s.view(func(tx *tx) error {
		var errs []error
		for err := range tx.b.Check() {
			errs = append(errs, err)
		}
		return errors.Join(append(errs, verifyRecords(tx))...)
	})
	if err != nil {
		t.Errorf("invariants: %v", err)
	}
}

func verifyRecords(t *tx) error {
	var errs []error
	counts, unfinished, ids := Counts{}, map[string]bool{}, map[string]string{}
	for _, kind := range onboard.Kinds() {
		errs = append(errs, t.b.Bucket([]byte(kind)).ForEach(func(k, v []byte) error {
			r, err := t.keys.decode(onboard.NewKey(kind, string(k)), v)
			counts.add(kind, r.State(), 1)
			if r.Unfinished() {
				unfinished[string(r.Key)] = true
			}
			if kind == onboard.KindIdentity && r.ID != "" {
				ids[string(r.Key)] = r.ID
			}
			return errors.Join(err, verifyNeeds(t, r))
		}))
	}
	kept := Counts{}
	errs = append(errs, t.meta(metaCounts, &kept))
	if diff := cmp.Diff(counts, kept); diff != "" && counts.Total()+kept.Total() > 0 {
		errs = append(errs, fmt.Errorf("counts: %s", diff))
	}
	return errors.Join(append(errs, verifyWanted(t), verifyIndexes(t, unfinished, ids))...)
}

// verifyNeeds: whoever needs an object is known to it, or is listed until there
// is a record of it.
func verifyNeeds(t *tx, r onboard.Record) error {
	for _, n := range r.Needs {
		need, err := t.get(n.Key)
		if err != nil {
			return err
		}
		if need.Known() && !slices.Contains(need.Needed, r.Key) {
			return fmt.Errorf("%s needs %s, which does not know", r.Key, n.Key)
		}
		if !need.Known() && !slices.Contains(t.wanting(n.Key), string(r.Key)) {
			return fmt.Errorf("%s needs %s, which nobody will tell", r.Key, n.Key)
		}
	}
	return nil
}

func (t *tx) wanting(object onboard.Key) []string {
	return strings.Split(string(t.b.Bucket(bucketWanted).Get([]byte(object))), "\n")
}

// verifyWanted: only what nobody has is listed, and only by those that need it.
func verifyWanted(t *tx) error {
	return t.b.Bucket(bucketWanted).ForEach(func(k, _ []byte) error {
		if t.has(onboard.Key(k)) {
			return fmt.Errorf("%s is listed as wanted and known", k)
		}
		for _, key := range t.wanting(onboard.Key(k)) {
			r, err := t.get(onboard.Key(key))
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(r.Needs, func(n onboard.Need) bool { return n.Key == onboard.Key(k) }) {
				return fmt.Errorf("%s is listed for %q, which does not need it", k, key)
			}
		}
		return nil
	})
}

func verifyIndexes(t *tx, unfinished map[string]bool, ids map[string]string) error {
	kept := map[string]bool{}
	_ = t.b.Bucket(bucketUnfinished).ForEach(func(k, _ []byte) error { kept[string(k)] = true; return nil })
	indexed := map[string]string{}
	_ = t.b.Bucket(bucketIdentities).ForEach(func(k, v []byte) error {
		for refID := range strings.FieldsSeq(string(v)) {
			indexed[string(identityKey(refID))] = string(k)
		}
		return nil
	})
	cips := t.b.Bucket(bucketCIPs).ForEach(func(hash, ref []byte) error {
		r, err := t.get(onboard.NewKey(onboard.KindIdentity, string(ref)))
		if err == nil && !bytes.Equal(r.CIP, hash) {
			err = fmt.Errorf("CIP index: %s has another", ref)
		}
		return err
	})
	if diff := cmp.Diff(unfinished, kept) + cmp.Diff(ids, indexed); diff != "" {
		return errors.Join(cips, fmt.Errorf("indexes: %s", diff))
	}
	return cips
}

// txid is the number of transactions so far.
func (s *testStore) txid() (id int) {
	_ = s.db.View(func(b *bbolt.Tx) error { id = b.ID(); return nil })
	return id
}

func (s *testStore) one(key onboard.Key) onboard.Record {
	s.t.Helper()
	records, err := s.Get(key)
	if err != nil {
		s.t.Fatal(err)
	}
	return records[0]
}

// drafts are an identity and its account; the person is made up, and the SSN a
// number that is never issued.
func drafts(s *Store, ref string) (identity, account onboard.Record) {
	return draftsNamed(s, ref, "Canarylast")
}

func draftsNamed(s *Store, ref, lastName string) (identity, account onboard.Record) {
	person := &paxos.PersonDetails{FirstName: "Canaryfirst", LastName: lastName, DateOfBirth: "1931-07-13", CIPID: "987-65-4320",
		Address: &paxos.Address{Address1: "17 Canary Wharf"}}
	c := &onboard.Customer{RefID: ref, Identity: &paxos.CreateIdentityRequest{RefID: ref, PersonDetails: person},
		Account: &paxos.CreateAccountRequest{CreateProfile: true, Account: paxos.Account{RefID: ref + "-account", Description: "Canaryfirst"}}}
	drafts, _ := onboard.Drafts(c, []string{ref, lastName, "987-65-4320"}, onboard.Place{File: "a.csv", Line: 2}, s.Fingerprint)
	identity, account = drafts[0], drafts[1]
	identity.CIP = s.HashCIP(ref + " 987-65-4320")
	return identity, account
}

func identityKey(ref string) onboard.Key { return onboard.NewKey(onboard.KindIdentity, ref) }
func accountKey(ref string) onboard.Key  { return onboard.NewKey(onboard.KindAccount, ref+"-account") }

// posting decides as the pipeline does for a row: it posts what is ready.
func posting(s *Store, seen onboard.Record, drafts ...onboard.Record) Decide {
	return func(known []onboard.Record) (onboard.Step, []onboard.Record) {
		r, admission := onboard.Admit(known[0], seen, true)
		step, at := onboard.Next(r, now, onboard.Policy{Run: s.run})
		if admission == onboard.Changed || at.IsZero() || at.After(now) {
			return onboard.Step{}, drafts
		}
		return step, drafts
	}
}

// begin begins a create, if it is due.
func begin(s *Store, seen onboard.Record, drafts ...onboard.Record) (step onboard.Step, granted bool, err error) {
	step, _, err = s.Begin(ctx, posting(s, seen, drafts...), seen.Key)
	return step, step.Action == onboard.Create, err
}

// mustBegin begins a create that must be due.
func (s *testStore) mustBegin(seen onboard.Record, drafts ...onboard.Record) onboard.Step {
	s.t.Helper()
	step, granted, err := begin(s.Store, seen, drafts...)
	if err != nil || !granted {
		s.t.Fatalf("create of %s: got %t, %v, want it begun", seen.Key, granted, err)
	}
	return step
}

// intend notes the intents of a new customer.
func (s *testStore) intend(ref string) onboard.Step {
	s.t.Helper()
	identity, account := drafts(s.Store, ref)
	return s.mustBegin(identity, account)
}

func made(id string) onboard.Answer {
	return onboard.Answer{Object: &onboard.Object{ID: id, Status: paxos.StatusPending, StatusAt: now, ProfileID: "p-" + id}, Origin: onboard.Made, At: now}
}

// create brings a new customer's identity to life.
func (s *testStore) create(ref string) onboard.Record {
	s.t.Helper()
	r, _, err := s.Commit(ctx, s.intend(ref), made("id-"+ref))
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func (s *testStore) observe(id, status string, after time.Duration) Observed {
	s.t.Helper()
	o, err := s.Observe(ctx, []Sighting{{ID: id, Status: status, At: now.Add(after)}}, now.Add(after), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return o
}

// finish takes a customer to the end.
func (s *testStore) finish(ref string) {
	s.t.Helper()
	s.create(ref)
	s.observe("id-"+ref, paxos.StatusApproved, time.Second)
	step := s.mustBegin(s.one(accountKey(ref)))
	if _, _, err := s.Commit(ctx, step, made("acc-"+ref)); err != nil {
		s.t.Fatal(err)
	}
}
