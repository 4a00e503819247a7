package checkpoint

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"embark/onboard"

	"golang.org/x/sys/unix"
)

// TestDiskFull: a full disk is an error and nothing else. What was there
// stays, and it goes on when there is room.
func TestDiskFull(t *testing.T) {
	folder := t.TempDir()
	if err := unix.Mount("tmpfs", folder, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("NOT TESTED: the behaviour on a full disk; a small tmpfs cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(folder, 0) })
	ballast := filepath.Join(folder, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 300<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, filepath.Join(folder, "embark.db"))
	stored, err := s.fillDisk()
	if !errors.Is(err, unix.ENOSPC) || stored == 0 {
		t.Fatalf("got %v after %d records, want %v", err, stored, unix.ENOSPC)
	}
	if counts, err := s.Counts(); err != nil || counts.Total() != stored {
		t.Errorf("got %v, %v, want %d records", counts, err, stored)
	}
	remove(t, ballast)
	s.create("after")
	s.shut()
	if r := open(t, filepath.Join(folder, "embark.db")).one("identity/c0"); !r.Known() {
		t.Error("got the first record lost")
	}
}

func (s *testStore) fillDisk() (stored int, err error) {
	for i := 0; err == nil; i++ {
		identity, _ := drafts(s.Store, fmt.Sprint("c", i))
		err = s.update(ctx, func(t *tx) error { return t.put(onboard.Record{}, identity) })
		if err == nil {
			stored++
		}
	}
	return stored, err
}

func TestReadOnlyFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("NOT TESTED: root may write to a read-only folder")
	}
	folder := t.TempDir()
	chmod(t, folder, 0o500)
	refuse(t, Options{Path: filepath.Join(folder, "embark.db"), Environment: "sandbox"}, ErrForeign)
}
