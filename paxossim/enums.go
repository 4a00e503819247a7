package paxossim

// Enumerations of the identity side that nothing else needs as lists yet. They
// are those of the November 2025 specification.

const typeTrust = "TRUST"

func institutionTypes() []string { return []string{typeTrust, "CORPORATION", "LLC", "PARTNERSHIP"} }

func institutionCIPIDTypes() []string { return []string{"EIN", "SSN", "ITIN", "REGISTRATION_NUMBER"} }

func regulationStatuses() []string {
	return []string{"US_REGULATED", "INTL_REGULATED", nonRegulated}
}

const nonRegulated = "NON_REGULATED"

func tradingTypes() []string { return []string{"PRIVATE", "PUBLIC", publicSubsidiary} }

const publicSubsidiary = "PUBLICLY_TRADED_SUBSIDIARY"

// trustRoles and companyRoles share none (since October 2025). ACCOUNT_OPENER
// is in no grid; the older rules allowed it to all but trusts.
func trustRoles() []string { return []string{"TRUSTEE", "GRANTOR", "BENEFICIARY"} }

func companyRoles() []string {
	return []string{"BENEFICIAL_OWNER", "AUTHORIZED_USER", "MANAGEMENT_CONTROL_PERSON", "ACCOUNT_OPENER"}
}

// prohibitedSubTypes are businesses that Paxos does not onboard.
func prohibitedSubTypes() []string {
	return []string{"ADULT_ENTERTAINMENT", "DRUGS", "SHELL_BANK", "WEAPONS"}
}

func documentTypes() []string {
	return []string{"OTHER_DOCUMENTS", "APPLICATION", "ORGANIZATIONAL_DOCUMENTS", "CERTIFICATE_OF_GOOD_STANDING",
		"TAX_IDENTIFICATION", "IDENTITY_VERIFICATION", "PROOF_OF_RESIDENCY", "PROOF_OF_FUNDS", "SAMPLE_INVOICE",
		"OPERATING_AGREEMENT", "TRUST_DOCUMENTS", "MONEY_SERVICE_DOCUMENTS", "INVESTMENT_DOCUMENTS", "CURP",
		"AML_DOCUMENTS", "FUND_STRUCTURE_CHART", "FUND_MANAGER_REGISTRATION", "MEMORANDUM_OF_ASSOCIATION",
		"ORGANIZATIONAL_CHART", "FOUNDATION_BY_LAWS", "APPOINTMENT_OF_GUARDIAN_EVIDENCE",
		"LEGAL_DOMICILE_OF_BENEFICIAL_OWNERS", "GOVERNING_BODY_MEMBER_NAMES"}
}
