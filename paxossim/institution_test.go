package paxossim

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"embark/paxos"
)

// widgets is a made-up company with the given members.
func widgets(n int, members ...paxos.InstitutionMember) *paxos.CreateIdentityRequest {
	place := &paxos.Address{Address1: "1 Plant Way", City: "Troy", Province: "NY", ZipCode: "12180", Country: "USA"}
	return &paxos.CreateIdentityRequest{
		RefID: fmt.Sprintf("inst-%06d", n),
		InstitutionDetails: &paxos.InstitutionDetails{
			Name: "Example Widgets", InstitutionType: "LLC", InstitutionSubType: "MANUFACTURING",
			CIPID: fmt.Sprintf("12-%07d", n), CIPIDType: "EIN", CIPIDCountry: "USA",
			GovtRegistrationDate: "2019-02-03T00:00:00Z", BusinessAddress: place, IncorporationAddress: place,
			RegulationStatus: "NON_REGULATED", TradingType: "PRIVATE", BusinessDescription: "Makes widgets",
		},
		InstitutionMembers: members,
		CustomerDueDiligence: &paxos.CustomerDueDiligence{
			SourceOfWealth: "BUSINESS_OWNERSHIP_DIVIDENDS", SourceOfFunds: "BUSINESS_DIVIDENDS_PROFITS",
			IndustrySector: "MANUFACTURING", HasUnderlyingTrustStructure: new(false), HasNomineeShareholders: new(false),
		},
	}
}

func owner(id string) paxos.InstitutionMember {
	return paxos.InstitutionMember{IdentityID: id, Roles: []string{"BENEFICIAL_OWNER", "MANAGEMENT_CONTROL_PERSON"},
		Ownership: "60", Position: "CEO"}
}

// trust turns a company into a trust, with the role for its members.
func trust(r *paxos.CreateIdentityRequest, role string) *paxos.CreateIdentityRequest {
	d := r.InstitutionDetails
	d.InstitutionType, d.InstitutionSubType = "TRUST", "INVESTMENT"
	d.RegulationStatus, d.TradingType, d.BusinessDescription = "", "", ""
	r.CustomerDueDiligence = nil
	for i := range r.InstitutionMembers {
		r.InstitutionMembers[i].Roles = []string{role}
	}
	return r
}

func TestInstitutionEchoesDetails(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	person := c.createIdentity(customer(1)).ID
	made := c.createIdentity(widgets(1, owner(person)))
	if made.Type != "INSTITUTION" || made.SummaryStatus != "PENDING" || made.InstitutionDetails == nil || made.PersonDetails != nil {
		t.Fatalf("got %+v, want a pending institution", made)
	}
	want := []paxos.InstitutionMember{owner(person)}
	want[0].ID, want[0].Name, want[0].SummaryStatus = made.InstitutionMembers[0].ID, "Ada Example", "APPROVED"
	if diff := cmp.Diff(want, made.InstitutionMembers); diff != "" || want[0].ID == "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	if tax := made.TaxDetails; len(tax) != 1 || tax[0].TaxPayerID != "12-0000001" {
		t.Errorf("got %v, want the tax details of the EIN", tax)
	}
	for query, want := range map[string][2]bool{"": {}, "?include_details=true": {true, false},
		"?include_institution_members=true": {false, true}, "?include_details=true&include_institution_members=true": {true, true}} {
		got := get[paxos.Identity](c, "/identity/identities/"+made.ID+query)
		if (got.InstitutionDetails != nil) != want[0] || (got.InstitutionMembers != nil) != want[1] {
			t.Errorf("%q: got %+v, want details %v, members %v", query, got, want[0], want[1])
		}
	}
	for kind, want := range map[string]string{"PERSON": person, "INSTITUTION": made.ID} {
		if got := get[listPage[paxos.Identity]](c, "/identity/identities?identity_type="+kind).Items; len(got) != 1 || got[0].ID != want {
			t.Errorf("%s: got %v, want %s", kind, got, want)
		}
	}
}

func TestInstitutionDuplicates(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	person := c.createIdentity(customer(1)).ID
	made := c.createIdentity(widgets(1, owner(person)))
	sameCIP := widgets(1, owner(person))
	sameCIP.RefID = "another"
	for _, r := range []*paxos.CreateIdentityRequest{widgets(1, owner(person)), sameCIP} {
		if p := conflict(t, c.call(409, "POST", "/identity/identities", r)); p.Meta.Existing.ID != made.ID {
			t.Errorf("got %+v, want the first one's id", p)
		}
	}
	both := widgets(2, owner(person))
	both.PersonDetails = customer(2).PersonDetails
	c.call(400, "POST", "/identity/identities", both)
}

