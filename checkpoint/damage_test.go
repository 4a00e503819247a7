package checkpoint

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"testing"

	"embark/onboard"

	"github.com/google/go-cmp/cmp"
)

// sample makes a checkpoint with customers at every stage, and returns its
// bytes and what it says.
func sample(t *testing.T) (path string, data []byte, want map[onboard.Key]onboard.Record) {
	t.Helper()
	path = newPath(t)
	s := open(t, path)
	for i := range 12 {
		s.finish(fmt.Sprint("done", i))
		s.create(fmt.Sprint("made", i))
		s.intend(fmt.Sprint("sent", i))
	}
	want = map[onboard.Key]onboard.Record{}
	for _, kind := range onboard.Kinds() {
		for r, err := range s.Records(kind) {
			if err != nil {
				t.Fatal(err)
			}
			want[r.Key] = r
		}
	}
	s.shut()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, data, want
}

// readAll opens a file that may be damaged and reads all of it. It returns how
// the damage showed, nil if it did not.
func readAll(t *testing.T, path string, want map[onboard.Key]onboard.Record) (shown error) {
	t.Helper()
	s, err := Open(Options{Path: path, Environment: "sandbox"})
	if err != nil {
		return err
	}
	defer s.Close()
	missing := 0
	for key, r := range want {
		got, err := s.Get(key)
		switch {
		case err != nil:
			shown = err
		case !got[0].Known():
			missing++
		case !reflect.DeepEqual(r, got[0]): // much faster than cmp, which is for the message
			t.Errorf("a damaged record was returned: %s", cmp.Diff(r, got[0]))
		}
	}
	if err := scanAll(s); err != nil {
		shown = err
	}
	if missing > 0 && shown == nil {
		t.Errorf("got %d records too few and no error", missing)
	}
	identity, account := drafts(s, "new")
	_, _, _ = begin(s, identity, account) // must not panic either
	return shown
}

func scanAll(s *Store) (shown error) {
	for _, kind := range onboard.Kinds() {
		for _, err := range s.Records(kind) {
			if err != nil {
				shown = err
			}
		}
	}
	for _, err := range s.Unfinished() {
		if err != nil {
			shown = err
		}
	}
	return shown
}

func TestTruncated(t *testing.T) {
	path, data, want := sample(t)
	manifest, _ := os.ReadFile(path + ".manifest")
	shown := 0
	for n := 0; n < len(data); n += 2 * 997 {
		put(t, path, string(data[:n]))
		put(t, path+".manifest", string(manifest))
		if readAll(t, path, want) != nil {
			shown++
		}
	}
	if shown == 0 {
		t.Error("got no error at any length")
	}
}

// Any byte may be flipped: in the pages' headers, which lead bbolt astray, in
// keys, in records. Nothing panics, and no wrong record comes out.
func TestFlippedBytes(t *testing.T) {
	path, data, want := sample(t)
	manifest, _ := os.ReadFile(path + ".manifest")
	shown, flips := 0, offsets(len(data))
	for _, at := range flips {
		damaged := append([]byte(nil), data...)
		damaged[at.offset] ^= at.mask
		put(t, path, string(damaged))
		put(t, path+".manifest", string(manifest))
		if readAll(t, path, want) != nil {
			shown++
		}
	}
	t.Logf("%d of %d flips in %d bytes showed as errors; the others hit free space or indexes", shown, len(flips), len(data))
	if shown < len(flips)/10 {
		t.Errorf("got %d errors after %d flips, want more", shown, len(flips))
	}
}

type flip struct {
	offset int
	mask   byte
}

// offsets are some in the head of every page and some anywhere.
func offsets(size int) []flip {
	random := rand.New(rand.NewPCG(1, 2))
	mask := func() byte { return byte(1 + random.IntN(255)) }
	var flips []flip
	for page := 0; page < size; page += 4096 {
		for range 3 {
			flips = append(flips, flip{page + random.IntN(min(64, size-page)), mask()})
		}
	}
	for range 120 {
		flips = append(flips, flip{random.IntN(size), mask()})
	}
	return flips
}

// The walk over the pages finds every damage that would make bbolt panic: it
// is run at all offsets of the heads, where no record is.
func TestStructureOfDamagedPages(t *testing.T) {
	path, data, _ := sample(t)
	if err := checkStructure(path); err != nil {
		t.Fatalf("undamaged: got %v, want none", err)
	}
	for page := 2 * 4096; page < len(data); page += 4096 {
		for i := range 48 {
			damaged := append([]byte(nil), data...)
			damaged[page+i] ^= 0xff
			put(t, path, string(damaged))
			_ = checkStructure(path) // must not panic or run away
		}
	}
}

func TestStructureOfGarbage(t *testing.T) {
	path := newPath(t)
	for _, text := range []string{"", "x", string(make([]byte, 5000)), string(make([]byte, 40000))} {
		put(t, path, text)
		if checkStructure(path) == nil {
			t.Errorf("%d bytes: got no error, want one", len(text))
		}
	}
}
