package checkpoint

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// Buckets of the inbox, made on first use: checkpoints from before it have none.
var (
	bucketInbox   = []byte("inbox")         // event id → Unix second at which it was queued
	bucketHandled = []byte("inbox_handled") // day and event id → nothing
)

// Paxos repeats a notice for up to a day (API §10.2), so the ids handled today
// and yesterday are kept. forgetAtOnce bounds what one write takes away of the
// older ones, since nobody else can write meanwhile.
const (
	daySeconds   = 24 * 60 * 60
	forgetAtOnce = 1000
)

// Letter is a notice in the inbox: an event that was announced and of which no
// more is known yet.
type Letter struct {
	ID     string // of the event
	Queued time.Time
}

// Enqueue puts the id of an event into the inbox. It is durable when Enqueue
// returns, and news tells whether it was neither waiting nor handled within
// the last day.
func (s *Store) Enqueue(ctx context.Context, id string, now time.Time) (news bool, err error) {
	err = s.update(ctx, func(t *tx) error {
		news = false
		inbox, err := t.b.CreateBucketIfNotExists(bucketInbox)
		if err != nil || inbox.Get([]byte(id)) != nil || t.handled(id, now) {
			return err
		}
		news = true
		return inbox.Put([]byte(id), binary.BigEndian.AppendUint64(nil, uint64(now.Unix())))
	})
	return news, err
}

// Letters are up to limit of those in the inbox, in the order of their ids,
// from the first one after the given id on.
func (s *Store) Letters(after string, limit int) (letters []Letter, err error) {
	err = s.view(func(t *tx) error {
		b := t.b.Bucket(bucketInbox)
		if b == nil {
			return nil
		}
		c := b.Cursor()
		k, v := c.Seek([]byte(after))
		if string(k) == after {
			k, v = c.Next()
		}
		for ; k != nil && len(letters) < limit; k, v = c.Next() {
			if len(v) != 8 {
				return &Error{ErrDamaged, fmt.Sprintf("the notice %q in the inbox is damaged", k), "restore the checkpoint from a backup"}
			}
			letters = append(letters, Letter{string(k), time.Unix(int64(binary.BigEndian.Uint64(v)), 0)})
		}
		return nil
	})
	return letters, err
}

// Handled takes ids out of the inbox and remembers them for a day at least. What
// the events say must have been observed before.
func (s *Store) Handled(ctx context.Context, now time.Time, ids ...string) error {
	return s.update(ctx, func(t *tx) error {
		inbox, err := t.b.CreateBucketIfNotExists(bucketInbox)
		if err != nil {
			return err
		}
		handled, err := t.b.CreateBucketIfNotExists(bucketHandled)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := inbox.Delete([]byte(id)); err != nil {
				return err
			}
			if err := handled.Put(handledKey(now, id), []byte{}); err != nil {
				return err
			}
		}
		return forget(handled, now)
	})
}

func (t *tx) handled(id string, now time.Time) bool {
	b := t.b.Bucket(bucketHandled)
	return b != nil && (b.Get(handledKey(now, id)) != nil || b.Get(handledKey(now.Add(-24*time.Hour), id)) != nil)
}

// forget drops ids of the day before yesterday and older, which stand first.
func forget(handled *bbolt.Bucket, now time.Time) error {
	yesterday := handledKey(now.Add(-24*time.Hour), "")
	var old [][]byte
	c := handled.Cursor()
	for k, _ := c.First(); k != nil && string(k) < string(yesterday) && len(old) < forgetAtOnce; k, _ = c.Next() {
		old = append(old, bytes.Clone(k)) // k may move when the database grows
	}
	for _, k := range old {
		if err := handled.Delete(k); err != nil {
			return err
		}
	}
	return nil
}

// handledKey begins with the day, so that whole days can be forgotten.
func handledKey(at time.Time, id string) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(at.Unix()/daySeconds)), id...)
}
