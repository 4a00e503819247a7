package onboard

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"embark/paxos"
)

// Bank accounts and orders have no events: they are read, at pauses that grow
// to an hour, until their status is final.
func TestPolling(t *testing.T) {
	ends := map[Kind][]string{KindFiatAccount: {"APPROVED", "REJECTED"}, KindOrder: {"FILLED", "CANCELLED", "REJECTED", "EXPIRED"}}
	goesOn := map[Kind][]string{KindFiatAccount: {"", "PENDING", "NEW", "FILLED"}, KindOrder: {"", "PENDING_SUBMISSION", "SUBMITTED", "OPEN", "NEW", "APPROVED"}}
	want := []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600}
	for kind, statuses := range goesOn {
		for _, status := range statuses {
			t.Run(fmt.Sprint(kind, " ", status), func(t *testing.T) {
				api := &counter{status: status}
				r, _, due := live(ready(t, kind, nil), now, anything, api)
				at := now
				for i, pause := range want {
					if got := due.Sub(at); got != pause*time.Second || r.State() != Pending || !r.Unfinished() {
						t.Fatalf("reading %d: got %s after %s, want %s after %s", i+1, r.State(), got, Pending, pause*time.Second)
					}
					at = due
					r, _, due = live(r, at, anything, api)
				}
				if o, _, done := objectOutcome(r); !done || o != OutcomePending || api.writes != 1 || api.reads != len(want) {
					t.Errorf("got %s after %d writes and %d reads, want it pending", o, api.writes, api.reads)
				}
				for _, end := range ends[kind] {
					api.status = end
					got, _, due := live(r, due, anything, api)
					if got.State() != Decided || got.Status != end || !due.IsZero() || got.Unfinished() {
						t.Errorf("%s: got %s, due %s, want it done", end, got.State(), due)
					}
				}
			})
		}
	}
}

// A reading that fails neither loses the object nor hurries.
func TestPollingFails(t *testing.T) {
	for _, kind := range []Kind{KindFiatAccount, KindOrder} {
		for _, err := range []error{errReset, status(404), status(403), status(429)} {
			r := ready(t, kind, func(r *Record) {
				r.ID, r.Origin, r.Status, r.Lost, r.Returned = "x1", Made, "PENDING", 19, ago(time.Hour)
			})
			got, step, due := live(r, now, anything, &counter{readErr: err})
			if step.Action != Read || got.ID != "x1" || got.State() != Pending || !due.Equal(now.Add(time.Hour)) {
				t.Errorf("%s, %v: got %s, id %q, due %s, want it made, and read in an hour", kind, err, got.State(), got.ID, due)
			}
		}
	}
}

// Readings that fail slow down as those do that bring nothing new.
func TestPollingFailsSlower(t *testing.T) {
	for _, kind := range []Kind{KindFiatAccount, KindOrder} {
		for _, err := range []error{errReset, status(404), status(403)} {
			r := ready(t, kind, func(r *Record) { r.ID, r.Origin, r.Status, r.Returned = "x1", Made, "PENDING", ago(time.Hour) })
			at := now
			for _, pause := range []time.Duration{2, 4, 8, 16, 32} {
				var due time.Time
				if r, _, due = live(r, at, anything, &counter{readErr: err}); due.Sub(at) != pause*time.Second {
					t.Fatalf("%s, %v: got the next reading in %s, want %s", kind, err, due.Sub(at), pause*time.Second)
				}
				at = due
			}
		}
	}
}

// Only what is polled is read again; nothing else that is made is due.
func TestMadeKinds(t *testing.T) {
	for _, kind := range Kinds() {
		r := ready(t, kind, func(r *Record) { r.ID, r.Origin, r.Status = "x1", Made, "NEW" })
		step, at := Next(r, now, anything)
		if kind.polled() != !at.IsZero() || kind.polled() && step.Action != Read {
			t.Errorf("%s: got %s at %s, want it read: %t", kind, step.Action, at, kind.polled())
		}
		if slices.Contains([]Kind{KindIdentity, KindFiatAccount, KindOrder}, kind) == (r.State() == Decided) {
			t.Errorf("%s of an unknown status: got %s", kind, r.State())
		}
	}
}

// An order is looked for before it is first sent, and an order in doubt is
// never sent again once Paxos may have forgotten its ref_id.
func TestOrderIsForgotten(t *testing.T) {
	doubt := func(first time.Duration) Record {
		return ready(t, KindOrder, func(r *Record) { r.Attempt, r.First, r.Returned = 1, ago(first), ago(time.Hour) })
	}
	for first, want := range map[time.Duration]Action{20 * time.Hour: Create, 20*time.Hour + 1: Find, 1000 * time.Hour: Find} {
		r := doubt(first)
		r.Needs[0].At = now
		if step, _ := Next(r, now, anything); step.Action != want {
			t.Errorf("first sent %s ago: got %s, want %s", first, step.Action, want)
		}
	}
	api := &counter{createErr: errReset}
	r, _, _ := live(ready(t, KindOrder, nil), now, anything, api)
	if !r.First.Equal(now) || api.lists != 1 || api.writes != 1 {
		t.Fatalf("got first %s after %d lists and %d writes, want one of each", r.First, api.lists, api.writes)
	}
	for at := now; at.Before(now.Add(100 * time.Hour)); at = at.Add(10 * time.Minute) {
		for i := range r.Needs {
			r.Needs[i].At = at
		}
		r, _, _ = live(r, at, anything, api)
		if !r.First.Equal(now) {
			t.Fatalf("got first %s, want it kept", r.First)
		}
	}
	sent := api.writes
	r, _, _ = live(r, now.Add(101*time.Hour), anything, api)
	if want := 1 + 20*6; sent != want || api.writes != want || r.State() != InDoubt { // every ten minutes for 20 hours
		t.Errorf("got %d writes, then %d, %s, want %d and it in doubt", sent, api.writes, r.State(), want)
	}
	api.there = things(r, "ours")
	if r, _, _ = live(r, now.Add(102*time.Hour), anything, api); r.ID != "x1" || r.Origin != Repeated {
		t.Errorf("got id %q, want it found", r.ID)
	}
}

