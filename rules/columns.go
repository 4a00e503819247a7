package rules

import (
	"slices"

	"embark/paxos"
)

// PersonColumns lists the canonical columns of a person's row, in the order in
// which they are usually written. Beside them there are metadata.KEY and
// account.metadata.KEY, as many as wanted.
func PersonColumns() []Column { return slices.Clone(personColumns[:]) }

// InstitutionColumns lists the canonical columns of an institution's row.
func InstitutionColumns() []Column { return slices.Clone(institutionColumns) }

// Columns lists every canonical column once: those of persons, then what only
// institutions have, then what both may ask for.
func Columns() []Column { return slices.Concat(personColumns[:], institutionOnly, partColumns) }

// IsInstitutionOnly tells of a column that persons do not have.
func IsInstitutionOnly(column string) bool { return has(institutionOnly, column) }

var personColumns = [...]Column{
	{Name: "ref_id", Group: GroupRow, Need: Required, Max: 128, Pattern: `^[0-9A-Za-z._:-]{1,128}$`, Format: "text",
		About: "your own id of the customer; it names the person at Paxos and in every report", Example: "cust-00000017",
		cell: func(p *Row) *string { return &p.RefID }, test: testRefID},
	{Name: "type", Group: GroupRow, Need: Optional, Format: "enum", Values: []string{paxos.TypePerson, paxos.TypeInstitution},
		Default: paxos.TypePerson, About: "what the row describes", Example: paxos.TypePerson,
		cell: func(p *Row) *string { return &p.Type }},
	{Name: "identity_id", Group: GroupRow, Need: Optional, Format: "uuid",
		About: "the person is at Paxos already, under this id; only the account is made", Example: "11111111-2222-4333-8444-555555555555",
		cell: func(p *Row) *string { return &p.IdentityID }, test: testUUID},

	{Name: "first_name", Group: GroupPerson, Need: Required, Max: 200, Pattern: namePattern, Format: "text",
		About: "legal first name", Example: "Ada",
		cell: func(p *Row) *string { return &p.FirstName }},
	{Name: "middle_name", Group: GroupPerson, Need: BestEffort, Max: 200, Format: "text",
		About: "legal middle name", Example: "Marie",
		cell: func(p *Row) *string { return &p.MiddleName }, test: testName},
	{Name: "last_name", Group: GroupPerson, Need: Required, Max: 200, Pattern: namePattern, Format: "text",
		About: "legal last name", Example: "Example",
		cell: func(p *Row) *string { return &p.LastName }},
	{Name: "date_of_birth", Group: GroupPerson, Need: Required, Pattern: `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`, Format: "date",
		About: "YYYY-MM-DD; 18 to 120 years ago", Example: "1985-12-10",
		cell: func(p *Row) *string { return &p.DateOfBirth }, test: testDateOfBirth},
	{Name: "address.address1", Group: GroupPerson, Need: Required, Max: 35, Pattern: namePattern, Format: "text",
		About: "street and number", Example: "9 Sample Rd",
		cell: func(p *Row) *string { return &p.Address1 }},
	{Name: "address.address2", Group: GroupPerson, Need: Optional, Max: 35, Pattern: namePattern, Format: "text",
		About: "flat, floor and the like", Example: "Apt 4",
		cell: func(p *Row) *string { return &p.Address2 }},
	{Name: "address.city", Group: GroupPerson, Need: Required, Max: 35, Pattern: namePattern, Format: "text",
		About: "city", Example: "Albany",
		cell: func(p *Row) *string { return &p.City }},
	{Name: "address.province", Group: GroupPerson, Need: Required, Max: 35, Pattern: namePattern, Format: "text",
		About: "state or province, in the USA its two letters; the city again where there are none", Example: "NY",
		cell: func(p *Row) *string { return &p.Province }},
	{Name: "address.zip_code", Group: GroupPerson, Need: Conditional, Max: 35, Pattern: namePattern, Format: "text",
		About: "postal code, with leading zeros; required in the USA", Example: "12207",
		cell: func(p *Row) *string { return &p.ZipCode }, test: testNumber},
	{Name: "address.country", Group: GroupPerson, Need: Required, Max: 35, Pattern: namePattern, Format: "country",
		About: "country of residence, ISO 3166-1 alpha-3", Example: paxos.CountryUSA,
		cell: func(p *Row) *string { return &p.Country }, test: testCountry},
	{Name: "nationality", Group: GroupPerson, Need: Required, Pattern: `^[A-Z]{3}$`, Format: "country",
		About: "ISO 3166-1 alpha-3", Example: paxos.CountryUSA,
		cell: func(p *Row) *string { return &p.Nationality }, test: testCountry},
	{Name: "cip_id", Group: GroupPerson, Need: Required, Max: 200, Pattern: namePattern, Format: "text",
		About: "number of the identification document; SSN and ITIN as xxx-xx-xxxx or nine digits; unique per person", Example: "900-01-0017",
		cell: func(p *Row) *string { return &p.CIPID }, test: testNumber},
	{Name: "cip_id_type", Group: GroupPerson, Need: Required, Format: "enum", Values: paxos.PersonCIPIDTypes(),
		About: "kind of document; residents of the USA need SSN or ITIN", Example: paxos.CIPIDTypeSSN,
		cell: func(p *Row) *string { return &p.CIPIDType }},
	{Name: "cip_id_country", Group: GroupPerson, Need: Required, Format: "country",
		About: "country that issued the document, ISO 3166-1 alpha-3", Example: paxos.CountryUSA,
		cell: func(p *Row) *string { return &p.CIPIDCountry }, test: testCountry},
	{Name: "phone_number", Group: GroupPerson, Need: BestEffort, Format: "text",
		About: "with + and country code", Example: "+1 212 555 0100",
		cell: func(p *Row) *string { return &p.PhoneNumber }, test: testPhone},
	{Name: "email", Group: GroupPerson, Need: BestEffort, Format: "text",
		About: "e-mail address", Example: "ada@example.com",
		cell: func(p *Row) *string { return &p.Email }, test: testEmail},

	{Name: "verifier_type", Group: GroupPerson, Need: Optional, Format: "enum", Values: paxos.VerifierTypes(),
		Default: paxos.VerifierPassthrough, About: "who verified the person; PASSTHROUGH: you did, as the next five columns tell", Example: paxos.VerifierPassthrough,
		cell: func(p *Row) *string { return &p.VerifierType }},
	{Name: "passthrough_verifier_type", Group: GroupPerson, Need: Conditional, Format: "enum", Values: paxos.PassthroughVerifierTypes(),
		About: "whose service verified the person", Example: "PERSONA",
		cell: func(p *Row) *string { return &p.VerifiedBy }},
	{Name: "passthrough_verified_at", Group: GroupPerson, Need: Conditional, Format: "date-time",
		About: "when; RFC 3339", Example: "2026-05-04T10:11:12Z",
		cell: func(p *Row) *string { return &p.VerifiedAt }, test: testVerifiedAt},
	{Name: "passthrough_verification_id", Group: GroupPerson, Need: Conditional, Format: "text",
		About: "the verifier's id of the verification", Example: "inq_4821",
		cell: func(p *Row) *string { return &p.VerificationID }, test: testNumber},
	{Name: "passthrough_verification_status", Group: GroupPerson, Need: Conditional, Format: "enum", Values: paxos.PassthroughVerificationStatuses(),
		About: "what the verifier found", Example: paxos.StatusApproved,
		cell: func(p *Row) *string { return &p.VerifiedStatus }},
	{Name: "passthrough_verification_fields", Group: GroupPerson, Need: Conditional, Format: "list", Values: paxos.PassthroughVerificationFields(),
		About: "what was verified, with | between the items", Example: "FULL_LEGAL_NAME|DATE_OF_BIRTH",
		cell: func(p *Row) *string { return &p.VerifiedFields }, test: testVerificationFields},

	{Name: "estimated_yearly_income", Group: GroupCDD, Need: Required, Format: "enum", Values: paxos.YearlyIncomeRanges(),
		About: "range of the yearly income", Example: "INCOME_50K_TO_100K",
		cell: func(p *Row) *string { return &p.EstimatedYearlyIncome }},
	{Name: "expected_transfer_value", Group: GroupCDD, Need: Required, Format: "enum", Values: paxos.TransferValueRanges(),
		About: "range of what will be transferred", Example: "TRANSFER_VALUE_0_TO_25K",
		cell: func(p *Row) *string { return &p.ExpectedTransferValue }},
	{Name: "source_of_wealth", Group: GroupCDD, Need: Required, Format: "enum", Values: paxos.WealthSources(),
		About: "where the person's wealth comes from", Example: "EMPLOYMENT_INCOME",
		cell: func(p *Row) *string { return &p.SourceOfWealth }},
	{Name: "employment_status", Group: GroupCDD, Need: Required, Format: "enum", Values: paxos.EmploymentStatuses(),
		About: "employment", Example: "FULL_TIME",
		cell: func(p *Row) *string { return &p.EmploymentStatus }},
	{Name: "employment_industry_sector", Group: GroupCDD, Need: Required, Format: "enum", Values: paxos.IndustrySectors(),
		About: "industry; NOT_CLASSIFIED where there is none", Example: "EDUCATIONAL_SERVICES",
		cell: func(p *Row) *string { return &p.EmploymentIndustrySector }},
	{Name: "estimated_net_worth", Group: GroupCDD, Need: Optional, Format: "enum", Values: paxos.NetWorthRanges(),
		About: "range of the net worth", Example: "NET_WORTH_100K_TO_500K",
		cell: func(p *Row) *string { return &p.EstimatedNetWorth }},
	{Name: "source_of_funds", Group: GroupCDD, Need: Optional, Format: "enum", Values: paxos.FundsSources(),
		About: "where the money comes from", Example: "SALARY_DISBURSEMENT",
		cell: func(p *Row) *string { return &p.SourceOfFunds }},
	{Name: "purpose_of_account", Group: GroupCDD, Need: Optional, Format: "enum", Values: paxos.AccountPurposes(),
		About: "what the account is for", Example: "INVESTMENT_TRADING",
		cell: func(p *Row) *string { return &p.PurposeOfAccount }},

	{Name: "tax_payer_id", Group: GroupTax, Need: Conditional, Max: 35, Pattern: namePattern, Format: "text",
		About: "tax number; Paxos fills it in where the document is an SSN or ITIN", Example: "12345678909",
		cell: func(p *Row) *string { return &p.TaxPayerID }, test: testNumber},
	{Name: "tax_payer_country", Group: GroupTax, Need: Conditional, Format: "country",
		About: "country of the tax number, ISO 3166-1 alpha-3", Example: "BRA",
		cell: func(p *Row) *string { return &p.TaxPayerCountry }, test: testCountry},
	{Name: "tax_details_not_required", Group: GroupTax, Need: Optional, Format: "boolean",
		About: "true where the law asks for no tax number; never with a document of the USA", Example: "true",
		cell: func(p *Row) *string { return &p.TaxDetailsNotRequired }, test: testBoolean},

	{Name: "account.ref_id", Group: GroupAccount, Need: Optional, Max: 128, Pattern: `^[0-9A-Za-z._:-]{1,128}$`, Format: "text",
		Default: "<ref_id>-account", About: "your own id of the account", Example: "acct-00000017",
		cell: func(p *Row) *string { return &p.AccountRefID }, test: testRefID},
	{Name: "account.type", Group: GroupAccount, Need: Optional, Format: "enum", Values: append(paxos.AccountTypes(), AccountNone),
		Default: paxos.AccountBrokerage, About: "kind of account; NONE: identity only", Example: paxos.AccountBrokerage,
		cell: func(p *Row) *string { return &p.AccountType }},
	{Name: "account.description", Group: GroupAccount, Need: Optional, Format: "text",
		About: "free text, kept with the account", Example: "Individual account",
		cell: func(p *Row) *string { return &p.AccountDescription }},
}

var (
	personOnly      = without(personColumns[:], institutionColumns)
	institutionOnly = without(institutionColumns, personColumns[:])
)

func without(columns, others []Column) []Column {
	return slices.DeleteFunc(slices.Clone(columns), func(c Column) bool { return has(others, c.Name) })
}

func has(columns []Column, name string) bool {
	return slices.ContainsFunc(columns, func(c Column) bool { return c.Name == name })
}

// AccountNone is our own value of account.type: an identity without an account.
const AccountNone = "NONE"
