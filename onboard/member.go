package onboard

import (
	"context"
	"slices"
	"strings"

	"embark/paxos"
)

// addAccountMember lets an identity join an account that exists:
// POST /identity/account-members. The call has no key, so the account's members
// are looked at first, always.
func addAccountMember(ctx context.Context, api API, s Step) Answer {
	member, err := request[paxos.AccountMember](s.Record)
	if err != nil {
		return Answer{Err: err}
	}
	member.IdentityID = s.Record.Needs[2].ID
	return createOnce(s, true, accountMemberFinder(ctx, api, s.Record), func() (*Object, error) {
		added, err := api.AddAccountMembers(s.writing(ctx), s.Record.need(KindAccount).ID, []paxos.AccountMember{member})
		if err != nil {
			return nil, err
		}
		return memberObject(added, member.IdentityID), nil
	})
}

func accountMemberFinder(ctx context.Context, api API, r Record) finder {
	return func() (*Object, error) {
		account, err := api.GetAccount(ctx, r.need(KindAccount).ID)
		if err != nil {
			return nil, err
		}
		id := r.Needs[2].ID
		if !slices.ContainsFunc(account.Members, func(m paxos.AccountMember) bool { return strings.EqualFold(m.IdentityID, id) }) {
			return nil, nil
		}
		return memberObject(account.Members, id), nil
	}
}

// memberObject is known by the id of the membership, or of the identity where
// the reply has none.
func memberObject(members []paxos.AccountMember, identityID string) *Object {
	for _, m := range members {
		if strings.EqualFold(m.IdentityID, identityID) && m.ID != "" {
			return &Object{ID: m.ID}
		}
	}
	return &Object{ID: identityID}
}
