package mapping

import (
	"strconv"
	"strings"

	"embark/paxos"
	"embark/rules"
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

func toBand(all []band, write writing) transform {
	return func(v string, _ []string) (string, *rules.Rule) {
		if rules.IsScientific(v) {
			return v, &ruleScientific
		}
		dollars, r := write.amount(v)
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
