package pipeline

import (
	"context"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"embark/mapping"
	"embark/onboard"
)

// suspect is a row that may be a duplicate, by content of 128 bits each.
type suspect struct {
	ordinal           int
	place             string
	ref, cip, account string
	person            string // personal data, as everything here
	identity, others  string // fingerprints; of all other objects together
	bank              bool   // the row is for a bank account alone
	fiat, fiatPrint   string // key and content of the bank account, with its owner
	order, orderPrint string // likewise of the first order
	numbers           string // of the bank account, with its owner
}

// maxSuspects is how many suspects are judged at a time, at about two kilobytes
// each, since every one is there by its ref_id, its CIP ID, its account and its name.
// A file that is given twice makes a suspect of every row.
const maxSuspects = 1 << 16

// duplicates reads the suspected rows once more and judges them by content. Of
// very many it takes a part at a time, by what they share.
func (c *checker) duplicates(ctx context.Context) error {
	suspected := newRowSet(len(c.out.verdicts))
	for _, x := range c.indexes() {
		x.suspects(suspected)
	}
	parts := (suspected.count() + c.most - 1) / c.most
	for part := range parts {
		j := newJudge(c.carried.seed, part, parts)
		kept := c.undo
		c.undo = maps.Clone(kept)
		err := eachBatch(ctx, c.in, func(ordinal int) bool { return !suspected.has(ordinal) },
			func(b batch) (mapped, error) {
				return mapped{file: b.file, results: c.in.mapRows(b)}, nil
			},
			func(m mapped) error { return c.collect(m, j) })
		if err != nil {
			return err
		}
		c.decide(j)
		c.undo = kept
	}
	return nil
}

// judge groups suspects by what they share, of all that may be shared one part.
type judge struct {
	seed        maphash.Seed
	part, parts uint64

	byRef, byCIP, byAccount, byPerson, byFiat, byOrder, byBank groups
}

type groups map[string][]*suspect

func newJudge(seed maphash.Seed, part, parts int) *judge {
	return &judge{seed: seed, part: uint64(part), parts: uint64(parts),
		byRef: groups{}, byCIP: groups{}, byAccount: groups{}, byPerson: groups{}, byFiat: groups{}, byOrder: groups{}, byBank: groups{}}
}

// add leaves those out who have nothing to share, and tells whether it took the
// suspect in.
func (j *judge) add(g groups, by string, s *suspect) bool {
	if by == "" || maphash.String(j.seed, by)%j.parts != j.part {
		return false
	}
	g[by] = append(g[by], s)
	return true
}

// addAll adds a suspect by all that it may share.
func (j *judge) addAll(s *suspect) (taken bool) {
	taken = j.add(j.byFiat, s.fiat, s)
	taken = j.add(j.byBank, s.numbers, s) || taken
	if s.bank {
		return taken
	}
	taken = j.add(j.byRef, s.ref, s) || taken
	taken = j.add(j.byCIP, s.cip, s) || taken
	taken = j.add(j.byAccount, s.account, s) || taken
	taken = j.add(j.byPerson, s.person, s) || taken
	return j.add(j.byOrder, s.order, s) || taken
}

func (c *checker) collect(m mapped, j *judge) error {
	for i := range m.results {
		r := &m.results[i]
		if r.Customer == nil {
			continue
		}
		s := c.suspect(r)
		if !j.addAll(s) {
			continue
		}
		if err := c.describe(s, r); err != nil {
			return err
		}
		var mark rowMarks
		if err := c.mark(r, &mark); err != nil {
			return err
		}
		c.undo[s.ordinal] = mark.counted
	}
	return nil
}

// suspect names a row by all that it may share, and keeps nothing of the row
// itself, which is larger.
func (c *checker) suspect(r *mapping.Result) *suspect {
	of := r.Customer
	s := &suspect{ordinal: r.Row.Ordinal, place: fmt.Sprintf("line %d", r.Row.Line), ref: strings.Clone(of.RefID), bank: of.BankOnly()}
	if len(c.in.Files) > 1 {
		s.place = fmt.Sprintf("line %d of %q", r.Row.Line, r.Row.File)
	}
	if of.FiatAccount != nil {
		s.fiat, s.numbers = string(onboard.NewKey(onboard.KindFiatAccount, of.FiatAccount.RefID)), bankOf(of)
	}
	if s.bank {
		return s
	}
	s.cip, s.person = mapping.CIP(of), string(appendPerson(nil, of))
	if of.Account != nil {
		s.account = strings.Clone(of.Account.Account.RefID)
	}
	if of.Order != nil && of.Account != nil {
		s.order = string(onboard.NewKey(onboard.KindOrder, of.Order.RefID))
	}
	return s
}

