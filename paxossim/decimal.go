package paxossim

import (
	"math/big"
	"strings"
)

// Amounts and prices are decimal strings in the API and fractions in here, so
// that nothing is ever rounded but what Paxos rounds.

// decimalOf reads a positive decimal of the API's pattern ^[0-9]*\.?[0-9]+$.
func decimalOf(text string) (d *big.Rat, valid bool) {
	whole, part, _ := strings.Cut(text, ".")
	if len(text) > 40 || strings.Trim(whole+part, "0123456789") != "" || part == "" && !digits(text) {
		return nil, false
	}
	d, valid = new(big.Rat).SetString(text)
	return d, valid && d.Sign() > 0
}

func digits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// decimalText is exact: no amount here has more than 18 places, since prices
// have at most eight and so have base amounts.
func decimalText(d *big.Rat) string {
	text := d.FloatString(18)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// positive is the rule for amounts, with at most so many places.
func positive(places int) rule {
	return func(v string) fault {
		if _, valid := decimalOf(v); !valid {
			return "must be a positive decimal"
		}
		if _, part, _ := strings.Cut(v, "."); len(strings.TrimRight(part, "0")) > places {
			return "has too many decimal places"
		}
		return ""
	}
}

func plus(a, b *big.Rat) *big.Rat  { return new(big.Rat).Add(a, b) }
func minus(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }
func times(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }

// bought is what an amount buys at a price, rounded down to eight places.
func bought(amount, price *big.Rat) *big.Rat {
	const satoshis = 100_000_000
	q := times(new(big.Rat).Quo(amount, price), big.NewRat(satoshis, 1))
	return new(big.Rat).SetFrac(new(big.Int).Quo(q.Num(), q.Denom()), big.NewInt(satoshis))
}

// multiple reports whether d is a whole number of steps.
func multiple(d, step *big.Rat) bool { return new(big.Rat).Quo(d, step).IsInt() }

// mustDecimal is for the tables in here.
func mustDecimal(text string) *big.Rat {
	d, valid := decimalOf(text)
	if !valid {
		panic("not a decimal: " + text)
	}
	return d
}
