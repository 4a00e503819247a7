package onboard

import (
	"testing"

	"embark/paxos"
)

func TestState(t *testing.T) {
	problem := func(code string) func(*Record) { return func(r *Record) { r.Problem = &Problem{Code: code} } }
	made := func(status string) func(*Record) { return func(r *Record) { r.ID, r.Status = "i1", status } }
	tests := []struct {
		name       string
		edit       func(*Record)
		want       State
		unfinished bool
	}{
		{"fresh", nil, Ready, true},
		{"intent open", func(r *Record) { r.Intent = &Intent{} }, Sent, true},
		{"intent open again", func(r *Record) { r.Intent, r.Attempt = &Intent{}, 1 }, Sent, true},
		{"answer lost", func(r *Record) { r.Attempt = 1 }, InDoubt, true},
		{"409 without id", func(r *Record) { r.Exists = true }, InDoubt, true},
		{"409 with id not read", func(r *Record) { r.Candidate = "i1" }, InDoubt, true},
		{"made without status", made(""), Pending, true},
		{"pending", made(paxos.StatusPending), Pending, true},
		{"unknown status", made("SOMETHING_NEW"), Pending, true},
		{"approved", made(paxos.StatusApproved), Decided, false},
		{"denied", made(paxos.StatusDenied), Decided, false},
		{"error", made(paxos.StatusError), Decided, false},
		{"disabled", made(paxos.StatusDisabled), Decided, false},
		{"made after doubt", func(r *Record) { r.ID, r.Attempt = "i1", 3 }, Pending, true},
		{"refused", problem(CodeRefused), Refused, false},
		{"refused after doubt", func(r *Record) { r.Attempt, r.Problem = 2, &Problem{Code: CodeRefused} }, Refused, false},
		{"cip conflict", problem(CodeCIPConflict), Conflict, false},
		{"ref_id conflict", problem(CodeRefConflict), Conflict, false},
		{"unreadable", problem(CodeUnreadable), Conflict, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := anIdentity(t, tt.edit)
			if got := r.State(); got != tt.want || r.Unfinished() != tt.unfinished {
				t.Errorf("got %s, unfinished %t, want %s, %t", got, r.Unfinished(), tt.want, tt.unfinished)
			}
		})
	}
}

func TestStateOfAccount(t *testing.T) {
	need := func(status string) func(*Record) { return func(r *Record) { r.Needs[0].Status = status } }
	tests := []struct {
		name       string
		edit       func(*Record)
		want       State
		unfinished bool
	}{
		{"approved", nil, Ready, true},
		{"identity not made", func(r *Record) { r.Needs[0].ID = "" }, Waiting, true},
		{"pending", need(paxos.StatusPending), Waiting, true},
		{"unknown status", need("SOMETHING_NEW"), Waiting, true},
		{"no status", need(""), Waiting, true},
		{"denied", need(paxos.StatusDenied), Waiting, false},
		{"error", need(paxos.StatusError), Waiting, false},
		{"disabled", need(paxos.StatusDisabled), Waiting, false},
		{"in doubt and approval lost", func(r *Record) { r.Attempt, r.Needs[0].Status = 1, paxos.StatusDisabled }, InDoubt, true},
		{"made", func(r *Record) { r.ID = "a1" }, Decided, false},
		{"made under a lost approval", func(r *Record) { r.ID, r.Needs[0].Status = "a1", paxos.StatusDisabled }, Decided, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := anAccount(t, tt.edit)
			if got := r.State(); got != tt.want || r.Unfinished() != tt.unfinished {
				t.Errorf("got %s, unfinished %t, want %s, %t", got, r.Unfinished(), tt.want, tt.unfinished)
			}
		})
	}
}

func TestKey(t *testing.T) {
	tests := []struct {
		key   Key
		kind  Kind
		refID string
	}{
		{NewKey(KindIdentity, "c1"), KindIdentity, "c1"},
		{NewKey(KindAccount, "a/b"), KindAccount, "a/b"},
		{"damaged", "damaged", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		if tt.key.Kind() != tt.kind || tt.key.RefID() != tt.refID {
			t.Errorf("%q: got %q, %q, want %q, %q", tt.key, tt.key.Kind(), tt.key.RefID(), tt.kind, tt.refID)
		}
	}
}
