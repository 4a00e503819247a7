package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"

	"embark/onboard"

	"golang.org/x/sync/errgroup"
)

func TestGetOfNothing(t *testing.T) {
	s := open(t, newPath(t))
	s.create("c1")
	records, err := s.Get("", identityKey("c1"), identityKey("c9"))
	if err != nil || records[0].Known() || !records[1].Known() || records[2].Known() {
		t.Errorf("got %v, %v, want the second only", records, err)
	}
}

func TestGroupCommit(t *testing.T) {
	s := open(t, newPath(t))
	const writers, each = 64, 20
	before := s.txid()
	var g errgroup.Group
	for w := range writers {
		g.Go(func() error {
			for i := range each {
				s.create(fmt.Sprintf("c%d-%d", w, i))
			}
			return nil
		})
	}
	_ = g.Wait()
	writes, transactions := 2*writers*each, s.txid()-before
	t.Logf("%d writes in %d transactions", writes, transactions)
	if transactions*4 > writes {
		t.Errorf("got %d transactions for %d writes, want far fewer", transactions, writes)
	}
}

// hold keeps the writer busy until the returned function is called.
func (s *testStore) hold() (release func()) {
	busy, free := make(chan struct{}), make(chan struct{})
	var g errgroup.Group
	g.Go(func() error {
		return s.update(ctx, func(*tx) error { close(busy); <-free; return nil })
	})
	<-busy
	return func() { close(free); _ = g.Wait() }
}

func (s *testStore) awaitQueued(n int) {
	for len(s.writes) < n {
		runtime.Gosched()
	}
}

func TestErrorFailsTheGroup(t *testing.T) {
	s := open(t, newPath(t))
	release := s.hold()
	bad := errors.New("bad")
	var g errgroup.Group
	errs := make([]error, 3)
	for i := range errs {
		identity, _ := drafts(s.Store, fmt.Sprint("c", i))
		g.Go(func() error {
			errs[i] = s.update(ctx, func(t *tx) error {
				if i == 1 {
					return bad
				}
				return t.put(onboard.Record{}, identity)
			})
			return nil
		})
	}
	s.awaitQueued(len(errs))
	release()
	_ = g.Wait()
	for i, err := range errs {
		if !errors.Is(err, bad) {
			t.Errorf("%d: got %v, want the error of the group", i, err)
		}
	}
	if counts, err := s.Counts(); err != nil || counts.Total() != 0 {
		t.Errorf("got %d records, %v, want nothing written", counts.Total(), err)
	}
	s.create("c9") // and the store goes on
}

// Once handed over, a write is waited for, or its fate would not be known.
func TestWriteIsNotAbandoned(t *testing.T) {
	s := open(t, newPath(t))
	release := s.hold()
	cancelled, cancel := context.WithCancel(ctx)
	identity, account := drafts(s.Store, "c1")
	var granted bool
	var g errgroup.Group
	g.Go(func() error {
		step, _, err := s.Begin(cancelled, posting(s.Store, identity, account), identity.Key)
		granted = step.Action == onboard.Create
		return err
	})
	s.awaitQueued(1)
	cancel()
	release()
	if err := g.Wait(); err != nil || !granted || s.one(identity.Key).Intent == nil {
		t.Errorf("got %t, %v, want the intent on the disk", granted, err)
	}
}

func TestWriteThatIsNotTakenGivesUp(t *testing.T) {
	s := open(t, newPath(t))
	release := s.hold()
	var g errgroup.Group
	for range cap(s.writes) {
		s.writes <- write{func(*tx) error { return nil }, make(chan error, 1)}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.update(cancelled, func(*tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	release()
	_ = g.Wait()
}

func TestFingerprints(t *testing.T) {
	path := newPath(t)
	s, other := open(t, path), open(t, newPath(t))
	one, two := string(s.Fingerprint([]byte("a"))), string(s.Fingerprint([]byte("b")))
	if one == two || one == string(other.Fingerprint([]byte("a"))) || one == string(s.HashCIP("a")) {
		t.Error("got equal hashes of other content, under another key, or for another purpose")
	}
	if s.HashCIP("") != nil {
		t.Error("got a hash of no CIP ID, want none")
	}
	s.shut()
	if again := open(t, path); one != string(again.Fingerprint([]byte("a"))) {
		t.Error("got another fingerprint in the next run")
	}
}
