package onboard

import (
	"testing"
	"time"

	"embark/paxos"
)

const never = time.Duration(-1 << 60)

// ago is when the last call came back, in the tables of [TestNext].
func ago(d time.Duration) time.Time { return now.Add(-d) }

type nextTest struct {
	name   string
	record Record
	action Action
	due    time.Duration // from now; never for the zero time, negative for the past
}

func (tt nextTest) check(t *testing.T) {
	step, at := Next(tt.record, now, Policy{Run: 7})
	if tt.due == never {
		if !at.IsZero() {
			t.Errorf("got %s at %s, want nothing due", step.Action, at)
		}
		return
	}
	late := tt.due < 0 && at.After(now) || tt.due >= 0 && !at.Equal(now.Add(tt.due))
	if step.Action != tt.action || at.IsZero() || late {
		t.Errorf("got %s in %s, want %s in %s", step.Action, at.Sub(now), tt.action, tt.due)
	}
	want := Intent{Time: now, Attempt: tt.record.Attempt + 1, Before: now.Add(15 * time.Second), Run: 7}
	if step.Action == Create && step.Intent != want {
		t.Errorf("got intent %+v, want %+v", step.Intent, want)
	}
}

func TestNextOfIdentity(t *testing.T) {
	tests := []nextTest{
		{"ready", anIdentity(t, nil), Create, 0},
		{"sent", anIdentity(t, func(r *Record) { r.Intent = &Intent{} }), "", never},
		{"pending", anIdentity(t, func(r *Record) { r.ID, r.Origin = "i1", Made }), "", never},
		{"unknown status", anIdentity(t, func(r *Record) { r.ID, r.Status = "i1", "NEW" }), "", never},
		{"approved", anIdentity(t, func(r *Record) { r.ID, r.Status = "i1", paxos.StatusApproved }), "", never},
		{"refused", anIdentity(t, func(r *Record) { r.Problem = &Problem{Code: CodeRefused} }), "", never},
		{"conflict", anIdentity(t, func(r *Record) { r.Problem = &Problem{Code: CodeCIPConflict} }), "", never},
		{"given", anIdentity(t, func(r *Record) { r.ID, r.Origin = "i1", Given }), Read, -1},
		{"given, reading failed", anIdentity(t, func(r *Record) { r.ID, r.Origin, r.Returned = "i1", Given, now }), Read, time.Minute},
		{"given and read", anIdentity(t, func(r *Record) { r.ID, r.Origin, r.Status = "i1", Given, "PENDING" }), "", never},
		{"candidate", anIdentity(t, func(r *Record) { r.Candidate, r.Returned = "i1", now }), Resolve, 10 * time.Second},
		{"candidate of a sweep", anIdentity(t, func(r *Record) { r.Candidate = "i1" }), Resolve, -1},
		{"exists somewhere", anIdentity(t, func(r *Record) { r.Exists, r.Returned = true, now }), Create, time.Hour},
	}
	for attempt, pause := range map[int]time.Duration{1: 1, 2: 2, 3: 4, 6: 32, 7: 60, 99: 60} {
		lost := anIdentity(t, func(r *Record) { r.Attempt, r.Lost, r.Returned = attempt+1, attempt, now })
		tests = append(tests, nextTest{"lost answers", lost, Create, pause * time.Second})
	}
	for _, tt := range tests {
		t.Run(tt.name, tt.check)
	}
}

