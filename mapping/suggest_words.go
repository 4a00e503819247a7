package mapping

import (
	"cmp"
	"slices"
	"strings"
)

// noise are words of headings that say whose something is, or in which currency.
var noise = map[string]bool{"customer": true, "customers": true, "client": true, "clients": true, "kunde": true, "kunden": true,
	"primary": true, "legal": true, "applicant": true, "owner": true, "holder": true, "investor": true, "the": true, "of": true, "current": true, "your": true,
	"res": true, "permanent": true, "mailing": true, "usd": true, "eur": true, "gbp": true, "chf": true, "us": true, "in": true, "home": true, "residential": true,
	"residence": true, "personal": true, "estimated": true}

// shorts are words as they are shortened in headings.
var shorts = map[string]string{
	"acct": "account", "add": "address", "addr": "address", "adr": "address", "ann": "annual", "anl": "annual", "bday": "birthday", "br": "branch",
	"cd": "code", "cell": "mobile", "citz": "citizenship", "cntry": "country", "ctry": "country", "ctzn": "citizenship", "ctznshp": "citizenship", "cust": "customer",
	"dt": "date", "emp": "employment", "empl": "employment", "est": "estimated", "exp": "expected", "expct": "expected", "fst": "first", "frst": "first",
	"inc": "income", "ind": "industry", "ln": "line", "lst": "last", "mob": "mobile", "mid": "middle", "nat": "nationality", "natl": "national", "naty": "nationality",
	"nationl": "national", "nbr": "number", "nm": "name", "no": "number", "nr": "number", "num": "number", "occ": "occupation", "ph": "phone", "phn": "phone",
	"purp": "purpose", "ref": "reference", "res": "residential", "rslt": "result", "sec": "security", "sfx": "suffix", "soc": "social", "src": "source",
	"st": "state", "stat": "status", "str": "street", "tel": "telephone", "tot": "total", "txr": "transfer", "vend": "vendor", "ver": "verification",
	"verif": "verification", "wlth": "wealth", "xfer": "transfer", "xfers": "transfers", "yrly": "yearly", "erw": "erwartetes", "geb": "geburts",
}

// phrases are headings of several words, in whatever order these stand, with
// commas between them.
var phrases = map[string]string{
	"first_name":                      "first name, given name",
	"last_name":                       "last name, family name",
	"date_of_birth":                   "birth date",
	"address.address1":                "address 1, address line 1, street 1, street address 1",
	"address.address2":                "address 2, address line 2, street 2, street address 2",
	"address.zip_code":                "zip code, postal code",
	"address.country":                 "country code",
	"nationality":                     "country citizenship",
	"cip_id":                          "ss, ss number, social security number",
	"phone_number":                    "phone number, mobile number, telephone number, mobile phone, mobile telephone, phone mobile number",
	"estimated_yearly_income":         "annual income, yearly income, total income, annual gross income, total annual income, income band, income range, income bracket, annual income range, annual income band",
	"estimated_net_worth":             "net worth, total net worth, liquid net worth, net worth band, net worth range",
	"expected_transfer_value":         "expected transfer, expected annual transfer, expected yearly transfer, expected transfer value, expected transfer volume, expected deposit, transfer band, transfer range, expected transfer band, expected transfer range, erwartetes transfervolumen",
	"source_of_wealth":                "source wealth, wealth origin",
	"source_of_funds":                 "source funds, funding source",
	"purpose_of_account":              "account purpose",
	"employment_status":               "employment status, work status",
	"employment_industry_sector":      "occupation industry, industry sector, employment industry, employer industry",
	"passthrough_verifier_type":       "cip vendor, cip provider, cip verifier, identity vendor, verification vendor, verification provider",
	"passthrough_verified_at":         "cip date, cip time, cip completed, cip verified, verification date, identity verification date",
	"passthrough_verification_id":     "cip reference, cip reference number, kyc reference number, verification reference number, verification number",
	"passthrough_verification_status": "cip result, cip status, cip outcome, kyc outcome, verification outcome",
	"account.ref_id":                  "account number",
}

// targetOfWords is [phrases] the other way round, by wordKey.
var targetOfWords = func() map[string]string {
	all := map[string]string{}
	for target, list := range phrases {
		for phrase := range strings.SplitSeq(list, ",") {
			all[wordKey(strings.Fields(phrase))] = target
		}
	}
	return all
}()

// wordKey is the same for the same words, in the singular or the plural.
func wordKey(words []string) string {
	var key []string
	for _, w := range words {
		if len(w) > 4 && !strings.HasSuffix(w, "ss") {
			w = strings.TrimSuffix(w, "s")
		}
		key = append(key, w)
	}
	slices.Sort(key)
	return strings.Join(slices.Compact(key), " ")
}

// longWords are the words of a heading, written out.
func longWords(heading string) []string {
	words := wordsOf(strings.ReplaceAll(heading, "#", " number "))
	for i, w := range words {
		if long := shorts[w]; long != "" {
			words[i] = long
		}
	}
	return words
}

func withoutNoise(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return noise[w] })
}

// partsOf splits the keys of objects in objects: contact.firstName. It is nil
// for headings in which a dot shortens a word.
func partsOf(heading string) []string {
	parts := strings.Split(heading, ".")
	if len(parts) < 2 || slices.ContainsFunc(parts, func(p string) bool { return p == "" || p != trim(p) }) {
		return nil
	}
	return parts
}

// vague are last parts that mean something only with what they are of.
var vague = map[string]bool{"id": true, "uid": true, "ref": true, "reference": true, "name": true, "fullname": true, "type": true, "purpose": true, "number": true,
	"residence": true, "first": true, "last": true, "middle": true}

// The words of parents that tell whose a vague part is: a customer's, or not.
var (
	ofCustomers = strings.Fields("contact customer client user person profile applicant holder owner identity personal individual investor member name names")
	ofOthers    = strings.Fields("employer company business bank broker branch advisor adviser agent rep manager spouse partner beneficiary emergency trusted guarantor joint " +
		"secondary second coowner mother father birth origin previous former old created updated modified product plan order device office")
)

// nested finds the target of a key of an object in an object: by its last two
// parts, as in kyc.vendor, or by the last, as in contact.firstName.
func nested(parts []string) (target string, fit int) {
	last, parents := parts[len(parts)-1], parts[:len(parts)-1]
	if has(wordsOf(strings.Join(parents[:len(parents)-1], " ")), ofOthers) {
		return "", fitsNot
	}
	two := longWords(parents[len(parents)-1] + " " + last)
	if t := cmp.Or(targetOf[strings.Join(two, "")], targetOf[fold(strings.Join(parts[len(parts)-2:], " "))], targetOfWords[wordKey(two)]); t != "" {
		return t, fitsExactly
	}
	of := wordsOf(strings.Join(parents, " "))
	if has(of, ofOthers) || vague[fold(last)] && !has(of, ofCustomers) {
		return "", fitsNot
	}
	return byName(last)
}

func has(words, some []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(some, w) })
}

// lastParts are those by which nested looks.
func lastParts(heading string) string {
	parts := partsOf(heading)
	return cmp.Or(strings.Join(parts[max(0, len(parts)-2):], "."), heading)
}
