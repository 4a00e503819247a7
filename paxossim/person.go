package paxossim

import (
	"fmt"
	"strings"

	"embark/paxos"
)

// personFault is the first thing wrong with a request to create a person,
// judged by the specification's patterns and the grid of required details for
// crypto brokerage. It is written from the sources alone and shares no code
// with embark's own rules, so that each can catch the other out.
func personFault(r *createRequest) string {
	p := r.PersonDetails
	if r.InstitutionMembers != nil {
		return "institution_members must not be set for a person"
	}
	if f := firstFault(p, "person_details.", personChecks); f != "" {
		return f
	}
	if f := addressFault("person_details.address", p.Address); f != "" {
		return f
	}
	if f := passthroughFault(p); f != "" {
		return f
	}
	if f := diligenceFault(r.CustomerDueDiligence); f != "" {
		return f
	}
	if f := taxFault(r.TaxDetails); f != "" {
		return f
	}
	return jointFault(r)
}

type person = paxos.PersonDetails

// personChecks are the fields of person_details, each on its own.
var personChecks = []check[person]{
	{"first_name", func(p *person) string { return p.FirstName }, true, text(200)},
	{"middle_name", func(p *person) string { return p.MiddleName }, false, atMost(200)},
	{"last_name", func(p *person) string { return p.LastName }, true, text(200)},
	{"date_of_birth", func(p *person) string { return p.DateOfBirth }, true, date},
	{"nationality", func(p *person) string { return p.Nationality }, true, alpha3},
	{"cip_id", func(p *person) string { return p.CIPID }, true, text(200)},
	{"cip_id_type", func(p *person) string { return p.CIPIDType }, true, oneOf(paxos.PersonCIPIDTypes())},
	{"cip_id_country", func(p *person) string { return p.CIPIDCountry }, true, alpha3},
	{"phone_number", func(p *person) string { return p.PhoneNumber }, false, anything},
	{"email", func(p *person) string { return p.Email }, false, anything},
	{"profession", func(p *person) string { return p.Profession }, false, anything},
	{"country_of_birth", func(p *person) string { return p.CountryOfBirth }, false, anything},

	{"verifier_type", func(p *person) string { return p.VerifierType }, true, oneOf(paxos.VerifierTypes())},
	{"passthrough_verifier_type", func(p *person) string { return p.PassthroughVerifierType }, false,
		oneOf(paxos.PassthroughVerifierTypes())},
	{"passthrough_verified_at", func(p *person) string { return p.PassthroughVerifiedAt }, false, timestamp},
	{"passthrough_verification_status", func(p *person) string { return p.PassthroughVerificationStatus }, false,
		oneOf(paxos.PassthroughVerificationStatuses())},

	{"id_verification_status", func(p *person) string { return p.IDVerificationStatus }, false, unset},
	{"sanctions_verification_status", func(p *person) string { return p.SanctionsVerificationStatus }, false, unset},
	{"additional_screening_status", func(p *person) string { return p.AdditionalScreeningStatus }, false, unset},
	{"govt_id", func(p *person) string { return p.GovtID }, false, unset},
	{"govt_id_type", func(p *person) string { return p.GovtIDType }, false, unset},
}

// passthroughChecks are the fields that a passthrough verifier needs; the
// guides ask for all five, the older reference for the first two.
var passthroughChecks = []check[person]{
	{"passthrough_verifier_type", func(p *person) string { return p.PassthroughVerifierType }, true, anything},
	{"passthrough_verified_at", func(p *person) string { return p.PassthroughVerifiedAt }, true, anything},
	{"passthrough_verification_id", func(p *person) string { return p.PassthroughVerificationID }, true, anything},
	{"passthrough_verification_status", func(p *person) string { return p.PassthroughVerificationStatus }, true, anything},
	{"passthrough_verification_fields", func(p *person) string { return strings.Join(p.PassthroughVerificationFields, "|") },
		true, anything},
}

var verificationField = oneOf(paxos.PassthroughVerificationFields())

func passthroughFault(p *person) string {
	for _, v := range p.PassthroughVerificationFields {
		if f := verificationField(v); f != "" {
			return f.in("person_details.passthrough_verification_fields")
		}
	}
	if p.VerifierType != paxos.VerifierPassthrough {
		return ""
	}
	return firstFault(p, "person_details.", passthroughChecks)
}

func addressFault(field string, a *paxos.Address) string {
	if a == nil {
		return field + " must be set"
	}
	return firstFault(a, field+".", addressChecks)
}

type address = paxos.Address

// addressChecks: the schema has no list of countries or provinces.
var addressChecks = []check[address]{
	{"address1", func(a *address) string { return a.Address1 }, true, text(35)},
	{"address2", func(a *address) string { return a.Address2 }, false, text(35)},
	{"city", func(a *address) string { return a.City }, true, text(35)},
	{"province", func(a *address) string { return a.Province }, true, text(35)},
	{"zip_code", func(a *address) string { return a.ZipCode }, false, text(35)},
	{"country", func(a *address) string { return a.Country }, true, text(35)},
}

