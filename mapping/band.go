package mapping

import (
	"strconv"
	"strings"

	"embark/paxos"
	"embark/rules"
)

var (
	ruleAmount = rules.Rule{ID: "amount", Text: "this is not an amount of money that can be put into a band",
		Hint: "digits, with $ or USD, commas and a point at most: 85000, $85,000.00; put words and ranges into a table under values"}
	ruleNegative = rules.Rule{ID: "amount", Text: "the amount is negative", Hint: "there is no band below zero"}
)

// band is one of Paxos's, from an amount in dollars up to where the next begins:
// 50,000 is in the band from 50K on.
type band struct {
	from  int64
	value string
}

// bandsOf a column, from the lowest; nil where the column has none. The bounds
// are read from the names, so that they cannot differ.
func bandsOf(column string) []band {
	switch column {
	case "estimated_yearly_income":
		return bands("INCOME_", paxos.YearlyIncomeRanges())
	case "estimated_net_worth":
		return bands("NET_WORTH_", paxos.NetWorthRanges())
	case "expected_transfer_value":
		return bands("TRANSFER_VALUE_", paxos.TransferValueRanges())
	}
	return nil
}

// bands reads names of the form INCOME_50K_TO_100K and INCOME_ABOVE_1M.
func bands(prefix string, values []string) []band {
	var all []band
	for _, v := range values {
		from, _, _ := strings.Cut(strings.TrimPrefix(v, prefix), "_TO_")
		from = strings.TrimPrefix(strings.TrimPrefix(from, "ABOVE_"), "OVER_")
		all = append(all, band{thousands(from), v})
	}
	return all
}

// thousands reads 0, 50K, 1M and 2_5M.
func thousands(s string) int64 {
	unit := 1.0
	switch {
	case strings.HasSuffix(s, "K"):
		unit = 1e3
	case strings.HasSuffix(s, "M"):
		unit = 1e6
	}
	n, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimRight(s, "KM"), "_", "."), 64)
	if err != nil {
		panic("mapping: the name of a band has another form: " + s)
	}
	return int64(n * unit)
}

func toBand(all []band) transform {
	return func(v string, _ []string) (string, *rules.Rule) {
		if isScientific(v) {
			return v, &ruleScientific
		}
		dollars, r := amount(v)
		if r != nil {
			return v, r
		}
		value := all[0].value
		for _, b := range all {
			if dollars >= b.from {
				value = b.value
			}
		}
		return value, nil
	}
}

// maxDollars is far beyond the highest band, and far from the limits of int64.
const maxDollars = 1e15

// amount reads whole dollars: what is behind the point does not decide, since
// bands begin at whole dollars. Commas stand between groups of three only, so
// that 85,5 and 1.234.567 are nobody's guess.
func amount(v string) (int64, *rules.Rule) {
	v = trim(strings.TrimSuffix(strings.TrimPrefix(v, "USD"), "USD"))
	v = trim(strings.TrimPrefix(v, "$"))
	if strings.HasPrefix(v, "-") || strings.HasPrefix(v, "(") {
		return 0, &ruleNegative
	}
	whole, cents, point := strings.Cut(v, ".")
	if point && (!allDigits(cents) || len(cents) > 2) {
		return 0, &ruleAmount
	}
	var n int64
	group, groups := 0, 0
	for i := 0; i < len(whole); i++ {
		switch c := whole[i]; {
		case c-'0' <= 9:
			n, group = n*10+int64(c-'0'), group+1
		case c == ',' && group > 0 && group <= 3 && (groups == 0 || group == 3):
			group, groups = 0, groups+1
		default:
			return 0, &ruleAmount
		}
		if n > maxDollars {
			return 0, &ruleAmount
		}
	}
	if group == 0 || groups > 0 && group != 3 {
		return 0, &ruleAmount
	}
	return n, nil
}
