package checkpoint

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"embark/onboard"

	"github.com/google/uuid"
	"go.etcd.io/bbolt"
)

// Names of buckets; those of the kinds are the kinds themselves.
var (
	bucketUnfinished = []byte("unfinished")
	bucketWanted     = []byte("wanted")       // key that nobody has yet → keys that need it, one a line
	bucketIdentities = []byte("identity_ids") // Paxos identity id → ref_ids, one a line
	bucketCIPs       = []byte("cips")         // keyed hash of the CIP triple → ref_id
	bucketMeta       = []byte("meta")
)

func buckets() [][]byte {
	names := [][]byte{bucketUnfinished, bucketWanted, bucketIdentities, bucketCIPs, bucketMeta}
	for _, kind := range onboard.Kinds() {
		names = append(names, []byte(kind))
	}
	return names
}

// Counts are the numbers of records by kind and state.
type Counts map[onboard.Kind]map[onboard.State]int

// Total is the number of records.
func (c Counts) Total() int {
	total := 0
	for _, states := range c {
		for n := range maps.Values(states) {
			total += n
		}
	}
	return total
}

func (c Counts) add(kind onboard.Kind, state onboard.State, n int) {
	if c[kind] == nil {
		c[kind] = map[onboard.State]int{}
	}
	c[kind][state] += n
	if c[kind][state] == 0 {
		delete(c[kind], state)
	}
}

// tx is one transaction over records, indexes and counts.
type tx struct {
	b      *bbolt.Tx
	keys   *keyring
	counts Counts // nil until a record changes
}

// get returns the zero record when there is none.
func (t *tx) get(key onboard.Key) (onboard.Record, error) {
	b := t.b.Bucket([]byte(key.Kind()))
	if b == nil || key.RefID() == "" {
		return onboard.Record{}, damaged(key) // out of an index: nobody asks for such a key
	}
	value := b.Get([]byte(key.RefID()))
	if value == nil {
		return onboard.Record{}, nil
	}
	return t.keys.decode(key, value)
}

func (t *tx) has(key onboard.Key) bool {
	b := t.b.Bucket([]byte(key.Kind()))
	return b != nil && b.Get([]byte(key.RefID())) != nil
}

// put replaces old by new in the kind's bucket, the indexes and the counts.
func (t *tx) put(old, new onboard.Record) error {
	if !old.Known() {
		if err := t.claim(&new); err != nil {
			return err
		}
	}
	value, err := t.keys.encode(new)
	if err != nil {
		return err
	}
	if err := t.b.Bucket([]byte(new.Key.Kind())).Put([]byte(new.Key.RefID()), value); err != nil {
		return err
	}
	if err := t.unwant(old, new); err != nil {
		return err
	}
	if err := t.count(old, new); err != nil {
		return err
	}
	if err := t.markUnfinished(old, new); err != nil {
		return err
	}
	if new.Key.Kind() != onboard.KindIdentity {
		return nil
	}
	return t.index(old, new)
}

// claim lists whoever needed the object before there was a record of it.
func (t *tx) claim(r *onboard.Record) error {
	b := t.b.Bucket(bucketWanted)
	value := b.Get([]byte(r.Key))
	if value == nil {
		return nil
	}
	for key := range strings.SplitSeq(string(value), "\n") {
		if !slices.Contains(r.Needed, onboard.Key(key)) {
			r.Needed = append(slices.Clip(r.Needed), onboard.Key(key))
		}
	}
	return b.Delete([]byte(r.Key))
}

// want notes that key needs an object of which there is no record yet.
func (t *tx) want(object, key onboard.Key) error {
	b := t.b.Bucket(bucketWanted)
	value := string(b.Get([]byte(object)))
	switch {
	case value == "":
		value = string(key)
	case !slices.Contains(strings.Split(value, "\n"), string(key)):
		value += "\n" + string(key)
	}
	return b.Put([]byte(object), []byte(value))
}

