package pipeline

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestListAscending: blocks that are sorted one by one come out as one order.
func TestListAscending(t *testing.T) {
	for _, n := range []int{0, 1, blockSize, 3*blockSize + 7} {
		rng := rand.New(rand.NewPCG(1, uint64(n)))
		var l list
		want := make([]uint64, n)
		for i := range want {
			want[i] = rng.Uint64N(uint64(n)/2 + 1) // many twice
			l.add(want[i])
		}
		slices.Sort(want)
		if got := slices.Collect(l.ascending()); !slices.Equal(got, want) {
			t.Errorf("got %d entries in another order, want %d in theirs", len(got), n)
		}
		if l.blocks != nil {
			t.Errorf("got %d blocks kept", len(l.blocks))
		}
	}
}

// TestSuspects: all rows that share a hash are found, among many, and an entry
// of no hash takes no room.
func TestSuspects(t *testing.T) {
	var x index
	for i := range 100_000 {
		hash := uint64(i+1) << 40
		if i == 70_000 || i == 99_999 {
			hash = 8 << 40 // that of row 7
		}
		x.add(hash, i)
		x.add(0, i)
	}
	found := newRowSet(100_000)
	x.suspects(found)
	for i := range 100_000 {
		if want := i == 7 || i == 70_000 || i == 99_999; found.has(i) != want {
			t.Errorf("row %d: got suspected %v, want %v", i, found.has(i), want)
		}
	}
	if n := found.count(); n != 3 {
		t.Errorf("got %d rows, want 3", n)
	}
}
