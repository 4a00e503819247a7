package pipeline

import (
	"fmt"
	"slices"

	"embark/mapping"
	"embark/onboard"
)

// renamed is a row that would give a customer a second account. A customer may
// have several, by a row for each; where no row names the one that is known, a
// column account.ref_id most probably came or went.
type renamed struct {
	ordinal int
	known   string // ref_id of the account in the checkpoint
	same    bool   // its source cells are those that were sent
}

// otherAccount is the only account of the row's customer in the checkpoint,
// where the row asks for another and one of both has the default ref_id; ""
// otherwise. One that Paxos refused is none.
func (c *checker) otherAccount(known, drafts []onboard.Record) (string, error) {
	i := slices.IndexFunc(drafts, func(d onboard.Record) bool { return d.Key.Kind() == onboard.KindAccount })
	if i < 0 || known[i].Known() {
		return "", nil
	}
	keys := slices.DeleteFunc(slices.Clone(known[0].Needed), func(k onboard.Key) bool { return k.Kind() != onboard.KindAccount })
	accounts, err := c.store.Get(keys...)
	accounts = slices.DeleteFunc(accounts, func(a onboard.Record) bool {
		return !a.Known() || a.Needs[0].Key != known[0].Key || a.State() == onboard.Refused // of a member only, or none
	})
	if err != nil || len(accounts) != 1 {
		return "", err
	}
	has, wants := accounts[0].Key.RefID(), drafts[i].Key.RefID()
	if usual := mapping.DefaultAccountRefID(drafts[0].Key.RefID()); has != usual && wants != usual {
		return "", nil
	}
	return has, nil
}

// leaveRenamed leaves the rows alone whose customer's account no row names. The
// index holds 36 bits of a hash: among a million rows, one in seventy thousand
// may pass for the one that is looked for, and the row is taken at its word.
func (c *checker) leaveRenamed() {
	if len(c.renamed) == 0 {
		return
	}
	named := map[uint64]bool{}
	for _, row := range c.renamed {
		named[c.carried.keyHash(onboard.KindAccount, row.known)>>ordinalBits] = false
	}
	for _, block := range c.accounts.blocks {
		for _, entry := range block {
			if _, wanted := named[entry>>ordinalBits]; wanted {
				named[entry>>ordinalBits] = true
			}
		}
	}
	for _, row := range c.renamed {
		if !named[c.carried.keyHash(onboard.KindAccount, row.known)>>ordinalBits] {
			c.leave(row.ordinal, accountElsewhere(row.known), row.same)
		}
	}
}

func accountElsewhere(refID string) mapping.Finding {
	return mapping.Finding{Rule: "account_known", Column: "account.ref_id", Severity: mapping.Error,
		Text: "the customer has an account already, under another account.ref_id that no row names; nothing was sent",
		Hint: "keep the account.ref_id that is known; for a second account, keep a row for the first one", Other: fmt.Sprintf("%q", refID)}
}
