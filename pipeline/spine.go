package pipeline

import (
	"context"
	"slices"
	"time"

	"embark/checkpoint"
	"embark/onboard"
)

// job is an object to be advanced, known by its key; a job from a row brings
// the records that the row asks for.
type job struct {
	key     onboard.Key
	ordinal int
	drafts  []onboard.Record // the identity first, or the bank account alone; none for a job that is not from a row
	resumed bool             // from the checkpoint, for the first time in this run
	again   bool             // it came back once and is settled now
	look    bool             // by a reading, most probably
}

// advance takes one object one step further. leave tells that the write, if
// any, may go now. This is the spine of a run.
func (r *run) advance(ctx context.Context, j job, leave func()) error {
	step, err := r.begin(ctx, j)
	if err != nil || step.Action == "" {
		return err
	}
	if step.Action == onboard.Create {
		step.Sent = leave
	}
	answer := step.Do(ctx, platform{r.API})
	return r.commit(context.WithoutCancel(ctx), step, answer)
}

// begin finds the step that is due for a job, none if its Action is empty. The
// intent of a create is durable then.
func (r *run) begin(ctx context.Context, j job) (onboard.Step, error) {
	decide, keys := r.object, []onboard.Key{j.key}
	if j.resumed {
		decide = r.resumedObject
	}
	if j.drafts != nil {
		r.taken.Add(1)
		decide = func(known []onboard.Record) (onboard.Step, []onboard.Record) { return r.row(j, known) }
		keys = askedBy(j.drafts)
		if j.key.Kind() == onboard.KindFiatAccount {
			decide = func(known []onboard.Record) (onboard.Step, []onboard.Record) { return r.bank(j, known) }
			keys = append(keys, j.drafts[0].Needs[1].Key)
		}
	}
	step, ready, err := r.Store.Begin(ctx, decide, keys...)
	r.queue.push(ready...)
	return step, err
}

// object decides for an object that comes from the checkpoint or the queue.
func (r *run) object(known []onboard.Record) (onboard.Step, []onboard.Record) {
	return r.dueNow(known[0]), nil
}

// resumedObject decides for an object that an earlier run left. A reading is not
// put off however often it was in vain: the operator may have mended something.
func (r *run) resumedObject(known []onboard.Record) (onboard.Step, []onboard.Record) {
	step, at := onboard.Next(known[0], time.Now(), r.policy)
	if !at.IsZero() && (step.Action == onboard.Find || step.Action == onboard.Read) {
		return step, nil
	}
	return r.dueNow(known[0]), nil
}

// dueNow is the step of a record, or none: what is due later is put in the queue.
func (r *run) dueNow(record onboard.Record) onboard.Step {
	now := time.Now()
	step, at := onboard.Next(record, now, r.policy)
	switch {
	case at.IsZero():
		return onboard.Step{}
	case at.After(now):
		r.queue.later(step, at)
		return onboard.Step{}
	case step.Action == onboard.Create && !r.mayBegin(record):
		return onboard.Step{}
	}
	return step
}

// mayBegin counts identities that were never sent, each once, against --limit.
func (r *run) mayBegin(record onboard.Record) bool {
	if r.Limit == 0 || record.Key.Kind() != onboard.KindIdentity || record.State() != onboard.Ready {
		return true
	}
	if !r.begun[record.Key] && len(r.begun) >= r.Limit {
		return false
	}
	r.begun[record.Key] = true
	return true
}

// row decides for a row, weighing it again, since decisions may have come since
// pass one. An identity that has to be sent takes all else that the row asks for
// along with the intent; if only something else is new, it is stored and takes
// its turn in the queue.
func (r *run) row(j job, known []onboard.Record) (onboard.Step, []onboard.Record) {
	identity, first := onboard.Admit(known[0], j.drafts[0], r.RetryFailed)
	drafts, again, ok := r.others(j.drafts[1:], known[1:])
	if first == onboard.Changed || !ok {
		r.checked.verdicts[j.ordinal] = changed // since pass one; nobody else has this row
		return onboard.Step{}, nil
	}
	if identity.State() == onboard.Ready {
		step := r.dueNow(identity)
		if step.Action == "" {
			return step, nil // the limit is reached
		}
		return step, drafts
	}
	r.queue.push(again...)
	if first == onboard.Same && len(drafts) == 0 {
		return onboard.Step{}, nil
	}
	r.queue.push(identity.Key)
	return onboard.Step{}, append([]onboard.Record{identity}, drafts...)
}

