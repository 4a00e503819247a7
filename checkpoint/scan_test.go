package checkpoint

import (
	"fmt"
	"strings"
	"testing"

	"embark/onboard"

	"golang.org/x/sync/errgroup"
)

// fill stores n customers at once, every second of them done.
func (s *testStore) fill(n int) {
	s.t.Helper()
	err := s.update(ctx, func(t *tx) error {
		for i := range n {
			identity, account := s.filler(fmt.Sprintf("c%08d", i), i%2 == 0)
			if err := t.put(onboard.Record{}, identity); err != nil {
				return err
			}
			if err := t.put(onboard.Record{}, account); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// filler is a customer, done or not, with content of the usual size.
func (s *testStore) filler(ref string, done bool) (identity, account onboard.Record) {
	identity, account = drafts(s.Store, ref)
	if !done {
		return identity, account
	}
	identity = onboard.Apply(identity, onboard.Step{Action: onboard.Create, Record: identity}, made("0b1a2c3d-0000-4000-8000-"+ref))
	identity, _ = onboard.Observe(identity, "APPROVED", now)
	account, _ = onboard.Inform(account, identity, now)
	return identity, onboard.Apply(account, onboard.Step{Action: onboard.Create, Record: account}, made("1b1a2c3d-0000-4000-8000-"+ref))
}

func (s *testStore) unfinished() (keys []onboard.Key) {
	s.t.Helper()
	for key, err := range s.Unfinished() {
		if err != nil {
			s.t.Fatal(err)
		}
		keys = append(keys, key)
	}
	return keys
}

func TestScansOverChunkBorders(t *testing.T) {
	for _, n := range []int{0, 1, chunk - 1, chunk, chunk + 1, 2*chunk + 3} {
		s := open(t, newPath(t))
		s.fill(n)
		seen := 0
		last := ""
		for r, err := range s.Records(onboard.KindIdentity) {
			if err != nil || string(r.Key) <= last {
				t.Fatalf("%d: got %q after %q, %v, want them in order", n, r.Key, last, err)
			}
			last = string(r.Key)
			seen++
		}
		if got := s.unfinished(); seen != n || len(got) != n/2*2 {
			t.Errorf("got %d records, %d unfinished, want %d, %d", seen, len(got), n, n/2*2)
		}
	}
}

func TestUnfinishedHasAccountsFirst(t *testing.T) {
	s := open(t, newPath(t))
	s.intend("c1")
	s.finish("c2")
	got := fmt.Sprint(s.unfinished())
	if want := "[account/c1-account identity/c1]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestScansCanBeStopped(t *testing.T) {
	s := open(t, newPath(t))
	s.fill(10)
	for range s.Unfinished() {
		break
	}
	for range s.Records(onboard.KindAccount) {
		break
	}
}

// What was there from the start to the end of a scan is seen, whatever is
// written meanwhile.
func TestScanWhileWriting(t *testing.T) {
	s := open(t, newPath(t))
	s.fill(2*chunk + 3)
	keep := s.unfinished()
	var g errgroup.Group
	for w := range 4 {
		g.Go(func() error {
			for i := range 25 {
				s.finish(fmt.Sprintf("c0000%04d-%d", i*97, w)) // among the others
			}
			return nil
		})
	}
	for range 3 {
		seen := map[onboard.Key]int{}
		for _, key := range s.unfinished() {
			seen[key]++
		}
		for r, err := range s.Records(onboard.KindIdentity) {
			if err != nil {
				t.Fatal(err)
			}
			seen["again/"+r.Key]++
		}
		for _, key := range keep {
			again := 0
			if key.Kind() == onboard.KindIdentity {
				again = 1
			}
			if seen[key] != 1 || seen["again/"+key] != again {
				t.Fatalf("%s: got it %d times and %d times, want once and %d", key, seen[key], seen["again/"+key], again)
			}
		}
	}
	_ = g.Wait()
}

// The index has no checksum: a key that leads nowhere is damage, not a customer.
func TestUnfinishedOfNobody(t *testing.T) {
	for _, key := range []string{"identity/nobody", "identity/", "nothing", "idemtity/c1"} {
		s := open(t, newPath(t))
		s.plantKey(key, true)
		var got error
		for _, err := range s.Unfinished() {
			got = err
		}
		if got == nil || !strings.Contains(got.Error(), "damaged") {
			t.Errorf("%q: got %v, want that it is damaged", key, got)
		}
		s.plantKey(key, false)
	}
}

func (s *testStore) plantKey(key string, there bool) {
	err := s.update(ctx, func(t *tx) error {
		if there {
			return t.b.Bucket(bucketUnfinished).Put([]byte(key), nil)
		}
		return t.b.Bucket(bucketUnfinished).Delete([]byte(key))
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestAnyIdentity(t *testing.T) {
	s := open(t, newPath(t))
	if id, err := s.AnyIdentity(); id != "" || err != nil {
		t.Errorf("got %q, %v, want none", id, err)
	}
	s.create("c1")
	if id, err := s.AnyIdentity(); id != "id-c1" || err != nil {
		t.Errorf("got %q, %v, want id-c1", id, err)
	}
}
