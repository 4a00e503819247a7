package checkpoint

import (
	"bytes"
	"context"
	"iter"
	"os"

	"embark/onboard"
)

// chunk bounds a read transaction: a long one pins old pages and makes the
// file grow.
const chunk = 2000

// Unfinished yields the keys of all unfinished objects, accounts first. Keys
// that come or go while it is being read may or may not be among them.
func (s *Store) Unfinished() iter.Seq2[onboard.Key, error] {
	return func(yield func(onboard.Key, error) bool) {
		var after []byte
		for {
			keys, err := s.unfinishedAfter(after)
			if err != nil {
				yield("", err)
				return
			}
			for _, key := range keys {
				if !yield(onboard.Key(key), nil) {
					return
				}
			}
			if len(keys) < chunk {
				return
			}
			after = []byte(keys[len(keys)-1])
		}
	}
}

func (s *Store) unfinishedAfter(after []byte) (keys []string, err error) {
	err = s.view(func(t *tx) error {
		c := t.b.Bucket(bucketUnfinished).Cursor()
		k, _ := c.Seek(after)
		if after != nil && bytes.Equal(k, after) {
			k, _ = c.Next()
		}
		for ; k != nil && len(keys) < chunk; k, _ = c.Next() {
			if !t.has(onboard.Key(k)) {
				return damaged(onboard.Key(k)) // the index has no checksum
			}
			keys = append(keys, string(k))
		}
		return nil
	})
	return keys, err
}

// Records yields every record of a kind, in the order of their ref_ids.
func (s *Store) Records(kind onboard.Kind) iter.Seq2[onboard.Record, error] {
	return s.RecordsAfter(kind, "")
}

// RecordsAfter yields those whose ref_ids come after the given one.
func (s *Store) RecordsAfter(kind onboard.Kind, refID string) iter.Seq2[onboard.Record, error] {
	return func(yield func(onboard.Record, error) bool) {
		for after := refID; ; {
			records, err := s.recordsAfter(kind, []byte(after))
			if err != nil {
				yield(onboard.Record{}, err)
				return
			}
			for _, r := range records {
				if !yield(r, nil) {
					return
				}
			}
			if len(records) < chunk {
				return
			}
			after = records[len(records)-1].Key.RefID()
		}
	}
}

func (s *Store) recordsAfter(kind onboard.Kind, after []byte) (records []onboard.Record, err error) {
	err = s.view(func(t *tx) error {
		c := t.b.Bucket([]byte(kind)).Cursor()
		k, v := c.Seek(after)
		if after != nil && bytes.Equal(k, after) {
			k, v = c.Next()
		}
		for ; k != nil && len(records) < chunk; k, v = c.Next() {
			r, err := t.keys.decode(onboard.NewKey(kind, string(k)), v)
			if err == nil {
				err = t.keys.open(&r)
			}
			if err != nil {
				return err
			}
			records = append(records, r)
		}
		return nil
	})
	return records, err
}

// CIPOwner is the ref_id of the customer who has the CIP triple with that hash,
// empty when nobody has: a customer whom Paxos refused does not hold on to it.
func (s *Store) CIPOwner(hash []byte) (refID string, err error) {
	if len(hash) == 0 {
		return "", nil
	}
	err = s.view(func(t *tx) error {
		owner := t.b.Bucket(bucketCIPs).Get(hash)
		if owner == nil {
			return nil
		}
		r, err := t.get(onboard.NewKey(onboard.KindIdentity, string(owner)))
		if err != nil {
			return err
		}
		if state := r.State(); r.Known() && state != onboard.Refused && state != onboard.Conflict {
			refID = string(owner)
		}
		return nil
	})
	return refID, err
}

// AcceptClient makes the present client id the checkpoint's own, after the
// caller has seen that it can read a known identity.
func (s *Store) AcceptClient(ctx context.Context, clientID string) error {
	return s.update(ctx, func(t *tx) error {
		return t.setMeta(metaClient, s.keys.print([]byte("client "+clientID)))
	})
}

// AnyIdentity is the Paxos id of some identity, empty when there is none yet.
func (s *Store) AnyIdentity() (id string, err error) {
	for r, err := range s.Records(onboard.KindIdentity) {
		if err != nil || r.ID != "" {
			return r.ID, err
		}
	}
	return "", nil
}

// Peek reads the counts of a checkpoint that nobody has open, without making,
// unlocking or changing anything in it.
func Peek(path string) (Counts, error) {
	if err := preflight(Options{Path: path, MustExist: true, ForceFilesystem: true}); err != nil {
		return nil, err
	}
	lock, err := lockFile(path + ".lock")
	if err != nil {
		return nil, err
	}
	defer lock.Close()
	if info, err := os.Stat(path); err == nil && info.Size() == 0 {
		return nil, lost(path)
	}
	db, err := openBolt(path)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	s := &Store{path: path, db: db}
	counts, _, _, _, err := s.describe()
	return counts, err
}
