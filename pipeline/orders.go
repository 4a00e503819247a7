package pipeline

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"embark/mapping"
	"embark/onboard"
	"embark/paxos"
)

// ErrOrderCap means that the orders of the input are worth more than the
// operator allows, or that nobody can tell what they are worth.
var ErrOrderCap = errors.New("the orders exceed the cap; nothing was sent")

// notional sums what orders are worth, in USD.
type notional struct {
	sum     big.Rat
	unknown int // orders that nobody can tell the worth of
}

// add counts the order n times; -1 takes it back.
func (t *notional) add(o *paxos.CreateOrderRequest, n int) {
	if worth := worthOf(o); worth != nil {
		t.sum.Add(&t.sum, worth.Mul(worth, big.NewRat(int64(n), 1)))
	} else {
		t.unknown += n
	}
}

// worthOf is nil where only the market knows: an order to sell has a smallest
// price at most, and what other currencies than USD are worth stands nowhere.
func worthOf(o *paxos.CreateOrderRequest) *big.Rat {
	if o.Side != "BUY" || !strings.HasSuffix(o.Market, "USD") {
		return nil
	}
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

// unsentOrders are worth what the checkpoint's orders are that a run may send,
// whether the input names them or not.
func unsentOrders(store Store) (total notional, err error) {
	for key, err := range store.Unfinished() {
		if err != nil {
			return total, err
		}
		if key.Kind() != onboard.KindOrder {
			continue
		}
		records, err := store.Get(key)
		if err != nil {
			return total, err
		}
		if mayBeSent(records[0]) {
			total.addRecord(records[0], 1)
		}
	}
	return total, nil
}

// mayBeSent: an order whose answer was lost may be posted again.
func mayBeSent(r onboard.Record) bool { return r.Known() && r.Unfinished() && r.ID == "" }

func (t *notional) addRecord(r onboard.Record, n int) {
	var o paxos.CreateOrderRequest
	_ = json.Unmarshal(r.Request, &o) // nobody can tell what an empty one is worth
	t.add(&o, n)
}

func (t *notional) join(other *notional, n int) {
	t.sum.Add(&t.sum, new(big.Rat).Mul(&other.sum, big.NewRat(int64(n), 1)))
	t.unknown += n * other.unknown
}

// worth is what a row's order adds to those of the checkpoint: nothing where it
// is one of them, the difference where it takes the place of one.
func (c *checker) worth(o *paxos.CreateOrderRequest) (*notional, error) {
	if o == nil {
		return nil, nil
	}
	var t notional
	t.add(o, 1)
	if !c.known {
		return &t, nil
	}
	records, err := c.store.Get(onboard.NewKey(onboard.KindOrder, o.RefID))
	if err == nil && mayBeSent(records[0]) {
		t.addRecord(records[0], -1)
	}
	return &t, err
}

// WithinCap is nil, or [ErrOrderCap] where the orders are worth more than the
// cap, a decimal in USD, or nobody can tell. An empty cap is none.
func (c *Checked) WithinCap(limit string) error { return c.orders.within(limit) }

// within holds the orders against the cap.
func (n *notional) within(limit string) error {
	if limit == "" {
		return nil
	}
	most, ok := new(big.Rat).SetString(limit)
	switch {
	case !ok:
		return fmt.Errorf("the cap %q is no amount", limit)
	case n.unknown > 0:
		return fmt.Errorf("%w: %d of them sell, or trade for another currency than USD, so they cannot be counted", ErrOrderCap, n.unknown)
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
