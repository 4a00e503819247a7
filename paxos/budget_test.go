package paxos_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"embark/paxos"
	"embark/paxossim"
)

func TestBudgetIsUsedAndKept(t *testing.T) {
	tests := []struct {
		name          string
		class         paxos.Class
		limits        paxos.Limits
		duration      time.Duration
		least, window int
	}{
		{"identity", paxos.ClassIdentity, paxos.Limits{}, 20 * time.Minute, 10692, 2701}, // 99 % of 9/s
		{"identity, all of it", paxos.ClassIdentity, paxos.Limits{Share: 1}, 20 * time.Minute, 11880, 3000},
		{"identity, a fraction", paxos.ClassIdentity, paxos.Limits{Identity: 3.3, Share: 1}, 20 * time.Minute, 3920, 990},
		{"other, all of it", paxos.ClassOther, paxos.Limits{Share: 1}, 11 * time.Minute, 32670, 15000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{}
				c := newClient(w, func(o *paxos.Options) { o.Limits = tt.limits })
				stop := crowd(t.Context(), 40, callOf(c, tt.class))
				time.Sleep(tt.duration)
				stop()
				times := w.times(pathOf(tt.class))
				if got := len(times); got < tt.least {
					t.Errorf("sent in %s: got %d, want at least %d", tt.duration, got, tt.least)
				}
				if got := peak(times); got > tt.window {
					t.Errorf("in the fullest window: got %d, want at most %d", got, tt.window)
				}
			})
		})
	}
}

func callOf(c *paxos.Client, class paxos.Class) func(context.Context) {
	if class == paxos.ClassIdentity {
		return func(ctx context.Context) { _ = create(ctx, c) }
	}
	return func(ctx context.Context) { _, _ = c.ListEvents(ctx, paxos.ListEventsQuery{}) }
}

func pathOf(class paxos.Class) string {
	return map[paxos.Class]string{paxos.ClassToken: "/oauth2/", paxos.ClassIdentity: "/v2/identity/",
		paxos.ClassOther: "/v2/events"}[class]
}

// The simulator enforces the published limits on all classes at once.
func TestCrashLoopStaysWithinTheLimits(t *testing.T) {
	for _, tt := range []struct {
		name     string
		share    float64
		remember bool
	}{
		{"remembering", 0.9, true}, {"remembering, all of it", 1, true},
		{"forgetting", 0.9, false}, {"forgetting, all of it", 1, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sim := newSim(t, paxossim.Options{Limits: paxossim.Limits{Token: 1, Identity: 10, Other: 50}})
				var m paxos.Memory
				for range 40 { // ten minutes
					m = livesFor(t, 15*time.Second, sim, share(tt.share), remembering(m))
					if !tt.remember {
						m = paxos.Memory{}
					}
				}
				got := sim.Stats()
				if got.Lockouts != 0 {
					t.Errorf("lock-outs: got %d, want 0; averages %v", got.Lockouts, got.PeakAverages)
				}
				// Every process spends its first second on a token.
				wantBetween(t, "identity average", got.PeakAverages.Identity, 0.85*10*tt.share, 10)
			})
		})
	}
}

// livesFor runs one short-lived process, which does as much as it may, and
// returns what its successor reads from the disk.
func livesFor(t *testing.T, d time.Duration, sim *paxossim.Simulator, change ...func(*paxos.Options)) paxos.Memory {
	c := newClient(sim.Transport(), change...)
	identities := crowd(t.Context(), 20, func(ctx context.Context) { _, _ = c.ListAccounts(ctx, paxos.ListAccountsQuery{}) })
	others := crowd(t.Context(), 60, callOf(c, paxos.ClassOther))
	time.Sleep(d)
	identities()
	others()
	return reread(t, c.Memory())
}

