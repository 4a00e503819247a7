package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"embark/onboard"
	"embark/paxos"
)

// verifiers tell, by kind, what is different at Paxos from a record that has
// an id. A kind without one is reported as not verified.
var verifiers = map[onboard.Kind]func(context.Context, VerifyAPI, onboard.Record) (reading, error){
	onboard.KindIdentity:            verifyIdentity,
	onboard.KindAccount:             verifyAccount,
	onboard.KindFiatAccount:         verifyFiatAccount,
	onboard.KindDepositInstructions: verifyDepositInstructions,
	onboard.KindOrder:               verifyOrder,
}

// reading is what came of one record.
type reading struct {
	points  []Point
	decided bool // since the checkpoint last heard of it
}

func (r *reading) differs(code, format string, values ...any) {
	r.points = append(r.points, Point{code, fmt.Sprintf(format, values...)})
}

// verifyIdentity reads an identity, without details: GET /identity/identities/{id}.
// A status that was no decision yet may have become one; any other change
// should have reached the checkpoint.
func verifyIdentity(ctx context.Context, api VerifyAPI, r onboard.Record) (found reading, err error) {
	i, err := api.GetIdentity(ctx, r.ID, false)
	if err != nil {
		return found, err
	}
	if r.Origin != onboard.Given && i.RefID != "" && i.RefID != r.Key.RefID() {
		found.differs(PointRefID, "it has another ref_id at Paxos")
	}
	switch now := i.CurrentStatus(); {
	case now == r.Status:
	case !r.Decided():
		found.decided = true
	default:
		found.differs(PointStatus, "it is %q in the checkpoint and %q at Paxos", r.Status, now)
	}
	return found, nil
}

// verifyAccount lists the accounts of the identity, which shows the account
// itself and whether its ref_id was given twice: GET /identity/accounts. It is
// read by its id only where the list does not show all that is wanted.
func verifyAccount(ctx context.Context, api VerifyAPI, r onboard.Record) (found reading, err error) {
	owner := ""
	if len(r.Needs) > 0 {
		owner = r.Needs[0].ID
	}
	account, err := found.siblings(ctx, api, r, owner)
	if err != nil {
		return found, err
	}
	if account == nil || account.ProfileID == "" || account.RefID == "" {
		if account, err = api.GetAccount(ctx, r.ID); err != nil {
			return found, err
		}
	}
	found.compare(account, r, owner)
	return found, nil
}

func (r *reading) compare(a *paxos.Account, known onboard.Record, owner string) {
	if a.RefID != "" && a.RefID != known.Key.RefID() {
		r.differs(PointRefID, "it has another ref_id at Paxos")
	}
	if owner != "" && a.IdentityID != "" && !strings.EqualFold(a.IdentityID, owner) {
		r.differs(PointIdentity, "it belongs to the identity %q at Paxos, not to %q", a.IdentityID, owner)
	}
	switch {
	case a.ProfileID == "":
		r.differs(PointProfile, "it has no profile at Paxos")
	case known.ProfileID == "":
		r.differs(PointProfile, "it has the profile %q at Paxos and none in the checkpoint", a.ProfileID)
	case !strings.EqualFold(a.ProfileID, known.ProfileID):
		r.differs(PointProfile, "it has the profile %q at Paxos, not %q", a.ProfileID, known.ProfileID)
	}
}

// siblings goes through the accounts of the identity, finds the account among
// them and notes others with its ref_id.
func (r *reading) siblings(ctx context.Context, api VerifyAPI, known onboard.Record, owner string) (account *paxos.Account, err error) {
	if owner == "" {
		return nil, nil
	}
	query := paxos.ListAccountsQuery{IdentityID: owner}
	for {
		page, err := api.ListAccounts(ctx, query)
		if err != nil {
			return nil, err
		}
		for i := range page.Items {
			a := &page.Items[i]
			if strings.EqualFold(a.ID, known.ID) {
				account = a
			} else if err := r.sibling(ctx, api, known, a); err != nil {
				return nil, err
			}
		}
		if page.NextCursor == "" || page.NextCursor == query.PageCursor {
			return account, nil
		}
		query.PageCursor = page.NextCursor
	}
}

// verifyFiatAccount looks the bank account up by its ref_id:
// GET /transfer/fiat-accounts.
func verifyFiatAccount(ctx context.Context, api VerifyAPI, r onboard.Record) (reading, error) {
	page, err := api.ListFiatAccounts(ctx, paxos.ListFiatQuery{RefIDs: []string{r.Key.RefID()}})
	if err != nil {
		return reading{}, err
	}
	return listed(r, page.Items, func(f paxos.FiatAccount) (string, string) { return f.RefID, f.ID }), nil
}

// verifyDepositInstructions does so at GET /transfer/fiat-deposit-instructions.
func verifyDepositInstructions(ctx context.Context, api VerifyAPI, r onboard.Record) (reading, error) {
	page, err := api.ListFiatDepositInstructions(ctx, paxos.ListFiatQuery{RefIDs: []string{r.Key.RefID()}})
	if err != nil {
		return reading{}, err
	}
	return listed(r, page.Items, func(d paxos.FiatDepositInstructions) (string, string) { return d.RefID, d.ID }), nil
}

// verifyOrder does so at GET /orders.
func verifyOrder(ctx context.Context, api VerifyAPI, r onboard.Record) (reading, error) {
	page, err := api.ListOrders(ctx, paxos.ListOrdersQuery{RefIDs: []string{r.Key.RefID()}})
	if err != nil {
		return reading{}, err
	}
	return listed(r, page.Items, func(o paxos.Order) (string, string) { return o.RefID, o.ID }), nil
}

// listed holds what a list shows under the record's ref_id against the id that
// the checkpoint knows.
func listed[T any](known onboard.Record, items []T, name func(T) (refID, id string)) (found reading) {
	there := false
	for _, item := range items {
		switch refID, id := name(item); {
		case refID != known.Key.RefID():
		case id == known.ID:
			there = true
		default:
			found.differs(PointTwin, "there is a second one with this ref_id, %q", id)
		}
	}
	if !there {
		found.differs(PointMissing, "it is not at Paxos")
	}
	return found
}

// sibling judges another account of the identity. A list item may lack the
// ref_id: it is read then.
func (r *reading) sibling(ctx context.Context, api VerifyAPI, known onboard.Record, a *paxos.Account) error {
	if a.RefID == "" {
		read, err := api.GetAccount(ctx, a.ID)
		var refused *paxos.Error
		if errors.As(err, &refused) && refused.Refused() {
			r.differs(PointUnread, "the account %q beside it, which may be its twin, cannot be read (HTTP %d)", a.ID, refused.Status)
			return nil
		}
		if err != nil {
			return err
		}
		a = read
	}
	if a.RefID == known.Key.RefID() {
		r.differs(PointTwin, "the identity has a second account with this ref_id, %q", a.ID)
	}
	return nil
}
