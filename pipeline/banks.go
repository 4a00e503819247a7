package pipeline

import (
	"bytes"
	"fmt"
	"slices"

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
		m.objects = askedFor(r.Customer)
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
	m.verdict, m.objects = weighed(known[:1], drafts, c.retry)
	if m.verdict&changed == 0 {
		m.ready = c.carried.ready(known[:1])
	}
	if !known[1].Known() {
		m.verdict |= orphan
	}
	m.left, err = c.otherBank(known[1], drafts)
	return err
}

const ruleBankTwice = "duplicate_fiat_account"

// bankOf names the row's bank account by whose it is and its numbers. One
// account of the customer's may have it under one ref_id.
func bankOf(c *onboard.Customer) string {
	return c.RefID + "\x00" + c.Account.Account.RefID + "\x00" + onboard.BankNumbers(c.FiatAccount)
}

// otherBank finds the row's bank account in the checkpoint under another ref_id.
// One that Paxos refused is none.
func (c *checker) otherBank(identity onboard.Record, drafts []onboard.Record) (*mapping.Finding, error) {
	i := slices.IndexFunc(drafts, func(d onboard.Record) bool { return d.Key.Kind() == onboard.KindFiatAccount })
	if i < 0 {
		return nil, nil
	}
	row := drafts[i]
	others := slices.DeleteFunc(slices.Clone(identity.Needed), func(k onboard.Key) bool {
		return k.Kind() != onboard.KindFiatAccount || k == row.Key
	})
	records, err := c.store.Get(others...)
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		if r.State() != onboard.Refused && bytes.Equal(r.Cells, row.Cells) && r.Needs[1].Key == row.Needs[1].Key {
			return bankElsewhere(r.Key.RefID()), nil
		}
	}
	return nil, nil
}

func bankElsewhere(refID string) *mapping.Finding {
	return &mapping.Finding{Rule: ruleBankTwice, Column: "fiat_account.ref_id", Severity: mapping.Error,
		Text: "the bank account is in the checkpoint under another fiat_account.ref_id; nothing was sent",
		Hint: "keep the fiat_account.ref_id that is known", Other: fmt.Sprintf("%q", refID)}
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
