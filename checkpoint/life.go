package checkpoint

import (
	"context"
	"errors"
	"slices"
	"time"

	"embark/onboard"
)

// Decide says, from the records as they are in a transaction, what is due for
// the first of them, and which drafts are to be stored in any case. It runs on
// the writer's goroutine and must not block.
type Decide func(known []onboard.Record) (due onboard.Step, drafts []onboard.Record)

// Begin has the step decided that is due for the object under the first key.
// If it is a create, the note that it is about to be sent is durable when Begin
// returns; an action that is empty says that nothing is due. Nothing can come
// between the records that decide sees and what becomes of them, so of many who
// begin a create only one is told to. An intent of a process that is gone is
// closed first. ready are the drafts for which something is due now.
func (s *Store) Begin(ctx context.Context, decide Decide, keys ...onboard.Key) (step onboard.Step, ready []onboard.Key, err error) {
	err = s.update(ctx, func(t *tx) error {
		known, err := t.recovered(keys, s.run)
		if err != nil {
			return err
		}
		var drafts []onboard.Record
		if step, drafts = decide(known); step.Action == onboard.Create {
			if err := t.intend(known[0], step); err != nil {
				return err
			}
		}
		ready, err = t.plant(drafts)
		return err
	})
	if err == nil {
		err = s.keys.open(&step.Record)
	}
	return step, ready, err
}

// recovered reads the records and closes intents of processes that are gone,
// bringing in what the objects missed while they were open.
func (t *tx) recovered(keys []onboard.Key, run uint32) ([]onboard.Record, error) {
	records := make([]onboard.Record, len(keys))
	for i, key := range keys {
		if key == "" {
			continue
		}
		known, err := t.get(key)
		if err != nil {
			return nil, err
		}
		records[i] = known
		record, left := onboard.Recover(known, run)
		if !left {
			continue
		}
		if records[i], err = t.informed(record); err != nil {
			return nil, err
		}
		if err := t.put(known, records[i]); err != nil {
			return nil, err
		}
	}
	return records, nil
}

func (t *tx) intend(known onboard.Record, step onboard.Step) error {
	record := step.Record
	if !noIntents {
		record.Intent = &step.Intent
	}
	return t.put(known, record)
}

// plant adds the drafts that are not known yet, or not sent yet, and returns
// the keys of those that something is due for.
func (t *tx) plant(drafts []onboard.Record) (ready []onboard.Key, err error) {
	for _, draft := range drafts {
		known, err := t.get(draft.Key)
		if err != nil {
			return nil, err
		}
		record, admission := onboard.Admit(known, draft, true)
		if admission != onboard.Changed {
			if record, err = t.link(record); err != nil {
				return nil, err
			}
			if err := t.put(known, record); err != nil {
				return nil, err
			}
		}
		if due(record) {
			ready = append(ready, record.Key)
		}
	}
	return ready, nil
}

// link brings what is known of a record's needs up to date, and lists the
// record with them, or it would never hear of them. Their own drafts do so too,
// but a draft does not count once its record is known. A need that nobody knows
// yet may come with another row, another file or another night.
func (t *tx) link(r onboard.Record) (onboard.Record, error) {
	for _, need := range r.Needs {
		known, err := t.get(need.Key)
		if err != nil {
			return r, err
		}
		if !known.Known() {
			if err := t.want(need.Key, r.Key); err != nil {
				return r, err
			}
			continue
		}
		r, _ = onboard.Inform(r, known, need.At)
		if slices.Contains(known.Needed, r.Key) {
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
		ready, err = t.tell(known, record, a.At)
		return err
	})
	return record, ready, err
}

// tell informs the objects that need this one. An object with an open intent
// belongs to whoever holds it and is informed at its own commit. An account
// waits for no less than a decision, and is not looked at before.
func (t *tx) tell(known, need onboard.Record, heard time.Time) (ready []onboard.Key, err error) {
	undecided := !need.Decided() && !known.Decided() && need.Problem == nil && known.Problem == nil
	for _, key := range need.Needed {
		if undecided && key.Kind() == onboard.KindAccount {
			continue
		}
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
	Events string    `json:"e,omitzero"` // created_at of the last event, in Paxos's own text
	Swept  time.Time `json:"s,omitzero"` // start of the last complete list sweep
	Limits []byte    `json:"l,omitzero"` // paxos.Memory, as JSON
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
	refIDs := t.refIDs(sighting.ID)
	if len(refIDs) == 0 {
		return t.sighted(sighting, o)
	}
	var errs []error
	for _, refID := range refIDs {
		errs = append(errs, t.observeKey(onboard.NewKey(onboard.KindIdentity, refID), sighting, heard, o))
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
	ready, err := t.tell(known, record, heard)
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
