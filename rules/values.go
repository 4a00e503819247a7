package rules

import "embark/paxos"

// Values of the API's enumerations beyond persons, as known in July 2026.

// Values that rules branch on.
const (
	institutionTrust       = "TRUST"
	institutionCorporation = "CORPORATION"
	institutionLLC         = "LLC"
	institutionPartnership = "PARTNERSHIP"
	institutionSole        = "SOLE_PROPRIETORSHIP"

	subTypeInvestment = "INVESTMENT"
	subTypeRIA        = "REGISTERED_INVESTMENT_ADVISOR"

	CIPIDTypeEIN = "EIN"

	nonRegulated     = "NON_REGULATED"
	tradedPublicly   = "PUBLIC"
	tradedThroughTop = "PUBLICLY_TRADED_SUBSIDIARY"
)

var (
	institutionTypes    = []string{institutionTrust, institutionCorporation, institutionLLC, institutionPartnership, institutionSole}
	institutionCIPTypes = []string{CIPIDTypeEIN, "SSN", "ITIN", "REGISTRATION_NUMBER"}
	regulationStatuses  = []string{"US_REGULATED", "INTL_REGULATED", nonRegulated}
	tradingTypes        = []string{"PRIVATE", tradedPublicly, tradedThroughTop}

	// prohibited businesses: Paxos's page of institution types.
	prohibited = []string{"ADULT_ENTERTAINMENT", "DRUGS", "SHELL_BANK", "WEAPONS"}
)

// Roles. Those of trusts are for trusts only, by the grid of October 2025;
// ACCOUNT_OPENER stands in no grid, and older pages allow it for all but trusts.
var (
	trustRoles   = []string{"TRUSTEE", "GRANTOR", "BENEFICIARY"}
	companyRoles = []string{roleOwner, roleControl, "AUTHORIZED_USER", "ACCOUNT_OPENER"}
	soleRoles    = append([]string{"SOLE_PROPRIETOR"}, companyRoles...)
	accountRoles = paxos.AccountRoles()
)

const (
	roleOwner   = "BENEFICIAL_OWNER"
	roleControl = "MANAGEMENT_CONTROL_PERSON"
)

// Networks of fiat accounts; deposit instructions have no CBIT.
const (
	NetworkWire   = "WIRE"
	NetworkCubix  = "CUBIX"
	NetworkCbit   = "CBIT"
	NetworkDBSAct = "DBS_ACT"
	NetworkSCB    = "SCB"
	NetworkRTP    = "RTP"
)

const (
	routingABA   = "ABA"
	routingSWIFT = "SWIFT"
)

var (
	fiatNetworks    = []string{NetworkWire, NetworkCubix, NetworkCbit, NetworkDBSAct, NetworkSCB, NetworkRTP}
	depositNetworks = []string{NetworkWire, NetworkDBSAct, NetworkCubix, NetworkSCB, NetworkRTP}
	routingTypes    = []string{routingABA, routingSWIFT}
)

// Orders. A market that came after November 2025 has no documented price tick.
const (
	buy        = "BUY"
	sell       = "SELL"
	market     = "MARKET"
	stopMarket = "STOP_MARKET"
	stopLimit  = "STOP_LIMIT"
	goodTil    = "GTT"
)

var (
	orderSides   = []string{buy, sell}
	orderTypes   = []string{market, "LIMIT", "POST_ONLY_LIMIT", stopMarket, stopLimit}
	timesInForce = []string{"GTC", "FOK", "IOC", goodTil}
	markets      = append([]string{"BTCUSD", "ETHUSD", "BCHUSD", "LTCUSD", "PAXGUSD", "USDPUSD", "LINKUSD", "AAVEUSD", "UNIUSD",
		"BTCEUR", "ETHEUR", "BTCSGD", "ETHSGD"}, newMarkets...)
	newMarkets = []string{"PEPEUSD", "TRUMPUSD", "SHIBUSD", "ARBUSD", "BONKUSD", "ENAUSD", "MNTUSD", "ONDOUSD", "PENGUUSD", "QNTUSD",
		"RENDERUSD", "SKYUSD", "WIFUSD", "WLDUSD", "DOGEUSD", "AVAXUSD", "SUIUSD", "POLUSD", "XLMUSD", "BNBUSD"}
)

var documentTypes = []string{"OTHER_DOCUMENTS", "APPLICATION", "ORGANIZATIONAL_DOCUMENTS", "CERTIFICATE_OF_GOOD_STANDING",
	"TAX_IDENTIFICATION", "IDENTITY_VERIFICATION", "PROOF_OF_RESIDENCY", "PROOF_OF_FUNDS", "SAMPLE_INVOICE", "OPERATING_AGREEMENT",
	"TRUST_DOCUMENTS", "MONEY_SERVICE_DOCUMENTS", "INVESTMENT_DOCUMENTS", "CURP", "AML_DOCUMENTS", "FUND_STRUCTURE_CHART",
	"FUND_MANAGER_REGISTRATION", "MEMORANDUM_OF_ASSOCIATION", "ORGANIZATIONAL_CHART", "FOUNDATION_BY_LAWS",
	"APPOINTMENT_OF_GUARDIAN_EVIDENCE", "LEGAL_DOMICILE_OF_BENEFICIAL_OWNERS", "GOVERNING_BODY_MEMBER_NAMES", "INDEPENDENT_AUDIT"}
