package rules

import (
	"slices"
	"strings"
	"time"

	"embark/paxos"
)

// Institution holds the cells that only institutions have.
type Institution struct {
	Name                    string
	BusinessAddress         Address
	IncorporationAddress    Address
	DoingBusinessAs         string
	BusinessDescription     string
	InstitutionType         string
	InstitutionSubType      string
	GovtRegistrationDate    string
	RegulationStatus        string
	TradingType             string
	ListedExchange          string
	TickerSymbol            string
	ParentInstitutionName   string
	RegulatorName           string
	RegulatorJurisdiction   string
	RegulatorRegisterNumber string

	IndustrySector              string
	HasUnderlyingTrustStructure string
	HasNomineeShareholders      string
	IsPubliclyTraded            string
}

// institution gives the cells a place where there is none yet.
func (p *Row) institution() *Institution {
	if p.Institution == nil {
		p.Institution = new(Institution)
	}
	return p.Institution
}

// The three columns of Paxos's grid of required details, and the one type that
// it does not tell of. An adviser is a company that is judged otherwise.
func (p *Row) isTrust() bool { return p.institution().InstitutionType == institutionTrust }

func (p *Row) isSole() bool { return p.institution().InstitutionType == institutionSole }

func (p *Row) isCorporate() bool {
	return !p.isTrust() && !p.isSole() && slices.Contains(institutionTypes, p.institution().InstitutionType)
}

func (p *Row) isAdviser() bool {
	return p.isCorporate() && p.institution().InstitutionSubType == subTypeRIA
}

// InstitutionChecks lists the rules for institutions that concern several columns.
func InstitutionChecks() []Check { return slices.Clone(institutionChecks) }

var institutionChecks = slices.Concat(
	sharedChecks("ref_id_personal", "us_number_form", "ssn_structure", "ssn_made_up", "itin_structure"),
	institutionCIPChecks,
	addressRequired("incorporation_address", GroupInstitution, needsIncorporation, incorporationAddress),
	zipRequired("business_address", GroupInstitution, businessAddress),
	addressChecks("business_address", GroupInstitution, businessAddress),
	zipRequired("incorporation_address", GroupInstitution, incorporationAddress),
	addressChecks("incorporation_address", GroupInstitution, incorporationAddress),
	institutionTypeChecks,
	gridChecks,
	institutionTaxChecks,
	institutionMemberChecks,
	sharedChecks("account_unused", "nothing_to_do"),
)

// sharedChecks are those of persons that hold for institutions as well.
func sharedChecks(ids ...string) []Check {
	return slices.DeleteFunc(PersonChecks(), func(c Check) bool { return !slices.Contains(ids, c.ID) })
}

var institutionCIPChecks = []Check{
	{Rule{ID: "us_number_country", Text: "SSN, ITIN and EIN are issued by the USA", Hint: "set cip_id_country to USA, or correct cip_id_type"},
		GroupInstitution, "cip_id_country",
		func(p *Row, _ Options) bool {
			return p.taxNumber() && p.CIPIDCountry != paxos.CountryUSA && isCountry(p.CIPIDCountry)
		}},
	{ruleLeadingZero, GroupInstitution, "cip_id",
		func(p *Row, _ Options) bool {
			return p.taxNumber() && lostZeros(p.CIPID)
		}},
	{Rule{ID: "person_number", Severity: Warning, Text: "corporations and partnerships have an EIN; an SSN or ITIN is a person's",
		Hint: "set cip_id_type to EIN and cip_id to the EIN, or correct institution_type"}, GroupInstitution, "cip_id_type",
		func(p *Row, _ Options) bool {
			t := p.institution().InstitutionType
			return p.usNumber() && (t == institutionCorporation || t == institutionPartnership)
		}},
	{rulePOBoxOfFirm, GroupInstitution, "business_address.address1",
		func(p *Row, _ Options) bool {
			a := businessAddress(p)
			return isPOBox(a.Address1) || isPOBox(a.Address2)
		}},
	{Rule{ID: "ein_form", Text: "an EIN has nine digits", Hint: "write xx-xxxxxxx"}, GroupInstitution, "cip_id", einForm},
	{Rule{ID: "ein_structure", Severity: Warning, Text: "the IRS has assigned no EIN that begins with these two digits",
		Hint: "ask the customer for the number again"}, GroupInstitution, "cip_id", einUnassigned},
	{Rule{ID: "ein_made_up", Text: "no EIN begins with 00; samples are made of such numbers",
		Hint: "made-up customers are for rehearsals (simulator, sandbox) and are refused in production"}, GroupInstitution, "cip_id", einMadeUp},
}

