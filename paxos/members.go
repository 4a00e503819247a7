package paxos

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// AddInstitutionMembers is POST /identity/institution-members. It adds to the
// members there are, has no key and is not known to refuse a repetition: after
// an uncertain answer, look with [Client.GetIdentityWith] before repeating it.
// The reply holds the added members with their ids.
func (c *Client) AddInstitutionMembers(ctx context.Context, institutionID string, members []InstitutionMember) ([]InstitutionMember, error) {
	type added struct {
		InstitutionID string              `json:"institution_id"`
		Members       []InstitutionMember `json:"members"`
	}
	var reply added
	err := c.send(ctx, "AddInstitutionMembers", http.MethodPost, "/identity/institution-members", added{institutionID, members}, &reply)
	if err != nil {
		return nil, err
	}
	if !sameID(reply.InstitutionID, institutionID) {
		return nil, fmt.Errorf("AddInstitutionMembers: another id: %w", ErrUnreadable)
	}
	return reply.Members, nil
}

// AddAccountMembers is POST /identity/account-members. It adds to the members
// there are, has no key and is not known to refuse a repetition: after an
// uncertain answer, look with [Client.GetAccount] before repeating it. The
// reply holds the added members with their ids.
func (c *Client) AddAccountMembers(ctx context.Context, accountID string, members []AccountMember) ([]AccountMember, error) {
	type added struct {
		AccountID string          `json:"account_id"`
		Members   []AccountMember `json:"members"`
	}
	var reply added
	err := c.send(ctx, "AddAccountMembers", http.MethodPost, "/identity/account-members", added{accountID, members}, &reply)
	if err != nil {
		return nil, err
	}
	if !sameID(reply.AccountID, accountID) {
		return nil, fmt.Errorf("AddAccountMembers: another id: %w", ErrUnreadable)
	}
	return reply.Members, nil
}

// send makes a call whose body need not be kept by the caller.
func (c *Client) send(ctx context.Context, op, method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("%s: %w: %w", op, ErrNotSent, err)
	}
	return c.do(ctx, op, method, path, body, out)
}
