package pipeline

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"embark/onboard"
	"embark/paxossim"
	"embark/report"
)

// TestRunBankRefused: a bank row that Paxos will not have is to be corrected.
func TestRunBankRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newBankRig(t, 2, paxossim.Options{})
		r.must(r.files("in.csv"))
		r.between(func(q *http.Request) *http.Response {
			if q.Method == http.MethodPost && strings.HasSuffix(q.URL.Path, "/fiat-accounts") {
				return answered(http.StatusBadRequest, "{}")
			}
			return nil
		})
		result := r.must(r.files("banks.csv"))
		r.expect(result, map[onboard.Outcome]int{onboard.Failed: 2})
		text, err := os.ReadFile(filepath.Join(result.Report, report.RejectedFile))
		if err != nil || strings.Count(string(text), bankNumber) != 2 {
			t.Errorf("got %v, want both rows to be corrected", err)
		}
		r.direct()
		r.expect(r.must(func(c *Config) { r.files("banks.csv")(c); c.RetryFailed = true }), map[onboard.Outcome]int{onboard.Onboarded: 2})
		r.banked(2)
		r.secretive()
	})
}

// TestRunBankTwice: rows that name one bank account must agree.
func TestRunBankTwice(t *testing.T) {
	for name, tt := range map[string]struct {
		own   bool // the customer's row gives the bank account too
		banks []int
		want  map[onboard.Outcome]int
		made  int
	}{
		"equal":                          {false, []int{0, 0}, map[onboard.Outcome]int{onboard.Onboarded: 2, onboard.RepeatedRow: 1}, 1},
		"different":                      {false, []int{0, 1}, map[onboard.Outcome]int{onboard.Onboarded: 1, onboard.Rejected: 2}, 0},
		"equal to the customer's":        {true, []int{0}, map[onboard.Outcome]int{onboard.Onboarded: 2}, 1},
		"twice equal to the customer's":  {true, []int{0, 0}, map[onboard.Outcome]int{onboard.Onboarded: 2, onboard.RepeatedRow: 1}, 1},
		"different from the customer's":  {true, []int{1}, map[onboard.Outcome]int{onboard.Rejected: 2}, 0},
		"one different from the other's": {true, []int{0, 1}, map[onboard.Outcome]int{onboard.Rejected: 3}, 0},
	} {
		for _, files := range [][]string{{"in.csv", "banks.csv"}, {"banks.csv", "in.csv"}} {
			bubble(t, name+", "+files[0]+" first", func(t *testing.T) {
				r := newBankRig(t, 1, paxossim.Options{})
				if tt.own {
					r.addBank()
				}
				var rows []string
				for _, n := range tt.banks {
					rows = append(rows, bankRow(r.refs()[0], n))
				}
				r.writeBanks(rows...)
				r.expect(r.must(r.files(files...)), tt.want)
				r.banked(tt.made)
				r.secretive()
			})
		}
	}
}

// addBank gives the only customer of in.csv the bank account of bankRow.
func (r *rig) addBank() {
	rows := r.rows()
	rows[0] = strings.TrimSpace(rows[0]) + ",fiat_account.network,fiat_account.owner.first_name,fiat_account.owner.last_name,fiat_account.account_number"
	rows[1] = strings.TrimSpace(rows[1]) + strings.TrimSpace(strings.TrimPrefix(bankRow("", 0), ",,"))
	r.writeRows(rows...)
}

// TestRunBankChanged: other content than Paxos has is not sent, wherever the
// bank account came from.
func TestRunBankChanged(t *testing.T) {
	for name, own := range map[string]bool{"from a file of bank accounts": false, "from the customer's row": true} {
		bubble(t, name, func(t *testing.T) {
			r := newBankRig(t, 1, paxossim.Options{})
			files := []string{"in.csv", "banks.csv"}
			if own {
				r.addBank()
				files = files[:1]
			}
			r.must(r.files(files...))
			r.expect(r.must(r.files("banks.csv")), map[onboard.Outcome]int{onboard.AlreadyOnboarded: 1})
			r.writeBanks(bankRow(r.refs()[0], 1))
			r.expect(r.must(r.files("banks.csv")), map[onboard.Outcome]int{onboard.OutcomeChanged: 1})
			r.banked(1)
		})
	}
}

// TestRunBankUnderAnotherRefID: the same number for the same account is the same
// bank account, whatever its ref_id: in one input, and from night to night.
func TestRunBankUnderAnotherRefID(t *testing.T) {
	renamed := func(r *rig) string { return strings.Replace(bankRow(r.refs()[0], 0), ",,,DBS", ",,bank-17,DBS", 1) }
	bubble(t, "one input", func(t *testing.T) {
		r := newBankRig(t, 1, paxossim.Options{})
		r.writeBanks(bankRow(r.refs()[0], 0), renamed(r))
		result := r.must(r.files("in.csv", "banks.csv"))
		if n := result.Checked.Findings[ruleBankTwice]; n != 2 {
			t.Errorf("got %d of %s, want 2", n, ruleBankTwice)
		}
		r.banked(0)
	})
	bubble(t, "two nights", func(t *testing.T) {
		r := newBankRig(t, 1, paxossim.Options{})
		r.must(r.files("in.csv", "banks.csv"))
		r.writeBanks(renamed(r))
		result := r.must(r.files("banks.csv"))
		r.expect(result, map[onboard.Outcome]int{onboard.OutcomeChanged: 1})
		r.writeBanks(strings.Replace(renamed(r), bankNumber, "8800880088", 1))
		r.banked(1)
		r.must(r.files("banks.csv")) // another number is another bank account
		r.banked(2)
	})
	bubble(t, "another account", func(t *testing.T) {
		r := newBankRig(t, 1, paxossim.Options{})
		refID := r.refs()[0]
		r.writeBanks(bankRow(refID, 0), strings.Replace(bankRow(refID, 0), ",,,DBS", ",ira,bank-17,DBS", 1))
		if n := r.must(r.files("in.csv", "banks.csv")).Checked.Findings[ruleBankTwice]; n != 0 {
			t.Errorf("got %d of %s, want none", n, ruleBankTwice)
		}
	})
}
