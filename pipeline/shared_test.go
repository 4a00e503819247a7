package pipeline

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"embark/onboard"
	"embark/paxossim"
)

// withAccounts writes rows of the rig's customers, "row account" each.
func (r *rig) withAccounts(rows []string, which ...string) {
	lines := []string{strings.TrimSuffix(rows[0], "\n") + ",account.ref_id"}
	for _, w := range which {
		var row int
		var account string
		if _, err := fmt.Sscan(w, &row, &account); err != nil {
			r.t.Fatal(err)
		}
		lines = append(lines, strings.TrimSuffix(rows[row], "\n")+","+account)
	}
	r.writeRows(lines...)
}

// TestOldContentIsNotSent: an identity was stored and never sent; its row was
// corrected, and another row of the customer is rejected for its account. What is
// stored must wait for the corrected row all the same.
func TestOldContentIsNotSent(t *testing.T) {
	for i := range 10 { // which of the two comes first is chance
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, 2, paxossim.Options{ApproveAfter: time.Second})
				rows := r.rows()
				r.withAccounts(rows, "1 y")
				r.leaveReady(onboard.KindIdentity, "/identity/identities", 1, nil)
				old := strings.Split(rows[1], ",")[1]
				rows[1] = strings.Replace(rows[1], ","+old+",", ",Corrected,", 1)
				r.withAccounts(rows, "1 y", "1 x", "2 x")
				sent := r.collect("identities")
				r.must(func(c *Config) { c.MaxRejected = 1 })
				if sent.with(`"`+old+`"`) > 0 || sent.with(`"Corrected"`) != 1 {
					t.Errorf("the old content was sent %d times, the corrected %d times", sent.with(`"`+old+`"`), sent.with(`"Corrected"`))
				}
			})
		})
	}
}

// TestSharedObjectsAreCountedOnce: an identity that several rows have, and a bank
// account that two files agree about, whichever of the rows are rejected.
func TestSharedObjectsAreCountedOnce(t *testing.T) {
	for which, want := range map[string]int{"1 x|1 y|2 x": 1, "1 x|1 y|1 z|2 x": 1, "1 x|1 y|1 z": 1, "1 x|2 y|1 x": 2, "1 x|2 x": 0} {
		for _, most := range []int{1000, 1} {
			r := newRig(t, 2, paxossim.Options{})
			r.withAccounts(r.rows(), strings.Split(which, "|")...)
			checked, err := Check(t.Context(), r.input(), Checking{suspects: most})
			if err != nil {
				t.Fatal(err)
			}
			if got := checked.objects.Of(onboard.KindIdentity); got != want {
				t.Errorf("%s, %d suspects at a time: got %d identities, want %d", which, most, got, want)
			}
		}
	}
	r := newBankRig(t, 1, paxossim.Options{})
	r.addBank()
	r.writeBanks(bankRow(r.refs()[0], 0))
	checked, err := Check(t.Context(), r.inputOf("in.csv", "banks.csv"), Checking{})
	if err != nil || checked.objects.Of(onboard.KindFiatAccount) != 1 {
		t.Errorf("got %d bank accounts, %v, want one", checked.objects.Of(onboard.KindFiatAccount), err)
	}
}

// TestFirstRuleIsTold: of several rules that a row breaks against others, the
// first is told, in whatever parts the rows are judged.
func TestFirstRuleIsTold(t *testing.T) {
	r := newRig(t, 2, paxossim.Options{})
	rows := r.rows()
	other := strings.Replace(rows[1], ","+strings.Split(rows[1], ",")[1]+",", ",Other,", 1)
	rows = append(rows, other)
	r.withAccounts(rows, "1 x", "3 y", "2 x") // 1 and 3 share a ref_id, 1 and 2 an account
	var first map[string]int
	for range 20 { // parts are cut by chance
		for _, most := range []int{1000, 1} {
			checked, err := Check(t.Context(), r.input(), Checking{suspects: most})
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = checked.Findings
			}
			if !maps.Equal(first, checked.Findings) || checked.Findings[ruleRefTwice] != 2 {
				t.Fatalf("got %v and %v, want the same, and two rows of one ref_id", first, checked.Findings)
			}
		}
	}
}
