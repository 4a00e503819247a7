package pipeline

import (
	"errors"
	"fmt"
	"math/big"

	"embark/paxos"
)

// ErrOrderCap means that the orders of the input are worth more than the
// operator allows, or that nobody can tell what they are worth.
var ErrOrderCap = errors.New("the orders exceed the cap; nothing was sent")

// notional sums what the orders are worth, in the market's quote currency.
type notional struct {
	sum     big.Rat
	unknown int // orders without an amount to spend and without a price
}

func (n *notional) add(o *paxos.CreateOrderRequest) {
	if worth := worthOf(o); worth != nil {
		n.sum.Add(&n.sum, worth)
	} else {
		n.unknown++
	}
}

// worthOf is nil where only the market knows.
func worthOf(o *paxos.CreateOrderRequest) *big.Rat {
	if quote, ok := new(big.Rat).SetString(o.QuoteAmount); ok {
		return quote
	}
	base, ok := new(big.Rat).SetString(o.BaseAmount)
	price, priced := new(big.Rat).SetString(o.Price)
	if !ok || !priced {
		return nil
	}
	return base.Mul(base, price)
}

// within holds the orders against the cap; an empty cap is none.
func (n *notional) within(limit string) error {
	if limit == "" {
		return nil
	}
	most, ok := new(big.Rat).SetString(limit)
	switch {
	case !ok:
		return fmt.Errorf("the cap %q is no amount", limit)
	case n.unknown > 0:
		return fmt.Errorf("%w: %d of them have neither quote_amount nor price, so they cannot be counted", ErrOrderCap, n.unknown)
	case n.sum.Cmp(most) > 0:
		return fmt.Errorf("%w: they are worth %s, the cap is %s", ErrOrderCap, n.sum.FloatString(2), limit)
	}
	return nil
}