// An operator's retry does not make an order younger.
func TestRetriedOrderIsForgotten(t *testing.T) {
	known := ready(t, KindOrder, func(r *Record) {
		r.Attempt, r.First, r.Request, r.Problem = 1, ago(21*time.Hour), nil, &Problem{Code: CodeRefused}
	})
	r, admission := Admit(known, ready(t, KindOrder, nil), true)
	if step, _ := Next(r, now, anything); admission != Retried || step.Action == Create {
		t.Errorf("got %s, %s, want it looked for only", admission, step.Action)
	}
}

// The decision on a bank account is what the order waits for.
func TestOrderWaits(t *testing.T) {
	_, byKey := allDrafts(t, everything())
	at := func(key Key, status, profile string) Record {
		r := byKey[key]
		r.ID, r.Status, r.ProfileID, r.Origin = "x", status, profile, Made
		return r
	}
	all := []Record{at("identity/c1", "APPROVED", ""), at("account/c1-account", "", "p1"), at("fiat_account/c1-bank", "APPROVED", ""),
		at("fiat_deposit_instructions/c1-deposit", "VALID", ""), at("sandbox_deposit/c1-account", "", "")}
	for i := range all {
		r := byKey["order/c1-order"]
		for j, need := range all {
			if j != i {
				r, _ = Inform(r, need, now)
			}
		}
		if r.State() != Waiting {
			t.Errorf("without %s: got %s, want %s", all[i].Key, r.State(), Waiting)
		}
		if r, _ = Inform(r, all[i], now); r.State() != Ready {
			t.Errorf("with %s at last: got %s, want %s", all[i].Key, r.State(), Ready)
		}
	}
}

func TestNeeds(t *testing.T) {
	_, byKey := allDrafts(t, everything())
	bank, account := Key("fiat_account/c1-bank"), Key("account/c1-account")
	a := func(status, profile string, unread bool) Record {
		r := byKey[account]
		r.ID, r.Status, r.ProfileID, r.Unread = "a1", status, profile, unread
		return r
	}
	b := func(status string) Record {
		r := byKey[bank]
		r.ID, r.Status = "b1", status
		return r
	}
	tests := []struct {
		name      string
		key       Key
		need      Record
		met, dead bool
		changed   bool
	}{
		{"id: not made", bank, byKey[account], false, false, false},
		{"id: made", bank, a("", "p1", false), true, false, true},
		{"id: made without a profile", bank, a("", "", false), true, false, true},
		{"id: made and unread", bank, a("", "", true), true, false, true},
		{"profile: made", "order/c1-order", a("", "p1", false), true, false, true},
		{"profile: made without", "order/c1-order", a("", "", false), false, true, true},
		{"profile: unread", "order/c1-order", a("", "", true), false, false, false},
		{"approval: pending", "order/c1-order", b("PENDING"), false, false, false},
		{"approval: unknown", "order/c1-order", b("NEW"), false, false, false},
		{"approval: approved", "order/c1-order", b("APPROVED"), true, false, true},
		{"approval: rejected", "order/c1-order", b("REJECTED"), false, true, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := byKey[tt.key]
			for i, n := range r.Needs {
				if n.Key != tt.need.Key {
					r.Needs = slices.Clone(r.Needs)
					r.Needs[i] = met(n, nil)
				}
			}
			r, changed := Inform(r, tt.need, now)
			want := Waiting
			if tt.met {
				want = Ready
			}
			if r.State() != want || r.blocked() != tt.dead || r.Unfinished() == tt.dead || changed != tt.changed {
				t.Errorf("got %s, blocked %t, unfinished %t, changed %t, want %s, %t, %t, %t", r.State(), r.blocked(), r.Unfinished(), changed, want, tt.dead, !tt.dead, tt.changed)
			}
			if r, changed = Inform(r, tt.need, now); changed && tt.need.Status != paxos.StatusApproved {
				t.Errorf("told again: got a change to %+v", r.Needs)
			}
		})
	}
}

// An object may need another twice: an institution of which one person is two
// members, or a joint owner who is the customer.
func TestInformOfANeedTwice(t *testing.T) {
	c := customer("c1", "Miller")
	c.Members = []Member{{RefID: "m1", Roles: []string{"BENEFICIAL_OWNER"}}, {RefID: "m1", Roles: []string{"MANAGEMENT_CONTROL_PERSON"}}}
	c.AccountMembers = []Member{{RefID: "c1", Roles: []string{"JOINT"}}}
	identity, account := draftsOf(t, c)
	member := anIdentity(t, func(r *Record) { r.Key, r.ID = "identity/m1", "i-m1" })
	if identity, _ = Inform(identity, member, now); identity.State() != Ready {
		t.Errorf("got %s, needs %+v, want the institution %s", identity.State(), identity.Needs, Ready)
	}
	own := anIdentity(t, func(r *Record) { r.ID, r.Status, r.Origin = "i1", paxos.StatusApproved, Made })
	if account, _ = Inform(account, own, now); account.State() != Ready {
		t.Errorf("got %s, needs %+v, want the account %s", account.State(), account.Needs, Ready)
	}
}
