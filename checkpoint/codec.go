package checkpoint

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"embark/onboard"

	"github.com/vmihailenco/msgpack/v5"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// stored is a record as it lies on the disk.
type stored struct {
	onboard.Record
	Sealed []byte `msgpack:"q,omitempty"`
}

// encode seals the request and appends the checksum over key and value.
func (k *keyring) encode(r onboard.Record) ([]byte, error) {
	s := stored{Record: r}
	if len(r.Request) > 0 {
		s.Sealed = k.seal(r.Request, string(r.Key))
	}
	value, err := msgpack.Marshal(&s)
	if err != nil {
		return nil, fmt.Errorf("encode %q: %w", r.Key, err)
	}
	return binary.BigEndian.AppendUint32(value, sum(r.Key, value)), nil
}

func (k *keyring) decode(key onboard.Key, value []byte) (onboard.Record, error) {
	n := len(value) - 4
	if n < 0 || binary.BigEndian.Uint32(value[n:]) != sum(key, value[:n]) {
		return onboard.Record{}, damaged(key)
	}
	var s stored
	if err := msgpack.Unmarshal(value[:n], &s); err != nil {
		return onboard.Record{}, damaged(key)
	}
	s.Key = key
	if len(s.Sealed) > 0 {
		request, err := k.unseal(s.Sealed, string(key))
		if err != nil {
			return onboard.Record{}, damaged(key)
		}
		s.Request = request
	}
	return s.Record, nil
}

func sum(key onboard.Key, value []byte) uint32 {
	return crc32.Update(crc32.Checksum([]byte(key), castagnoli), castagnoli, value)
}

func damaged(key onboard.Key) error {
	return &Error{ErrDamaged, fmt.Sprintf("the record %q is damaged", key),
		"restore the checkpoint from a backup; nothing is made twice, because Paxos refuses a ref_id that it knows"}
}
