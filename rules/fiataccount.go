package rules

import (
	"slices"
	"strings"
)

// FiatAccount holds the cells of a bank account. Its numbers are secrets.
type FiatAccount struct {
	RefID          string
	Network        string
	FirstName      string // of the owner, who may be another than the customer
	LastName       string
	Name           string
	AccountNumber  string
	Routing        Routing
	OwnerAddress   Address
	Intermediary   Routing
	CubixAccountID string
	WalletAddress  string
}

// Routing holds the cells that name a bank.
type Routing struct {
	RoutingNumberType string
	RoutingNumber     string
	BankName          string
	BankAddress       Address
}

func (p *Row) fiat() *FiatAccount { return &p.parts().FiatAccount }

// WantsFiatAccount tells whether any of the columns is filled.
func (p *Row) WantsFiatAccount() bool { return p.Parts != nil && p.Parts.FiatAccount != FiatAccount{} }

// FiatNetwork is WIRE where the cell is empty.
func (p *Row) FiatNetwork() string {
	if n := p.fiat().Network; n != "" {
		return n
	}
	return NetworkWire
}

// FiatAccountColumns lists the columns of a file of bank accounts: the customer
// and account that each belongs to, and the bank account.
func FiatAccountColumns() []Column { return slices.Clone(bankFileColumns) }

var bankFileColumns = slices.Concat(shared("ref_id", "account.ref_id"), fiatAccountColumns)

var fiatAccountColumns = slices.Concat(
	[]Column{
		{Name: "fiat_account.ref_id", Group: GroupFiatAccount, Need: Optional, Max: 128, Pattern: `^[0-9A-Za-z._:-]{1,128}$`, Format: "text",
			Default: "<account.ref_id>-fiat", About: "your own id of the bank account", Example: "bank-00000017",
			cell: func(p *Row) *string { return &p.fiat().RefID }, test: testRefID},
		{Name: "fiat_account.network", Group: GroupFiatAccount, Need: Optional, Format: "enum", Values: fiatNetworks, Default: NetworkWire,
			About: "network that money is withdrawn through", Example: NetworkWire, cell: func(p *Row) *string { return &p.fiat().Network }},
		named(fiat("owner.first_name", Optional, "owner, where a person; the customer's own name when absent", "Ada", func(f *FiatAccount) *string { return &f.FirstName })),
		named(fiat("owner.last_name", Optional, "owner, where a person; the customer's own name when absent", "Example", func(f *FiatAccount) *string { return &f.LastName })),
		named(fiat("owner.name", Optional, "owner, where an institution; the customer's own name when absent", "Example Widgets", func(f *FiatAccount) *string { return &f.Name })),
		secretNumber("account_number", "number of the bank account; a secret", "000123456789", func(f *FiatAccount) *string { return &f.AccountNumber }),
	},
	routingColumns("", "bank", func(f *FiatAccount) *Routing { return &f.Routing }),
	addressColumns("fiat_account.owner_address", "owner of the bank account; the customer's own when absent", GroupFiatAccount, Conditional, ownerAddress),
	routingColumns("intermediary.", "intermediary bank of a wire", func(f *FiatAccount) *Routing { return &f.Intermediary }),
	[]Column{
		{Name: "fiat_account.cubix_account_id", Group: GroupFiatAccount, Need: Conditional, Format: "uuid",
			About: "account at CUBIX; CUBIX only", Example: "11111111-2222-4333-8444-555555555555",
			cell: func(p *Row) *string { return &p.fiat().CubixAccountID }, test: testCubix},
		fiat("wallet_address", Conditional, "wallet; CBIT only", "0x0000000000000000000000000000000000000017", func(f *FiatAccount) *string { return &f.WalletAddress }),
	},
)

func fiat(name string, need Need, about, example string, cell func(*FiatAccount) *string) Column {
	return Column{Name: "fiat_account." + name, Group: GroupFiatAccount, Need: need, Format: "text", About: about, Example: example,
		cell: func(p *Row) *string { return cell(p.fiat()) }}
}

func secretNumber(name, about, example string, cell func(*FiatAccount) *string) Column {
	return numbered(fiat(name, Conditional, about, example, cell))
}

