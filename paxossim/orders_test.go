package paxossim

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"embark/paxos"
)

func TestProfilesAndDeposits(t *testing.T) {
	sim := newSim(t, Options{})
	c := newTester(t, sim)
	o := c.onboard(1)
	if p := get[profileBody](c, "/profiles/"+o.profile); p.ID != o.profile || p.Type != "NORMAL" {
		t.Errorf("got %+v", p)
	}
	main := get[profileBody](c, "/profiles/default")
	if main.Type != "DEFAULT" || get[profileBody](c, "/profiles/"+main.ID) != main {
		t.Errorf("got %+v, want the default profile under both names", main)
	}
	c.call(404, "GET", "/profiles/"+o.account, nil)
	if page := get[listPage[paxos.ProfileBalance]](c, "/profiles/"+o.profile+"/balances"); len(page.Items) != 0 {
		t.Errorf("got %v, want nothing yet", page.Items)
	}
	c.fund(o.profile, "0.1")
	c.fund(o.profile, "0.2") // credits again
	c.call(200, "POST", "/sandbox/profiles/"+o.profile+"/deposit",
		paxos.SandboxDepositRequest{Asset: "ETH", Amount: "1.000000000000000001", CryptoNetwork: "ETHEREUM"})
	page := get[listPage[paxos.ProfileBalance]](c, "/profiles/"+o.profile+"/balances")
	want := []paxos.ProfileBalance{{Asset: "ETH", Available: "1.000000000000000001", Trading: "0"}, {Asset: "USD", Available: "0.3", Trading: "0"}}
	if diff := cmp.Diff(want, page.Items); diff != "" {
		t.Errorf("balances (-want +got):\n%s", diff)
	}
	page = get[listPage[paxos.ProfileBalance]](c, "/profiles/"+o.profile+"/balances?assets=BTC&assets=USD")
	if len(page.Items) != 2 || page.Items[0].Available != "0" {
		t.Errorf("got %v, want BTC and USD", page.Items)
	}
	c.call(400, "GET", "/profiles/"+o.profile+"/balances?assets=XYZ", nil)
	c.call(404, "GET", "/profiles/"+o.profile+"/balances/XYZ", nil)
	if got := sim.Stats(); got.Objects.SandboxDeposits != 3 || got.Duplicates.DepositsPerProfile != 1 {
		t.Errorf("got %+v, want three deposits to one profile", got)
	}
}

func TestDepositRefusals(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	o := c.onboard(1)
	for body, want := range map[string]int{
		`{"amount":"1"}`: 400, `{"asset":"USD"}`: 400, `{"asset":"XYZ","amount":"1"}`: 400,
		`{"asset":"USD","amount":"0"}`: 400, `{"asset":"USD","amount":"-1"}`: 400, `{"asset":"USD","amount":1}`: 400,
		`{"asset":"USD","amount":"1e3"}`: 400, `{"asset":"USD","amount":"1/2"}`: 400, `{"asset":"USD","amount":"5."}`: 400,
		`{"asset":"USD","amount":"1","crypto_network":"ETHEREUM"}`: 400, `{"asset":"BTC","amount":"1"}`: 400,
		`{"asset":"BTC","amount":"1","crypto_network":"WIRE"}`: 400, `{"asset":"USD","amount":".5"}`: 200,
	} {
		c.call(want, "POST", "/sandbox/profiles/"+o.profile+"/deposit", body)
	}
	c.call(404, "POST", "/sandbox/profiles/"+o.account+"/deposit", `{"asset":"USD","amount":"1"}`)
	if got := c.balance(o.profile, "USD"); got != "0.5 0" {
		t.Errorf("got %s, want 0.5 alone", got)
	}
}

func TestMarketOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := newSim(t, Options{FillAfter: time.Minute})
		c := newTester(t, sim)
		o := c.onboard(1)
		c.fund(o.profile, "100.00")
		made := c.order(o.profile, buy(o, "ord-1"))
		if made.Status != "SUBMITTED" || made.TimeInForce != "IOC" || made.AmountFilled != "0.00000000" || made.ProfileID != o.profile {
			t.Errorf("got %+v, want SUBMITTED", made)
		}
		if got := c.balance(o.profile, "USD"); got != "90 10" {
			t.Errorf("before: got %s, want 90 10", got)
		}
		time.Sleep(time.Minute)
		got := get[orderBody](c, "/profiles/"+o.profile+"/orders/"+made.ID)
		if got.Status != "FILLED" || got.AmountFilled != "0.00010000" || got.AveragePrice != "100000.00000000" || got.ModifiedAt == got.CreatedAt {
			t.Errorf("got %+v, want it filled", got)
		}
		if usd, btc := c.balance(o.profile, "USD"), c.balance(o.profile, "BTC"); usd != "90 0" || btc != "0.0001 0" {
			t.Errorf("after: got %s and %s, want 90 0 and 0.0001 0", usd, btc)
		}
		sell := buy(o, "ord-2")
		sell.Side, sell.BaseAmount, sell.QuoteAmount = "SELL", "0.00005", ""
		c.order(o.profile, sell)
		time.Sleep(time.Minute)
		if usd, btc := c.balance(o.profile, "USD"), c.balance(o.profile, "BTC"); usd != "95 0" || btc != "0.00005 0" {
			t.Errorf("sold: got %s and %s, want 95 0 and 0.00005 0", usd, btc)
		}
		if n := sim.Stats().Objects.Orders; n != 2 {
			t.Errorf("got %d orders, want 2", n)
		}
	})
}

// limit is an order for a bitcoin at a price.
func limit(side, kind, price string) *paxos.CreateOrderRequest {
	return &paxos.CreateOrderRequest{Side: side, Market: "BTCUSD", Type: kind, BaseAmount: "1", Price: price}
}

// What becomes of an order, with bitcoin at 100,000, and what is left of
// 200,000 dollars and two bitcoin.
func TestFates(t *testing.T) {
	stop := func(kind, price, at string) *paxos.CreateOrderRequest {
		r := limit("SELL", kind, price)
		r.StopPrice = at
		return r
	}
	inForce := func(r *paxos.CreateOrderRequest, tif string) *paxos.CreateOrderRequest {
		r.TimeInForce = tif
		return r
	}
	for _, tt := range []struct {
		r                *paxos.CreateOrderRequest
		status, usd, btc string
	}{
		{limit("BUY", "LIMIT", "90000"), "OPEN", "110000 90000", "2 0"},
		{limit("BUY", "LIMIT", "20000"), "OPEN", "180000 20000", "2 0"}, // it takes nothing, so the band is no matter
		{limit("BUY", "LIMIT", "110000"), "FILLED", "100000 0", "3 0"},
		{limit("SELL", "LIMIT", "90000"), "FILLED", "300000 0", "1 0"},
		{limit("SELL", "LIMIT", "100000.25"), "OPEN", "200000 0", "1 1"},
		{inForce(limit("BUY", "LIMIT", "90000"), "IOC"), "CANCELLED", "200000 0", "2 0"},
		{inForce(limit("BUY", "LIMIT", "90000"), "FOK"), "CANCELLED", "200000 0", "2 0"},
		{inForce(limit("BUY", "LIMIT", "100000"), "FOK"), "FILLED", "100000 0", "3 0"},
		{limit("BUY", "POST_ONLY_LIMIT", "90000"), "OPEN", "110000 90000", "2 0"},
		{limit("BUY", "POST_ONLY_LIMIT", "100000"), "REJECTED", "200000 0", "2 0"},
		{limit("BUY", "POST_ONLY_LIMIT", "120000"), "REJECTED", "200000 0", "2 0"},
		{stop("STOP_MARKET", "", "90000"), "OPEN", "200000 0", "1 1"},
		{stop("STOP_MARKET", "", "100000"), "FILLED", "300000 0", "1 0"},
		{stop("STOP_LIMIT", "85000", "90000"), "OPEN", "200000 0", "1 1"},
		{stop("STOP_LIMIT", "95000", "100000"), "FILLED", "300000 0", "1 0"},
	} {
		c := newTester(t, newSim(t, Options{}))
		o := c.onboard(1)
		c.fund(o.profile, "200000")
		c.call(200, "POST", "/sandbox/profiles/"+o.profile+"/deposit",
			paxos.SandboxDepositRequest{Asset: "BTC", Amount: "2", CryptoNetwork: "BITCOIN"})
		made := c.order(o.profile, tt.r)
		if made.Status != "SUBMITTED" {
			t.Errorf("%+v: got %s at first, want SUBMITTED", tt.r, made.Status)
		}
		got := get[orderBody](c, "/profiles/"+o.profile+"/orders/"+made.ID)
		usd, btc := c.balance(o.profile, "USD"), c.balance(o.profile, "BTC")
		if got.Status != tt.status || usd != tt.usd || btc != tt.btc {
			t.Errorf("%+v: got %s, %s and %s, want %s, %s and %s", tt.r, got.Status, usd, btc, tt.status, tt.usd, tt.btc)
		}
	}
}

