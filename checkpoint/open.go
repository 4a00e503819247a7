package checkpoint

import (
	"bytes"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"go.etcd.io/bbolt"
	"golang.org/x/sys/unix"
)

// manifest lies beside the database and tells whether it is the right one. It
// may lag behind the database but never lead it.
type manifest struct {
	ID          string `json:"id"`
	Environment string `json:"environment"`
	Records     int    `json:"records"`
	Transaction int    `json:"transaction"`
}

// Open opens the checkpoint, making it on first use: key file, then database,
// then manifest, each complete before the next.
func Open(o Options) (*Store, error) {
	if o.KeyFile == "" {
		o.KeyFile = o.Path + ".key"
	}
	if err := preflight(o); err != nil {
		return nil, err
	}
	lock, err := lockFile(o.Path + ".lock")
	if err != nil {
		return nil, err
	}
	s, err := openLocked(o, lock)
	if err != nil {
		_ = lock.Close()
		return nil, err
	}
	s.saved = time.Now()
	s.done.Add(1)
	go s.writer()
	return s, nil
}

func preflight(o Options) error {
	_, err := os.Stat(o.Path)
	if errors.Is(err, fs.ErrNotExist) && o.MustExist {
		if _, err := os.Stat(o.Path + ".manifest"); err == nil {
			return lost(o.Path)
		}
		return &Error{ErrAbsent, fmt.Sprintf("there is no checkpoint %q", o.Path),
			"name the file that was onboarded, or the checkpoint with --checkpoint"}
	}
	if _, err := os.Stat(filepath.Dir(o.Path)); err != nil {
		return &Error{ErrForeign, fmt.Sprintf("the folder of the checkpoint %q cannot be opened", o.Path),
			"make the folder, or name another place with --checkpoint"}
	}
	if name := NetworkFilesystem(filepath.Dir(o.Path)); name != "" && !o.ForceFilesystem {
		return &Error{ErrForeign, fmt.Sprintf("the checkpoint %q lies on a %s filesystem, where locks and syncs cannot be relied on", o.Path, name),
			"put it on a local disk, or insist with --force-filesystem"}
	}
	return nil
}

// lockFile takes the lock that only one process can hold. The pid inside is
// for the message alone.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, &Error{ErrForeign, fmt.Sprintf("the folder of the checkpoint cannot be written to (%q)", path), "check its owner and mode"}
	}
	if err := flock(f); err != nil {
		pid, _ := os.ReadFile(path)
		_ = f.Close()
		return nil, &Error{ErrInUse, fmt.Sprintf("the checkpoint is in use by process %s", bytes.TrimSpace(pid)),
			"wait for it to end, or look at it with: embark status"}
	}
	if err := f.Truncate(0); err != nil {
		return nil, err
	}
	_, err = f.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0)
	return f, err
}

