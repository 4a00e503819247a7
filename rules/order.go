package rules

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Order holds the cells of a first order.
type Order struct {
	RefID          string
	Side           string
	Market         string
	Type           string
	BaseAmount     string
	QuoteAmount    string
	Price          string
	StopPrice      string
	TimeInForce    string
	ExpirationDate string
}

func (p *Row) order() *Order { return &p.parts().Order }

// WantsOrder tells whether any of the columns is filled.
func (p *Row) WantsOrder() bool { return p.Parts != nil && p.Parts.Order != Order{} }

var orderColumns = []Column{
	{Name: "order.ref_id", Group: GroupOrder, Need: Optional, Max: 128, Pattern: `^[0-9A-Za-z._:-]{1,128}$`, Format: "text",
		Default: "<account.ref_id>-order", About: "your own id of the order", Example: "ord-00000017",
		cell: func(p *Row) *string { return &p.order().RefID }, test: testRefID},
	{Name: "order.side", Group: GroupOrder, Need: Conditional, Format: "enum", Values: orderSides,
		About: "buy or sell", Example: buy, cell: func(p *Row) *string { return &p.order().Side }},
	{Name: "order.market", Group: GroupOrder, Need: Conditional, Format: "enum", Values: markets,
		About: "what is traded for what", Example: "BTCUSD", cell: func(p *Row) *string { return &p.order().Market }},
	{Name: "order.type", Group: GroupOrder, Need: Conditional, Format: "enum", Values: orderTypes,
		About: "kind of order", Example: market, cell: func(p *Row) *string { return &p.order().Type }},
	amount("base_amount", "amount of what is traded; of every order but a market order to buy", "0.001", func(o *Order) *string { return &o.BaseAmount }),
	amount("quote_amount", "amount to spend; of a market order to buy", "25.00", func(o *Order) *string { return &o.QuoteAmount }),
	amount("price", "limit; of limit orders", "50000.25", func(o *Order) *string { return &o.Price }),
	amount("stop_price", "price that triggers a stop order", "45000.25", func(o *Order) *string { return &o.StopPrice }),
	{Name: "order.time_in_force", Group: GroupOrder, Need: Optional, Format: "enum", Values: timesInForce,
		Default: "IOC for market orders, else GTC", About: "how long the order stands", Example: "GTC",
		cell: func(p *Row) *string { return &p.order().TimeInForce }},
	{Name: "order.expiration_date", Group: GroupOrder, Need: Conditional, Format: "date-time",
		About: "end of an order that is good till a time (GTT); RFC 3339", Example: "2099-01-31T12:00:00Z",
		cell: func(p *Row) *string { return &p.order().ExpirationDate }, test: testExpiration},
}

func amount(name, about, example string, cell func(*Order) *string) Column {
	return Column{Name: "order." + name, Group: GroupOrder, Need: Conditional, Pattern: `^[0-9]+(\.[0-9]+)?$`, Format: "decimal", About: about, Example: example,
		cell: func(p *Row) *string { return cell(p.order()) }, test: testDecimal}
}

// expirationFault: Paxos refuses an order that ends within ten seconds.
func expirationFault(v string, o Options) *Rule {
	var at time.Time
	if err := at.UnmarshalText([]byte(v)); err != nil {
		return timeFormFault(v)
	}
	if !at.After(o.Now.Add(10 * time.Second)) {
		return &ruleExpired
	}
	return nil
}

// UnixMillis writes an RFC 3339 time as Paxos wants the end of an order.
func UnixMillis(v string) string {
	var at time.Time
	if err := at.UnmarshalText([]byte(v)); err != nil {
		return ""
	}
	return strconv.FormatInt(at.UnixMilli(), 10)
}

