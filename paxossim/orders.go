package paxossim

import (
	"encoding/json"
	"math/big"
	"net/http"
	"time"

	"github.com/google/uuid"

	"embark/paxos"
)

// Statuses of an order.
const (
	orderSubmitted = "SUBMITTED"
	orderOpen      = "OPEN"
	orderFilled    = "FILLED"
	orderCancelled = "CANCELLED"
	orderRejected  = "REJECTED"
)

// orderStatuses are the values of an order's status. EXPIRED is of July 2026;
// here an order that has run out is CANCELLED, as before.
func orderStatuses() []string {
	return []string{"PENDING_SUBMISSION", orderSubmitted, orderOpen, orderFilled, orderCancelled, orderRejected, "EXPIRED"}
}

func closed(status string) bool { return status != orderSubmitted && status != orderOpen }

// order is an order with all that will become of it.
type order struct {
	record
	Profile uuid.UUID `json:"profile"`
	Account string    `json:"account,omitempty"` // identity_account_id
	Market  string    `json:"market"`
	Due     int64     `json:"due"` // when it leaves SUBMITTED
	Becomes string    `json:"becomes"`
	Expires int64     `json:"expires,omitempty"` // 0: never

	Spends, Gets        string   // assets
	Reserved, Paid, Got *big.Rat // set aside at first; paid and received if filled
}

// at is the status at a time, and since when.
func (o *order) at(now int64) (status string, since int64) {
	expires := o.Expires != 0 && (o.Becomes == orderOpen || o.Expires < o.Due)
	switch {
	case expires && now >= o.Expires:
		return orderCancelled, o.Expires
	case now < o.Due:
		return orderSubmitted, o.Created
	}
	return o.Becomes, o.Due
}

// createOrder is POST /profiles/{profile_id}/orders. The reply is always
// SUBMITTED, also when the order is filled at once.
func (s *Simulator) createOrder(c *call) reply {
	var r orderRequest
	if f := decodeStrict(c, &r); f != "" {
		return badRequest(f)
	}
	if f := orderFault(&r, time.Now()); f != "" {
		return badRequest(f)
	}
	return s.within(func(now int64) reply {
		profile, found := s.state.profile(c.PathValue("profile_id"))
		if !found {
			return notFound()
		}
		o := s.state.newOrder(&r, profile, c.body, now)
		if refused := s.refuseOrder(&r, o, now); refused != nil {
			return *refused
		}
		s.state.journal.write(orderEntry, o, c.body)
		s.state.addOrder(o)
		return ok(bodyOfOrder(o, &r, o.Created-1)) // before it was due
	})
}

// newOrder makes an order and decides its fate.
func (st *state) newOrder(r *orderRequest, profile uuid.UUID, body []byte, now int64) *order {
	t := tradeOf(r)
	o := &order{record: st.money.orders.newRecord(st.seed, "order", r.RefID, body, now),
		Profile: profile, Account: r.IdentityAccountID, Market: r.Market, Becomes: t.becomes()}
	o.Due = o.Created + int64(st.options.FillAfter)
	if st.seed.share("order", key(o.ID.String())) < st.options.OrdersRejected {
		o.Becomes = orderRejected
	}
	if at, err := expiration(r); err == nil {
		o.Expires = at.UnixNano()
	}
	t.fund(o)
	return o
}

// addOrder takes over an order that is new, or comes from the journal.
func (st *state) addOrder(o *order) {
	st.money.orders.add(o)
	st.wallet(o.Profile).reserve(o)
	st.last = max(st.last, o.Created)
}

// refuseOrder is why an order cannot be made in the present state, or nil. The
// ref_id comes first, so that a repeat is known as one whatever changed since.
func (s *Simulator) refuseOrder(r *orderRequest, o *order, now int64) *reply {
	for _, judge := range []func() *reply{
		func() *reply { return s.state.repeatedOrder(r.RefID, now) },
		func() *reply { return s.state.refuseTrader(r, o.Profile) },
		func() *reply { return refuseTrade(r) },
		func() *reply { return s.state.refuseFunds(o, now) },
	} {
		if refused := judge(); refused != nil {
			return refused
		}
	}
	return nil
}

// reusable is how long an order must have been closed until its ref_id is free.
const reusable = 24 * time.Hour

// repeatedOrder is the 409, which has the whole order in it.
func (st *state) repeatedOrder(refID string, now int64) *reply {
	old, taken := st.money.orders.latest(refID)
	if !taken {
		return nil
	}
	status, since := old.at(now)
	if closed(status) && now-since > int64(reusable) {
		return nil
	}
	existing, err := storedOrder(old, now)
	if err != nil {
		return new(broken())
	}
	return new(refuseAs(http.StatusConflict, "already-exists", "Already Exists", "order already exists with that ref_id",
		map[string]any{"existing": existing}))
}

