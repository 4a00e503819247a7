package paxossim

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"embark/paxos"
)

func TestCreateFiatAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := newSim(t, Options{FiatReviewAfter: time.Minute})
		c := newTester(t, sim)
		o := c.onboard(1)
		made := c.createFiat(bank(o, "bank-1"))
		if made.Status != "PENDING" || made.RefID != "bank-1" || made.IdentityID != o.identity || made.AccountID != o.account {
			t.Errorf("got %+v, want PENDING and an echo", made.FiatAccount)
		}
		time.Sleep(59 * time.Second)
		if got := get[fiatBody](c, "/transfer/fiat-accounts/"+made.ID); got.Status != "PENDING" {
			t.Errorf("after 59 s: got %s, want PENDING", got.Status)
		}
		time.Sleep(30 * time.Minute)
		got := get[fiatBody](c, "/transfer/fiat-accounts/"+made.ID)
		created, _ := time.Parse(time.RFC3339Nano, got.CreatedAt)
		updated, _ := time.Parse(time.RFC3339Nano, got.UpdatedAt)
		if got.Status != "APPROVED" || updated.Sub(created) != time.Minute {
			t.Errorf("got %s after %v, want APPROVED dated a minute on", got.Status, updated.Sub(created))
		}
		if got.Instructions.Wire.AccountNumber != "5550001234" || got.Owner.PersonDetails.LastName != "Example" {
			t.Error("reading one does not show everything")
		}
		c.call(404, "GET", "/transfer/fiat-accounts/"+o.account, nil)
		c.call(404, "GET", "/transfer/fiat-accounts/nonsense", nil)
		if n := sim.Stats().Objects.FiatAccounts; n != 1 {
			t.Errorf("got %d, want 1", n)
		}
	})
}

func TestFiatReviews(t *testing.T) {
	c := newTester(t, newSim(t, Options{FiatRejected: 0.3, FiatStuck: 0.3, FiatStatuses: map[string]string{"special": "REJECTED"}}))
	o := c.onboard(1)
	count := map[string]int{}
	for n := range 200 {
		made := c.createFiat(bank(o, fmt.Sprint("bank-", n)))
		count[get[fiatBody](c, "/transfer/fiat-accounts/"+made.ID).Status]++
	}
	for status, want := range map[string]int{"APPROVED": 80, "REJECTED": 60, "PENDING": 60} {
		if n := count[status]; n < want-25 || n > want+25 {
			t.Errorf("%s: got %d of 200, want about %d", status, n, want)
		}
	}
	c = newTester(t, newSim(t, Options{FiatStatuses: map[string]string{"special": "REJECTED"}}))
	made := c.createFiat(bank(c.onboard(1), "special"))
	if got := get[fiatBody](c, "/transfer/fiat-accounts/"+made.ID).Status; got != "REJECTED" {
		t.Errorf("got %s, want what the options say", got)
	}
}

func TestFiatDuplicate(t *testing.T) {
	for _, plain := range []bool{false, true} {
		c := newTester(t, newSim(t, Options{FiatConflictPlain: plain}))
		o := c.onboard(1)
		made := c.createFiat(bank(o, "bank-1"))
		p := conflict(t, c.call(409, "POST", "/transfer/fiat-accounts", bank(o, "bank-1")))
		if plain && p.Meta.Existing.ID != "" || !plain && p.Meta.Existing.ID != made.ID {
			t.Errorf("plain %v: got existing %q", plain, p.Meta.Existing.ID)
		}
		c.createFiat(bank(o, "")) // no key, no protection
		c.createFiat(bank(o, ""))
	}
}

func TestFiatRefReusable(t *testing.T) {
	sim := newSim(t, Options{FiatRefReusable: true})
	c := newTester(t, sim)
	o := c.onboard(1)
	first, second := c.createFiat(bank(o, "bank-1")), c.createFiat(bank(o, "bank-1"))
	if first.ID == second.ID {
		t.Error("got the same bank account twice, want two")
	}
	page := get[listPage[fiatBody]](c, "/transfer/fiat-accounts?ref_ids=bank-1")
	if len(page.Items) != 2 || sim.Stats().Duplicates.FiatAccountsPerRefID != 1 {
		t.Errorf("got %d, want both listed and the second counted as a duplicate", len(page.Items))
	}
}

