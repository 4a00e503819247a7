package mapping

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"embark/onboard"
	"embark/paxos"
	"embark/rules"
	"embark/source"
)

const someID = "1111aaaa-2222-4bbb-8ccc-5555dddd5555"

// wire is what a wire in the USA needs beside its owner.
func wire(changes ...string) []string {
	return append([]string{"fiat_account.account_number", "000123456789", "fiat_account.routing_number_type", "ABA", "fiat_account.routing_number", "021000021",
		"fiat_account.bank_name", "Example Bank", "fiat_account.bank_address.address1", "1 Bank St", "fiat_account.bank_address.city", "Troy",
		"fiat_account.bank_address.province", "NY", "fiat_account.bank_address.country", "USA"}, changes...)
}

// intermediary is one in the USA.
func intermediary(kind, number, province, zip string) []string {
	const prefix = "fiat_account.intermediary."
	return []string{prefix + "routing_number_type", kind, prefix + "routing_number", number, prefix + "bank_name", "Other Bank",
		prefix + "bank_address.address1", "2 Bank St", prefix + "bank_address.city", "Troy", prefix + "bank_address.province", province,
		prefix + "bank_address.zip_code", zip, prefix + "bank_address.country", "USA"}
}

// ownedAt is an owner's address in the USA.
func ownedAt(city, province, zip string) []string {
	const prefix = "fiat_account.owner_address."
	return []string{prefix + "address1", "3 Court St", prefix + "city", city, prefix + "province", province, prefix + "zip_code", zip, prefix + "country", "USA"}
}

func wired(changes ...string) map[string]string { return with(wire(changes...)...) }

// ordered is a person with a market order to buy.
func ordered(changes ...string) map[string]string {
	return with(append([]string{"order.side", "BUY", "order.market", "BTCUSD", "order.type", "MARKET", "order.quote_amount", "25.00"}, changes...)...)
}

// limited is a person with a limit order.
func limited(changes ...string) map[string]string {
	return with(append([]string{"order.side", "BUY", "order.market", "BTCUSD", "order.type", "LIMIT", "order.base_amount", "0.001", "order.price", "50000.25"}, changes...)...)
}

// stopped is a person with a stop order.
func stopped(changes ...string) map[string]string {
	return with(append([]string{"order.side", "SELL", "order.market", "ETHUSD", "order.type", "STOP_MARKET", "order.base_amount", "1", "order.stop_price", "1800.05"}, changes...)...)
}

func exists(changes ...string) map[string]string {
	return set(map[string]string{"ref_id": "c-1", "identity_id": someID}, changes)
}

