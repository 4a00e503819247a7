package paxossim

import (
	"net/url"
	"time"

	"github.com/google/uuid"
)

// getOrder is GET /profiles/{profile_id}/orders/{id}.
func (s *Simulator) getOrder(c *call) reply {
	if f := onlyParameters(c.query); f != "" {
		return badRequest(f)
	}
	return s.within(func(now int64) reply {
		profile, known := s.state.profile(c.PathValue("profile_id"))
		o, found := s.state.money.orders.find(c.PathValue("id"))
		if !known || !found || o.Profile != profile {
			return notFound()
		}
		body, err := storedOrder(o, now)
		if err != nil {
			return broken()
		}
		return ok(body)
	})
}

// listOrders is GET /orders, newest first: the order is not documented.
func (s *Simulator) listOrders(c *call) reply {
	profile, given := c.query.Get("profile_id"), c.query.Has("profile_id")
	id, _ := uuid.Parse(profile)
	return s.orderPage(c, []string{"profile_id", "account_id"}, func(o *order) bool { return !given || o.Profile == id })
}

// listProfileOrders is GET /profiles/{profile_id}/orders.
func (s *Simulator) listProfileOrders(c *call) reply {
	id, err := uuid.Parse(c.PathValue("profile_id"))
	known := false
	if err == nil {
		err = s.state.do(func(int64) { _, known = s.state.profile(id.String()) })
	}
	if err != nil || !known {
		return notFound()
	}
	return s.orderPage(c, nil, func(o *order) bool { return o.Profile == id })
}

func (s *Simulator) orderPage(c *call, others []string, within func(*order) bool) reply {
	chosen, q, f := parseOrderList(c.query, others)
	if f != "" {
		return badRequest(f)
	}
	market, account, want := c.query.Get("market"), c.query.Get("account_id"), c.query.Get("status")
	page := listPage[orderBody]{Items: []orderBody{}}
	return s.within(func(now int64) reply {
		match := func(o *order) bool {
			status, _ := o.at(now)
			return within(o) && (want == "" || status == want) && (market == "" || o.Market == market) &&
				(account == "" || o.Account == account)
		}
		var found []*order
		found, page.Next = s.state.money.orders.page(q, chosen, match)
		for _, o := range found {
			body, err := storedOrder(o, now)
			if err != nil {
				return broken()
			}
			page.Items = append(page.Items, body)
		}
		return ok(page)
	})
}

// parseOrderList reads the parameters of the lists of orders, which differ from
// those of the other lists.
func parseOrderList(values url.Values, others []string) (chosen choice, q listQuery, fault string) {
	chosen, rest, fault := parseChoice(values)
	if len(chosen.ids) > 0 && fault == "" {
		fault = "unknown parameter ids"
	}
	if fault == "" {
		fault = onlyParameters(rest, append(others, "market", "status", "order_time.begin", "order_time.end",
			"page_cursor", "limit")...)
	}
	if fault == "" {
		fault = oneOf(append(marketNames(), ""))(rest.Get("market")).in("market")
	}
	if fault == "" {
		fault = oneOf(append(orderStatuses(), ""))(rest.Get("status")).in("status")
	}
	if fault != "" {
		return chosen, q, fault
	}
	q, fault = parseList(rest, append(others, "market", "status", "order_time.begin", "order_time.end")...)
	if fault == "" {
		fault = q.parseOrderTime(rest)
	}
	return chosen, q, fault
}

// parseOrderTime: both bounds are inclusive.
func (q *listQuery) parseOrderTime(values url.Values) (fault string) {
	for name, comparison := range map[string]string{"order_time.begin": "gte", "order_time.end": "lte"} {
		if !values.Has(name) {
			continue
		}
		at, err := time.Parse(time.RFC3339Nano, values.Get(name))
		if err != nil {
			return name + " must be an RFC 3339 timestamp"
		}
		q.created, _ = q.created.narrow(comparison, at.UnixNano())
	}
	return ""
}
