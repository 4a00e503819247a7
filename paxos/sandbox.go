package paxos

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// SandboxSetIdentityStatus is PUT /identity/identities/{id}/sandbox-status.
// Setting the same again does no harm. Against production it is [ErrSandboxOnly].
func (c *Client) SandboxSetIdentityStatus(ctx context.Context, identityID string, r SandboxStatusRequest) error {
	const op = "SandboxSetIdentityStatus"
	if err := c.sandboxOnly(op); err != nil {
		return err
	}
	path := "/identity/identities/" + url.PathEscape(identityID) + "/sandbox-status"
	return c.send(ctx, op, http.MethodPut, path, r, &struct{}{})
}

// CreateSandboxDeposit is POST /sandbox/profiles/{profile_id}/deposit and
// returns the id of the activity. It has no key: each call credits again.
// Against production it is [ErrSandboxOnly]. The body is the JSON of a
// [SandboxDepositRequest].
func (c *Client) CreateSandboxDeposit(ctx context.Context, profileID string, body json.RawMessage) (activityID string, err error) {
	const op = "CreateSandboxDeposit"
	if err := c.sandboxOnly(op); err != nil {
		return "", err
	}
	var reply struct {
		ActivityID string `json:"activity_id"`
	}
	path := "/sandbox/profiles/" + url.PathEscape(profileID) + "/deposit"
	err = c.do(ctx, op, http.MethodPost, path, body, &reply)
	return reply.ActivityID, err
}

func (c *Client) sandboxOnly(op string) error {
	if c.production {
		return fmt.Errorf("%s: %w: %w", op, ErrSandboxOnly, ErrNotSent)
	}
	return nil
}

// isProduction takes every host of Paxos's outside its sandbox for production,
// and a URL that cannot be read too.
func isProduction(apiURL string) bool {
	u, err := url.Parse(apiURL)
	if err != nil {
		return true
	}
	host := "." + strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	return strings.HasSuffix(host, ".paxos.com") && !strings.HasSuffix(host, ".sandbox.paxos.com")
}
