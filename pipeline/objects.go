package pipeline

import (
	"math"
	"slices"

	"embark/onboard"
	"embark/paxos"
)

var kinds = onboard.Kinds()

// lookUps stands behind the kinds: accounts that are looked for before they are
// made, since their identity was not made by this checkpoint.
var lookUps = len(kinds)

// rowObjects counts what a row wants made, by kind, as small as can be: there
// is one for each row of the batches under way.
type rowObjects [10]uint8

func (o *rowObjects) add(draft onboard.Record) {
	o.one(draft.Key.Kind())
	if draft.Key.Kind() == onboard.KindIdentity && draft.Origin == onboard.Given {
		o[lookUps] = 1
	}
}

func (o *rowObjects) one(kind onboard.Kind) { o.some(kind, 1) }

func (o *rowObjects) some(kind onboard.Kind, n int) {
	i := slices.Index(kinds, kind)
	o[i] = uint8(min(int(o[i])+n, math.MaxUint8)) // nobody has as many documents
}

// What nearly every row wants, made once.
var oneIdentity, bothObjects = objectsOf(onboard.KindIdentity), objectsOf(onboard.KindIdentity, onboard.KindAccount)

func objectsOf(kinds ...onboard.Kind) (o rowObjects) {
	for _, kind := range kinds {
		o.one(kind)
	}
	return o
}

// askedFor is what a customer of whom nothing is known wants made.
func askedFor(c *onboard.Customer) (o rowObjects) {
	if c.BankOnly() {
		return objectsOf(onboard.KindFiatAccount)
	}
	o = bothObjects
	if c.Account == nil {
		o = oneIdentity
	} else if c.IdentityID != "" {
		o[lookUps] = 1
	}
	o.onceIf(onboard.KindSandboxStatus, c.SandboxStatus != "")
	if n := len(c.Documents); n > 0 {
		o.some(onboard.KindDocument, n)
	}
	o.onceIf(onboard.KindFiatAccount, c.FiatAccount != nil)
	o.onceIf(onboard.KindDepositInstructions, c.Deposit != nil)
	o.onceIf(onboard.KindSandboxDeposit, c.Fund != nil)
	o.onceIf(onboard.KindOrder, c.Order != nil)
	return o
}

func (o *rowObjects) onceIf(kind onboard.Kind, asked bool) {
	if asked {
		o.one(kind)
	}
}

// only is what there is of one kind.
func (o rowObjects) only(kind onboard.Kind) (one rowObjects) {
	i := slices.Index(kinds, kind)
	one[i] = o[i]
	return one
}

// Objects counts objects that are to be made, by kind.
type Objects struct {
	counts [10]int
}

// Of is how many of a kind.
func (o *Objects) Of(kind onboard.Kind) int { return o.counts[slices.Index(kinds, kind)] }

// Total is how many of all kinds, but for documents: those are sent only if
// Paxos asks for them.
func (o *Objects) Total() (n int) {
	for _, kind := range kinds {
		if kind != onboard.KindDocument {
			n += o.Of(kind)
		}
	}
	return n
}

func (o *Objects) join(row rowObjects, n int) {
	for i, count := range row {
		o.counts[i] += n * int(count)
	}
}

func (o *Objects) one(r onboard.Record) {
	var row rowObjects
	row.add(r)
	o.join(row, 1)
}

func (o *Objects) plus(other Objects) Objects {
	for i, n := range other.counts {
		o.counts[i] += n
	}
	return *o
}

// share is what is left of the objects where only some of the customers begin.
func (o Objects) share(begin, all int) Objects {
	for i, n := range o.counts {
		o.counts[i] = int(math.Ceil(float64(n) * float64(begin) / float64(max(all, 1))))
	}
	return o
}

// calls are the requests for one object of each kind where no answer is lost:
// by class, and in the order of the kinds. See the tables of package onboard for what is looked
// at before it is made, and [onboard.Next] for what is read until it is final.
var calls = map[onboard.Kind]map[paxos.Class]int{
	onboard.KindIdentity:            {paxos.ClassIdentity: 1},
	onboard.KindSandboxStatus:       {paxos.ClassIdentity: 1},
	onboard.KindAccount:             {paxos.ClassIdentity: 1},
	onboard.KindAccountMember:       {paxos.ClassIdentity: 2}, // looked for, added
	onboard.KindFiatAccount:         {paxos.ClassOther: 2},    // made, read until it is final
	onboard.KindDepositInstructions: {paxos.ClassOther: 1},
	onboard.KindSandboxDeposit:      {paxos.ClassOther: 2}, // the balance, the deposit
	onboard.KindOrder:               {paxos.ClassOther: 3}, // looked for, made, read until it is final
}

// Calls are the requests that making them takes, by class.
func (o *Objects) Calls() map[paxos.Class]int {
	sum := map[paxos.Class]int{paxos.ClassIdentity: o.counts[lookUps]}
	for kind, each := range calls {
		for class, n := range each {
			sum[class] += n * o.Of(kind)
		}
	}
	return sum
}
