package paxossim

import (
	"slices"
	"strconv"
	"time"

	"embark/paxos"
)

// Sides and types of orders.
const (
	sideBuy, sideSell             = "BUY", "SELL"
	typeMarket, typeLimit         = "MARKET", "LIMIT"
	typePostOnly                  = "POST_ONLY_LIMIT"
	typeStopMarket, typeStopLimit = "STOP_MARKET", "STOP_LIMIT"
)

func orderSides() []string { return []string{sideBuy, sideSell} }

func orderTypes() []string {
	return []string{typeLimit, typeMarket, typePostOnly, typeStopMarket, typeStopLimit}
}

// Times in force: until cancelled, all or nothing, at once or never, until a date.
const timeGTC, timeFOK, timeIOC, timeGTT = "GTC", "FOK", "IOC", "GTT"

func timesInForce() []string { return []string{timeGTC, timeFOK, timeIOC, timeGTT} }

type orderRequest = paxos.CreateOrderRequest

// orderChecks are the fields of an order, each on its own. The places are also
// the smallest amounts: 0.01 to spend, 0.00000001 of a coin.
var orderChecks = []check[orderRequest]{
	{"side", func(r *orderRequest) string { return r.Side }, true, oneOf(orderSides())},
	{"market", func(r *orderRequest) string { return r.Market }, true, oneOf(marketNames())},
	{"type", func(r *orderRequest) string { return r.Type }, true, oneOf(orderTypes())},
	{"time_in_force", func(r *orderRequest) string { return r.TimeInForce }, false, oneOf(timesInForce())},
	{"base_amount", baseAmount, false, positive(8)},
	{"quote_amount", quoteAmount, false, positive(2)},
	{"price", price, false, positive(8)},
	{"stop_price", stopPrice, false, positive(8)},
}

func baseAmount(r *orderRequest) string  { return r.BaseAmount }
func quoteAmount(r *orderRequest) string { return r.QuoteAmount }
func price(r *orderRequest) string       { return r.Price }
func stopPrice(r *orderRequest) string   { return r.StopPrice }

// orderFault is the first thing wrong with an order, whatever the state.
func orderFault(r *orderRequest, now time.Time) string {
	if f := firstFault(r, "", orderChecks); f != "" {
		return f
	}
	for _, judge := range []func(*orderRequest) string{partsOfOrder, tickFault, inForceFault, pairFault} {
		if f := judge(r); f != "" {
			return f
		}
	}
	if f := expirationFault(r, now); f != "" {
		return f
	}
	return metadataFault(r.Metadata)
}

// orderParts are the amounts and prices of an order.
var orderParts = []struct {
	field string
	get   func(*orderRequest) string
}{{"base_amount", baseAmount}, {"quote_amount", quoteAmount}, {"price", price}, {"stop_price", stopPrice}}

// needed are the parts that an order has, by type and side; the others it must
// not have. Stop orders only sell.
var needed = map[string][]string{
	typeMarket + sideBuy:      {"quote_amount"},
	typeMarket + sideSell:     {"base_amount"},
	typeLimit + sideBuy:       {"base_amount", "price"},
	typeLimit + sideSell:      {"base_amount", "price"},
	typePostOnly + sideBuy:    {"base_amount", "price"},
	typePostOnly + sideSell:   {"base_amount", "price"},
	typeStopMarket + sideSell: {"base_amount", "stop_price"},
	typeStopLimit + sideSell:  {"base_amount", "price", "stop_price"},
}

func partsOfOrder(r *orderRequest) string {
	parts, possible := needed[r.Type+r.Side]
	if !possible {
		return "side must be SELL for stop orders"
	}
	for _, p := range orderParts {
		switch needs := slices.Contains(parts, p.field); {
		case needs && p.get(r) == "":
			return p.field + " must be set for that type and side"
		case !needs && p.get(r) != "":
			return p.field + " must not be set for that type and side"
		}
	}
	return ""
}

func tickFault(r *orderRequest) string {
	for _, p := range orderParts[2:] {
		d, valid := decimalOf(p.get(r))
		if valid && !multiple(d, markets[r.Market].tick) {
			return p.field + " must be a multiple of the market's tick"
		}
	}
	return ""
}

func inForceFault(r *orderRequest) string {
	switch {
	case r.Type == typeMarket && r.TimeInForce != "" && r.TimeInForce != timeIOC:
		return "time_in_force must be IOC for market orders"
	case r.TimeInForce == timeGTT && r.ExpirationDate == "":
		return "expiration_date must be set for GTT"
	case r.TimeInForce != timeGTT && r.ExpirationDate != "":
		return "expiration_date must be set for GTT only"
	}
	return ""
}

// soonest is how far ahead an order must expire at least.
const soonest = 10 * time.Second

func expirationFault(r *orderRequest, now time.Time) string {
	if r.ExpirationDate == "" {
		return ""
	}
	at, err := expiration(r)
	if err != nil || len(r.ExpirationDate) != 13 {
		return "expiration_date must be a Unix time in milliseconds"
	}
	if at.Sub(now) <= soonest {
		return "expiration_date must be more than 10 s ahead"
	}
	return ""
}

func expiration(r *orderRequest) (time.Time, error) {
	ms, err := strconv.ParseInt(r.ExpirationDate, 10, 64)
	return time.UnixMilli(ms), err
}

// pairFault: an order is for an end user on an account, or for neither.
func pairFault(r *orderRequest) string {
	if (r.IdentityID == "") != (r.IdentityAccountID == "") {
		return "identity_id and identity_account_id must be set together"
	}
	return ""
}
