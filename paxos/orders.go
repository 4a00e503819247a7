package paxos

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// CreateOrder is POST /profiles/{profile_id}/orders. A ref_id that is taken is
// refused with 409 and the id of the order; it is free again once that order
// has been closed for a day. Refusals for want of money and the like are 403
// with one of the Problem types. The body is the JSON of a
// [CreateOrderRequest].
func (c *Client) CreateOrder(ctx context.Context, profileID string, body json.RawMessage) (*Order, error) {
	var o Order
	if err := c.do(ctx, "CreateOrder", http.MethodPost, ordersPath(profileID), body, &o); err != nil {
		return nil, err
	}
	if o.ID == "" {
		return nil, fmt.Errorf("CreateOrder: no id: %w", ErrUnreadable)
	}
	return &o, nil
}

// GetOrder is GET /profiles/{profile_id}/orders/{id}.
func (c *Client) GetOrder(ctx context.Context, profileID, id string) (*Order, error) {
	var o Order
	if err := c.get(ctx, "GetOrder", ordersPath(profileID)+"/"+url.PathEscape(id), nil, &o); err != nil {
		return nil, err
	}
	if !sameID(o.ID, id) {
		return nil, fmt.Errorf("GetOrder: another id: %w", ErrUnreadable)
	}
	return &o, nil
}

// ListOrders is GET /orders. The order of the items is not documented.
func (c *Client) ListOrders(ctx context.Context, q ListOrdersQuery) (*OrderPage, error) {
	query := pageQuery(q.PageCursor, q.Limit)
	addAll(query, "ref_ids", q.RefIDs)
	setIf(query, "profile_id", q.ProfileID)
	var reply struct {
		Items []Order `json:"items"`
		nextPage
	}
	err := c.get(ctx, "ListOrders", "/orders", query, &reply)
	return &OrderPage{reply.Items, reply.cursor()}, err
}

func ordersPath(profileID string) string {
	return "/profiles/" + url.PathEscape(profileID) + "/orders"
}
