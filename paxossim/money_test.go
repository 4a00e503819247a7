package paxossim

import (
	"bytes"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"embark/paxos"
)

// Creates on the money side meet the same faults as all others.
func TestMoneyMeetsFaults(t *testing.T) {
	for _, after := range []bool{false, true} {
		sim := newSim(t, Options{})
		c := newTester(t, sim)
		o := c.onboard(1)
		c.fund(o.profile, "100")
		f := Faults{DropBefore: 1}
		if after {
			f = Faults{DropAfter: 1}
		}
		sim.faults = newFaults(Options{Faults: f})
		for path, body := range map[string]any{
			"/transfer/fiat-accounts": bank(o, "bank-1"), "/profiles/" + o.profile + "/orders": buy(o, "ord-1"),
			"/transfer/fiat-deposit-instructions":         instructionsRequest{RefID: "in-1", ProfileID: o.profile, FiatNetwork: "WIRE"},
			"/sandbox/profiles/" + o.profile + "/deposit": paxos.SandboxDepositRequest{Asset: "USD", Amount: "1"},
		} {
			if _, err := c.try("POST", path, body); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s: got %v, want an unexpected EOF", path, err)
			}
		}
		want := 0
		if after {
			want = 1
		}
		got := sim.Stats()
		if n := got.Objects; n.FiatAccounts != want || n.DepositInstructions != want || n.Orders != want || n.SandboxDeposits != 1+want {
			t.Errorf("after %v: got %+v, want %d of each beyond the first deposit", after, n, want)
		}
		for _, operation := range []string{"CreateFiatAccount", "CreateFiatDepositInstructions", "CreateOrder"} {
			if got.Requests[operation] != 1 {
				t.Errorf("%s: got %d requests, want 1", operation, got.Requests[operation])
			}
		}
	}
}

// Errors of the orders that come before the operation are problems as well.
func TestOrdersWithoutScope(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	o := c.onboard(1)
	c.token = c.newToken("exchange:read_order")
	a := c.call(403, "POST", "/profiles/"+o.profile+"/orders", buy(o, ""))
	if got := a.header.Get("Content-Type"); got != "application/problem+json" || !strings.Contains(string(a.body), "insufficient scopes") {
		t.Errorf("got %s as %s", a.body, got)
	}
	if got := c.call(403, "POST", "/transfer/fiat-accounts", bank(o, "")).header.Get("Content-Type"); got != "application/json" {
		t.Errorf("got %s, want what the operation declares", got)
	}
}

// Neither the lists for watching nor the journal show bank numbers or names.
func TestBankNumbersStayHidden(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	sim, c := reopen(t, Options{StatePath: path})
	o := c.onboard(1)
	fiat := c.createFiat(bank(o, "bank-1"))
	c.fund(o.profile, "10")
	made := c.order(o.profile, buy(o, "ord-1"))
	shown, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"fiat_accounts": `{"id":"` + fiat.ID + `","ref_id":"bank-1","identity_id":"` + o.identity + `","account_id":"` + o.account + `","status":"APPROVED"}`,
		"orders":        `{"id":"` + made.ID + `","ref_id":"ord-1","profile_id":"` + o.profile + `","market":"BTCUSD","status":"FILLED"}`,
		"stats":         `"fiat_accounts":1,"deposit_instructions":0,"orders":1,"sandbox_deposits":1`,
	} {
		w := httptest.NewRecorder()
		sim.ServeHTTP(w, httptest.NewRequest("GET", "/_simulator/"+name, nil))
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: got %s, want %s", name, w.Body, want)
		}
		shown = append(shown, w.Body.Bytes()...)
	}
	for _, secret := range []string{"5550001234", "1234\"", "021000021", "Ada", "Example"} {
		if bytes.Contains(shown, []byte(secret)) {
			t.Errorf("%q is shown", secret)
		}
	}
}

func TestMoneyOptions(t *testing.T) {
	for name, o := range map[string]Options{
		"share": {FiatRejected: 1.1}, "shares": {FiatRejected: 0.6, FiatStuck: 0.6}, "orders": {OrdersRejected: -1},
		"status": {FiatStatuses: map[string]string{"a": "DENIED"}}, "delay": {FillAfter: -1}, "review": {FiatReviewAfter: -1},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

// Whatever is sent to CreateOrder, it is answered, what is accepted satisfies
// the official schema, and no balance becomes negative.
func FuzzCreateOrder(f *testing.F) {
	for _, body := range []string{
		`{"side":"BUY","market":"BTCUSD","type":"MARKET","quote_amount":"10.00"}`,
		`{"side":"SELL","market":"ETHUSD","type":"LIMIT","base_amount":"1","price":"4000","time_in_force":"FOK"}`,
		`{"side":"SELL","market":"SHIBUSD","type":"STOP_LIMIT","base_amount":".00000001","price":"1","stop_price":"1"}`,
		`{"side":"BUY","market":"ETHSGD","type":"LIMIT","base_amount":"1","price":"1","time_in_force":"GTT","expiration_date":"1"}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		sim := newSim(t, Options{})
		c := newTester(t, sim)
		o := c.onboard(1)
		c.fund(o.profile, "100")
		a, err := c.try("POST", "/profiles/"+o.profile+"/orders", body)
		if err != nil || a.status != 200 && a.status != 400 && a.status != 403 && a.status != 404 {
			t.Fatalf("got %v %d %s", err, a.status, a.body)
		}
		if balances := c.call(200, "GET", "/profiles/"+o.profile+"/balances", nil); bytes.Contains(balances.body, []byte(`"-`)) {
			t.Errorf("got %s", balances.body)
		}
	})
}
