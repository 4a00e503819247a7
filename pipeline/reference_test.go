package pipeline

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"embark/mapping"
	"embark/onboard"
	"embark/paxossim"
)

// TestDuplicatesByDefinition holds pass one against the rules for duplicates as
// they are written down, row by row with every other: random small files full of
// collisions, judged whole and in parts.
func TestDuplicatesByDefinition(t *testing.T) {
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 7))
		r := newRig(t, 1, paxossim.Options{})
		names := r.writeCollisions(rng)
		want := byDefinition(t, r.inputOf(names...))
		for _, most := range []int{1000, 1, 3} {
			checked, err := Check(t.Context(), r.inputOf(names...), Checking{suspects: most})
			if err != nil {
				t.Fatal(err)
			}
			if got := whatCame(checked); got != want {
				t.Errorf("seed %d, %d suspects at a time: got\n%s\nwant\n%s", seed, most, got, want)
			}
		}
	}
}

// writeCollisions writes two files of customers, and perhaps one of bank accounts,
// whose ref_ids, CIP IDs, accounts and bank accounts are of a handful.
func (r *rig) writeCollisions(rng *rand.Rand) []string {
	pick := func(s ...string) string { return s[rng.IntN(len(s))] }
	names := []string{"in.csv", "in2.csv"}
	for _, name := range names {
		rows := [][]string{}
		for range 1 + rng.IntN(6) {
			rows = append(rows, collision(r.t, pick))
		}
		for range rng.IntN(3) {
			rows = append(rows, rows[rng.IntN(len(rows))])
		}
		r.writeTable(name, append([][]string{collisionHeader(r.t)}, rows...))
	}
	if rng.IntN(2) == 0 {
		return names
	}
	var banks []string
	for range 1 + rng.IntN(4) {
		banks = append(banks, fmt.Sprintf("%s,%s,%s,DBS_ACT,Ada,Example,%s\n", pick("a", "b", "c", "e"), pick("", "", "x"),
			pick("", "", "f1", "f2"), pick("770077007700", "770077007700", "770077007701")))
	}
	r.writeBanks(append(banks, pick(banks...))...)
	return append([]string{"banks.csv"}, names...)
}

var fiatColumns = []string{"account.ref_id", "fiat_account.network", "fiat_account.owner.first_name", "fiat_account.owner.last_name",
	"fiat_account.account_number", "fiat_account.ref_id"}

