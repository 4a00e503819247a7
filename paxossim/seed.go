package paxossim

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/google/uuid"
)

// seed draws all random choices. Each is a hash of the seed and of what the
// choice is about, not the next number of a sequence, so that it does not
// depend on the order in which concurrent requests arrive.
type seed uint64

// id is the id of the object that is named by the parts.
func (s seed) id(parts ...string) uuid.UUID {
	h := sha256.New()
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(s))
	h.Write(b[:])
	for _, part := range parts {
		binary.BigEndian.PutUint64(b[:], uint64(len(part)))
		h.Write(b[:])
		h.Write([]byte(part))
	}
	id := uuid.UUID(h.Sum(nil)[:16])
	id[6] = id[6]&0x0f | 0x40 // version 4
	id[8] = id[8]&0x3f | 0x80 // variant of RFC 4122
	return id
}

// share is a number in [0, 1), uniform over keys.
func (s seed) share(what string, key uint64) float64 {
	return float64(s.number(what, key)>>11) / (1 << 53)
}

// number is uniform over keys. FNV-1a is quick but leaves patterns in the upper
// bits; the mixing step (of SplitMix64) removes them.
func (s seed) number(what string, key uint64) uint64 {
	h := fnv(fnvStart^uint64(s), what)
	return mix(mix(h) ^ key)
}

const fnvStart, fnvPrime = 14695981039346656037, 1099511628211

// fnv continues the FNV-1a hash h over the bytes of v.
func fnv[T string | []byte](h uint64, v T) uint64 {
	for i := range len(v) {
		h = (h ^ uint64(v[i])) * fnvPrime
	}
	return h
}

func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// key turns a name into a key for share and number.
func key(name string) uint64 { return mix(fnv(fnvStart, name)) }
