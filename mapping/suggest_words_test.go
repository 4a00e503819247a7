package mapping

import "testing"

// TestHeadings: shortened words, words in other order, and keys of objects in
// objects.
func TestHeadings(t *testing.T) {
	for heading, want := range map[string]string{
		"Ctzn": "nationality", "Nat'y": "nationality", "Ctry Ctzn": "nationality", "Src Wlth": "source_of_wealth", "Source of Wealth": "source_of_wealth", "Src of Funds": "source_of_funds",
		"CIP Vendor": "passthrough_verifier_type", "CIP Dt": "passthrough_verified_at", "CIP Ref #": "passthrough_verification_id", "CIP Rslt": "passthrough_verification_status",
		"Exp Ann Xfer": "expected_transfer_value", "Expected Annual Transfers": "expected_transfer_value", "Erw. Transfervolumen": "expected_transfer_value",
		"Occ/Industry": "employment_industry_sector", "Emp Stat": "employment_status", "Ann Inc": "estimated_yearly_income", "Tot Net Worth": "estimated_net_worth",
		"Res Addr 1": "address.address1", "Res Addr 2": "address.address2", "Birth Dt": "date_of_birth", "DOB": "date_of_birth",
		"Tel": "phone_number", "Tel No": "phone_number", "Ph": "phone_number", "Ph #": "phone_number", "Mob": "phone_number", "Home Ph": "phone_number", "SS#": "cip_id", "SS #": "cip_id",
		"Lst Nm": "last_name", "Fst Nm": "first_name", "Acct #": "account.ref_id", "Cust #": "ref_id", "Acct Purp": "purpose_of_account", "Sfx": noBusiness,

		"contact.firstName": "first_name", "contact.lastName": "last_name", "address.street1": "address.address1", "address.line2": "address.address2", "profile.dob": "date_of_birth",
		"kyc.vendor": "passthrough_verifier_type", "kyc.result": "passthrough_verification_status", "kyc.inquiry": "passthrough_verification_id", "data.kyc.completedAt": "passthrough_verified_at",
		"taxId.value": "tax_payer_id", "taxId.country": "tax_payer_country", "employment.status": "employment_status", "financials.wealthSource": "source_of_wealth",
		"customer.id": "ref_id", "contact.phones.number": "phone_number", "customer.name.first": "first_name", "spouse.name.first": "", "person.name": fullName, "address.countryCode": "address.country",

		"employer.name": "", "spouse.firstName": "", "bank.name": "", "product.type": "", "tags.id": "", "birth.country": "", "branch.city": "", "order.number": "", "employer.address.city": "",
		"CIP Notes": "", "Exp Dt": "", "Lst Stmt": "", "Rep": noBusiness,
	} {
		if got, _ := byName(heading); got != want {
			t.Errorf("%q: got %q, want %q", heading, got, want)
		}
	}
}
