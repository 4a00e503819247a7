package paxossim

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"sync"
	"testing"

	"embark/paxos"
)

func TestTransportCallsTheHook(t *testing.T) {
	sim := newSim(t, Options{})
	sent := 0
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		if sim.Stats().Requests["ListEvents"] != sent {
			t.Error("the handler ran before the hook")
		}
		sent++
	}})
	c := newTester(t, sim)
	if _, err := c.send(request(t, "GET", base+"/events", c.token).WithContext(ctx)); err != nil || sent != 1 {
		t.Errorf("got %v and %d calls, want 1", err, sent)
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := c.send(request(t, "GET", base+"/events", c.token).WithContext(done)); !errors.Is(err, context.Canceled) || sent != 1 {
		t.Errorf("got %v and %d calls, want nothing sent", err, sent)
	}
}

func TestTransportLeavesTheRequestAlone(t *testing.T) {
	sim := newSim(t, Options{})
	r := request(t, "GET", base+"/events", "x")
	resp, err := sim.Transport().RoundTrip(r)
	if err != nil || resp.StatusCode != 401 || resp.Request != r || r.RemoteAddr != "" || r.RequestURI != "" {
		t.Errorf("got %v %v, request %+v", resp, err, r)
	}
}

// The same handler behind a real socket, used by many at once: every ref_id
// ends up with one identity, whoever came first.
func TestServedConcurrently(t *testing.T) {
	sim := newSim(t, Options{Faults: Faults{DropAfter: 0.2, ErrorAfter: 0.2}})
	server := httptest.NewServer(sim)
	defer server.Close()
	quiet := newFaults(Options{})
	noisy := sim.faults
	sim.faults = quiet
	token := newTester(t, sim).token
	sim.faults = noisy
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			c := &tester{t: t, client: server.Client()}
			for n := range 50 {
				postTo(c, server.URL, token, customer(10+n))
			}
		})
	}
	wg.Wait()
	got := sim.Stats()
	if got.Objects.Identities != 50 || got.Requests["CreateIdentity"] != 200 || got.Refusals["409"] != 150 {
		t.Errorf("got %+v, want 50 identities from 200 requests", got)
	}
}

func postTo(c *tester, server, token string, r *paxos.CreateIdentityRequest) {
	req, _ := http.NewRequestWithContext(c.t.Context(), "POST", server+"/v2/identity/identities", jsonBody(r))
	req.Header.Set("Authorization", "Bearer "+token)
	c.send(req) // lost replies are part of the test
}