// describe adds the content of what the row asks for.
func (c *checker) describe(s *suspect, r *mapping.Result) error {
	drafts, err := drafts(c.printer(), r)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		switch d.Key.Kind() {
		case onboard.KindFiatAccount:
			s.fiatPrint = described(d)
		case onboard.KindOrder:
			s.orderPrint = described(d)
		}
	}
	if s.bank {
		return nil
	}
	s.identity = string(drafts[0].Print)
	for _, d := range drafts[1:] {
		s.others += string(d.Key) + string(d.Print)
	}
	return nil
}

// described is the content of an object, and whose it is.
func described(d onboard.Record) string {
	text := string(d.Print)
	for _, n := range d.Needs {
		text += "\x00" + string(n.Key)
	}
	return text
}

// decide applies the rules for rows that share something (DESIGN: rows).
func (c *checker) decide(j *judge) {
	for _, refID := range slices.Sorted(maps.Keys(j.byRef)) {
		c.decideRef(j.byRef[refID])
	}
	for _, group := range j.byCIP {
		if different(group, func(s *suspect) string { return s.ref }) {
			c.rejectAll(group, ruleCIPTwice, "cip_id", "has the CIP ID of another customer",
				"one person has one identity; keep one ref_id")
		}
	}
	for _, group := range j.byAccount {
		if different(group, func(s *suspect) string { return s.ref + "\x00" + s.others }) {
			c.rejectAll(group, ruleAccountTwice, "account.ref_id", "names an account that another row describes differently",
				"give each account its own account.ref_id")
		}
	}
	for _, group := range j.byFiat {
		c.decideFiat(group)
	}
	for _, group := range j.byBank {
		if different(group, func(s *suspect) string { return s.fiat }) {
			c.rejectAll(group, ruleBankTwice, "fiat_account.ref_id", "gives a bank account another fiat_account.ref_id than another row does",
				"name the bank account once, or alike")
		}
	}
	for _, group := range j.byOrder {
		if different(group, func(s *suspect) string { return s.orderPrint }) {
			c.rejectAll(group, ruleOrderTwice, "order.ref_id", "names an order that another row describes differently",
				"give each order its own order.ref_id")
		}
	}
	for _, group := range j.byPerson {
		c.doubt(group)
	}
}

// doubt tells of each row that it may be the same person as another: with
// another ref_id and another document.
func (c *checker) doubt(group []*suspect) {
	for _, s := range group {
		i := slices.IndexFunc(group, func(o *suspect) bool { return o.ref != s.ref && o.cip != s.cip })
		if i >= 0 {
			c.doubts[s.ordinal] = group[i].place
		}
	}
}

// decideFiat: a bank account may be in the customer's row and in a file of bank
// accounts, if both say the same.
func (c *checker) decideFiat(group []*suspect) {
	if different(group, func(s *suspect) string { return s.fiatPrint }) {
		c.rejectAll(group, ruleBankTwice, "fiat_account.ref_id", "names a bank account that another row describes differently",
			"make the rows agree, or give each bank account its own fiat_account.ref_id")
		return
	}
	seen := false
	var each []sharer
	for _, s := range group {
		each = append(each, sharer{s.ordinal, c.undo[s.ordinal].objects.only(onboard.KindFiatAccount)})
		if s.bank && seen {
			c.repeat(s.ordinal)
		}
		seen = seen || s.bank
	}
	if len(each) > 1 {
		c.sharing = append(c.sharing, each)
	}
}

// decideRef: rows of one ref_id must agree about the identity; one that says
// nothing new is repeated.
func (c *checker) decideRef(group []*suspect) {
	if different(group, func(s *suspect) string { return s.identity }) {
		c.rejectAll(group, ruleRefTwice, "ref_id", "has the ref_id of another row with other content",
			"make the rows agree, or give each customer a ref_id of its own")
		return
	}
	seen := map[string]bool{}
	var each []sharer
	for _, s := range group {
		if seen[s.others] {
			c.repeat(s.ordinal)
			continue
		}
		seen[s.others] = true
		each = append(each, sharer{s.ordinal, c.undo[s.ordinal].objects.only(onboard.KindIdentity)})
	}
	if len(each) > 1 {
		c.sharing = append(c.sharing, each)
	}
}

// sharer is one of several rows that have an identity, for an account each, or a
// bank account.
type sharer struct {
	ordinal int
	shared  rowObjects
}

// shareIdentities counts each identity once that several rows have. Only now it
// is known which of them will be sent.
func (c *checker) shareIdentities() {
	for _, each := range c.sharing {
		counted := false
		for _, s := range each {
			switch {
			case c.out.verdicts[s.ordinal]&due == 0 || s.shared == rowObjects{}:
			case counted:
				c.out.objects.join(s.shared, -1)
			default:
				counted = true
			}
		}
	}
}

