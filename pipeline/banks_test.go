package pipeline

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"embark/mapping"
	"embark/onboard"
	"embark/paxos"
	"embark/paxossim"
	"embark/report"
	"embark/source"
)

const bankHeader = "ref_id,account.ref_id,fiat_account.ref_id,fiat_account.network,fiat_account.owner.first_name,fiat_account.owner.last_name,fiat_account.account_number\n"

// bankNumber begins every made-up number of a bank account.
const bankNumber = "7700770077"

// bankRow is a bank account of the customer; a number above 0 is other content.
func bankRow(refID string, number int) string {
	return fmt.Sprintf("%s,,,DBS_ACT,Ada,Example,%s%02d\n", refID, bankNumber, number)
}

// newBankRig has customers in in.csv, and a row in banks.csv for each of them.
func newBankRig(t *testing.T, rows int, o paxossim.Options) *rig {
	t.Helper()
	if o.ApproveAfter == 0 {
		o.ApproveAfter = time.Second
	}
	r := newRig(t, rows, o)
	r.scopes = []string{paxos.ScopeWriteFiatAccount, paxos.ScopeReadFiatAccount}
	var banks []string
	for _, refID := range r.refs() {
		banks = append(banks, bankRow(refID, 0))
	}
	r.writeBanks(banks...)
	return r
}

// refs are the ref_ids of the customers in in.csv.
func (r *rig) refs() (refs []string) {
	for _, row := range r.rows()[1:] {
		refs = append(refs, refOf(row))
	}
	return refs
}

