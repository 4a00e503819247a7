package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"slices"
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
	underway         // some of it was sent before, and not all is done
	aside            // with changed: the source cells are those that were sent; with underway: it came to another end
)

// Checked is the result of pass one.
type Checked struct {
	Rows        int
	Valid       int
	Rejected    int
	Repeated    int
	Changed     int
	Remapped    int             // of the changed, those whose source cells are the ones that were sent: the mapping changed, or embark did
	New         int             // valid, with something that was never sent
	Waiting     int             // sent before, and waiting for Paxos or for something else
	Stopped     int             // sent before, and denied, held, refused or in conflict
	Finished    int             // onboarded before this run
	Due         int             // rows with something to send
	DueBanks    int             // those of them that are for a bank account alone
	RealLooking int             // customers whose SSN could be somebody's
	Findings    map[string]int  // rows by rule
	Orphans     *report.Orphans // nil where there is no file of bank accounts
	Drifts      []Drift         // how the files differ from those that were accepted last

	done     time.Time
	verdicts []verdict
	carried  *carried
	orders   notional
	faults   faults    // duplicates and circles of members, by ordinal
	objects  Objects   // that the rows ask for and the checkpoint does not have under way
	left     Objects   // that the checkpoint has under way
	profiles []profile // of the files
}

// rowMarks is what a row is compared by, made next to its mapping.
type rowMarks struct {
	ref, cip, account, fiat uint64 // 0: none
	order, numbers, person  uint64
	members                 []uint64
	ready                   []uint64 // what it will send of what is ready
	verdict                 verdict
	taken                   string           // ref_id of the customer in the checkpoint who has the CIP ID
	renamed                 string           // ref_id of the account that the customer has already
	left                    *mapping.Finding // why the row is left alone although it differs in no object
	same                    bool             // its source cells are those that were sent
	counted
}

// counted is what a row will have made, as far as it is counted.
type counted struct {
	objects rowObjects
	worth   *notional // of the order
	names   []uint64  // of what is carried
}

// Checking says what rows are held against in pass one. Zero values leave it out.
type Checking struct {
	Store       Store // what earlier runs know
	RetryFailed bool
	// Show gets every row that has findings, in the order of the input, and then
	// the rows that turned out to be duplicates.
	Show func(mapping.Result)
	// Progress is called about every 512 rows with how many were read, and how far
	// that is, of the bytes of all files: the share is read/size.
	Progress func(rows int, read, size int64)

	suspects int // held at a time; 0 means maxSuspects
}

// Check is pass one: every row mapped and judged, duplicates found within the
// input and, with a store, against the checkpoint. It sends nothing.
func Check(ctx context.Context, in Input, o Checking) (*Checked, error) {
	c := &checker{in: in, store: o.Store, retry: o.RetryFailed, show: o.Show, progress: o.Progress, most: cmp.Or(o.suspects, maxSuspects),
		undo: map[int]counted{}, doubts: map[int]string{},
		out: &Checked{Findings: map[string]int{}, faults: faults{}}}
	defer c.free()
	c.out.profiles = in.newProfiles()
	for _, f := range in.Files {
		c.size += f.Size()
	}
	var err error
	if c.carried, err = unfinished(o.Store, in.Extras, &c.out.left); err != nil {
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
	c.shareIdentities()
	c.joined.settle(c.out)
	c.sum()
	if c.out.Drifts, err = drifts(o.Store, in, c.out.profiles); err != nil {
		return nil, err
	}
	return c.out, c.showDuplicates(ctx)
}

type checker struct {
	in    Input
	store Store
	known bool // the store has records to compare with
	retry bool
	most  int // suspects at a time
	show  func(mapping.Result)
	out   *Checked

	progress   func(rows int, read, size int64)
	read, size int64 // bytes: of the files before the one that is read; of all
	reading    int   // the file

	refs, cips, accounts, persons index
	fiats, orders, numbers        index
	renamed                       []renamed
	sharing                       [][]sharer
	members                       memberships
	joined                        join
	carried                       *carried
	undo                          map[int]counted // of rows that may yet turn out not to be sent
	doubts                        map[int]string  // where the other row is of those that may be the same person
}

// work maps a batch and weighs its customers against the checkpoint; it runs
// on all cores.
func (c *checker) work(b batch) (mapped, error) {
	m := mapped{file: b.file, results: c.in.mapRows(b)}
	m.profile = profileOf(c.in.Files[b.file].Header(), m.results)
	m.marks = make([]rowMarks, len(m.results))
	for i := range m.results {
		if err := c.mark(&m.results[i], &m.marks[i]); err != nil {
			return m, err
		}
	}
	return m, nil
}

func (c *checker) mark(r *mapping.Result, m *rowMarks) error {
	err := c.compare(r, m)
	if len(c.carried.hashes) > 0 {
		m.names = append([]uint64{m.ref, m.account, m.fiat}, m.ready...)
	}
	return err
}

func (c *checker) compare(r *mapping.Result, m *rowMarks) error {
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
	m.person = c.carried.personHash(r.Customer)
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
		m.objects = askedFor(r.Customer)
		return nil
	}
	return c.weigh(r, m)
}

