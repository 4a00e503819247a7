package paxossim

import (
	"math/big"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"embark/paxos"
)

// deposit is what the journal keeps of a sandbox deposit.
type deposit struct {
	Profile uuid.UUID `json:"profile"`
	Asset   string    `json:"asset"`
	Amount  *big.Rat  `json:"amount"`
}

type depositRequest = paxos.SandboxDepositRequest

// depositChecks: 18 places are those of ether, the finest of the assets.
var depositChecks = []check[depositRequest]{
	{"asset", func(r *depositRequest) string { return r.Asset }, true, oneOf(assets())},
	{"amount", func(r *depositRequest) string { return r.Amount }, true, positive(18)},
	{"crypto_network", func(r *depositRequest) string { return r.CryptoNetwork }, false, oneOf(cryptoNetworks())},
}

// createDeposit is POST /sandbox/profiles/{profile_id}/deposit. It has no key,
// so every call credits again.
func (s *Simulator) createDeposit(c *call) reply {
	var r depositRequest
	if f := decodeStrict(c, &r); f != "" {
		return badRequest(f)
	}
	if f := depositFault(&r); f != "" {
		return badRequest(f)
	}
	return s.within(func(int64) reply {
		id, found := s.state.profile(c.PathValue("profile_id"))
		if !found {
			return notFound()
		}
		amount, _ := decimalOf(r.Amount)
		d := &deposit{id, r.Asset, amount}
		s.state.journal.write(depositEntry, d, nil)
		s.state.addDeposit(d)
		activity := s.state.seed.id("deposit", strconv.Itoa(s.state.money.deposits))
		return ok(map[string]string{"activity_id": activity.String()})
	})
}

func depositFault(r *depositRequest) string {
	if f := firstFault(r, "", depositChecks); f != "" {
		return f
	}
	fiat := slices.Contains(fiatAssets(), r.Asset)
	switch {
	case fiat && r.CryptoNetwork != "":
		return "crypto_network must not be set for fiat"
	case !fiat && r.CryptoNetwork == "":
		return "crypto_network must be set for crypto"
	}
	return ""
}

// addDeposit takes over a deposit that is new, or comes from the journal.
func (st *state) addDeposit(d *deposit) {
	w := st.wallet(d.Profile)
	w.credit(d.Asset, d.Amount)
	w.deposits++
	st.money.deposits++
	if w.deposits == 2 {
		st.money.refunded++
	}
}

// cryptoNetworks are the values of crypto_network, those of July 2026 among them.
func cryptoNetworks() []string {
	return []string{"BITCOIN", "ETHEREUM", "BITCOIN_CASH", "LITECOIN", "SOLANA", "POLYGON_POS", "BASE",
		"ARBITRUM_ONE", "INK", "XLAYER", "STELLAR", "AVALANCHE", "DOGECOIN", "SUI", "ROBINHOOD", "BNB"}
}