// flock tries for a moment: a child that a process has just forked holds its locks
// until it executes something else.
func flock(f *os.File) (err error) {
	for range 10 {
		if err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err == nil {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

func openLocked(o Options, lock *os.File) (*Store, error) {
	known, err := readManifest(o.Path)
	if err != nil {
		return nil, err
	}
	if err := ensureDatabase(o, known); err != nil {
		return nil, err
	}
	db, err := openBolt(o.Path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: o.Path, db: db, lock: lock, writes: make(chan write, maxGroup)}
	if err := s.verify(o, known); err != nil {
		_ = db.Close()
		return nil, err
	}
	return s, nil
}

func readManifest(path string) (*manifest, error) {
	data, err := os.ReadFile(path + ".manifest")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var m manifest
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil {
		return nil, &Error{ErrDamaged, fmt.Sprintf("the manifest %q cannot be read", path+".manifest"), "restore it from a backup"}
	}
	return &m, nil
}

func lost(path string) error {
	return &Error{ErrDamaged, fmt.Sprintf("the checkpoint %q is missing or empty, but its manifest is there", path),
		fmt.Sprintf("restore it from a backup; to start afresh, remove %q", path+".manifest")}
}

// ensureDatabase makes a new database under a temporary name and moves it in
// place only when it is complete, since a power cut while bbolt initialises a
// file can leave one that does not open.
func ensureDatabase(o Options, known *manifest) error {
	info, err := os.Stat(o.Path)
	switch {
	case err == nil && info.Size() == 0 || errors.Is(err, fs.ErrNotExist) && known != nil:
		return lost(o.Path) // bbolt would take an empty file for a new database
	case err == nil:
		return private(o.Path)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if _, err := loadKey(o, true); err != nil {
		return err
	}
	return createDatabase(o)
}

func createDatabase(o Options) error {
	temp := o.Path + ".new"
	_ = os.Remove(temp) // left by a kill
	db, err := bbolt.Open(temp, 0o600, &bbolt.Options{NoFreelistSync: true})
	if err != nil {
		return err
	}
	err = db.Update(func(b *bbolt.Tx) error {
		t := &tx{b: b}
		for _, name := range buckets() {
			if _, err := b.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return errors.Join(t.setMeta(metaID, uuid.NewString()), t.setMeta(metaEnvironment, o.Environment))
	})
	if e := db.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	if err := os.Rename(temp, o.Path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(o.Path))
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// openBolt keeps bbolt from damaged files, on which it panics: partly in
// goroutines of its own, where nobody can recover. The lock is ours already, so
// the wait for bbolt's own is short.
func openBolt(path string) (db *bbolt.DB, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
		if err != nil {
			err = &Error{ErrDamaged, fmt.Sprintf("the checkpoint %q cannot be opened", path), "restore it from a backup; it may be truncated or no checkpoint at all"}
		}
	}()
	if err := checkStructure(path); err != nil {
		return nil, err
	}
	return bbolt.Open(path, 0o600, &bbolt.Options{Timeout: 2 * time.Second, NoFreelistSync: true,
		FreelistType: bbolt.FreelistMapType})
}

// verify holds the database against the manifest, the key and the environment,
// and numbers the run.
func (s *Store) verify(o Options, known *manifest) error {
	counts, environment, err := s.fits(o, known)
	if err != nil {
		return err
	}
	if environment != o.Environment {
		if err := s.rebind(o.Environment); err != nil {
			return err
		}
	}
	if err := s.openKey(o, counts.Total() == 0); err != nil {
		return err
	}
	if err := s.register(o); err != nil {
		return err
	}
	return s.saveManifest()
}

// fits holds the database against the environment, which does not matter while
// it has no records, and against the manifest.
func (s *Store) fits(o Options, known *manifest) (Counts, string, error) {
	counts, transaction, id, environment, err := s.describe()
	switch {
	case err != nil:
		return nil, "", err
	case environment != o.Environment && counts.Total() > 0:
		return nil, "", &Error{ErrForeign, fmt.Sprintf("the checkpoint %q belongs to %s, this run is for %s", o.Path, environment, o.Environment),
			"use another checkpoint with --checkpoint, or the environment that it belongs to"}
	case known != nil && (known.ID != id || known.Records > counts.Total() || known.Transaction > transaction):
		return nil, "", &Error{ErrDamaged, fmt.Sprintf("the checkpoint %q is older than its manifest, or another one", o.Path),
			fmt.Sprintf("restore the latest copy; to go on with this one, remove %q: Paxos refuses a ref_id that it knows, so nothing is made twice", o.Path+".manifest")}
	}
	return counts, environment, nil
}

// rebind gives a database without records to another environment: a first try
// at the wrong one, or without credentials, must not spoil the checkpoint.
func (s *Store) rebind(environment string) error {
	return s.db.Update(func(b *bbolt.Tx) error { return (&tx{b: b}).setMeta(metaEnvironment, environment) })
}

func (s *Store) describe() (counts Counts, transaction int, id, environment string, err error) {
	counts = Counts{}
	err = s.view(func(t *tx) error {
		for _, name := range buckets() {
			if t.b.Bucket(name) == nil {
				return &Error{ErrDamaged, fmt.Sprintf("%q is no checkpoint of embark", s.path), "name another file with --checkpoint"}
			}
		}
		transaction = t.b.ID()
		return errors.Join(t.meta(metaCounts, &counts), t.meta(metaID, &id), t.meta(metaEnvironment, &environment))
	})
	return counts, transaction, id, environment, err
}

// openKey loads the key and holds it against the check in the database. A
// database without records accepts a new key.
func (s *Store) openKey(o Options, empty bool) error {
	key, err := loadKey(o, empty)
	if err != nil {
		return err
	}
	if s.keys, err = newKeyring(key); err != nil {
		return err
	}
	return s.db.Update(func(b *bbolt.Tx) error {
		t := &tx{b: b}
		var check []byte
		if err := t.meta(metaKeyCheck, &check); err != nil {
			return err
		}
		if empty || check == nil {
			return t.setMeta(metaKeyCheck, s.keys.check)
		}
		if !hmac.Equal(check, s.keys.check) {
			return &Error{ErrKey, "the key does not fit the checkpoint", "name the right key file with --key-file"}
		}
		return nil
	})
}

// register numbers the run and notes whose client id it runs under.
func (s *Store) register(o Options) error {
	client := s.keys.print([]byte("client " + o.ClientID))
	return s.db.Update(func(b *bbolt.Tx) error {
		t := &tx{b: b}
		var known []byte
		if err := errors.Join(t.meta(metaRun, &s.run), t.meta(metaClient, &known)); err != nil {
			return err
		}
		s.run++
		s.client = known == nil || hmac.Equal(known, client) || o.ClientID == ""
		if known == nil && o.ClientID != "" {
			if err := t.setMeta(metaClient, client); err != nil {
				return err
			}
		}
		return t.setMeta(metaRun, s.run)
	})
}

func (s *Store) saveManifest() error {
	counts, transaction, id, environment, err := s.describe()
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(manifest{id, environment, counts.Total(), transaction}, "", "  ")
	if err != nil {
		return err
	}
	if err := writeFile(s.path+".manifest", append(data, '\n')); err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	return nil
}

// NetworkFilesystem names the kind of filesystem when it is one on which flock
// and fsync are not to be trusted, by the magic numbers of statfs(2).
func NetworkFilesystem(folder string) string {
	var st unix.Statfs_t
	if unix.Statfs(folder, &st) != nil {
		return ""
	}
	return map[int64]string{0x6969: "NFS", 0xff534d42: "CIFS", 0x517b: "SMB", 0xfe534d42: "SMB2",
		0x65735546: "FUSE", 0x01021997: "9p"}[int64(st.Type)]
}