var institutionTypeChecks = []Check{
	{Rule{ID: "prohibited", Text: "Paxos does not onboard businesses of this kind", Hint: "take the row out of the file"},
		GroupInstitution, "institution_sub_type",
		func(p *Row, _ Options) bool { return slices.Contains(prohibited, p.institution().InstitutionSubType) }},
	{Rule{ID: "prohibited", Severity: Warning, Text: "Paxos does not onboard businesses of this kind"},
		GroupInstitution, "industry_sector",
		func(p *Row, _ Options) bool { return slices.Contains(prohibited, p.institution().IndustrySector) }},
	{Rule{ID: "sub_type", Text: "the sub-type of a trust is INVESTMENT"}, GroupInstitution, "institution_sub_type",
		func(p *Row, _ Options) bool {
			sub := p.institution().InstitutionSubType
			return p.isTrust() && sub != "" && sub != subTypeInvestment
		}},
	{Rule{ID: "sub_type", Text: "the sub-type INVESTMENT is for trusts only", Hint: "a fund is a HEDGE_FUND, other financial firms are FINANCE_INSURANCE"},
		GroupInstitution, "institution_sub_type",
		func(p *Row, _ Options) bool {
			return p.isCorporate() && p.institution().InstitutionSubType == subTypeInvestment
		}},
	{Rule{ID: "adviser_approval", Severity: Warning, Text: "Paxos onboards registered investment advisers only after it has agreed to it"},
		GroupInstitution, "institution_sub_type", func(p *Row, _ Options) bool { return p.isAdviser() }},
	{Rule{ID: "sole_proprietorship", Severity: Warning, Text: "Paxos does not publish what it requires of a sole proprietorship; it may ask for more"},
		GroupInstitution, "institution_type", func(p *Row, _ Options) bool { return p.isSole() }},
}

// gridChecks are the grids of required details, and of regulation by trading.
// For advisers Paxos's pages differ; they are held to the union.
var gridChecks = []Check{
	requires(requiredOf("of companies"), GroupInstitution, "regulation_status", ifCorporate),
	requires(requiredOf("of companies"), GroupInstitution, "trading_type", ifCorporate),
	requires(requiredOf("of companies"), GroupInstitution, "business_description", ifCompany),
	requires(requiredOf("of companies"), GroupCDD, "source_of_wealth", ifCompany),
	requires(requiredOf("of companies"), GroupCDD, "source_of_funds", ifCompany),
	requires(requiredOf("of companies"), GroupCDD, "industry_sector", ifCompany),
	requires(requiredOf("of companies"), GroupCDD, "has_underlying_trust_structure", ifCompany),
	requires(requiredOf("of companies"), GroupCDD, "has_nominee_shareholders", ifCompany),
	requires(requiredOf("of regulated institutions"), GroupInstitution, "regulator_name", ifRegulated, ifAdviser),
	requires(requiredOf("of regulated institutions"), GroupInstitution, "regulator_jurisdiction", ifRegulated, ifAdviser),
	requires(requiredOf("of regulated institutions"), GroupInstitution, "regulator_register_number", ifRegulated, ifAdviser),
	requires(requiredOf("of institutions that are traded publicly"), GroupInstitution, "listed_exchange", ifPublic, ifSubsidiary),
	requires(requiredOf("of institutions that are traded publicly"), GroupInstitution, "ticker_symbol", ifPublic, ifSubsidiary),
	requires(requiredOf("of subsidiaries"), GroupInstitution, "parent_institution_name", ifSubsidiary),
	{Rule{ID: "trading_type", Text: "Paxos does not onboard subsidiaries of listed companies that are not regulated"}, GroupInstitution, "trading_type",
		func(p *Row, _ Options) bool {
			i := p.institution()
			return i.RegulationStatus == nonRegulated && i.TradingType == tradedThroughTop
		}},
}

