package paxos_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"embark/paxos"
)

type call = func(context.Context, *paxos.Client) error

// ops are all operations, with arguments that use everything they take.
func ops() map[string]call {
	since := time.Date(2026, 5, 4, 12, 11, 30, 123456789, time.FixedZone("", 2*3600))
	return map[string]call{
		"POST /v2/identity/identities": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.CreateIdentity(ctx, bodyOf(&paxos.CreateIdentityRequest{RefID: "cust-1"}))
			return err
		},
		"GET /v2/identity/identities/x": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.GetIdentity(ctx, "x", false)
			return err
		},
		"GET /v2/identity/identities/x?include_details=true": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.GetIdentity(ctx, "x", true)
			return err
		},
		"GET /v2/identity/identities?limit=7&page_cursor=a%26b&summary_status=PENDING&updated_at.gte=2026-05-04T10%3A11%3A30.123456789Z": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.ListIdentities(ctx, paxos.ListIdentitiesQuery{SummaryStatus: "PENDING", UpdatedSince: since, PageCursor: "a&b", Limit: 7})
			return err
		},
		"GET /v2/identity/identities?limit=100": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.ListIdentities(ctx, paxos.ListIdentitiesQuery{})
			return err
		},
		"POST /v2/identity/accounts": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.CreateAccount(ctx, bodyOf(&paxos.CreateAccountRequest{}))
			return err
		},
		"GET /v2/identity/accounts/x": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.GetAccount(ctx, "x")
			return err
		},
		"GET /v2/identity/accounts?identity_id=x&limit=100&page_cursor=c": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.ListAccounts(ctx, paxos.ListAccountsQuery{IdentityID: "x", PageCursor: "c", Limit: 101})
			return err
		},
		"GET /v2/events?created_at.gte=2026-05-04T10%3A11%3A30.100000000Z&limit=100": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.ListEvents(ctx, paxos.ListEventsQuery{Since: "2026-05-04T10:11:30.100000000Z", Limit: -1})
			return err
		},
		"GET /v2/events?created_at.gt=z&limit=1&page_cursor=c": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.ListEvents(ctx, paxos.ListEventsQuery{Since: "z", After: true, PageCursor: "c", Limit: 1})
			return err
		},
		"GET /v2/events/x": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.GetEvent(ctx, "x")
			return err
		},
	}
}

func TestRequests(t *testing.T) {
	for want, do := range ops() {
		t.Run(want, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{}
				if err := do(t.Context(), newClient(w)); err != nil {
					t.Error(err)
				}
				r := w.all(false)[0]
				got := r.method + " " + r.path
				if len(r.query) > 0 {
					got += "?" + r.query.Encode()
				}
				if got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				if got := r.header.Get("Content-Type"); got != "application/json" {
					t.Errorf("content type: got %q, want application/json", got)
				}
				if posted := r.body != ""; posted != (r.method == http.MethodPost) {
					t.Errorf("body of a %s: got %q", r.method, r.body)
				}
			})
		})
	}
}

// Paxos refuses empty and unknown fields; create_profile must always be there,
// because it is false by default and cannot be made up for later.
func TestBodies(t *testing.T) {
	tests := []struct {
		in   any
		want string
	}{
		{&paxos.CreateIdentityRequest{RefID: "r"}, `{"ref_id":"r"}`},
		{&paxos.CreateIdentityRequest{PersonDetails: &paxos.PersonDetails{FirstName: "Ada"}}, `{"person_details":{"first_name":"Ada"}}`},
		{&paxos.CreateAccountRequest{CreateProfile: true, Account: paxos.Account{IdentityID: "i", RefID: "a"}},
			`{"create_profile":true,"account":{"identity_id":"i","ref_id":"a"}}`},
		{&paxos.CreateAccountRequest{}, `{"create_profile":false,"account":{}}`},
	}
	for _, tt := range tests {
		got, err := json.Marshal(tt.in)
		if err != nil || string(got) != tt.want {
			t.Errorf("got %s %v, want %s", got, err, tt.want)
		}
	}
}

