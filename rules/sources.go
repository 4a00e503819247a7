package rules

// What rules rest on.
const (
	specification   = "Paxos: OpenAPI document"
	requiredDetails = "Paxos: required details of crypto brokerage under the Paxos Trust licence"
	institutionPage = "Paxos: institution types"
	precisionPage   = "Paxos: precision and rounding of orders"
	documentsPage   = "Paxos: identity documents"
	ssa             = "US Social Security Administration: structure of the SSN"
	irsITIN         = "IRS: structure of the ITIN"
	irsEIN          = "IRS: structure and prefixes of the EIN"
	cipRule         = "31 CFR 1023.220, customer identification programs of broker-dealers"
	ours            = ""
)

// sources tells by id what a rule rests on. Those of required values differ by
// column: see sourceOf.
var sources = map[string]string{
	"required": requiredDetails, "enum": specification, "pattern": specification, "too_long": specification, "accent": specification,
	"curly_quote": specification, "date_time": specification, "uuid": specification, "boolean": specification, "decimal": specification,
	"date": specification, "zip_missing": specification, "tax_details": specification,

	"passthrough_unused": specification, "verification_denied": specification,
	"us_resident_cip": requiredDetails, "us_number_country": ssa, "us_number_form": ssa, "ssn_structure": ssa, "ssn_made_up": ssa,
	"itin_structure": irsITIN, "ein_form": irsEIN, "ein_structure": irsEIN, "ein_made_up": irsEIN, "person_number": irsEIN,
	"us_state": "USPS: state abbreviations", "us_zip": "USPS: ZIP codes", "po_box": cipRule, "country": "ISO 3166-1", "phone": "ITU-T E.164",

	"prohibited": institutionPage, "sub_type": institutionPage, "adviser_approval": institutionPage, "trading_type": institutionPage,
	"sole_proprietorship": requiredDetails,
	"member_required":     specification, "member_role": institutionPage, "member_missing": institutionPage,
	"member_ownership": specification, "member_ownership_sum": ours, "member_ref_id": ours, "member_self": ours, "member_repeated": ours,
	"member_twice": ours, "member_unused": ours,

	"aba": "American Bankers Association: routing numbers", "swift": "ISO 9362",
	"fiat_account_network": specification, "fiat_account_owner": specification, "fiat_account_unused": specification,
	"deposit_network": specification,
	"order_amount":    specification, "order_price": specification, "order_stop": specification, "order_time_in_force": specification,
	"order_expiration": specification, "order_notional": specification, "order_minimum": precisionPage, "order_precision": precisionPage,
	"order_tick":    precisionPage,
	"document_form": ours, "document_type": specification, "document_extension": documentsPage, "document_name": specification,
	"document_repeated": ours,

	// Paxos onboards adults; no page of theirs names an age.
	"age": ours, "future": ours, "email": ours,
	"placeholder": ours, "line_break": ours, "invisible_character": ours, "encoding_damage": ours, "mixed_script": ours,
	"scientific_notation": ours, "leading_zero": ours, "ref_id": ours, "ref_id_personal": ours, "wrong_type": ours,
	"account_needed": ours, "account_unused": ours, "nothing_to_do": ours,
}

func sourceOf(id string, g Group) string {
	if id == ruleRequired.ID {
		switch g {
		case GroupRow:
			return ours
		case GroupFiatAccount, GroupOrder:
			return specification
		}
	}
	return sources[id]
}
