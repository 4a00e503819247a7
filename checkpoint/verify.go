package checkpoint

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"

	"embark/onboard"

	"golang.org/x/sys/unix"
)

// Found is what [Inspect] saw in a checkpoint.
type Found struct {
	Counts     Counts
	Marks      Marks
	SameClient bool // the client id is the one of the last run
}

// Inspect judges a checkpoint as [Open] would, and changes nothing: no file is
// made, no run numbered. One that is not there yet is [ErrAbsent]. While it
// looks, a run that starts finds the checkpoint in use.
func Inspect(o Options) (*Found, error) {
	if o.KeyFile == "" {
		o.KeyFile = o.Path + ".key"
	}
	for _, must := range []bool{false, true} { // the folder is judged first, also where nothing is in it yet
		o.MustExist = must
		if err := preflight(o); err != nil {
			return nil, err
		}
	}
	unlock, err := shareLock(o.Path + ".lock")
	if err != nil {
		return nil, err
	}
	defer unlock()
	known, err := readManifest(o.Path)
	if err != nil {
		return nil, err
	}
	return inspectDatabase(o, known)
}

// shareLock keeps runs out for a moment without leaving a trace. Where there is
// no lock file, no process of ours has been.
func shareLock(path string) (unlock func(), err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return func() {}, nil
	}
	if err != nil {
		return nil, &Error{ErrForeign, fmt.Sprintf("the lock of the checkpoint cannot be read (%q)", path), "check its owner and mode"}
	}
	if unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB) == nil {
		return func() { _ = f.Close() }, nil
	}
	_ = f.Close()
	_, err = lockFile(path) // it is taken, so this can only make the message
	return nil, err
}

func inspectDatabase(o Options, known *manifest) (*Found, error) {
	if info, err := os.Stat(o.Path); err == nil && info.Size() == 0 {
		return nil, lost(o.Path)
	}
	if err := private(o.Path); err != nil {
		return nil, err
	}
	db, err := openBolt(o.Path)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	s := &Store{path: o.Path, db: db}
	counts, _, err := s.fits(o, known)
	if err != nil {
		return nil, err
	}
	found := &Found{Counts: counts}
	if counts.Total() == 0 {
		found.SameClient = true // whoever comes first has it, under whatever key
		return found, nil
	}
	return found, s.inspectKey(o, found)
}

// inspectKey holds the key and the client id against the database.
func (s *Store) inspectKey(o Options, found *Found) error {
	key, err := loadKey(o, false)
	if err != nil {
		return err
	}
	if s.keys, err = newKeyring(key); err != nil {
		return err
	}
	var check, client []byte
	err = s.view(func(t *tx) error {
		return errors.Join(t.meta(metaKeyCheck, &check), t.meta(metaClient, &client), t.meta(metaMarks, &found.Marks))
	})
	if err != nil {
		return err
	}
	if check != nil && !hmac.Equal(check, s.keys.check) {
		return &Error{ErrKey, "the key does not fit the checkpoint", "name the right key file with --key-file"}
	}
	found.SameClient = client == nil || o.ClientID == "" || hmac.Equal(client, s.keys.print([]byte("client "+o.ClientID)))
	return nil
}

// bucketVerified holds how far a verification is and what it has found, each
// under its key. It is made when it is needed: a checkpoint without it is whole.
var bucketVerified = []byte("verified")

// verifiedState cannot be the key of an object, which has a slash.
var verifiedState = []byte("state")

// Verification is what [Store.SaveVerification] was last given; nil where no
// verification has begun.
func (s *Store) Verification() (state []byte, err error) {
	err = s.view(func(t *tx) error {
		if b := t.b.Bucket(bucketVerified); b != nil {
			state = append(state, b.Get(verifiedState)...)
		}
		return nil
	})
	return state, err
}

// SaveVerification keeps how far a verification is together with what it has
// found since: both or neither. Records are not touched.
func (s *Store) SaveVerification(ctx context.Context, state []byte, found map[onboard.Key][]byte) error {
	return s.update(ctx, func(t *tx) error {
		b, err := t.b.CreateBucketIfNotExists(bucketVerified)
		if err != nil {
			return err
		}
		for key, finding := range found {
			if err := b.Put([]byte(key), finding); err != nil {
				return err
			}
		}
		return b.Put(verifiedState, state)
	})
}

// VerificationFound yields what a verification has found, in the order of the keys.
func (s *Store) VerificationFound() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		var after []byte
		for {
			keys, found, err := s.foundAfter(after)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, f := range found {
				if !yield(f, nil) {
					return
				}
			}
			if len(keys) < chunk {
				return
			}
			after = keys[len(keys)-1]
		}
	}
}

func (s *Store) foundAfter(after []byte) (keys, found [][]byte, err error) {
	err = s.view(func(t *tx) error {
		b := t.b.Bucket(bucketVerified)
		if b == nil {
			return nil
		}
		c := b.Cursor()
		for k, v := c.Seek(after); k != nil && len(keys) < chunk; k, v = c.Next() {
			if string(k) == string(after) || string(k) == string(verifiedState) {
				continue
			}
			keys, found = append(keys, append([]byte(nil), k...)), append(found, append([]byte(nil), v...))
		}
		return nil
	})
	return keys, found, err
}

// ForgetVerification lets the next verification begin anew.
func (s *Store) ForgetVerification(ctx context.Context) error {
	return s.update(ctx, func(t *tx) error {
		if t.b.Bucket(bucketVerified) == nil {
			return nil
		}
		return t.b.DeleteBucket(bucketVerified)
	})
}