func TestNextOfAccount(t *testing.T) {
	lost := func(more func(*Record)) Record {
		return anAccount(t, func(r *Record) {
			r.Attempt, r.Returned = 1, now
			if more != nil {
				more(r)
			}
		})
	}
	tests := []nextTest{
		{"approved", anAccount(t, nil), Create, 0},
		{"approved an hour ago", anAccount(t, func(r *Record) { r.Needs[0].At = ago(time.Hour) }), Create, 0},
		{"approved over an hour ago", anAccount(t, func(r *Record) { r.Needs[0].At = ago(time.Hour + 1) }), Recheck, 0},
		{"approved nobody knows when", anAccount(t, func(r *Record) { r.Needs[0].At = time.Time{} }), Recheck, 0},
		{"waiting", anAccount(t, func(r *Record) { r.Needs[0].Status = "PENDING" }), "", never},
		{"blocked", anAccount(t, func(r *Record) { r.Needs[0].Status = "DENIED" }), "", never},
		{"made", anAccount(t, func(r *Record) { r.ID = "a1" }), "", never},
		{"settles after the answer was lost", lost(nil), Create, 30 * time.Second},
		{"settles no longer after many", lost(func(r *Record) { r.Attempt = 7 }), Create, 30 * time.Second},
		{"made, profile not read", anAccount(t, func(r *Record) { r.ID, r.Unread, r.Returned = "a1", true, now }), Read, 10 * time.Second},
		{"in doubt, approved long ago", lost(func(r *Record) { r.Needs[0].At = ago(2 * time.Hour) }), Recheck, 30 * time.Second},
		{"in doubt, approval lost", lost(func(r *Record) { r.Needs[0].Status = "DISABLED" }), Find, time.Minute},
		{"exists", lost(func(r *Record) { r.Exists = true }), Find, 30 * time.Second},
		{"exists, looked for in vain", lost(func(r *Record) { r.Exists, r.Lost = true, 3 }), Find, 4 * time.Minute},
		{"exists, looked for in vain for hours", lost(func(r *Record) { r.Exists, r.Lost = true, 99 }), Find, time.Hour},
		{"in doubt, approval lost, looked for in vain", lost(func(r *Record) { r.Lost, r.Needs[0].Status = 2, "DISABLED" }), Find, 4 * time.Minute},
		{"exists, approval lost", lost(func(r *Record) { r.Exists, r.Needs[0].Status = true, "DISABLED" }), Find, 30 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, tt.check)
	}
}

// After a kill the pause runs from the deadline of the intent: the send itself
// is not on disk.
func TestNextAfterKill(t *testing.T) {
	killed := anAccount(t, func(r *Record) { r.Intent = &Intent{Time: now, Attempt: 1, Before: now.Add(sendWithin), Run: 6} })
	r, recovered := Recover(killed, 7)
	if !recovered {
		t.Fatal("got no recovery, want one")
	}
	nextTest{"after a kill", r, Create, sendWithin + 30*time.Second}.check(t)
	_, at := Next(r, now, Policy{Settle: time.Second})
	if want := now.Add(sendWithin + time.Second); !at.Equal(want) {
		t.Errorf("settle 1 s: got %s, want %s", at, want)
	}
}

func TestRecover(t *testing.T) {
	open := func(attempt int, run uint32) *Intent { return &Intent{Attempt: attempt, Run: run, Before: now} }
	tests := []struct {
		name    string
		intent  *Intent
		attempt int
		want    bool
		state   State
		after   int
	}{
		{"no intent", nil, 0, false, Ready, 0},
		{"of this process", open(1, 7), 0, false, Sent, 0},
		{"of one that is gone", open(1, 6), 0, true, InDoubt, 1},
		{"of a repeat", open(3, 6), 2, true, InDoubt, 3},
		{"older than the record", open(1, 6), 4, true, InDoubt, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, got := Recover(anIdentity(t, func(r *Record) { r.Intent, r.Attempt = tt.intent, tt.attempt }), 7)
			if got != tt.want || r.State() != tt.state || r.Attempt != tt.after {
				t.Errorf("got %t, %s, attempt %d, want %t, %s, %d", got, r.State(), r.Attempt, tt.want, tt.state, tt.after)
			}
			if got && (!r.Returned.IsZero() || len(r.Request) == 0) {
				t.Errorf("got returned %s and %d bytes of request, want no pause and the request", r.Returned, len(r.Request))
			}
		})
	}
}
