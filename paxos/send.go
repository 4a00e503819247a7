package paxos

import (
	"context"
	"time"
)

type sendKey struct{}

// sending travels with a request's context from the caller to the budget.
type sending struct {
	before time.Time
	onSend func()
}

// WithSendBefore gives a create its deadline: whatever keeps it waiting gives
// up there with [ErrNotSent], so that a caller knows from when on it can no
// longer be sent. onSend, if not nil, is called when the budget lets a request
// go; for operations that make several requests it is called for each.
func WithSendBefore(ctx context.Context, before time.Time, onSend func()) context.Context {
	return context.WithValue(ctx, sendKey{}, sending{before, onSend})
}

func sendBefore(ctx context.Context) time.Time {
	s, _ := ctx.Value(sendKey{}).(sending)
	return s.before
}

func markSent(ctx context.Context) {
	if s, _ := ctx.Value(sendKey{}).(sending); s.onSend != nil {
		s.onSend()
	}
}
