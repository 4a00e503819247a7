package paxos_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"embark/paxos"
)

func isNotSent(err error) bool { return errors.Is(err, paxos.ErrNotSent) && !paxos.Uncertain(err) }

// throttling answers the n-th call with 429 and grants tokens that live for
// two minutes, so that new ones are wanted during a pause.
func throttling(n int, retryAfter func() string) *wire {
	return &wire{
		token: always(200, `{"access_token":"t","token_type":"bearer","expires_in":120}`),
		answer: func(i int, r *http.Request) (*http.Response, error) {
			if i == n {
				return reply(429, "too many requests", "Retry-After", retryAfter()), nil
			}
			return reply(200, `{"id":"x"}`), nil
		},
	}
}

func nothing() string { return "" }

func TestSilenceAfter429(t *testing.T) {
	is := func(v string) func() string { return func() string { return v } }
	date := func(d time.Duration) func() string {
		return func() string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	}
	tests := []struct {
		name       string
		retryAfter func() string
		silence    time.Duration // setting
		want       time.Duration
	}{
		{"no Retry-After", nothing, 0, 5 * time.Minute},
		{"shorter", is("60"), 0, 5 * time.Minute},
		{"longer", is("600"), 0, 10 * time.Minute},
		{"a day", is("86400"), 0, 15 * time.Minute},
		{"absurd", is("99999999999999999999"), 0, 15 * time.Minute},
		{"negative", is("-60"), 0, 5 * time.Minute},
		{"no number", is("soon"), 0, 5 * time.Minute},
		{"date", date(8 * time.Minute), 0, 8 * time.Minute},
		{"date gone by", date(-8 * time.Minute), 0, 5 * time.Minute},
		{"date far away", date(9000 * time.Hour), 0, 15 * time.Minute},
		{"short setting", nothing, time.Minute, time.Minute},
		{"long setting", is("60"), time.Hour, 15 * time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { checkSilence(t, tt.retryAfter, tt.silence, tt.want) })
		})
	}
}

func checkSilence(t *testing.T, retryAfter func() string, silence, want time.Duration) {
	w := throttling(100, retryAfter)
	var until time.Time
	c := newClient(w, func(o *paxos.Options) {
		o.Limits.Silence = silence
		o.Limits.Other = 5
		o.OnSilence = func(u time.Time) { until = u }
	})
	identities := crowd(t.Context(), 20, callOf(c, paxos.ClassIdentity))
	others := crowd(t.Context(), 20, callOf(c, paxos.ClassOther))
	time.Sleep(want + 90*time.Second)
	identities()
	others()
	at := w.all(false)[99].at
	wantBetween(t, "OnSilence", until.Sub(at), want-time.Second, want+time.Second)
	if got := between(w.times("/"), at.Add(1), until.Add(-1)); got != 0 {
		t.Errorf("requests in the pause: got %d, want 0", got)
	}
	for _, class := range []paxos.Class{paxos.ClassToken, paxos.ClassIdentity, paxos.ClassOther} {
		if between(w.times(pathOf(class)), until, until.Add(90*time.Second)) == 0 {
			t.Errorf("%s requests after the pause: got 0, want some", class)
		}
	}
}

// A 429 of the token endpoint is one like any other.
func TestSilenceAfter429ForAToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{token: always(429, "")}
		c := newClient(w)
		if err := create(t.Context(), c); !isNotSent(err) {
			t.Errorf("first create: got %v, want ErrNotSent", err)
		}
		wantBetween(t, "silence", c.SilentFor(), 5*time.Minute, 5*time.Minute)
		w.wantCalls(t, 0, 1)
	})
}

func TestSilenceOutlivesTheProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := throttling(1, nothing)
		c := newClient(w)
		if err := create(t.Context(), c); paxos.StatusOf(err) != 429 || paxos.Uncertain(err) {
			t.Fatalf("got %v, want a definite 429", err)
		}
		until := time.Now().Add(c.SilentFor())
		time.Sleep(time.Minute)
		next := newClient(w, remembering(reread(t, c.Memory())))
		wantBetween(t, "pause left", next.SilentFor(), 4*time.Minute, 4*time.Minute)
		if err := create(t.Context(), next); err != nil {
			t.Fatal(err)
		}
		wantBetween(t, "sent after the pause by", time.Since(until), 0, 20*time.Second)
		w.wantCalls(t, 2, 2)
	})
}

