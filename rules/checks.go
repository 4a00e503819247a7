package rules

import (
	"slices"
	"strings"

	"embark/paxos"
)

// Check is a rule that concerns more than one column. Column is the one that a
// finding names.
type Check struct {
	Rule
	Group  Group
	Column string
	fails  func(p *Row, o Options) bool
}

// PersonChecks lists the rules for persons that concern several columns.
func PersonChecks() []Check { return slices.Clone(personChecks[:]) }

// Every check is silent where a cell that it needs is empty or has a fault of
// its own that says enough.
var personChecks = [...]Check{
	{ruleRefIDHasCIP, GroupRow, "ref_id", func(p *Row, _ Options) bool { return Tells(p.RefID, p.CIPID) }},
	{ruleRefIDHasCIP, GroupRow, "account.ref_id", func(p *Row, _ Options) bool { return Tells(p.AccountRefID, p.CIPID) }},

	requires(rulePassthrough, GroupPerson, "passthrough_verifier_type", ifPassthrough),
	requires(rulePassthrough, GroupPerson, "passthrough_verified_at", ifPassthrough),
	requires(rulePassthrough, GroupPerson, "passthrough_verification_id", ifPassthrough),
	requires(rulePassthrough, GroupPerson, "passthrough_verification_status", ifPassthrough),
	requires(rulePassthrough, GroupPerson, "passthrough_verification_fields", ifPassthrough),
	{Rule{ID: "passthrough_unused", Text: "the passthrough columns are only for verifier_type PASSTHROUGH",
		Hint: "empty them, or set verifier_type to PASSTHROUGH"}, GroupPerson, "verifier_type",
		func(p *Row, _ Options) bool {
			return !p.passthrough() && p.VerifiedBy+p.VerifiedAt+p.VerificationID+p.VerifiedStatus+p.VerifiedFields != ""
		}},
	{Rule{ID: "verification_denied", Severity: Warning, Text: "the verifier did not approve the person; Paxos will not either"},
		GroupPerson, "passthrough_verification_status",
		func(p *Row, _ Options) bool { return p.passthrough() && p.VerifiedStatus == paxos.StatusDenied }},

	{Rule{ID: "us_resident_cip", Text: "residents of the USA are identified by SSN or ITIN",
		Hint: "set cip_id_type to SSN or ITIN, or correct address.country"}, GroupPerson, "cip_id_type",
		func(p *Row, _ Options) bool {
			return p.Country == paxos.CountryUSA && p.CIPIDType != "" && !p.usNumber()
		}},
	{Rule{ID: "us_number_country", Text: "SSN and ITIN are issued by the USA", Hint: "set cip_id_country to USA, or correct cip_id_type"},
		GroupPerson, "cip_id_country",
		func(p *Row, _ Options) bool {
			return p.usNumber() && p.CIPIDCountry != paxos.CountryUSA && isCountry(p.CIPIDCountry)
		}},
	{ruleLeadingZero, GroupPerson, "cip_id",
		func(p *Row, _ Options) bool {
			return p.usNumber() && lostZeros(p.CIPID)
		}},
	{Rule{ID: "us_number_form", Text: "SSN and ITIN have nine digits", Hint: "write xxx-xx-xxxx"}, GroupPerson, "cip_id", usNumberForm},
	{Rule{ID: "ssn_structure", Text: "no SSN begins with 000 or 666, and none has group 00 or serial number 0000",
		Hint: "ask the customer for the number again"}, GroupPerson, "cip_id", ofSSN(ssnImpossible)},
	{Rule{ID: "ssn_structure", Text: "this SSN is a well-known example or a filler, nobody's number",
		Hint: "ask the customer for the number again"}, GroupPerson, "cip_id", ofSSN(ssnFamous)},
	{Rule{ID: "ssn_structure", Text: "no SSN begins with 9, only ITINs do",
		Hint: "set cip_id_type to ITIN, or ask the customer for the number again"}, GroupPerson, "cip_id", ofSSN(ssnIsITIN)},
	{Rule{ID: "ssn_made_up", Text: "numbers from 900-01 to 999-49 are neither SSNs nor ITINs; samples are made of them",
		Hint: "made-up customers are for rehearsals (simulator, sandbox) and are refused in production"}, GroupPerson, "cip_id", ofSSN(ssnMadeUp)},
	{Rule{ID: "itin_structure", Text: "an ITIN begins with 9 and has group 50 to 65, 70 to 88, 90 to 92 or 94 to 99",
		Hint: "set cip_id_type to SSN, or ask the customer for the number again"}, GroupPerson, "cip_id", itinImpossible},

	{ruleUSState, GroupPerson, "address.province",
		func(p *Row, _ Options) bool {
			return p.Country == paxos.CountryUSA && p.Province != "" && !isState(p.Province)
		}},
	requires(ruleUSZipRequired, GroupPerson, "address.zip_code", Conditions{{Column: "address.country", Values: []string{paxos.CountryUSA}}}),
	{ruleZipMissing, GroupPerson, "address.zip_code",
		func(p *Row, _ Options) bool { return p.ZipCode == "" && postalSet[p.Country] }},
	{ruleLeadingZero, GroupPerson, "address.zip_code",
		func(p *Row, _ Options) bool { return p.Country == paxos.CountryUSA && shortZip(p.ZipCode) }},
	{ruleUSZip, GroupPerson, "address.zip_code",
		func(p *Row, _ Options) bool { return p.Country == paxos.CountryUSA && oddZip(p.ZipCode) }},
	{rulePOBox, GroupPerson, "address.address1",
		func(p *Row, _ Options) bool { return isPOBox(p.Address1) || isPOBox(p.Address2) }},

	{Rule{ID: "tax_details", Text: "persons without SSN or ITIN need tax_payer_id and tax_payer_country, or tax_details_not_required",
		Hint: "fill in both, or set tax_details_not_required to true"}, GroupTax, "tax_payer_id",
		func(p *Row, _ Options) bool {
			return p.CIPIDType != "" && !p.usNumber() && p.TaxPayerID == "" && p.TaxPayerCountry == "" && !p.NoTaxDetails()
		}},
	{Rule{ID: "tax_details", Text: "tax_payer_country goes with tax_payer_id"}, GroupTax, "tax_payer_country",
		func(p *Row, _ Options) bool { return p.TaxPayerID != "" && p.TaxPayerCountry == "" }},
	{Rule{ID: "tax_details", Text: "tax_payer_id goes with tax_payer_country"}, GroupTax, "tax_payer_id",
		func(p *Row, _ Options) bool { return p.TaxPayerID == "" && p.TaxPayerCountry != "" }},
	{Rule{ID: "tax_details", Text: "there are tax details although they are said not to be required",
		Hint: "empty tax_details_not_required"}, GroupTax, "tax_details_not_required",
		func(p *Row, _ Options) bool { return p.NoTaxDetails() && p.TaxPayerID+p.TaxPayerCountry != "" }},
	{Rule{ID: "tax_details", Text: "tax details are always required with a document of the USA",
		Hint: "empty tax_details_not_required"}, GroupTax, "tax_details_not_required",
		func(p *Row, _ Options) bool { return p.NoTaxDetails() && p.CIPIDCountry == paxos.CountryUSA }},
	{Rule{ID: "tax_details", Text: "the tax number of the USA is another than that of the document",
		Hint: "empty tax_payer_id and tax_payer_country; Paxos takes both from the document"}, GroupTax, "tax_payer_id", otherUSTax},

	{ruleLeadingZero, GroupTax, "tax_payer_id", func(p *Row, _ Options) bool { return p.foreignUSTax() && lostZeros(p.TaxPayerID) }},
	{Rule{ID: "us_number_form", Text: "a tax number of the USA has nine digits", Hint: "write xxx-xx-xxxx, or xx-xxxxxxx where it is an EIN"}, GroupTax, "tax_payer_id",
		func(p *Row, _ Options) bool {
			_, person := nineDigits(p.TaxPayerID)
			return p.foreignUSTax() && !person && !isEIN(p.TaxPayerID) && !lostZeros(p.TaxPayerID) && !isScientific(p.TaxPayerID)
		}},

	{Rule{ID: "account_unused", Severity: Warning, Text: "account columns are ignored when account.type is NONE"}, GroupAccount, "account.type",
		func(p *Row, _ Options) bool {
			return p.AccountType == AccountNone && p.AccountRefID+p.AccountDescription != ""
		}},
	{Rule{ID: "nothing_to_do", Severity: Warning, Text: "the customer exists and no account is asked for: there is nothing to do"},
		GroupRow, "account.type",
		func(p *Row, _ Options) bool { return p.AccountType == AccountNone && p.Exists() }},
}