var orderChecks = slices.Concat(
	[]Check{
		orderNeeds("side", "of an order", Conditions{}),
		orderNeeds("market", "of an order", Conditions{}),
		orderNeeds("type", "of an order", Conditions{}),
		orderNeeds("quote_amount", "of a market order to buy", Conditions{typeIn(market), sideIn(buy)}),
		orderNeeds("base_amount", "of every order but a market order to buy", Conditions{typeIn(orderTypes[1:]...)}, Conditions{typeIn(market), sideIn(sell)}),
		orderNeeds("price", "of a limit order", Conditions{typeIn("LIMIT", "POST_ONLY_LIMIT", stopLimit)}),
		orderNeeds("stop_price", "of a stop order", Conditions{typeIn(stopMarket, stopLimit)}),
		orderCheck(Rule{ID: "order_amount", Text: "only a market order to buy has a quote amount", Hint: "fill in base_amount instead"}, "quote_amount",
			func(o *Order) bool { return o.QuoteAmount != "" && o.hasBase() }),
		orderCheck(Rule{ID: "order_amount", Text: "a market order to buy has a quote amount only", Hint: "empty base_amount"}, "base_amount",
			func(o *Order) bool { return o.BaseAmount != "" && o.isMarketBuy() }),
		orderCheck(Rule{ID: "order_price", Text: "only limit orders have a price"}, "price",
			func(o *Order) bool { return o.Price != "" && o.isKnown() && !o.hasPrice() }),
		orderCheck(Rule{ID: "order_price", Text: "only stop orders have a stop price"}, "stop_price",
			func(o *Order) bool { return o.StopPrice != "" && o.isKnown() && !o.isStop() }),
		orderCheck(Rule{ID: "order_stop", Text: "Paxos has stop orders to sell only"}, "side",
			func(o *Order) bool { return o.isStop() && o.Side == buy }),
	},
	timeChecks,
	amountChecks,
)

// timeChecks are the specification's grid of types and times in force.
var timeChecks = []Check{
	orderCheck(Rule{ID: "order_time_in_force", Text: "a market order is executed at once or cancelled", Hint: "empty the cell, or write IOC"}, "time_in_force",
		func(o *Order) bool {
			return o.Type == market && slices.Contains(timesInForce, o.TimeInForce) && o.TimeInForce != "IOC"
		}),
	orderCheck(Rule{ID: "order_time_in_force", Text: "a stop order stands until cancelled or until a time", Hint: "empty the cell, or write GTC or GTT"}, "time_in_force",
		func(o *Order) bool { return o.isStop() && (o.TimeInForce == "IOC" || o.TimeInForce == "FOK") }),
	orderNeeds("expiration_date", "of an order that is good till a time (GTT)",
		Conditions{{Column: "order.time_in_force", Values: []string{goodTil}}, {Column: "order.type", Values: []string{market}, Not: true}}),
	orderCheck(Rule{ID: "order_expiration", Text: "only an order that is good till a time has an expiration date", Hint: "set time_in_force to GTT, or empty the cell"}, "expiration_date",
		func(o *Order) bool { return o.ExpirationDate != "" && o.TimeInForce != goodTil }),
}

// Minimums and steps are of Paxos's page on precision and rounding; maximums of
// the operation's text.
var (
	cent    = rat("0.01")
	satoshi = rat("0.00000001")

	ticks = map[string]*big.Rat{"BTCUSD": rat("0.25"), "ETHUSD": rat("0.05"), "BCHUSD": rat("0.05")}

	mostAtMarket  = rat("500000")
	mostAtLimit   = rat("1000000")
	mostOfBTCETH  = rat("1500000")
	largestMarket = []string{"BTCUSD", "ETHUSD"}
)

