package paxos_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"embark/paxos"
)

// Whatever keeps a create waiting, its deadline ends it with a definite no,
// and nothing is sent afterwards.
func TestSendDeadline(t *testing.T) {
	hanging := slow(20*time.Second, `{"access_token":"t","token_type":"bearer"}`)
	tests := []struct {
		name     string
		wire     *wire
		deadline time.Duration
		gives    time.Duration // when it gives up
		tokens   int
		gaveUp   bool
	}{
		{"token", &wire{token: hanging}, 15 * time.Second, 15 * time.Second, 1, false},
		{"token's connection", &wire{dial: 20 * time.Second}, 15 * time.Second, 15 * time.Second, 0, false},
		{"connection", &wire{dial: 9 * time.Second}, 15 * time.Second, 15 * time.Second, 1, false},
		{"token budget", &wire{}, time.Second, 0, 0, true},
		{"gone by", &wire{}, -time.Second, 0, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				err := create(within(t, tt.deadline), newClient(tt.wire))
				if !isNotSent(err) || tt.gaveUp && !paxos.GaveUp(err) {
					t.Errorf("got %v, want ErrNotSent", err)
				}
				if errors.Is(err, context.Canceled) {
					t.Errorf("got %v, which looks like an interrupt", err)
				}
				wantBetween(t, "gave up after", time.Since(start), tt.gives, tt.gives)
				time.Sleep(time.Minute)
				tt.wire.wantCalls(t, 0, tt.tokens)
			})
		})
	}
}

func TestSendDeadlineInAFullBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		c := newClient(w)
		if err := create(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		var sent, notSent atomic.Int64
		ctx := within(t, 2*time.Second)
		stop := crowd(t.Context(), 40, func(stopped context.Context) {
			err := create(ctx, c)
			if paxos.GaveUp(err) && isNotSent(err) {
				notSent.Add(1)
			} else if err == nil {
				sent.Add(1)
			}
			<-stopped.Done() // each but once
		})
		time.Sleep(time.Minute)
		stop()
		if sent.Load() != 17 || notSent.Load() != 23 {
			t.Errorf("in less than 2 s at 9/s: got %d sent and %d not, want 17 and 23", sent.Load(), notSent.Load())
		}
		w.wantCalls(t, 18, 1)
	})
}

// With a connection the request may have been sent, so what happens from then
// on is in doubt; and the send deadline does not cut the answer short.
func TestLostAnswerIsUncertain(t *testing.T) {
	tests := []struct {
		name   string
		answer func(int, *http.Request) (*http.Response, error)
		want   bool
		after  time.Duration
	}{
		{"lost", lost, true, 0},
		{"never", slow(time.Hour, ""), true, time.Minute},
		{"late", slow(50*time.Second, `{"id":"x"}`), false, 50 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answer: tt.answer}
				c := newClient(w)
				if _, err := c.Authorize(t.Context(), nil, nil); err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				err := create(within(t, 15*time.Second), c)
				if got := paxos.Uncertain(err); got != tt.want || errors.Is(err, paxos.ErrNotSent) || paxos.GaveUp(err) {
					t.Errorf("uncertain: got %v (%v), want %v", got, err, tt.want)
				}
				wantBetween(t, "ended after", time.Since(start), tt.after, tt.after)
				w.wantCalls(t, 1, 1)
			})
		})
	}
}

// A slow body counts too: only the caller may wait longer than the time limit.
func TestSlowBodyIsUncertain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(_ int, r *http.Request) (*http.Response, error) {
			res := reply(200, "")
			res.Body = body(func([]byte) (int, error) { return 0, rest(r.Context(), time.Hour) })
			return res, nil
		}}
		start := time.Now()
		err := create(t.Context(), newClient(w))
		if !errors.Is(err, paxos.ErrUnreadable) || !paxos.Uncertain(err) {
			t.Errorf("got %v, want an uncertain ErrUnreadable", err)
		}
		wantBetween(t, "ended after", time.Since(start), time.Minute, 62*time.Second)
	})
}

// body is a reply's body made of a read function.
type body func([]byte) (int, error)

func (b body) Read(p []byte) (int, error) { return b(p) }
func (b body) Close() error               { return nil }

func TestCancelledCallIsUncertain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		err := create(ctx, newClient(&wire{answer: slow(time.Hour, "")}))
		if !errors.Is(err, context.DeadlineExceeded) || !paxos.Uncertain(err) {
			t.Errorf("got %v, want an uncertain DeadlineExceeded", err)
		}
	})
}

func TestOnSendIsCalledWhenTheBudgetLetsGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{dial: time.Second}
		c := newClient(w)
		var sent []time.Duration
		start := time.Now()
		ctx := paxos.WithSendBefore(t.Context(), start.Add(15*time.Second), func() { sent = append(sent, time.Since(start)) })
		if err := create(ctx, c); err != nil {
			t.Fatal(err)
		}
		at := w.all(false)[0].at.Sub(start)
		if len(sent) != 1 || sent[0] != at-time.Second {
			t.Errorf("onSend: got %v, want once, %s after the start", sent, at-time.Second)
		}
		ctx = paxos.WithSendBefore(t.Context(), time.Now(), func() { t.Error("onSend: got a call, want none") })
		if err := create(ctx, c); !isNotSent(err) {
			t.Errorf("too late: got %v, want ErrNotSent", err)
		}
	})
}
