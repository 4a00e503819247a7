package paxos

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// CreateFiatAccount is POST /transfer/fiat-accounts. A ref_id that is taken is
// refused with 409 according to the guides, though the specification does not
// declare it, so meta.existing may be missing; [Client.ListFiatAccounts] finds
// the account by its ref_id. The new account is PENDING. The body is the JSON
// of a [CreateFiatAccountRequest].
func (c *Client) CreateFiatAccount(ctx context.Context, body json.RawMessage) (*FiatAccount, error) {
	var r fiatAccountReply
	if err := c.do(ctx, "CreateFiatAccount", http.MethodPost, "/transfer/fiat-accounts", body, &r); err != nil {
		return nil, err
	}
	a := r.account()
	if a.ID == "" {
		return nil, fmt.Errorf("CreateFiatAccount: no id: %w", ErrUnreadable)
	}
	return &a, nil
}

// GetFiatAccount is GET /transfer/fiat-accounts/{id}.
func (c *Client) GetFiatAccount(ctx context.Context, id string) (*FiatAccount, error) {
	var r fiatAccountReply
	if err := c.get(ctx, "GetFiatAccount", "/transfer/fiat-accounts/"+url.PathEscape(id), nil, &r); err != nil {
		return nil, err
	}
	a := r.account()
	if !sameID(a.ID, id) {
		return nil, fmt.Errorf("GetFiatAccount: another id: %w", ErrUnreadable)
	}
	return &a, nil
}

// ListFiatAccounts is GET /transfer/fiat-accounts, newest first.
func (c *Client) ListFiatAccounts(ctx context.Context, q ListFiatQuery) (*FiatAccountPage, error) {
	var reply struct {
		Items []fiatAccountReply `json:"items"`
		nextPage
	}
	err := c.get(ctx, "ListFiatAccounts", "/transfer/fiat-accounts", q.values(), &reply)
	page := &FiatAccountPage{NextCursor: reply.cursor()}
	for _, r := range reply.Items {
		page.Items = append(page.Items, r.account())
	}
	return page, err
}

// fiatAccountReply finds in the official samples what they have in other
// places than the schema: inside the owner, and the status inside the
// instructions, of the owner or not, or inside their wire.
type fiatAccountReply struct {
	FiatAccount
	Owner struct {
		FiatAccount
		Instructions statusWithin `json:"fiat_network_instructions"`
	} `json:"fiat_account_owner"`
	Instructions statusWithin `json:"fiat_network_instructions"`
}

type statusWithin struct {
	Status string `json:"status"`
	Wire   struct {
		Status string `json:"status"`
	} `json:"wire"`
}

func (s statusWithin) status() string { return cmp.Or(s.Status, s.Wire.Status) }

func (r *fiatAccountReply) account() FiatAccount {
	top, nested := r.FiatAccount, r.Owner.FiatAccount
	return FiatAccount{
		ID:         top.ID,
		RefID:      cmp.Or(top.RefID, nested.RefID),
		IdentityID: cmp.Or(top.IdentityID, nested.IdentityID),
		AccountID:  cmp.Or(top.AccountID, nested.AccountID),
		Status:     cmp.Or(top.Status, nested.Status, r.Owner.Instructions.status(), r.Instructions.status()),
		CreatedAt:  cmp.Or(top.CreatedAt, nested.CreatedAt),
		UpdatedAt:  cmp.Or(top.UpdatedAt, nested.UpdatedAt),
	}
}
