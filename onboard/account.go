package onboard

import (
	"context"
	"errors"
	"fmt"

	"embark/paxos"
)

// createAccount posts the account with its profile. An identity may have many
// accounts, so nothing at Paxos is certain to stop a second one: the account
// is looked for first whenever one may exist already, that is on a repeat and
// under an identity that was not made by this checkpoint.
func createAccount(ctx context.Context, api API, s Step) Answer {
	return createOnce(s, s.Repeat() || !s.Record.Needs[0].Ours, accountFinder(ctx, api, s.Record), func() (*Object, error) {
		body, err := body(s.Record, func(req *paxos.CreateAccountRequest) {
			req.Account.IdentityID = s.Record.Needs[0].ID
			for i := range req.Account.Members {
				req.Account.Members[i].IdentityID = s.Record.Needs[1+i].ID
			}
		})
		if err != nil {
			return nil, err
		}
		a, err := api.CreateAccount(s.writing(ctx), body)
		if err != nil {
			return nil, err
		}
		return accountObject(ctx, api, a), nil
	})
}

func accountFinder(ctx context.Context, api API, r Record) finder {
	return func() (*Object, error) {
		found, err := findAccount(ctx, api, r)
		if err != nil || found == nil {
			return nil, err
		}
		return accountObject(ctx, api, found), nil
	}
}

// findAccount walks the accounts of the identity: there is no filter by ref_id.
func findAccount(ctx context.Context, api API, r Record) (*paxos.Account, error) {
	query := paxos.ListAccountsQuery{IdentityID: r.Needs[0].ID}
	for {
		page, err := api.ListAccounts(ctx, query)
		if err != nil {
			return nil, err
		}
		for i := range page.Items {
			a, err := named(ctx, api, &page.Items[i])
			if err != nil {
				return nil, err
			}
			if isAccount(a, r) {
				return a, nil
			}
		}
		if page.NextCursor == "" || page.NextCursor == query.PageCursor {
			return nil, nil
		}
		query.PageCursor = page.NextCursor
	}
}

// errNameless: the identity has an account that does not show its ref_id, so
// nobody can tell whether it is the one that is looked for.
var errNameless = errors.New("an account without a ref_id")

// named reads an account of a list whose items lack the ref_id, which is not
// documented to be in them.
func named(ctx context.Context, api API, a *paxos.Account) (*paxos.Account, error) {
	if a.ID == "" {
		return nil, fmt.Errorf("listed account without an id: %w", paxos.ErrUnreadable)
	}
	if a.RefID != "" {
		return a, nil
	}
	read, err := api.GetAccount(ctx, a.ID)
	if err == nil && read.RefID == "" {
		err = errNameless
	}
	return read, err
}

// isAccount: the ref_id says which account it is, and the identity whose it is,
// should a server not filter by identity_id.
func isAccount(a *paxos.Account, r Record) bool {
	return a.RefID == r.Key.RefID() && (a.IdentityID == "" || a.IdentityID == r.Needs[0].ID)
}

// accountObject reads the account once more when the reply lacks the profile.
// An account that has none can never be given one: that is for the report. One
// that could not be read is read later.
func accountObject(ctx context.Context, api API, a *paxos.Account) *Object {
	unread := false
	if a.ProfileID == "" {
		again, err := api.GetAccount(ctx, a.ID)
		if unread = err != nil; !unread {
			a = again
		}
	}
	return &Object{ID: a.ID, Status: a.SummaryStatus, ProfileID: a.ProfileID, StatusAt: apiTime(a.CreatedAt), Unread: unread}
}

func readAccount(ctx context.Context, api API, r Record) Answer {
	a, err := api.GetAccount(ctx, r.ID)
	if err != nil {
		return Answer{Err: err}
	}
	return Answer{Object: &Object{ID: a.ID, Status: a.SummaryStatus, ProfileID: a.ProfileID}}
}
