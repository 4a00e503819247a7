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
			_, err := c.CreateIdentity(ctx, bodyOf(institution()))
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
			_, err := c.CreateAccount(ctx, bodyOf(&paxos.CreateAccountRequest{CreateProfile: true, Account: paxos.Account{IdentityID: "i",
				RefID: "a", Type: "BROKERAGE", Members: []paxos.AccountMember{{IdentityID: "j", Roles: []string{"BENEFICIAL_OWNER"}}}}}))
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
		"GET /v2/events?created_at.gt=2026-05-04T10%3A11%3A30Z&limit=1&page_cursor=c": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.ListEvents(ctx, paxos.ListEventsQuery{Since: "2026-05-04T10:11:30Z", After: true, PageCursor: "c", Limit: 1})
			return err
		},
		"GET /v2/identity/identities/x?include_institution_members=true": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.GetIdentityWith(ctx, "x", paxos.Parts{InstitutionMembers: true})
			return err
		},
		"GET /v2/identity/identities/x?include_details=true&include_institution_members=true": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.GetIdentityWith(ctx, "x", paxos.Parts{Details: true, InstitutionMembers: true})
			return err
		},
		"POST /v2/identity/institution-members": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.AddInstitutionMembers(ctx, "x", []paxos.InstitutionMember{
				{IdentityID: "i", Roles: []string{"BENEFICIAL_OWNER"}, Ownership: "60", Position: "CEO"}})
			return err
		},
		"POST /v2/identity/account-members": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.AddAccountMembers(ctx, "x", []paxos.AccountMember{{IdentityID: "i", Roles: []string{"FINANCIAL_ADVISOR"}}})
			return err
		},
		"PUT /v2/identity/identities/x/documents": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.UploadDocument(ctx, "x", paxos.UploadDocumentRequest{Name: "residence.pdf", DocumentTypes: []string{"PROOF_OF_RESIDENCY"}})
			return err
		},
		"GET /v2/identity/identities/x/documents": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.ListIdentityDocuments(ctx, "x", false)
			return err
		},
		"GET /v2/identity/identities/x/documents?include_pending_docs=true": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.ListIdentityDocuments(ctx, "x", true)
			return err
		},
		"PUT /v2/identity/identities/x/sandbox-status": func(ctx context.Context, c *paxos.Client) error {
			return c.SandboxSetIdentityStatus(ctx, "x", paxos.SandboxStatusRequest{IDVerificationStatus: "APPROVED",
				SanctionsVerificationStatus: "ERROR", DocumentVerificationStatus: "PENDING", AdditionalScreeningStatus: "DENIED",
				UserDisabled: &paxos.SetDisable{}, AdminDisabled: &paxos.SetDisable{Disabled: true}})
		},
		"POST /v2/sandbox/profiles/x/deposit": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.CreateSandboxDeposit(ctx, "x", bodyOf(&paxos.SandboxDepositRequest{Asset: "BTC", Amount: "0.01", CryptoNetwork: "BITCOIN"}))
			return err
		},
		"GET /v2/profiles/x/balances": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.ListProfileBalances(ctx, "x")
			return err
		},
		"GET /v2/profiles/x/balances?assets=USD&assets=BTC": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.ListProfileBalances(ctx, "x", "USD", "BTC")
			return err
		},
		"GET /v2/profiles/x/balances/x": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.GetProfileBalance(ctx, "x", "x")
			return err
		},
		"POST /v2/transfer/fiat-accounts": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.CreateFiatAccount(ctx, bodyOf(fiatAccount()))
			return err
		},
		"GET /v2/transfer/fiat-accounts/x": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.GetFiatAccount(ctx, "x")
			return err
		},
		"GET /v2/transfer/fiat-accounts?limit=100&ref_ids=a&ref_ids=b": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.ListFiatAccounts(ctx, paxos.ListFiatQuery{RefIDs: []string{"a", "b"}})
			return err
		},
		"GET /v2/transfer/fiat-accounts?limit=7&page_cursor=c": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.ListFiatAccounts(ctx, paxos.ListFiatQuery{PageCursor: "c", Limit: 7})
			return err
		},
		"POST /v2/transfer/fiat-deposit-instructions": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.CreateFiatDepositInstructions(ctx, bodyOf(&paxos.CreateFiatDepositInstructionsRequest{RefID: "d", ProfileID: "p",
				IdentityID: "i", AccountID: "a", FiatNetwork: "WIRE", RoutingNumberType: "ABA", Metadata: map[string]string{"a": "b"}}))
			return err
		},
		"GET /v2/transfer/fiat-deposit-instructions/x": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.GetFiatDepositInstructions(ctx, "x")
			return err
		},
		"GET /v2/transfer/fiat-deposit-instructions?limit=7&page_cursor=c&ref_ids=a": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.ListFiatDepositInstructions(ctx, paxos.ListFiatQuery{RefIDs: []string{"a"}, PageCursor: "c", Limit: 7})
			return err
		},
		"POST /v2/profiles/x/orders": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.CreateOrder(ctx, "x", bodyOf(&paxos.CreateOrderRequest{RefID: "o", Side: "SELL", Market: "BTCUSD", Type: "STOP_LIMIT",
				BaseAmount: "0.1", QuoteAmount: "10.00", Price: "100.25", StopPrice: "101.25", TimeInForce: "GTT", ExpirationDate: "1777889472000",
				IdentityID: "i", IdentityAccountID: "a", Metadata: map[string]string{"a": "b"}}))
			return err
		},
		"GET /v2/profiles/x/orders/x": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.GetOrder(ctx, "x", "x")
			return err
		},
		"GET /v2/orders?limit=7&page_cursor=c&profile_id=x&ref_ids=a&ref_ids=b": func(ctx context.Context, c *paxos.Client) error {
			_, err := c.ListOrders(ctx, paxos.ListOrdersQuery{RefIDs: []string{"a", "b"}, ProfileID: "x", PageCursor: "c", Limit: 7})
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
				if posted := r.body != ""; posted == (r.method == http.MethodGet) {
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
	gets := map[string]string{"another id": `{"id":"y","asset":"y"}`}
	for name, do := range ops() {
		if !namesIt(name) {
			continue
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

// namesIt tells whether the reply of an operation says what it is about: lists
// do not, nor what only the sandbox has.
func namesIt(op string) bool {
	path, _, _ := strings.Cut(op, "?")
	switch {
	case strings.Contains(path, "/sandbox"):
		return false
	case strings.HasPrefix(path, "GET"):
		return strings.HasSuffix(path, "/x")
	}
	return true
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
		if !namesIt(name) {
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
			f, err4 := c.ListFiatAccounts(t.Context(), paxos.ListFiatQuery{})
			d, err5 := c.ListFiatDepositInstructions(t.Context(), paxos.ListFiatQuery{})
			o, err6 := c.ListOrders(t.Context(), paxos.ListOrdersQuery{})
			if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
				t.Fatal(err)
			}
			for _, got := range []string{i.NextCursor, a.NextCursor, e.NextCursor, f.NextCursor, d.NextCursor, o.NextCursor} {
				if got != want {
					t.Errorf("%s: got %q, want %q", body, got, want)
				}
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