func TestAbsurdRememberedSilenceIsCapped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(&wire{}, remembering(silentFor(10000*time.Hour)))
		wantBetween(t, "pause left", c.SilentFor(), 15*time.Minute, 15*time.Minute)
		time.Sleep(15 * time.Minute)
		wantBetween(t, "pause left", c.SilentFor(), 0, 0)
		if err := create(within(t, 15*time.Second), c); err != nil {
			t.Error(err)
		}
	})
}

// The first token may have to wait for the end of a remembered pause.
func TestAuthorizeWaitsForTheEndOfAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		c := newClient(w, remembering(silentFor(14*time.Minute)))
		if _, err := c.Authorize(t.Context(), nil, nil); err != nil {
			t.Errorf("got %v, want a token after the pause", err)
		}
		w.wantCalls(t, 0, 1)
	})
}

// With many callers waiting, the rates climb in a minute all the same, and a
// new process goes on climbing where the old one was.
func TestClimbAfterSilence(t *testing.T) {
	for _, restart := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			until := time.Now().Add(3 * time.Minute)
			w := &wire{}
			c := newClient(w, remembering(paxos.Memory{SilentUntil: until}))
			stop := crowd(t.Context(), 250, callOf(c, paxos.ClassIdentity))
			if restart {
				time.Sleep(time.Until(until.Add(10 * time.Second)))
				stop()
				c = newClient(w, remembering(reread(t, c.Memory())))
				stop = crowd(t.Context(), 250, callOf(c, paxos.ClassIdentity))
			}
			time.Sleep(5 * time.Minute)
			stop()
			checkClimb(t, w.times("/v2/identity/"), until)
		})
	}
}

func checkClimb(t *testing.T, times []time.Time, until time.Time) {
	t.Helper()
	if got := between(times, time.Time{}, until.Add(-1)); got != 0 {
		t.Errorf("requests before the end: got %d, want 0", got)
	}
	for i, want := range []int{16, 29, 43, 56, 70, 83, 90, 90} { // 9/s × the climb over ten seconds each
		from := until.Add(time.Duration(i) * 10 * time.Second)
		got := between(times, from, from.Add(10*time.Second-1))
		// What it takes to fetch a token at the slow start is missing in the first ones.
		wantBetween(t, from.Sub(until).String(), got, want-12, want+3)
	}
}

func TestDeadlineInAPauseGivesUpAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := throttling(1, nothing)
		c := newClient(w)
		_ = create(t.Context(), c)
		calls := map[string]func(context.Context) error{
			"POST": func(ctx context.Context) error { return create(ctx, c) },
			"GET": func(ctx context.Context) error {
				_, err := c.GetIdentity(ctx, "x", false)
				return err
			},
		}
		for _, after := range []time.Duration{0, 2 * time.Minute} { // with a token and, later, without
			time.Sleep(after)
			for name, call := range calls {
				start := time.Now()
				err := call(within(t, 15*time.Second))
				if !isNotSent(err) || !paxos.GaveUp(err) {
					t.Errorf("%s: got %v, want ErrNotSent for want of a turn", name, err)
				}
				wantBetween(t, name+" gives up after", time.Since(start), 0, 0)
			}
		}
		w.wantCalls(t, 1, 1)
	})
}

// Callers who got their turn before the 429 arrived do not use it.
func TestSilenceRevokesTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := throttling(3, nothing)
		c := newClient(w)
		var gaveUp int
		stop := crowd(t.Context(), 1, func(context.Context) {
			if err := create(within(t, 2*time.Second), c); paxos.GaveUp(err) {
				gaveUp++
				time.Sleep(time.Second)
			}
		})
		others := crowd(t.Context(), 8, func(ctx context.Context) { _ = create(ctx, c) })
		time.Sleep(time.Minute)
		w.wantCalls(t, 3, 1)
		stop()
		others()
		if gaveUp == 0 {
			t.Error("with a deadline: got none that gave up, want some")
		}
	})
}
