package paxos

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// CreateFiatDepositInstructions is POST /transfer/fiat-deposit-instructions. A
// ref_id that is taken is refused with 409 according to the guides, though the
// specification does not declare it; [Client.ListFiatDepositInstructions] finds
// them by their ref_id. The body is the JSON of a
// [CreateFiatDepositInstructionsRequest].
func (c *Client) CreateFiatDepositInstructions(ctx context.Context, body json.RawMessage) (*FiatDepositInstructions, error) {
	const op = "CreateFiatDepositInstructions"
	var i FiatDepositInstructions
	if err := c.do(ctx, op, http.MethodPost, "/transfer/fiat-deposit-instructions", body, &i); err != nil {
		return nil, err
	}
	if i.ID == "" {
		return nil, fmt.Errorf("%s: no id: %w", op, ErrUnreadable)
	}
	return &i, nil
}

// GetFiatDepositInstructions is GET /transfer/fiat-deposit-instructions/{id}.
func (c *Client) GetFiatDepositInstructions(ctx context.Context, id string) (*FiatDepositInstructions, error) {
	const op = "GetFiatDepositInstructions"
	var i FiatDepositInstructions
	if err := c.get(ctx, op, "/transfer/fiat-deposit-instructions/"+url.PathEscape(id), nil, &i); err != nil {
		return nil, err
	}
	if !sameID(i.ID, id) {
		return nil, fmt.Errorf("%s: another id: %w", op, ErrUnreadable)
	}
	return &i, nil
}

// ListFiatDepositInstructions is GET /transfer/fiat-deposit-instructions,
// newest first.
func (c *Client) ListFiatDepositInstructions(ctx context.Context, q ListFiatQuery) (*FiatDepositInstructionsPage, error) {
	var reply struct {
		Items []FiatDepositInstructions `json:"items"`
		nextPage
	}
	err := c.get(ctx, "ListFiatDepositInstructions", "/transfer/fiat-deposit-instructions", q.values(), &reply)
	return &FiatDepositInstructionsPage{reply.Items, reply.cursor()}, err
}