func TestIDsAreEscaped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		if _, err := newClient(w).GetIdentity(t.Context(), "x/../y?a=b", false); !errors.Is(err, paxos.ErrUnreadable) {
			t.Errorf("reply with another id: got %v, want ErrUnreadable", err)
		}
		if r := w.all(false)[0]; len(r.query) > 0 || !strings.HasSuffix(r.path, "/identities/x/../y?a=b") {
			t.Errorf("got %s and query %v, want it all as one segment", r.path, r.query)
		}
	})
}

// A reply of 200 that makes no sense: a create may have been done all the same.
func TestUnreadableReplies(t *testing.T) {
	bodies := map[string]string{"cut off": `{"id":"x","ref_`, "page": `<html><body>Welcome</body></html>`, "empty": ``,
		"no id": `{}`, "empty id": `{"id":""}`, "null": `null`, "list": `[]`, "odd id": `{"id":7}`}
	gets := map[string]string{"another id": `{"id":"y"}`}
	for name, do := range ops() {
		if strings.Contains(name, "limit=") {
			continue // lists have no id
		}
		t.Run(name, func(t *testing.T) {
			for what, body := range bodies {
				checkUnreadable(t, what, body, do)
			}
			if strings.HasPrefix(name, "GET") {
				for what, body := range gets {
					checkUnreadable(t, what, body, do)
				}
			}
		})
	}
}

func TestHugeReplyIsUnreadable(t *testing.T) {
	body := `{"id":"x","metadata":{"a":"` + strings.Repeat("a", 5<<20) + `"}}`
	checkUnreadable(t, "5 MB", body, ops()["POST /v2/identity/identities"])
}

func checkUnreadable(t *testing.T, what, body string, do call) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: always(200, body)}
		err := do(t.Context(), newClient(w))
		if !errors.Is(err, paxos.ErrUnreadable) || !paxos.Uncertain(err) {
			t.Errorf("%s: got %v, want an uncertain ErrUnreadable", what, err)
		}
		if err != nil && (len(err.Error()) > 100 || strings.Contains(err.Error(), "Welcome")) {
			t.Errorf("%s: the error repeats the body: %v", what, err)
		}
		w.wantCalls(t, 1, 1)
	})
}

func TestUnreadableLists(t *testing.T) {
	for name, do := range ops() {
		if strings.Contains(name, "limit=") {
			checkUnreadable(t, name, `{"items":[{"id":"x"}`, do)
			checkUnreadable(t, name, `<html>Welcome</html>`, do)
		}
	}
}

// UUIDs may come back in the other case than the operator wrote them.
func TestIDsInEitherCase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(&wire{answer: always(200, `{"id":"ab12"}`)})
		if i, err := c.GetIdentity(t.Context(), "AB12", false); err != nil || i.ID != "ab12" {
			t.Errorf("got %v %v, want ab12", i, err)
		}
		if _, err := newClient(&wire{answer: always(200, `{}`)}).GetIdentity(t.Context(), "", false); !errors.Is(err, paxos.ErrUnreadable) {
			t.Errorf("no id at all: got %v, want ErrUnreadable", err)
		}
	})
}

func TestNextCursor(t *testing.T) {
	tests := map[string]string{
		`{}`:                       "",
		`{"next_page_cursor":""}`:  "",
		`{"next_page_cursor":"c"}`: "c",
		`{"next_page":"p"}`:        "p",
		`{"next_page":"p","next_page_cursor":"c"}`: "c",
	}
	for body, want := range tests {
		synctest.Test(t, func(t *testing.T) {
			c := newClient(&wire{answer: always(200, body)})
			i, err1 := c.ListIdentities(t.Context(), paxos.ListIdentitiesQuery{})
			a, err2 := c.ListAccounts(t.Context(), paxos.ListAccountsQuery{})
			e, err3 := c.ListEvents(t.Context(), paxos.ListEventsQuery{})
			if err := errors.Join(err1, err2, err3); err != nil {
				t.Fatal(err)
			}
			if i.NextCursor != want || a.NextCursor != want || e.NextCursor != want {
				t.Errorf("%s: got %q, %q, %q, want %q", body, i.NextCursor, a.NextCursor, e.NextCursor, want)
			}
		})
	}
}

