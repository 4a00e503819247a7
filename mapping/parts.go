package mapping

import (
	"strings"

	"embark/onboard"
	"embark/paxos"
	"embark/rules"
)

// addParts builds what a row asks for beside identity and account.
func addParts(c *onboard.Customer, p *rules.Row) {
	if !p.Exists() {
		c.Members = members(p.InstitutionMembers())
	}
	c.AccountMembers = members(p.AccountMembers())
	if p.WantsFiatAccount() {
		c.FiatAccount = fiatAccount(p)
		complete(c.FiatAccount, c)
	}
	c.Deposit = deposit(p.Parts, c)
	if p.WantsOrder() {
		c.Order = order(&p.Parts.Order, c)
	}
	for _, d := range rules.Documents(p.Parts.Documents) {
		c.Documents = append(c.Documents, onboard.Document(d))
	}
	c.SandboxStatus = p.Parts.SandboxStatus
}

// members makes one member of all items that name the same ref_id.
func members(cell string) []onboard.Member {
	var list []onboard.Member
	places := map[string]int{}
	for _, item := range rules.Members(cell) {
		i, ok := places[item.RefID]
		if !ok {
			i, places[item.RefID] = len(list), len(list)
			list = append(list, onboard.Member{RefID: item.RefID})
		}
		m := &list[i]
		m.Roles = append(m.Roles, item.Role)
		m.Ownership, m.Position = or(m.Ownership, item.Ownership), or(m.Position, item.Position)
	}
	return list
}

func deposit(p *rules.Parts, c *onboard.Customer) *paxos.CreateFiatDepositInstructionsRequest {
	if p.DepositNetwork == "" {
		return nil
	}
	return &paxos.CreateFiatDepositInstructionsRequest{RefID: c.Account.Account.RefID + "-deposit",
		FiatNetwork: p.DepositNetwork, RoutingNumberType: p.DepositRoutingNumberType}
}

func order(o *rules.Order, c *onboard.Customer) *paxos.CreateOrderRequest {
	return &paxos.CreateOrderRequest{
		RefID:          or(o.RefID, c.Account.Account.RefID+"-order"),
		Side:           o.Side,
		Market:         o.Market,
		Type:           o.Type,
		BaseAmount:     o.BaseAmount,
		QuoteAmount:    o.QuoteAmount,
		Price:          o.Price,
		StopPrice:      o.StopPrice,
		TimeInForce:    o.TimeInForce,
		ExpirationDate: rules.UnixMillis(o.ExpirationDate),
	}
}

// fiatAccount builds the request for a bank account as far as its own cells
// tell; complete adds the rest.
func fiatAccount(p *rules.Row) *paxos.CreateFiatAccountRequest {
	f := &p.Parts.FiatAccount
	return &paxos.CreateFiatAccountRequest{RefID: f.RefID, FiatAccountOwner: owner(f), FiatNetworkInstructions: instructions(p.FiatNetwork(), f)}
}

// owner is nil where the customer is the owner.
func owner(f *rules.FiatAccount) *paxos.FiatAccountOwner {
	switch {
	case f.Name != "":
		return &paxos.FiatAccountOwner{InstitutionDetails: &paxos.FiatInstitution{Name: f.Name}}
	case f.LastName != "":
		return &paxos.FiatAccountOwner{PersonDetails: &paxos.FiatPerson{FirstName: f.FirstName, LastName: f.LastName}}
	}
	return nil
}

func instructions(network string, f *rules.FiatAccount) *paxos.FiatNetworkInstructions {
	bank := &paxos.BankInstructions{AccountNumber: f.AccountNumber}
	switch network {
	case rules.NetworkCubix:
		return &paxos.FiatNetworkInstructions{Cubix: &paxos.CubixInstructions{AccountID: strings.ToLower(f.CubixAccountID)}}
	case rules.NetworkCbit:
		return &paxos.FiatNetworkInstructions{Cbit: &paxos.CbitInstructions{WalletAddress: f.WalletAddress}}
	case rules.NetworkDBSAct:
		return &paxos.FiatNetworkInstructions{DBSAct: bank}
	case rules.NetworkSCB:
		return &paxos.FiatNetworkInstructions{SCB: bank}
	case rules.NetworkRTP: // of its routing details only the number is documented
		return &paxos.FiatNetworkInstructions{RTP: &paxos.RTPInstructions{AccountNumber: f.AccountNumber,
			RoutingDetails: &paxos.RoutingDetails{RoutingNumber: f.Routing.RoutingNumber}}}
	}
	return &paxos.FiatNetworkInstructions{Wire: &paxos.WireInstructions{
		AccountNumber:              f.AccountNumber,
		FiatAccountOwnerAddress:    address(&f.OwnerAddress),
		RoutingDetails:             routing(&f.Routing),
		IntermediaryRoutingDetails: routing(&f.Intermediary),
	}}
}

func routing(r *rules.Routing) *paxos.RoutingDetails {
	if *r == (rules.Routing{}) {
		return nil
	}
	return &paxos.RoutingDetails{RoutingNumberType: r.RoutingNumberType, RoutingNumber: r.RoutingNumber,
		BankName: r.BankName, BankAddress: address(&r.BankAddress)}
}

// complete gives a bank account what it takes from its customer: the name, the
// owner and the owner's address. Who exists at Paxos already has neither here.
func complete(f *paxos.CreateFiatAccountRequest, c *onboard.Customer) {
	f.RefID = or(f.RefID, c.Account.Account.RefID+"-fiat")
	if c.Identity == nil {
		return
	}
	ownName, ownAddress := own(c.Identity)
	if f.FiatAccountOwner == nil {
		f.FiatAccountOwner = ownName
	}
	if w := f.FiatNetworkInstructions.Wire; w != nil && w.FiatAccountOwnerAddress == nil {
		w.FiatAccountOwnerAddress = ownAddress
	}
}

func own(i *paxos.CreateIdentityRequest) (*paxos.FiatAccountOwner, *paxos.Address) {
	if d := i.InstitutionDetails; d != nil {
		return &paxos.FiatAccountOwner{InstitutionDetails: &paxos.FiatInstitution{Name: d.Name}}, d.BusinessAddress
	}
	d := i.PersonDetails
	return &paxos.FiatAccountOwner{PersonDetails: &paxos.FiatPerson{FirstName: d.FirstName, LastName: d.LastName}}, d.Address
}
