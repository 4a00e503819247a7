package pipeline

import (
	"context"
	"time"

	"embark/checkpoint"
	"embark/onboard"
)

// job is an object to be advanced, known by its key; a job from a row brings
// the records that the row asks for.
type job struct {
	key      onboard.Key
	row      bool
	ordinal  int
	identity onboard.Record
	account  onboard.Record
}

// advance takes one object one step further. leave tells that the write, if
// any, may go now. This is the spine of a run.
func (r *run) advance(ctx context.Context, j job, leave func()) error {
	step, drafts, err := r.next(ctx, j)
	if err != nil || step.Action == "" {
		return err
	}
	if step.Action == onboard.Create {
		step.Sent = leave
		granted, err := r.Store.Intent(ctx, step, drafts...)
		if err != nil {
			return err
		}
		if !granted {
			r.lookAgain(drafts)
			return nil
		}
	}
	answer := step.Do(ctx, r.API)
	return r.commit(context.WithoutCancel(ctx), step, answer)
}

// lookAgain puts drafts in the queue that were stored although another row of
// their customer was faster: they may be ready.
func (r *run) lookAgain(drafts []onboard.Record) {
	for _, draft := range drafts {
		r.queue.push(draft.Key)
	}
}

// next finds the step that is due for a job; none if its Action is empty.
func (r *run) next(ctx context.Context, j job) (onboard.Step, []onboard.Record, error) {
	if j.row {
		return r.nextOfRow(ctx, j)
	}
	records, err := r.Store.Get(j.key)
	if err != nil {
		return onboard.Step{}, nil, err
	}
	record := records[0]
	if _, left := onboard.Recover(record, r.policy.Run); left {
		if record, err = r.Store.Recover(ctx, j.key); err != nil {
			return onboard.Step{}, nil, err
		}
	}
	return r.dueNow(record), nil, nil
}

// dueNow is the step of a record, or none: what is due later is put in the queue.
func (r *run) dueNow(record onboard.Record) onboard.Step {
	now := time.Now()
	step, at := onboard.Next(record, now, r.policy)
	switch {
	case at.IsZero():
		return onboard.Step{}
	case at.After(now):
		r.queue.pushAt(record.Key, at)
		return onboard.Step{}
	}
	return step
}

// nextOfRow weighs a row again, since decisions may have come since pass one.
// An identity that has to be sent takes its account along with the intent; if
// only something else is new, it is stored and takes its turn in the queue.
func (r *run) nextOfRow(ctx context.Context, j job) (onboard.Step, []onboard.Record, error) {
	r.taken.Add(1)
	known, err := r.Store.Get(j.identity.Key, j.account.Key)
	if err != nil {
		return onboard.Step{}, nil, err
	}
	identity, admission := onboard.Admit(known[0], j.identity, r.RetryFailed)
	account, second := onboard.Admit(known[1], j.account, r.RetryFailed)
	if admission == onboard.Changed || second == onboard.Changed {
		r.checked.verdicts[j.ordinal] = changed // since pass one; nobody else has this row
		return onboard.Step{}, nil, nil
	}
	var drafts []onboard.Record
	if second == onboard.Fresh || second == onboard.Retried {
		drafts = append(drafts, account)
	}
	if identity.State() == onboard.Ready {
		if r.Limit > 0 && r.created.Add(1) > int64(r.Limit) {
			return onboard.Step{}, nil, nil
		}
		return r.dueNow(identity), drafts, nil
	}
	if second == onboard.Same && account.State() == onboard.Ready {
		r.queue.push(account.Key)
	}
	return onboard.Step{}, nil, r.plant(ctx, identity, admission, drafts)
}

func (r *run) plant(ctx context.Context, identity onboard.Record, admission onboard.Admission, drafts []onboard.Record) error {
	if admission == onboard.Same && len(drafts) == 0 {
		return nil
	}
	ready, err := r.Store.Plant(ctx, append([]onboard.Record{identity}, drafts...)...)
	if err != nil {
		return err
	}
	r.queue.push(append(ready, identity.Key)...)
	return nil
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
	_, at := onboard.Next(record, now, r.policy)
	if at.IsZero() {
		return
	}
	if soonest := now.Add(time.Second); at.Before(soonest) {
		at = soonest
	}
	r.queue.pushAt(record.Key, at)
}

// readAgain is the pause after a reading that failed.
const readAgain = 10 * time.Second

// rechecked brings what was read of a need to everything that needs it.
func (r *run) rechecked(ctx context.Context, step onboard.Step, a onboard.Answer) error {
	if a.Object == nil {
		r.queue.pushAt(step.Record.Key, a.At.Add(readAgain))
		return nil
	}
	seen := checkpoint.Sighting{ID: a.Object.ID, Status: a.Object.Status, At: a.Object.StatusAt}
	observed, err := r.Store.Observe(ctx, []checkpoint.Sighting{seen}, a.At, nil)
	r.queue.push(observed.Ready...)
	return err
}
