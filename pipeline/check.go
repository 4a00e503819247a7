package pipeline

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"embark/mapping"
	"embark/onboard"
	"embark/paxos"
	"embark/report"
	"embark/source"
)

// verdict is what pass one found out about a row; one byte, because there may
// be ten million of them.
type verdict uint8

const (
	rejected verdict = 1 << iota
	repeated         // equal in everything to an earlier row
	changed          // Paxos has other content under its ref_id
	due              // something has to be sent, or stored, for it
	finished         // all was done before this run
	orphan           // a bank row whose customer is neither in the input nor in the checkpoint
)

// Checked is the result of pass one.
type Checked struct {
	Rows        int
	Valid       int
	Rejected    int
	Repeated    int
	Changed     int
	Finished    int             // onboarded before this run
	Due         int             // rows with something to send
	DueBanks    int             // those of them that are for a bank account alone
	RealLooking int             // customers whose SSN could be somebody's
	Findings    map[string]int  // rows by rule
	Orphans     *report.Orphans // nil where there is no file of bank accounts

	done     time.Time
	verdicts []verdict
	carried  *carried
	orders   notional
	faults   map[int]mapping.Finding // duplicates and circles of members, by ordinal
}

// rowMarks is what a row is compared by, made next to its mapping.
type rowMarks struct {
	ref, cip, account, fiat uint64 // 0: none
	order, numbers          uint64
	members                 []uint64
	ready                   []uint64 // what it will send of what is ready
	verdict                 verdict
	taken                   string           // ref_id of the customer in the checkpoint who has the CIP ID
	worth                   *notional        // of the order
	renamed                 string           // ref_id of the account that the customer has already
	left                    *mapping.Finding // why the row is left alone although it differs in no object
}

// Checking says what rows are held against in pass one. Zero values leave it out.
type Checking struct {
	Store       Store // what earlier runs know
	RetryFailed bool
	// Show gets every row that has findings, in the order of the input, and then
	// the rows that turned out to be duplicates.
	Show func(mapping.Result)
	// Progress is called after each batch with the last row of it.
	Progress func(source.Row)
}

// Check is pass one: every row mapped and judged, duplicates found within the
// input and, with a store, against the checkpoint. It sends nothing.
func Check(ctx context.Context, in Input, o Checking) (*Checked, error) {
	c := &checker{in: in, store: o.Store, retry: o.RetryFailed, show: o.Show, progress: o.Progress,
		worths: map[int]*notional{}, out: &Checked{Findings: map[string]int{}, faults: map[int]mapping.Finding{}}}
	var err error
	if c.carried, err = unfinished(o.Store, in.Extras); err != nil {
		return nil, err
	}
	if o.Store != nil {
		counts, err := o.Store.Counts()
		if err != nil {
			return nil, err
		}
		c.known = counts.Total() > 0
		if in.Extras.Orders {
			if c.out.orders, err = unsentOrders(o.Store); err != nil {
				return nil, err
			}
		}
	}
	c.out.carried = c.carried
	if err := eachBatch(ctx, in, nil, c.work, c.take); err != nil {
		return nil, err
	}
	c.leaveRenamed()
	if err := c.duplicates(ctx); err != nil {
		return nil, err
	}
	for _, ordinal := range c.members.circles() {
		c.fault(ordinal, memberCircle)
	}
	c.joined.settle(c.out)
	c.sum()
	return c.out, c.showDuplicates(ctx)
}

type checker struct {
	in    Input
	store Store
	known bool // the store has records to compare with
	retry bool
	show  func(mapping.Result)
	out   *Checked

	progress func(source.Row)

	refs, cips, accounts, fiats, orders, numbers index
	renamed                                      []renamed
	members                                      memberships
	joined                                       join
	carried                                      *carried
	worths                                       map[int]*notional // of the orders of rows that may yet turn out not to be sent
}

// work maps a batch and weighs its customers against the checkpoint; it runs
// on all cores.
func (c *checker) work(b batch) (mapped, error) {
	m := mapped{file: b.file, results: c.in.mapRows(b)}
	m.marks = make([]rowMarks, len(m.results))
	for i := range m.results {
		if err := c.mark(&m.results[i], &m.marks[i]); err != nil {
			return m, err
		}
	}
	return m, nil
}

func (c *checker) mark(r *mapping.Result, m *rowMarks) error {
	if r.Customer == nil {
		m.verdict = rejected
		return nil
	}
	if f := r.Customer.FiatAccount; f != nil {
		m.fiat = c.carried.keyHash(onboard.KindFiatAccount, f.RefID)
		m.numbers = c.carried.hash(bankOf(r.Customer))
	}
	if r.Customer.BankOnly() {
		return c.markBank(r, m)
	}
	m.ref = c.carried.hash(r.Customer.RefID)
	m.cip = c.carried.hash(mapping.CIP(r.Customer))
	if r.Customer.Account != nil {
		m.account = c.carried.keyHash(onboard.KindAccount, r.Customer.Account.Account.RefID)
	}
	if o := r.Customer.Order; o != nil {
		m.order = c.carried.hash(o.RefID)
	}
	var err error
	if m.worth, err = c.worth(r.Customer.Order); err != nil {
		return err
	}
	m.members = c.carried.members(r.Customer)
	m.verdict = due
	if !c.known {
		return nil
	}
	return c.weigh(r, m)
}