func TestPartFindings(t *testing.T) {
	for _, tt := range []struct {
		name  string
		cells map[string]string
		want  string
	}{
		{"joint owner", with("members", "cust-18:BENEFICIAL_OWNER"), ""},
		{"joint owner, explicitly", with("account.members", "cust-18:BENEFICIAL_OWNER|cust-19:FINANCIAL_ADVISOR|cust-19:AUTHORIZED_USER"), ""},
		{"both columns", with("members", "cust-18:BENEFICIAL_OWNER", "account.members", "cust-19:AUTHORIZED_USER"), "members member_twice"},
		{"role of institutions", with("members", "cust-18:TRUSTEE"), "members member_role"},
		{"no role", with("account.members", "cust-18"), "account.members member_role"},
		{"empty item", with("account.members", "cust-18:BENEFICIAL_OWNER|"), "account.members member_role, account.members member_ref_id"},
		{"itself", with("members", "cust-17:BENEFICIAL_OWNER"), "members member_self"},
		{"share", with("members", "cust-18:BENEFICIAL_OWNER:50"), "members member_ownership"},
		{"twice", with("members", "cust-18:BENEFICIAL_OWNER|cust-18:BENEFICIAL_OWNER"), "members member_repeated"},
		{"explicitly wrong", with("account.members", "cust-18:TRUSTEE|cust-19:AUTHORIZED_USER:50|cust-19:AUTHORIZED_USER"), "account.members member_repeated, account.members member_role, account.members member_ownership"},
		{"members of no account", with("members", "cust-18:BENEFICIAL_OWNER", "account.type", "NONE"), "account.type account_needed"},
		{"member of an institution's account", widgets("account.members", "inst-7:AUTHORIZED_USER"), "account.members member_self"},

		{"wire", wired(), ""},
		{"no account", wired("account.type", "NONE"), "account.type account_needed"},
		{"wire with nothing", with("fiat_account.ref_id", "b-1"), "fiat_account.account_number required, fiat_account.routing_number_type required, fiat_account.routing_number required, fiat_account.bank_name required, " +
			"fiat_account.bank_address.address1 required, fiat_account.bank_address.city required, fiat_account.bank_address.province required, fiat_account.bank_address.country required"},
		{"account number as ref_id", wired("ref_id", "000123456789"), "ref_id ref_id_personal"},
		{"account number without its zeros in account.ref_id", wired("account.ref_id", "a-123456789"), "account.ref_id ref_id_personal"},
		{"account number in fiat_account.ref_id", wired("fiat_account.ref_id", "bank_0001-2345-6789"), "fiat_account.ref_id ref_id_personal"},
		{"account number in order.ref_id", ordered(wire("order.ref_id", "000123456789")...), "order.ref_id ref_id_personal"},
		{"routing number in fiat_account.ref_id", wired("fiat_account.ref_id", "bank-021000021"), "fiat_account.ref_id ref_id_personal"},
		{"routing number of the intermediary in fiat_account.ref_id", wired(append(intermediary("ABA", "990000000", "NY", ""), "fiat_account.ref_id", "b990000000")...),
			"fiat_account.ref_id ref_id_personal"},
		{"short number in fiat_account.ref_id", wired("fiat_account.account_number", "000012345", "fiat_account.ref_id", "bank-12345"), ""},
		{"SSN in fiat_account.ref_id", wired("fiat_account.ref_id", "bank-123456780"), "fiat_account.ref_id ref_id_personal"},
		{"SSN in order.ref_id", ordered("order.ref_id", "ord-123456780"), "order.ref_id ref_id_personal"},
		{"bank abroad", wired("fiat_account.routing_number_type", "SWIFT", "fiat_account.routing_number", "DEUTDEFF500", "fiat_account.bank_address.country", "DEU", "fiat_account.bank_address.province", "HE"), ""},
		{"check digit", wired("fiat_account.routing_number", "021000022"), "fiat_account.routing_number aba"},
		{"lost zero", wired("fiat_account.routing_number", "21000021"), "fiat_account.routing_number leading_zero"},
		{"scientific routing number", wired("fiat_account.routing_number", "2.1E+07"), "fiat_account.routing_number scientific_notation"},
		{"scientific account number", wired("fiat_account.account_number", "1.23457E+08"), "fiat_account.account_number scientific_notation"},
		{"BIC for ABA", wired("fiat_account.routing_number", "DEUTDEFF"), "fiat_account.routing_number aba"},
		{"ABA for BIC", wired("fiat_account.routing_number_type", "SWIFT"), "fiat_account.routing_number swift"},
		{"small BIC", wired("fiat_account.routing_number_type", "SWIFT", "fiat_account.routing_number", "deutdeff"), "fiat_account.routing_number swift"},
		{"other type", wired("fiat_account.routing_number_type", "IBAN"), "fiat_account.routing_number_type enum"},
		{"state of the bank", wired("fiat_account.bank_address.province", "New York"), "fiat_account.bank_address.province us_state"},
		{"ZIP of the bank", wired("fiat_account.bank_address.zip_code", "2108"), "fiat_account.bank_address.zip_code leading_zero"},
		{"half the owner's address", wired("fiat_account.owner_address.city", "Troy"), "fiat_account.owner_address.address1 required, fiat_account.owner_address.province required, fiat_account.owner_address.country required"},
		{"owner's first name only", wired("fiat_account.owner.first_name", "Ann"), "fiat_account.owner.last_name fiat_account_owner"},
		{"owner's last name only", wired("fiat_account.owner.last_name", "Example"), "fiat_account.owner.first_name fiat_account_owner"},
		{"two owners", wired("fiat_account.owner.first_name", "Ann", "fiat_account.owner.last_name", "Example", "fiat_account.owner.name", "Example LLC"), "fiat_account.owner.name fiat_account_owner"},
		{"exists", exists(wire()...), "fiat_account.owner.last_name fiat_account_owner, fiat_account.owner_address.address1 required"},
		{"institution that exists", exists(wire("type", "INSTITUTION")...), "fiat_account.owner.name fiat_account_owner, fiat_account.owner_address.address1 required"},
		{"intermediary", wired("fiat_account.intermediary.bank_name", "Other Bank"), "fiat_account.intermediary.routing_number_type required, fiat_account.intermediary.routing_number required, " +
			"fiat_account.intermediary.bank_address.address1 required, fiat_account.intermediary.bank_address.city required, fiat_account.intermediary.bank_address.province required, fiat_account.intermediary.bank_address.country required"},
		{"intermediary with wrong numbers", wired(intermediary("ABA", "021000022", "NY", "2108")...),
			"fiat_account.intermediary.routing_number aba, fiat_account.intermediary.bank_address.zip_code leading_zero"},
		{"intermediary with lost zeros", wired(intermediary("ABA", "21000021", "New York", "121080")...),
			"fiat_account.intermediary.routing_number leading_zero, fiat_account.intermediary.bank_address.province us_state, fiat_account.intermediary.bank_address.zip_code us_zip"},
		{"intermediary without name", wired(append(intermediary("SWIFT", "DEUTDEF", "NY", ""), "fiat_account.intermediary.bank_name", "")...),
			"fiat_account.intermediary.bank_name required, fiat_account.intermediary.routing_number swift"},
		{"ZIP of the bank of six digits", wired("fiat_account.bank_address.zip_code", "021088"), "fiat_account.bank_address.zip_code us_zip"},
		{"owner in no state", wired(ownedAt("Troy", "New York", "2180")...), "fiat_account.owner_address.province us_state, fiat_account.owner_address.zip_code leading_zero"},
		{"owner in no city", wired(ownedAt("", "NY", "121800")...), "fiat_account.owner_address.city required, fiat_account.owner_address.zip_code us_zip"},
		{"owner without ZIP", wired(ownedAt("Troy", "NY", "")...), "fiat_account.owner_address.zip_code required"},
		{"CUBIX with a wire's", with(append(slices.Concat(intermediary("ABA", "021000021", "NY", ""), ownedAt("Troy", "NY", "12180")), "fiat_account.network", "CUBIX", "fiat_account.cubix_account_id", someID)...),
			"fiat_account.owner_address.address1 fiat_account_unused?, fiat_account.intermediary.routing_number fiat_account_unused?"},
		{"CBIT with a CUBIX account", with("fiat_account.network", "CBIT", "fiat_account.cubix_account_id", someID), "fiat_account.wallet_address required, fiat_account.cubix_account_id fiat_account_unused?"},
		{"CUBIX", with("fiat_account.network", "CUBIX", "fiat_account.cubix_account_id", someID), ""},
		{"CUBIX without", with("fiat_account.network", "CUBIX"), "fiat_account.cubix_account_id required"},
		{"CUBIX with a number", with("fiat_account.network", "CUBIX", "fiat_account.cubix_account_id", "17"), "fiat_account.cubix_account_id uuid"},
		{"CUBIX with a bank", wired("fiat_account.network", "CUBIX", "fiat_account.cubix_account_id", someID),
			"fiat_account.account_number fiat_account_unused?, fiat_account.routing_number fiat_account_unused?, fiat_account.bank_name fiat_account_unused?"},
		{"CBIT", with("fiat_account.network", "CBIT", "fiat_account.wallet_address", "0x17"), ""},
		{"wallet of a wire", wired("fiat_account.wallet_address", "0x17"), "fiat_account.wallet_address fiat_account_unused?"},
		{"DBS", with("fiat_account.network", "DBS_ACT", "fiat_account.account_number", "17"), ""},
		{"SCB without", with("fiat_account.network", "SCB"), "fiat_account.account_number required"},
		{"RTP", with("fiat_account.network", "RTP", "fiat_account.account_number", "17", "fiat_account.routing_number", "021000021"), ""},
		{"RTP with a wrong number", with("fiat_account.network", "RTP", "fiat_account.account_number", "17", "fiat_account.routing_number", "021000022"), "fiat_account.routing_number aba"},
		{"RTP with a BIC", with("fiat_account.network", "RTP", "fiat_account.account_number", "17", "fiat_account.routing_number_type", "SWIFT", "fiat_account.routing_number", "DEUTDEFF"), "fiat_account.routing_number_type fiat_account_network"},
		{"no network of ours", with("fiat_account.network", "ACH", "fiat_account.account_number", "17"), "fiat_account.network enum"},

		{"deposit", with("deposit.network", "WIRE", "deposit.routing_number_type", "ABA"), ""},
		{"deposit by CUBIX with a routing number", with("deposit.network", "CUBIX", "deposit.routing_number_type", "ABA"), "deposit.routing_number_type deposit_network"},
		{"deposit without network", with("deposit.routing_number_type", "ABA"), "deposit.network deposit_network"},
		{"deposit by CBIT", with("deposit.network", "CBIT"), "deposit.network enum"},
		{"deposit to no account", with("deposit.network", "WIRE", "account.type", "NONE"), "account.type account_needed"},

		{"market order to buy", ordered(), ""},
		{"market order to sell", ordered("order.side", "SELL", "order.quote_amount", "", "order.base_amount", "0.00000001"), ""},
		{"limit order", limited("order.time_in_force", "FOK"), ""},
		{"limit order of another kind", limited("order.type", "POST_ONLY_LIMIT", "order.time_in_force", "GTT", "order.expiration_date", "2026-11-15T12:00:11Z"), ""},
		{"stop order", stopped("order.time_in_force", "GTC"), ""},
		{"stop limit order", stopped("order.type", "STOP_LIMIT", "order.price", "1790"), ""},
		{"order with nothing", with("order.ref_id", "o-1"), "order.side required, order.market required, order.type required"},
		{"order without account", ordered("account.type", "NONE"), "account.type account_needed"},
		{"market gone", ordered("order.market", "MATICUSD"), "order.market enum"},
		{"no amount", ordered("order.quote_amount", ""), "order.quote_amount required"},
		{"both amounts", ordered("order.base_amount", "1"), "order.base_amount order_amount"},
		{"sell with quote amount", ordered("order.side", "SELL"), "order.base_amount required, order.quote_amount order_amount"},
		{"limit without price", limited("order.price", ""), "order.price required"},
		{"limit with quote amount", limited("order.quote_amount", "5"), "order.quote_amount order_amount"},
		{"market with price", ordered("order.price", "50000"), "order.price order_price"},
		{"limit with stop price", limited("order.stop_price", "50000"), "order.stop_price order_price"},
		{"stop without stop price", stopped("order.stop_price", ""), "order.stop_price required"},
		{"stop to buy", stopped("order.side", "BUY"), "order.side order_stop"},
		{"market, good till cancelled", ordered("order.time_in_force", "GTC"), "order.time_in_force order_time_in_force"},
		{"market, good till a time", ordered("order.time_in_force", "GTT"), "order.time_in_force order_time_in_force"},
		{"stop at once", stopped("order.time_in_force", "IOC"), "order.time_in_force order_time_in_force"},
		{"till no time", limited("order.time_in_force", "GTT"), "order.expiration_date required"},
		{"till a time, but not so", limited("order.expiration_date", "2026-12-15T12:00:00Z"), "order.expiration_date order_expiration"},
		{"till ten seconds", limited("order.time_in_force", "GTT", "order.expiration_date", "2026-11-15T12:00:10Z"), "order.expiration_date order_expiration"},
		{"till a day", limited("order.time_in_force", "GTT", "order.expiration_date", "2026-12-15"), "order.expiration_date date_time"},
		{"amount with a comma", ordered("order.quote_amount", "1,000"), "order.quote_amount decimal"},
		{"negative amount", ordered("order.quote_amount", "-1"), "order.quote_amount decimal"},
		{"nothing", ordered("order.quote_amount", "0"), "order.quote_amount order_minimum"},
		{"tenth of a cent", ordered("order.quote_amount", "1.001"), "order.quote_amount order_precision"},
		{"zeros at the end", ordered("order.quote_amount", "1.000"), ""},
		{"ninth decimal", limited("order.base_amount", "0.123456789"), "order.base_amount order_precision"},
		{"too little", limited("order.base_amount", "0.000000001"), "order.base_amount order_minimum, order.base_amount order_precision"},
		{"no price", limited("order.price", "0.00"), "order.price order_price"},
		{"no stop price", stopped("order.stop_price", "0"), "order.stop_price order_price"},
		{"tick of BTC", limited("order.price", "50000.10"), "order.price order_tick"},
		{"tick of ETH", limited("order.price", "1800.10", "order.market", "ETHUSD"), ""},
		{"tick of ETH missed", stopped("order.stop_price", "1800.01"), "order.stop_price order_tick"},
		{"tick of others", limited("order.price", "0.015", "order.market", "LINKUSD"), "order.price order_tick"},
		{"tick of new ones", limited("order.price", "0.0000015", "order.market", "SHIBUSD"), ""},
		{"500,000", ordered("order.quote_amount", "500000"), ""},
		{"more than 500,000", ordered("order.quote_amount", "500000.01"), "order.quote_amount order_notional"},
		{"more euros", ordered("order.quote_amount", "500000.01", "order.market", "BTCEUR"), ""},
		{"1,500,000", limited("order.base_amount", "30", "order.price", "50000"), ""},
		{"more than 1,500,000", limited("order.base_amount", "30.00000001", "order.price", "50000"), "order.base_amount order_notional"},
		{"more than 1,000,000", limited("order.base_amount", "100000.1", "order.price", "10", "order.market", "LINKUSD"), "order.base_amount order_notional"},

		{"document", with("documents", "PROOF_OF_RESIDENCY=docs/bill.pdf|IDENTITY_VERIFICATION+PROOF_OF_FUNDS = a b=c.JPEG"), ""},
		{"document without type", with("documents", "docs/bill.pdf"), "documents document_form, documents document_type?"},
		{"document without path", with("documents", "CURP="), "documents document_form"},
		{"document of another type", with("documents", "PROOF_OF_ADDRESS=bill.pdf"), "documents document_type?"},
		{"Word document", with("documents", "CURP=bill.docx"), "documents document_extension"},
		{"document twice", with("documents", "CURP=bill.pdf|APPLICATION=bill.pdf"), "documents document_repeated"},
		{"long name", with("documents", "CURP=docs/"+strings.Repeat("x", 257)+".pdf"), "documents document_name"},
		{"long path", with("documents", "CURP="+strings.Repeat("x", 257)+"/bill.pdf"), ""},

		{"sandbox", with("sandbox.status", "DENIED"), ""},
		{"no status", with("sandbox.status", "denied"), "sandbox.status enum"},
	} {
		t.Run(tt.name, func(t *testing.T) { finds(t, mapOne(t, tt.cells, Options{}), tt.want) })
	}
}