func TestInstitutionRefusals(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	person := c.createIdentity(customer(1)).ID
	company := func() *paxos.CreateIdentityRequest { return widgets(1, owner(person)) }
	aTrust := func() *paxos.CreateIdentityRequest { return trust(company(), "TRUSTEE") }
	adviser := func() *paxos.CreateIdentityRequest {
		r := company()
		r.InstitutionDetails.InstitutionSubType = "REGISTERED_INVESTMENT_ADVISOR"
		return r
	}
	const d, cdd, m = "institution_details.", "customer_due_diligence.", "institution_members"
	for _, tt := range []struct {
		of     func() *paxos.CreateIdentityRequest
		path   string
		value  any
		detail string
	}{
		{company, d + "name", "Exämple", d + "name must match"},
		{company, d + "name", nil, d + "name must be set"},
		{company, d + "name", strings.Repeat("a", 201), d + "name must have at most 200"},
		{company, d + "institution_type", "CLUB", d + "institution_type is not one"},
		{company, d + "institution_sub_type", "WEAPONS", d + "institution_sub_type is prohibited"},
		{company, d + "institution_sub_type", "INVESTMENT", d + "institution_sub_type may be INVESTMENT only"},
		{aTrust, d + "institution_sub_type", "CRYPTO", d + "institution_sub_type must be INVESTMENT"},
		{company, d + "cip_id", "120000001", d + "cip_id must have the form xx-xxxxxxx"},
		{company, d + "cip_id_type", "SSN", d + "cip_id must have the form xxx-xx-xxxx"},
		{company, d + "cip_id_type", "REGISTRATION_NUMBER", "tax_details must be set unless"},
		{company, d + "cip_id_country", "US", d + "cip_id_country must be"},
		{company, d + "govt_registration_date", "2019-02-03", d + "govt_registration_date must be an RFC"},
		{company, d + "business_address", nil, d + "business_address must be set"},
		{company, d + "business_address.zip_code", nil, d + "business_address.zip_code must be set"},
		{company, d + "business_address.address1", "Suite #4", d + "business_address.address1 must match"},
		{company, d + "incorporation_address", nil, d + "incorporation_address must be set"},
		{aTrust, d + "incorporation_address", nil, d + "incorporation_address must be set"},
		{company, d + "incorporation_address.city", nil, d + "incorporation_address.city must be set"},
		{company, d + "business_description", nil, d + "business_description must be set"},
		{company, d + "regulation_status", nil, d + "regulation_status must be set"},
		{company, d + "regulation_status", "US_REGULATED", d + "regulator_name must be set"},
		{adviser, d + "regulation_status", "US_REGULATED", d + "regulator_name must be set"},
		{company, d + "trading_type", "PUBLIC", d + "listed_exchange must be set"},
		{company, d + "trading_type", "PUBLICLY_TRADED_SUBSIDIARY", d + "trading_type must not be"},
		{company, d + "sanctions_verification_status", "APPROVED", d + "sanctions_verification_status must not be set"},
		{company, "customer_due_diligence", nil, "customer_due_diligence must be set"},
		{company, cdd + "industry_sector", "SHOES", cdd + "industry_sector is not one"},
		{company, cdd + "source_of_funds", nil, cdd + "source_of_funds must be set"},
		{company, cdd + "source_of_wealth", "LUCK", cdd + "source_of_wealth is not one"},
		{company, cdd + "has_nominee_shareholders", nil, cdd + "has_nominee_shareholders must be set"},
		{company, "tax_details_not_required", true, "tax_details_not_required must not be true"},
		{company, m, nil, m + " must be set"},
		{company, m, []any{map[string]any{"roles": []string{"BENEFICIAL_OWNER"}}}, m + "[0].identity_id must be set"},
		{company, m, []any{map[string]any{"identity_id": person}}, m + "[0].roles must be set"},
		{company, m, []any{map[string]any{"identity_id": person, "roles": []string{"TRUSTEE"}}}, m + "[0].roles has one"},
		{aTrust, m, []any{map[string]any{"identity_id": person, "roles": []string{"BENEFICIAL_OWNER"}}}, m + "[0].roles has one"},
		{company, m, []any{withOwnership(person, "100.5")}, m + "[0].ownership must be a decimal"},
		{company, m, []any{withOwnership(person, "-1")}, m + "[0].ownership must be a decimal"},
		{company, m, []any{withOwnership(person, "60%")}, m + "[0].ownership must be a decimal"},
		{company, m, []any{map[string]any{"id": "x", "identity_id": person, "roles": []string{"BENEFICIAL_OWNER"}}}, m + "[0].id must not be set"},
	} {
		var p problem
		c.call(400, "POST", "/identity/identities", change(tt.of(), tt.path, tt.value)).decode(t, &p)
		if !strings.HasPrefix(p.Detail, tt.detail) {
			t.Errorf("%s = %v: got %q, want %q", tt.path, tt.value, p.Detail, tt.detail)
		}
	}
	c.call(404, "POST", "/identity/identities", widgets(1, owner("11111111-2222-4333-8444-555555555555")))
	c.call(400, "POST", "/identity/identities", change(customer(2), m, []any{withOwnership(person, "5")}))
	c.createIdentity(aTrust())
	r := adviser()
	r.InstitutionDetails.CIPID, r.RefID = "12-0000009", "adviser"
	r.InstitutionDetails.BusinessDescription, r.CustomerDueDiligence = "", nil
	r.InstitutionDetails.RegulatorName, r.InstitutionDetails.RegulatorJurisdiction = "SEC", "USA"
	r.InstitutionDetails.RegulatorRegisterNumber = "801-1"
	c.createIdentity(r)
}

