package onboard

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"embark/paxos"

	"github.com/google/go-cmp/cmp"
)

func apply(r Record, a Answer) Record {
	s := creating(r)
	a.At = now.Add(time.Second)
	r.Intent = &s.Intent
	return Apply(r, s, a)
}

func TestApplyMade(t *testing.T) {
	in := anIdentity(t, func(r *Record) { r.Attempt, r.Exists, r.Candidate = 2, true, "i9" })
	got := apply(in, Answer{Object: &Object{ID: "i1", Status: "PENDING", StatusAt: now}, Origin: Made})
	want := in
	want.ID, want.Origin, want.Status, want.StatusAt = "i1", Made, "PENDING", now
	want.Request, want.Exists, want.Candidate = nil, false, ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Answers that may hide a success keep the request and count the attempt.
func TestApplyUncertain(t *testing.T) {
	errs := map[string]error{"408": status(408), "500": status(500), "502": status(502), "503": status(503), "504": status(504),
		"transport": errReset, "unreadable": fmt.Errorf("no id: %w", paxos.ErrUnreadable)}
	for name, err := range errs {
		t.Run(name, func(t *testing.T) {
			in := anAccount(t, nil)
			want := in
			want.Attempt, want.Lost, want.Returned = 1, 1, now.Add(time.Second)
			if diff := cmp.Diff(want, apply(in, Answer{Err: err})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Definite noes leave the record as it was before the intent.
func TestApplyNotNow(t *testing.T) {
	errs := map[string]error{"not sent": fmt.Errorf("budget: %w", paxos.ErrNotSent), "401": status(401), "429": status(429),
		"look-up lost": notMade(errReset), "look-up 500": notMade(status(500)), "409": status(409),
		"scope": fmt.Errorf("%w: %w", paxos.ErrScope, status(403)), "credentials": fmt.Errorf("%w: %w", paxos.ErrCredentials, status(401))}
	for name, err := range errs {
		for _, in := range []Record{anAccount(t, nil), anAccount(t, func(r *Record) { r.Attempt, r.Returned = 2, now })} {
			t.Run(fmt.Sprint(name, " attempt ", in.Attempt), func(t *testing.T) {
				if diff := cmp.Diff(in, apply(in, Answer{Err: err})); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestApplyRefused(t *testing.T) {
	for _, code := range []int{400, 403, 404, 422} {
		for attempt := range 2 {
			in := anIdentity(t, func(r *Record) { r.Attempt = attempt })
			err := &paxos.Error{Status: code, Type: "rejected", Field: "cip_id"}
			got := apply(in, Answer{Err: err})
			want := in
			want.Request, want.Problem = nil, &Problem{Code: CodeRefused, Status: code, Type: "rejected", Field: "cip_id"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%d: %s", code, diff)
			}
		}
	}
}

// A refused look-up settles nothing about attempts that may have worked.
func TestApplyLookUpRefused(t *testing.T) {
	for _, code := range []int{400, 403, 404, 422} {
		in := anAccount(t, func(r *Record) { r.Attempt, r.Returned = 1, now })
		want := in
		want.Returned = now.Add(time.Second)
		if diff := cmp.Diff(want, apply(in, Answer{Err: notMade(status(code))})); diff != "" {
			t.Errorf("%d: %s", code, diff)
		}
	}
}

func TestApplyConflict(t *testing.T) {
	for _, code := range []string{CodeCIPConflict, CodeRefConflict, CodeUnreadable} {
		got := apply(anIdentity(t, nil), Answer{Conflict: code, Other: "i9"})
		want := Problem{Code: code, Status: 409, Other: "i9"}
		if got.Problem == nil || *got.Problem != want || len(got.Request) > 0 || got.ID != "" || got.State() != Conflict {
			t.Errorf("%s: got %+v, want %+v without request or id", code, got, want)
		}
	}
}

func TestApplyExists(t *testing.T) {
	tests := []struct {
		name string
		a    Answer
		want func(*Record)
	}{
		{"without id", Answer{Exists: true, Err: status(409)}, func(r *Record) { r.Exists = true }},
		{"not readable yet", Answer{Candidate: "i9", Err: status(500)}, func(r *Record) { r.Candidate = "i9" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := anIdentity(t, nil)
			want := in
			want.Returned = now.Add(time.Second)
			tt.want(&want)
			if diff := cmp.Diff(want, apply(in, tt.a)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A reading that comes back late neither takes a create's lock away nor
// overrules what was settled meanwhile.
func TestApplyLateReading(t *testing.T) {
	sent := anIdentity(t, func(r *Record) { r.Intent = &Intent{Attempt: 2, Run: 1} })
	settled := anIdentity(t, func(r *Record) { r.ID, r.Origin, r.Status, r.Request = "i1", Made, "PENDING", nil })
	answers := []Answer{{Conflict: CodeUnreadable, Other: "i1"}, {Candidate: "i1"}, {Exists: true}, {Err: errReset},
		{Object: &Object{ID: "i2", Status: "APPROVED"}}}
	for _, r := range []Record{sent, settled} {
		for _, a := range answers {
			got := Apply(r, Step{Action: Resolve, Record: r}, a)
			if diff := cmp.Diff(r, got); diff != "" {
				t.Errorf("%s, answer %+v: %s", r.State(), a, diff)
			}
		}
	}
}

func TestApplyReadOfGiven(t *testing.T) {
	given := anIdentity(t, func(r *Record) { r.ID, r.Origin, r.Request = "i1", Given, nil })
	tests := []struct {
		name  string
		known string // status
		err   error
		want  State
	}{
		{"not ours", "", status(403), Conflict},
		{"not there", "", status(404), Conflict},
		{"trouble", "", status(500), Pending},
		{"scope", "", fmt.Errorf("%w: %w", paxos.ErrScope, status(403)), Pending},
		{"was read before", "PENDING", status(404), Pending},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := given
			r.Status = tt.known
			got := Apply(r, Step{Action: Read, Record: r}, Answer{Err: tt.err, At: now})
			if got.State() != tt.want || got.ID != "" && got.Problem != nil {
				t.Errorf("got %s with %+v, want %s", got.State(), got, tt.want)
			}
		})
	}
	read := Apply(given, Step{Action: Read, Record: given}, Answer{Object: &Object{ID: "i1", Status: "APPROVED"}, Origin: Given})
	if read.State() != Decided || read.Origin != Given {
		t.Errorf("read: got %s of origin %q, want %s, %q", read.State(), read.Origin, Decided, Given)
	}
}

func TestNotMade(t *testing.T) {
	for _, err := range []error{paxos.ErrScope, paxos.ErrCredentials} {
		if got := notMade(err); errors.Is(got, paxos.ErrNotSent) {
			t.Errorf("got %v, want what stops the run", got)
		}
	}
	if got := notMade(errReset); !errors.Is(got, paxos.ErrNotSent) || paxos.Uncertain(got) {
		t.Errorf("got %v, want a definite no", got)
	}
}
