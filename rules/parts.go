package rules

import (
	"slices"

	"embark/paxos"
)

// Parts holds the cells of what a row asks for beside identity and account.
type Parts struct {
	Members        string
	AccountMembers string

	FiatAccount FiatAccount

	DepositNetwork           string
	DepositRoutingNumberType string

	Order Order

	Documents     string
	SandboxStatus string
}

// parts gives the cells a place where there is none yet.
func (p *Row) parts() *Parts {
	if p.Parts == nil {
		p.Parts = new(Parts)
	}
	return p.Parts
}

// PartColumns lists the columns that persons and institutions may have beside
// those of identity and account. None is required by itself.
func PartColumns() []Column { return slices.Clone(partColumns) }

var partColumns = slices.Concat(
	[]Column{
		{Name: "members", Group: GroupMembers, Need: Conditional, Format: "text",
			About:   "of an institution: who has a part in it, as ref_id:ROLE, ref_id:ROLE:percent or ref_id:ROLE:percent:position, with | between them; of a person the same as account.members",
			Example: "cust-00000018:AUTHORIZED_USER", cell: func(p *Row) *string { return &p.parts().Members }},
		{Name: "account.members", Group: GroupMembers, Need: Optional, Format: "text",
			About: "joint owners, advisers and authorised users of the account, as ref_id:ROLE with | between them", Example: "cust-00000018:BENEFICIAL_OWNER",
			cell: func(p *Row) *string { return &p.parts().AccountMembers }},
	},
	fiatAccountColumns,
	[]Column{
		{Name: "deposit.network", Group: GroupDeposit, Need: Optional, Format: "enum", Values: depositNetworks,
			About: "how the customer will pay in; asks for deposit instructions", Example: NetworkWire,
			cell: func(p *Row) *string { return &p.parts().DepositNetwork }},
		{Name: "deposit.routing_number_type", Group: GroupDeposit, Need: Optional, Format: "enum", Values: routingTypes,
			About: "kind of the bank's number wanted in the instructions; WIRE only", Example: routingABA,
			cell: func(p *Row) *string { return &p.parts().DepositRoutingNumberType }},
	},
	orderColumns,
	[]Column{
		{Name: "documents", Group: GroupDocuments, Need: Optional, Format: "text",
			About:   "files to supply if Paxos asks for them, as TYPE=path or TYPE+TYPE=path, with | between them; pdf, jpg, jpeg, png",
			Example: "PROOF_OF_RESIDENCY=documents/utility-bill.pdf", cell: func(p *Row) *string { return &p.parts().Documents }},
		{Name: "sandbox.status", Group: GroupSandbox, Need: Optional, Format: "enum", Values: paxos.IdentityStatuses(),
			About: "status to force in Paxos's sandbox; refused anywhere else", Example: paxos.StatusApproved,
			cell: func(p *Row) *string { return &p.parts().SandboxStatus }},
	},
)

// PartChecks lists the rules for what a row asks for beside identity and account.
func PartChecks() []Check { return slices.Clone(partChecks) }

var partChecks = slices.Concat(
	accountMemberChecks,
	[]Check{
		{Rule{ID: "account_needed", Text: "bank account, deposit, order and account members need an account, and account.type is NONE",
			Hint: "empty account.type, or the columns that need an account"}, GroupAccount, "account.type",
			func(p *Row, _ Options) bool {
				return p.AccountType == AccountNone &&
					(p.WantsFiatAccount() || p.wantsDeposit() || p.WantsOrder() || p.AccountMembers() != "")
			}},
		{Rule{ID: "deposit_network", Text: "deposit.network is missing"}, GroupDeposit, "deposit.network",
			func(p *Row, _ Options) bool { return p.wantsDeposit() && p.parts().DepositNetwork == "" }},
		{Rule{ID: "deposit_network", Text: "only wires have a routing number type", Hint: "empty the cell, or set deposit.network to WIRE"},
			GroupDeposit, "deposit.routing_number_type",
			func(p *Row, _ Options) bool {
				d := p.parts()
				return d.DepositRoutingNumberType != "" && d.DepositNetwork != "" && d.DepositNetwork != NetworkWire
			}},
	},
	fiatAccountChecks,
	ownerChecks,
	orderChecks,
	documentChecks,
)

func (p *Row) wantsDeposit() bool {
	return p.parts().DepositNetwork+p.parts().DepositRoutingNumberType != ""
}

func (p *Row) checkParts(found []Finding, o Options) []Finding {
	for i := range partColumns {
		c := &partColumns[i]
		if r := c.check(*c.cell(p), o); r != nil {
			found = append(found, r.Finding(c.Name))
		}
	}
	return failing(found, partChecks, p, o)
}

func failing(found []Finding, checks []Check, p *Row, o Options) []Finding {
	for i := range checks {
		if c := &checks[i]; c.fails(p, o) {
			found = append(found, c.Finding(c.Column))
		}
	}
	return found
}
