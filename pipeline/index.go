package pipeline

import (
	"fmt"
	"iter"
	"math/bits"
	"runtime"
	"slices"
	"unsafe"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"
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

// list grows by blocks, which it has from the system and not from the heap: it
// would take a collected heap several times its size (GOGC), and the whole of a
// limited one (GOMEMLIMIT).
type list struct{ blocks [][]uint64 }

func (l *list) add(v uint64) {
	last := len(l.blocks) - 1
	if last < 0 || len(l.blocks[last]) == blockSize {
		l.blocks = append(l.blocks, newBlock())
		last++
	}
	l.blocks[last] = append(l.blocks[last], v)
}

const blockBytes = blockSize * int(unsafe.Sizeof(uint64(0)))

// newBlock panics where the system has no memory left, as make does.
func newBlock() []uint64 {
	b, err := unix.Mmap(-1, 0, blockBytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		panic(fmt.Sprintf("pipeline: out of memory: %v", err))
	}
	return unsafe.Slice((*uint64)(unsafe.Pointer(&b[0])), blockSize)[:0]
}

// free gives the blocks back; nobody may hold a part of them.
func (l *list) free() {
	for _, block := range l.blocks {
		_ = unix.Munmap(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(block))), blockBytes)) // fails only for what is none
	}
	l.blocks = nil
}

// concat makes one slice of the list, and frees it.
func (l *list) concat() []uint64 {
	defer l.free()
	return slices.Concat(l.blocks...)
}

func (l *list) sorted() []uint64 {
	all := l.concat()
	slices.Sort(all)
	return all
}

// ascending yields the entries in their order and frees the list. The blocks
// are sorted one by one, on all cores, and merged: one sorted slice of all would
// take the memory twice. It may be ranged over once.
func (l *list) ascending() iter.Seq[uint64] {
	sortEach(l.blocks)
	return func(yield func(uint64) bool) {
		defer l.free()
		heads := slices.Clone(l.blocks) // a heap by the first entry of each
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

func (s rowSet) count() (n int) {
	for _, word := range s {
		n += bits.OnesCount64(word)
	}
	return n
}