func routingColumns(prefix, which string, of func(*FiatAccount) *Routing) []Column {
	kind := fiat(prefix+"routing_number_type", Conditional, which+": ABA in the USA, SWIFT abroad", routingABA, func(f *FiatAccount) *string { return &of(f).RoutingNumberType })
	kind.Format, kind.Values = "enum", routingTypes
	return slices.Concat(
		[]Column{
			kind,
			secretNumber(prefix+"routing_number", which+": nine digits, or a BIC", "021000021", func(f *FiatAccount) *string { return &of(f).RoutingNumber }),
			named(fiat(prefix+"bank_name", Conditional, which, "Example Bank", func(f *FiatAccount) *string { return &of(f).BankName })),
		},
		addressColumns("fiat_account."+prefix+"bank_address", which, GroupFiatAccount, Conditional,
			func(p *Row) *Address { return &of(p.fiat()).BankAddress }),
	)
}

func ownerAddress(p *Row) *Address { return &p.fiat().OwnerAddress }

func cubixFault(v string, o Options) *Rule {
	if uuidFault(v, o) != nil {
		return &ruleCubix
	}
	return nil
}

// fiatAccountChecks are the rules that concern the bank account alone.
var fiatAccountChecks = slices.Concat(
	[]Check{
		numberCheck("ref_id", func(p *Row) string { return p.RefID }),
		numberCheck("account.ref_id", func(p *Row) string { return p.AccountRefID }),
		numberCheck("fiat_account.ref_id", func(p *Row) string { return p.fiat().RefID }),
		numberCheck("order.ref_id", func(p *Row) string { return p.order().RefID }),
		{ruleRefIDHasCIP, GroupFiatAccount, "fiat_account.ref_id", func(p *Row, _ Options) bool { return Tells(p.fiat().RefID, p.CIPID) }},
		{ruleRefIDHasCIP, GroupOrder, "order.ref_id", func(p *Row, _ Options) bool { return Tells(p.order().RefID, p.CIPID) }},
		fiatNeeds("account_number", NetworkWire, NetworkDBSAct, NetworkSCB, NetworkRTP),
		fiatNeeds("routing_number_type", NetworkWire),
		fiatNeeds("routing_number", NetworkWire, NetworkRTP),
		fiatNeeds("bank_name", NetworkWire),
		fiatNeeds("cubix_account_id", NetworkCubix),
		fiatNeeds("wallet_address", NetworkCbit),
	},
	routingChecks("fiat_account.", func(p *Row) *Routing { return &p.fiat().Routing }, ofNetworks(NetworkWire)),
	[]Check{
		intermediaryNeeds("routing_number_type", func(r *Routing) string { return r.RoutingNumberType }),
		intermediaryNeeds("routing_number", func(r *Routing) string { return r.RoutingNumber }),
		intermediaryNeeds("bank_name", func(r *Routing) string { return r.BankName }),
	},
	routingChecks("fiat_account.intermediary.", func(p *Row) *Routing { return &p.fiat().Intermediary }, hasIntermediary),
	addressRequired("fiat_account.owner_address", GroupFiatAccount, func(*Row) bool { return false }, ownerAddress),
	zipRequired("fiat_account.owner_address", GroupFiatAccount, ownerAddress),
	addressChecks("fiat_account.owner_address", GroupFiatAccount, ownerAddress),
	[]Check{
		{Rule{ID: "fiat_account_network", Text: "real-time payments have ABA routing numbers"}, GroupFiatAccount, "fiat_account.routing_number_type",
			func(p *Row, _ Options) bool {
				return p.FiatNetwork() == NetworkRTP && p.fiat().Routing.RoutingNumberType == routingSWIFT
			}},
		fiatUnused("account_number", func(f *FiatAccount) bool { return f.AccountNumber != "" }, NetworkWire, NetworkDBSAct, NetworkSCB, NetworkRTP),
		fiatUnused("routing_number", func(f *FiatAccount) bool { return f.Routing.RoutingNumber+f.Routing.RoutingNumberType != "" }, NetworkWire, NetworkRTP),
		fiatUnused("bank_name", func(f *FiatAccount) bool { return f.Routing.BankName != "" || f.Routing.BankAddress != Address{} }, NetworkWire),
		fiatUnused("owner_address.address1", func(f *FiatAccount) bool { return f.OwnerAddress != Address{} }, NetworkWire),
		fiatUnused("intermediary.routing_number", func(f *FiatAccount) bool { return f.Intermediary != Routing{} }, NetworkWire),
		fiatUnused("cubix_account_id", func(f *FiatAccount) bool { return f.CubixAccountID != "" }, NetworkCubix),
		fiatUnused("wallet_address", func(f *FiatAccount) bool { return f.WalletAddress != "" }, NetworkCbit),
		{Rule{ID: "fiat_account_owner", Text: "the owner is a person or an institution, not both"}, GroupFiatAccount, "fiat_account.owner.name",
			func(p *Row, _ Options) bool { return p.fiat().Name != "" && p.fiat().FirstName+p.fiat().LastName != "" }},
		{Rule{ID: "fiat_account_owner", Text: "the owner's first name is missing"}, GroupFiatAccount, "fiat_account.owner.first_name",
			func(p *Row, _ Options) bool { return p.fiat().FirstName == "" && p.fiat().LastName != "" }},
		{Rule{ID: "fiat_account_owner", Text: "the owner's last name is missing"}, GroupFiatAccount, "fiat_account.owner.last_name",
			func(p *Row, _ Options) bool { return p.fiat().FirstName != "" && p.fiat().LastName == "" }},
	},
)

