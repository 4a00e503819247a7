package pipeline

import (
	"slices"

	"embark/mapping"
	"embark/onboard"
	"embark/report"
)

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

// free gives back what an error may have left.
func (j *join) free() {
	j.customers.free()
	for i := range j.files {
		j.files[i].refs.free()
	}
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
