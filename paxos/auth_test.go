package paxos_test

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"embark/paxos"
)

// refusing answers 401 to every token in the list and knows all others.
func refusing(tokens ...string) *wire {
	return &wire{answer: func(_ int, r *http.Request) (*http.Response, error) {
		for _, token := range tokens {
			if r.Header.Get("Authorization") == "Bearer "+token {
				return reply(401, ""), nil
			}
		}
		return reply(200, `{"id":"x"}`), nil
	}}
}

func TestTokenIsAttached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		_ = create(t.Context(), newClient(w))
		if got := w.all(false)[0].header.Get("Authorization"); got != "Bearer t1" {
			t.Errorf("authorization: got %q, want Bearer t1", got)
		}
	})
}

func TestGetIsRepeatedWithAFreshToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := refusing("t1")
		if _, err := newClient(w).GetIdentity(t.Context(), "x", false); err != nil {
			t.Error(err)
		}
		w.wantCalls(t, 2, 2)
	})
}

func TestPostIsNotRepeatedAfter401(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := refusing("t1")
		c := newClient(w)
		err := create(t.Context(), c)
		var e *paxos.Error
		if !errors.As(err, &e) || e.Status != 401 || e.Refused() || paxos.Uncertain(err) {
			t.Errorf("got %v, want a 401 that means: not now", err)
		}
		w.wantCalls(t, 1, 1)
		if err := create(t.Context(), c); err != nil {
			t.Errorf("next create: %v", err)
		}
		w.wantCalls(t, 2, 2)
	})
}

// Answers to requests with the old token, however late, do not touch the new.
func TestConcurrent401DropOneToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(n int, r *http.Request) (*http.Response, error) {
			if r.Header.Get("Authorization") == "Bearer t1" {
				_ = rest(r.Context(), time.Duration(n)*time.Second)
				return reply(401, ""), nil
			}
			return reply(200, `{"id":"x"}`), nil
		}}
		c := newClient(w)
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() { _ = create(t.Context(), c) })
			wg.Go(func() { _, _ = c.GetIdentity(t.Context(), "x", false) })
		}
		wg.Wait()
		if err := create(t.Context(), c); err != nil {
			t.Error(err)
		}
		if got := len(w.all(true)); got != 2 {
			t.Errorf("tokens: got %d, want 2", got)
		}
	})
}

func TestTwoRefusedTokensAreRefusedCredentials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := refusing("t1", "t2", "t3")
		c := newClient(w)
		for i, status := range []int{401, 401} {
			if err := create(t.Context(), c); paxos.StatusOf(err) != status || errors.Is(err, paxos.ErrCredentials) {
				t.Errorf("create %d: got %v, want a plain 401", i+1, err)
			}
		}
		start := time.Now()
		for range 3 {
			if err := create(t.Context(), c); !errors.Is(err, paxos.ErrCredentials) || paxos.Uncertain(err) {
				t.Errorf("then: got %v, want a definite ErrCredentials", err)
			}
			if _, err := c.GetIdentity(t.Context(), "x", false); !errors.Is(err, paxos.ErrCredentials) {
				t.Errorf("then: got %v, want ErrCredentials", err)
			}
		}
		wantBetween(t, "told after", time.Since(start), 0, 0)
		w.wantCalls(t, 2, 2)
	})
}

// A token that worked in between starts the count again.
func TestRefusedTokensNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var refused string
		w := &wire{answer: func(_ int, r *http.Request) (*http.Response, error) {
			if r.Header.Get("Authorization") == refused {
				return reply(401, ""), nil
			}
			return reply(200, `{"id":"x"}`), nil
		}}
		c := newClient(w)
		for n := range 5 {
			if err := create(t.Context(), c); err != nil {
				t.Errorf("token %d: %v", n+1, err)
			}
			refused = fmt.Sprintf("Bearer t%d", n+1)
			if err := create(t.Context(), c); paxos.StatusOf(err) != 401 {
				t.Errorf("token %d: got %v, want 401", n+1, err)
			}
		}
		w.wantCalls(t, 10, 5)
	})
}

// Answers of a broken proxy say nothing about the token.
func Test5xxDoesNotAcceptAToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(n int, _ *http.Request) (*http.Response, error) {
			if n%2 == 0 {
				return reply(502, ""), nil
			}
			return reply(401, ""), nil
		}}
		c := newClient(w)
		for range 3 {
			_ = create(t.Context(), c)
		}
		if err := create(t.Context(), c); !errors.Is(err, paxos.ErrCredentials) {
			t.Errorf("after 401, 502, 401: got %v, want ErrCredentials", err)
		}
	})
}