func withOwnership(id, share string) map[string]any {
	return map[string]any{"identity_id": id, "roles": []string{"BENEFICIAL_OWNER"}, "ownership": share}
}

func TestMembersBlockInstitution(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := newSim(t, Options{ApproveAfter: time.Minute, StatusDetails: true})
		c := newTester(t, sim)
		first := c.createIdentity(customer(1)).ID
		time.Sleep(2 * time.Minute)
		second := c.createIdentity(customer(2)).ID
		id := c.createIdentity(widgets(1, owner(first), owner(second))).ID
		c.createIdentity(widgets(2, owner(id))) // an institution may be a member, too
		if got := requirementTypes(c, id); !strings.Contains(got, "MEMBERS PENDING") {
			t.Errorf("got %s, want MEMBERS", got)
		}
		time.Sleep(119 * time.Second)
		if got := c.status(id); got != "PENDING" {
			t.Errorf("got %s, want PENDING until a minute after the last member's approval", got)
		}
		time.Sleep(time.Second)
		if got := c.status(id); got != "APPROVED" {
			t.Errorf("got %s, want APPROVED", got)
		}
		time.Sleep(time.Minute)
		if n := sim.Stats().Statuses["APPROVED"]; n != 4 {
			t.Errorf("got %d approved, want all four", n)
		}
	})
}

func requirementTypes(c *tester, id string) (out string) {
	d := get[paxos.Identity](c, "/identity/identities/"+id).StatusDetails
	if d == nil {
		return "none"
	}
	for _, r := range d.Requirements {
		out += r.Type + " " + r.Status + " " + r.AwaitingActionFrom + ";"
	}
	for _, ctl := range d.ActiveControls {
		out += ctl.Type + " " + ctl.SetBy
	}
	return out
}

func TestDeniedMemberBlocksForGood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTester(t, newSim(t, Options{StatusDetails: true}))
		bad := customer(1)
		bad.PersonDetails.PassthroughVerificationStatus = "DENIED"
		id := c.createIdentity(widgets(1, owner(c.createIdentity(bad).ID))).ID
		time.Sleep(30 * time.Minute)
		if got := requirementTypes(c, id); c.status(id) != "PENDING" || !strings.HasPrefix(got, "MEMBERS FAILED ;") {
			t.Errorf("got %s, %s, want PENDING, MEMBERS FAILED", c.status(id), got)
		}
		c.call(200, "PUT", "/identity/identities/"+id+"/sandbox-status", `{"sanctions_verification_status":"APPROVED"}`)
		if got := c.status(id); got != "APPROVED" {
			t.Errorf("got %s, want APPROVED by force", got)
		}
	})
}

func TestMembersOptional(t *testing.T) {
	c := newTester(t, newSim(t, Options{MembersOptional: true}))
	id := c.createIdentity(widgets(1)).ID
	if got := c.status(id); got != "PENDING" {
		t.Errorf("got %s, want PENDING without members", got)
	}
	add := addInstitutionMembersRequest{id, []paxos.InstitutionMember{owner(c.createIdentity(customer(1)).ID)}}
	c.call(200, "POST", "/identity/institution-members", add)
	if got := c.status(id); got != "APPROVED" {
		t.Errorf("got %s, want APPROVED with one", got)
	}
}

