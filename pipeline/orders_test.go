package pipeline

import (
	"encoding/csv"
	"errors"
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

// TestRunOrderCap: the cap is for all orders that a run may send, whoever
// brought them; what nobody can count is not let through.
func TestRunOrderCap(t *testing.T) {
	limit := func(side, market string) map[string]string {
		return map[string]string{"order.side": side, "order.market": market, "order.type": "LIMIT", "order.base_amount": "100", "order.price": "0.25", "order.quote_amount": ""}
	}
	for name, tt := range map[string]struct {
		cells []map[string]string
		limit string
		over  bool
	}{
		"two":           {[]map[string]string{nil, nil}, "50", false},
		"two, less":     {[]map[string]string{nil, nil}, "49.99", true},
		"limit to buy":  {[]map[string]string{limit("BUY", "BTCUSD")}, "25", false},
		"limit to sell": {[]map[string]string{limit("SELL", "BTCUSD")}, "30", true},
		"euros":         {[]map[string]string{{"order.market": "BTCEUR"}}, "30", true},
		"rejected":      {[]map[string]string{{"order.ref_id": "ord-17"}, {"order.ref_id": "ord-17"}, nil}, "25", false},
	} {
		bubble(t, name, func(t *testing.T) {
			r := newOrderRig(t, tt.cells...)
			_, err := r.run(t.Context(), func(c *Config) { withOrders(c); c.OrderCap = tt.limit })
			if errors.Is(err, ErrOrderCap) != tt.over || err != nil && !tt.over {
				t.Errorf("got %v, want over the cap %t", err, tt.over)
			}
		})
	}
}

// TestRunOrderCapRepeated: a row that is there twice has one order.
func TestRunOrderCapRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newOrderRig(t, nil)
		rows := r.rows()
		r.writeRows(append(rows, rows[1])...)
		r.expect(r.must(func(c *Config) { withOrders(c); c.OrderCap = "25" }), map[onboard.Outcome]int{onboard.Onboarded: 1, onboard.RepeatedRow: 1})
	})
}

// TestRunOrderCapOfTheCheckpoint: orders that an earlier run stored and did not
// send count, once, whether or not the row comes again.
func TestRunOrderCapOfTheCheckpoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newOrderRig(t, nil)
		r.must(func(c *Config) { withOrders(c); c.Wait = 0 })
		capped := func(limit string, without bool) error {
			_, err := r.run(t.Context(), func(c *Config) {
				withOrders(c)
				c.OrderCap, c.Wait = limit, 0
				if without {
					c.Input = Input{Extras: c.Input.Extras}
				}
			})
			return err
		}
		if err := capped("24.99", true); !errors.Is(err, ErrOrderCap) {
			t.Errorf("without the row: got %v, want %v", err, ErrOrderCap)
		}
		if err := capped("25", false); err != nil {
			t.Errorf("with the row: %v", err)
		}
		r.writeOrders(map[string]string{"order.quote_amount": "24.00"})
		if err := capped("24", false); err != nil {
			t.Errorf("with a smaller order in its place: %v", err)
		}
	})
}
