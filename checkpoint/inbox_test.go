package checkpoint

import (
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

func (s *testStore) enqueue(id string, at time.Time) (news bool) {
	s.t.Helper()
	news, err := s.Enqueue(ctx, id, at)
	if err != nil {
		s.t.Fatal(err)
	}
	return news
}

func (s *testStore) handled(at time.Time, ids ...string) {
	s.t.Helper()
	if err := s.Handled(ctx, at, ids...); err != nil {
		s.t.Fatal(err)
	}
}

// letters are the ids in the inbox, read in pages of two.
func (s *testStore) letters() (ids []string) {
	s.t.Helper()
	after := ""
	for {
		page, err := s.Letters(after, 2)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, l := range page {
			ids, after = append(ids, l.ID), l.ID
		}
		if len(page) < 2 {
			return ids
		}
	}
}

// TestInboxTakesEachEventOnce: an id is news unless it waits already or was
// handled within the last day, in whatever process.
func TestInboxTakesEachEventOnce(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	for i, tt := range []struct {
		id   string
		at   time.Duration
		want bool
	}{{"a", 0, true}, {"b", 0, true}, {"a", time.Second, false}, {"c", time.Second, true}} {
		if got := s.enqueue(tt.id, now.Add(tt.at)); got != tt.want {
			t.Errorf("%d, %s: got news %t, want %t", i, tt.id, got, tt.want)
		}
	}
	s.shut()
	s = open(t, path)
	s.handled(now, "a", "b")
	if got := fmt.Sprint(s.letters()); got != "[c]" {
		t.Errorf("got %s in the inbox, want [c]", got)
	}
	s.shut()
	s = open(t, path)
	for _, later := range []time.Duration{time.Minute, 12 * time.Hour, 24 * time.Hour} {
		if s.enqueue("a", now.Add(later)) {
			t.Errorf("got news of a handled event after %s, want none", later)
		}
	}
	if !s.enqueue("a", now.Add(48*time.Hour)) {
		t.Error("got no news of an event after two days, want it to be forgotten")
	}
}

func TestInboxReadsInPages(t *testing.T) {
	s := open(t, newPath(t))
	if got := s.letters(); got != nil {
		t.Errorf("got %v in an inbox that was never used, want nothing", got)
	}
	for _, id := range []string{"e", "b", "d", "a", "c"} {
		s.enqueue(id, now)
	}
	if got := fmt.Sprint(s.letters()); got != "[a b c d e]" {
		t.Errorf("got %s, want each once and in order", got)
	}
	if page, _ := s.Letters("", 1); !page[0].Queued.Equal(now) {
		t.Errorf("got queued at %s, want %s", page[0].Queued, now)
	}
}

// TestInboxForgets: what was handled the day before yesterday takes no place.
func TestInboxForgets(t *testing.T) {
	s := open(t, newPath(t))
	for day := range 5 {
		s.handled(now.Add(time.Duration(day)*24*time.Hour), "a", "b")
	}
	kept := 0
	_ = s.db.View(func(b *bbolt.Tx) error { kept = b.Bucket(bucketHandled).Stats().KeyN; return nil })
	if kept != 4 {
		t.Errorf("got %d handled ids, want those of two days, 4", kept)
	}
}

// TestInboxSurvivesAKill: what Enqueue has answered is in the file even if
// nobody closes it. Many share few transactions.
func TestInboxSurvivesAKill(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	before := s.txid()
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() { s.enqueue(fmt.Sprintf("event-%03d", i), now) })
	}
	all.Wait()
	if n := s.txid() - before; n > 100 {
		t.Errorf("got %d transactions for 200 notices, want groups", n)
	}
	killed := open(t, copyOf(t, path))
	if n := len(killed.letters()); n != 200 {
		t.Errorf("got %d of 200 notices", n)
	}
}

// copyOf copies a checkpoint and its key as a kill would leave them.
func copyOf(t *testing.T, path string) string {
	t.Helper()
	to := newPath(t)
	for _, end := range []string{"", ".key", ".manifest"} {
		data, err := os.ReadFile(path + end)
		if err == nil {
			err = os.WriteFile(to+end, data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}
