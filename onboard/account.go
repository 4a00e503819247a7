package onboard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	jsonv2 "github.com/go-json-experiment/json"

	"embark/paxos"
)

// createAccount posts the account with its profile. An identity may have many
// accounts, so nothing at Paxos is certain to stop a second one: the account
// is looked for first whenever one may exist already, that is on a repeat and
// under an identity that was not made by this checkpoint.
func createAccount(ctx context.Context, api API, s Step) Answer {
	var req paxos.CreateAccountRequest
	if err := jsonv2.Unmarshal(s.Record.Request, &req); err != nil {
		return Answer{Err: notMade(fmt.Errorf("stored request of %q", s.Record.Key))}
	}
	if s.Repeat() || !s.Record.Needs[0].Ours {
		found, err := findAccount(ctx, api, s.Record)
		switch {
		case errors.Is(err, errNameless):
			return Answer{Err: err, Exists: true}
		case err != nil:
			return Answer{Err: notMade(err)}
		}
		if found != nil {
			return foundAccount(ctx, api, s, found)
		}
	}
	req.Account.IdentityID = s.Record.Needs[0].ID
	body, err := json.Marshal(req)
	if err != nil {
		return Answer{Err: notMade(err)}
	}
	a, err := api.CreateAccount(s.writing(ctx), body)
	if err == nil {
		return Answer{Object: accountObject(ctx, api, a), Origin: Made}
	}
	if paxos.StatusOf(err) == http.StatusConflict {
		return findAgain(ctx, api, s, err)
	}
	return Answer{Err: err}
}

// findAgain looks for an account that a 409 says exists, now or earlier, or
// that may exist while it must not be made.
func findAgain(ctx context.Context, api API, s Step, conflict error) Answer {
	found, err := findAccount(ctx, api, s.Record)
	if found != nil {
		return foundAccount(ctx, api, s, found)
	}
	if err == nil {
		err = conflict
	}
	return Answer{Err: err, Exists: conflict != nil || s.Record.Exists}
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

// foundAccount adopts an account that carries our ref_id under our identity.
func foundAccount(ctx context.Context, api API, s Step, a *paxos.Account) Answer {
	origin := Adopted
	if s.Repeat() {
		origin = Repeated
	}
	return Answer{Object: accountObject(ctx, api, a), Origin: origin}
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

func readAccount(ctx context.Context, api API, id string) Answer {
	a, err := api.GetAccount(ctx, id)
	if err != nil {
		return Answer{Err: err}
	}
	return Answer{Object: &Object{ID: a.ID, Status: a.SummaryStatus, ProfileID: a.ProfileID}}
}
