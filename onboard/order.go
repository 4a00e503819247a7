package onboard

import (
	"context"

	"embark/paxos"
)

// createOrder posts the customer's first order. It trades money, so it is
// looked for first, always: a ref_id does not protect it for ever.
func createOrder(ctx context.Context, api API, s Step) Answer {
	account := s.Record.need(KindAccount)
	return createOnce(s, true, orderFinder(ctx, api, s.Record), func() (*Object, error) {
		body, err := body(s.Record, func(req *paxos.CreateOrderRequest) {
			req.IdentityID, req.IdentityAccountID = s.Record.need(KindIdentity).ID, account.ID
		})
		if err != nil {
			return nil, err
		}
		o, err := api.CreateOrder(s.writing(ctx), account.Profile, body)
		if err != nil {
			return nil, err
		}
		return orderObject(o), nil
	})
}

func orderFinder(ctx context.Context, api API, r Record) finder {
	return func() (*Object, error) {
		page, err := api.ListOrders(ctx, paxos.ListOrdersQuery{ProfileID: r.need(KindAccount).Profile, RefIDs: []string{r.Key.RefID()}})
		if err != nil {
			return nil, err
		}
		for i := range page.Items {
			o := &page.Items[i]
			if o.RefID == r.Key.RefID() && (o.ProfileID == "" || o.ProfileID == r.need(KindAccount).Profile) {
				return orderObject(o), nil
			}
		}
		return nil, nil
	}
}

func readOrder(ctx context.Context, api API, r Record) Answer {
	o, err := api.GetOrder(ctx, r.need(KindAccount).Profile, r.ID)
	if err != nil {
		return Answer{Err: err}
	}
	return Answer{Object: orderObject(o)}
}

func orderObject(o *paxos.Order) *Object {
	return &Object{ID: o.ID, Status: o.Status, StatusAt: apiTime(or(o.ModifiedAt, o.CreatedAt))}
}
