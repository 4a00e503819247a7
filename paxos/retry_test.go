package paxos_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"embark/paxos"
)

type answer = func(int, *http.Request) (*http.Response, error)

// How often a request is sent, by what comes back each time. A POST is never
// repeated in here.
func TestTries(t *testing.T) {
	tests := []struct {
		name   string
		answer answer
		status int
		gets   int
	}{
		{"400", always(400, ""), 400, 1},
		{"401", always(401, ""), 401, 2}, // once more with a fresh token
		{"403", always(403, ""), 403, 1},
		{"404", always(404, ""), 404, 4},
		{"408", always(408, ""), 408, 4},
		{"409", always(409, ""), 409, 1},
		{"422", always(422, ""), 422, 1},
		{"429", always(429, ""), 429, 1},
		{"500", always(500, ""), 500, 4},
		{"502", always(502, "<html>"), 502, 4},
		{"503", always(503, ""), 503, 4},
		{"504", always(504, ""), 504, 4},
		{"307", always(307, "", "Location", "http://elsewhere.test/"), 307, 1},
		{"lost", lost, 0, 4},
		{"unreadable", always(200, "{"), 0, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answer: tt.answer}
				err := create(t.Context(), newClient(w))
				if got := paxos.StatusOf(err); err == nil || got != tt.status {
					t.Errorf("POST: got %d (%v), want %d", got, err, tt.status)
				}
				w.wantCalls(t, 1, 1)
			})
			synctest.Test(t, func(t *testing.T) { checkGet(t, tt.answer, tt.status, tt.gets) })
		})
	}
}

func checkGet(t *testing.T, f answer, status, tries int) {
	w := &wire{answer: f}
	start := time.Now()
	_, err := newClient(w).GetIdentity(t.Context(), "x", false)
	if got := paxos.StatusOf(err); err == nil || got != status {
		t.Errorf("GET: got %d (%v), want %d", got, err, status)
	}
	if got := len(w.all(false)); got != tries {
		t.Errorf("GET: got %d tries, want %d", got, tries)
	}
	wantBetween(t, "GET took", time.Since(start), 0, 13*time.Second)
}

func TestGetSucceedsLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(n int, r *http.Request) (*http.Response, error) {
			switch n {
			case 1:
				return lost(n, r)
			case 2:
				return reply(503, ""), nil
			case 3:
				return reply(404, ""), nil
			}
			return reply(200, `{"id":"x","status":"PENDING"}`), nil
		}}
		i, err := newClient(w).GetIdentity(t.Context(), "x", false)
		if err != nil || i.Status != "PENDING" {
			t.Errorf("got %v %v, want the identity", i, err)
		}
		w.wantCalls(t, 4, 1)
		for i, r := range w.all(false) {
			if r.header.Get("Authorization") != "Bearer t1" {
				t.Errorf("try %d: got no token", i+1)
			}
		}
	})
}

// A pause that begins between two tries is waited for, however long it is.
func TestGetWaitsThroughAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(n int, r *http.Request) (*http.Response, error) {
			switch {
			case r.Method == http.MethodPost:
				return reply(429, ""), nil
			case n == 1:
				return reply(503, ""), nil
			}
			return reply(200, `{"id":"x"}`), nil
		}}
		c := newClient(w)
		if _, err := c.Authorize(t.Context(), nil, nil); err != nil {
			t.Fatal(err)
		}
		stop := crowd(t.Context(), 1, callOnce(c, 200*time.Millisecond))
		if _, err := c.GetIdentity(t.Context(), "x", false); err != nil {
			t.Errorf("got %v, want the identity after the pause", err)
		}
		stop()
		w.wantCalls(t, 3, 1)
		wantBetween(t, "pause left", c.SilentFor(), 0, 0)
	})
}

// Waiting for the end of the longest pause does not use up its tries.
func TestGetIsRepeatedAfterALongPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(n int, _ *http.Request) (*http.Response, error) {
			if n == 1 {
				return reply(503, ""), nil
			}
			return reply(200, `{"id":"x"}`), nil
		}}
		c := newClient(w, remembering(paxos.Memory{SilentUntil: time.Now().Add(time.Hour)}))
		if _, err := c.GetIdentity(t.Context(), "x", false); err != nil {
			t.Errorf("got %v, want the identity", err)
		}
		w.wantCalls(t, 2, 1)
	})
}

// Cancelled while it waits for the next try, a GET ends at once.
func TestGetCancelledBetweenTries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: always(503, "")}
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		start := time.Now()
		if _, err := newClient(w).GetIdentity(ctx, "x", false); err == nil {
			t.Error("got no error")
		}
		wantBetween(t, "ended after", time.Since(start), 0, 1500*time.Millisecond)
		w.wantCalls(t, 1, 1)
	})
}