// weigh holds a row against what the checkpoint knows of its objects.
func (c *checker) weigh(r *mapping.Result, m *rowMarks) error {
	owner, err := c.store.CIPOwner(c.store.HashCIP(mapping.CIP(r.Customer)))
	if err != nil {
		return err
	}
	if owner != "" && owner != r.Customer.RefID {
		m.verdict = rejected
		m.taken = owner
		return nil
	}
	drafts, err := drafts(c.store, r)
	if err != nil {
		return err
	}
	known, err := c.store.Get(askedBy(drafts)...)
	if err != nil {
		return err
	}
	m.verdict = weighed(known, drafts, c.retry)
	if m.left, err = c.otherOrder(known, drafts); err == nil && m.left == nil {
		m.left, err = c.otherBank(known[0], drafts)
	}
	if err == nil && m.left == nil {
		m.renamed, err = c.otherAccount(known, drafts)
	}
	if m.verdict != changed && m.left == nil {
		m.ready = c.carried.ready(known)
	}
	return err
}

func weighed(known, drafts []onboard.Record, retry bool) verdict {
	v := asks(known, drafts, retry)
	if outcome, _ := onboard.OutcomeOf(known[:len(drafts)], true); outcome == onboard.AlreadyOnboarded && v != changed {
		v |= finished
	}
	return v
}

// asks tells whether something is due for drafts, or one of them is changed.
func asks(known, drafts []onboard.Record, retry bool) (v verdict) {
	for i := range drafts {
		record, admission := onboard.Admit(known[i], drafts[i], retry)
		if admission == onboard.Joined {
			joining := onboard.Joining(record, drafts[i])
			v |= asks(knownOf(joining, known), joining, retry)
		} else if admission != onboard.Same || needsRow(record) {
			v |= due
		}
		if admission == onboard.Changed || v&changed != 0 {
			return changed
		}
	}
	return v
}

// needsRow: an object that was never sent goes on when its row comes by.
func needsRow(r onboard.Record) bool { return r.Known() && r.State() == onboard.Ready }

// printer makes keyed fingerprints.
type printer interface {
	Fingerprint([]byte) []byte
	HashCIP(triple string) []byte
}

// offline compares rows with each other where there is no checkpoint: nothing
// it makes is kept.
type offline struct{}

func (offline) Fingerprint(data []byte) []byte {
	sum := sha256.Sum256(data)
	return sum[:16]
}

func (o offline) HashCIP(triple string) []byte {
	if triple == "" {
		return nil
	}
	return o.Fingerprint([]byte(triple))
}

// drafts makes the records that a row asks for.
func drafts(store printer, r *mapping.Result) ([]onboard.Record, error) {
	seen := onboard.Place{File: r.Row.File, Line: r.Row.Line}
	drafts, err := onboard.Drafts(r.Customer, r.Row.Cells, seen, store.Fingerprint)
	if err == nil {
		drafts[0].CIP = store.HashCIP(mapping.CIP(r.Customer))
	}
	return drafts, err
}

// take collects a batch, in the order of the input.
func (c *checker) take(m mapped) error {
	for i, r := range m.results {
		mark := m.marks[i]
		c.out.verdicts = append(c.out.verdicts, mark.verdict)
		if mark.verdict&rejected == 0 {
			row := r.Row.Ordinal
			c.refs.add(mark.ref, row)
			c.cips.add(mark.cip, row)
			c.accounts.add(mark.account, row)
			c.fiats.add(mark.fiat, row)
			c.orders.add(mark.order, row)
			c.numbers.add(mark.numbers, row)
			if looksReal(r.Customer) {
				c.out.RealLooking++
			}
			c.members.add(mark.ref, mark.members, row)
			c.carried.mark(mark.ref, mark.account, mark.fiat)
			c.carried.mark(mark.ready...)
			if mark.verdict&due != 0 && mark.worth != nil && mark.left == nil {
				c.out.orders.join(mark.worth, 1)
			}
		}
		if mark.renamed != "" {
			c.renamed = append(c.renamed, renamed{r.Row.Ordinal, mark.renamed})
			c.worths[r.Row.Ordinal] = mark.worth
		}
		if mark.left != nil {
			c.leave(r.Row.Ordinal, *mark.left)
		}
		c.join(m.file, &r)
		if mark.taken != "" {
			fault := cipTaken(mark.taken)
			c.out.faults[r.Row.Ordinal] = fault
			r.Findings = append(r.Findings, fault)
		}
		c.note(r)
	}
	if n := len(m.results); n > 0 && c.progress != nil {
		c.progress(m.results[n-1].Row)
	}
	if len(c.out.verdicts) > maxRows {
		return fmt.Errorf("more than %d rows in one run", maxRows)
	}
	return nil
}

// looksReal: no SSN begins with 9, so those of samples do.
func looksReal(c *onboard.Customer) bool {
	if c.Identity == nil || c.Identity.PersonDetails == nil {
		return false
	}
	p := c.Identity.PersonDetails
	return p.CIPIDType == paxos.CIPIDTypeSSN && !strings.HasPrefix(p.CIPID, "9")
}

func (c *checker) note(r mapping.Result) {
	seen := ""
	for _, f := range r.Findings {
		if f.Severity == mapping.Error && f.Rule != seen {
			c.out.Findings[f.Rule]++
			seen = f.Rule
		}
	}
	if c.show != nil && len(r.Findings) > 0 {
		c.show(r)
	}
}

func (c *checker) sum() {
	c.out.Rows, c.out.done = len(c.out.verdicts), time.Now()
	for _, v := range c.out.verdicts {
		switch {
		case v&rejected != 0:
			c.out.Rejected++
			continue
		case v&repeated != 0:
			c.out.Repeated++
			continue
		case v&changed != 0:
			c.out.Changed++
		case v&finished != 0:
			c.out.Finished++
		}
		c.out.Valid++
		if v&due != 0 {
			c.out.Due++
		}
	}
}
