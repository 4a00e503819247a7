package paxos_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"embark/paxos"
	"embark/paxossim"
)

func TestTokenIsFetchedOnceForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{token: slow(5*time.Second, `{"access_token":"t","token_type":"bearer","expires_in":3599}`)}
		c := newClient(w)
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if err := create(t.Context(), c); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		w.wantCalls(t, 100, 1)
	})
}

// The credentials go into the form, and nowhere else.
func TestTokenRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		c := newClient(w)
		if _, err := c.Authorize(t.Context(), []string{"a", "b"}, []string{"c"}); err != nil {
			t.Fatal(err)
		}
		r := w.all(true)[0]
		form, err := url.ParseQuery(r.body)
		want := url.Values{"grant_type": {"client_credentials"}, "client_id": {"made-up-id"},
			"client_secret": {"made-up-secret"}, "scope": {"a b c"}}
		if err != nil || form.Encode() != want.Encode() {
			t.Errorf("form: got %v, want %v", form, want)
		}
		if got := r.header.Get("Content-Type"); got != "application/x-www-form-urlencoded" {
			t.Errorf("content type: got %q", got)
		}
		if r.method != http.MethodPost || len(r.query) > 0 || r.header.Get("Authorization") != "" {
			t.Errorf("got %s ?%s with authorization %q, want a bare POST", r.method, r.query.Encode(), r.header.Get("Authorization"))
		}
	})
}

func TestTokenIsRenewedAtNineTenths(t *testing.T) {
	tests := []struct {
		life     string
		kept     time.Duration // still the first token then
		replaced time.Duration
	}{
		{`"expires_in":1000`, 899 * time.Second, 901 * time.Second},
		{`"expires_in":"3599"`, 3238 * time.Second, 3240 * time.Second},
		{`"no":"life"`, 3599 * time.Second, 3601 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.life, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{token: always(200, `{"access_token":"t","token_type":"bearer",`+tt.life+`}`)}
				c := newClient(w)
				_ = create(t.Context(), c)
				fetched := w.all(true)[0].at
				for n, after := range []time.Duration{tt.kept, tt.replaced} {
					time.Sleep(time.Until(fetched.Add(after)))
					_ = create(t.Context(), c)
					if got := len(w.all(true)); got != n+1 {
						t.Errorf("tokens after %s: got %d, want %d", after, got, n+1)
					}
				}
			})
		})
	}
}

// What a refusal of the token endpoint means. None of its words are repeated.
func TestTokenRefused(t *testing.T) {
	const canary = "Canary-4711"
	tests := []struct {
		name   string
		answer answer
		want   error
	}{
		{"invalid_client", always(401, `{"error":"invalid_client","error_description":"Canary-4711"}`), paxos.ErrCredentials},
		{"invalid_client as 400", always(400, `{"error":"invalid_client"}`), paxos.ErrCredentials},
		{"forbidden page", always(403, `<html>Canary-4711</html>`), paxos.ErrCredentials},
		{"invalid_scope", always(400, `{"error":"invalid_scope","error_description":"Canary-4711"}`), paxos.ErrScope},
		{"500", always(500, `Canary-4711`), paxos.ErrNotSent},
		{"503 page", always(503, `<html>Canary-4711</html>`, "Content-Type", "text/html"), paxos.ErrNotSent},
		{"408", always(408, ``), paxos.ErrNotSent},
		{"429", always(429, `too many requests`), paxos.ErrNotSent},
		{"redirect", always(307, ``, "Location", "http://elsewhere.test/"), paxos.ErrNotSent},
		{"no JSON", always(200, `Canary-4711`), paxos.ErrNotSent},
		{"no token", always(200, `{"expires_in":3599}`), paxos.ErrNotSent},
		{"lost", lost, paxos.ErrNotSent},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{token: tt.answer}
				err := create(t.Context(), newClient(w))
				if !errors.Is(err, tt.want) || paxos.Uncertain(err) {
					t.Errorf("got %v, want a definite %v", err, tt.want)
				}
				if strings.Contains(err.Error(), canary) {
					t.Errorf("the error repeats the reply: %v", err)
				}
				w.wantCalls(t, 0, 1)
			})
		})
	}
}

func TestAuthorize(t *testing.T) {
	read, write, event := paxos.ScopeReadIdentity, paxos.ScopeWriteIdentity, paxos.ScopeReadEvent
	tests := []struct {
		name    string
		options paxossim.Options
		granted []string
		missing string // in the error's text; "": no error
		tokens  int
	}{
		{"all", paxossim.Options{}, []string{read, write, event}, "", 1},
		{"reply without scope", paxossim.Options{OmitTokenScope: true}, []string{read, write, event}, "", 1},
		{"without the optional", paxossim.Options{Scopes: []string{read, write}}, []string{read, write}, "", 2},
		{"without a needed", paxossim.Options{Scopes: []string{read, event}}, nil, write, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sim := newSim(t, tt.options)
				got, err := newClient(sim.Transport()).Authorize(t.Context(), []string{read, write}, []string{event})
				if !slices.Equal(got, tt.granted) {
					t.Errorf("granted: got %q, want %q", got, tt.granted)
				}
				if tt.missing == "" && err != nil || tt.missing != "" && !scopeError(err, tt.missing) {
					t.Errorf("got %v, want ErrScope that names %q", err, tt.missing)
				}
				if got := sim.Stats().Requests["Token"]; got != tt.tokens {
					t.Errorf("tokens: got %d, want %d", got, tt.tokens)
				}
			})
		})
	}
}

