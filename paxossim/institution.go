package paxossim

import (
	"fmt"
	"slices"
	"strconv"

	"embark/paxos"
)

type institution = paxos.InstitutionDetails

// institutionFault is the first thing wrong with a request to create an
// institution, judged by the specification's patterns, the grid of required
// details, the grid of regulation and the rules on members.
func (s *Simulator) institutionFault(r *createRequest) string {
	d := r.InstitutionDetails
	for _, f := range []func() string{
		func() string { return firstFault(d, "institution_details.", institutionChecks) },
		func() string { return institutionAddressFault(d) },
		func() string { return subTypeFault(d) },
		func() string { return gridFault(r) },
		func() string { return regulationFault(d) },
		func() string { return institutionDiligenceFault(r.CustomerDueDiligence) },
		func() string { return taxFault(r.TaxDetails) },
		func() string { return institutionJointFault(r) },
		func() string { return s.institutionMembersFault(r) },
	} {
		if fault := f(); fault != "" {
			return fault
		}
	}
	return ""
}

// institutionChecks are the fields of institution_details, each on its own.
// Which are required besides depends on the type; see grid.
var institutionChecks = []check[institution]{
	{"name", func(d *institution) string { return d.Name }, true, text(200)},
	{"institution_type", func(d *institution) string { return d.InstitutionType }, true, oneOf(institutionTypes())},
	{"institution_sub_type", func(d *institution) string { return d.InstitutionSubType }, true,
		oneOf(paxos.IndustrySectors())},
	{"cip_id", func(d *institution) string { return d.CIPID }, true, text(200)},
	{"cip_id_type", func(d *institution) string { return d.CIPIDType }, true, oneOf(institutionCIPIDTypes())},
	{"cip_id_country", func(d *institution) string { return d.CIPIDCountry }, true, alpha3},
	{"govt_registration_date", func(d *institution) string { return d.GovtRegistrationDate }, true, timestamp},
	{"regulation_status", func(d *institution) string { return d.RegulationStatus }, false, oneOf(regulationStatuses())},
	{"trading_type", func(d *institution) string { return d.TradingType }, false, oneOf(tradingTypes())},

	{"sanctions_verification_status", func(d *institution) string { return d.SanctionsVerificationStatus }, false, unset},
	{"document_verification_status", func(d *institution) string { return d.DocumentVerificationStatus }, false, unset},
	{"additional_screening_status", func(d *institution) string { return d.AdditionalScreeningStatus }, false, unset},
}

func institutionAddressFault(d *institution) string {
	if f := addressFault("institution_details.business_address", d.BusinessAddress); f != "" {
		return f
	}
	if d.IncorporationAddress == nil {
		return ""
	}
	return addressFault("institution_details.incorporation_address", d.IncorporationAddress)
}

func subTypeFault(d *institution) string {
	const field = "institution_details.institution_sub_type "
	investment := d.InstitutionSubType == "INVESTMENT"
	switch {
	case slices.Contains(prohibitedSubTypes(), d.InstitutionSubType):
		return field + "is prohibited"
	case d.InstitutionType == typeTrust && !investment:
		return field + "must be INVESTMENT for a TRUST"
	case d.InstitutionType != typeTrust && investment:
		return field + "may be INVESTMENT only for a TRUST"
	}
	return ""
}

// gridLine is a field that some kinds of institution must have.
type gridLine struct {
	field        string
	given        func(*createRequest) bool
	company, ria bool // a company is a CORPORATION, LLC or PARTNERSHIP
}

// grid is the documents' grid of required details, without what is required of
// everyone. For advisers it takes the union with the older reference, which
// asks for the regulator. A trust needs nothing of it.
var grid = []gridLine{
	{"institution_details.incorporation_address",
		func(r *createRequest) bool { return r.InstitutionDetails.IncorporationAddress != nil }, true, true},
	{"institution_details.regulation_status",
		func(r *createRequest) bool { return r.InstitutionDetails.RegulationStatus != "" }, true, true},
	{"institution_details.trading_type",
		func(r *createRequest) bool { return r.InstitutionDetails.TradingType != "" }, true, true},
	{"institution_details.regulator_name",
		func(r *createRequest) bool { return r.InstitutionDetails.RegulatorName != "" }, false, true},
	{"institution_details.regulator_jurisdiction",
		func(r *createRequest) bool { return r.InstitutionDetails.RegulatorJurisdiction != "" }, false, true},
	{"institution_details.regulator_register_number",
		func(r *createRequest) bool { return r.InstitutionDetails.RegulatorRegisterNumber != "" }, false, true},
	{"institution_details.business_description",
		func(r *createRequest) bool { return r.InstitutionDetails.BusinessDescription != "" }, true, false},
	{"customer_due_diligence",
		func(r *createRequest) bool { return r.CustomerDueDiligence != nil }, true, false},
	{"customer_due_diligence.source_of_wealth",
		func(r *createRequest) bool { return r.CustomerDueDiligence.SourceOfWealth != "" }, true, false},
	{"customer_due_diligence.source_of_funds",
		func(r *createRequest) bool { return r.CustomerDueDiligence.SourceOfFunds != "" }, true, false},
	{"customer_due_diligence.industry_sector",
		func(r *createRequest) bool { return r.CustomerDueDiligence.IndustrySector != "" }, true, false},
	{"customer_due_diligence.has_underlying_trust_structure",
		func(r *createRequest) bool { return r.CustomerDueDiligence.HasUnderlyingTrustStructure != nil }, true, false},
	{"customer_due_diligence.has_nominee_shareholders",
		func(r *createRequest) bool { return r.CustomerDueDiligence.HasNomineeShareholders != nil }, true, false},
}

