package checkpoint

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"embark/onboard"
	"embark/paxos"

	"pgregory.net/rapid"
)

// TestRandomOperations: whatever is done in whatever order, the counts and the
// indexes agree with the records.
func TestRandomOperations(t *testing.T) {
	s := open(t, newPath(t))
	turn := 0
	rapid.Check(t, func(rt *rapid.T) {
		turn++
		o := operations{s: s, prefix: fmt.Sprint("t", turn)}
		rt.Repeat(map[string]func(*rapid.T){"intent": o.intent, "plant": o.plant, "commit": o.commit, "observe": o.observe})
		verify(rt0{t, rt}, s.Store)
	})
}

// rt0 reports to rapid what it is told as a testing.TB.
type rt0 struct {
	testing.TB
	rt *rapid.T
}

func (r rt0) Errorf(format string, args ...any) { r.rt.Errorf(format, args...) }

type operations struct {
	s      *testStore
	prefix string
	open   []onboard.Step
}

func (o *operations) drafts(t *rapid.T) (identity, account onboard.Record) {
	ref := fmt.Sprint(o.prefix, "-c", rapid.IntRange(1, 3).Draw(t, "customer"))
	return draftsNamed(o.s.Store, ref, rapid.SampledFrom([]string{"Canarylast", "Other"}).Draw(t, "name"))
}

func (o *operations) intent(t *rapid.T) {
	identity, account := o.drafts(t)
	if rapid.Bool().Draw(t, "of the account") {
		identity = o.s.one(account.Key)
	} else if known := o.s.one(identity.Key); known.Known() && rapid.Bool().Draw(t, "known") {
		identity, _ = onboard.Admit(known, identity, true)
	}
	if !identity.Known() {
		return
	}
	var more []onboard.Record
	if identity.Key.Kind() == onboard.KindIdentity {
		more = append(more, account)
	}
	step, granted, err := begin(o.s.Store, identity, more...)
	if err != nil {
		t.Fatal(err)
	}
	if granted {
		o.open = append(o.open, step)
	}
}

func (o *operations) plant(t *rapid.T) {
	identity, account := o.drafts(t)
	if rapid.Bool().Draw(t, "given") {
		identity.ID, identity.Origin, identity.Request, identity.Print = o.prefix+"-shared", onboard.Given, nil, []byte("given")
	}
	o.s.plant(identity, account)
}

func (o *operations) commit(t *rapid.T) {
	if len(o.open) == 0 {
		return
	}
	step := o.open[0]
	o.open = o.open[1:]
	answers := []onboard.Answer{made("id-" + step.Record.Key.RefID()), {Err: errors.New("reset")}, {Err: paxos.ErrNotSent},
		{Err: &paxos.Error{Status: 400}}, {Conflict: onboard.CodeCIPConflict}, {Exists: true}, {Candidate: "i9"}}
	a := rapid.SampledFrom(answers).Draw(t, "answer")
	a.At = now
	r, _, err := o.s.Commit(ctx, step, a)
	if err != nil || r.Intent != nil {
		t.Fatalf("got intent %+v, %v, want it closed", r.Intent, err)
	}
}

func (o *operations) observe(t *rapid.T) {
	id := rapid.SampledFrom([]string{"id-" + o.prefix + "-c1", "id-" + o.prefix + "-c2", o.prefix + "-shared", "stranger"}).Draw(t, "id")
	status := rapid.SampledFrom([]string{"APPROVED", "DENIED", "DISABLED", "NEW"}).Draw(t, "status")
	after := time.Duration(rapid.IntRange(0, 9).Draw(t, "after")) * time.Second
	if _, err := o.s.Observe(ctx, []Sighting{{ID: id, RefID: o.prefix + "-c1", Status: status, At: now.Add(after)}}, now, nil); err != nil {
		t.Fatal(err)
	}
}
