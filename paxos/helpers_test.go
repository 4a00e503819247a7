package paxos_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"embark/paxos"
)

// wire is Paxos and the network in memory: no sockets, so that it works inside
// a synctest bubble. It notes when each request arrived. Without functions of
// its own it grants tokens and answers everything with an object that has the
// id "x" by every name.
type wire struct {
	token  func(n int, r *http.Request) (*http.Response, error) // n counts from 1
	answer func(n int, r *http.Request) (*http.Response, error)
	dial   time.Duration // how long a connection takes

	mu       sync.Mutex
	requests []request
	tokens   int
}

// request is one that reached the wire.
type request struct {
	at     time.Time
	token  bool
	method string
	path   string
	query  url.Values
	header http.Header
	body   string
}

const anything = `{"id":"x","institution_id":"x","account_id":"x","asset":"x","upload_url":"https://store.test/x?secret"}`

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := rest(r.Context(), w.dial); err != nil {
		return nil, err
	}
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	token, n := w.note(r)
	f := w.answer
	switch {
	case token && w.token != nil:
		f = w.token
	case token:
		return reply(200, fmt.Sprintf(`{"access_token":"t%d","token_type":"bearer","expires_in":3599}`, n)), nil
	case f == nil:
		return reply(200, anything), nil
	}
	return f(n, r)
}

func (w *wire) note(r *http.Request) (token bool, n int) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		r.Body.Close()
	}
	token = strings.HasSuffix(r.URL.Path, "/oauth2/token")
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests = append(w.requests, request{time.Now(), token, r.Method, r.URL.Path, r.URL.Query(), r.Header, string(body)})
	if token {
		w.tokens++
		return true, w.tokens
	}
	return false, len(w.requests) - w.tokens
}

// all are the requests so far: those for tokens, or the others.
func (w *wire) all(token bool) []request {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.requests), func(r request) bool { return r.token != token })
}

// times are when requests whose path begins so arrived.
func (w *wire) times(path string) []time.Time {
	var at []time.Time
	for _, r := range append(w.all(false), w.all(true)...) {
		if strings.HasPrefix(r.path, path) {
			at = append(at, r.at)
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	return at
}

func (w *wire) wantCalls(t *testing.T, calls, tokens int) {
	t.Helper()
	if got := len(w.all(false)); got != calls {
		t.Errorf("calls sent: got %d, want %d", got, calls)
	}
	if got := len(w.all(true)); got != tokens {
		t.Errorf("tokens asked for: got %d, want %d", got, tokens)
	}
}

// always answers every request alike.
func always(status int, body string, header ...string) func(int, *http.Request) (*http.Response, error) {
	return func(int, *http.Request) (*http.Response, error) { return reply(status, body, header...), nil }
}

// lost is a connection that breaks once the request is on its way.
func lost(int, *http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }

// slow answers well after d, unless the caller gives up.
func slow(d time.Duration, body string) func(int, *http.Request) (*http.Response, error) {
	return func(_ int, r *http.Request) (*http.Response, error) {
		return reply(200, body), rest(r.Context(), d)
	}
}

func reply(status int, body string, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

// rest waits, and returns the reason when ctx ends first, as http.Transport does.
func rest(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// newClient is a client of the transport with the published limits.
func newClient(transport http.RoundTripper, change ...func(*paxos.Options)) *paxos.Client {
	o := paxos.Options{APIURL: "http://paxos.test/v2/", TokenURL: "http://paxos.test/oauth2/token",
		ClientID: "made-up-id", ClientSecret: "made-up-secret", Transport: transport}
	for _, f := range change {
		f(&o)
	}
	return paxos.New(o)
}

func share(s float64) func(*paxos.Options) {
	return func(o *paxos.Options) { o.Limits.Share = s }
}

func remembering(m paxos.Memory) func(*paxos.Options) {
	return func(o *paxos.Options) { o.Memory = m }
}

// create posts an identity that the wire does not look at.
func create(ctx context.Context, c *paxos.Client) error {
	_, err := c.CreateIdentity(ctx, bodyOf(&paxos.CreateIdentityRequest{RefID: "cust-1"}))
	return err
}

// within is a context whose requests must be sent within d.
func within(t *testing.T, d time.Duration) context.Context {
	return paxos.WithSendBefore(t.Context(), time.Now().Add(d), nil)
}

// crowd has so many callers do the same over and over until it is stopped.
func crowd(ctx context.Context, callers int, do func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for ctx.Err() == nil {
				do(ctx)
			}
		})
	}
	return func() { cancel(); wg.Wait() }
}

// peak is the largest number of times in any window of five minutes.
func peak(times []time.Time) int {
	most, first := 0, 0
	for i, at := range times {
		for at.Sub(times[first]) >= 5*time.Minute {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

// between counts the times from one moment to another, both included.
func between(times []time.Time, from, to time.Time) int {
	n := 0
	for _, at := range times {
		if !at.Before(from) && !at.After(to) {
			n++
		}
	}
	return n
}

func wantBetween[T cmp.Ordered](t *testing.T, what string, got, low, high T) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s: got %v, want %v to %v", what, got, low, high)
	}
}

// callOnce sends one create after a while, and then waits to be stopped.
func callOnce(c *paxos.Client, after time.Duration) func(context.Context) {
	return func(ctx context.Context) {
		time.Sleep(after)
		_ = create(ctx, c)
		<-ctx.Done()
	}
}

// bodyOf is the JSON of a request.
func bodyOf(request any) json.RawMessage {
	body, err := json.Marshal(request)
	if err != nil {
		panic(err)
	}
	return body
}
