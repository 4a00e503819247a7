package mapping

import (
	"slices"
	"strings"

	"embark/paxos"
	"embark/rules"
)

var rulePadded = rules.Rule{ID: "padded", Severity: rules.Warning, Text: "leading zeros were added, as the mapping says",
	Hint: "compare the number with the source"}

// pads tells whether a row is one that the column is padded in. Postal codes and
// numbers of documents have another length elsewhere: 1010 is in Vienna, and a
// passport may have eight digits.
func (t *target) pads(columns, so []string) bool {
	cell := func(column string) string {
		i := slices.Index(columns, column)
		if i < 0 || i >= len(so) { // so is empty where one cell alone is wanted: see [Mapper.Refs]
			return ""
		}
		return so[i]
	}
	address, isZip := strings.CutSuffix(t.column, ".zip_code")
	switch {
	case isZip:
		return cell(address+".country") == paxos.CountryUSA
	case t.column == "cip_id":
		return slices.Contains(usNumbers, cell("cip_id_type"))
	case t.column == "tax_payer_id":
		return or(cell("tax_payer_country"), cell("cip_id_country")) == paxos.CountryUSA
	}
	return true
}

// usNumbers are the documents whose numbers have nine digits.
var usNumbers = []string{paxos.CIPIDTypeSSN, paxos.CIPIDTypeITIN, rules.CIPIDTypeEIN}