func reread(t *testing.T, m paxos.Memory) (again paxos.Memory) {
	t.Helper()
	text, err := json.Marshal(m)
	if err == nil {
		err = json.Unmarshal(text, &again)
	}
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func newSim(t *testing.T, o paxossim.Options) *paxossim.Simulator {
	t.Helper()
	sim, err := paxossim.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	return sim
}

func TestBudgetStartsEmpty(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		w := &wire{}
		for range 3 { // restarts at once do not help
			c := newClient(w)
			if err := create(within(t, 50*time.Millisecond), c); !paxos.GaveUp(err) {
				t.Errorf("within 50 ms: got %v, want ErrNotSent", err)
			}
		}
		if err := create(t.Context(), newClient(w)); err != nil {
			t.Fatal(err)
		}
		first := w.all(false)[0].at.Sub(start)
		wantBetween(t, "first token and then first call", first, 10*time.Second/9, 11*time.Second/9)
	})
}

// The limits in the configuration were halved between two runs.
func TestUseIsHandedOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		c := newClient(w, func(o *paxos.Options) { o.Limits = paxos.Limits{Identity: 20, Share: 1} })
		stop := crowd(t.Context(), 20, callOf(c, paxos.ClassIdentity))
		time.Sleep(160 * time.Second) // 3180 are sent, more than the new limit allows
		stop()
		before := len(w.all(false))
		start := time.Now()
		next := newClient(w, share(1), remembering(reread(t, c.Memory())))
		if err := create(t.Context(), next); err != nil {
			t.Fatal(err)
		}
		excess := time.Duration(before-3000) * time.Second / 20
		wantBetween(t, "sent after", time.Since(start), 140*time.Second+excess, 144*time.Second+excess)
	})
}

// A process with a larger budget has just used up the window.
func TestRememberedUseDelaysSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		used := map[int64]int{start.Unix() - 10: 1500, start.Unix() - 9: 1500, start.Unix() - 301: 9000, start.Unix() + 7200: 9000}
		w := &wire{}
		c := newClient(w, remembering(paxos.Memory{Used: map[paxos.Class]map[int64]int{paxos.ClassIdentity: used}}))
		if _, err := c.ListEvents(t.Context(), paxos.ListEventsQuery{}); err != nil {
			t.Fatal(err)
		}
		wantBetween(t, "another class waits", time.Since(start), 0, 2*time.Second)
		if err := create(within(t, 15*time.Second), c); !paxos.GaveUp(err) {
			t.Errorf("with a deadline: got %v, want ErrNotSent", err)
		}
		if err := create(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		wantBetween(t, "the full class waits", time.Since(start), 290*time.Second, 292*time.Second)
	})
}

func TestBudgetOfClass(t *testing.T) {
	for class, want := range map[paxos.Class]float64{paxos.ClassToken: 0.9, paxos.ClassIdentity: 9, paxos.ClassOther: 45} {
		if got := (paxos.Limits{}).Budget(class); got != want {
			t.Errorf("default budget of %s: got %v, want %v", class, got, want)
		}
	}
	if got := (paxos.Limits{Identity: 400, Share: 0.5}).Budget(paxos.ClassIdentity); got != 200 {
		t.Errorf("set budget: got %v, want 200", got)
	}
}

// A caller who has gone away must not hold up the others.
func TestCancelledWaitIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		c := newClient(w, remembering(silentFor(10*time.Minute)))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		err := create(ctx, c)
		if !isNotSent(err) || time.Since(start) != time.Minute {
			t.Errorf("cancelled after %s: got %v, want ErrNotSent after a minute", time.Since(start), err)
		}
		w.wantCalls(t, 0, 0)
	})
}

func silentFor(d time.Duration) paxos.Memory { return paxos.Memory{SilentUntil: time.Now().Add(d)} }

func TestServerTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(&wire{answer: func(int, *http.Request) (*http.Response, error) {
			return reply(200, `{"id":"x"}`, "Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat)), nil
		}})
		if got := time.Until(c.ServerTime()); got != 0 {
			t.Errorf("before any answer: got %s from ours, want 0", got)
		}
		_ = create(t.Context(), c)
		wantBetween(t, "server's clock", time.Until(c.ServerTime()), -time.Hour-time.Second, -time.Hour+time.Second)
	})
}
