package paxos

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// Scopes of the account operations.
const (
	ScopeReadAccount  = "identity:read_account"
	ScopeWriteAccount = "identity:write_account"
)

// CreateAccount is POST /identity/accounts. A ref_id that is taken is refused
// with 409 according to the guides, though the specification does not declare
// it, so meta.existing may be missing.
// The body is the JSON of a [CreateAccountRequest].
func (c *Client) CreateAccount(ctx context.Context, body json.RawMessage) (*Account, error) {
	var a Account
	if err := c.do(ctx, "CreateAccount", http.MethodPost, "/identity/accounts", body, &a); err != nil {
		return nil, err
	}
	if a.ID == "" {
		return nil, fmt.Errorf("CreateAccount: no id: %w", ErrUnreadable)
	}
	return &a, nil
}

// GetAccount is GET /identity/accounts/{id}.
func (c *Client) GetAccount(ctx context.Context, id string) (*Account, error) {
	var a Account
	if err := c.get(ctx, "GetAccount", "/identity/accounts/"+url.PathEscape(id), nil, &a); err != nil {
		return nil, err
	}
	if !sameID(a.ID, id) {
		return nil, fmt.Errorf("GetAccount: another id: %w", ErrUnreadable)
	}
	return &a, nil
}

// ListAccounts is GET /identity/accounts, newest first.
func (c *Client) ListAccounts(ctx context.Context, q ListAccountsQuery) (*AccountPage, error) {
	query := pageQuery(q.PageCursor, q.Limit)
	setIf(query, "identity_id", q.IdentityID)
	var reply struct {
		Items []Account `json:"items"`
		nextPage
	}
	err := c.get(ctx, "ListAccounts", "/identity/accounts", query, &reply)
	return &AccountPage{reply.Items, reply.cursor()}, err
}