// ownerChecks are the rules for an owner who is the customer: one who is at
// Paxos already has no name and address of ours.
var ownerChecks = []Check{
	{Rule{ID: "fiat_account_owner", Text: "the owner of the bank account must be named where the customer exists already"},
		GroupFiatAccount, "fiat_account.owner.last_name",
		func(p *Row, _ Options) bool {
			return p.WantsFiatAccount() && p.Exists() && !p.IsInstitution() && p.ownerless()
		}},
	{Rule{ID: "fiat_account_owner", Text: "the owner of the bank account must be named where the customer exists already"},
		GroupFiatAccount, "fiat_account.owner.name",
		func(p *Row, _ Options) bool {
			return p.WantsFiatAccount() && p.Exists() && p.IsInstitution() && p.ownerless()
		}},
	{Rule{ID: "required", Text: "the owner's address is required where the customer exists already"},
		GroupFiatAccount, "fiat_account.owner_address.address1",
		func(p *Row, _ Options) bool {
			return p.WantsFiatAccount() && p.Exists() && p.FiatNetwork() == NetworkWire && p.fiat().OwnerAddress == Address{}
		}},
}

func (p *Row) ownerless() bool { return p.fiat().FirstName+p.fiat().LastName+p.fiat().Name == "" }

// What findings of whole rows of bank accounts name.
const (
	columnOfNoFiatAccount = "fiat_account.account_number"
	columnOfFiatNoAccount = "account.type"
)

// CheckFiatAccount gives what is wrong with a row of a file of bank accounts.
// Whether the customer can be the owner is for [CheckOwner] to say.
func CheckFiatAccount(p *Row, o Options) []Finding {
	var found []Finding
	for i := range bankFileColumns {
		c := &bankFileColumns[i]
		if r := c.check(*c.cell(p), o); r != nil {
			found = append(found, r.Finding(c.Name))
		}
	}
	if !p.WantsFiatAccount() {
		found = append(found, ruleNoFiatAccount.Finding(columnOfNoFiatAccount))
	}
	return failing(found, fiatAccountChecks, p, o)
}

// CheckOwner gives what a bank account lacks for its customer, of whom only
// Type, IdentityID and AccountType need be filled in.
func CheckOwner(p *Row, o Options) []Finding {
	var found []Finding
	if p.AccountType == AccountNone {
		found = append(found, ruleFiatNoAccount.Finding(columnOfFiatNoAccount))
	}
	return failing(found, ownerChecks, p, o)
}

// NumberColumns are those whose cells no ref_id may contain.
func NumberColumns() []string {
	return []string{"cip_id", "fiat_account.account_number", "fiat_account.routing_number", "fiat_account.intermediary.routing_number"}
}

// numberCheck keeps the numbers of the bank account out of a ref_id.
func numberCheck(column string, refID func(*Row) string) Check {
	return Check{ruleRefIDHasNumber, GroupFiatAccount, column, func(p *Row, _ Options) bool {
		v, f := refID(p), p.fiat()
		return IsRefID(v) && // what is none has a fault of its own
			(Tells(v, f.AccountNumber) || Tells(v, f.Routing.RoutingNumber) || Tells(v, f.Intermediary.RoutingNumber))
	}}
}

