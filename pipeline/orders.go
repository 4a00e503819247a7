package pipeline

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"embark/mapping"
	"embark/onboard"
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

// otherOrder finds an order that the row's account has, or is to get, under
// another ref_id than the row says: a customer has one first order. One that
// Paxos refused is none.
func (c *checker) otherOrder(known, drafts []onboard.Record) (*mapping.Finding, error) {
	order := slices.IndexFunc(drafts, func(d onboard.Record) bool { return d.Key.Kind() == onboard.KindOrder })
	account := slices.IndexFunc(known, func(r onboard.Record) bool { return r.Key.Kind() == onboard.KindAccount })
	if order < 0 || account < 0 {
		return nil, nil
	}
	others := slices.DeleteFunc(slices.Clone(known[account].Needed), func(k onboard.Key) bool {
		return k.Kind() != onboard.KindOrder || k == drafts[order].Key
	})
	records, err := c.store.Get(others...)
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		if r.Known() && r.State() != onboard.Refused {
			return orderElsewhere(r.Key.RefID()), nil
		}
	}
	return nil, nil
}

func orderElsewhere(refID string) *mapping.Finding {
	return &mapping.Finding{Rule: "order_known", Column: "order.ref_id", Severity: mapping.Error,
		Text: "the account has its first order already, under another order.ref_id; nothing was sent",
		Hint: "keep the order.ref_id that is known, or empty the order columns", Other: fmt.Sprintf("%q", refID)}
}
