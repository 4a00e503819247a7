package paxossim

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestLockout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := newSim(t, Options{Limits: Limits{Identity: 2}, Window: 10 * time.Second, RetryAfter: true})
		c := newTester(t, sim)
		for range 20 {
			c.call(200, "GET", "/identity/identities", nil)
		}
		time.Sleep(time.Second)
		a := c.call(429, "GET", "/identity/identities", nil)
		if got := a.header.Get("Retry-After"); got != "10" {
			t.Errorf("got Retry-After %q, want 10", got)
		}
		time.Sleep(9500 * time.Millisecond)
		if got := c.call(429, "GET", "/events", nil).header.Get("Retry-After"); got != "1" { // everything, not that class alone
			t.Errorf("got Retry-After %q, want 1", got)
		}
		time.Sleep(time.Second)
		c.call(200, "GET", "/identity/identities", nil)
		got := sim.Stats()
		if got.Lockouts != 1 || got.Refusals["429"] != 2 || got.PeakAverages.Identity != 2.1 {
			t.Errorf("got %+v, want one lock-out, two refusals and a peak of 2.1", got)
		}
	})
}

// Exactly the limit, for ever, is allowed.
func TestLimitIsNotExceededByKeepingIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := newSim(t, Options{Limits: Limits{Other: 5}, Window: 10 * time.Second})
		c := newTester(t, sim)
		for range 500 {
			c.call(200, "GET", "/events", nil)
			time.Sleep(200 * time.Millisecond)
		}
		if got := sim.Stats(); got.Lockouts != 0 || got.PeakAverages.Other != 5 {
			t.Errorf("got %d lock-outs and a peak of %v, want none and 5", got.Lockouts, got.PeakAverages.Other)
		}
	})
}

func TestSourcesAreLimitedApart(t *testing.T) {
	l := newLimiter(Options{Limits: Limits{Other: 1}}.withDefaults())
	now := time.Now()
	for range 300 {
		if locked, _ := l.admit("192.0.2.1", classOther, now); locked {
			t.Fatal("locked out within the limit")
		}
	}
	if locked, _ := l.admit("192.0.2.1", classOther, now); !locked {
		t.Error("not locked out beyond the limit")
	}
	if locked, _ := l.admit("192.0.2.2", classOther, now); locked {
		t.Error("another source is locked out")
	}
}

func TestThrottleOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := newSim(t, Options{Window: time.Minute, Faults: Faults{Throttle: 3}})
		c := newTester(t, sim) // the first request is for the token
		c.call(200, "GET", "/events", nil)
		a := c.call(429, "GET", "/events", nil)
		if a.header.Get("Retry-After") != "" {
			t.Error("got Retry-After, want none")
		}
		c.call(429, "GET", "/events", nil)
		time.Sleep(time.Minute)
		c.call(200, "GET", "/events", nil)
		if got := sim.Stats(); got.Lockouts != 1 || got.Faults["throttle"] != 1 {
			t.Errorf("got %+v, want one lock-out, which was injected", got)
		}
	})
}

func TestWindowForgets(t *testing.T) {
	var w window
	for now := range int64(1000) {
		if got, want := w.add(now, 10), int(min(now+1, 10)); got != want {
			t.Fatalf("at %d: got %d, want %d", now, got, want)
		}
	}
	if cap(w.buckets) > 64 {
		t.Errorf("got %d buckets, want few", cap(w.buckets))
	}
}
