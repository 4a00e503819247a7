package onboard

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"embark/paxos"
)

// fund is Paxos's sandbox: each deposit credits, whatever it answers.
type fund struct {
	API
	answer, balanceErr error
	hidden             bool // the balance does not show deposits
	credited           int
	statuses           []paxos.SandboxStatusRequest
	identity           string
}

func (f *fund) CreateSandboxDeposit(_ context.Context, _ string, _ json.RawMessage) (string, error) {
	f.credited++
	return "", f.answer
}

func (f *fund) GetProfileBalance(_ context.Context, _, asset string) (*paxos.ProfileBalance, error) {
	if f.balanceErr != nil {
		return nil, f.balanceErr
	}
	b := &paxos.ProfileBalance{Asset: asset, Available: "0.00", Trading: "0"}
	if f.credited > 0 && !f.hidden {
		b.Available = "100.00"
	}
	return b, nil
}

func (f *fund) SandboxSetIdentityStatus(_ context.Context, id string, r paxos.SandboxStatusRequest) error {
	f.identity, f.statuses = id, append(f.statuses, r)
	return f.answer
}

// A deposit has no key: whatever may have credited it, there is no second one.
func TestSandboxDepositOnce(t *testing.T) {
	answers := map[string]error{"made": nil, "lost": errReset, "408": status(408), "409": status(409), "409 with id": exists("x1"),
		"500": status(500), "503": status(503), "302": status(302), "unreadable": paxos.ErrUnreadable, "400": status(400)}
	for name, answer := range answers {
		for _, hidden := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				api := &fund{answer: answer, hidden: hidden}
				r, at := ready(t, KindSandboxDeposit, nil), now
				for i := range 20 {
					if i%5 == 4 { // killed while it is open
						r.Intent = &Intent{Time: at, Attempt: r.Attempt + 1, Before: at.Add(sendWithin), Run: 99}
						r, _ = Recover(r, 0)
					}
					r, _, _ = live(r, at, anything, api)
					at = at.Add(time.Minute)
				}
				if api.credited != 1 {
					t.Errorf("got %d deposits, want 1 (now %s)", api.credited, r.State())
				}
				if got := r.State(); !hidden && got != Decided && name != "400" {
					t.Errorf("got %s, want %s, since the balance shows it", got, Decided)
				}
			})
		}
	}
}

// Definite noes credit nothing, so that the deposit is sent again.
func TestSandboxDepositNotNow(t *testing.T) {
	for _, answer := range []error{paxos.ErrNotSent, status(401), status(429)} {
		r, _, due := live(ready(t, KindSandboxDeposit, nil), now, anything, &fund{answer: answer})
		if r.State() != Ready || r.Attempt != 0 || due.IsZero() {
			t.Errorf("%v: got %s, attempt %d, want it ready", answer, r.State(), r.Attempt)
		}
	}
}

// A profile with money in it is not funded.
func TestSandboxDepositLooksFirst(t *testing.T) {
	api := &fund{credited: 1}
	r, _, _ := live(ready(t, KindSandboxDeposit, nil), now, anything, api)
	if r.State() != Decided || r.Origin != Adopted || api.credited != 1 {
		t.Errorf("got %s of origin %q after %d deposits, want it adopted", r.State(), r.Origin, api.credited)
	}
	api = &fund{balanceErr: errReset}
	r, _, _ = live(ready(t, KindSandboxDeposit, nil), now, anything, api)
	if r.State() != Ready || api.credited != 0 {
		t.Errorf("look-up lost: got %s after %d deposits, want it not sent", r.State(), api.credited)
	}
}

func TestFunded(t *testing.T) {
	tests := []struct {
		available, trading string
		want               bool
	}{{"", "", false}, {"0", "0", false}, {"0.00", "0.00", false}, {"0.01", "", true}, {"0", "10", true}, {"100.00", "0", true}}
	for _, tt := range tests {
		api := &balance{ProfileBalance: paxos.ProfileBalance{Available: tt.available, Trading: tt.trading}}
		found, err := sandboxDepositFinder(context.Background(), api, ready(t, KindSandboxDeposit, nil))()
		if err != nil || (found != nil) != tt.want {
			t.Errorf("%q, %q: got %t, %v, want %t", tt.available, tt.trading, found != nil, err, tt.want)
		}
	}
}