func TestOrdersRejected(t *testing.T) {
	c := newTester(t, newSim(t, Options{OrdersRejected: 1}))
	o := c.onboard(1)
	c.fund(o.profile, "10")
	made := c.order(o.profile, buy(o, "ord-1"))
	if got := get[orderBody](c, "/profiles/"+o.profile+"/orders/"+made.ID).Status; got != "REJECTED" {
		t.Errorf("got %s, want REJECTED", got)
	}
	if got := c.balance(o.profile, "USD"); got != "10 0" {
		t.Errorf("got %s, want the money back", got)
	}
}

func TestOrderExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTester(t, newSim(t, Options{}))
		o := c.onboard(1)
		c.fund(o.profile, "100000")
		r := limit("BUY", "LIMIT", "90000")
		r.TimeInForce, r.ExpirationDate = "GTT", fmt.Sprint(time.Now().Add(10*time.Second).UnixMilli())
		c.unchecked = true // the clock of the bubble starts in 2000, before dates had 13 digits
		c.call(400, "POST", "/profiles/"+o.profile+"/orders", r)
		time.Sleep(20 * 365 * 24 * time.Hour)
		c.token = c.newToken("")
		r.ExpirationDate = fmt.Sprint(time.Now().Add(10 * time.Second).UnixMilli())
		c.call(400, "POST", "/profiles/"+o.profile+"/orders", r)
		r.ExpirationDate = fmt.Sprint(time.Now().Add(11 * time.Second).UnixMilli())
		made := c.order(o.profile, r)
		if at, err := time.Parse(time.RFC3339Nano, made.ExpirationDate); err != nil || time.Until(at) != 11*time.Second {
			t.Errorf("got expiration %q, want RFC 3339", made.ExpirationDate)
		}
		time.Sleep(10 * time.Second)
		if got := c.balance(o.profile, "USD"); got != "10000 90000" {
			t.Errorf("open: got %s", got)
		}
		time.Sleep(time.Second)
		got := get[orderBody](c, "/profiles/"+o.profile+"/orders/"+made.ID)
		if usd := c.balance(o.profile, "USD"); got.Status != "CANCELLED" || usd != "100000 0" {
			t.Errorf("got %s with %s, want it cancelled and the money back", got.Status, usd)
		}
	})
}

