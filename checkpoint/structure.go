package checkpoint

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"io"
	"os"
)

// checkStructure walks the pages of a bbolt file and holds everything that
// leads to other bytes against the bounds. bbolt trusts its pages: after a
// flipped bit or a cut it panics, some of it in a goroutine of its own, reads
// outside the file, or counts billions of pages. What the values say is not
// looked at here; records have a checksum.
//
// The format (bbolt's internal/common): a page begins with id, flags, count
// and overflow, then one element of 16 bytes a key; pages 0 and 1 hold the two
// metas, of which the newer one with a right checksum counts.
func checkStructure(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	meta, err := newestMeta(f)
	if err != nil {
		return err
	}
	pages := uint64(info.Size()) / uint64(meta.pageSize)
	if meta.pages > pages {
		return errTruncated
	}
	w := &walk{file: f, meta: meta, seen: make([]uint64, meta.pages/64+1)}
	return w.page(meta.root, 0, true, nil, nil)
}

var (
	errTruncated = errors.New("truncated")
	errNoMeta    = errors.New("no intact meta page")
	errStructure = errors.New("damaged page")
)

var native = binary.NativeEndian // bbolt writes its structs as they lie in memory

const (
	pageHeader    = 16
	elementSize   = 16
	bucketHeader  = 16
	metaSize      = 64
	branchPage    = 0x01
	leafPage      = 0x02
	bucketElement = 0x01
	boltMagic     = 0xED0CDAED
	deepest       = 64 // pages from the root to a leaf; ten million records need about five
)

type boltMeta struct {
	pageSize             uint32
	root, pages, version uint64
}

// newestMeta looks for the second meta at every page size that bbolt allows,
// since the first may be the damaged one.
func newestMeta(r io.ReaderAt) (newest boltMeta, err error) {
	err = errNoMeta
	for at := int64(0); at <= 1<<25; at = max(512, 2*at) {
		b := make([]byte, metaSize)
		if _, e := r.ReadAt(b, at+pageHeader); e != nil {
			break
		}
		h := fnv.New64a()
		h.Write(b[:56])
		m := boltMeta{native.Uint32(b[8:]), native.Uint64(b[16:]), native.Uint64(b[40:]), native.Uint64(b[48:])}
		if native.Uint32(b) != boltMagic || h.Sum64() != native.Uint64(b[56:]) || at != 0 && at != int64(m.pageSize) || m.pageSize < 512 {
			continue
		}
		if err != nil || m.version > newest.version {
			newest, err = m, nil
		}
	}
	return newest, err
}

// walk remembers which pages were met: none may be met twice.
type walk struct {
	file io.ReaderAt
	meta boltMeta
	seen []uint64 // one bit a page
	free [][]byte // buffers, one a level
}

// page checks a page and all below it, whose keys lie from low on and below
// high, nil for no bound. Buckets are found at the top level only.
func (w *walk) page(id uint64, level int, top bool, low, high []byte) error {
	b, err := w.read(id, level)
	if err != nil {
		return err
	}
	if native.Uint64(b) != id {
		return errStructure
	}
	return w.elements(b, level, top, low, high)
}

// read fetches a page with its overflow into the level's buffer.
func (w *walk) read(id uint64, level int) ([]byte, error) {
	if level > deepest || id < 2 || !w.meet(id) {
		return nil, errStructure
	}
	for len(w.free) <= level {
		w.free = append(w.free, make([]byte, w.meta.pageSize))
	}
	size := uint64(w.meta.pageSize)
	b := w.free[level][:size]
	if _, err := w.file.ReadAt(b, int64(id*size)); err != nil {
		return nil, errTruncated
	}
	overflow := uint64(native.Uint32(b[12:]))
	if overflow == 0 {
		return b, nil
	}
	for i := range overflow {
		if !w.meet(id + 1 + i) {
			return nil, errStructure
		}
	}
	b = make([]byte, (overflow+1)*size)
	w.free[level] = b
	_, err := w.file.ReadAt(b, int64(id*size))
	return b, err
}

func (w *walk) meet(id uint64) bool {
	if id >= w.meta.pages || w.seen[id/64]&(1<<(id%64)) != 0 {
		return false
	}
	w.seen[id/64] |= 1 << (id % 64)
	return true
}

// elements checks the elements of a page, or of a bucket that is so small that
// it lies within its value.
func (w *walk) elements(b []byte, level int, top bool, low, high []byte) error {
	flags, count := native.Uint16(b[8:]), int(native.Uint16(b[10:]))
	if flags != branchPage && flags != leafPage || pageHeader+count*elementSize > len(b) || flags == branchPage && count == 0 {
		return errStructure
	}
	keys, err := elementKeys(b, flags, count, low, high)
	if err != nil {
		return err
	}
	for i, key := range keys {
		next := high
		if i+1 < count {
			next = keys[i+1]
		}
		e := b[pageHeader+i*elementSize:]
		if flags == branchPage {
			err = w.page(native.Uint64(e[8:]), level+1, top, key, next)
		} else {
			err = w.leaf(e, key, level, top)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// elementKeys reads the keys, which ascend within the bounds.
func elementKeys(b []byte, flags uint16, count int, low, high []byte) ([][]byte, error) {
	keys := make([][]byte, count)
	for i := range keys {
		e := b[pageHeader+i*elementSize:]
		at, size := native.Uint32(e), native.Uint32(e[4:])
		if flags == leafPage {
			at, size = native.Uint32(e[4:]), native.Uint32(e[8:])
		}
		key, err := part(e, at, size)
		if err != nil || i > 0 && bytes.Compare(keys[i-1], key) >= 0 {
			return nil, errStructure
		}
		keys[i] = key
	}
	if count > 0 && (low != nil && bytes.Compare(keys[0], low) < 0 || high != nil && bytes.Compare(keys[count-1], high) >= 0) {
		return nil, errStructure
	}
	return keys, nil
}

func (w *walk) leaf(e, key []byte, level int, top bool) error {
	kind, at, size := native.Uint32(e), native.Uint32(e[4:]), native.Uint32(e[12:])
	value, err := part(e[len(key):], at, size)
	if err != nil || kind == 0 && !top {
		return err
	}
	if kind != bucketElement || !top || len(value) < bucketHeader {
		return errStructure
	}
	return w.bucket(value, level)
}

func (w *walk) bucket(value []byte, level int) error {
	if root := native.Uint64(value); root != 0 {
		return w.page(root, level+1, false, nil, nil)
	}
	if inline := value[bucketHeader:]; len(inline) >= pageHeader && native.Uint16(inline[8:]) == leafPage {
		return w.elements(inline, level, false, nil, nil)
	}
	return errStructure
}

// part is size bytes from at on; the element's own place is where b begins.
func part(b []byte, at, size uint32) ([]byte, error) {
	if at < elementSize || uint64(at)+uint64(size) > uint64(len(b)) {
		return nil, errStructure
	}
	return b[at : at+size], nil
}