func (r *rig) writeBanks(rows ...string) {
	r.t.Helper()
	if err := os.WriteFile(r.path("banks.csv"), []byte(bankHeader+strings.Join(rows, "")), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// files makes these the input of a run.
func (r *rig) files(names ...string) func(*Config) {
	return func(c *Config) { c.Input = r.inputOf(names...) }
}

func (r *rig) inputOf(names ...string) Input {
	r.t.Helper()
	in := Input{Banks: map[int]*mapping.BankMapper{}}
	o := mapping.Options{MadeUp: true, Now: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	for i, name := range names {
		f, err := source.Open(r.path(name), source.Options{})
		if err != nil {
			r.t.Fatal(err)
		}
		r.t.Cleanup(func() { f.Close() })
		var m *mapping.Mapper
		if mapping.IsBank(f.Header(), nil) {
			in.Banks[i], err = mapping.NewBank(f.Header(), o)
		} else {
			m, err = mapping.New(f.Header(), o)
		}
		if err != nil {
			r.t.Fatal(err)
		}
		in.Files, in.Mappers = append(in.Files, f), append(in.Mappers, m)
	}
	return in
}

// banked checks that the simulator has n bank accounts, and none doubled.
func (r *rig) banked(n int) {
	r.t.Helper()
	s := r.sim.Stats()
	if s.Objects.FiatAccounts != n || s.Duplicates.FiatAccountsPerRefID != 0 {
		r.t.Errorf("got %d bank accounts with %+v, want %d and none doubled", s.Objects.FiatAccounts, s.Duplicates, n)
	}
}

// orphans holds those of a run against what is wanted.
func (r *rig) orphans(result *Result, want report.Orphans) {
	r.t.Helper()
	if got := result.Summary.Orphans; got == nil || *got != want {
		r.t.Errorf("got orphans %+v, want %+v", got, want)
	}
}

// secretive searches the checkpoint and all reports, but for the rejected rows,
// for bank numbers.
func (r *rig) secretive() {
	r.t.Helper()
	files, err := filepath.Glob(r.path("report/*/*"))
	files = append(files, r.path("embark.db"))
	if err != nil || len(files) == 1 {
		r.t.Fatalf("got files %v, %v", files, err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			r.t.Fatal(err)
		}
		if strings.Contains(string(text), bankNumber) && !strings.HasPrefix(filepath.Base(name), "rejected") {
			r.t.Errorf("%s holds a bank number", filepath.Base(name))
		}
	}
}

func TestRunBanks(t *testing.T) {
	for name, files := range map[string][]string{"customers first": {"in.csv", "banks.csv"}, "banks first": {"banks.csv", "in.csv"}} {
		bubble(t, name, func(t *testing.T) {
			r := newBankRig(t, 20, paxossim.Options{ApproveJitter: time.Second})
			result := r.must(r.files(files...))
			r.expect(result, map[onboard.Outcome]int{onboard.Onboarded: 40})
			r.orphans(result, report.Orphans{})
			for _, l := range r.results(result) {
				if l[3] == "" || l[5] == "" || l[7] == "" || l[9] == "" {
					t.Errorf("got line %q, want ids of identity, account and bank account", l)
				}
			}
			before := requests(r.sim.Stats())
			if n := r.sim.Stats().Requests["GetIdentity"]; n != 0 {
				t.Errorf("got %d readings of identities that were just approved, want none", n)
			}
			r.expect(r.must(r.files(files...)), map[onboard.Outcome]int{onboard.AlreadyOnboarded: 40})
			if n := r.sim.Stats().Requests["CreateFiatAccount"]; n != 20 {
				t.Errorf("got %d requests, then %d bank accounts sent, want 20", before, n)
			}
			r.once(20)
			r.banked(20)
			r.secretive()
		})
	}
}

// TestRunBanksAlone: each file on a night of its own, in both orders, and
// whatever the customers are at.
func TestRunBanksAlone(t *testing.T) {
	for name, tt := range map[string]struct {
		first, second string
		wait          time.Duration
		before, after map[onboard.Outcome]int
		orphans       int
	}{
		"customers first": {"in.csv", "banks.csv", time.Minute, map[onboard.Outcome]int{onboard.Onboarded: 3}, map[onboard.Outcome]int{onboard.Onboarded: 3}, 0},
		"customers undecided": {"in.csv", "banks.csv", 0, map[onboard.Outcome]int{onboard.OutcomePending: 3},
			map[onboard.Outcome]int{onboard.Onboarded: 6}, 0}, // a line for each customer, too
		"banks first": {"banks.csv", "in.csv", time.Minute, map[onboard.Outcome]int{onboard.OutcomeWaiting: 3}, map[onboard.Outcome]int{onboard.Onboarded: 3}, 3},
	} {
		bubble(t, name, func(t *testing.T) {
			r := newBankRig(t, 3, paxossim.Options{})
			first := r.must(func(c *Config) { r.files(tt.first)(c); c.Wait = tt.wait })
			r.expect(first, tt.before)
			if tt.first == "banks.csv" {
				r.orphans(first, report.Orphans{BankRows: tt.orphans})
			}
			time.Sleep(24 * time.Hour)
			r.expect(r.must(r.files(tt.second)), tt.after)
			r.once(3)
			r.banked(3)
		})
	}
}

// TestRunBankOrphans: what the files lack in each other is told, also on a
// night without them.
func TestRunBankOrphans(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newBankRig(t, 3, paxossim.Options{})
		r.writeBanks(bankRow("stranger", 0), bankRow(r.refs()[0], 0))
		result := r.must(r.files("in.csv", "banks.csv"))
		r.expect(result, map[onboard.Outcome]int{onboard.Onboarded: 4, onboard.OutcomeWaiting: 1})
		r.orphans(result, report.Orphans{BankRows: 1, Customers: 2})
		orphan := r.results(result)[3]
		if orphan[3] != "stranger" || orphan[12] != "orphan" || !strings.Contains(orphan[13], "neither in the input nor in the checkpoint") {
			t.Errorf("got line %q, want one that says so", orphan)
		}
		for _, files := range [][]string{{"in.csv"}, {}} {
			result = r.must(r.files(files...))
			last := append([][]string{make([]string, 14)}, r.results(result)...)[len(r.results(result))]
			if result.Summary.Orphans != nil || last[0] != "checkpoint" || last[3] != "stranger" || last[4] != "waiting" || last[12] != "orphan" {
				t.Errorf("got orphans %v and line %q, want none and one from the checkpoint that waits", result.Summary.Orphans, last)
			}
		}
		result = r.must(r.files("banks.csv"))
		r.expect(result, map[onboard.Outcome]int{onboard.AlreadyOnboarded: 1, onboard.OutcomeWaiting: 1})
		r.orphans(result, report.Orphans{BankRows: 1})
		r.banked(1)
	})
}

// TestRunBankOfNobody: a bank account waits for a customer whose row is faulty
// or not sent yet, and is no orphan then.
func TestRunBankOfNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newBankRig(t, 3, paxossim.Options{})
		rows := r.rows()
		rows[1] = strings.Replace(rows[1], ",USA,", ",Utopia,", 1)
		r.writeRows(rows...)
		result := r.must(func(c *Config) { r.files("banks.csv", "in.csv")(c); c.Limit = 1 })
		r.expect(result, map[onboard.Outcome]int{onboard.Rejected: 1, onboard.NotStarted: 1, onboard.Onboarded: 2, onboard.OutcomeWaiting: 2})
		r.orphans(result, report.Orphans{})
		if l := r.results(result)[0]; !strings.Contains(l[13], "the fiat account waits for: identity ") {
			t.Errorf("got line %q, want one that says what it waits for", l)
		}
	})
}