// take collects a batch, in the order of the input.
func (c *checker) take(m mapped) error {
	for i, r := range m.results {
		c.takeRow(m.file, r, &m.marks[i])
	}
	c.out.profiles[m.file].add(m.profile)
	if n := len(m.results); n > 0 && c.progress != nil {
		c.tell(m.file, m.results[n-1].Row)
	}
	if len(c.out.verdicts) > maxRows {
		return fmt.Errorf("more than %d rows in one run", maxRows)
	}
	return nil
}

func (c *checker) takeRow(file int, r mapping.Result, mark *rowMarks) {
	row := r.Row.Ordinal
	c.out.verdicts = append(c.out.verdicts, mark.verdict)
	if mark.verdict&rejected == 0 {
		c.index(row, mark)
		if looksReal(r.Customer) {
			c.out.RealLooking++
		}
		if mark.verdict&due != 0 && mark.left == nil {
			c.count(&mark.counted, 1)
		}
	}
	if mark.renamed != "" {
		c.renamed = append(c.renamed, renamed{row, mark.renamed, mark.same})
	}
	if mark.renamed != "" || len(mark.members) > 0 {
		c.undo[row] = mark.counted
	}
	if mark.left != nil {
		c.leave(row, *mark.left, mark.same)
	}
	c.join(file, &r)
	if mark.taken != "" {
		fault := cipTaken(mark.taken)
		c.out.faults.add(row, fault)
		r.Findings = append(r.Findings, fault)
	}
	c.note(r)
}

// index notes what the row is to be compared by.
func (c *checker) index(row int, mark *rowMarks) {
	c.refs.add(mark.ref, row)
	c.cips.add(mark.cip, row)
	c.accounts.add(mark.account, row)
	c.persons.add(mark.person, row)
	c.fiats.add(mark.fiat, row)
	c.orders.add(mark.order, row)
	c.numbers.add(mark.numbers, row)
	c.members.add(mark.ref, mark.members, row)
	c.carried.mark(mark.names...)
}

// indexes are all of them.
func (c *checker) indexes() []*index {
	return []*index{&c.refs, &c.cips, &c.accounts, &c.persons, &c.fiats, &c.orders, &c.numbers}
}

// free gives back what an error may have left.
func (c *checker) free() {
	for _, x := range c.indexes() {
		x.free()
	}
	c.joined.free()
}

// count adds what a row will have made, or takes it back.
func (c *checker) count(of *counted, n int) {
	c.out.objects.join(of.objects, n)
	if of.worth != nil {
		c.out.orders.join(of.worth, n)
	}
}

// uncount takes back what a row was to have made that turned out not to be sent.
func (c *checker) uncount(ordinal int) {
	if of, ok := c.undo[ordinal]; ok && c.out.verdicts[ordinal]&due != 0 {
		c.count(&of, -1)
	}
}

// tell reports the progress. The batches come in the order of the files.
func (c *checker) tell(file int, last source.Row) {
	for ; c.reading < file; c.reading++ {
		c.read += c.in.Files[c.reading].Size()
	}
	c.progress(len(c.out.verdicts), c.read+last.End, c.size)
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
	for i, f := range r.Findings {
		again := func(o mapping.Finding) bool { return o.Rule == f.Rule && o.Severity == mapping.Error }
		if f.Severity == mapping.Error && !slices.ContainsFunc(r.Findings[:i], again) {
			c.out.Findings[f.Rule]++
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
		}
		c.out.Valid++
		if v&due != 0 {
			c.out.Due++
		}
		c.out.stand(v)
	}
}

// stand counts a valid row as one of five.
func (o *Checked) stand(v verdict) {
	switch {
	case v&changed != 0:
		o.Changed++
		if v&aside != 0 {
			o.Remapped++
		}
	case v&finished != 0:
		o.Finished++
	case v&underway == 0, v&(aside|due) == aside|due:
		o.New++
	case v&aside != 0:
		o.Stopped++
	default:
		o.Waiting++
	}
}