var amountChecks = []Check{
	orderCheck(Rule{ID: "order_minimum", Text: "the smallest order to buy at the market is 0.01"}, "quote_amount",
		func(o *Order) bool { return below(o.QuoteAmount, cent) }),
	orderCheck(Rule{ID: "order_minimum", Text: "the smallest amount is 0.00000001"}, "base_amount",
		func(o *Order) bool { return below(o.BaseAmount, satoshi) }),
	orderCheck(Rule{ID: "order_precision", Text: "a quote amount has at most two decimals"}, "quote_amount",
		func(o *Order) bool { return offStep(o.QuoteAmount, cent) }),
	orderCheck(Rule{ID: "order_precision", Text: "a base amount has at most eight decimals"}, "base_amount",
		func(o *Order) bool { return offStep(o.BaseAmount, satoshi) }),
	priceCheck("price", func(o *Order) string { return o.Price }),
	priceCheck("stop_price", func(o *Order) string { return o.StopPrice }),
	orderCheck(Rule{ID: "order_tick", Text: "the price is not a multiple of the market's smallest step", Hint: "0.25 in BTCUSD, 0.05 in ETHUSD and BCHUSD, 0.01 in others"}, "price",
		func(o *Order) bool { return offStep(o.Price, o.tick()) }),
	orderCheck(Rule{ID: "order_tick", Text: "the price is not a multiple of the market's smallest step", Hint: "0.25 in BTCUSD, 0.05 in ETHUSD and BCHUSD, 0.01 in others"}, "stop_price",
		func(o *Order) bool { return offStep(o.StopPrice, o.tick()) }),
	orderCheck(Rule{ID: "order_notional", Text: "a market order is worth at most 500,000 USD"}, "quote_amount",
		func(o *Order) bool { return o.isMarketBuy() && o.inUSD() && above(o.QuoteAmount, mostAtMarket) }),
	orderCheck(Rule{ID: "order_notional", Text: "a limit order is worth at most 1,000,000 USD, in BTCUSD and ETHUSD 1,500,000"}, "base_amount", tooMuchAtLimit),
}

func priceCheck(column string, cell func(*Order) string) Check {
	return orderCheck(Rule{ID: "order_price", Text: "a price is more than nothing"}, column, func(o *Order) bool {
		d, ok := decimal(cell(o))
		return ok && d.Sign() == 0
	})
}

func orderCheck(r Rule, column string, fails func(*Order) bool) Check {
	return Check{r, GroupOrder, "order." + column, func(p *Row, _ Options) bool { return p.WantsOrder() && fails(p.order()) }}
}

func orderNeeds(column, of string, when ...Conditions) Check {
	return requires(requiredOf(of), GroupOrder, "order."+column, when...)
}

func typeIn(types ...string) Condition { return Condition{Column: "order.type", Values: types} }

func sideIn(sides ...string) Condition { return Condition{Column: "order.side", Values: sides} }

func (o *Order) isKnown() bool { return slices.Contains(orderTypes, o.Type) }

func (o *Order) isMarketBuy() bool { return o.Type == market && o.Side == buy }

func (o *Order) hasBase() bool {
	return o.isKnown() && o.Type != market || o.Type == market && o.Side == sell
}

func (o *Order) hasPrice() bool { return o.isKnown() && o.Type != market && o.Type != stopMarket }

func (o *Order) isStop() bool { return o.Type == stopMarket || o.Type == stopLimit }

func (o *Order) inUSD() bool { return strings.HasSuffix(o.Market, "USD") }

// tick is nil where none is documented.
func (o *Order) tick() *big.Rat {
	if t := ticks[o.Market]; t != nil {
		return t
	}
	if slices.Contains(newMarkets, o.Market) {
		return nil
	}
	return cent
}

func tooMuchAtLimit(o *Order) bool {
	base, ok := decimal(o.BaseAmount)
	price, also := decimal(o.Price)
	if !ok || !also || !o.hasPrice() || !o.inUSD() {
		return false
	}
	most := mostAtLimit
	if slices.Contains(largestMarket, o.Market) {
		most = mostOfBTCETH
	}
	return base.Mul(base, price).Cmp(most) > 0
}

func below(v string, least *big.Rat) bool {
	d, ok := decimal(v)
	return ok && d.Cmp(least) < 0
}

func above(v string, most *big.Rat) bool {
	d, ok := decimal(v)
	return ok && d.Cmp(most) > 0
}

func offStep(v string, step *big.Rat) bool {
	d, ok := decimal(v)
	return ok && step != nil && d.Sign() > 0 && !isMultiple(d, step)
}