// TestRunBankApprovalAge: an approval heard of a moment ago is relied on, one of
// over an hour ago is read again before a bank account is made, unless the feed,
// which is read again from a little before, happens to tell of it first.
func TestRunBankApprovalAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newBankRig(t, 6, paxossim.Options{})
		r.must(r.files("in.csv"))
		readings := func(i int, after time.Duration) int {
			time.Sleep(after)
			r.writeBanks(bankRow(r.refs()[i], 0))
			r.expect(r.must(r.files("banks.csv")), map[onboard.Outcome]int{onboard.Onboarded: 1})
			return int(r.sim.Stats().Requests["GetIdentity"])
		}
		if n := readings(0, 10*time.Minute); n != 0 {
			t.Errorf("after ten minutes: got %d readings of identities, want none", n)
		}
		n := 0
		for i := range 5 {
			n = readings(1+i, 2*time.Hour)
		}
		if n == 0 || n > 5 {
			t.Errorf("five times after two hours: got %d readings of identities, want one each but for those that the feed told of", n)
		}
	})
}

// TestRunBankOfAdopted: whose doing the customer is does not make the bank
// account somebody else's.
func TestRunBankOfAdopted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newBankRig(t, 3, paxossim.Options{})
		r.must(r.files("in.csv"))
		r.forget()
		r.expect(r.must(r.files("in.csv", "banks.csv")), map[onboard.Outcome]int{onboard.OutcomeAdopted: 3, onboard.Onboarded: 3})
		r.once(3)
		r.banked(3)
	})
}

// TestRunBankOfDenied: the customer's fate is the bank account's.
func TestRunBankOfDenied(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newBankRig(t, 2, paxossim.Options{Denied: 1})
		r.expect(r.must(r.files("in.csv", "banks.csv")), map[onboard.Outcome]int{onboard.Denied: 4})
		r.banked(0)
	})
}

// TestRunBankRejectedByPaxos: a review that ends badly leaves the row, and its
// customer, incomplete.
func TestRunBankRejectedByPaxos(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newBankRig(t, 2, paxossim.Options{FiatRejected: 1})
		r.expect(r.must(r.files("in.csv", "banks.csv")), map[onboard.Outcome]int{onboard.Incomplete: 4})
	})
}

