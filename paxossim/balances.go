package paxossim

import (
	"maps"
	"math/big"
	"slices"

	"github.com/google/uuid"

	"embark/paxos"
)

// wallet is what a profile holds. What an order may cost moves from available
// to trading when the order is made, and out when it closes.
type wallet struct {
	available, trading map[string]*big.Rat // by asset; never negative
	open               []*order            // those that have not closed yet
	deposits           int
}

// profile finds a profile by the text of its id.
func (st *state) profile(text string) (uuid.UUID, bool) {
	id, err := uuid.Parse(text)
	_, known := st.money.profileOf[id]
	return id, err == nil && (known || id == st.defaultProfile())
}

// defaultProfile is the one that belongs to no account. The statistics do not
// count it: it was there before anyone came.
func (st *state) defaultProfile() uuid.UUID { return st.seed.id("profile", "default") }

// walletAt is a profile's wallet after everything that has closed until now.
func (st *state) walletAt(profile uuid.UUID, now int64) *wallet {
	w := st.wallet(profile)
	w.open = slices.DeleteFunc(w.open, func(o *order) bool { return w.settle(o, now) })
	return w
}

func (st *state) wallet(profile uuid.UUID) *wallet {
	w := st.money.wallets[profile]
	if w == nil {
		w = &wallet{available: map[string]*big.Rat{}, trading: map[string]*big.Rat{}}
		st.money.wallets[profile] = w
	}
	return w
}

// reserve sets aside what an order may cost.
func (w *wallet) reserve(o *order) {
	w.available[o.Spends] = minus(held(w.available, o.Spends), o.Reserved)
	w.trading[o.Spends] = plus(held(w.trading, o.Spends), o.Reserved)
	w.open = append(w.open, o)
}

// settle moves the funds of an order that has closed; it reports whether it has.
func (w *wallet) settle(o *order, now int64) bool {
	status, _ := o.at(now)
	if !closed(status) {
		return false
	}
	w.trading[o.Spends] = minus(held(w.trading, o.Spends), o.Reserved)
	left := o.Reserved
	if status == orderFilled {
		left = minus(o.Reserved, o.Paid)
		w.credit(o.Gets, o.Got)
	}
	w.credit(o.Spends, left)
	return true
}

func (w *wallet) credit(asset string, amount *big.Rat) {
	w.available[asset] = plus(held(w.available, asset), amount)
}

func held(amounts map[string]*big.Rat, asset string) *big.Rat {
	if d := amounts[asset]; d != nil {
		return d
	}
	return new(big.Rat)
}

func (w *wallet) balance(asset string) paxos.ProfileBalance {
	return paxos.ProfileBalance{Asset: asset, Available: decimalText(held(w.available, asset)),
		Trading: decimalText(held(w.trading, asset))}
}

// profileBody is a profile as replies show it.
type profileBody struct {
	ID       string `json:"id"`
	Nickname string `json:"nickname"`
	Type     string `json:"type"`
}

// getProfile is GET /profiles/{profile_id}. The id may be "default".
func (s *Simulator) getProfile(c *call) reply {
	if f := onlyParameters(c.query, "include_deactivated"); f != "" {
		return badRequest(f)
	}
	return s.within(func(int64) reply {
		main := s.state.defaultProfile()
		id, found := s.state.profile(c.PathValue("profile_id"))
		if c.PathValue("profile_id") == "default" || id == main {
			return ok(profileBody{main.String(), "default", "DEFAULT"})
		}
		if !found {
			return notFound()
		}
		return ok(profileBody{id.String(), "profile-" + id.String(), "NORMAL"})
	})
}

// listBalances is GET /profiles/{profile_id}/balances: of the assets asked
// for, or of all that the profile ever held.
func (s *Simulator) listBalances(c *call) reply {
	wanted := c.query["assets"]
	for name := range c.query {
		if name != "assets" {
			return badRequest("unknown parameter " + quoteName(name))
		}
	}
	if slices.ContainsFunc(wanted, func(a string) bool { return !slices.Contains(assets(), a) }) {
		return badRequest("assets has an unknown one")
	}
	return s.inWallet(c, func(w *wallet) reply {
		if len(wanted) == 0 {
			wanted = slices.Sorted(maps.Keys(w.available))
		}
		page := listPage[paxos.ProfileBalance]{Items: []paxos.ProfileBalance{}}
		for _, asset := range wanted {
			page.Items = append(page.Items, w.balance(asset))
		}
		return ok(page)
	})
}

// getBalance is GET /profiles/{profile_id}/balances/{asset}.
func (s *Simulator) getBalance(c *call) reply {
	if f := onlyParameters(c.query); f != "" {
		return badRequest(f)
	}
	asset := c.PathValue("asset")
	if !slices.Contains(assets(), asset) {
		return notFound()
	}
	return s.inWallet(c, func(w *wallet) reply { return ok(w.balance(asset)) })
}

func (s *Simulator) inWallet(c *call, f func(*wallet) reply) reply {
	return s.within(func(now int64) reply {
		id, found := s.state.profile(c.PathValue("profile_id"))
		if !found {
			return notFound()
		}
		return f(s.state.walletAt(id, now))
	})
}
