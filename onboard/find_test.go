package onboard

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"embark/paxos"
)

func TestCreateOnce(t *testing.T) {
	made, lost := &Object{ID: "x1"}, Answer{Err: errors.New("x")}
	tests := []struct {
		name      string
		attempt   int
		theirs    bool // the account was not made by this checkpoint
		createErr error
		there     []string // ours, theirs, else
		listErr   error
		want      Answer
		writes    int
		lists     int // beside the look before the first order
	}{
		{"first, ours: no look", 0, false, nil, nil, nil, Answer{Object: made, Origin: Made}, 1, 0},
		{"first, not ours: looked for", 0, true, nil, nil, nil, Answer{Object: made, Origin: Made}, 1, 1},
		{"first, not ours: found", 0, true, nil, []string{"ours"}, nil, Answer{Object: made, Origin: Adopted}, 0, 1},
		{"repeat: found", 1, false, nil, []string{"else", "ours"}, nil, Answer{Object: made, Origin: Repeated}, 0, 1},
		{"repeat: not there", 1, false, nil, nil, nil, Answer{Object: made, Origin: Made}, 1, 1},
		{"repeat: of another customer", 1, false, nil, []string{"theirs"}, nil, Answer{Object: made, Origin: Made}, 1, 1},
		{"repeat: look-up lost", 1, false, nil, nil, errReset, lost, 0, 1},
		{"repeat: look-up refused", 1, false, nil, nil, status(403), lost, 0, 1},
		{"409, not found", 1, false, exists(""), nil, nil, Answer{Exists: true}, 1, 2},
		{"409, of another customer", 1, false, exists("x9"), []string{"theirs"}, nil, Answer{Exists: true}, 1, 2},
		{"refused", 1, false, status(422), nil, nil, Answer{Err: status(422)}, 1, 1},
		{"answer lost", 1, false, errReset, nil, nil, Answer{Err: errReset}, 1, 1},
	}
	for _, kind := range optional {
		for _, tt := range tests {
			t.Run(fmt.Sprint(kind, " ", tt.name), func(t *testing.T) {
				r := ready(t, kind, func(r *Record) {
					r.Attempt = tt.attempt
					for i := range r.Needs {
						r.Needs[i].Ours = !tt.theirs
					}
				})
				if kind == KindOrder {
					tt.lists = max(tt.lists, 1)
				}
				api := &counter{createErr: tt.createErr, there: things(r, tt.there...), listErr: tt.listErr}
				got := creating(r).Do(context.Background(), api)
				if tt.want.Err != nil && tt.writes == 0 {
					tt.want.Err = got.Err
					if !errors.Is(got.Err, paxos.ErrNotSent) {
						t.Errorf("got %v, want %v", got.Err, paxos.ErrNotSent)
					}
				}
				checkAnswer(t, got, tt.want)
				if api.writes != tt.writes || api.lists != tt.lists || api.lists > 0 && api.listed != r.Key.RefID() {
					t.Errorf("got %d writes, %d lists of %q, want %d, %d of %q", api.writes, api.lists, api.listed, tt.writes, tt.lists, r.Key.RefID())
				}
			})
		}
	}
}

// things are what a list shows: ours, somebody else's of our ref_id, or of
// another ref_id.
func things(r Record, whose ...string) (there []thing) {
	for _, who := range whose {
		o := thing{"x1", r.Key.RefID(), "i1", "p1"}
		switch who {
		case "theirs":
			o.id, o.identity, o.profile = "x9", "i9", "p9"
		case "else":
			o.id, o.refID = "x8", "else"
		}
		there = append(there, o)
	}
	return there
}

// A 409 to a first attempt is looked into at once.
func TestCreateOnceConflictFound(t *testing.T) {
	for _, kind := range optional {
		r := ready(t, kind, nil)
		api := &appearing{counter{createErr: exists("")}, things(r, "ours")}
		got := creating(r).Do(context.Background(), api)
		checkAnswer(t, got, Answer{Object: &Object{ID: "x1"}, Origin: Adopted})
		if api.writes != 1 {
			t.Errorf("%s: got %d writes, want 1", kind, api.writes)
		}
	}
}

// appearing lists nothing before the create.
type appearing struct {
	counter
	then []thing
}

func (a *appearing) show() {
	if a.writes > 0 {
		a.there = a.then
	}
}

func (a *appearing) ListFiatAccounts(ctx context.Context, q paxos.ListFiatQuery) (*paxos.FiatAccountPage, error) {
	a.show()
	return a.counter.ListFiatAccounts(ctx, q)
}

func (a *appearing) ListFiatDepositInstructions(ctx context.Context, q paxos.ListFiatQuery) (*paxos.FiatDepositInstructionsPage, error) {
	a.show()
	return a.counter.ListFiatDepositInstructions(ctx, q)
}

func (a *appearing) ListOrders(ctx context.Context, q paxos.ListOrdersQuery) (*paxos.OrderPage, error) {
	a.show()
	return a.counter.ListOrders(ctx, q)
}