// others weighs what a row asks for beside the identity: drafts are new, again
// names what was stored and never sent. It is not ok if Paxos has something
// under one of the ref_ids already that is not what the row says. Those who join
// an account are known behind all that is known of the drafts.
func (r *run) others(drafts, known []onboard.Record) (fresh []onboard.Record, again []onboard.Key, ok bool) {
	for i := range drafts {
		record, admission := onboard.Admit(known[i], drafts[i], r.RetryFailed)
		switch admission {
		case onboard.Changed:
			return nil, nil, false
		case onboard.Fresh, onboard.Retried:
			fresh = append(fresh, record)
		case onboard.Joined:
			joining := onboard.Joining(record, drafts[i])
			members, left, same := r.others(joining, knownOf(joining, known))
			if !same {
				return nil, nil, false
			}
			fresh, again = append(fresh, members...), append(again, left...)
		case onboard.Same:
			if record.State() == onboard.Ready {
				again = append(again, record.Key)
			}
		}
	}
	return fresh, again, true
}

func keysOf(drafts []onboard.Record) []onboard.Key {
	keys := make([]onboard.Key, len(drafts))
	for i, d := range drafts {
		keys[i] = d.Key
	}
	return keys
}

// askedBy are the keys of the drafts, and after them of all who may join one of
// the accounts, which depends on what is known of it.
func askedBy(drafts []onboard.Record) []onboard.Key {
	keys := keysOf(drafts)
	for _, d := range drafts {
		if d.Key.Kind() == onboard.KindAccount {
			alone := d
			alone.Needs = d.Needs[:1] // its owner
			keys = append(keys, keysOf(onboard.Joining(alone, d))...)
		}
	}
	return keys
}

// knownOf picks what is known of the drafts.
func knownOf(drafts, known []onboard.Record) []onboard.Record {
	of := make([]onboard.Record, len(drafts))
	for i, d := range drafts {
		if at := slices.IndexFunc(known, func(k onboard.Record) bool { return k.Key == d.Key }); at >= 0 {
			of[i] = known[at]
		}
	}
	return of
}

// commit records the answer, hands on what it made ready, and files the object
// again if it is not done.
func (r *run) commit(ctx context.Context, step onboard.Step, a onboard.Answer) error {
	if step.Action == onboard.Recheck {
		if err := r.rechecked(ctx, step, a); err != nil {
			return err
		}
		return r.health.note(step, a)
	}
	record, ready, err := r.Store.Commit(ctx, step, a)
	if err != nil {
		return err
	}
	r.queue.push(ready...)
	if record.Key.Kind() == onboard.KindIdentity && record.ID != "" {
		if err := r.events.arrived(ctx, record.ID); err != nil {
			return err
		}
	}
	r.again(record, a.At)
	return r.health.note(step, a)
}

// again files an object whose step did not settle it, a second later at the
// earliest.
func (r *run) again(record onboard.Record, now time.Time) {
	step, at := onboard.Next(record, now, r.policy)
	if at.IsZero() {
		return
	}
	if soonest := now.Add(time.Second); at.Before(soonest) {
		at = soonest
	}
	r.queue.later(step, at)
}

// readAgain is the pause after a reading that failed.
const readAgain = 10 * time.Second

// rechecked brings what was read of a need to everything that needs it.
func (r *run) rechecked(ctx context.Context, step onboard.Step, a onboard.Answer) error {
	if a.Object == nil {
		r.queue.lookAt(step.Record.Key, a.At.Add(readAgain))
		return nil
	}
	seen := checkpoint.Sighting{ID: a.Object.ID, Status: a.Object.Status, At: a.Object.StatusAt}
	observed, err := r.Store.Observe(ctx, []checkpoint.Sighting{seen}, a.At, nil)
	r.queue.push(observed.Ready...)
	return err
}
