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

// Statuses of fiat accounts (beside PENDING and APPROVED), of deposit
// instructions and of orders.
const (
	FiatAccountRejected = "REJECTED"
	DepositValid        = "VALID"
	OrderPending        = "PENDING_SUBMISSION"
	OrderSubmitted      = "SUBMITTED"
	OrderOpen           = "OPEN"
	OrderFilled         = "FILLED"
	OrderCancelled      = "CANCELLED"
	OrderRejected       = "REJECTED"
	OrderExpired        = "EXPIRED"
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

// InstitutionTypes are the values of institution_type.
func InstitutionTypes() []string {
	return []string{"TRUST", "CORPORATION", "LLC", "PARTNERSHIP", "SOLE_PROPRIETORSHIP"}
}

// InstitutionSubTypes are the values of institution_sub_type.
func InstitutionSubTypes() []string { return IndustrySectors() }

// ProhibitedSubTypes are the values of institution_sub_type that Paxos does no
// business with. A fifth, RANSOMWARE, has gone from the enumeration.
func ProhibitedSubTypes() []string {
	return []string{"ADULT_ENTERTAINMENT", "DRUGS", "SHELL_BANK", "WEAPONS"}
}

// InstitutionCIPIDTypes are the values of institution_details.cip_id_type.
func InstitutionCIPIDTypes() []string { return []string{"EIN", "SSN", "ITIN", "REGISTRATION_NUMBER"} }

// InstitutionRoles are the values of institution_members[].roles.
func InstitutionRoles() []string {
	return []string{"BENEFICIAL_OWNER", "ACCOUNT_OPENER", "TRUSTEE", "AUTHORIZED_USER", "GRANTOR",
		"MANAGEMENT_CONTROL_PERSON", "BENEFICIARY", "SOLE_PROPRIETOR"}
}

// RegulationStatuses are the values of regulation_status.
func RegulationStatuses() []string {
	return []string{"US_REGULATED", "INTL_REGULATED", "NON_REGULATED"}
}

// TradingTypes are the values of trading_type.
func TradingTypes() []string { return []string{"PRIVATE", "PUBLIC", "PUBLICLY_TRADED_SUBSIDIARY"} }

// DocumentTypes are the values of document_types. The documentation's sample
// of an event asks for a PROOF_OF_ADDRESS, which is none of them.
func DocumentTypes() []string {
	return []string{"OTHER_DOCUMENTS", "APPLICATION", "ORGANIZATIONAL_DOCUMENTS", "CERTIFICATE_OF_GOOD_STANDING",
		"TAX_IDENTIFICATION", "IDENTITY_VERIFICATION", "PROOF_OF_RESIDENCY", "PROOF_OF_FUNDS", "SAMPLE_INVOICE",
		"OPERATING_AGREEMENT", "TRUST_DOCUMENTS", "MONEY_SERVICE_DOCUMENTS", "INVESTMENT_DOCUMENTS", "CURP",
		"AML_DOCUMENTS", "FUND_STRUCTURE_CHART", "FUND_MANAGER_REGISTRATION", "MEMORANDUM_OF_ASSOCIATION",
		"ORGANIZATIONAL_CHART", "FOUNDATION_BY_LAWS", "APPOINTMENT_OF_GUARDIAN_EVIDENCE",
		"LEGAL_DOMICILE_OF_BENEFICIAL_OWNERS", "GOVERNING_BODY_MEMBER_NAMES", "INDEPENDENT_AUDIT"}
}

// FiatNetworks are the values of fiat_network of deposit instructions.
func FiatNetworks() []string { return []string{"WIRE", "DBS_ACT", "CUBIX", "SCB", "RTP"} }

// RoutingNumberTypes are the values of routing_number_type: ABA for Fedwire,
// SWIFT for the rest of the world.
func RoutingNumberTypes() []string { return []string{"ABA", "SWIFT"} }

// FiatAccountStatuses are the values of a fiat account's status.
func FiatAccountStatuses() []string {
	return []string{StatusPending, StatusApproved, FiatAccountRejected}
}

// DepositStatuses are the values of the status of deposit instructions.
func DepositStatuses() []string { return []string{DepositValid, "DEPRECATED"} }

// OrderSides are the values of an order's side.
func OrderSides() []string { return []string{"BUY", "SELL"} }

// OrderTypes are the values of an order's type. Only sell stops are supported.
func OrderTypes() []string {
	return []string{"LIMIT", "MARKET", "POST_ONLY_LIMIT", "STOP_MARKET", "STOP_LIMIT"}
}

// OrderStatuses are the values of an order's status; the last four are final.
func OrderStatuses() []string {
	return []string{OrderPending, OrderSubmitted, OrderOpen, OrderFilled, OrderCancelled, OrderRejected, OrderExpired}
}

// TimesInForce are the values of time_in_force.
func TimesInForce() []string { return []string{"GTC", "FOK", "IOC", "GTT"} }

// Markets are the values of an order's market. MATICUSD has gone since 2025.
func Markets() []string {
	return []string{"ETHEUR", "ETHSGD", "ETHUSD", "BTCEUR", "BTCSGD", "BTCUSD", "PAXGUSD", "BCHUSD", "LTCUSD",
		"USDPUSD", "LINKUSD", "AAVEUSD", "UNIUSD", "PEPEUSD", "TRUMPUSD", "SHIBUSD", "ARBUSD", "BONKUSD", "ENAUSD",
		"MNTUSD", "ONDOUSD", "PENGUUSD", "QNTUSD", "RENDERUSD", "SKYUSD", "WIFUSD", "WLDUSD", "DOGEUSD", "AVAXUSD",
		"SUIUSD", "POLUSD", "XLMUSD", "BNBUSD"}
}

// CryptoNetworks are the values of crypto_network.
func CryptoNetworks() []string {
	return []string{"BITCOIN", "ETHEREUM", "BITCOIN_CASH", "LITECOIN", "SOLANA", "POLYGON_POS", "BASE",
		"ARBITRUM_ONE", "INK", "XLAYER", "STELLAR", "AVALANCHE", "DOGECOIN", "SUI", "ROBINHOOD", "BNB"}
}
