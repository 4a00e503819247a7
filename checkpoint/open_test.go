package checkpoint

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
)

const someKey = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

func TestOpenAgain(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	s.finish("c1")
	first := s.Run()
	s.shut()
	s = open(t, path)
	if got := s.Run(); got <= first {
		t.Errorf("got run %d, want more than %d", got, first)
	}
	if r := s.one(accountKey("c1")); r.ID != "acc-c1" || r.ProfileID == "" {
		t.Errorf("got %+v, want the account of the first run", r)
	}
}

func TestOpenMakesPrivateFiles(t *testing.T) {
	path := newPath(t)
	open(t, path).finish("c1")
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 4 {
		t.Fatalf("got %d files, %v, want database, key, lock and manifest", len(entries), err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: got mode %#o, %v, want 0600", e.Name(), info.Mode().Perm(), err)
		}
	}
}

// The key must not pass through a folder for everybody on its way.
func TestKeyStaysInItsFolder(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	before, _ := os.Stat(temp)
	open(t, newPath(t)).create("c1")
	after, _ := os.Stat(temp)
	if !before.ModTime().Equal(after.ModTime()) {
		t.Error("something was written to the folder for temporary files")
	}
}

func TestOpenRefuses(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(t *testing.T, path string)
		edit  func(*Options)
		want  error
	}{
		{"foreign environment", nil, func(o *Options) { o.Environment = "production" }, ErrForeign},
		{"wrong key", nil, func(o *Options) { o.Key = someKey }, ErrKey},
		{"no key at all", nil, func(o *Options) { o.Key = "0011" }, ErrKey},
		{"lost key", func(t *testing.T, path string) { remove(t, path+".key") }, nil, ErrKey},
		{"key file of others", func(t *testing.T, path string) { chmod(t, path+".key", 0o644) }, nil, ErrForeign},
		{"garbage in the key file", func(t *testing.T, path string) { put(t, path+".key", "secret\n") }, nil, ErrKey},
		{"database that others can read", func(t *testing.T, path string) { chmod(t, path, 0o644) }, nil, ErrForeign},
		{"database lost", func(t *testing.T, path string) { remove(t, path) }, nil, ErrDamaged},
		{"database lost, must exist", func(t *testing.T, path string) { remove(t, path) }, func(o *Options) { o.MustExist = true }, ErrDamaged},
		{"database empty", func(t *testing.T, path string) { put(t, path, "") }, nil, ErrDamaged},
		{"no database", func(t *testing.T, path string) { put(t, path, strings.Repeat("no database\n", 2000)) }, nil, ErrDamaged},
		{"another program's database", foreignBolt, nil, ErrDamaged},
		{"manifest garbled", func(t *testing.T, path string) { put(t, path+".manifest", "{") }, nil, ErrDamaged},
		{"manifest of another", func(t *testing.T, path string) { editManifest(t, path, `"id": "`, `"id": "x`) }, nil, ErrDamaged},
		{"manifest counts more", func(t *testing.T, path string) { editManifest(t, path, `"records": `, `"records": 9`) }, nil, ErrDamaged},
		{"manifest is ahead", func(t *testing.T, path string) { editManifest(t, path, `"transaction": `, `"transaction": 9`) }, nil, ErrDamaged},
		{"folder missing", nil, func(o *Options) { o.Path = filepath.Join(o.Path, "nowhere", "embark.db") }, ErrForeign},
		{"nothing there", nil, func(o *Options) { o.Path += ".other"; o.MustExist = true }, ErrAbsent},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := newPath(t)
			s := open(t, path)
			s.create("c1")
			s.shut()
			o := Options{Path: path, Environment: "sandbox"}
			if tt.spoil != nil {
				tt.spoil(t, path)
			}
			if tt.edit != nil {
				tt.edit(&o)
			}
			refuse(t, o, tt.want)
		})
	}
}

