package paxos

// Enumerations are plain strings: Paxos may add values at any time without
// notice, so a value read from a reply must never fail to decode. The lists
// below hold the values known in July 2026 and serve to check what is sent.

// Summary statuses of an identity, in replies, events and list filters.
const (
	StatusPending  = "PENDING"
	StatusApproved = "APPROVED"
	StatusDenied   = "DENIED"
	StatusError    = "ERROR"
	StatusDisabled = "DISABLED"
)

// Identity types, as the API derives them from the details that were sent.
const (
	TypePerson      = "PERSON"
	TypeInstitution = "INSTITUTION"
)

// Values that code branches on; the complete lists follow.
const (
	VerifierPassthrough = "PASSTHROUGH"
	AccountBrokerage    = "BROKERAGE"
	CIPIDTypeSSN        = "SSN"
	CIPIDTypeITIN       = "ITIN"
	CountryUSA          = "USA"
)

// IdentityStatuses are the values of summary_status and of every sub-status.
func IdentityStatuses() []string {
	return []string{StatusPending, StatusError, StatusApproved, StatusDenied, StatusDisabled}
}

// VerifierTypes are the values of person_details.verifier_type.
func VerifierTypes() []string { return []string{"PAXOS", "PASSTHROUGH", "MANUAL"} }

// PassthroughVerifierTypes are the values of passthrough_verifier_type.
func PassthroughVerifierTypes() []string {
	return []string{"JUMIO", "ALLOY", "LEXISNEXIS", "MITEK", "SUMSUB", "MICROBILT", "ONFIDO", "CUSTOMER",
		"EQUIFAX", "ID3_AUTHENTICATE", "FIS", "PROVE", "PERSONA", "PLAID", "DOTFILE", "AIPRISE"}
}

// PassthroughVerificationFields are the values of passthrough_verification_fields.
func PassthroughVerificationFields() []string {
	return []string{"FULL_LEGAL_NAME", "ADDRESS", "DATE_OF_BIRTH", "CIP_ID"}
}

// PassthroughVerificationStatuses are the two identity statuses that a caller
// may set as passthrough_verification_status.
func PassthroughVerificationStatuses() []string { return []string{StatusApproved, StatusDenied} }

// PersonCIPIDTypes are the values of person_details.cip_id_type.
func PersonCIPIDTypes() []string {
	return []string{"SSN", "ID_CARD", "ITIN", "PASSPORT", "DRIVING_LICENSE", "VISA"}
}

// YearlyIncomeRanges are the values of estimated_yearly_income.
func YearlyIncomeRanges() []string {
	return []string{"INCOME_0_TO_50K", "INCOME_50K_TO_100K", "INCOME_100K_TO_250K", "INCOME_250K_TO_500K",
		"INCOME_500K_TO_750K", "INCOME_750K_TO_1M", "INCOME_ABOVE_1M"}
}

// TransferValueRanges are the values of expected_transfer_value.
func TransferValueRanges() []string {
	return []string{"TRANSFER_VALUE_0_TO_25K", "TRANSFER_VALUE_25K_TO_50K", "TRANSFER_VALUE_50K_TO_100K",
		"TRANSFER_VALUE_100K_TO_250K", "TRANSFER_VALUE_250K_TO_500K", "TRANSFER_VALUE_500K_TO_750K",
		"TRANSFER_VALUE_750K_TO_1M", "TRANSFER_VALUE_1M_TO_2_5M", "TRANSFER_VALUE_2_5M_TO_5M",
		"TRANSFER_VALUE_ABOVE_5M"}
}

// NetWorthRanges are the values of estimated_net_worth.
func NetWorthRanges() []string {
	return []string{"NET_WORTH_0_TO_100K", "NET_WORTH_100K_TO_500K", "NET_WORTH_500K_TO_1M",
		"NET_WORTH_1M_TO_2_5M", "NET_WORTH_2_5M_TO_5M", "NET_WORTH_5M_TO_7_5M", "NET_WORTH_7_5M_TO_10M",
		"NET_WORTH_10M_TO_25M", "NET_WORTH_25M_TO_50M", "NET_WORTH_OVER_50M"}
}

