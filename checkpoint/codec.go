package checkpoint

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"embark/onboard"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// encode seals a request that is new and appends the checksum over key and value.
func (k *keyring) encode(r onboard.Record) ([]byte, error) {
	if len(r.Request) > 0 {
		r.Sealed = k.seal(r.Request, string(r.Key))
	}
	value, err := r.MarshalMsg(make([]byte, 0, r.Msgsize()+crc32.Size))
	if err != nil {
		return nil, fmt.Errorf("encode %q: %w", r.Key, err)
	}
	return binary.BigEndian.AppendUint32(value, sum(r.Key, value)), nil
}

// decode leaves the request sealed: most who read a record have no use for it.
func (k *keyring) decode(key onboard.Key, value []byte) (r onboard.Record, err error) {
	n := len(value) - crc32.Size
	if n < 0 || binary.BigEndian.Uint32(value[n:]) != sum(key, value[:n]) {
		return r, damaged(key)
	}
	if _, err := r.UnmarshalMsg(value[:n]); err != nil {
		return onboard.Record{}, damaged(key)
	}
	r.Key = key
	return r, nil
}

// open unseals the request.
func (k *keyring) open(r *onboard.Record) error {
	if len(r.Sealed) == 0 {
		return nil
	}
	request, err := k.unseal(r.Sealed, string(r.Key))
	if err != nil {
		return damaged(r.Key)
	}
	r.Request, r.Sealed = request, nil
	return nil
}

func sum(key onboard.Key, value []byte) uint32 {
	return crc32.Update(crc32.Checksum([]byte(key), castagnoli), castagnoli, value)
}

func damaged(key onboard.Key) error {
	return &Error{ErrDamaged, fmt.Sprintf("the record %q is damaged", key),
		"restore the checkpoint from a backup; nothing is made twice, because Paxos refuses a ref_id that it knows"}
}