// When the grids require something. Subsidiaries that are not regulated are
// refused anyway.
var (
	corporate    = Condition{Column: "institution_type", Values: []string{institutionCorporation, institutionLLC, institutionPartnership}}
	ofAdvisers   = Condition{Column: "institution_sub_type", Values: []string{subTypeRIA}}
	ofOthers     = Condition{Column: "institution_sub_type", Values: []string{subTypeRIA}, Not: true}
	ifCorporate  = Conditions{corporate}
	ifAdviser    = Conditions{corporate, ofAdvisers}
	ifCompany    = Conditions{corporate, ofOthers}
	ifRegulated  = Conditions{{Column: "regulation_status", Values: []string{"US_REGULATED", "INTL_REGULATED"}}}
	ifPublic     = Conditions{{Column: "trading_type", Values: []string{tradedPublicly}}}
	ifSubsidiary = Conditions{{Column: "trading_type", Values: []string{tradedThroughTop}}, {Column: "regulation_status", Values: []string{nonRegulated}, Not: true}}
)

func requiredOf(whom string) Rule {
	return Rule{ID: "required", Text: "a value is required " + whom}
}

// A trust that goes by its grantor's number needs no address of incorporation.
func needsIncorporation(p *Row) bool {
	return p.isCorporate() || p.isTrust() && p.CIPIDType != "" && !p.usNumber()
}

func businessAddress(p *Row) *Address      { return &p.institution().BusinessAddress }
func incorporationAddress(p *Row) *Address { return &p.institution().IncorporationAddress }

var institutionTaxChecks = append([]Check{
	{Rule{ID: "tax_details", Text: "institutions without EIN, SSN or ITIN need tax_payer_id and tax_payer_country, or tax_details_not_required",
		Hint: "fill in both, or set tax_details_not_required to true"}, GroupTax, "tax_payer_id",
		func(p *Row, _ Options) bool {
			return p.CIPIDType != "" && !p.taxNumber() && p.TaxPayerID == "" && p.TaxPayerCountry == "" && !p.NoTaxDetails()
		}},
}, slices.DeleteFunc(sharedChecks("tax_details"), func(c Check) bool { return strings.HasPrefix(c.Text, "persons") })...)

// taxNumber: the document is itself the number that the IRS knows them by.
func (p *Row) taxNumber() bool { return p.usNumber() || p.CIPIDType == CIPIDTypeEIN }

// EIN gives the number of an employer its documented form, xx-xxxxxxx. What is
// none comes back as it is.
func EIN(v string) string {
	if shaped(v, "ddddddddd") {
		return v[:2] + "-" + v[2:]
	}
	return v
}

func isEIN(v string) bool { return shaped(EIN(v), "dd-ddddddd") }

func einForm(p *Row, _ Options) bool {
	v := p.CIPID
	if p.CIPIDType != CIPIDTypeEIN || v == "" || placeholder(v) != nil || isScientific(v) {
		return false
	}
	return !isEIN(v) && !lostZeros(v)
}

// einPrefixes that the IRS lists as not assigned to any campus or to the
// internet, but for 00, as of 2026. It may assign more, hence only a warning.
const einPrefixes = "07 08 09 17 18 19 28 29 49 69 70 78 79 89 96 97"

func einUnassigned(p *Row, _ Options) bool {
	return p.CIPIDType == CIPIDTypeEIN && isEIN(p.CIPID) && strings.Contains(einPrefixes, p.CIPID[:2])
}

func einMadeUp(p *Row, o Options) bool {
	return p.CIPIDType == CIPIDTypeEIN && isEIN(p.CIPID) && p.CIPID[:2] == "00" && !o.MadeUp
}

// RegistrationDate gives a bare date the form of a time, as Paxos wants it.
func RegistrationDate(v string) string {
	if shaped(v, "dddd-dd-dd") {
		return v + "T00:00:00Z"
	}
	return v
}

// registrationDateFault takes a date or a time.
func registrationDateFault(v string, o Options) *Rule {
	if shaped(v, "dddd-dd-dd") && !isDay(number(v[:4]), number(v[5:7]), number(v[8:])) {
		return &ruleNoSuchDay
	}
	var at time.Time
	if err := at.UnmarshalText([]byte(RegistrationDate(v))); err != nil {
		return dateFormFault(v)
	}
	if at.After(o.Now) {
		return &ruleFuture
	}
	return nil
}
