package paxossim

import (
	"maps"
	"math/big"
	"slices"
)

// market is a trading pair at a price that never moves, which is the midpoint
// and where everything trades.
type market struct {
	base, quote string
	mid, tick   *big.Rat
}

func trades(name, mid, tick string) market {
	cut := len(name) - 3
	return market{name[:cut], name[cut:], mustDecimal(mid), mustDecimal(tick)}
}

// markets are the values of market, those of July 2026 among them. Midpoints
// are made up. Ticks are the documented ones; those of 0.00000001 are ours, as
// the documented 0.01 is more than such a coin costs.
var markets = map[string]market{
	"BTCUSD": trades("BTCUSD", "100000", "0.25"), "BTCEUR": trades("BTCEUR", "90000", "0.01"),
	"BTCSGD": trades("BTCSGD", "130000", "0.01"),
	"ETHUSD": trades("ETHUSD", "4000", "0.05"), "ETHEUR": trades("ETHEUR", "3600", "0.01"),
	"ETHSGD":  trades("ETHSGD", "5200", "0.01"),
	"PAXGUSD": trades("PAXGUSD", "4000", "0.01"), "BCHUSD": trades("BCHUSD", "500", "0.05"),
	"LTCUSD": trades("LTCUSD", "100", "0.01"), "USDPUSD": trades("USDPUSD", "1", "0.01"),
	"LINKUSD": trades("LINKUSD", "16", "0.01"), "MATICUSD": trades("MATICUSD", "0.5", "0.0001"),
	"AAVEUSD": trades("AAVEUSD", "200", "0.01"), "UNIUSD": trades("UNIUSD", "8", "0.01"),

	"AVAXUSD": trades("AVAXUSD", "20", "0.01"), "BNBUSD": trades("BNBUSD", "900", "0.01"),
	"QNTUSD": trades("QNTUSD", "80", "0.01"), "TRUMPUSD": trades("TRUMPUSD", "6", "0.01"),
	"RENDERUSD": trades("RENDERUSD", "2.5", "0.01"), "SUIUSD": trades("SUIUSD", "2", "0.01"),
	"MNTUSD": trades("MNTUSD", "1.25", "0.01"), "WLDUSD": trades("WLDUSD", "0.75", "0.01"),
	"ONDOUSD": trades("ONDOUSD", "0.6", "0.01"), "WIFUSD": trades("WIFUSD", "0.5", "0.01"),
	"ARBUSD": trades("ARBUSD", "0.3", "0.01"), "XLMUSD": trades("XLMUSD", "0.3", "0.01"),
	"ENAUSD": trades("ENAUSD", "0.3", "0.01"), "DOGEUSD": trades("DOGEUSD", "0.2", "0.01"),
	"POLUSD": trades("POLUSD", "0.2", "0.01"), "SKYUSD": trades("SKYUSD", "0.06", "0.01"),
	"PENGUUSD": trades("PENGUUSD", "0.015", "0.00000001"), "PEPEUSD": trades("PEPEUSD", "0.000007", "0.00000001"),
	"BONKUSD": trades("BONKUSD", "0.00001", "0.00000001"), "SHIBUSD": trades("SHIBUSD", "0.00001", "0.00000001"),
}

func marketNames() []string { return slices.Sorted(maps.Keys(markets)) }

// inUSD are made-up rates, to hold notional values against caps in USD.
var inUSD = map[string]*big.Rat{"USD": mustDecimal("1"), "EUR": mustDecimal("1.1"), "SGD": mustDecimal("0.75")}

func fiatAssets() []string { return []string{"USD", "EUR", "SGD"} }

// assets are all that a profile can hold.
func assets() []string {
	all := fiatAssets()
	for _, name := range marketNames() {
		all = append(all, markets[name].base)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

var marketCap, limitCap, largeLimitCap = mustDecimal("500000"), mustDecimal("1000000"), mustDecimal("1500000")

// notionalCap is the largest value of an order in USD.
func notionalCap(name, kind string) *big.Rat {
	switch {
	case kind == typeMarket || kind == typeStopMarket:
		return marketCap
	case name == "BTCUSD" || name == "ETHUSD":
		return largeLimitCap
	}
	return limitCap
}

// band is how far from the midpoint, as a share of it, a taker's price is refused.
var band = mustDecimal("0.15")

// inBand reports whether a price is nearer than 15 % to the midpoint.
func (m market) inBand(price *big.Rat) bool {
	away := minus(price, m.mid)
	return away.Abs(away).Cmp(times(band, m.mid)) < 0
}
