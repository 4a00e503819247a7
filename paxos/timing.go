package paxos

import (
	"context"
	"errors"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// callTimeout bounds one request from the moment it has a connection. A create
// that takes longer counts as lost and is settled by looking.
const callTimeout = 60 * time.Second

// Why a call was cancelled, other than by its caller.
var (
	errLate = errors.New("no connection before the send deadline")
	errSlow = errors.New("no complete answer in time")
)

// timing is the clock of one call. While a request of it waits (for a token,
// the budget, a pause, a connection), only the send deadline counts; from its
// connection on, only its time limit.
type timing struct {
	before    time.Time     // send deadline, or zero
	limit     time.Duration // from the connection on
	connected atomic.Bool
	timer     *time.Timer
	cancel    context.CancelCauseFunc
}

type timingKey struct{}

// withTiming starts the clock. Its caller must end it.
func withTiming(ctx context.Context, limit time.Duration) (context.Context, *timing) {
	ctx, cancel := context.WithCancelCause(ctx)
	t := &timing{before: sendBefore(ctx), limit: limit, cancel: cancel}
	t.timer = time.AfterFunc(t.left(), t.expire)
	ctx = context.WithValue(ctx, timingKey{}, t)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		t.connected.Store(true)
		t.timer.Reset(limit)
	}}), t
}

// waits tells the clock that a request of the call is going to wait for its
// turn: the time limit of an earlier one must not cut that short.
func waits(ctx context.Context) {
	if t, _ := ctx.Value(timingKey{}).(*timing); t != nil {
		t.timer.Reset(t.left())
	}
}

// left is the time until the send deadline, for ever without one.
func (t *timing) left() time.Duration {
	if t.before.IsZero() {
		return 1<<63 - 1
	}
	return time.Until(t.before)
}

func (t *timing) expire() {
	if t.connected.Load() {
		t.cancel(errSlow)
	} else {
		t.cancel(errLate)
	}
}

func (t *timing) end() {
	t.timer.Stop()
	t.cancel(nil)
}