func ofNetworks(networks ...string) func(*Row) bool {
	return func(p *Row) bool { return p.WantsFiatAccount() && slices.Contains(networks, p.FiatNetwork()) }
}

func fiatNeeds(column string, networks ...string) Check {
	if slices.Contains(networks, NetworkWire) {
		networks = append(networks, "")
	}
	return requires(requiredOf("by this network"), GroupFiatAccount, "fiat_account."+column,
		Conditions{{Column: "fiat_account.network", Values: networks}})
}

// fiatUnused only warns: a file of several networks has the same cells filled
// for all.
func fiatUnused(column string, filled func(*FiatAccount) bool, networks ...string) Check {
	return Check{Rule{ID: "fiat_account_unused", Severity: Warning, Text: "this network has no use for it; it is not sent"},
		GroupFiatAccount, "fiat_account." + column, func(p *Row, _ Options) bool {
			n := p.FiatNetwork()
			return filled(p.fiat()) && slices.Contains(fiatNetworks, n) && !slices.Contains(networks, n)
		}}
}

func hasIntermediary(p *Row) bool { return p.fiat().Intermediary != Routing{} }

func intermediaryNeeds(column string, cell func(*Routing) string) Check {
	return Check{Rule{ID: "required", Text: "a value is required of an intermediary bank"}, GroupFiatAccount, "fiat_account.intermediary." + column,
		func(p *Row, _ Options) bool { return hasIntermediary(p) && cell(&p.fiat().Intermediary) == "" }}
}

// routingChecks are the rules for the number and address of a bank.
func routingChecks(prefix string, of func(*Row) *Routing, needed func(*Row) bool) []Check {
	address := func(p *Row) *Address { return &of(p).BankAddress }
	return slices.Concat(
		[]Check{
			{ruleLeadingZero, GroupFiatAccount, prefix + "routing_number", func(p *Row, _ Options) bool {
				return isABA(p, of(p)) && lostZeros(of(p).RoutingNumber)
			}},
			{Rule{ID: "aba", Text: "this is not an ABA routing number: nine digits, the last of which checks the others", Hint: "take it from a cheque or the bank's statement"},
				GroupFiatAccount, prefix + "routing_number", func(p *Row, _ Options) bool { return isABA(p, of(p)) && badABA(of(p).RoutingNumber) }},
			{Rule{ID: "swift", Text: "this is not a BIC: eight or eleven letters and digits, in capitals", Hint: "e.g. four letters of the bank, two of the country, two of the place"},
				GroupFiatAccount, prefix + "routing_number", func(p *Row, _ Options) bool {
					r := of(p)
					return r.RoutingNumberType == routingSWIFT && r.RoutingNumber != "" && !isScientific(r.RoutingNumber) && !isBIC(r.RoutingNumber)
				}},
		},
		addressRequired(prefix+"bank_address", GroupFiatAccount, needed, address),
		addressChecks(prefix+"bank_address", GroupFiatAccount, address),
	)
}

func isABA(p *Row, r *Routing) bool {
	return r.RoutingNumberType == routingABA || r.RoutingNumberType == "" && p.FiatNetwork() == NetworkRTP
}

// badABA is silent where another rule says enough.
func badABA(v string) bool {
	if v == "" || isScientific(v) || placeholder(v) != nil || lostZeros(v) {
		return false
	}
	return !isABANumber(v)
}

// isABANumber knows the check digit of the American Bankers Association:
// weights 3, 7, 1 and a sum that ten divides. All zeros would pass.
func isABANumber(v string) bool {
	if !shaped(v, "ddddddddd") || strings.Trim(v, "0") == "" {
		return false
	}
	sum := 0
	for i, weight := range [9]int{3, 7, 1, 3, 7, 1, 3, 7, 1} {
		sum += weight * int(v[i]-'0')
	}
	return sum%10 == 0
}

// isBIC knows the form of ISO 9362: bank, country, place and maybe a branch.
func isBIC(v string) bool {
	if len(v) != 8 && len(v) != 11 {
		return false
	}
	for i := range len(v) {
		capital := v[i] >= 'A' && v[i] <= 'Z'
		if !capital && (i < 6 || !isDigit(v[i])) {
			return false
		}
	}
	return true
}
