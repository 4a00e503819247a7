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
type carried struct {
	seed   maphash.Seed
	hashes []uint64 // sorted
	named  []bool
}

// unfinished reads them from the store; a nil store has none.
func unfinished(store Store) (*carried, error) {
	c := &carried{seed: maphash.MakeSeed()}
	if store == nil {
		return c, nil
	}
	for key, err := range store.Unfinished() {
		if err != nil {
			return nil, err
		}
		identity, err := identityOf(store, key)
		if err != nil {
			return nil, err
		}
		c.hashes = append(c.hashes, c.hash(identity.RefID()))
		if key.Kind() == onboard.KindFiatAccount {
			c.hashes = append(c.hashes, c.hash(string(key)))
		}
	}
	slices.Sort(c.hashes)
	c.hashes = slices.Compact(c.hashes)
	c.named = make([]bool, len(c.hashes))
	return c, nil
}

// identityOf is the key of the customer's identity, whichever object is asked about.
func identityOf(store Store, key onboard.Key) (onboard.Key, error) {
	if key.Kind() == onboard.KindIdentity {
		return key, nil
	}
	records, err := store.Get(key)
	if err != nil {
		return "", err
	}
	return records[0].Needs[0].Key, nil
}

// hash is 0 for what is not there.
func (c *carried) hash(s string) uint64 {
	if s == "" {
		return 0
	}
	return max(maphash.String(c.seed, s), 1)
}

func (c *carried) mark(hash uint64) {
	if i, found := slices.BinarySearch(c.hashes, hash); found {
		c.named[i] = true
	}
}

// unmark takes a name back, when the row turned out to be rejected.
func (c *carried) unmark(refID string) {
	if i, found := slices.BinarySearch(c.hashes, c.hash(refID)); found {
		c.named[i] = false
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
	return found && c.named[i]
}

// alone tells whether the customer was unfinished and the input does not name it.
func (c *carried) alone(refID string) bool {
	i, found := slices.BinarySearch(c.hashes, c.hash(refID))
	return found && !c.named[i]
}

// any tells whether some customer has to get a line of its own.
func (c *carried) any() bool { return slices.Contains(c.named, false) }
