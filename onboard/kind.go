package onboard

import (
	"context"

	"embark/paxos"
)

// trade is what is particular to a kind of object: how it is made, how it is
// found again when an answer was lost, and how it is read. All else is the same
// for all kinds.
type trade struct {
	create func(context.Context, API, Step) Answer
	find   func(context.Context, API, Record) finder
	read   func(context.Context, API, Record) Answer
}

func (k Kind) trade() trade {
	switch k {
	case KindAccount:
		return trade{createAccount, accountFinder, readAccount}
	case KindAccountMember:
		return trade{addAccountMember, accountMemberFinder, nil}
	case KindFiatAccount:
		return trade{createFiatAccount, fiatAccountFinder, readFiatAccount}
	case KindDepositInstructions:
		return trade{createDepositInstructions, depositInstructionsFinder, nil}
	case KindOrder:
		return trade{createOrder, orderFinder, readOrder}
	case KindDocument:
		return trade{createDocument, documentFinder, nil}
	case KindSandboxStatus:
		return trade{setSandboxStatus, nil, nil}
	case KindSandboxDeposit:
		return trade{createSandboxDeposit, sandboxDepositFinder, nil}
	}
	return trade{createIdentity, nil, readIdentityRecord}
}

// final tells whether a status is the last word on an object of the kind, as
// far as it can be waited for. An unknown status is not.
func (k Kind) final(status string) bool {
	switch k {
	case KindIdentity:
		return decided(status)
	case KindFiatAccount:
		return status == paxos.StatusApproved || status == paxos.FiatAccountRejected
	case KindOrder:
		switch status {
		case paxos.OrderFilled, paxos.OrderCancelled, paxos.OrderRejected, paxos.OrderExpired:
			return true
		}
		return false
	}
	return true
}

// polled: no event tells of what becomes of these, so they are read.
func (k Kind) polled() bool { return k == KindFiatAccount || k == KindOrder }

// sandboxOnly: these are never sent to production, whatever asks for them.
func (k Kind) sandboxOnly() bool { return k == KindSandboxStatus || k == KindSandboxDeposit }
