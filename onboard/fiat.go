package onboard

import (
	"context"
	"strings"

	"embark/paxos"
)

// createFiatAccount posts the customer's bank account. Paxos promises to refuse
// a ref_id that is taken but declares no 409 for it, so it is looked for first
// whenever it may exist: on a repeat, and under an account that was not made by
// this checkpoint.
func createFiatAccount(ctx context.Context, api API, s Step) Answer {
	return createOnce(s, s.Repeat() || !s.Record.need(KindAccount).Ours, fiatAccountFinder(ctx, api, s.Record), func() (*Object, error) {
		body, err := body(s.Record, func(req *paxos.CreateFiatAccountRequest) {
			req.IdentityID, req.AccountID = s.Record.need(KindIdentity).ID, s.Record.need(KindAccount).ID
		})
		if err != nil {
			return nil, err
		}
		f, err := api.CreateFiatAccount(s.writing(ctx), body)
		if err != nil {
			return nil, err
		}
		return fiatAccountObject(f), nil
	})
}

func fiatAccountFinder(ctx context.Context, api API, r Record) finder {
	return func() (*Object, error) {
		page, err := api.ListFiatAccounts(ctx, paxos.ListFiatQuery{RefIDs: []string{r.Key.RefID()}})
		if err != nil {
			return nil, err
		}
		for i := range page.Items {
			f := &page.Items[i]
			if f.RefID == r.Key.RefID() && (f.IdentityID == "" || f.IdentityID == r.need(KindIdentity).ID) {
				return fiatAccountObject(f), nil
			}
		}
		return nil, nil
	}
}

// BankNumbers name a bank account to its network: network, number and bank. They
// are secrets.
func BankNumbers(f *paxos.CreateFiatAccountRequest) string {
	n := f.FiatNetworkInstructions
	switch {
	case n == nil:
		return ""
	case n.Wire != nil:
		return strings.Join([]string{"WIRE", n.Wire.AccountNumber, routingNumber(n.Wire.RoutingDetails)}, " ")
	case n.RTP != nil:
		return strings.Join([]string{"RTP", n.RTP.AccountNumber, routingNumber(n.RTP.RoutingDetails)}, " ")
	case n.DBSAct != nil:
		return "DBS_ACT " + n.DBSAct.AccountNumber
	case n.SCB != nil:
		return "SCB " + n.SCB.AccountNumber
	case n.Cubix != nil:
		return "CUBIX " + n.Cubix.AccountID
	case n.Cbit != nil:
		return "CBIT " + n.Cbit.WalletAddress
	}
	return ""
}

func routingNumber(d *paxos.RoutingDetails) string {
	if d == nil {
		return ""
	}
	return d.RoutingNumber
}

func readFiatAccount(ctx context.Context, api API, r Record) Answer {
	f, err := api.GetFiatAccount(ctx, r.ID)
	if err != nil {
		return Answer{Err: err}
	}
	return Answer{Object: fiatAccountObject(f)}
}

func fiatAccountObject(f *paxos.FiatAccount) *Object {
	return &Object{ID: f.ID, Status: f.Status, StatusAt: apiTime(or(f.UpdatedAt, f.CreatedAt))}
}

// createDepositInstructions asks how the customer is to pay in.
func createDepositInstructions(ctx context.Context, api API, s Step) Answer {
	return createOnce(s, s.Repeat() || !s.Record.need(KindAccount).Ours, depositInstructionsFinder(ctx, api, s.Record), func() (*Object, error) {
		body, err := body(s.Record, func(req *paxos.CreateFiatDepositInstructionsRequest) {
			account := s.Record.need(KindAccount)
			req.IdentityID, req.AccountID, req.ProfileID = s.Record.need(KindIdentity).ID, account.ID, account.Profile
		})
		if err != nil {
			return nil, err
		}
		d, err := api.CreateFiatDepositInstructions(s.writing(ctx), body)
		if err != nil {
			return nil, err
		}
		return depositInstructionsObject(d), nil
	})
}

func depositInstructionsFinder(ctx context.Context, api API, r Record) finder {
	return func() (*Object, error) {
		page, err := api.ListFiatDepositInstructions(ctx, paxos.ListFiatQuery{RefIDs: []string{r.Key.RefID()}})
		if err != nil {
			return nil, err
		}
		for i := range page.Items {
			d := &page.Items[i]
			if d.RefID == r.Key.RefID() && (d.IdentityID == "" || d.IdentityID == r.need(KindIdentity).ID) {
				return depositInstructionsObject(d), nil
			}
		}
		return nil, nil
	}
}

func depositInstructionsObject(d *paxos.FiatDepositInstructions) *Object {
	return &Object{ID: d.ID, Status: d.Status, MemoID: d.MemoID, StatusAt: apiTime(d.CreatedAt)}
}