func TestOrderRefID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTester(t, newSim(t, Options{FillAfter: time.Hour}))
		o := c.onboard(1)
		c.fund(o.profile, "20")
		made := c.order(o.profile, buy(o, "ord-1"))
		path := "/profiles/" + o.profile + "/orders"
		again := func() orderBody {
			a := c.call(409, "POST", path, buy(o, "ord-1"))
			if got := a.header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("got content type %s", got)
			}
			var p struct {
				Type string `json:"type"`
				Meta struct {
					Existing orderBody `json:"existing"`
				} `json:"meta"`
			}
			a.decode(t, &p)
			if !strings.HasSuffix(p.Type, "/already-exists") {
				t.Errorf("got type %s", p.Type)
			}
			return p.Meta.Existing
		}
		if diff := cmp.Diff(made, again()); diff != "" {
			t.Errorf("existing (-want +got):\n%s", diff)
		}
		time.Sleep(time.Hour + 24*time.Hour)
		c.token = c.newToken("")
		if got := again(); got.ID != made.ID || got.Status != "FILLED" {
			t.Errorf("after 24 h: got %+v, want the filled one", got)
		}
		time.Sleep(time.Second)
		second := c.order(o.profile, buy(o, "ord-1"))
		if second.ID == made.ID {
			t.Error("got the old order, want a new one")
		}
		if page := get[listPage[orderBody]](c, "/orders?ref_ids=ord-1"); len(page.Items) != 2 || page.Items[0].ID != second.ID {
			t.Errorf("got %+v, want both", page.Items)
		}
	})
}