func TestParts(t *testing.T) {
	c := mapOne(t, wired("account.ref_id", "a-1", "members", "cust-18:BENEFICIAL_OWNER|cust-19:FINANCIAL_ADVISOR|cust-18:AUTHORIZED_USER",
		"fiat_account.intermediary.routing_number_type", "SWIFT", "fiat_account.intermediary.routing_number", "DEUTDEFF", "fiat_account.intermediary.bank_name", "Other Bank",
		"fiat_account.intermediary.bank_address.address1", "2", "fiat_account.intermediary.bank_address.city", "Berlin",
		"fiat_account.intermediary.bank_address.province", "BE", "fiat_account.intermediary.bank_address.country", "DEU",
		"deposit.network", "WIRE", "deposit.routing_number_type", "ABA",
		"order.side", "BUY", "order.market", "BTCUSD", "order.type", "LIMIT", "order.base_amount", "0.001", "order.price", "50000.25",
		"order.time_in_force", "GTT", "order.expiration_date", "2026-12-15T12:00:00.5+01:00",
		"documents", "CURP+APPLICATION=a.pdf|OTHER_DOCUMENTS = b.png ", "sandbox.status", "APPROVED"), Options{}).Customer
	want := &onboard.Customer{
		RefID: "cust-17", Identity: c.Identity, Account: c.Account,
		AccountMembers: []onboard.Member{
			{RefID: "cust-18", Roles: []string{"BENEFICIAL_OWNER", "AUTHORIZED_USER"}},
			{RefID: "cust-19", Roles: []string{"FINANCIAL_ADVISOR"}},
		},
		FiatAccount: &paxos.CreateFiatAccountRequest{
			RefID:            "a-1-fiat",
			FiatAccountOwner: &paxos.FiatAccountOwner{PersonDetails: &paxos.FiatPerson{FirstName: "Ada", LastName: "Example"}},
			FiatNetworkInstructions: &paxos.FiatNetworkInstructions{Wire: &paxos.WireInstructions{
				AccountNumber:           "000123456789",
				FiatAccountOwnerAddress: &paxos.Address{Address1: "9 Sample Rd", City: "Albany", Province: "NY", ZipCode: "12207", Country: "USA"},
				RoutingDetails: &paxos.RoutingDetails{RoutingNumberType: "ABA", RoutingNumber: "021000021", BankName: "Example Bank",
					BankAddress: &paxos.Address{Address1: "1 Bank St", City: "Troy", Province: "NY", Country: "USA"}},
				IntermediaryRoutingDetails: &paxos.RoutingDetails{RoutingNumberType: "SWIFT", RoutingNumber: "DEUTDEFF", BankName: "Other Bank",
					BankAddress: &paxos.Address{Address1: "2", City: "Berlin", Province: "BE", Country: "DEU"}},
			}},
		},
		Deposit: &paxos.CreateFiatDepositInstructionsRequest{RefID: "a-1-deposit", FiatNetwork: "WIRE", RoutingNumberType: "ABA"},
		Order: &paxos.CreateOrderRequest{RefID: "a-1-order", Side: "BUY", Market: "BTCUSD", Type: "LIMIT", BaseAmount: "0.001", Price: "50000.25",
			TimeInForce: "GTT", ExpirationDate: "1797332400500"},
		Documents:     []onboard.Document{{Types: []string{"CURP", "APPLICATION"}, Path: "a.pdf"}, {Types: []string{"OTHER_DOCUMENTS"}, Path: "b.png"}},
		SandboxStatus: "APPROVED",
	}
	if d := cmp.Diff(want, c); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if c := mapOne(t, ada(), Options{}).Customer; c.FiatAccount != nil || c.Deposit != nil || c.Order != nil || c.Documents != nil || c.AccountMembers != nil {
		t.Errorf("got %+v, want nothing that was not asked for", c)
	}
}

