package pipeline

import (
	"bytes"
	"crypto/sha256"

	"embark/mapping"
	"embark/onboard"
)

// weigh holds a row against what the checkpoint knows of its objects.
func (c *checker) weigh(r *mapping.Result, m *rowMarks) error {
	owner, err := c.store.CIPOwner(c.store.HashCIP(mapping.CIP(r.Customer)))
	if err != nil {
		return err
	}
	if owner != "" && owner != r.Customer.RefID {
		m.verdict = rejected
		m.taken = owner
		return nil
	}
	drafts, err := drafts(c.store, r)
	if err != nil {
		return err
	}
	known, err := c.store.Get(askedBy(drafts)...)
	if err != nil {
		return err
	}
	m.verdict, m.objects = weighed(known, drafts, c.retry)
	m.same = sameSource(known[0], drafts[0])
	if m.left, err = c.otherOrder(known, drafts); err == nil && m.left == nil {
		m.left, err = c.otherBank(known[0], drafts)
	}
	if err == nil && m.left == nil {
		m.renamed, err = c.otherAccount(known, drafts)
	}
	if m.verdict&changed == 0 && m.left == nil {
		m.ready = c.carried.ready(known)
	}
	return err
}

func weighed(known, drafts []onboard.Record, retry bool) (verdict, rowObjects) {
	var objects rowObjects
	v := asks(known, drafts, retry, &objects)
	switch {
	case v&changed == 0:
		return v | standing(known[:len(drafts)]), objects
	case sameSource(known[0], drafts[0]):
		v |= aside
	}
	return v, rowObjects{}
}

// sameSource tells whether a row that asks for something else has the cells of
// the row that was sent: then the mapping has changed, or embark has.
func sameSource(known, draft onboard.Record) bool {
	return draft.Key.Kind() == onboard.KindIdentity && bytes.Equal(known.Cells, draft.Cells)
}

// standing tells how far a row is, as far as it is known.
func standing(known []onboard.Record) verdict {
	switch outcome, _ := onboard.OutcomeOf(known, true); outcome {
	case onboard.AlreadyOnboarded:
		return finished
	case onboard.NotStarted:
		return 0
	case onboard.Denied, onboard.Held, onboard.OutcomeConflict, onboard.Failed, onboard.Incomplete:
		return underway | aside
	}
	return underway
}

// asks tells whether something is due for drafts, or one of them is changed,
// and counts what has to be made.
func asks(known, drafts []onboard.Record, retry bool, objects *rowObjects) (v verdict) {
	for i := range drafts {
		record, admission := onboard.Admit(known[i], drafts[i], retry)
		if admission == onboard.Joined {
			joining := onboard.Joining(record, drafts[i])
			v |= asks(knownOf(joining, known), joining, retry, objects)
		} else if admission != onboard.Same || needsRow(record) {
			v |= due
		}
		if admission == onboard.Changed || v&changed != 0 {
			return changed
		}
		if (admission == onboard.Fresh || admission == onboard.Retried) && !(known[i].Known() && known[i].Unfinished()) {
			objects.add(drafts[i]) // what is unfinished is counted as the checkpoint's
		}
	}
	return v
}

// needsRow: an object that was never sent goes on when its row comes by.
func needsRow(r onboard.Record) bool { return r.Known() && r.State() == onboard.Ready }

// printer makes keyed fingerprints.
type printer interface {
	Fingerprint([]byte) []byte
	HashCIP(triple string) []byte
}

// offline compares rows with each other where there is no checkpoint: nothing
// it makes is kept.
type offline struct{}

func (offline) Fingerprint(data []byte) []byte {
	sum := sha256.Sum256(data)
	return sum[:16]
}

func (o offline) HashCIP(triple string) []byte {
	if triple == "" {
		return nil
	}
	return o.Fingerprint([]byte(triple))
}

// drafts makes the records that a row asks for.
func drafts(store printer, r *mapping.Result) ([]onboard.Record, error) {
	seen := onboard.Place{File: r.Row.File, Line: r.Row.Line}
	drafts, err := onboard.Drafts(r.Customer, r.Row.Cells, seen, store.Fingerprint)
	if err == nil {
		drafts[0].CIP = store.HashCIP(mapping.CIP(r.Customer))
	}
	return drafts, err
}