func TestListOrders(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	o, other := c.onboard(1), c.onboard(2)
	c.fund(o.profile, "1000")
	c.fund(other.profile, "1000")
	for _, ref := range []string{"a", "b", "c"} {
		c.order(o.profile, buy(o, ref))
	}
	r := buy(other, "d")
	r.Market = "ETHUSD"
	c.order(other.profile, r)
	list := func(path string) (refs, next string) {
		page := get[listPage[orderBody]](c, path)
		for _, o := range page.Items {
			refs += o.RefID
		}
		return refs, page.Next
	}
	mine := "/profiles/" + o.profile + "/orders"
	for path, want := range map[string]string{
		"/orders": "dcba", mine: "cba", "/orders?market=ETHUSD": "d", "/orders?status=OPEN": "", "/orders?status=FILLED": "dcba",
		"/orders?ref_ids=a&ref_ids=d": "da", mine + "?ref_ids=a&ref_ids=d": "a", "/orders?profile_id=" + other.profile: "d",
		"/orders?account_id=" + o.account: "cba", "/orders?order_time.begin=2100-01-01T00:00:00Z": "",
		"/orders?order_time.end=2100-01-01T00:00:00Z": "dcba", "/orders?profile_id=nonsense": "",
	} {
		if got, _ := list(path); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	_, next := list("/orders?limit=3")
	if got, last := list("/orders?limit=3&page_cursor=" + next); got != "a" || last != "" {
		t.Errorf("got %q and cursor %q, want a and none", got, last)
	}
	for _, query := range []string{"ids=x", "market=XYZ", "status=DONE", "order_time.begin=x", "order=ASC", "created_at.lt=x"} {
		c.call(400, "GET", "/orders?"+query, nil)
	}
	c.call(400, "GET", mine+"?profile_id="+o.profile, nil)
	c.call(404, "GET", "/profiles/"+o.account+"/orders", nil)
	id := get[listPage[orderBody]](c, "/orders?ref_ids=d").Items[0].ID
	c.call(404, "GET", mine+"/"+id, nil) // of another profile
}

func TestOrderRefusals(t *testing.T) {
	sim := newSim(t, Options{})
	c := newTester(t, sim)
	o, other := c.onboard(1), c.onboard(2)
	denied := customer(3)
	denied.PersonDetails.PassthroughVerificationStatus = "DENIED"
	bad := c.createAccount(accountOf(c.createIdentity(denied).ID, "denied"))
	c.fund(o.profile, "10000000")
	c.fund(bad.ProfileID, "100")
	with := func(r *paxos.CreateOrderRequest, f func(*paxos.CreateOrderRequest)) *paxos.CreateOrderRequest {
		f(r)
		return r
	}
	type req = paxos.CreateOrderRequest
	market, lim := func() *req { return buy(o, "") }, func() *req { return limit("BUY", "LIMIT", "90000") }
	for _, tt := range []struct {
		body    any
		profile string
		want    int
		detail  string
	}{
		{with(market(), func(r *req) { r.Side = "" }), o.profile, 400, "side must be set"},
		{with(market(), func(r *req) { r.Side = "HOLD" }), o.profile, 400, "side is not one"},
		{with(market(), func(r *req) { r.Market = "XYZUSD" }), o.profile, 400, "market is not one"},
		{with(market(), func(r *req) { r.Type = "ICEBERG" }), o.profile, 400, "type is not one"},
		{with(market(), func(r *req) { r.QuoteAmount = "" }), o.profile, 400, "quote_amount must be set"},
		{with(market(), func(r *req) { r.QuoteAmount = "-10" }), o.profile, 400, "quote_amount must be a positive decimal"},
		{with(market(), func(r *req) { r.QuoteAmount = "10.001" }), o.profile, 400, "quote_amount has too many"},
		{with(market(), func(r *req) { r.QuoteAmount = "0.001" }), o.profile, 400, "quote_amount has too many"},
		{with(market(), func(r *req) { r.BaseAmount = "1" }), o.profile, 400, "base_amount must not be set"},
		{with(market(), func(r *req) { r.Price = "1" }), o.profile, 400, "price must not be set"},
		{with(market(), func(r *req) { r.StopPrice = "1" }), o.profile, 400, "stop_price must not be set"},
		{with(market(), func(r *req) { r.TimeInForce = "GTC" }), o.profile, 400, "time_in_force must be IOC"},
		{with(market(), func(r *req) { r.Side = "SELL" }), o.profile, 400, "base_amount must be set"},
		{with(market(), func(r *req) { r.IdentityID = "" }), o.profile, 400, "identity_id and identity_account_id"},
		{with(market(), func(r *req) { r.IdentityAccountID = "" }), o.profile, 400, "identity_id and identity_account_id"},
		{with(market(), func(r *req) { r.IdentityAccountID = other.account }), o.profile, 404, "no account of that identity"},
		{buy(other, ""), o.profile, 400, "identity_account_id is not the account of that profile"},
		{buy(onboarded{identity: bad.IdentityID, account: bad.ID}, ""), bad.ProfileID, 400, "the identity is not approved"},
		{market(), o.account, 404, ""},
		{with(market(), func(r *req) { r.Metadata = map[string]string{"a": strings.Repeat("x", 101)} }), o.profile, 400, "metadata must"},
		{with(lim(), func(r *req) { r.Price = "" }), o.profile, 400, "price must be set"},
		{with(lim(), func(r *req) { r.Price = "90000.10" }), o.profile, 400, "price must be a multiple"},
		{with(lim(), func(r *req) { r.BaseAmount = "" }), o.profile, 400, "base_amount must be set"},
		{with(lim(), func(r *req) { r.BaseAmount = "0.000000001" }), o.profile, 400, "base_amount has too many"},
		{with(lim(), func(r *req) { r.QuoteAmount = "1" }), o.profile, 400, "quote_amount must not be set"},
		{with(lim(), func(r *req) { r.TimeInForce = "GTT" }), o.profile, 400, "expiration_date must be set for GTT"},
		{with(lim(), func(r *req) { r.ExpirationDate = "1999999999999" }), o.profile, 400, "expiration_date must be set for GTT only"},
		{with(lim(), func(r *req) { r.TimeInForce, r.ExpirationDate = "GTT", "2030-01-01" }), o.profile, 400, "expiration_date must be a Unix time"},
		{with(lim(), func(r *req) { r.TimeInForce, r.ExpirationDate = "GTT", "1999999999" }), o.profile, 400, "expiration_date must be a Unix time"},
		{with(lim(), func(r *req) { r.TimeInForce, r.ExpirationDate = "GTT", "1600000000000" }), o.profile, 400, "expiration_date must be more than"},
		{with(lim(), func(r *req) { r.Type, r.StopPrice = "STOP_LIMIT", "80000" }), o.profile, 400, "side must be SELL"},
		{with(lim(), func(r *req) { r.Type, r.Side = "STOP_LIMIT", "SELL" }), o.profile, 400, "stop_price must be set"},
		{with(lim(), func(r *req) { r.Type, r.Side, r.Price, r.StopPrice = "STOP_MARKET", "SELL", "", "1.1" }), o.profile, 400, "stop_price must be a multiple"},
		{with(lim(), func(r *req) { r.Price = "115000" }), o.profile, 403, "market conditions"},
		{with(limit("SELL", "LIMIT", "85000"), func(*req) {}), o.profile, 403, "market conditions"},
		{`{"side":"BUY","market":"BTCUSD","type":"MARKET","quote_amount":"1","nickname":"x"}`, o.profile, 400, "unknown field nickname"},
		{`{"side":"BUY","market":"BTCUSD","type":"MARKET","quote_amount":1}`, o.profile, 400, "quote_amount has the wrong JSON type"},
	} {
		a := c.call(tt.want, "POST", "/profiles/"+tt.profile+"/orders", tt.body)
		var p problem
		a.decode(t, &p)
		if !strings.HasPrefix(p.Detail, tt.detail) || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%+v: got %q as %s, want %q", tt.body, p.Detail, a.header.Get("Content-Type"), tt.detail)
		}
	}
	if n := sim.Stats().Objects.Orders; n != 0 {
		t.Errorf("got %d orders, want 0", n)
	}
	c.order(o.profile, limit("BUY", "LIMIT", "114999.75")) // just within the band
}

