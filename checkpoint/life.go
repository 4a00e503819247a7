package checkpoint

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"embark/onboard"
)

// Intent notes durably that the step's create is about to be sent. Drafts are
// further records of the same customer that come into being with it. It is
// refused when the object is no longer as the step saw it: somebody else has
// an intent open, has settled it, or is ahead.
func (s *Store) Intent(ctx context.Context, step onboard.Step, drafts ...onboard.Record) (granted bool, err error) {
	if noIntents {
		_, err := s.Plant(ctx, append([]onboard.Record{step.Record}, drafts...)...)
		return err == nil, err
	}
	err = s.update(ctx, func(t *tx) error {
		granted = false
		known, err := t.get(step.Record.Key)
		if err != nil {
			return err
		}
		record, free := claim(known, step.Record)
		if !free {
			if bytes.Equal(known.Print, step.Record.Print) {
				return t.plant(drafts) // another row of this customer was faster
			}
			return nil
		}
		granted = true
		record.Intent = &step.Intent
		if err := t.put(known, record); err != nil {
			return err
		}
		return t.plant(drafts)
	})
	return granted && err == nil, err
}

// claim returns the record that the intent is written to. A record with the
// same content may have heard news since the step saw it: then it is the one
// that counts.
func claim(known, seen onboard.Record) (record onboard.Record, free bool) {
	if known.Intent != nil || known.ID != "" || known.Attempt != seen.Attempt ||
		known.Exists != seen.Exists || known.Candidate != seen.Candidate {
		return known, false
	}
	if !known.Known() || known.Problem != nil || !bytes.Equal(known.Print, seen.Print) {
		return seen, true
	}
	if len(known.Sealed) == 0 {
		known.Request = seen.Request
	}
	state := known.State()
	return known, state == onboard.Ready || state == onboard.InDoubt
}

// plant adds the drafts that are not known yet, or not sent yet.
func (t *tx) plant(drafts []onboard.Record) error {
	for _, draft := range drafts {
		known, err := t.get(draft.Key)
		if err != nil {
			return err
		}
		record, admission := onboard.Admit(known, draft, true)
		if admission == onboard.Changed {
			continue
		}
		if record, err = t.link(record); err != nil {
			return err
		}
		if err := t.put(known, record); err != nil {
			return err
		}
	}
	return nil
}

// link brings what is known of a record's needs up to date, and lists the
// record with them, or it would never hear of them. Their own drafts do so too,
// but a draft does not count once its record is known.
func (t *tx) link(r onboard.Record) (onboard.Record, error) {
	for _, need := range r.Needs {
		known, err := t.get(need.Key)
		if err != nil {
			return r, err
		}
		r, _ = onboard.Inform(r, known, need.At)
		if !known.Known() || slices.Contains(known.Needed, r.Key) {
			continue
		}
		listed := known
		listed.Needed = append(slices.Clip(known.Needed), r.Key)
		if err := t.put(known, listed); err != nil {
			return r, err
		}
	}
	return r, nil
}

// informed brings what is known of a record's needs up to date. How old an
// approval is, only the one who reported it can say: it counts as old.
func (t *tx) informed(r onboard.Record) (onboard.Record, error) {
	for _, need := range r.Needs {
		known, err := t.get(need.Key)
		if err != nil {
			return r, err
		}
		r, _ = onboard.Inform(r, known, need.At)
	}
	return r, nil
}

// Plant stores drafts of a customer whose identity needs no step, and returns
// the keys of those that are ready.
func (s *Store) Plant(ctx context.Context, drafts ...onboard.Record) (ready []onboard.Key, err error) {
	err = s.update(ctx, func(t *tx) error {
		ready = nil
		if err := t.plant(drafts); err != nil {
			return err
		}
		for _, draft := range drafts {
			r, err := t.get(draft.Key)
			if err != nil {
				return err
			}
			if due(r) {
				ready = append(ready, r.Key)
			}
		}
		return nil
	})
	return ready, err
}

// Commit applies the answer to the record as it is now, tells the objects that
// need it, and returns the record and the keys of those that became ready.
func (s *Store) Commit(ctx context.Context, step onboard.Step, a onboard.Answer) (record onboard.Record, ready []onboard.Key, err error) {
	err = s.update(ctx, func(t *tx) error {
		known, err := t.get(step.Record.Key)
		if err != nil {
			return err
		}
		record = onboard.Apply(known, step, a)
		if record.ID == "" && len(record.Needs) > 0 {
			if record, err = t.informed(record); err != nil {
				return err
			}
		}
		if err := t.put(known, record); err != nil {
			return err
		}
		if !record.Decided() && !known.Decided() {
			return nil // nobody waits for less than a decision
		}
		ready, err = t.tell(record, a.At)
		return err
	})
	return record, ready, err
}