// refuseTrader holds the end user against the profile. Only the owner of an
// account trades on it here.
func (st *state) refuseTrader(r *orderRequest, profile uuid.UUID) *reply {
	if r.IdentityID == "" {
		return nil
	}
	n, found := st.belongs(r.IdentityID, r.IdentityAccountID)
	if !found {
		return new(refuse(http.StatusNotFound, "no account of that identity found"))
	}
	if of, owned := st.money.profileOf[profile]; owned && of != n {
		return new(badRequest("identity_account_id is not the account of that profile"))
	}
	if st.statuses[st.accounts[n].Identity] != approved {
		return new(badRequest("the identity is not approved"))
	}
	return nil
}

func refuseTrade(r *orderRequest) *reply {
	t := tradeOf(r)
	value, most := t.notional(), notionalCap(r.Market, r.Type)
	if value.Cmp(most) > 0 {
		return new(refuseAs(http.StatusForbidden, "notional-value-too-large", "Notional Value Too Large",
			"notional value too large for "+r.Market+" "+r.Type+" order", map[string]string{
				"market": r.Market, "order_type": r.Type,
				"order_notional_value": decimalText(value), "max_notional_value": decimalText(most),
			}))
	}
	if t.invalidated() {
		return new(refuseAs(http.StatusForbidden, "market-conditions-prevented-execution",
			"Market Conditions Prevented Execution", "market conditions have invalidated this order", nil))
	}
	return nil
}

func (st *state) refuseFunds(o *order, now int64) *reply {
	available := held(st.walletAt(o.Profile, now).available, o.Spends)
	if available.Cmp(o.Reserved) >= 0 {
		return nil
	}
	return new(refuseAs(http.StatusForbidden, "insufficient-funds", "Insufficient Funds",
		"insufficient "+o.Spends+" funds in profile", map[string]string{
			"profile_id": o.Profile.String(), "asset": o.Spends,
			"available": decimalText(available), "needed": decimalText(o.Reserved),
		}))
}

// refuseAs is a problem with a type of its own.
func refuseAs(status int, slug, title, detail string, meta any) reply {
	return reply{status: status, body: problem{Type: "https://developer.paxos.com/docs/v2/problems/" + slug,
		Title: title, Status: status, Detail: detail, Meta: meta}}
}

// orderBody is an order as replies show it.
type orderBody struct {
	paxos.Order
	StopPrice      string            `json:"stop_price,omitempty"`
	AveragePrice   string            `json:"volume_weighted_average_price"`
	TimeInForce    string            `json:"time_in_force"`
	ExpirationDate string            `json:"expiration_date,omitempty"` // RFC 3339, unlike in requests
	IsTriggered    bool              `json:"is_triggered,omitempty"`
	Metadata       map[string]string `json:"metadata,omitempty"`
}

func storedOrder(o *order, now int64) (orderBody, error) {
	var r orderRequest
	err := json.Unmarshal(o.body, &r)
	return bodyOfOrder(o, &r, now), err
}

func bodyOfOrder(o *order, r *orderRequest, now int64) orderBody {
	status, since := o.at(now)
	out := orderBody{StopPrice: r.StopPrice, TimeInForce: r.TimeInForce, Metadata: r.Metadata}
	out.Order = paxos.Order{
		ID: o.ID.String(), ProfileID: o.Profile.String(), RefID: o.RefID, Status: status,
		Side: r.Side, Market: r.Market, Type: r.Type, BaseAmount: r.BaseAmount, QuoteAmount: r.QuoteAmount, Price: r.Price,
		IdentityID: r.IdentityID, IdentityAccountID: r.IdentityAccountID,
		CreatedAt: microText(o.Created), ModifiedAt: microText(since),
	}
	if r.TimeInForce == "" {
		out.TimeInForce = defaultInForce(r.Type)
	}
	if o.Expires != 0 {
		out.ExpirationDate = microText(o.Expires)
	}
	out.fill(o, tradeOf(r))
	return out
}

func defaultInForce(kind string) string {
	if kind == typeMarket {
		return timeIOC
	}
	return timeGTC
}

// fill adds what was traded, with eight places as in the samples.
func (b *orderBody) fill(o *order, t trade) {
	b.AmountFilled, b.AveragePrice = "0.00000000", "0.00000000"
	b.IsTriggered = t.triggered() && b.Status != orderSubmitted
	if b.Status != orderFilled {
		return
	}
	coins := o.Got
	if t.side == sideSell {
		coins = o.Paid
	}
	b.AmountFilled, b.AveragePrice = coins.FloatString(8), t.mid.FloatString(8)
}
