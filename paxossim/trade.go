package paxossim

import "math/big"

// trade is an order in numbers. Those that were not given are nil.
type trade struct {
	market
	side, kind, inForce      string
	amount, spend, at, stops *big.Rat // base amount, quote amount, price, stop price
}

func tradeOf(r *orderRequest) trade {
	t := trade{market: markets[r.Market], side: r.Side, kind: r.Type, inForce: r.TimeInForce}
	t.amount, _ = decimalOf(r.BaseAmount)
	t.spend, _ = decimalOf(r.QuoteAmount)
	t.at, _ = decimalOf(r.Price)
	t.stops, _ = decimalOf(r.StopPrice)
	return t
}

// notional is the value in USD.
func (t trade) notional() *big.Rat {
	value := t.spend
	switch {
	case t.spend != nil:
	case t.at != nil:
		value = times(t.amount, t.at)
	case t.stops != nil:
		value = times(t.amount, t.stops)
	default:
		value = times(t.amount, t.mid)
	}
	return times(value, inUSD[t.quote])
}

// triggered: a stop sells once the price is down at it.
func (t trade) triggered() bool { return t.stops != nil && t.stops.Cmp(t.mid) >= 0 }

// takes reports whether the order would trade at once.
func (t trade) takes() bool {
	switch {
	case t.stops != nil && !t.triggered():
		return false
	case t.at == nil:
		return true
	case t.side == sideBuy:
		return t.at.Cmp(t.mid) >= 0
	}
	return t.at.Cmp(t.mid) <= 0
}

// invalidated: only an order that takes is judged by its distance from the
// midpoint; one that takes although it must not is rejected later.
func (t trade) invalidated() bool {
	return t.at != nil && t.kind != typePostOnly && t.takes() && !t.inBand(t.at)
}

// becomes is the status after SUBMITTED.
func (t trade) becomes() string {
	switch {
	case t.takes() && t.kind == typePostOnly:
		return orderRejected
	case t.takes():
		return orderFilled
	case t.inForce == timeIOC || t.inForce == timeFOK:
		return orderCancelled
	}
	return orderOpen
}

// fund fills in what the order sets aside, and what it costs and brings once
// it is filled, which is always at the midpoint and without a fee.
func (t trade) fund(o *order) {
	if t.side == sideSell {
		o.Spends, o.Gets = t.base, t.quote
		o.Reserved, o.Paid, o.Got = t.amount, t.amount, times(t.amount, t.mid)
		return
	}
	o.Spends, o.Gets = t.quote, t.base
	if t.spend != nil {
		o.Reserved, o.Paid, o.Got = t.spend, t.spend, bought(t.spend, t.mid)
		return
	}
	o.Reserved, o.Paid, o.Got = times(t.amount, t.at), times(t.amount, t.mid), t.amount
}
