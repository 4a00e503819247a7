package pipeline

import (
	"slices"

	"embark/mapping"
	"embark/onboard"
	"embark/paxos"
	"embark/report"
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

// join matches bank rows with the customers of the input by ref_id. It keeps a
// hash of 64 bits for each row, and nothing where there is no file of bank
// accounts.
type join struct {
	customers list // the lowest bits tell what the row says of bank accounts
	files     []bankFile
}

// bankFile holds the customers that the rows of a file name, 0 for none.
type bankFile struct {
	file, first int // ordinal of the first row
	refs        list
}

// What a customer's row says of bank accounts, in the bits below its hash.
const (
	wantsBank = 1 << iota // has an account, and no bank account
	hasBank
	bankBits = wantsBank | hasBank
)

func (j *join) addBank(file int, hash uint64, ordinal int) {
	last := len(j.files) - 1
	if last < 0 || j.files[last].file != file {
		j.files = append(j.files, bankFile{file: file, first: ordinal})
		last++
	}
	j.files[last].refs.add(hash &^ bankBits)
}

func (j *join) addCustomer(hash uint64, c *onboard.Customer) {
	hash &^= bankBits
	switch {
	case c == nil || c.Account == nil:
	case c.FiatAccount != nil:
		hash |= hasBank
	default:
		hash |= wantsBank
	}
	j.customers.add(hash)
}

// settle finds out which bank rows have no customer, for their verdicts, and
// counts them and the customers without a bank row. It frees the join.
func (j *join) settle(out *Checked) {
	if j.files == nil {
		return
	}
	out.Orphans = &report.Orphans{}
	customers, banks := j.customers.sorted(), []uint64(nil)
	for _, f := range j.files {
		refs := f.refs.concat()
		f.settle(out, refs, customers)
		banks = append(banks, refs...)
	}
	slices.Sort(banks)
	out.Orphans.Customers = customersWithout(banks, customers)
	*j = join{}
}

// settle takes the verdict of an orphan away from rows whose customer is in the
// input, and from those that are not sent in any case.
func (f bankFile) settle(out *Checked, refs, customers []uint64) {
	for i, ref := range refs {
		v := &out.verdicts[f.first+i]
		at, _ := slices.BinarySearch(customers, ref)
		named := at < len(customers) && customers[at]&^bankBits == ref
		if named || *v&(rejected|repeated|changed) != 0 {
			*v &^= orphan
		}
		if *v&orphan != 0 {
			out.Orphans.BankRows++
		}
		if *v&due != 0 {
			out.DueBanks++
		}
	}
}

// customersWithout counts customers, who may have several rows each.
func customersWithout(banks, customers []uint64) (n int) {
	for i := 0; i < len(customers); {
		ref, says := customers[i]&^bankBits, uint64(0)
		for ; i < len(customers) && customers[i]&^bankBits == ref; i++ {
			says |= customers[i] & bankBits
		}
		if _, found := slices.BinarySearch(banks, ref); says == wantsBank && !found {
			n++
		}
	}
	return n
}

// join notes what a row says, once it is mapped.
func (c *checker) join(file int, r *mapping.Result) {
	if len(c.in.Banks) == 0 {
		return
	}
	hash := uint64(0)
	if r.Customer != nil {
		hash = c.carried.hash(r.Customer.RefID)
	} else {
		hash = c.carried.hash(c.in.refID(file, r.Row))
	}
	if c.in.Banks[file] != nil {
		c.joined.addBank(file, hash, r.Row.Ordinal)
	} else if hash != 0 {
		c.joined.addCustomer(hash, r.Customer)
	}
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

// bankLines makes the lines of a batch of bank rows.
func (r *run) bankLines(b batch) ([]report.Line, error) {
	banks := r.Input.Banks[b.file].Map(b.rows)
	results := mapBanks(banks)
	lines := make([]report.Line, len(b.rows))
	for i, row := range b.rows {
		if row.Ordinal >= r.checked.Rows || r.checked.verdicts[row.Ordinal]&rejected == 0 && results[i].Customer == nil {
			return nil, grown(r.Input.Files[b.file])
		}
		line := report.Line{Origin: report.FromInput, File: row.File, Line: row.Line, RefID: banks[i].RefID}
		if r.checked.verdicts[row.Ordinal]&rejected != 0 {
			lines[i] = r.rejectedLine(line, b.file, row)
			continue
		}
		var err error
		if lines[i], err = r.bankLine(line, b.file, row, results[i].Customer); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

const (
	orphanCode = "orphan"
	orphanText = "its customer is neither in the input nor in the checkpoint; the bank account waits for it"
)

func (r *run) bankLine(line report.Line, file int, row source.Row, c *onboard.Customer) (report.Line, error) {
	objects, err := r.Store.Get(onboard.NewKey(onboard.KindIdentity, c.RefID),
		onboard.NewKey(onboard.KindAccount, c.Account.Account.RefID), onboard.NewKey(onboard.KindFiatAccount, c.FiatAccount.RefID))
	if err != nil {
		return line, err
	}
	v := r.checked.verdicts[row.Ordinal]
	foldBank(&line, objects, v&finished != 0)
	if v&orphan != 0 && line.Outcome == onboard.OutcomeWaiting {
		line.Code, line.Message = orphanCode, orphanText
	}
	r.addReason(&line)
	r.judge(&line, v, file, row)
	return line, nil
}

// foldBank reads a bank row's outcome off the identity and the bank account;
// the account is there for its ids. What keeps the customer from being made is
// not the bank row's fault: it waits.
func foldBank(line *report.Line, objects []onboard.Record, done bool) {
	line.Objects = objects
	identity, fiat := objects[0], objects[2]
	identity.Origin = "" // whose doing the identity is, its own line tells
	var problem *onboard.Problem
	line.Outcome, problem = onboard.OutcomeOf([]onboard.Record{identity, fiat}, done)
	switch {
	case fiat.State() == onboard.Refused:
		line.Outcome, problem = onboard.Failed, fiat.Problem
	case fiat.State() == onboard.Conflict:
		line.Outcome, problem = onboard.OutcomeConflict, fiat.Problem
	case fiat.Known() && slices.Contains([]onboard.Outcome{onboard.NotStarted, onboard.Failed, onboard.OutcomeConflict}, line.Outcome):
		line.Outcome, problem = onboard.OutcomeWaiting, nil
	}
	line.Code, line.Message = explain(line, problem)
}

// orphanLines yields a line for every bank account that an earlier run left
// without a customer, and that this input does not name either.
func (r *run) orphanLines(yield func(report.Line, error) bool) {
	for fiat, err := range r.Store.Records(onboard.KindFiatAccount) {
		if err != nil {
			yield(report.Line{}, err)
			return
		}
		identity := fiat.Needs[0].Key
		if !r.checked.carried.alone(string(fiat.Key)) || !r.checked.carried.alone(identity.RefID()) {
			continue
		}
		known, err := r.Store.Get(identity)
		if err != nil {
			yield(report.Line{}, err)
			return
		}
		if known[0].Known() {
			continue // it is in the customer's line
		}
		line := report.Line{Origin: report.FromCheckpoint, File: fiat.Seen.File, Line: fiat.Seen.Line, RefID: identity.RefID(),
			Outcome: onboard.OutcomeWaiting, Code: orphanCode, Message: orphanText, Objects: []onboard.Record{fiat}}
		if !yield(line, nil) {
			return
		}
	}
}