func TestAddInstitutionMembers(t *testing.T) {
	sim := newSim(t, Options{})
	c := newTester(t, sim)
	person := c.createIdentity(customer(1)).ID
	id := c.createIdentity(widgets(1, owner(person))).ID
	add := addInstitutionMembersRequest{id, []paxos.InstitutionMember{owner(person)}}
	var got addInstitutionMembersRequest
	c.call(200, "POST", "/identity/institution-members", add).decode(t, &got)
	c.call(200, "POST", "/identity/institution-members", add)
	all := get[paxos.Identity](c, "/identity/identities/"+id+"?include_institution_members=true").InstitutionMembers
	if len(all) != 3 || all[0].ID == all[1].ID || all[1].ID != got.Members[0].ID || sim.Stats().Objects.Members != 3 {
		t.Errorf("got %+v, want the same member three times", all)
	}
	for name, tt := range map[string]struct {
		status int
		body   any
	}{
		"unknown":        {404, addInstitutionMembersRequest{"11111111-2222-4333-8444-555555555555", add.Members}},
		"unknown member": {404, addInstitutionMembersRequest{id, []paxos.InstitutionMember{owner("11111111-2222-4333-8444-555555555555")}}},
		"a person":       {400, addInstitutionMembersRequest{person, add.Members}},
		"itself":         {400, addInstitutionMembersRequest{id, []paxos.InstitutionMember{owner(id)}}},
		"nobody":         {400, addInstitutionMembersRequest{id, []paxos.InstitutionMember{}}},
		"no institution": {400, `{"members":[{"identity_id":"x","roles":["BENEFICIAL_OWNER"]}]}`},
		"wrong role":     {400, `{"institution_id":"` + id + `","members":[{"identity_id":"` + person + `","roles":["TRUSTEE"]}]}`},
	} {
		t.Run(name, func(t *testing.T) { c.call(tt.status, "POST", "/identity/institution-members", tt.body) })
	}
}

// Members who join late put the decision off, though one was already planned.
func TestLateMemberPutsOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTester(t, newSim(t, Options{ApproveAfter: time.Minute}))
		one, two := c.createIdentity(customer(1)).ID, c.createIdentity(customer(2)).ID
		time.Sleep(5 * time.Minute)
		id := c.createIdentity(widgets(1, owner(one))).ID
		time.Sleep(30 * time.Second)
		c.call(200, "POST", "/identity/institution-members", addInstitutionMembersRequest{id, []paxos.InstitutionMember{owner(two)}})
		time.Sleep(59 * time.Second)
		if got := c.status(id); got != "PENDING" {
			t.Errorf("got %s, want PENDING until a minute after the last member joined", got)
		}
		time.Sleep(time.Second)
		if got := c.status(id); got != "APPROVED" {
			t.Errorf("got %s, want APPROVED", got)
		}
	})
}

func TestAddAccountMembers(t *testing.T) {
	sim := newSim(t, Options{})
	c := newTester(t, sim)
	one, two := c.createIdentity(customer(1)).ID, c.createIdentity(customer(2)).ID
	r := accountOf(one, "a")
	r.Account.Members = []paxos.AccountMember{{IdentityID: two, Roles: []string{"BENEFICIAL_OWNER"}}}
	id := c.createAccount(r).ID
	add := addAccountMembersRequest{id, []paxos.AccountMember{{IdentityID: two, Roles: []string{"AUTHORIZED_USER"}}}}
	var got addAccountMembersRequest
	c.call(200, "POST", "/identity/account-members", add)
	c.call(200, "POST", "/identity/account-members", add).decode(t, &got)
	all := get[paxos.Account](c, "/identity/accounts/"+id).Members
	if len(all) != 3 || all[1].ID == all[2].ID || all[2].ID != got.Members[0].ID || sim.Stats().Objects.AccountMembers != 2 {
		t.Errorf("got %+v and %+v, want three members", all, got)
	}
	nobody := "11111111-2222-4333-8444-555555555555"
	c.call(404, "POST", "/identity/account-members", addAccountMembersRequest{nobody, add.Members})
	c.call(404, "POST", "/identity/account-members", addAccountMembersRequest{"x", add.Members})
	c.call(404, "POST", "/identity/account-members", addAccountMembersRequest{id, []paxos.AccountMember{{IdentityID: nobody, Roles: []string{"AUTHORIZED_USER"}}}})
	c.call(400, "POST", "/identity/account-members", addAccountMembersRequest{id, []paxos.AccountMember{{IdentityID: two, Roles: []string{"TRUSTEE"}}}})
	c.call(400, "POST", "/identity/account-members", addAccountMembersRequest{id, []paxos.AccountMember{}})
}
