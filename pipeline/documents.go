package pipeline

import (
	"context"
	"errors"
	"time"

	"embark/checkpoint"
	"embark/onboard"
)

// Readings about documents come from the budget of the creates, so they wait
// until there is nothing else to do, are bounded for each look, and seldom asked
// again of the same identity.
const (
	maxAsked   = 100
	askedAfter = 10 * time.Second // without other work
	askedAgain = 5 * time.Minute
)

// askDocuments asks what Paxos wants of customers who are undecided and whose
// row supplies documents: the event that says so may have come before this run,
// or not be ours to read.
func (f *feed) askDocuments(ctx context.Context, last bool) error {
	switch {
	case !f.idle.Load():
		f.idleAt = time.Time{}
		return nil
	case f.idleAt.IsZero():
		f.idleAt = time.Now()
	}
	if !last && time.Since(f.idleAt) < askedAfter {
		return nil
	}
	counts, err := f.Store.Counts()
	if err != nil || counts[onboard.KindDocument][onboard.Waiting] == 0 {
		return err
	}
	asked := 0
	for key, err := range f.Store.Unfinished() {
		if err != nil || asked == maxAsked {
			return err
		}
		if key.Kind() != onboard.KindDocument {
			continue
		}
		now, err := f.askDocument(ctx, key)
		if err != nil {
			return err
		}
		if now {
			asked++
		}
	}
	return nil
}

func (f *feed) askDocument(ctx context.Context, key onboard.Key) (asked bool, err error) {
	records, err := f.Store.Get(key)
	if err != nil || records[0].State() != onboard.Waiting {
		return false, err
	}
	id := records[0].Needs[0].ID
	if at := f.asked[id]; id == "" || !at.IsZero() && time.Since(at) < askedAgain {
		return false, nil
	}
	f.asked[id] = time.Now()
	list, err := f.API.ListIdentityDocuments(ctx, id, true)
	if err != nil {
		return true, errors.Join(errPaxos, err)
	}
	if len(list.PendingDocuments) == 0 {
		return true, nil
	}
	return true, f.observe(ctx, []checkpoint.Sighting{{ID: id, Documents: list.PendingDocuments}}, nil)
}