func (p *Row) passthrough() bool {
	return p.VerifierType == "" || p.VerifierType == paxos.VerifierPassthrough
}

func (p *Row) usNumber() bool {
	return p.CIPIDType == paxos.CIPIDTypeSSN || p.CIPIDType == paxos.CIPIDTypeITIN
}

// NoTaxDetails is the meaning of the cell tax_details_not_required.
func (p *Row) NoTaxDetails() bool { return strings.EqualFold(p.TaxDetailsNotRequired, "true") }

// otherUSTax: where the document is the tax number itself, a second one for the
// USA can only contradict it.
func otherUSTax(p *Row, _ Options) bool {
	return p.taxNumber() && p.TaxPayerCountry == paxos.CountryUSA && p.TaxPayerID != "" && p.CIPID != "" &&
		string(alphanumeric(nil, p.TaxPayerID)) != string(alphanumeric(nil, p.CIPID))
}

// foreignUSTax: a tax number of the USA that no document of theirs shows.
// Residents of the USA are told to use that one.
func (p *Row) foreignUSTax() bool {
	return p.TaxPayerCountry == paxos.CountryUSA && p.TaxPayerID != "" && !p.taxNumber() && p.Country != paxos.CountryUSA
}

// lostZeros knows numbers of nine digits that began with zeros. No area of SSNs
// is 000, and no bank has 000 either.
func lostZeros(v string) bool { return (len(v) == 7 || len(v) == 8) && allDigits(v) }

