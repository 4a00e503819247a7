package onboard

import "embark/paxos"

// Customer is what a valid row describes. It holds personal data in clear and
// lives only as long as its row is being worked on.
type Customer struct {
	RefID      string                       // names the customer at Paxos and everywhere else
	IdentityID string                       // the person exists at Paxos already; Identity is not sent
	Identity   *paxos.CreateIdentityRequest // nil when IdentityID is given
	Account    *paxos.CreateAccountRequest  // nil for account.type=NONE; identity_id is filled in when it is sent
}