func TestFirstParty(t *testing.T) {
	c := newTester(t, newSim(t, Options{FirstParty: true}))
	o := c.onboard(1)
	c.call(403, "POST", "/transfer/fiat-accounts", bank(o, "bank-1"))
	c.call(403, "POST", "/transfer/fiat-accounts", bank(onboarded{account: o.account}, "bank-1"))
	c.createFiat(bank(onboarded{}, "bank-1"))
}

func TestListFiatAccounts(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	o := c.onboard(1)
	ids := map[string]string{}
	for _, ref := range []string{"a", "b", "c", "d"} {
		ids[ref] = c.createFiat(bank(o, ref)).ID
	}
	list := func(query string) (refs, next string) {
		page := get[listPage[fiatBody]](c, "/transfer/fiat-accounts?"+query)
		for _, f := range page.Items {
			refs += f.RefID
		}
		return refs, page.Next
	}
	for query, want := range map[string]string{
		"": "dcba", "order=ASC": "abcd", "limit=2": "dc", "ref_ids=a&ref_ids=c&ref_ids=x": "ca", "ids=" + ids["b"]: "b",
		"ids=" + ids["b"] + "&ref_ids=a": "", "ids=nonsense": "", "created_at.lt=2000-01-01T00:00:00Z": "",
		"include_deleted=true&order_by=CREATED_AT": "dcba",
	} {
		if refs, _ := list(query); refs != want {
			t.Errorf("%s: got %q, want %q", query, refs, want)
		}
	}
	_, next := list("limit=3")
	if refs, last := list("limit=3&page_cursor=" + next); refs != "a" || last != "" {
		t.Errorf("got %q and cursor %q, want a and none", refs, last)
	}
	c.call(400, "GET", "/transfer/fiat-accounts?"+strings.Repeat("ids=x&", 101), nil)
	c.call(400, "GET", "/transfer/fiat-accounts?identity_id=x", nil)
	c.call(400, "GET", "/transfer/fiat-accounts?updated_at.lt=2000-01-01T00:00:00Z", nil)
}

// Lists show neither the owner nor more than four digits.
func TestListedFiatAccountsAreMasked(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	o := c.onboard(1)
	for n, network := range networks() {
		r := bank(o, fmt.Sprint("bank-", n))
		r.FiatNetworkInstructions = network
		c.createFiat(r)
	}
	body := string(c.call(200, "GET", "/transfer/fiat-accounts", nil).body)
	for _, secret := range []string{"5550001234", "Ada", "Example", "9 Sample Rd", "Albany"} {
		if strings.Contains(body, secret) {
			t.Errorf("the list shows %q", secret)
		}
	}
	if n := strings.Count(body, `"account_number":"XXXX1234"`); n != 5 {
		t.Errorf("got %d masked numbers, want 5: %s", n, body)
	}
}

// networks are good instructions of every kind.
func networks() []*paxos.FiatNetworkInstructions {
	wire := bank(onboarded{}, "").FiatNetworkInstructions.Wire
	swift := *wire
	swift.RoutingDetails = &paxos.RoutingDetails{RoutingNumberType: "SWIFT", RoutingNumber: "MADEUS33XXX", BankName: "Made-up Bank",
		BankAddress: street()}
	swift.IntermediaryRoutingDetails = wire.RoutingDetails
	account := &paxos.BankInstructions{AccountNumber: "5550001234"}
	return []*paxos.FiatNetworkInstructions{
		{Wire: wire}, {Wire: &swift}, {DBSAct: account}, {SCB: account},
		{RTP: &paxos.RTPInstructions{AccountNumber: "5550001234", RoutingDetails: &paxos.RoutingDetails{RoutingNumber: "021000021"}}},
		{Cubix: &paxos.CubixInstructions{AccountID: "11111111-2222-4333-8444-555555555555"}},
		{Cbit: &paxos.CbitInstructions{WalletAddress: "0xmade-up"}},
	}
}

func TestFiatNested(t *testing.T) {
	c := newTester(t, newSim(t, Options{FiatNested: true}))
	c.unchecked = true // the samples break the schema
	a := c.call(200, "POST", "/transfer/fiat-accounts", bank(c.onboard(1), "bank-1"))
	var body map[string]any
	a.decode(t, &body)
	owner := body["fiat_account_owner"].(map[string]any)
	for _, name := range []string{"status", "metadata", "fiat_network_instructions", "person_details"} {
		if owner[name] == nil || body[name] != nil {
			t.Errorf("%s is not inside of the owner alone: %s", name, a.body)
		}
	}
	c.call(200, "GET", "/transfer/fiat-accounts", nil)
}

