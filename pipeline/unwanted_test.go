package pipeline

import (
	"os"
	"strings"
	"testing"
	"time"

	"embark/onboard"
	"embark/paxos"
	"embark/paxossim"
)

// TestRunOrderNotWanted: where no orders are sent, one that an earlier run
// stored keeps its customer from nothing, and goes out when they are again.
func TestRunOrderNotWanted(t *testing.T) {
	for name, kind := range map[string]onboard.Kind{"ready": onboard.KindOrder, "waiting": onboard.KindAccount} {
		bubble(t, name, func(t *testing.T) {
			r := newUnwantedRig(t)
			paths := map[onboard.Kind]string{onboard.KindOrder: "/orders", onboard.KindAccount: "/identity/accounts"}
			r.leaveReady(kind, paths[kind], 1, ordered)
			r.must(nil)
			r.expect(r.must(nil), map[onboard.Outcome]int{onboard.AlreadyOnboarded: 1})
			r.expect(r.must(func(c *Config) { c.Input = Input{} }), nil)
			r.must(ordered)
			if n := r.sim.Stats().Requests["CreateOrder"]; n == 0 {
				t.Error("got no order sent, want it sent")
			}
		})
	}
}

// newUnwantedRig has one customer, with a first order.
func newUnwantedRig(t *testing.T) *rig {
	t.Helper()
	r := newRig(t, 1, paxossim.Options{ApproveAfter: time.Second})
	r.scopes = []string{paxos.ScopeWriteOrder, paxos.ScopeReadOrder}
	sample, err := os.ReadFile("../samples/orders.csv")
	if err != nil {
		t.Fatal(err)
	}
	r.writeRows(strings.SplitAfter(string(sample), "\n")[:2]...)
	return r
}

func ordered(c *Config) { c.Input.Extras.Orders, c.Wait = true, 30*time.Second }