func sampleTable(t *testing.T) [][]string {
	f, err := os.Open("../samples/small.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func collisionHeader(t *testing.T) []string { return append(sampleTable(t)[0], fiatColumns...) }

// collision is a row of one of four customers, two of whom may have one document.
func collision(t *testing.T, pick func(...string) string) []string {
	table, header := sampleTable(t), collisionHeader(t)
	refID := pick("a", "b", "c", "d")
	row := append(slices.Clone(table[1+strings.Index("abc", pick("a", "b", "c"))]), make([]string, len(fiatColumns))...)
	if pick("same", "other", "same") == "same" { // mostly a ref_id is one person's
		row = append(slices.Clone(table[1+int(refID[0]-'a')]), make([]string, len(fiatColumns))...)
	}
	set := func(column, value string) { row[slices.Index(header, column)] = value }
	set("ref_id", refID)
	set("account.ref_id", pick("", "", "x", "y", refID+"2"))
	if pick("bank", "none", "none") == "bank" {
		for column, value := range map[string]string{"network": "DBS_ACT", "owner.first_name": "Ada", "owner.last_name": "Example",
			"account_number": pick("770077007700", "770077007701"), "ref_id": pick("", "f1", "f2")} {
			set("fiat_account."+column, value)
		}
	}
	if pick("valid", "valid", "valid", "faulty") == "faulty" {
		set("date_of_birth", "nonsense")
	}
	return row
}

func (r *rig) writeTable(name string, table [][]string) {
	var text strings.Builder
	if err := csv.NewWriter(&text).WriteAll(table); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(r.path(name), []byte(text.String()), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// whatCame is what pass one makes of each row, and how many objects of each kind.
func whatCame(c *Checked) string {
	var rows, objects []string
	for _, v := range c.verdicts {
		switch {
		case v&rejected != 0:
			rows = append(rows, "rejected")
		case v&repeated != 0:
			rows = append(rows, "repeated")
		default:
			rows = append(rows, "due")
		}
	}
	for _, k := range kinds {
		objects = append(objects, fmt.Sprint(k, " ", c.objects.Of(k)))
	}
	return fmt.Sprint(rows, objects, c.Rejected, c.Repeated, c.Due)
}

// defined is a row as the rules for duplicates see it.
type defined struct {
	bank                                bool
	ref, cip, account, identity, others string
	fiat, fiatContent, numbers          string
	objects                             []onboard.Key
	invalid, rejected, repeated         bool
}

func byDefinition(t *testing.T, in Input) string {
	var rows []*defined
	err := in.batches(nil, func(b batch) error {
		for _, res := range in.mapRows(b) {
			rows = append(rows, define(t, &res))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range rows {
		for _, b := range rows {
			a.rejected = a.rejected || a.invalid || !b.invalid && a.conflicts(b)
		}
	}
	for i, a := range rows {
		for _, b := range rows[:i] {
			a.repeated = a.repeated || !a.rejected && !b.rejected && a.says(b)
		}
	}
	return sum(rows)
}

func define(t *testing.T, r *mapping.Result) *defined {
	if r.Customer == nil {
		return &defined{invalid: true}
	}
	drafts, err := drafts(offline{}, r)
	if err != nil {
		t.Fatal(err)
	}
	d := &defined{bank: r.Customer.BankOnly(), ref: r.Customer.RefID}
	for i, o := range drafts {
		d.objects = append(d.objects, o.Key)
		switch o.Key.Kind() {
		case onboard.KindFiatAccount:
			d.fiat, d.fiatContent, d.numbers = string(o.Key), described(o), bankOf(r.Customer)
		case onboard.KindAccount:
			d.account = string(o.Key)
		}
		if i > 0 {
			d.others += string(o.Key) + string(o.Print)
		}
	}
	if !d.bank {
		d.identity, d.cip = string(drafts[0].Print), mapping.CIP(r.Customer)
	}
	return d
}

// conflicts tells of two rows of which both are rejected.
func (d *defined) conflicts(o *defined) bool {
	persons := !d.bank && !o.bank
	return persons && d.ref == o.ref && d.identity != o.identity ||
		persons && d.cip == o.cip && d.ref != o.ref ||
		persons && d.account != "" && d.account == o.account && d.ref+"\x00"+d.others != o.ref+"\x00"+o.others ||
		d.fiat != "" && d.fiat == o.fiat && d.fiatContent != o.fiatContent ||
		d.numbers != "" && d.numbers == o.numbers && d.fiat != o.fiat
}

// says tells that a row says nothing that an earlier one has not said.
func (d *defined) says(o *defined) bool {
	return d.bank == o.bank && (d.bank && d.fiat == o.fiat || !d.bank && d.ref == o.ref && d.others == o.others)
}

func sum(rows []*defined) string {
	c := &Checked{}
	made := map[onboard.Key]bool{}
	var verdicts, objects []string
	for _, d := range rows {
		switch {
		case d.rejected:
			verdicts, c.Rejected = append(verdicts, "rejected"), c.Rejected+1
		case d.repeated:
			verdicts, c.Repeated = append(verdicts, "repeated"), c.Repeated+1
		default:
			verdicts, c.Due = append(verdicts, "due"), c.Due+1
			for _, key := range d.objects {
				made[key] = true
			}
		}
	}
	for _, k := range kinds {
		n := 0
		for key := range made {
			if key.Kind() == k {
				n++
			}
		}
		objects = append(objects, fmt.Sprint(k, " ", n))
	}
	return fmt.Sprint(verdicts, objects, c.Rejected, c.Repeated, c.Due)
}