func TestFiatRefusals(t *testing.T) {
	sim := newSim(t, Options{})
	c := newTester(t, sim)
	o, other := c.onboard(1), c.onboard(2)
	const wire, routing = "fiat_network_instructions.wire.", "fiat_network_instructions.wire.routing_details."
	for _, tt := range []struct {
		path   string
		value  any
		status int
		detail string
	}{
		{"identity_id", nil, 400, "identity_id must be set"},
		{"account_id", nil, 400, "account_id must be set"},
		{"account_id", other.account, 404, "no account of that identity found"},
		{"identity_id", other.identity, 404, "no account of that identity found"},
		{"account_id", "nonsense", 404, "no account of that identity found"},
		{"fiat_account_owner", nil, 400, "fiat_account_owner must be set"},
		{"fiat_account_owner.person_details", nil, 400, "fiat_account_owner must have one of"},
		{"fiat_account_owner.institution_details", map[string]string{"name": "x"}, 400, "fiat_account_owner must have one of"},
		{"fiat_account_owner.person_details.first_name", nil, 400, "fiat_account_owner.person_details.first_name must be set"},
		{"fiat_account_owner.person_details.last_name", nil, 400, "fiat_account_owner.person_details.last_name must be set"},
		{"fiat_account_owner", map[string]any{"institution_details": map[string]any{}}, 400, "fiat_account_owner.institution_details.name must be set"},
		{"fiat_network_instructions", nil, 400, "fiat_network_instructions must be set"},
		{"fiat_network_instructions.wire", nil, 400, "fiat_network_instructions must have exactly one network"},
		{"fiat_network_instructions.scb", map[string]string{"account_number": "1"}, 400, "fiat_network_instructions must have exactly one network"},
		{"fiat_network_instructions.ach", map[string]string{"account_number": "1"}, 400, "unknown field ach"},
		{wire + "account_number", nil, 400, wire + "account_number must be set"},
		{wire + "account_number", "12_34", 400, wire + "account_number must match"},
		{wire + "fiat_account_owner_address", nil, 400, wire + "fiat_account_owner_address must be set"},
		{wire + "fiat_account_owner_address.province", nil, 400, wire + "fiat_account_owner_address.province must be set"},
		{wire + "fiat_account_owner_address.address1", strings.Repeat("a", 36), 400, wire + "fiat_account_owner_address.address1 must have at most 35"},
		{wire + "fiat_account_owner_address.city", "Zürich", 400, wire + "fiat_account_owner_address.city must match"},
		{wire + "routing_details", nil, 400, wire + "routing_details must be set"},
		{routing + "routing_number_type", nil, 400, routing + "routing_number_type must be set"},
		{routing + "routing_number_type", "IBAN", 400, routing + "routing_number_type is not one"},
		{routing + "routing_number_type", "SWIFT", 400, routing + "routing_number must be a BIC"},
		{routing + "routing_number", "02100002", 400, routing + "routing_number must have nine digits"},
		{routing + "routing_number", "021000022", 400, routing + "routing_number has a wrong check digit"},
		{routing + "bank_name", nil, 400, routing + "bank_name must be set"},
		{routing + "bank_address", nil, 400, routing + "bank_address must be set"},
		{routing + "bank_address.country", nil, 400, routing + "bank_address.country must be set"},
		{wire + "intermediary_routing_details", map[string]string{"bank_name": "x"}, 400, wire + "intermediary_routing_details.routing_number_type must be set"},
		{"metadata", map[string]string{"a": "1", "b": "1", "c": "1", "d": "1", "e": "1", "f": "1", "g": "1"}, 400, "metadata must have at most 6"},
		{"metadata", map[string]string{"a": strings.Repeat("x", 101)}, 400, "metadata must have keys and values"},
		{"nickname", "x", 400, "unknown field nickname"},
		{"ref_id", "", 400, "ref_id must not be empty"},
	} {
		var p problem
		c.call(tt.status, "POST", "/transfer/fiat-accounts", change(bank(o, "bank-1"), tt.path, tt.value)).decode(t, &p)
		if !strings.HasPrefix(p.Detail, tt.detail) {
			t.Errorf("%s = %v: got %q, want %q", tt.path, tt.value, p.Detail, tt.detail)
		}
	}
	if n := sim.Stats().Objects.FiatAccounts; n != 0 {
		t.Errorf("got %d bank accounts, want 0", n)
	}
}