// tell informs the objects that need this one. An object with an open intent
// belongs to whoever holds it and is informed at its own commit.
func (t *tx) tell(need onboard.Record, heard time.Time) (ready []onboard.Key, err error) {
	for _, key := range need.Needed {
		known, err := t.get(key)
		if err != nil {
			return nil, err
		}
		if !known.Known() || known.Intent != nil {
			continue
		}
		record, changed := onboard.Inform(known, need, heard)
		if !changed {
			continue
		}
		if err := t.put(known, record); err != nil {
			return nil, err
		}
		if due(record) {
			ready = append(ready, key)
		}
	}
	return ready, nil
}

// due: an object in doubt may have waited for the news too, if it is to be
// made; one that exists already is being looked for in any case.
func due(r onboard.Record) bool {
	state := r.State()
	return state == onboard.Ready || state == onboard.InDoubt && !r.Exists
}

// Recover closes an intent of a process that is gone, and brings in what the
// object missed while it was open.
func (s *Store) Recover(ctx context.Context, key onboard.Key) (record onboard.Record, err error) {
	err = s.update(ctx, func(t *tx) error {
		known, err := t.get(key)
		if err != nil {
			return err
		}
		var recovered bool
		if record, recovered = onboard.Recover(known, s.run); !recovered {
			return nil
		}
		if record, err = t.informed(record); err != nil {
			return err
		}
		return t.put(known, record)
	})
	if err == nil {
		err = s.keys.open(&record)
	}
	return record, err
}

// Sighting is what the events feed, a list sweep or a reading shows of an
// identity.
type Sighting struct {
	ID        string
	RefID     string // where the source tells it
	Status    string
	At        time.Time // by Paxos's clock; zero means as of now
	Documents []string  // document types that are asked for
}

// Marks are the positions in Paxos's feeds, and what has to be remembered of
// the rate limits.
type Marks struct {
	Events string    `msgpack:"e,omitempty"` // created_at of the last event, in Paxos's own text
	Swept  time.Time `msgpack:"s,omitempty"` // start of the last complete list sweep
	Limits []byte    `msgpack:"l,omitempty"` // paxos.Memory, as JSON
}

// Marks returns what the last run left.
func (s *Store) Marks() (m Marks, err error) {
	err = s.view(func(t *tx) error { return t.meta(metaMarks, &m) })
	return m, err
}

// Mark changes the marks.
func (s *Store) Mark(ctx context.Context, change func(*Marks)) error {
	return s.update(ctx, func(t *tx) error { return t.mark(change) })
}

func (t *tx) mark(change func(*Marks)) error {
	var m Marks
	if err := t.meta(metaMarks, &m); err != nil {
		return err
	}
	change(&m)
	return t.setMeta(metaMarks, m)
}

// Observed is what came of sightings.
type Observed struct {
	Ready   []onboard.Key // objects that became ready, or whose way can be settled now
	Unknown []Sighting    // of identities that are not, or not yet, known here
	Decided int           // identities that were undecided before
}

// Observe brings sightings into the records, together with the position of the
// feed that they came from: both or neither. change may be nil.
func (s *Store) Observe(ctx context.Context, sightings []Sighting, heard time.Time, change func(*Marks)) (o Observed, err error) {
	err = s.update(ctx, func(t *tx) error {
		o = Observed{}
		for _, sighting := range sightings {
			if err := t.observe(sighting, heard, &o); err != nil {
				return err
			}
		}
		if change == nil {
			return nil
		}
		return t.mark(change)
	})
	return o, err
}

func (t *tx) observe(sighting Sighting, heard time.Time, o *Observed) error {
	keys := t.identityKeys(sighting.ID)
	if len(keys) == 0 {
		return t.sighted(sighting, o)
	}
	var errs []error
	for _, key := range keys {
		errs = append(errs, t.observeKey(key, sighting, heard, o))
	}
	return errors.Join(errs...)
}

func (t *tx) observeKey(key onboard.Key, sighting Sighting, heard time.Time, o *Observed) error {
	known, err := t.get(key)
	if err != nil {
		return err
	}
	record, changed := onboard.Observe(known, sighting.Status, sighting.At)
	if len(sighting.Documents) > 0 && record.State() == onboard.Pending {
		record.Documents, changed = sighting.Documents, true
	}
	if changed {
		if err := t.put(known, record); err != nil {
			return err
		}
	}
	if known.State() == onboard.Pending && record.State() == onboard.Decided {
		o.Decided++
	}
	ready, err := t.tell(record, heard)
	o.Ready = append(o.Ready, ready...)
	return err
}

// sighted matches an identity by ref_id, for one that a 409 spoke of without
// saying which it is.
func (t *tx) sighted(sighting Sighting, o *Observed) error {
	o.Unknown = append(o.Unknown, sighting)
	if sighting.RefID == "" {
		return nil
	}
	known, err := t.get(onboard.NewKey(onboard.KindIdentity, sighting.RefID))
	if err != nil || !known.Known() {
		return err
	}
	record, changed := onboard.Sighted(known, sighting.ID)
	if !changed {
		return nil
	}
	o.Ready = append(o.Ready, record.Key)
	return t.put(known, record)
}