func gridFault(r *createRequest) string {
	d := r.InstitutionDetails
	if d.InstitutionType == typeTrust {
		if d.IncorporationAddress == nil && d.CIPIDType != paxos.CIPIDTypeSSN && d.CIPIDType != paxos.CIPIDTypeITIN {
			return "institution_details.incorporation_address must be set"
		}
		return ""
	}
	adviser := d.InstitutionSubType == "REGISTERED_INVESTMENT_ADVISOR"
	for _, line := range grid {
		if (adviser && line.ria || !adviser && line.company) && !line.given(r) {
			return line.field + " must be set"
		}
	}
	return ""
}

// regulationFault is the grid of regulation status and trading type. For
// trusts all of it is best effort.
func regulationFault(d *institution) string {
	if d.InstitutionType == typeTrust {
		return ""
	}
	if d.RegulationStatus == nonRegulated && d.TradingType == publicSubsidiary {
		return "institution_details.trading_type must not be PUBLICLY_TRADED_SUBSIDIARY when regulation_status is NON_REGULATED"
	}
	regulated, listed := d.RegulationStatus != nonRegulated, d.TradingType != "PRIVATE"
	for _, f := range []struct {
		needed       bool
		field, value string
	}{
		{regulated, "regulator_name", d.RegulatorName},
		{regulated, "regulator_jurisdiction", d.RegulatorJurisdiction},
		{regulated, "regulator_register_number", d.RegulatorRegisterNumber},
		{listed, "listed_exchange", d.ListedExchange},
		{listed, "ticker_symbol", d.TickerSymbol},
		{d.TradingType == publicSubsidiary, "parent_institution_name", d.ParentInstitutionName},
	} {
		if f.needed && f.value == "" {
			return "institution_details." + f.field + " must be set"
		}
	}
	return ""
}

// institutionDiligenceFault checks the values that are there; which must be is
// in the grid.
func institutionDiligenceFault(d *diligence) string {
	if d == nil {
		return ""
	}
	checks := slices.Clone(diligenceChecks)
	for i := range checks {
		checks[i].required = false
	}
	checks = append(checks, check[diligence]{"industry_sector",
		func(d *diligence) string { return d.IndustrySector }, false, oneOf(paxos.IndustrySectors())})
	return firstFault(d, "customer_due_diligence.", checks)
}

// institutionJointFault judges fields that depend on each other.
func institutionJointFault(r *createRequest) string {
	d := r.InstitutionDetails
	switch filled := autoFilled(d); {
	case d.CIPIDType == "EIN" && !shaped(d.CIPID, "99-9999999"):
		return "institution_details.cip_id must have the form xx-xxxxxxx for an EIN"
	case d.CIPIDType != "EIN" && filled && !shaped(d.CIPID, "999-99-9999"):
		return "institution_details.cip_id must have the form xxx-xx-xxxx for an SSN or ITIN"
	case inUSA(d.BusinessAddress) && d.BusinessAddress.ZipCode == "":
		return "institution_details.business_address.zip_code must be set for the USA"
	case inUSA(d.IncorporationAddress) && d.IncorporationAddress.ZipCode == "":
		return "institution_details.incorporation_address.zip_code must be set for the USA"
	default:
		return waiverFault(r, d.CIPIDCountry, filled)
	}
}

// autoFilled tells institutions whose tax details Paxos fills in from the CIP ID.
func autoFilled(d *institution) bool { return d.CIPIDType != "REGISTRATION_NUMBER" }

// institutionMembersFault judges the members' fields. The older edition of the
// specification does not ask for any.
func (s *Simulator) institutionMembersFault(r *createRequest) string {
	if len(r.InstitutionMembers) == 0 && !s.options.MembersOptional {
		return "institution_members must be set"
	}
	return institutionMemberFaults("institution_members", r.InstitutionDetails.InstitutionType, r.InstitutionMembers)
}

func institutionMemberFaults(field, institutionType string, members []paxos.InstitutionMember) string {
	for i := range members {
		if f := institutionMemberFault(institutionType, &members[i]); f != "" {
			return fmt.Sprintf("%s[%d].%s", field, i, f)
		}
	}
	return ""
}

var trustRole, companyRole = oneOf(trustRoles()), oneOf(companyRoles())

func institutionMemberFault(institutionType string, m *paxos.InstitutionMember) string {
	known := companyRole
	if institutionType == typeTrust {
		known = trustRole
	}
	switch {
	case m.ID != "":
		return "id must not be set"
	case m.Name != "" || m.SummaryStatus != "":
		return "name and summary_status must not be set"
	case m.IdentityID == "":
		return "identity_id must be set"
	case len(m.Roles) == 0:
		return "roles must be set"
	case m.Ownership != "" && !percent(m.Ownership):
		return "ownership must be a decimal number from 0 to 100"
	}
	for _, role := range m.Roles {
		if f := known(role); f != "" {
			return "roles has one that is not allowed for this institution_type"
		}
	}
	return ""
}

// percent is a plain decimal from 0 to 100, without sign or exponent.
func percent(v string) bool {
	for i := range len(v) {
		if v[i] != '.' && (v[i] < '0' || v[i] > '9') {
			return false
		}
	}
	n, err := strconv.ParseFloat(v, 64)
	return err == nil && n <= 100
}
