package paxossim

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"
)

// lossy gives a tester whose token was issued before the faults began.
func lossy(t *testing.T, o Options) (*Simulator, *tester) {
	f := o.Faults
	o.Faults = Faults{}
	sim := newSim(t, o)
	c := newTester(t, sim)
	c.unchecked = true
	sim.faults = newFaults(Options{Seed: o.Seed, Faults: f})
	return sim, c
}

func TestDropAfterTookEffect(t *testing.T) {
	sim, c := lossy(t, Options{Faults: Faults{DropAfter: 1}})
	if _, err := c.try("POST", "/identity/identities", customer(1)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want an unexpected EOF", err)
	}
	if got := sim.Stats(); got.Objects.Identities != 1 || got.Faults["drop_after"] != 1 {
		t.Errorf("got %+v, want one identity and one fault", got)
	}
	sim.faults = newFaults(Options{})
	c.call(409, "POST", "/identity/identities", customer(1))
}

func TestDropBeforeTookNoEffect(t *testing.T) {
	sim, c := lossy(t, Options{Faults: Faults{DropBefore: 1}})
	if _, err := c.try("POST", "/identity/identities", customer(1)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want an unexpected EOF", err)
	}
	if got := sim.Stats(); got.Objects.Identities != 0 || got.Faults["drop_before"] != 1 {
		t.Errorf("got %+v, want no identity and one fault", got)
	}
}

func TestServerErrors(t *testing.T) {
	for _, tt := range []struct {
		faults Faults
		kind   string
		made   int
	}{{Faults{ErrorBefore: 1}, "error_before", 0}, {Faults{ErrorAfter: 1}, "error_after", 10}} {
		sim, c := lossy(t, Options{Faults: tt.faults})
		seen := map[int]bool{}
		for n := range 10 {
			a, err := c.try("POST", "/identity/identities", customer(n))
			if err != nil || a.status < 500 {
				t.Errorf("%s: got %v %d, want 5xx", tt.kind, err, a.status)
			}
			seen[a.status] = true
		}
		if got := sim.Stats(); got.Objects.Identities != tt.made || got.Faults[tt.kind] != 10 || len(seen) < 2 {
			t.Errorf("%s: got %+v with statuses %v, want %d identities", tt.kind, got, seen, tt.made)
		}
	}
}

func TestGarbage(t *testing.T) {
	sim, c := lossy(t, Options{Faults: Faults{Garbage: 1}})
	for n := range 10 {
		a, err := c.try("POST", "/identity/identities", customer(n))
		if err != nil || a.status != 200 || json.Valid(a.body) {
			t.Errorf("got %v %d %q, want 200 and no JSON", err, a.status, a.body)
		}
	}
	if got := sim.Stats(); got.Objects.Identities != 10 || got.Faults["garbage"] != 10 {
		t.Errorf("got %+v, want ten identities", got)
	}
	c.call(400, "POST", "/identity/identities", "{}") // refusals stay what they are
}

// A repeat of the same request has a chance of its own, and a second run with
// the same seed meets the same faults.
func TestFaultsRepeatWithTheSeed(t *testing.T) {
	run := func(seed uint64) (attempts []int) {
		_, c := lossy(t, Options{Seed: seed, Faults: Faults{DropBefore: 0.5}})
		for n := range 10 {
			tries := 1
			for ; ; tries++ {
				if _, err := c.try("POST", "/identity/identities", customer(n)); err == nil {
					break
				}
			}
			attempts = append(attempts, tries)
		}
		return attempts
	}
	first, again, other := run(1), run(1), run(2)
	if !equal(first, again) || equal(first, other) {
		t.Errorf("got %v, again %v, with another seed %v", first, again, other)
	}
}

func equal(a, b []int) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

func TestLatencyHonoursTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim, c := lossy(t, Options{Faults: Faults{Latency: time.Minute}})
		start := time.Now()
		c.call(200, "POST", "/identity/identities", customer(1))
		if waited := time.Since(start); waited != time.Minute {
			t.Errorf("waited %v, want a minute", waited)
		}
		for n := 10; n < 30; n++ {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			r := request(t, "GET", base+"/events", c.token).WithContext(ctx)
			start = time.Now()
			_, err := c.send(r)
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
				t.Errorf("got %v after %v, want the deadline after a second", err, time.Since(start))
			}
		}
		if n := sim.Stats().Requests["ListEvents"]; n != 20 {
			t.Errorf("got %d requests, want 20", n)
		}
	})
}

// Latency falls before or after the effect, so a timeout tells nothing.
func TestTimeoutLeavesDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim, c := lossy(t, Options{Seed: 4, Faults: Faults{Latency: time.Minute}})
		c.client.Timeout = time.Second
		for n := range 10 {
			if _, err := c.try("POST", "/identity/identities", customer(n)); err == nil {
				t.Error("got an answer, want a timeout")
			}
		}
		if n := sim.Stats().Objects.Identities; n == 0 || n == 10 {
			t.Errorf("got %d identities, want some of ten", n)
		}
	})
}
