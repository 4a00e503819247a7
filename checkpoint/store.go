package checkpoint

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"embark/onboard"

	"go.etcd.io/bbolt"
)

// Options say which checkpoint to open and for whom.
type Options struct {
	Path            string
	KeyFile         string // default Path + ".key"
	Key             string // 64 hexadecimal digits; instead of the key file
	Environment     string // sandbox, production, or the URL of another server
	ClientID        string // the API user; only a keyed hash of it is kept
	MustExist       bool   // [ErrAbsent] instead of making a new one
	ForceFilesystem bool   // also on network filesystems, whose locks and syncs may lie
}

// Store is an open checkpoint. Its methods may be called concurrently.
type Store struct {
	path   string
	db     *bbolt.DB
	keys   *keyring
	lock   *os.File
	run    uint32
	client bool // the client id is the one of the last run

	writes chan write
	done   sync.WaitGroup
	saved  time.Time // when the manifest was last written; the writer's own
}

type write struct {
	do     func(*tx) error
	answer chan error
}

// maxGroup bounds a transaction: bbolt advises against very large ones, and a
// thousand records take about 30 ms (docs/performance.md).
const maxGroup = 1024

// A group is waited for when more than busyGroup writes are there already, as
// happens only without limits. The wait is about what a sync takes.
const (
	busyGroup     = 16
	groupPatience = 5 * time.Millisecond
)

// manifestEvery is how far the manifest may lag behind.
const manifestEvery = 30 * time.Second

// writer runs all queued functions in one transaction and answers them when it
// is on the disk. An error is everybody's: nothing of the group was written.
func (s *Store) writer() {
	defer s.done.Done()
	for first := range s.writes {
		group := s.gather(first)
		err := s.db.Update(func(b *bbolt.Tx) error {
			t := &tx{b: b, keys: s.keys}
			for _, w := range group {
				if err := w.do(t); err != nil {
					return err
				}
			}
			return t.flush()
		})
		for _, w := range group {
			w.answer <- err
		}
		if time.Since(s.saved) > manifestEvery && err == nil {
			s.saved = time.Now()
			_ = s.saveManifest() // lagging is allowed; Close reports an error
		}
	}
}

// gather collects what is to be written together. Under load it gives more a
// moment to come: a transaction costs a sync of the disk and all the pages that
// it touches, however few records it carries.
func (s *Store) gather(first write) []write {
	if len(s.writes) > busyGroup {
		time.Sleep(groupPatience)
	}
	group := []write{first}
	for len(group) < maxGroup {
		select {
		case w, open := <-s.writes:
			if !open {
				return group
			}
			group = append(group, w)
		default:
			return group
		}
	}
	return group
}

// update hands do to the writer and waits until it is durable. Once handed
// over it is waited for whatever becomes of ctx, so that nobody acts on a
// write of which they do not know the fate.
func (s *Store) update(ctx context.Context, do func(*tx) error) error {
	w := write{do, make(chan error, 1)}
	select {
	case s.writes <- w:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := <-w.answer; err != nil {
		return fmt.Errorf("write to the checkpoint: %w", err)
	}
	return nil
}

func (s *Store) view(do func(*tx) error) error {
	err := s.db.View(func(b *bbolt.Tx) error { return do(&tx{b: b, keys: s.keys}) })
	if err != nil {
		return fmt.Errorf("read the checkpoint: %w", err)
	}
	return nil
}

// Close waits for the writer, brings the manifest up to date and gives the
// lock back. No method may be called after it.
func (s *Store) Close() error {
	close(s.writes)
	s.done.Wait()
	err := s.saveManifest()
	if e := s.db.Close(); err == nil {
		err = e
	}
	if e := s.lock.Close(); err == nil {
		err = e
	}
	return err
}

// Path is where the database lies.
func (s *Store) Path() string { return s.path }

// Run numbers the openings of this checkpoint; an intent of another run is one
// of a process that is gone.
func (s *Store) Run() uint32 { return s.run }

// ClientChanged tells that the API user is not the one of the last run; see
// [Store.AcceptClient].
func (s *Store) ClientChanged() bool { return !s.client }

// Fingerprint is a keyed hash that shows whether two contents are equal and
// nothing else about them.
func (s *Store) Fingerprint(data []byte) []byte { return s.keys.print(data) }

// HashCIP is the keyed hash of a CIP triple.
func (s *Store) HashCIP(triple string) []byte {
	if triple == "" {
		return nil
	}
	return s.keys.cip(triple)
}

// Get returns the records under the keys; the zero record where there is none.
func (s *Store) Get(keys ...onboard.Key) ([]onboard.Record, error) {
	records := make([]onboard.Record, len(keys))
	err := s.view(func(t *tx) (err error) {
		for i, key := range keys {
			if key == "" {
				continue
			}
			if records[i], err = t.get(key); err != nil {
				return err
			}
			if err := s.keys.open(&records[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return records, err
}

// Counts are the numbers of records by kind and state, as kept along with
// every write; [Store.Records] is what they can be proved with.
func (s *Store) Counts() (Counts, error) {
	counts := Counts{}
	err := s.view(func(t *tx) error { return t.meta(metaCounts, &counts) })
	return counts, err
}