func TestOwners(t *testing.T) {
	c := mapOne(t, widgets(wire()...), Options{}).Customer
	if got := c.FiatAccount; got.FiatAccountOwner.InstitutionDetails.Name != "Example Widgets" || got.FiatNetworkInstructions.Wire.FiatAccountOwnerAddress.City != "Troy" {
		t.Errorf("institution: got %+v", got)
	}
	c = mapOne(t, wired("fiat_account.owner.name", "Other LLC", "fiat_account.owner_address.address1", "3", "fiat_account.owner_address.city", "Dover",
		"fiat_account.owner_address.province", "DE", "fiat_account.owner_address.zip_code", "19901", "fiat_account.owner_address.country", "USA"), Options{}).Customer
	if got := c.FiatAccount; got.FiatAccountOwner.PersonDetails != nil || got.FiatAccountOwner.InstitutionDetails.Name != "Other LLC" || got.FiatNetworkInstructions.Wire.FiatAccountOwnerAddress.City != "Dover" {
		t.Errorf("another owner: got %+v", got)
	}
}

// bankRow maps a single row of a file of bank accounts.
func bankRow(t *testing.T, changes ...string) Bank {
	t.Helper()
	cells := set(set(map[string]string{"ref_id": "cust-17"}, wire()), changes)
	header := slices.Sorted(maps.Keys(cells))
	m, err := NewBank(header, Options{Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	row := source.Row{Line: 2}
	for _, h := range header {
		row.Cells = append(row.Cells, cells[h])
	}
	banks := m.Map([]source.Row{{Damage: &source.Damage{Rule: source.RuleFieldCount}}, row})
	if banks[0].FiatAccount != nil || len(banks[0].Findings) != 1 {
		t.Errorf("damaged: got %+v", banks[0])
	}
	return banks[1]
}

func TestBank(t *testing.T) {
	b := bankRow(t, "fiat_account.ref_id", "", "account.ref_id", "a-2")
	if b.RefID != "cust-17" || b.AccountRefID != "a-2" || b.FiatAccount == nil || b.FiatAccount.FiatAccountOwner != nil {
		t.Fatalf("got %+v", b)
	}
	c := mapOne(t, with("account.ref_id", "a-2"), Options{}).Customer
	if found := b.Join(c); found != nil {
		t.Fatalf("got findings %v, want none", found)
	}
	want := mapOne(t, wired("account.ref_id", "a-2"), Options{}).Customer
	if d := cmp.Diff(want.FiatAccount, c.FiatAccount); d != "" {
		t.Errorf("a file of its own makes a difference: (-want +got)\n%s", d)
	}
	if got := short(b.Join(c)); got != "fiat_account.account_number fiat_account_twice" {
		t.Errorf("twice: got %q", got)
	}
	if b.FiatAccount.FiatAccountOwner != nil || b.FiatAccount.RefID != "" {
		t.Error("joining has changed the row's own request")
	}
	if b := bankRow(t); b.AccountRefID != "cust-17-account" {
		t.Errorf("got %q, want the default account", b.AccountRefID)
	}
}

func TestBankFindings(t *testing.T) {
	for _, tt := range []struct {
		changes []string
		want    string
	}{
		{nil, ""},
		{[]string{"ref_id", ""}, "ref_id required"},
		{[]string{"ref_id", "123-45-6789"}, "ref_id ref_id_personal"},
		{[]string{"fiat_account.ref_id", "000123456789"}, "fiat_account.ref_id ref_id_personal"},
		{[]string{"ref_id", "c-000123456789"}, "ref_id ref_id_personal"},
		{[]string{"fiat_account.routing_number", "021000022"}, "fiat_account.routing_number aba"},
		{[]string{"fiat_account.network", "CBIT", "fiat_account.account_number", "", "fiat_account.wallet_address", "0x17"},
			"fiat_account.routing_number fiat_account_unused?, fiat_account.bank_name fiat_account_unused?"},
	} {
		b := bankRow(t, tt.changes...)
		if got := short(b.Findings); got != tt.want || rejects(b.Findings) != (b.FiatAccount == nil) {
			t.Errorf("%q: got %q, want %q", tt.changes, got, tt.want)
		}
	}
	m, err := NewBank([]string{"ref_id", "fiat_account.account_number"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := short(m.Map([]source.Row{{Cells: []string{"c-1", ""}}})[0].Findings); got != "fiat_account.account_number required" {
		t.Errorf("no bank account: got %q", got)
	}
}

func TestJoinNeedsOwner(t *testing.T) {
	b := bankRow(t)
	for want, cells := range map[string]map[string]string{
		"account.type account_needed": with("account.type", "NONE"),
		"fiat_account.owner.last_name fiat_account_owner, fiat_account.owner_address.address1 required": exists(),
	} {
		c := mapOne(t, cells, Options{}).Customer
		if got := short(b.Join(c)); got != want || c.FiatAccount != nil {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestBankHeader(t *testing.T) {
	for _, tt := range []struct {
		header []string
		want   bool
	}{
		{[]string{"ref_id", "fiat_account.account_number", "embark_errors"}, true},
		{[]string{"Ref_ID", "account.ref_id", "fiat_account.wallet_address"}, true},
		{[]string{"fiat_account.account_number"}, false},
		{[]string{"ref_id"}, false},
		{[]string{"ref_id", "account.ref_id"}, false},
		{[]string{"ref_id", "fiat_account.account_number", "first_name"}, false},
		{[]string{"ref_id", "fiat_account.account_number", "metadata.k"}, false},
		{[]string{"ref_id", "identity_id"}, false},
	} {
		if got := IsBank(tt.header, nil); got != tt.want {
			t.Errorf("%q: got %v, want %v", tt.header, got, tt.want)
		}
	}
}

// TestBankProperties: a file of bank accounts is mapped as safely as one of
// customers, and what is joined satisfies the document.
func TestBankProperties(t *testing.T) {
	columns, spec := rules.FiatAccountColumns(), specification(t)
	header := []string{}
	for _, c := range columns {
		header = append(header, c.Name)
	}
	m, err := NewBank(header, Options{Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		cells := set(map[string]string{"ref_id": "cust-17"}, wire())
		for range rapid.IntRange(0, 5).Draw(t, "changes") {
			c := rapid.SampledFrom(columns).Draw(t, "column")
			cells[c.Name] = rapid.OneOf(rapid.SampledFrom(odd), rapid.String(), rapid.Just(c.Example)).Draw(t, "cell")
		}
		row := source.Row{}
		for _, h := range header {
			row.Cells = append(row.Cells, cells[h])
		}
		b := m.Map([]source.Row{row})[0]
		if b.FiatAccount == nil {
			if !rejects(b.Findings) {
				t.Fatal("rejected for no reason")
			}
			return
		}
		c := &onboard.Customer{RefID: "cust-17", Identity: &paxos.CreateIdentityRequest{PersonDetails: &paxos.PersonDetails{FirstName: "Ada", LastName: "Example",
			Address: &paxos.Address{Country: "USA"}}}, Account: &paxos.CreateAccountRequest{Account: paxos.Account{RefID: "a"}}}
		if found := b.Join(c); found != nil {
			t.Fatalf("not joined: %v", found)
		}
		if spec != nil && c.FiatAccount.FiatNetworkInstructions.RTP == nil {
			satisfies(t, spec, "CreateFiatAccountRequest", c.FiatAccount)
		}
	})
}