// TestRunBankCorrectedBeforeSent: of a bank account that a run stored and never
// sent, the corrected row is sent.
func TestRunBankCorrectedBeforeSent(t *testing.T) {
	posted := func(q *http.Request) bool {
		return q.Method == http.MethodPost && strings.HasSuffix(q.URL.Path, "/fiat-accounts")
	}
	synctest.Test(t, func(t *testing.T) {
		const rows = 50
		r := newBankRig(t, rows, paxossim.Options{})
		r.must(r.files("in.csv"))
		base := r.sim.Transport()
		r.transport = via(func(q *http.Request) (*http.Response, error) {
			if posted(q) {
				return nil, errors.New("no route") // there never was a connection
			}
			return base.RoundTrip(q)
		})
		ctx, stop := context.WithTimeout(t.Context(), 2*time.Second)
		defer stop()
		if result, err := r.run(ctx, r.files("banks.csv")); err == nil || result.Summary.Records[onboard.KindFiatAccount][onboard.Ready] == 0 {
			t.Fatalf("got %v and error %v, want some ready, and a run that was stopped", result.Summary.Records, err)
		}
		var banks []string
		for _, refID := range r.refs() {
			banks = append(banks, bankRow(refID, 1))
		}
		r.writeBanks(banks...)
		old := 0
		r.between(func(q *http.Request) *http.Response {
			if posted(q) && strings.Contains(bodyOf(q), bankNumber+"00") {
				old++
			}
			return nil
		})
		r.expect(r.must(r.files("banks.csv")), map[onboard.Outcome]int{onboard.Onboarded: 2 * rows}) // a line for each customer, too
		if old != 0 {
			t.Errorf("got %d bank accounts sent as they were, want the corrected ones only", old)
		}
		r.banked(rows)
	})
}

// TestRunBanksStopAndCarryOn: a run of both files that is cancelled again and
// again ends up where an undisturbed one does.
func TestRunBanksStopAndCarryOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const rows = 100
		r := newBankRig(t, rows, paxossim.Options{ApproveJitter: time.Second, FiatRefReusable: true,
			Faults: paxossim.Faults{LatencyJitter: 2 * time.Second, DropAfter: 0.05}})
		r.limits = paxos.Limits{Token: 100, Identity: 50, Other: 100}
		for i := range 20 {
			ctx, stop := context.WithTimeout(t.Context(), time.Duration(i%7+1)*300*time.Millisecond)
			_, err := r.run(ctx, r.files("banks.csv", "in.csv"))
			stop()
			if err != nil && ctx.Err() == nil {
				t.Fatal(err)
			}
		}
		result := r.must(r.files("banks.csv", "in.csv"))
		if n := result.Summary.Outcomes[onboard.Onboarded] + alreadyDone(result); n != 2*rows {
			t.Errorf("got %v, want %d onboarded", result.Summary.Outcomes, 2*rows)
		}
		r.once(rows)
		r.banked(rows)
	})
}

// TestCheckBanks: what a bank row lacks is found without a checkpoint; a
// finding shows no number.
func TestCheckBanks(t *testing.T) {
	r := newBankRig(t, 3, paxossim.Options{})
	wire := strings.Replace(bankRow(r.refs()[1], 0), "DBS_ACT", "WIRE", 1)
	ownerless := strings.Replace(bankRow(r.refs()[0], 0), "Ada,Example", ",", 1)
	r.writeBanks(ownerless, wire, bankRow("stranger", 0), bankRow("not/fit", 0))
	var shown []string
	checked, err := Check(t.Context(), r.inputOf("banks.csv", "in.csv"), Checking{Show: func(res mapping.Result) {
		for _, f := range res.Findings {
			shown = append(shown, fmt.Sprintf("%d %+v", res.Row.Line, f))
		}
	}})
	if err != nil || checked.Rows != 7 || checked.Rejected != 3 || checked.DueBanks != 1 || checked.Due != 4 {
		t.Errorf("got %+v, %v, want 3 of 7 rows rejected and 4 due, 1 of them of a bank account", checked, err)
	}
	if *checked.Orphans != (report.Orphans{BankRows: 1, Customers: 1}) {
		t.Errorf("got orphans %+v, want the stranger and the third customer", checked.Orphans)
	}
	text := strings.Join(shown, "\n")
	if !strings.Contains(text, "must be named in a file of bank accounts") || strings.Contains(text, bankNumber) {
		t.Errorf("got findings %s", text)
	}
}