// unwant takes a record off the lists of what its row names no longer.
func (t *tx) unwant(old, new onboard.Record) error {
	for _, need := range old.Needs {
		if slices.ContainsFunc(new.Needs, func(n onboard.Need) bool { return n.Key == need.Key }) {
			continue
		}
		b := t.b.Bucket(bucketWanted)
		value := b.Get([]byte(need.Key))
		if value == nil {
			continue
		}
		keys := slices.DeleteFunc(strings.Split(string(value), "\n"), func(k string) bool { return k == string(old.Key) })
		var err error
		if len(keys) == 0 {
			err = b.Delete([]byte(need.Key))
		} else {
			err = b.Put([]byte(need.Key), []byte(strings.Join(keys, "\n")))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) count(old, new onboard.Record) error {
	if t.counts == nil {
		t.counts = Counts{}
		if err := t.meta(metaCounts, &t.counts); err != nil {
			return err
		}
	}
	if old.Known() {
		t.counts.add(old.Key.Kind(), old.State(), -1)
	}
	t.counts.add(new.Key.Kind(), new.State(), 1)
	return nil
}

func (t *tx) markUnfinished(old, new onboard.Record) error {
	was, is := old.Known() && old.Unfinished(), new.Unfinished()
	switch b := t.b.Bucket(bucketUnfinished); {
	case is && !was:
		return b.Put([]byte(new.Key), []byte{})
	case was && !is:
		return b.Delete([]byte(new.Key))
	}
	return nil
}

// index keeps both indexes in step with an identity.
func (t *tx) index(old, new onboard.Record) error {
	if old.ID != new.ID {
		if err := t.reindexID(old, new); err != nil {
			return err
		}
	}
	if bytes.Equal(old.CIP, new.CIP) {
		return nil
	}
	b := t.b.Bucket(bucketCIPs)
	if len(old.CIP) > 0 && string(b.Get(old.CIP)) == old.Key.RefID() {
		if err := b.Delete(old.CIP); err != nil {
			return err
		}
	}
	if len(new.CIP) == 0 {
		return nil
	}
	return b.Put(new.CIP, []byte(new.Key.RefID()))
}

func (t *tx) reindexID(old, new onboard.Record) error {
	if old.ID != "" {
		others := slices.DeleteFunc(t.refIDs(old.ID), func(r string) bool { return r == old.Key.RefID() })
		if err := t.setRefIDs(old.ID, others); err != nil {
			return err
		}
	}
	if new.ID == "" {
		return nil
	}
	return t.setRefIDs(new.ID, append(t.refIDs(new.ID), new.Key.RefID()))
}

// refIDs are those of the records that stand for the Paxos identity id.
func (t *tx) refIDs(id string) []string {
	if value := t.b.Bucket(bucketIdentities).Get(idKey(id)); len(value) > 0 {
		return strings.Split(string(value), "\n")
	}
	return nil
}

func (t *tx) setRefIDs(id string, refIDs []string) error {
	return t.b.Bucket(bucketIdentities).Put(idKey(id), []byte(strings.Join(refIDs, "\n")))
}

// idKey is the id in the index. Ids come in no order, so that each may touch a
// page of its own: short keys make for few pages.
func idKey(id string) []byte {
	if u, err := uuid.Parse(id); err == nil && len(id) == len(uuid.Nil.String()) {
		return u[:]
	}
	return []byte(id)
}

// flush writes the counts; the last thing in a transaction.
func (t *tx) flush() error {
	if t.counts == nil {
		return nil
	}
	return t.setMeta(metaCounts, t.counts)
}

// Names of the settings in the meta bucket.
const (
	metaID          = "id"
	metaEnvironment = "environment"
	metaClient      = "client"
	metaKeyCheck    = "key_check"
	metaRun         = "run"
	metaCounts      = "counts"
	metaMarks       = "marks"
)

func (t *tx) meta(name string, v any) error {
	value := t.b.Bucket(bucketMeta).Get([]byte(name))
	if value == nil {
		return nil
	}
	return json.Unmarshal(value, v)
}

func (t *tx) setMeta(name string, v any) error {
	value, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return t.b.Bucket(bucketMeta).Put([]byte(name), value)
}