// WealthSources are the values of source_of_wealth.
func WealthSources() []string {
	return []string{"INHERITANCE", "INVESTMENT_GAINS", "BUSINESS_OWNERSHIP_DIVIDENDS", "EMPLOYMENT_INCOME",
		"REAL_ESTATE", "OTHER_SOURCE_OF_WEALTH"}
}

// FundsSources are the values of source_of_funds.
func FundsSources() []string {
	return []string{"SALARY_DISBURSEMENT", "INHERITANCE_DISTRIBUTION", "INVESTMENT_RETURNS",
		"BUSINESS_DIVIDENDS_PROFITS", "PROPERTY_SALE", "LOAN_DISBURSEMENT", "SAVINGS_ACCOUNT_WITHDRAWAL",
		"GOVERNMENT_BENEFITS"}
}

// EmploymentStatuses are the values of employment_status.
func EmploymentStatuses() []string {
	return []string{"CONTRACTUAL", "FULL_TIME", "PART_TIME", "RETIRED", "SELF_EMPLOYED", "STUDENT", "UNEMPLOYED"}
}

// AccountPurposes are the values of purpose_of_account.
func AccountPurposes() []string {
	return []string{"INVESTMENT_TRADING", "SAVINGS", "STABLECOIN_PURCHASE_REDEMPTION"}
}

// IndustrySectors are the values of employment_industry_sector, industry_sector
// and institution_sub_type (the API's InstitutionSubType).
func IndustrySectors() []string {
	return []string{"INVESTMENT", "HEDGE_FUND", "MONEY_SERVICE_BUSINESS", "STO_ISSUER", "PRECIOUS_METALS",
		"NON_PROFIT", "REGISTERED_INVESTMENT_ADVISOR", "AGRICULTURE_FORESTRY_FISHING_HUNTING", "MINING",
		"UTILITIES", "CONSTRUCTION", "MANUFACTURING", "WHOLESALE_TRADE", "RETAIL_TRADE",
		"TRANSPORTATION_WAREHOUSING", "INFORMATION", "FINANCE_INSURANCE", "REAL_ESTATE_RENTAL_LEASING",
		"PROFESSIONAL_SCIENTIFIC_TECHNICAL_SERVICES", "MANAGEMENT_OF_COMPANIES_ENTERPRISES",
		"ADMINISTRATIVE_SUPPORT_WASTE_MANAGEMENT_REMEDIATION_SERVICES", "EDUCATIONAL_SERVICES",
		"HEALTH_CARE_SOCIAL_ASSISTANCE", "ARTS_ENTERTAINMENT_RECREATION", "ACCOMMODATION_FOOD_SERVICES",
		"OTHER_SERVICES", "PUBLIC_ADMINISTRATION", "NOT_CLASSIFIED", "ADULT_ENTERTAINMENT", "AUCTIONS",
		"AUTOMOBILES", "BLOCKCHAIN", "CRYPTO", "DRUGS", "EXPORT_IMPORT", "E_COMMERCE", "FINANCIAL_INSTITUTION",
		"GAMBLING", "INSURANCE", "MARKET_MAKER", "SHELL_BANK", "TRAVEL_TRANSPORT", "WEAPONS"}
}

// AccountTypes are the values of account.type.
func AccountTypes() []string {
	return []string{"BROKERAGE", "TRADITIONAL_IRA", "ROTH_IRA", "SEP_IRA", "FINANCIAL_ADVISOR"}
}

// AccountRoles are the values of account.members[].roles.
func AccountRoles() []string {
	return []string{"BENEFICIAL_OWNER", "AUTHORIZED_USER", "FINANCIAL_ADVISOR"}
}