func isZip(v string) bool { return shaped(v, "ddddd") || shaped(v, "ddddd-dddd") }

// shortZip knows ZIP codes that began with zeros, the long ones too.
func shortZip(v string) bool {
	short, rest, long := strings.Cut(v, "-")
	return (len(short) == 3 || len(short) == 4) && allDigits(short) && (!long || shaped(rest, "dddd"))
}

// isPOBox finds "PO Box", "P.O. Box" and "Post Office Box", in any case.
func isPOBox(v string) bool {
	return v != "" && v[0]|0x20 == 'p' && (begins(v, "pobox") || begins(v, "postofficebox"))
}

// Tells reports that a ref_id contains a number that must not be shown. Letters
// and digits are compared only, without leading zeros. Shorter numbers than six
// could be part of a ref_id by chance.
func Tells(refID, secret string) bool {
	if len(secret) < 6 || len(refID) < 6 {
		return false
	}
	for secret != "" && (secret[0] == '0' || !isAlphanumeric(secret[0])) {
		secret = secret[1:]
	}
	if count(secret) < 6 {
		return false
	}
	for i := 0; i+6 <= len(refID); i++ {
		if refID[i]|0x20 == secret[0]|0x20 && begins(refID[i:], secret) {
			return true
		}
	}
	return false
}

// begins compares letters and digits only, in any case.
func begins(v, with string) bool {
	for i := 0; with != ""; with = with[1:] {
		if !isAlphanumeric(with[0]) {
			continue
		}
		for i < len(v) && !isAlphanumeric(v[i]) {
			i++
		}
		if i == len(v) || upper(v[i]) != upper(with[0]) {
			return false
		}
		i++
	}
	return true
}

// count counts letters and digits.
func count(v string) (n int) {
	for i := 0; i < len(v); i++ {
		if isAlphanumeric(v[i]) {
			n++
		}
	}
	return n
}

func isAlphanumeric(b byte) bool { return isDigit(b) || isLetter(b) }

// upper is for letters and digits.
func upper(b byte) byte { return b &^ (b & 0x40 >> 1) }

func alphanumeric(to []byte, v string) []byte {
	for i := 0; i < len(v); i++ {
		if isAlphanumeric(v[i]) {
			to = append(to, upper(v[i]))
		}
	}
	return to
}