type balance struct {
	API
	paxos.ProfileBalance
}

func (b *balance) GetProfileBalance(context.Context, string, string) (*paxos.ProfileBalance, error) {
	return &b.ProfileBalance, nil
}

func TestSandboxStatus(t *testing.T) {
	institution := everything()
	institution.Identity.PersonDetails, institution.Identity.InstitutionDetails = nil, &paxos.InstitutionDetails{Name: "Inc"}
	disabled := everything()
	disabled.SandboxStatus = paxos.StatusDisabled
	for want, c := range map[string]*Customer{
		`{"id_verification_status":"APPROVED","sanctions_verification_status":"APPROVED"}`:       everything(),
		`{"sanctions_verification_status":"APPROVED","document_verification_status":"APPROVED"}`: institution,
		`{"user_disabled":{"disabled":true}}`:                                                    disabled,
	} {
		_, byKey := allDrafts(t, c)
		r := byKey[NewKey(KindSandboxStatus, "c1")]
		r.Needs[0].ID = "i1"
		api := &fund{}
		r, _, _ = live(r, now, anything, api)
		if got, _ := json.Marshal(api.statuses[0]); string(got) != want || api.identity != "i1" || r.State() != Decided {
			t.Errorf("got %s for %q, %s, want %s for i1", got, api.identity, r.State(), want)
		}
	}
}

// A status may be set again, but not without a pause.
func TestSandboxStatusAgain(t *testing.T) {
	for _, answer := range []error{errReset, status(500), status(409)} {
		api := &fund{answer: answer}
		r, _, due := live(ready(t, KindSandboxStatus, nil), now, anything, api)
		if r.State() != InDoubt || !due.Equal(now.Add(30*time.Second)) {
			t.Fatalf("%v: got %s, due %s, want it in doubt for 30 s", answer, r.State(), due)
		}
		api.answer = nil
		if r, _, _ = live(r, due, anything, api); r.State() != Decided || len(api.statuses) != 2 {
			t.Errorf("%v: got %s after %d writes, want it set by the second", answer, r.State(), len(api.statuses))
		}
	}
}

// The sandbox's own and orders are never sent unless the run says so; what is
// in doubt is only looked for.
func TestPolicy(t *testing.T) {
	policies := map[Kind]Policy{KindOrder: {Sandbox: true}, KindSandboxStatus: {Orders: true}, KindSandboxDeposit: {Orders: true}}
	for _, kind := range Kinds() {
		p, bound := policies[kind]
		step, at := Next(ready(t, kind, nil), now, p)
		if at.IsZero() != bound {
			t.Errorf("%s: got %s at %s, want it due %t", kind, step.Action, at, !bound)
		}
		if _, at := Next(ready(t, kind, nil), now, anything); at.IsZero() {
			t.Errorf("%s: got nothing due when all is allowed", kind)
		}
		if !bound {
			continue
		}
		doubt := ready(t, kind, func(r *Record) { r.Attempt, r.Returned = 1, ago(time.Hour) })
		if step, _ := Next(doubt, now, p); step.Action != Find {
			t.Errorf("%s in doubt: got %s, want %s", kind, step.Action, Find)
		}
		a := Step{Action: Find, Record: doubt}.Do(context.Background(), &listless{})
		if r := Apply(doubt, Step{Action: Find, Record: doubt}, a); r.State() != InDoubt || a.Err != nil && !errors.Is(a.Err, paxos.ErrNotSent) {
			t.Errorf("%s in doubt: got %s, %v, want it in doubt still", kind, r.State(), a.Err)
		}
	}
}

// listless shows nothing and cannot be written to.
type listless struct{ API }

func (listless) ListOrders(context.Context, paxos.ListOrdersQuery) (*paxos.OrderPage, error) {
	return &paxos.OrderPage{}, nil
}

func (listless) GetProfileBalance(context.Context, string, string) (*paxos.ProfileBalance, error) {
	return &paxos.ProfileBalance{Available: "0"}, nil
}
