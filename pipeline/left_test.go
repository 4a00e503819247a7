package pipeline

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"embark/onboard"
	"embark/paxossim"
)

// leaveReady runs while objects of a kind cannot be sent, and stops that run.
func (r *rig) leaveReady(kind onboard.Kind, path string, n int, change func(*Config)) {
	r.t.Helper()
	base := r.sim.Transport()
	r.transport = via(func(q *http.Request) (*http.Response, error) {
		if q.Method == http.MethodPost && strings.HasSuffix(q.URL.Path, path) {
			return nil, errors.New("no route") // there never was a connection
		}
		return base.RoundTrip(q)
	})
	ctx, stop := context.WithTimeout(r.t.Context(), 8*time.Second)
	defer stop()
	result, err := r.run(ctx, change)
	if got := result.Summary.Records[kind][onboard.Ready]; err == nil || got != n {
		r.t.Fatalf("got %d objects ready and error %v, want %d, and a run that was stopped", got, err, n)
	}
	r.direct()
}

// joint takes the rows of a sample that have one of the texts.
func (r *rig) joint(texts ...string) {
	r.t.Helper()
	sample, err := os.ReadFile("../samples/joint.csv")
	if err != nil {
		r.t.Fatal(err)
	}
	lines := strings.SplitAfter(string(sample), "\n")
	rows := lines[:1:1]
	for _, l := range lines[1:] {
		for _, text := range texts {
			if strings.Contains(l, text) {
				rows = append(rows, l)
				break
			}
		}
	}
	r.writeRows(rows...)
}

// TestRunSecondAccountLeft: an account that was ready is made also when the
// input names its customer for another account only, and has a line of its own.
func TestRunSecondAccountLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 1, paxossim.Options{ApproveAfter: time.Second})
		r.joint("cust-00002101-own", "cust-00002101-ira")
		r.leaveReady(onboard.KindAccount, "/identity/accounts", 2, nil)
		r.joint("cust-00002101-own")
		result := r.must(nil)
		if n := r.sim.Stats().Objects.Accounts; n != 2 {
			t.Errorf("got %d accounts, want both", n)
		}
		r.expect(result, map[onboard.Outcome]int{onboard.Onboarded: 2})
		if lines := r.results(result); len(lines) != 2 || lines[1][0] != "checkpoint" || lines[1][3] != "cust-00002101" {
			t.Errorf("got lines %q, want the second account's from the checkpoint", lines)
		}
		r.expect(r.must(nil), map[onboard.Outcome]int{onboard.AlreadyOnboarded: 1})
	})
}

// TestRunBankLeft: a bank account that was ready is made also when only the
// customers are in the input.
func TestRunBankLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newBankRig(t, 2, paxossim.Options{})
		r.leaveReady(onboard.KindFiatAccount, "/fiat-accounts", 2, r.files("in.csv", "banks.csv"))
		r.must(r.files("in.csv"))
		r.banked(2)
	})
}

// TestRunLeftOfChangedRow: an account that was ready is made although the row
// is another one now, and is not sent.
func TestRunLeftOfChangedRow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 1, paxossim.Options{ApproveAfter: time.Second})
		r.leaveReady(onboard.KindAccount, "/identity/accounts", 1, nil)
		r.writeInput(strings.Replace(readInput(r), ",ver_", ",other_", 1))
		r.expect(r.must(nil), map[onboard.Outcome]int{onboard.OutcomeChanged: 1})
		r.once(1)
	})
}
