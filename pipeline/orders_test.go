package pipeline

import (
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"embark/onboard"
	"embark/paxos"
	"embark/paxossim"
)

// newOrderRig has customers in in.csv who each buy for 25.00 at the market, and
// changes to their cells: one map for each row.
func newOrderRig(t *testing.T, cells ...map[string]string) *rig {
	t.Helper()
	r := newRig(t, 1, paxossim.Options{ApproveAfter: time.Second})
	r.scopes = []string{paxos.ScopeWriteOrder, paxos.ScopeReadOrder, paxos.ScopeReadProfile}
	r.writeOrders(cells...)
	return r
}

// writeOrders writes the first rows of the sample with changes to their cells.
func (r *rig) writeOrders(cells ...map[string]string) {
	r.t.Helper()
	text, err := os.ReadFile("../samples/orders.csv")
	if err != nil {
		r.t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		r.t.Fatal(err)
	}
	header := append(lines[0], "account.ref_id")
	market := map[string]string{"order.side": "BUY", "order.market": "BTCUSD", "order.type": "MARKET", "order.quote_amount": "25.00",
		"order.base_amount": "", "order.price": "", "order.stop_price": "", "order.ref_id": "", "order.time_in_force": "", "order.expiration_date": ""}
	written := [][]string{header}
	for i, changes := range cells {
		line := append(lines[1+i], "")
		for c, column := range header {
			for _, change := range []map[string]string{market, changes} {
				if cell, ok := change[column]; ok {
					line[c] = cell
				}
			}
		}
		written = append(written, line)
	}
	var b strings.Builder
	if err := csv.NewWriter(&b).WriteAll(written); err != nil {
		r.t.Fatal(err)
	}
	r.writeInput(b.String())
}

// withOrders sends them, with money to fill them.
func withOrders(c *Config) {
	c.Input.Extras = Extras{Orders: true, Sandbox: true, Fund: &paxos.SandboxDepositRequest{Asset: "USD", Amount: "1000"}}
	c.Wait = time.Minute
}

// TestRunOrderOfTwo: two customers with one order.ref_id are both rejected, and
// not just the one who comes second.
func TestRunOrderOfTwo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newOrderRig(t, map[string]string{"order.ref_id": "ord-17"}, map[string]string{"order.ref_id": "ord-17"}, nil)
		result := r.must(withOrders)
		r.expect(result, map[onboard.Outcome]int{onboard.Rejected: 2, onboard.Onboarded: 1})
		if n := result.Checked.Findings["duplicate_order"]; n != 2 {
			t.Errorf("got %d of duplicate_order, want 2", n)
		}
	})
}

// TestRunOrderUnderAnotherRefID: an account has one first order, whatever the
// row calls it on another night.
func TestRunOrderUnderAnotherRefID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newOrderRig(t, nil)
		r.expect(r.must(withOrders), map[onboard.Outcome]int{onboard.Onboarded: 1})
		r.writeOrders(map[string]string{"order.ref_id": "ord-17"})
		for range 2 {
			result := r.must(withOrders)
			r.expect(result, map[onboard.Outcome]int{onboard.OutcomeChanged: 1})
			if n := result.Checked.Findings["order_known"]; n != 1 || !strings.Contains(fmt.Sprint(r.results(result)), "order_known") {
				t.Errorf("got %d of order_known, want 1, which the report names", n)
			}
		}
		if n := r.sim.Stats().Objects.Orders; n != 1 {
			t.Errorf("got %d orders at Paxos, want 1", n)
		}
	})
}