func (c *checker) repeat(ordinal int) {
	if c.out.verdicts[ordinal]&rejected != 0 { // by another part
		return
	}
	c.uncount(ordinal)
	c.out.verdicts[ordinal] = c.out.verdicts[ordinal]&^due | repeated
}

func different(group []*suspect, by func(*suspect) string) bool {
	return slices.ContainsFunc(group, func(s *suspect) bool { return by(s) != by(group[0]) })
}

// rejectAll rejects every row of the group and names another one in each.
func (c *checker) rejectAll(group []*suspect, rule, column, text, hint string) {
	for i, s := range group {
		other := group[0]
		if i == 0 {
			other = group[1]
		}
		c.fault(s.ordinal, mapping.Finding{Rule: rule, Column: column, Severity: mapping.Error,
			Text: text, Hint: hint, Other: other.place})
	}
}

// fault rejects a row for what only the other rows show.
func (c *checker) fault(ordinal int, f mapping.Finding) {
	if c.out.verdicts[ordinal]&rejected != 0 {
		c.refine(ordinal, f)
		return
	}
	c.uncount(ordinal)
	c.carried.unmark(c.undo[ordinal].names...)
	c.out.verdicts[ordinal] = rejected
	c.out.faults.add(ordinal, f)
	c.out.Findings[f.Rule]++
}

// comparedRules are in the order in which a row that breaks several is told of
// them, so that it does not depend on which part was judged first.
var comparedRules = []string{ruleRefTwice, ruleCIPTwice, ruleAccountTwice, ruleBankTwice, ruleOrderTwice}

// refine names the first of the rules that a rejected row breaks.
func (c *checker) refine(ordinal int, f mapping.Finding) {
	before, ok := c.out.faults.of(ordinal)
	now, then := slices.Index(comparedRules, f.Rule), slices.Index(comparedRules, before.Rule)
	if !ok || now < 0 || now >= then {
		return
	}
	c.out.faults.add(ordinal, f)
	c.out.Findings[f.Rule]++
	if c.out.Findings[before.Rule]--; c.out.Findings[before.Rule] == 0 {
		delete(c.out.Findings, before.Rule)
	}
}

// leave has nothing sent for a row that is in order by itself.
func (c *checker) leave(ordinal int, f mapping.Finding, sameSource bool) {
	if c.out.verdicts[ordinal]&(rejected|repeated|changed) != 0 {
		return
	}
	c.uncount(ordinal)
	c.out.verdicts[ordinal] = changed
	c.out.faults.add(ordinal, f)
	if sameSource {
		c.out.verdicts[ordinal] |= aside
	}
	c.out.Findings[f.Rule]++
}

// The rules that only a comparison of rows finds broken; see ruleBankTwice, too.
const (
	ruleRefTwice     = "duplicate_ref_id"
	ruleCIPTwice     = "duplicate_cip"
	ruleAccountTwice = "duplicate_account"
	ruleOrderTwice   = "duplicate_order"
)

// ruleTaken is found while the row is mapped, the other duplicates afterwards.
const ruleTaken = "cip_taken"

func cipTaken(refID string) mapping.Finding {
	return mapping.Finding{Rule: ruleTaken, Column: "cip_id", Severity: mapping.Error,
		Text: "has the CIP ID of a customer who is in the checkpoint under another ref_id",
		Hint: "one person has one identity; keep the ref_id that is known", Other: fmt.Sprintf("%q", refID)}
}

func (c *checker) printer() printer {
	if c.store != nil {
		return c.store
	}
	return offline{}
}

// showDuplicates shows the rows of which only a comparison told something.
func (c *checker) showDuplicates(ctx context.Context) error {
	if c.show == nil || len(c.out.faults.rows)+len(c.doubts) == 0 {
		return nil
	}
	return eachBatch(ctx, c.in, func(ordinal int) bool { return c.compared(ordinal) == nil },
		func(b batch) (batch, error) { return b, nil },
		func(b batch) error {
			for _, row := range b.rows {
				c.show(mapping.Result{Row: row, Findings: c.compared(row.Ordinal)})
			}
			return nil
		})
}

// compared is what the comparison with other rows found; what the row itself
// has shown was told before.
func (c *checker) compared(ordinal int) (found []mapping.Finding) {
	if f, ok := c.out.faults.of(ordinal); ok && f.Rule != ruleTaken {
		found = append(found, f)
	}
	if other, ok := c.doubts[ordinal]; ok {
		found = append(found, samePerson(other))
	}
	return found
}
