package mapping

import (
	"slices"
	"strings"

	"embark/paxos"
	"embark/rules"
)

var rulePadded = rules.Rule{ID: "padded", Severity: rules.Warning, Text: "leading zeros were added, as the mapping says",
	Hint: "compare the number with the source"}

// padsIn tells which rows a column is padded in. Postal codes and numbers of
// documents have another length elsewhere: 1010 is in Vienna, and a passport
// may have eight digits.
func padsIn(column string, columns []string) func(so []string) bool {
	of := func(other string) func(so []string) string {
		i := slices.Index(columns, other)
		return func(so []string) string {
			if i < 0 || i >= len(so) { // one cell alone is wanted: see [Mapper.Refs]
				return ""
			}
			return so[i]
		}
	}
	address, isZip := strings.CutSuffix(column, ".zip_code")
	country, kind := of(address+".country"), of("cip_id_type")
	taxedIn, issuedIn := of("tax_payer_country"), of("cip_id_country")
	switch {
	case isZip:
		return func(so []string) bool { return country(so) == paxos.CountryUSA }
	case column == "cip_id":
		return func(so []string) bool { return slices.Contains(usNumbers, kind(so)) }
	case column == "tax_payer_id":
		return func(so []string) bool { return or(taxedIn(so), issuedIn(so)) == paxos.CountryUSA }
	}
	return func([]string) bool { return true }
}

// usNumbers are the documents whose numbers have nine digits.
var usNumbers = []string{paxos.CIPIDTypeSSN, paxos.CIPIDTypeITIN, rules.CIPIDTypeEIN}
