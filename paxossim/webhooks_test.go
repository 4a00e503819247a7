package paxossim

import (
	"context"
	"encoding/json"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// receiver is who is told of events, in memory.
type receiver struct {
	t      *testing.T
	refuse func(n int) bool // the n-th delivery
	got    []webhookBody
	at     []time.Time
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, in *http.Request) {
	var b webhookBody
	if err := json.NewDecoder(in.Body).Decode(&b); err != nil || in.Method != "POST" || in.Header.Get("X-Key") != "made-up" {
		r.t.Errorf("got %s, %v, key %q", in.Method, err, in.Header.Get("X-Key"))
	}
	r.got, r.at = append(r.got, b), append(r.at, time.Now())
	if r.refuse != nil && r.refuse(len(r.got)) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

// ids are the events' ids in order of arrival.
func (r *receiver) ids(test bool) (ids []string) {
	for _, b := range r.got {
		if b.IsTest == test {
			ids = append(ids, b.ID)
		}
	}
	return ids
}

// deliver lets the webhooks run for a time.
func (r *receiver) deliver(sim *Simulator, d time.Duration) {
	ctx, stop := context.WithCancel(r.t.Context())
	done := make(chan error)
	go func() { done <- sim.DeliverWebhooks(ctx, &http.Client{Transport: transport{r}}) }()
	time.Sleep(d)
	stop()
	if err := <-done; err != nil {
		r.t.Error(err)
	}
}

func hooked(w Webhooks) Webhooks {
	w.URL, w.Header, w.Value = "http://embark.test/hook", "X-Key", "made-up"
	return w
}

// feed is what the events feed lists, each id once.
func feed(c *tester) (ids []string) {
	for _, e := range get[eventPage](c, "/events").Events {
		if !slices.Contains(ids, e.ID) {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

func TestWebhooksTellOfEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := newSim(t, Options{ApproveAfter: time.Second, Webhooks: hooked(Webhooks{}), Faults: Faults{RepeatEvents: 1}})
		c, r := newTester(t, sim), &receiver{t: t}
		for n := range 5 {
			c.createIdentity(customer(n))
		}
		time.Sleep(2 * time.Second)
		if e := get[eventPage](c, "/events").Events[0]; e.UndeliveredWebhooks != 1 {
			t.Errorf("got %d undelivered, want 1", e.UndeliveredWebhooks)
		}
		r.deliver(sim, time.Minute)
		if got := r.ids(false); !slices.Equal(got, feed(c)) {
			t.Errorf("got %v, want %v", got, feed(c))
		}
		e := get[eventPage](c, "/events").Events[0]
		if want := (webhookBody{e.ID, "identity.approved", "com.paxos", e.CreatedAt, "event", false}); r.got[0] != want || e.UndeliveredWebhooks != 0 {
			t.Errorf("got %+v, want %+v and none undelivered", r.got[0], want)
		}
		if gap := r.at[1].Sub(r.at[0]); gap != 100*time.Millisecond {
			t.Errorf("got %v between deliveries, want ten a second", gap)
		}
		if o := sim.Stats().Objects; o.WebhooksDelivered != 5 || o.WebhooksTried != 5 {
			t.Errorf("got %+v, want five delivered", o)
		}
	})
}

func TestWebhooksRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := newSim(t, Options{Webhooks: hooked(Webhooks{FirstRetry: time.Second})})
		c, r := newTester(t, sim), &receiver{t: t, refuse: func(n int) bool { return n < 5 }}
		c.createIdentity(customer(1))
		r.deliver(sim, time.Minute)
		if len(r.got) != 5 {
			t.Fatalf("got %d attempts, want four refused and one accepted", len(r.got))
		}
		for i, longest := 1, time.Second; i < 5; i, longest = i+1, 2*longest {
			if gap := r.at[i].Sub(r.at[i-1]); gap < longest/2 || gap > longest+glance {
				t.Errorf("wait %d: got %v, want between %v and %v", i, gap, longest/2, longest)
			}
		}
	})
}

func TestWebhooksGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := newSim(t, Options{Webhooks: hooked(Webhooks{FirstRetry: time.Second, GiveUpAfter: 10 * time.Second})})
		c, r := newTester(t, sim), &receiver{t: t, refuse: func(int) bool { return true }}
		c.createIdentity(customer(1))
		r.deliver(sim, 10*time.Minute)
		if last := r.at[len(r.at)-1].Sub(r.at[0]); len(r.got) < 4 || last > 30*time.Second {
			t.Errorf("got %d attempts over %v, want an end after ten seconds", len(r.got), last)
		}
		if e := get[eventPage](c, "/events").Events[0]; e.UndeliveredWebhooks != 1 {
			t.Errorf("got %d undelivered, want 1", e.UndeliveredWebhooks)
		}
	})
}

func TestWebhooksMisbehave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := newSim(t, Options{Seed: 4, Webhooks: hooked(Webhooks{Rate: 100, Twice: 0.5, Late: 0.5, LateBy: time.Minute,
			Reorder: 10 * time.Second, Tests: 0.5})})
		c, r := newTester(t, sim), &receiver{t: t}
		for n := range 30 {
			c.createIdentity(customer(10 + n))
		}
		r.deliver(sim, 30*time.Second)
		early := len(r.ids(false))
		r.deliver(sim, 5*time.Minute)
		order := feed(c)
		got := r.ids(false)
		if early == 0 || early >= len(got) || len(got) <= 30 || slices.Equal(got[:30], order) {
			t.Errorf("got %d early of %d, in order %v", early, len(got), slices.Equal(got[:30], order))
		}
		slices.Sort(got)
		slices.Sort(order)
		if !slices.Equal(slices.Compact(got), order) {
			t.Error("not every event was told of")
		}
		tests := r.ids(true)
		if len(tests) == 0 {
			t.Fatal("no test event")
		}
		c.call(404, "GET", "/events/"+tests[0], nil)
		e := get[eventBody](c, "/events/"+tests[0]+"?is_test=true")
		c.call(404, "GET", "/identity/identities/"+e.Object.IdentityID, nil)
	})
}

// A restart goes on where the first process stopped.
func TestWebhooksSurviveAKill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := Options{StatePath: filepath.Join(t.TempDir(), "state"), Webhooks: hooked(Webhooks{})}
		first, c := reopen(t, o)
		r := &receiver{t: t}
		c.createIdentity(customer(1))
		r.deliver(first, time.Second)
		c.createIdentity(customer(2))
		second, c := reopen(t, o)
		r.deliver(second, time.Second)
		if !slices.Equal(r.ids(false), feed(c)) {
			t.Errorf("got %v, want each event once", r.ids(false))
		}
	})
}

// The key must not travel on to another host.
func TestWebhooksDoNotFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := newSim(t, Options{Webhooks: hooked(Webhooks{FirstRetry: time.Hour})})
		c, calls := newTester(t, sim), 0
		c.createIdentity(customer(1))
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		elsewhere := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls++
			http.Redirect(w, r, "http://elsewhere.test/", http.StatusTemporaryRedirect)
		})
		if err := sim.DeliverWebhooks(ctx, &http.Client{Transport: transport{elsewhere}}); err != nil || calls != 1 {
			t.Errorf("got %d calls, %v, want one that counts as failed", calls, err)
		}
		if n := sim.Stats().Objects.WebhooksDelivered; n != 0 {
			t.Errorf("got %d delivered, want 0", n)
		}
	})
}

// A delivery that the end of the run has cut off is not held against the receiver.
func TestWebhooksCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := newSim(t, Options{Webhooks: hooked(Webhooks{})})
		newTester(t, sim).createIdentity(customer(1))
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		slow := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		if err := sim.DeliverWebhooks(ctx, &http.Client{Transport: transport{slow}}); err != nil {
			t.Error(err)
		}
		if n := sim.Stats().Objects.WebhooksTried; n != 0 {
			t.Errorf("got %d attempts, want none", n)
		}
	})
}

func TestWebhooksToNobody(t *testing.T) {
	if err := newSim(t, Options{}).DeliverWebhooks(t.Context(), http.DefaultClient); err != nil {
		t.Error(err)
	}
	if _, err := New(Options{Webhooks: Webhooks{URL: "embark.test"}}); err == nil {
		t.Error("a URL without a host is accepted")
	}
}