func TestOrderProblems(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	o := c.onboard(1)
	c.fund(o.profile, "50.5")
	refused := func(r *paxos.CreateOrderRequest) (p struct {
		Type string            `json:"type"`
		Meta map[string]string `json:"meta"`
	}) {
		c.call(403, "POST", "/profiles/"+o.profile+"/orders", r).decode(t, &p)
		return p
	}
	r := buy(o, "")
	r.QuoteAmount = "100.00"
	p := refused(r)
	want := map[string]string{"profile_id": o.profile, "asset": "USD", "available": "50.5", "needed": "100"}
	if diff := cmp.Diff(want, p.Meta); diff != "" || !strings.HasSuffix(p.Type, "/insufficient-funds") {
		t.Errorf("%s (-want +got):\n%s", p.Type, diff)
	}
	for _, tt := range []struct {
		r           *paxos.CreateOrderRequest
		value, most string // "" is within the cap
	}{
		{&paxos.CreateOrderRequest{Side: "BUY", Market: "BTCUSD", Type: "MARKET", QuoteAmount: "500000"}, "", ""},
		{&paxos.CreateOrderRequest{Side: "BUY", Market: "BTCUSD", Type: "MARKET", QuoteAmount: "500000.01"}, "500000.01", "500000"},
		{&paxos.CreateOrderRequest{Side: "BUY", Market: "BTCEUR", Type: "MARKET", QuoteAmount: "500000"}, "550000", "500000"},
		{&paxos.CreateOrderRequest{Side: "SELL", Market: "ETHUSD", Type: "MARKET", BaseAmount: "126"}, "504000", "500000"},
		{&paxos.CreateOrderRequest{Side: "BUY", Market: "BTCUSD", Type: "LIMIT", BaseAmount: "15", Price: "100000"}, "", ""},
		{&paxos.CreateOrderRequest{Side: "BUY", Market: "BTCUSD", Type: "LIMIT", BaseAmount: "15", Price: "100000.25"}, "1500003.75", "1500000"},
		{&paxos.CreateOrderRequest{Side: "BUY", Market: "LTCUSD", Type: "LIMIT", BaseAmount: "10001", Price: "100"}, "1000100", "1000000"},
	} {
		p := refused(tt.r)
		if tt.value == "" && !strings.HasSuffix(p.Type, "/insufficient-funds") {
			t.Errorf("%+v: got %s, want it to lack funds only", tt.r, p.Type)
		}
		want := map[string]string{"market": tt.r.Market, "order_type": tt.r.Type, "order_notional_value": tt.value, "max_notional_value": tt.most}
		if diff := cmp.Diff(want, p.Meta); tt.value != "" && (diff != "" || !strings.HasSuffix(p.Type, "/notional-value-too-large")) {
			t.Errorf("%s (-want +got):\n%s", p.Type, diff)
		}
	}
	if got := c.balance(o.profile, "USD"); got != "50.5 0" {
		t.Errorf("got %s, want nothing moved", got)
	}
}

