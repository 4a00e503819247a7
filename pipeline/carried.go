package pipeline

import (
	"hash/maphash"
	"slices"

	"embark/onboard"
)

// carried remembers the customers who were unfinished when the run began, in a
// hash of 64 bits each, and which of them the input names. Those that it does
// not name get a line of their own in the report. Unfinished bank accounts are
// among them, by their keys: the input may name these without their customers.
// So are accounts with something unfinished: the input may name the customer for
// another account. What is ready is there once more, named by the rows that will
// send it.
type carried struct {
	seed   maphash.Seed
	hashes []uint64 // sorted
	named  []int32  // how many rows name it
}

// unfinished reads them from the store, and counts what of them is still to be
// made; a nil store has none.
func unfinished(store Store, x Extras, left *Objects) (*carried, error) {
	c := &carried{seed: maphash.MakeSeed()}
	if store == nil {
		return c, nil
	}
	for key, err := range store.Unfinished() {
		if err != nil {
			return nil, err
		}
		records, err := store.Get(key)
		if err != nil {
			return nil, err
		}
		if x.wants(records[0]) {
			c.carry(records[0])
			if records[0].ID == "" {
				left.one(records[0])
			}
		}
	}
	slices.Sort(c.hashes)
	c.hashes = slices.Compact(c.hashes)
	c.named = make([]int32, len(c.hashes))
	return c, nil
}

func (c *carried) carry(r onboard.Record) {
	c.hashes = append(c.hashes, c.hash(ownerOf(r).RefID()))
	if account := accountOf(r); account != "" {
		c.hashes = append(c.hashes, c.hash(string(account)))
	}
	if r.Key.Kind() == onboard.KindFiatAccount {
		c.hashes = append(c.hashes, c.hash(string(r.Key)))
	}
	if r.State() == onboard.Ready {
		c.hashes = append(c.hashes, c.readyHash(r.Key))
	}
}

// ownerOf is the key of the customer's identity, whichever object is asked about.
func ownerOf(r onboard.Record) onboard.Key {
	if r.Key.Kind() == onboard.KindIdentity {
		return r.Key
	}
	return r.Needs[0].Key
}

// accountOf is the key of the account that an object is, or hangs on; empty
// where there is none.
func accountOf(r onboard.Record) onboard.Key {
	if r.Key.Kind() == onboard.KindAccount {
		return r.Key
	}
	for _, n := range r.Needs {
		if n.Key.Kind() == onboard.KindAccount {
			return n.Key
		}
	}
	return ""
}

// hash is 0 for what is not there.
func (c *carried) hash(s string) uint64 {
	if s == "" {
		return 0
	}
	return max(maphash.String(c.seed, s), 1)
}

// keyHash stands for an object.
func (c *carried) keyHash(kind onboard.Kind, refID string) uint64 {
	return c.hash(string(onboard.NewKey(kind, refID)))
}

// readyHash stands for an object that is ready, beside the hash of its key.
func (c *carried) readyHash(key onboard.Key) uint64 { return c.hash("ready " + string(key)) }

// ready are those of the objects that a row will send, since they are ready.
func (c *carried) ready(known []onboard.Record) (hashes []uint64) {
	for _, r := range known {
		if needsRow(r) {
			hashes = append(hashes, c.readyHash(r.Key))
		}
	}
	return hashes
}

func (c *carried) mark(hashes ...uint64) {
	for _, hash := range hashes {
		if i, found := slices.BinarySearch(c.hashes, hash); found {
			c.named[i]++
		}
	}
}

// unmark takes back what a row names that turned out to be rejected; other rows
// may name it still.
func (c *carried) unmark(hashes ...uint64) {
	for _, hash := range hashes {
		if i, found := slices.BinarySearch(c.hashes, hash); found {
			c.named[i]--
		}
	}
}

// has tells whether the customer was unfinished when the run began.
func (c *carried) has(refID string) bool {
	_, found := slices.BinarySearch(c.hashes, c.hash(refID))
	return found
}

// isNamed tells whether the customer was unfinished and the input names it.
func (c *carried) isNamed(refID string) bool {
	i, found := slices.BinarySearch(c.hashes, c.hash(refID))
	return found && c.named[i] > 0
}

// leftToRow tells whether a row will send what is ready. A bank account may be
// named without its customer.
func (c *carried) leftToRow(r onboard.Record) bool {
	name := ownerOf(r).RefID()
	if r.Key.Kind() == onboard.KindFiatAccount {
		name = string(r.Key)
	}
	return c.isNamed(name) && c.isNamed("ready "+string(r.Key))
}

// alone tells whether the customer was unfinished and the input does not name it.
func (c *carried) alone(refID string) bool {
	i, found := slices.BinarySearch(c.hashes, c.hash(refID))
	return found && c.named[i] == 0
}

// any tells whether some customer has to get a line of its own.
func (c *carried) any() bool { return slices.Contains(c.named, 0) }