func TestNetworkRefusals(t *testing.T) {
	for want, n := range map[string]paxos.FiatNetworkInstructions{
		"cubix.account_id must be set":                   {Cubix: &paxos.CubixInstructions{}},
		"cubix.account_id must be a UUID":                {Cubix: &paxos.CubixInstructions{AccountID: "x"}},
		"cbit.wallet_address must be set":                {Cbit: &paxos.CbitInstructions{}},
		"dbs_act.account_number must be set":             {DBSAct: &paxos.BankInstructions{}},
		"scb.account_number must be set":                 {SCB: &paxos.BankInstructions{}},
		"rtp.account_number must be set":                 {RTP: &paxos.RTPInstructions{}},
		"rtp.routing_details.routing_number must be set": {RTP: &paxos.RTPInstructions{AccountNumber: "1"}},
		"rtp.routing_details.routing_number must have nine digits": {RTP: &paxos.RTPInstructions{AccountNumber: "1",
			RoutingDetails: &paxos.RoutingDetails{RoutingNumber: "MADEUS33"}}},
	} {
		if got := networkFault(&n); got != "fiat_network_instructions."+want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestSwiftCode(t *testing.T) {
	for code, good := range map[string]bool{"MADEUS33": true, "MADEUS33XXX": true, "MADEUS3": false, "MADEUS33XX": false,
		"MADE0S33": false, "madeus33": false, "MADEUS3-": false} {
		if got := swiftCode(code) == ""; got != good {
			t.Errorf("%s: got %v, want %v", code, got, good)
		}
	}
}

func TestDepositInstructions(t *testing.T) {
	sim := newSim(t, Options{})
	c := newTester(t, sim)
	o := c.onboard(1)
	const path = "/transfer/fiat-deposit-instructions"
	memos := map[string]bool{}
	for _, network := range fiatNetworks() {
		var made instructionsBody
		r := instructionsRequest{RefID: network, ProfileID: o.profile, FiatNetwork: network}
		c.call(200, "POST", path, r).decode(t, &made)
		if made.Status != "VALID" || made.MemoID == "" || made.IdentityID != o.identity || made.Instructions == nil {
			t.Errorf("%s: got %+v, want a valid one of the profile's owner", network, made)
		}
		memos[made.MemoID] = true
		if read := get[instructionsBody](c, path+"/"+made.ID); read.MemoID != made.MemoID {
			t.Errorf("got memo %s, want %s", read.MemoID, made.MemoID)
		}
		if p := conflict(t, c.call(409, "POST", path, r)); p.Meta.Existing.ID != made.ID {
			t.Errorf("got existing %q, want %q", p.Meta.Existing.ID, made.ID)
		}
	}
	if len(memos) != len(fiatNetworks()) {
		t.Errorf("got memo ids %v, want them unique", memos)
	}
	if page := get[listPage[instructionsBody]](c, path+"?ref_ids=WIRE&ref_ids=SCB"); len(page.Items) != 2 || page.Items[0].RefID != "SCB" {
		t.Errorf("got %+v, want the two, newest first", page.Items)
	}
	c.call(404, "GET", path+"/"+o.account, nil)
	c.call(400, "GET", path+"/nonsense", nil)
	if n := sim.Stats().Objects.DepositInstructions; n != len(fiatNetworks()) {
		t.Errorf("got %d, want %d", n, len(fiatNetworks()))
	}
}

func TestDepositInstructionRefusals(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	o, other := c.onboard(1), c.onboard(2)
	good := instructionsRequest{ProfileID: o.profile, FiatNetwork: "WIRE", IdentityID: o.identity, AccountID: o.account, RoutingNumberType: "SWIFT"}
	for _, tt := range []struct {
		path  string
		value any
		want  int
	}{
		{"ref_id", "fine", 200}, {"account_id", nil, 200}, {"identity_id", nil, 200},
		{"profile_id", nil, 400}, {"profile_id", other.profile, 404}, {"profile_id", "nonsense", 404},
		{"fiat_network", nil, 400}, {"fiat_network", "ACH", 400}, {"fiat_network", "SCB", 400},
		{"routing_number_type", "IBAN", 400}, {"identity_id", other.identity, 404}, {"account_id", other.account, 404},
		{"identity_id", "nonsense", 404}, {"account_id", "nonsense", 404}, {"memo_id", "x", 400},
	} {
		a := c.call(tt.want, "POST", "/transfer/fiat-deposit-instructions", change(good, tt.path, tt.value))
		if tt.want != 200 && !json.Valid(a.body) {
			t.Errorf("%s: got %s", tt.path, a.body)
		}
	}
}
