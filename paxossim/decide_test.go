package paxossim

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"embark/paxos"
)

func TestDecisionWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTester(t, newSim(t, Options{ApproveAfter: time.Minute}))
		made := c.createIdentity(customer(1))
		time.Sleep(59 * time.Second)
		if got := c.status(made.ID); got != "PENDING" {
			t.Errorf("after 59 s: got %s, want PENDING", got)
		}
		time.Sleep(30 * time.Minute)
		got := get[paxos.Identity](c, "/identity/identities/"+made.ID)
		created, _ := time.Parse(time.RFC3339Nano, made.CreatedAt)
		updated, _ := time.Parse(time.RFC3339Nano, got.UpdatedAt)
		if got.SummaryStatus != "APPROVED" || updated.Sub(created) != time.Minute {
			t.Errorf("got %s after %v, want APPROVED dated a minute on", got.SummaryStatus, updated.Sub(created))
		}
	})
}

func TestDecisionsAreReordered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTester(t, newSim(t, Options{Seed: 1, ApproveAfter: time.Second, ApproveJitter: time.Minute}))
		var order []string
		for n := range 20 {
			order = append(order, c.createIdentity(customer(10+n)).ID)
		}
		time.Sleep(2 * time.Minute)
		var decided []string
		for _, e := range get[eventPage](c, "/events").Events {
			decided = append(decided, e.Object.IdentityID)
		}
		if slices.Equal(order, decided) {
			t.Error("decisions came in the order of creation")
		}
		slices.Sort(order)
		slices.Sort(decided)
		if diff := cmp.Diff(order, decided); diff != "" {
			t.Errorf("(-created +decided):\n%s", diff)
		}
	})
}

func TestOutcomes(t *testing.T) {
	sim := newSim(t, Options{Seed: 2, Denied: 0.2, Errored: 0.2, Stuck: 0.2, UnknownStatus: 0.2})
	c := newTester(t, sim)
	c.unchecked = true // the unknown status breaks the specification, which is its purpose
	for n := range 200 {
		c.createIdentity(customer(10 + n))
	}
	got := sim.Stats()
	for _, s := range []string{"APPROVED", "DENIED", "ERROR", "PENDING", "UNDER_REVIEW"} {
		if n := got.Statuses[s]; n < 20 || n > 60 {
			t.Errorf("%s: got %d of 200, want about 40", s, n)
		}
	}
	if want := got.Statuses["APPROVED"] + got.Statuses["DENIED"] + got.Statuses["UNDER_REVIEW"]; got.Objects.Events != want {
		t.Errorf("got %d events, want %d: none for ERROR", got.Objects.Events, want)
	}
}

func TestPassthroughDenied(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	r := customer(1)
	r.PersonDetails.PassthroughVerificationStatus = "DENIED"
	if got := c.status(c.createIdentity(r).ID); got != "DENIED" {
		t.Errorf("got %s, want DENIED", got)
	}
}

// An identity's fate depends on the seed and its ref_id, not on the order.
func TestSeedRepeatsARun(t *testing.T) {
	run := func(seed uint64, order []int) map[string]string {
		c := newTester(t, newSim(t, Options{Seed: seed, Denied: 0.3, Errored: 0.3}))
		fates := map[string]string{}
		for _, n := range order {
			made := c.createIdentity(customer(10 + n))
			fates[made.RefID] = fmt.Sprint(made.ID, c.status(made.ID))
		}
		return fates
	}
	up, down := []int{}, []int{}
	for n := range 30 {
		up, down = append(up, n), append(down, 29-n)
	}
	if diff := cmp.Diff(run(7, up), run(7, down)); diff != "" {
		t.Errorf("another order changed the run:\n%s", diff)
	}
	if cmp.Equal(run(7, up), run(8, up)) {
		t.Error("another seed changed nothing")
	}
}
