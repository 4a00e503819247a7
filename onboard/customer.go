package onboard

import "embark/paxos"

// Customer is what a valid row describes. It holds personal data in clear and
// lives only as long as its row is being worked on. What the requests lack is
// filled in when they are sent: ids of identities, accounts and profiles.
type Customer struct {
	RefID      string                       // names the customer at Paxos and everywhere else
	IdentityID string                       // it exists at Paxos already; Identity is not sent
	Identity   *paxos.CreateIdentityRequest // a person or an institution; nil when IdentityID is given
	Members    []Member                     // of an institution

	Account        *paxos.CreateAccountRequest // nil for account.type=NONE
	AccountMembers []Member                    // joint owners, advisers, authorised users

	FiatAccount *paxos.CreateFiatAccountRequest             // bank account for withdrawals; may be nil
	Deposit     *paxos.CreateFiatDepositInstructionsRequest // may be nil
	Order       *paxos.CreateOrderRequest                   // first order; may be nil
	Documents   []Document                                  // what may be supplied if Paxos asks for it
	Fund        *paxos.SandboxDepositRequest                // in Paxos's sandbox only; may be nil

	SandboxStatus string // status to force in Paxos's sandbox; empty for none
}

// Member names a customer with a part in an institution or account.
type Member struct {
	RefID     string   // of the row that describes the member
	Roles     []string // the API's own names
	Ownership string   // percent as a decimal string; institutions only
	Position  string   // institutions only
}

// Document is a file with the types that it serves for.
type Document struct {
	Types []string
	Path  string
}
