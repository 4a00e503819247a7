package paxos

import (
	"context"
	"fmt"
	"net/url"
)

// ListProfileBalances is GET /profiles/{profile_id}/balances, in one piece: of
// the given assets, or of all.
func (c *Client) ListProfileBalances(ctx context.Context, profileID string, assets ...string) ([]ProfileBalance, error) {
	query := url.Values{}
	addAll(query, "assets", assets)
	var reply struct {
		Items []ProfileBalance `json:"items"`
	}
	err := c.get(ctx, "ListProfileBalances", balancesPath(profileID), query, &reply)
	return reply.Items, err
}

// GetProfileBalance is GET /profiles/{profile_id}/balances/{asset}.
func (c *Client) GetProfileBalance(ctx context.Context, profileID, asset string) (*ProfileBalance, error) {
	var b ProfileBalance
	if err := c.get(ctx, "GetProfileBalance", balancesPath(profileID)+"/"+url.PathEscape(asset), nil, &b); err != nil {
		return nil, err
	}
	if !sameID(b.Asset, asset) {
		return nil, fmt.Errorf("GetProfileBalance: another asset: %w", ErrUnreadable)
	}
	return &b, nil
}

func balancesPath(profileID string) string {
	return "/profiles/" + url.PathEscape(profileID) + "/balances"
}