func scopeError(err error, scope string) bool {
	return errors.Is(err, paxos.ErrScope) && strings.Contains(err.Error(), scope)
}

// Some servers grant less than was asked for instead of refusing.
func TestAuthorizeNamesWhatIsMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{token: always(200, `{"access_token":"t","token_type":"bearer","expires_in":3599,"scope":"one three"}`)}
		granted, err := newClient(w).Authorize(t.Context(), []string{"one", "two", "three"}, []string{"four"})
		if !scopeError(err, "two") || scopeError(err, "three") {
			t.Errorf("got %v, want ErrScope that names only two", err)
		}
		if want := []string{"one", "three"}; !slices.Equal(granted, want) {
			t.Errorf("granted: got %q, want %q", granted, want)
		}
	})
}

// After optional scopes were refused, renewals ask for the others only.
func TestRenewalAsksForTheGrantedScopes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{token: func(n int, _ *http.Request) (*http.Response, error) {
			if n == 1 {
				return reply(400, `{"error":"invalid_scope"}`), nil
			}
			return reply(200, `{"access_token":"t","token_type":"bearer","expires_in":60}`), nil
		}}
		c := newClient(w)
		if _, err := c.Authorize(t.Context(), []string{"one"}, []string{"two"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		_ = create(t.Context(), c)
		for i, want := range []string{"one two", "one", "one"} {
			form, _ := url.ParseQuery(w.all(true)[i].body)
			if got := form.Get("scope"); got != want {
				t.Errorf("scopes of token %d: got %q, want %q", i+1, got, want)
			}
		}
	})
}

// Waiting for somebody else's fetch can be given up, and so can a fetch: the
// next one in the line then fetches for itself.
func TestWaitingForATokenCanBeCancelled(t *testing.T) {
	token := `{"access_token":"t","token_type":"bearer","expires_in":3599}`
	for _, tt := range []struct {
		name          string
		first, second time.Duration // when these callers give up
		tokens        int
	}{
		{"waiting", time.Hour, 4 * time.Second, 1},
		{"fetching", 4 * time.Second, time.Hour, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{token: slow(8*time.Second, token)}
				c := newClient(w)
				start := time.Now()
				var wg sync.WaitGroup
				for i, patience := range []time.Duration{tt.first, tt.second, time.Hour} {
					time.Sleep(time.Duration(i) * 10 * time.Millisecond) // so that they line up in this order
					wg.Go(func() {
						ctx, cancel := context.WithDeadline(t.Context(), start.Add(patience))
						defer cancel()
						err := create(ctx, c)
						if gaveUp := patience < time.Minute; gaveUp != isNotSent(err) || gaveUp && time.Since(start) != patience {
							t.Errorf("caller %d after %s: got %v", i+1, time.Since(start), err)
						}
					})
				}
				wg.Wait()
				w.wantCalls(t, 2, tt.tokens)
			})
		})
	}
}

// While a renewal hangs, answers that are on their way still arrive.
func TestAnswersDoNotWaitForARenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{
			token: func(n int, r *http.Request) (*http.Response, error) {
				if n > 1 {
					_ = rest(r.Context(), time.Hour)
					return nil, io.ErrUnexpectedEOF
				}
				return reply(200, `{"access_token":"t","token_type":"bearer","expires_in":100}`), nil
			},
			answer: slow(20*time.Second, `{"id":"x"}`),
		}
		c := newClient(w)
		if _, err := c.Authorize(t.Context(), nil, nil); err != nil {
			t.Fatal(err)
		}
		time.Sleep(80 * time.Second)
		start := time.Now()
		stop := crowd(t.Context(), 1, callOnce(c, 15*time.Second)) // finds the token too old, and hangs
		if err := create(t.Context(), c); err != nil {
			t.Errorf("got %v, want the answer", err)
		}
		wantBetween(t, "answered after", time.Since(start), 20*time.Second, 20*time.Second)
		stop()
	})
}

// A hanging token endpoint is given up after the time limit of a call.
func TestHangingTokenEndpoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{token: slow(time.Hour, "")}
		start := time.Now()
		if err := create(t.Context(), newClient(w)); !isNotSent(err) {
			t.Errorf("got %v, want ErrNotSent", err)
		}
		wantBetween(t, "gave up after", time.Since(start), time.Minute, 62*time.Second)
	})
}