// What was not known when the row was read is in the body when it is sent.
func TestCreateOnceCompletesTheBody(t *testing.T) {
	want := map[Kind]string{
		KindFiatAccount:         `{"ref_id":"c1-bank","identity_id":"i1","account_id":"a1"}`,
		KindDepositInstructions: `{"ref_id":"c1-deposit","profile_id":"p1","identity_id":"i1","account_id":"a1","fiat_network":"WIRE"}`,
		KindOrder:               `{"ref_id":"c1-order","side":"BUY","market":"BTCUSD","identity_id":"i1","identity_account_id":"a1"}`,
	}
	for _, kind := range optional {
		api := &counter{}
		s := creating(ready(t, kind, nil))
		r := Apply(s.Record, s, s.Do(context.Background(), api))
		if string(api.sent) != want[kind] || kind == KindOrder && api.profile != "p1" {
			t.Errorf("%s: got %s under profile %q, want %s", kind, api.sent, api.profile, want[kind])
		}
		if kind == KindDepositInstructions && r.MemoID != "m-x1" {
			t.Errorf("got memo id %q, want m-x1", r.MemoID)
		}
	}
}

// After a lost answer nothing is posted before the pause is over, and then
// only if it is not there.
func TestLostAnswerSettles(t *testing.T) {
	for _, kind := range optional {
		for _, there := range []bool{true, false} {
			t.Run(fmt.Sprint(kind, " there ", there), func(t *testing.T) {
				api := &counter{createErr: errReset}
				r, _, _ := live(ready(t, kind, nil), now, anything, api)
				if r.State() != InDoubt || r.Attempt != 1 || !r.hasRequest() {
					t.Fatalf("got %s, attempt %d, want it in doubt with its request", r.State(), r.Attempt)
				}
				if r, step, _ := live(r, now.Add(29*time.Second), anything, api); step.Action != "" || api.writes != 1 {
					t.Fatalf("got %s after 29 s, %s, want nothing", step.Action, r.State())
				}
				api.createErr = nil
				want, writes := Made, 2
				if there {
					api.there, want, writes = things(r, "ours"), Repeated, 1
				}
				r, _, _ = live(r, now.Add(30*time.Second), anything, api)
				if r.ID != "x1" || r.Origin != want || api.writes != writes {
					t.Errorf("got id %q, origin %q, %d writes, want x1, %q, %d", r.ID, r.Origin, api.writes, want, writes)
				}
			})
		}
	}
}

// A 409 says that it exists: it is looked for until it is found and never
// posted again.
func TestExistsIsOnlyLookedFor(t *testing.T) {
	for _, kind := range optional {
		t.Run(string(kind), func(t *testing.T) {
			api := &counter{createErr: exists("")}
			r, _, due := live(ready(t, kind, nil), now, anything, api)
			for range 5 {
				if !r.Exists || !r.Unfinished() || r.State() != InDoubt {
					t.Fatalf("got %+v, want it in doubt", r)
				}
				var step Step
				if r, step, due = live(r, due, anything, api); step.Action != Find {
					t.Fatalf("got %s, want %s", step.Action, Find)
				}
			}
			api.there = things(r, "ours")
			r, _, _ = live(r, due, anything, api)
			if r.ID != "x1" || r.Exists || api.writes != 1 {
				t.Errorf("got id %q, exists %t after %d writes, want x1 after 1", r.ID, r.Exists, api.writes)
			}
		})
	}
}

// A look-up that fails before a repeat leaves the object as it was.
func TestLookUpFailsBeforeARepeat(t *testing.T) {
	for _, kind := range optional {
		for _, err := range []error{errReset, status(500), status(404), status(429)} {
			r := ready(t, kind, func(r *Record) { r.Attempt, r.Returned = 1, ago(time.Minute) })
			api := &counter{listErr: err}
			got, _, _ := live(r, now, anything, api)
			if got.Attempt != 1 || got.State() != InDoubt || !got.hasRequest() || api.writes != 0 {
				t.Errorf("%s, %v: got %s, attempt %d, %d writes, want it as it was", kind, err, got.State(), got.Attempt, api.writes)
			}
		}
	}
}

func TestRefusedKinds(t *testing.T) {
	for _, kind := range optional {
		r, _, due := live(ready(t, kind, nil), now, anything, &counter{createErr: status(403)})
		if r.State() != Refused || r.hasRequest() || r.Unfinished() || !due.IsZero() {
			t.Errorf("%s: got %s, request %t, want it refused and gone", kind, r.State(), r.hasRequest())
		}
	}
}

// A process that is gone may have sent its request up to the deadline.
func TestRecoverKinds(t *testing.T) {
	for _, kind := range Kinds() {
		open := &Intent{Time: now, Attempt: 1, Before: now.Add(sendWithin), Run: 6}
		r, left := Recover(ready(t, kind, func(r *Record) { r.Intent = open }), 7)
		want := open.Before
		if kind == KindIdentity {
			want = time.Time{}
		}
		if !left || r.State() != InDoubt || !r.Returned.Equal(want) || !r.hasRequest() || (kind == KindOrder) != r.First.Equal(now) {
			t.Errorf("%s: got %t, %s, returned %s, first %s, want it in doubt from %s", kind, left, r.State(), r.Returned, r.First, want)
		}
		if step, at := Next(r, now, anything); kind != KindIdentity && (step.Action != Create || !at.Equal(want.Add(30*time.Second))) {
			t.Errorf("%s: got %s at %s, want it settled first", kind, step.Action, at)
		}
	}
}

func TestUnreadableRequestOfKinds(t *testing.T) {
	for _, kind := range Kinds() {
		secret := "12-secret-34"
		s := creating(ready(t, kind, func(r *Record) { r.Request = []byte(secret) }))
		a := s.Do(context.Background(), &counter{}) // anything but a list would panic
		if !errors.Is(a.Err, paxos.ErrNotSent) || strings.Contains(fmt.Sprint(a.Err), secret) {
			t.Errorf("%s: got %v, want %v and nothing of the request", kind, a.Err, paxos.ErrNotSent)
		}
	}
}