// The default profile belongs to no account: who trades there need only own theirs.
func TestOmnibusOrder(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	o, other := c.onboard(1), c.onboard(2)
	main := get[profileBody](c, "/profiles/default").ID
	c.fund(main, "20")
	c.order(main, buy(o, "a"))
	c.order(main, buy(other, "b"))
	c.call(404, "POST", "/profiles/"+main+"/orders", buy(onboarded{identity: o.identity, account: other.account}, "c"))
}

func TestMoneyDecimals(t *testing.T) {
	for text, want := range map[string]string{"1": "1", "0.10": "0.1", ".5": "0.5", "100": "100", "1000000000000000000000": "1000000000000000000000",
		"0.000000000000000001": "0.000000000000000001"} {
		d, valid := decimalOf(text)
		if !valid || decimalText(d) != want {
			t.Errorf("%s: got %v %v, want %s", text, valid, d, want)
		}
	}
	for _, text := range []string{"", ".", "1.", "0", "0.0", "-1", "+1", "1e5", "1_0", "1/2", " 1", "0x1", "1.1.1", strings.Repeat("1", 41)} {
		if d, valid := decimalOf(text); valid {
			t.Errorf("%q: got %v, want it refused", text, d)
		}
	}
	if got := decimalText(bought(mustDecimal("1"), mustDecimal("3"))); got != "0.33333333" {
		t.Errorf("got %s, want it rounded down to eight places", got)
	}
}

func TestMoneySurvivesAKill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := Options{Seed: 9, StatePath: filepath.Join(t.TempDir(), "state"), FillAfter: time.Minute, FiatReviewAfter: time.Minute}
		first, c := reopen(t, o)
		who := c.onboard(1)
		fiat := c.createFiat(bank(who, "bank-1"))
		c.fund(who.profile, "100")
		c.order(who.profile, buy(who, "filled before"))
		time.Sleep(time.Minute)
		c.order(who.profile, buy(who, "filled after"))
		var made instructionsBody
		c.call(200, "POST", "/transfer/fiat-deposit-instructions",
			instructionsRequest{RefID: "in-1", ProfileID: who.profile, FiatNetwork: "WIRE"}).decode(t, &made)
		want, wantOrders := first.Stats(), get[listPage[orderBody]](c, "/orders")

		second, c := reopen(t, o)
		if diff := cmp.Diff(want.Objects, second.Stats().Objects); diff != "" {
			t.Errorf("objects (-before +after):\n%s", diff)
		}
		if diff := cmp.Diff(wantOrders, get[listPage[orderBody]](c, "/orders")); diff != "" {
			t.Errorf("orders (-before +after):\n%s", diff)
		}
		if usd, btc := c.balance(who.profile, "USD"), c.balance(who.profile, "BTC"); usd != "80 10" || btc != "0.0001 0" {
			t.Errorf("got %s and %s, want 80 10 and 0.0001 0", usd, btc)
		}
		if got := get[fiatBody](c, "/transfer/fiat-accounts/"+fiat.ID); got.Status != "APPROVED" || got.Instructions.Wire.AccountNumber != "5550001234" {
			t.Errorf("got %+v, want the whole bank account", got)
		}
		if got := get[instructionsBody](c, "/transfer/fiat-deposit-instructions/"+made.ID); got.MemoID != made.MemoID {
			t.Errorf("got memo %s, want %s", got.MemoID, made.MemoID)
		}
		c.call(409, "POST", "/transfer/fiat-accounts", bank(who, "bank-1"))
		c.call(409, "POST", "/profiles/"+who.profile+"/orders", buy(who, "filled after"))
		time.Sleep(time.Minute)
		if usd, btc := c.balance(who.profile, "USD"), c.balance(who.profile, "BTC"); usd != "80 0" || btc != "0.0002 0" {
			t.Errorf("later: got %s and %s, want 80 0 and 0.0002 0", usd, btc)
		}
	})
}
