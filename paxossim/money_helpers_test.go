package paxossim

import (
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"embark/paxos"
)

// adjustMoney takes over what is known to be wrong or behind in the
// specification of November 2025.
func adjustMoney(doc *openapi3.T) {
	schema := func(name string) *openapi3.Schema { return doc.Components.Schemas[name].Value }
	// Lists drop the addresses, which the schema requires.
	schema("FiatNetworkInstructionsWire").Required = []string{"account_number", "routing_details"}
	schema("FiatNetworkInstructionsWireRoutingDetails").Required = []string{"routing_number_type", "routing_number", "bank_name"}
	schema("ListProfileBalancesResponse").Required = []string{"items"} // balances is not among its properties
	for name, later := range laterValues() {
		for _, v := range later {
			schema(name).Enum = append(schema(name).Enum, v)
		}
	}
}

// laterValues are those of July 2026.
func laterValues() map[string][]string {
	return map[string][]string{
		"FiatNetwork": {"RTP"}, "OrderStatus": {"EXPIRED"},
		"CryptoNetwork": {"STELLAR", "AVALANCHE", "DOGECOIN", "SUI", "ROBINHOOD", "BNB"},
		"Market": {"PEPEUSD", "TRUMPUSD", "SHIBUSD", "ARBUSD", "BONKUSD", "ENAUSD", "MNTUSD", "ONDOUSD", "PENGUUSD",
			"QNTUSD", "RENDERUSD", "SKYUSD", "WIFUSD", "WLDUSD", "DOGEUSD", "AVAXUSD", "SUIUSD", "POLUSD", "XLMUSD", "BNBUSD"},
	}
}

func TestMoneyEnumsAreTheSpecifications(t *testing.T) {
	spec := requireSpecification(t)
	for name, got := range map[string][]string{
		"OrderSide": orderSides(), "OrderType": orderTypes(), "OrderStatus": orderStatuses(), "TimeInForce": timesInForce(),
		"Market": marketNames(), "CryptoNetwork": cryptoNetworks(), "FiatNetwork": fiatNetworks(),
		"FiatWireAccountType": routingNumberTypes(), "FiatAccountStatus": fiatStatuses(),
	} {
		var want []string
		for _, v := range spec.doc.Components.Schemas[name].Value.Enum {
			want = append(want, v.(string))
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, slices.Sorted(slices.Values(got))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// onboarded is an approved customer with an account and a profile.
type onboarded struct{ identity, account, profile string }

func (c *tester) onboard(n int) onboarded {
	c.t.Helper()
	r := customer(n)
	made := c.createAccount(accountOf(c.createIdentity(r).ID, r.RefID+"-account"))
	return onboarded{made.IdentityID, made.ID, made.ProfileID}
}

// fund credits a profile with dollars.
func (c *tester) fund(profile, amount string) {
	c.t.Helper()
	c.call(200, "POST", "/sandbox/profiles/"+profile+"/deposit", paxos.SandboxDepositRequest{Asset: "USD", Amount: amount})
}

// bank is a good request for a bank account. The numbers are made up.
func bank(o onboarded, refID string) *paxos.CreateFiatAccountRequest {
	return &paxos.CreateFiatAccountRequest{
		RefID: refID, IdentityID: o.identity, AccountID: o.account,
		FiatAccountOwner: &paxos.FiatAccountOwner{PersonDetails: &paxos.FiatPerson{FirstName: "Ada", LastName: "Example"}},
		FiatNetworkInstructions: &paxos.FiatNetworkInstructions{Wire: &paxos.WireInstructions{
			AccountNumber: "5550001234", FiatAccountOwnerAddress: street(),
			RoutingDetails: &paxos.RoutingDetails{RoutingNumberType: "ABA", RoutingNumber: "021000021",
				BankName: "Made-up Bank", BankAddress: street()},
		}},
		Metadata: map[string]string{"batch": "b-1"},
	}
}

func street() *paxos.Address {
	return &paxos.Address{Address1: "9 Sample Rd", City: "Albany", Province: "NY", ZipCode: "12207", Country: "USA"}
}

func (c *tester) createFiat(r *paxos.CreateFiatAccountRequest) (out fiatBody) {
	c.t.Helper()
	c.call(200, "POST", "/transfer/fiat-accounts", r).decode(c.t, &out)
	return out
}

// buy is a market order for ten dollars of bitcoin.
func buy(o onboarded, refID string) *paxos.CreateOrderRequest {
	return &paxos.CreateOrderRequest{RefID: refID, Side: "BUY", Market: "BTCUSD", Type: "MARKET", QuoteAmount: "10.00",
		IdentityID: o.identity, IdentityAccountID: o.account}
}

func (c *tester) order(profile string, r *paxos.CreateOrderRequest) (out orderBody) {
	c.t.Helper()
	c.call(200, "POST", "/profiles/"+profile+"/orders", r).decode(c.t, &out)
	return out
}

// balance reads "available trading" of one asset.
func (c *tester) balance(profile, asset string) string {
	c.t.Helper()
	b := get[paxos.ProfileBalance](c, "/profiles/"+profile+"/balances/"+asset)
	return b.Available + " " + b.Trading
}
