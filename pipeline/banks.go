package pipeline

import (
	"embark/mapping"
	"embark/onboard"
	"embark/paxos"
	"embark/source"
)

// mapBanks makes a result of each bank row: a customer of whom nothing is given
// but the names and the bank account.
func mapBanks(banks []mapping.Bank) []mapping.Result {
	results := make([]mapping.Result, len(banks))
	for i := range banks {
		b := &banks[i]
		results[i] = mapping.Result{Row: b.Row, Findings: b.Findings}
		if b.FiatAccount != nil {
			results[i].Customer = bankCustomer(b)
			checkBankOwner(&results[i])
		}
	}
	return results
}

// bankCustomer leaves the joining to the checkpoint, which knows who needs whom
// across rows, files and nights; only the name of the bank account is filled in.
func bankCustomer(b *mapping.Bank) *onboard.Customer {
	c := &onboard.Customer{RefID: b.RefID, Account: &paxos.CreateAccountRequest{}}
	c.Account.Account.RefID = b.AccountRefID
	b.Join(c)
	return c
}

// checkBankOwner: the customer, whose name and address would do, may come on
// another night, so that the row has to say all.
func checkBankOwner(r *mapping.Result) {
	f := r.Customer.FiatAccount
	wire := f.FiatNetworkInstructions.Wire
	if f.FiatAccountOwner == nil {
		reject(r, ownerNameless)
	}
	if wire != nil && wire.FiatAccountOwnerAddress == nil {
		reject(r, ownerHomeless)
	}
}

var (
	ownerNameless = mapping.Finding{Rule: "fiat_account_owner", Column: "fiat_account.owner.last_name", Severity: mapping.Error,
		Text: "the owner must be named in a file of bank accounts", Hint: "fill in fiat_account.owner.first_name and last_name, or owner.name"}
	ownerHomeless = mapping.Finding{Rule: "required", Column: "fiat_account.owner_address.address1", Severity: mapping.Error,
		Text: "the owner's address is required for a wire in a file of bank accounts"}
)

// refID is the customer that a row names, "" where it is not fit to be shown.
func (in Input) refID(file int, row source.Row) string {
	if m := in.Banks[file]; m != nil {
		return m.Map([]source.Row{row})[0].RefID
	}
	refID, _ := in.Mappers[file].Refs(row)
	return refID
}

// markBank weighs a bank row, whose customer may be known, in the input, or not
// yet anywhere.
func (c *checker) markBank(r *mapping.Result, m *rowMarks) error {
	m.verdict = due | orphan
	if !c.known {
		return nil
	}
	drafts, err := drafts(c.store, r)
	if err != nil {
		return err
	}
	known, err := c.store.Get(drafts[0].Key, drafts[0].Needs[0].Key)
	if err != nil {
		return err
	}
	m.verdict = weighed(known[:1], drafts, c.retry)
	if m.verdict != changed {
		m.ready = c.carried.ready(known[:1])
	}
	if !known[1].Known() {
		m.verdict |= orphan
	}
	return nil
}

// bank decides for a bank row: the account is stored, and takes its turn in the
// queue when all that it needs is there. The customer's account, which comes
// second, knows when the approval was heard of.
func (r *run) bank(j job, known []onboard.Record) (onboard.Step, []onboard.Record) {
	draft := j.drafts[0]
	if account := known[1]; len(account.Needs) > 0 && account.Needs[0].Key == draft.Needs[0].Key {
		draft.Needs[0].At = account.Needs[0].At
	}
	drafts, again, ok := r.others(j.drafts, known[:1])
	if !ok {
		r.checked.verdicts[j.ordinal] = changed // since pass one; nobody else has this row
		return onboard.Step{}, nil
	}
	r.queue.push(again...)
	return onboard.Step{}, drafts
}
