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

func (p *Row) isCompany() bool { return p.isCorporate() && !p.isAdviser() }

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
			return p.taxNumber() && (len(p.CIPID) == 7 || len(p.CIPID) == 8) && allDigits(p.CIPID)
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
	institutionNeeds("regulation_status", "of companies", (*Row).isCorporate, func(i *Institution) string { return i.RegulationStatus }),
	institutionNeeds("trading_type", "of companies", (*Row).isCorporate, func(i *Institution) string { return i.TradingType }),
	institutionNeeds("business_description", "of companies", (*Row).isCompany, func(i *Institution) string { return i.BusinessDescription }),
	{requiredOf("of companies"), GroupCDD, "source_of_wealth", func(p *Row, _ Options) bool { return p.isCompany() && p.SourceOfWealth == "" }},
	{requiredOf("of companies"), GroupCDD, "source_of_funds", func(p *Row, _ Options) bool { return p.isCompany() && p.SourceOfFunds == "" }},
	institutionNeeds("industry_sector", "of companies", (*Row).isCompany, func(i *Institution) string { return i.IndustrySector }),
	institutionNeeds("has_underlying_trust_structure", "of companies", (*Row).isCompany, func(i *Institution) string { return i.HasUnderlyingTrustStructure }),
	institutionNeeds("has_nominee_shareholders", "of companies", (*Row).isCompany, func(i *Institution) string { return i.HasNomineeShareholders }),
	institutionNeeds("regulator_name", "of regulated institutions", (*Row).isRegulated, func(i *Institution) string { return i.RegulatorName }),
	institutionNeeds("regulator_jurisdiction", "of regulated institutions", (*Row).isRegulated, func(i *Institution) string { return i.RegulatorJurisdiction }),
	institutionNeeds("regulator_register_number", "of regulated institutions", (*Row).isRegulated, func(i *Institution) string { return i.RegulatorRegisterNumber }),
	institutionNeeds("listed_exchange", "of institutions that are traded publicly", (*Row).isTraded, func(i *Institution) string { return i.ListedExchange }),
	institutionNeeds("ticker_symbol", "of institutions that are traded publicly", (*Row).isTraded, func(i *Institution) string { return i.TickerSymbol }),
	institutionNeeds("parent_institution_name", "of subsidiaries", (*Row).isSubsidiary, func(i *Institution) string { return i.ParentInstitutionName }),
	{Rule{ID: "trading_type", Text: "Paxos does not onboard subsidiaries of listed companies that are not regulated"}, GroupInstitution, "trading_type",
		func(p *Row, _ Options) bool {
			i := p.institution()
			return i.RegulationStatus == nonRegulated && i.TradingType == tradedThroughTop
		}},
}

func institutionNeeds(column, of string, needed func(*Row) bool, cell func(*Institution) string) Check {
	return Check{requiredOf(of), GroupInstitution, column,
		func(p *Row, _ Options) bool { return needed(p) && cell(p.institution()) == "" }}
}

func requiredOf(whom string) Rule {
	return Rule{ID: "required", Text: "a value is required " + whom}
}

func (p *Row) isRegulated() bool {
	s := p.institution().RegulationStatus
	return p.isAdviser() || slices.Contains(regulationStatuses, s) && s != nonRegulated
}

func (p *Row) isTraded() bool {
	i := p.institution()
	return i.TradingType == tradedPublicly || p.isSubsidiary()
}

// isSubsidiary leaves out those that are refused anyway.
func (p *Row) isSubsidiary() bool {
	i := p.institution()
	return i.TradingType == tradedThroughTop && i.RegulationStatus != nonRegulated
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
	if p.CIPIDType != CIPIDTypeEIN || v == "" || isPlaceholder(v) || isScientific(v) {
		return false
	}
	lost := (len(v) == 7 || len(v) == 8) && allDigits(v)
	return !isEIN(v) && !lost
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
	if allDigits(v) && len(v) == 5 {
		return &ruleSerialDate
	}
	if shaped(v, "dddd-dd-dd") && !isDay(number(v[:4]), number(v[5:7]), number(v[8:])) {
		return &ruleNoSuchDay
	}
	var at time.Time
	if err := at.UnmarshalText([]byte(RegistrationDate(v))); err != nil {
		return &ruleDate
	}
	if at.After(o.Now) {
		return &ruleFuture
	}
	return nil
}