func diligenceFault(d *paxos.CustomerDueDiligence) string {
	if d == nil {
		return "customer_due_diligence must be set"
	}
	return firstFault(d, "customer_due_diligence.", diligenceChecks)
}

type diligence = paxos.CustomerDueDiligence

var diligenceChecks = []check[diligence]{
	{"estimated_yearly_income", func(d *diligence) string { return d.EstimatedYearlyIncome }, true,
		oneOf(paxos.YearlyIncomeRanges())},
	{"expected_transfer_value", func(d *diligence) string { return d.ExpectedTransferValue }, true,
		oneOf(paxos.TransferValueRanges())},
	{"source_of_wealth", func(d *diligence) string { return d.SourceOfWealth }, true, oneOf(paxos.WealthSources())},
	{"employment_status", func(d *diligence) string { return d.EmploymentStatus }, true,
		oneOf(paxos.EmploymentStatuses())},
	{"employment_industry_sector", func(d *diligence) string { return d.EmploymentIndustrySector }, true,
		oneOf(paxos.IndustrySectors())},
	{"estimated_net_worth", func(d *diligence) string { return d.EstimatedNetWorth }, false,
		oneOf(paxos.NetWorthRanges())},
	{"source_of_funds", func(d *diligence) string { return d.SourceOfFunds }, false, oneOf(paxos.FundsSources())},
	{"purpose_of_account", func(d *diligence) string { return d.PurposeOfAccount }, false,
		oneOf(paxos.AccountPurposes())},
}

func taxFault(details []paxos.TaxDetail) string {
	for i := range details {
		if f := firstFault(&details[i], fmt.Sprintf("tax_details[%d].", i), taxChecks); f != "" {
			return f
		}
	}
	return ""
}

type taxDetail = paxos.TaxDetail

var taxChecks = []check[taxDetail]{
	{"tax_payer_id", func(t *taxDetail) string { return t.TaxPayerID }, true, text(35)},
	{"tax_payer_country", func(t *taxDetail) string { return t.TaxPayerCountry }, true, alpha3},
	{"tin_verification_status", func(t *taxDetail) string { return t.TINVerificationStatus }, false, unset},
}

// jointFault judges fields that depend on each other.
func jointFault(r *createRequest) string {
	for _, c := range jointChecks {
		if c.broken(r) {
			return c.says
		}
	}
	return waiverFault(r, r.PersonDetails.CIPIDCountry, hasTIN(r.PersonDetails))
}

// waiverFault judges tax_details and tax_details_not_required. That they
// exclude each other is our reading.
func waiverFault(r *createRequest, country string, filled bool) string {
	given, waived := len(r.TaxDetails) > 0, r.TaxDetailsNotRequired
	switch {
	case !given && !waived && !filled:
		return "tax_details must be set unless tax_details_not_required is true"
	case waived && country == paxos.CountryUSA:
		return "tax_details_not_required must not be true when cip_id_country is USA"
	case waived && given:
		return "tax_details must not be set when tax_details_not_required is true"
	}
	return ""
}

type createRequest = paxos.CreateIdentityRequest

// jointChecks: the zip code comes from the July 2026 specification, as does the
// rule on cip_id_country in waiverFault.
var jointChecks = []struct {
	says   string
	broken func(*createRequest) bool
}{
	{"person_details.cip_id_type must be SSN or ITIN for residents of the USA", func(r *createRequest) bool {
		return residesInUSA(r.PersonDetails) && !hasTIN(r.PersonDetails)
	}},
	{"person_details.cip_id must have the form xxx-xx-xxxx for an SSN or ITIN", func(r *createRequest) bool {
		return hasTIN(r.PersonDetails) && !shaped(r.PersonDetails.CIPID, "999-99-9999")
	}},
	{"person_details.address.zip_code must be set for the USA", func(r *createRequest) bool {
		return residesInUSA(r.PersonDetails) && r.PersonDetails.Address.ZipCode == ""
	}},
}

func residesInUSA(p *person) bool { return inUSA(p.Address) }

// inUSA knows the three spellings that samples use for address.country.
func inUSA(a *address) bool {
	return a != nil && (a.Country == paxos.CountryUSA || a.Country == "US" || a.Country == "United States")
}

// hasTIN tells persons whose tax details Paxos fills in from the CIP ID.
func hasTIN(p *person) bool {
	return p.CIPIDType == paxos.CIPIDTypeSSN || p.CIPIDType == paxos.CIPIDTypeITIN
}

// cipTriple is what must be unique over all identities. Punctuation in the id
// makes no difference here, so that one person cannot be onboarded twice by
// another way of writing the number.
func cipTriple(r *createRequest) string {
	if d := r.InstitutionDetails; d != nil {
		return normalTriple(d.CIPID, d.CIPIDType, d.CIPIDCountry)
	}
	p := r.PersonDetails
	return normalTriple(p.CIPID, p.CIPIDType, p.CIPIDCountry)
}

func normalTriple(id, kind, country string) string {
	bare := strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' {
			return c
		}
		if c >= 'a' && c <= 'z' {
			return c - 'a' + 'A'
		}
		return -1
	}, id)
	return kind + " " + country + " " + bare
}
