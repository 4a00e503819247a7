package pipeline

import (
	"iter"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
)

// index finds rows that may be alike in 8 bytes a row: 36 bits of a hash above
// 28 bits of the row's ordinal. A match is only a suspicion (about seven
// pairs in a million rows are expected to be false), which a second look settles.
type index struct{ list }

const (
	ordinalBits = 28
	maxRows     = 1<<ordinalBits - 1
	blockSize   = 1 << 16 // entries; growing by blocks never holds twice the memory
)

// add takes up no room for what a row does not have, whose hash is 0.
func (x *index) add(hash uint64, ordinal int) {
	if hash == 0 {
		return
	}
	x.list.add(hash>>ordinalBits<<ordinalBits | uint64(ordinal))
}

// suspects adds the ordinals of all rows that share a hash, and frees the index.
func (x *index) suspects(into rowSet) {
	last, first := uint64(0), true
	for entry := range x.ascending() {
		if !first && entry>>ordinalBits == last>>ordinalBits {
			into.add(int(last & maxRows))
			into.add(int(entry & maxRows))
		}
		last, first = entry, false
	}
}

// list grows by blocks.
type list struct{ blocks [][]uint64 }

func (l *list) add(v uint64) {
	last := len(l.blocks) - 1
	if last < 0 || len(l.blocks[last]) == blockSize {
		l.blocks = append(l.blocks, make([]uint64, 0, blockSize))
		last++
	}
	l.blocks[last] = append(l.blocks[last], v)
}

// concat makes one slice of the list, and frees it.
func (l *list) concat() []uint64 {
	all := slices.Concat(l.blocks...)
	l.blocks = nil
	return all
}

func (l *list) sorted() []uint64 {
	all := l.concat()
	slices.Sort(all)
	return all
}

// ascending yields the entries in their order and frees the list. The blocks
// are sorted one by one, on all cores, and merged: one sorted slice of all would
// take the memory twice.
func (l *list) ascending() iter.Seq[uint64] {
	heads := l.blocks // a heap by the first entry of each
	l.blocks = nil
	sortEach(heads)
	return func(yield func(uint64) bool) {
		for i := len(heads)/2 - 1; i >= 0; i-- {
			sink(heads, i)
		}
		for len(heads) > 0 {
			if !yield(heads[0][0]) {
				return
			}
			if heads[0] = heads[0][1:]; len(heads[0]) == 0 {
				last := len(heads) - 1
				heads[0], heads = heads[last], heads[:last]
			}
			sink(heads, 0)
		}
	}
}

func sortEach(blocks [][]uint64) {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, b := range blocks {
		g.Go(func() error {
			slices.Sort(b)
			return nil
		})
	}
	_ = g.Wait() // nothing can fail
}

// sink lets a block whose first entry has grown find its place in the heap.
func sink(heads [][]uint64, i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(heads); child++ {
			if heads[child][0] < heads[least][0] {
				least = child
			}
		}
		if least == i {
			return
		}
		heads[i], heads[least] = heads[least], heads[i]
		i = least
	}
}

// rowSet is a set of ordinals in one bit a row.
type rowSet []uint64

func newRowSet(rows int) rowSet { return make(rowSet, rows/64+1) }

func (s rowSet) add(ordinal int) { s[ordinal/64] |= 1 << (ordinal % 64) }

func (s rowSet) has(ordinal int) bool {
	return ordinal/64 < len(s) && s[ordinal/64]&(1<<(ordinal%64)) != 0
}

func (s rowSet) empty() bool {
	return !slices.ContainsFunc(s, func(word uint64) bool { return word != 0 })
}