func foreignBolt(t *testing.T, path string) {
	remove(t, path)
	remove(t, path+".manifest")
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = db.Update(func(b *bbolt.Tx) error { _, err := b.CreateBucket([]byte("other")); return err })
	_ = db.Close()
}

func TestOlderCopyIsRefused(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	s.create("c1")
	s.shut()
	older, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	s.create("c2")
	s.shut()
	put(t, path, string(older))
	refuse(t, Options{Path: path, Environment: "sandbox"}, ErrDamaged)
	remove(t, path+".manifest") // as the hint says
	open(t, path).create("c2")
}

func TestManifestMayLag(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	manifest, err := os.ReadFile(path + ".manifest")
	if err != nil {
		t.Fatal(err)
	}
	s.create("c1")
	s.shut()
	put(t, path+".manifest", string(manifest))
	if r := open(t, path).one(identityKey("c1")); r.ID == "" {
		t.Error("got no identity, want the one of the first run")
	}
}

func TestLostKeyWithoutRecords(t *testing.T) {
	path := newPath(t)
	open(t, path).shut()
	remove(t, path+".key")
	s := open(t, path)
	s.create("c1")
	s.shut()
	open(t, path)
}

func TestKeyFromOptions(t *testing.T) {
	path := newPath(t)
	o := Options{Path: path, Environment: "sandbox", Key: " " + someKey + "\n"}
	s := openWith(t, o)
	s.create("c1")
	s.shut()
	if _, err := os.Stat(path + ".key"); err == nil {
		t.Error("got a key file, want none")
	}
	if r := openWith(t, o).one(identityKey("c1")); r.ID == "" {
		t.Error("got no identity, want the one of the first run")
	}
}

func TestInUse(t *testing.T) {
	path := newPath(t)
	open(t, path)
	e := refuse(t, Options{Path: path, Environment: "sandbox"}, ErrInUse)
	if want := fmt.Sprintf("process %d", os.Getpid()); !strings.HasSuffix(e.Text, want) {
		t.Errorf("got %q, want it to end with %q", e.Text, want)
	}
	if _, err := Peek(path); err == nil {
		t.Error("peek: got no error, want in use")
	}
}

// A kill while the database was made leaves it under its temporary name.
func TestHalfMadeDatabase(t *testing.T) {
	for _, half := range []string{"", "half a page", strings.Repeat("\x00", 4096*3)} {
		path := newPath(t)
		put(t, path+".new", half)
		s := open(t, path)
		s.create("c1")
		s.shut()
		if _, err := os.Stat(path + ".new"); err == nil {
			t.Errorf("%d bytes: got the half-made database still there", len(half))
		}
	}
}

func TestClientID(t *testing.T) {
	path := newPath(t)
	for _, step := range []struct {
		client  string
		changed bool
		accept  bool
	}{{"one", false, false}, {"one", false, false}, {"two", true, false}, {"two", true, true}, {"two", false, false}, {"one", true, false}, {"", false, false}} {
		s := openWith(t, Options{Path: path, Environment: "sandbox", ClientID: step.client})
		if got := s.ClientChanged(); got != step.changed {
			t.Errorf("%q: got changed %t, want %t", step.client, got, step.changed)
		}
		if step.accept {
			if err := s.AcceptClient(ctx, step.client); err != nil {
				t.Fatal(err)
			}
		}
		s.shut()
	}
}

func TestPeek(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	s.finish("c1")
	s.create("c2")
	want, err := s.Counts()
	s.shut()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Peek(path)
	if err != nil || got.Total() != want.Total() || got.Total() != 4 {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	put(t, path, "")
	if _, err := Peek(path); err == nil {
		t.Error("empty: got no error, want one")
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func editManifest(t *testing.T, path, old, new string) {
	t.Helper()
	data, err := os.ReadFile(path + ".manifest")
	if err != nil || !strings.Contains(string(data), old) {
		t.Fatalf("manifest %q, %v: want it to have %q", data, err, old)
	}
	put(t, path+".manifest", strings.Replace(string(data), old, new, 1))
}
