package paxossim

import (
	"github.com/google/uuid"

	"embark/paxos"
)

// fiatFault is the first thing wrong with a request for a bank account. Like
// personFault it is written from the sources alone.
func fiatFault(r *paxos.CreateFiatAccountRequest) string {
	if f := ownerFault(r.FiatAccountOwner); f != "" {
		return f
	}
	if f := networkFault(r.FiatNetworkInstructions); f != "" {
		return f
	}
	return metadataFault(r.Metadata)
}

func ownerFault(o *paxos.FiatAccountOwner) string {
	const prefix = "fiat_account_owner"
	switch {
	case o == nil:
		return prefix + " must be set"
	case (o.PersonDetails == nil) == (o.InstitutionDetails == nil):
		return prefix + " must have one of person_details and institution_details"
	case o.PersonDetails != nil:
		return firstFault(o.PersonDetails, prefix+".person_details.", fiatPersonChecks)
	}
	return firstFault(o.InstitutionDetails, prefix+".institution_details.", fiatInstitutionChecks)
}

// The schema sets no pattern or length for the names; 200 is that of identities.
var fiatPersonChecks = []check[paxos.FiatPerson]{
	{"first_name", func(p *paxos.FiatPerson) string { return p.FirstName }, true, atMost(200)},
	{"last_name", func(p *paxos.FiatPerson) string { return p.LastName }, true, atMost(200)},
}

var fiatInstitutionChecks = []check[paxos.FiatInstitution]{
	{"name", func(i *paxos.FiatInstitution) string { return i.Name }, true, atMost(200)},
}

// networkFault wants exactly one network, with all its parts.
func networkFault(n *paxos.FiatNetworkInstructions) string {
	const prefix = "fiat_network_instructions"
	if n == nil {
		return prefix + " must be set"
	}
	given := 0
	for _, is := range []bool{n.Wire != nil, n.Cubix != nil, n.Cbit != nil, n.DBSAct != nil, n.SCB != nil, n.RTP != nil} {
		if is {
			given++
		}
	}
	if given != 1 {
		return prefix + " must have exactly one network"
	}
	return partsFault(n, prefix+".")
}

func partsFault(n *paxos.FiatNetworkInstructions, prefix string) string {
	switch {
	case n.Wire != nil:
		return wireFault(n.Wire, prefix+"wire.")
	case n.RTP != nil:
		return rtpFault(n.RTP, prefix+"rtp.")
	case n.Cubix != nil:
		return firstFault(n.Cubix, prefix+"cubix.", cubixChecks)
	case n.Cbit != nil:
		return firstFault(n.Cbit, prefix+"cbit.", cbitChecks)
	case n.DBSAct != nil:
		return firstFault(n.DBSAct, prefix+"dbs_act.", bankChecks)
	}
	return firstFault(n.SCB, prefix+"scb.", bankChecks)
}

// bankNumber: no length is documented; an IBAN has up to 34 characters.
var bankNumber = text(34)

var bankChecks = []check[paxos.BankInstructions]{
	{"account_number", func(b *paxos.BankInstructions) string { return b.AccountNumber }, true, bankNumber},
}

var cbitChecks = []check[paxos.CbitInstructions]{
	{"wallet_address", func(c *paxos.CbitInstructions) string { return c.WalletAddress }, true, atMost(200)},
}

var cubixChecks = []check[paxos.CubixInstructions]{
	{"account_id", func(c *paxos.CubixInstructions) string { return c.AccountID }, true, isUUID},
}

func isUUID(v string) fault {
	if _, err := uuid.Parse(v); err != nil {
		return "must be a UUID"
	}
	return ""
}

func wireFault(w *paxos.WireInstructions, prefix string) string {
	if w.AccountNumber == "" {
		return prefix + "account_number must be set"
	}
	if f := bankNumber(w.AccountNumber); f != "" {
		return f.in(prefix + "account_number")
	}
	if f := mailingFault(w.FiatAccountOwnerAddress, prefix+"fiat_account_owner_address"); f != "" {
		return f
	}
	if f := routingFault(w.RoutingDetails, prefix+"routing_details"); f != "" || w.IntermediaryRoutingDetails == nil {
		return f
	}
	return routingFault(w.IntermediaryRoutingDetails, prefix+"intermediary_routing_details")
}

// mailingFault asks for more than the schema, which requires the country
// alone: since January 2024 the server does too.
func mailingFault(a *address, name string) string {
	if a == nil {
		return name + " must be set"
	}
	return firstFault(a, name+".", addressChecks)
}

func routingFault(d *paxos.RoutingDetails, name string) string {
	if d == nil {
		return name + " must be set"
	}
	if f := firstFault(d, name+".", routingChecks); f != "" {
		return f
	}
	number := rule(abaNumber)
	if d.RoutingNumberType == "SWIFT" {
		number = swiftCode
	}
	if f := number(d.RoutingNumber); f != "" {
		return f.in(name + ".routing_number")
	}
	return mailingFault(d.BankAddress, name+".bank_address")
}

func routingNumberTypes() []string { return []string{"ABA", "SWIFT"} }

var routingChecks = []check[paxos.RoutingDetails]{
	{"routing_number_type", func(d *paxos.RoutingDetails) string { return d.RoutingNumberType }, true,
		oneOf(routingNumberTypes())},
	{"routing_number", func(d *paxos.RoutingDetails) string { return d.RoutingNumber }, true, anything},
	{"bank_name", func(d *paxos.RoutingDetails) string { return d.BankName }, true, atMost(200)},
}

// rtpFault: real-time payments are domestic, so the number is an ABA one.
func rtpFault(r *paxos.RTPInstructions, prefix string) string {
	switch {
	case r.AccountNumber == "":
		return prefix + "account_number must be set"
	case r.RoutingDetails == nil || r.RoutingDetails.RoutingNumber == "":
		return prefix + "routing_details.routing_number must be set"
	}
	if f := bankNumber(r.AccountNumber); f != "" {
		return f.in(prefix + "account_number")
	}
	return abaNumber(r.RoutingDetails.RoutingNumber).in(prefix + "routing_details.routing_number")
}

// abaNumber has nine digits; weighted 3, 7, 1 their sum is a multiple of ten.
func abaNumber(v string) fault {
	if !shaped(v, "999999999") {
		return "must have nine digits"
	}
	sum := 0
	for i, weight := range []int{3, 7, 1, 3, 7, 1, 3, 7, 1} {
		sum += weight * int(v[i]-'0')
	}
	if sum%10 != 0 {
		return "has a wrong check digit"
	}
	return ""
}

// swiftCode is a BIC of ISO 9362: bank and country in letters, then a place
// and maybe a branch.
func swiftCode(v string) fault {
	if len(v) != 8 && len(v) != 11 || !shaped(v[:6], "AAAAAA") {
		return "must be a BIC of 8 or 11 characters"
	}
	for i := range len(v) {
		if !(v[i] >= '0' && v[i] <= '9' || v[i] >= 'A' && v[i] <= 'Z') {
			return "must be a BIC of 8 or 11 characters"
		}
	}
	return ""
}