func TestCurrentStatus(t *testing.T) {
	tests := map[string]string{
		`{"status":"APPROVED","summary_status":"PENDING"}`: "APPROVED",
		`{"summary_status":"PENDING"}`:                     "PENDING",
		`{"status":"BRAND_NEW","unknown":{"a":1}}`:         "BRAND_NEW",
		`{}`: "",
	}
	for body, want := range tests {
		var i paxos.Identity
		if err := json.Unmarshal([]byte(body), &i); err != nil || i.CurrentStatus() != want {
			t.Errorf("%s: got %q %v, want %q", body, i.CurrentStatus(), err, want)
		}
	}
}

// A redirect is nothing that Paxos does. Neither the customer nor the token
// goes elsewhere.
func TestRedirectsAreRefused(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("sent elsewhere: %s %s, authorization %q", r.Method, r.URL, r.Header.Get("Authorization"))
	}))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		paxosServer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/oauth2/token" {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(`{"access_token":"t","token_type":"bearer","expires_in":3599}`))
				return
			}
			http.Redirect(w, r, elsewhere.URL+r.URL.Path, status)
		}))
		c, idle := realClient(paxosServer.URL, paxosServer.URL+"/oauth2/token")
		for name, do := range ops() {
			if err := do(t.Context(), c); paxos.StatusOf(err) != status {
				t.Errorf("%s: got %v, want %d", name, err, status)
			}
		}
		idle()
		paxosServer.Close()
	}
}

func TestTokenRedirectsAreRefused(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Error("the secret was sent elsewhere")
	}))
	defer elsewhere.Close()
	server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	c, idle := realClient(server.URL, server.URL+"/oauth2/token")
	defer idle()
	if err := create(t.Context(), c); !isNotSent(err) {
		t.Errorf("got %v, want ErrNotSent", err)
	}
}

// realClient uses sockets, and so much budget that it never waits.
func realClient(api, token string) (c *paxos.Client, idle func()) {
	transport := paxos.NewTransport()
	return newClient(transport, func(o *paxos.Options) {
		o.APIURL, o.TokenURL = api, token
		o.Limits = paxos.Limits{Token: 1e6, Identity: 1e6, Other: 1e6}
	}), transport.CloseIdleConnections
}

// Over real sockets: nobody listens, so nothing was sent; the server hangs up
// after it has read the request, so it may have been.
func TestRealConnections(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	tokens := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"access_token":"t","token_type":"bearer","expires_in":3599}`))
	}))
	defer tokens.Close()
	var created atomic.Int64
	abrupt := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		created.Add(1)
		panic(http.ErrAbortHandler)
	}))
	defer abrupt.Close()
	for _, tt := range []struct {
		name, api, token string
		notSent          bool
	}{
		{"no API", gone.URL, tokens.URL, true},
		{"no token endpoint", abrupt.URL, gone.URL, true},
		{"hangs up", abrupt.URL, tokens.URL, false},
	} {
		c, idle := realClient(tt.api, tt.token)
		err := create(t.Context(), c)
		if errors.Is(err, paxos.ErrNotSent) != tt.notSent || paxos.Uncertain(err) == tt.notSent {
			t.Errorf("%s: got %v, want ErrNotSent %v", tt.name, err, tt.notSent)
		}
		idle()
	}
	if got := created.Load(); got != 1 {
		t.Errorf("creates that reached the server: got %d, want 1", got)
	}
}
