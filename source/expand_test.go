package source

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExpand(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"in/b.CSV", "in/a.jsonl.gz", "in/c.xlsx", "in/d.tsv.ZST", "in/.hidden.csv", "in/~$c.xlsx", "in/read.me", "in/deeper/x.csv",
		"[1].csv", "1.csv", "2.csv", ".3.csv", "none/read.me"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("c.xlsx", "in/e.xlsx"); err != nil {
		t.Fatal(err)
	}
	inFolder := []string{"in/a.jsonl.gz", "in/b.CSV", "in/c.xlsx", "in/d.tsv.ZST", "in/e.xlsx"}
	for _, tt := range []struct {
		name               string
		in, want, leftOver []string
		err                error
	}{
		{"names stay", []string{"-", "2.csv", "no such", "2.csv"}, []string{"-", "2.csv", "no such", "2.csv"}, nil, nil},
		{"folder", []string{"in"}, inFolder, []string{"in/deeper", "in/read.me", "in/~$c.xlsx"}, nil},
		{"folder and a file of it", []string{"in/c.xlsx", "in/"}, []string{"in/c.xlsx", "in/a.jsonl.gz", "in/b.CSV", "in/d.tsv.ZST", "in/e.xlsx"}, []string{"in/deeper", "in/read.me", "in/~$c.xlsx"}, nil},
		{"pattern", []string{"*.csv"}, []string{"1.csv", "2.csv", "[1].csv"}, nil, nil},
		{"pattern that is a name", []string{"[1].csv"}, []string{"[1].csv"}, nil, nil},
		{"pattern of hidden ones", []string{".?.csv"}, []string{".3.csv"}, nil, nil},
		{"pattern that matches a folder", []string{"in/*e*"}, []string{"in/e.xlsx", "in/read.me"}, []string{"in/deeper"}, nil},
		{"no match", []string{"*.tsv"}, nil, nil, ErrNoFiles},
		{"bad pattern", []string{"[a"}, nil, nil, filepath.ErrBadPattern},
		{"no table in the folder", []string{"none"}, nil, nil, ErrNoFiles},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files, left, err := Expand(tt.in)
			var e *OpenError
			if tt.err != nil && (!errors.Is(err, tt.err) || !errors.As(err, &e) || e.Hint == "") || tt.err == nil && err != nil {
				t.Fatalf("got %v, want %v", err, tt.err)
			}
			if d := cmp.Diff(tt.want, files); d != "" {
				t.Error("files (-want +got)\n", d)
			}
			if d := cmp.Diff(tt.leftOver, left); d != "" {
				t.Error("passed over (-want +got)\n", d)
			}
		})
	}
}

func TestStrict(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "in.csv")
	if err := os.WriteFile(path, []byte("a\n1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link.csv")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, path string
		mode       fs.FileMode
		want       error
	}{
		{"mine", path, 0o644, nil},
		{"a link", link, 0o600, ErrSymlink},
		{"the group's", path, 0o660, ErrWritable},
		{"the world's", path, 0o602, ErrWritable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := os.Chmod(path, tt.mode); err != nil {
				t.Fatal(err)
			}
			f, err := Open(tt.path, Options{Strict: true})
			if err == nil {
				f.Close()
			}
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if f, err = Open(tt.path, Options{}); err != nil {
				t.Fatal("not strictly:", err)
			}
			f.Close()
		})
	}
}

// TestStrictIsNotRaced: another file in the place of the one that was looked at.
func TestStrictIsNotRaced(t *testing.T) {
	was, err := look(write(t, "a\n1\n"), true)
	if err != nil {
		t.Fatal(err)
	}
	path := write(t, "a\n2\n")
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := same(path, f, was); !errors.Is(err, ErrSymlink) {
		t.Errorf("got %v, want %v", err, ErrSymlink)
	}
}
