package rules

import (
	"math/big"
	"strings"
)

// decimal reads a number as the API writes amounts: digits, with a point
// between digits at most. Thirty characters are more than any amount has, and
// keep the arithmetic small.
func decimal(v string) (*big.Rat, bool) {
	whole, fraction, point := strings.Cut(v, ".")
	if !allDigits(whole) || point && !allDigits(fraction) || len(v) > 30 {
		return nil, false
	}
	return new(big.Rat).SetString(v)
}

func decimalFault(v string, o Options) *Rule {
	if isScientific(v) {
		return &ruleScientific
	}
	if _, ok := decimal(v); !ok {
		return &ruleDecimal
	}
	return nil
}

// isMultiple tells whether a number is a whole number of steps.
func isMultiple(d, step *big.Rat) bool { return new(big.Rat).Quo(d, step).IsInt() }

func rat(v string) *big.Rat {
	d, ok := decimal(v)
	if !ok {
		panic("rules: not a decimal: " + v)
	}
	return d
}
