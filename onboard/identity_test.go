package onboard

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"testing"

	"embark/paxos"
)

// person is an identity at Paxos under our ref_id, with details.
func person(lastName, born string) *paxos.Identity {
	return &paxos.Identity{ID: "i1", RefID: "c1", Type: paxos.TypePerson, Status: "PENDING", UpdatedAt: "2026-03-04T12:00:00Z",
		PersonDetails: &paxos.PersonDetails{LastName: lastName, DateOfBirth: born}}
}

func TestCreateIdentity(t *testing.T) {
	theirs := func(edit func(*paxos.Identity)) *paxos.Identity {
		i := person("Miller", "1980-01-02")
		edit(i)
		return i
	}
	same := person("Miller", "1980-01-02")
	bare := &paxos.Identity{ID: "i1", RefID: "c1", Status: "APPROVED"}
	tests := []struct {
		name      string
		attempt   int
		createErr error
		identity  *paxos.Identity
		getErr    error
		want      Answer // Object is compared by its id
	}{
		{"made", 0, nil, bare, nil, Answer{Object: &Object{ID: "i1"}, Origin: Made}},
		{"first, same person", 0, exists("i1"), same, nil, Answer{Object: &Object{ID: "i1"}, Origin: Adopted}},
		{"first, other case", 0, exists("i1"), person("MILLER", "1980-01-02"), nil, Answer{Object: &Object{ID: "i1"}, Origin: Adopted}},
		{"first, date as timestamp", 0, exists("i1"), person("Miller", "1980-01-02T00:00:00Z"), nil, Answer{Object: &Object{ID: "i1"}, Origin: Adopted}},
		{"first, other name", 0, exists("i1"), person("Smith", "1980-01-02"), nil, Answer{Conflict: CodeRefConflict, Other: "i1"}},
		{"first, other date", 0, exists("i1"), person("Miller", "1980-01-03"), nil, Answer{Conflict: CodeRefConflict, Other: "i1"}},
		{"first, no name", 0, exists("i1"), person("", "1980-01-02"), nil, Answer{Conflict: CodeRefConflict, Other: "i1"}},
		{"first, no date", 0, exists("i1"), person("Miller", ""), nil, Answer{Conflict: CodeRefConflict, Other: "i1"}},
		{"first, no details", 0, exists("i1"), bare, nil, Answer{Conflict: CodeRefConflict, Other: "i1"}},
		{"first, an institution", 0, exists("i1"), theirs(func(i *paxos.Identity) { i.Type = paxos.TypeInstitution }), nil,
			Answer{Conflict: CodeRefConflict, Other: "i1"}},
		{"repeat adopts on the ref_id", 1, exists("i1"), bare, nil, Answer{Object: &Object{ID: "i1"}, Origin: Repeated}},
		{"first, CIP ID taken", 0, exists("i1"), theirs(func(i *paxos.Identity) { i.RefID = "c9" }), nil,
			Answer{Conflict: CodeCIPConflict, Other: "i1"}},
		{"repeat, CIP ID taken", 1, exists("i1"), theirs(func(i *paxos.Identity) { i.RefID = "c9" }), nil,
			Answer{Conflict: CodeCIPConflict, Other: "i1"}},
		{"no ref_id on it", 1, exists("i1"), theirs(func(i *paxos.Identity) { i.RefID = "" }), nil,
			Answer{Conflict: CodeUnreadable, Other: "i1"}},
		{"not ours to read", 0, exists("i1"), nil, status(403), Answer{Conflict: CodeUnreadable, Other: "i1"}},
		{"not there yet", 1, exists("i1"), nil, status(404), Answer{Candidate: "i1"}},
		{"reading lost", 0, exists("i1"), nil, errReset, Answer{Candidate: "i1"}},
		{"reading 429", 0, exists("i1"), nil, status(429), Answer{Candidate: "i1"}},
		{"reading without the scope", 0, exists("i1"), nil, paxos.ErrScope, Answer{Candidate: "i1"}},
		{"409 without id", 0, exists(""), nil, nil, Answer{Exists: true}},
		{"refused", 0, status(400), nil, nil, Answer{Err: status(400)}},
		{"lost", 0, errReset, nil, nil, Answer{Err: errReset}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := anIdentity(t, func(r *Record) { r.Attempt = tt.attempt })
			api := &fakeAPI{createErr: tt.createErr, identity: tt.identity, getErr: tt.getErr}
			checkAnswer(t, creating(r).Do(context.Background(), api), tt.want)
			if api.writes != 1 {
				t.Errorf("got %d writes, want 1", api.writes)
			}
			if api.gets > 0 && api.details != (tt.attempt == 0) {
				t.Errorf("got details %t, want them on a first attempt only", api.details)
			}
		})
	}
}

func checkAnswer(t *testing.T, got, want Answer) {
	t.Helper()
	if (got.Object == nil) != (want.Object == nil) || got.Object != nil && got.Object.ID != want.Object.ID {
		t.Errorf("got object %+v, want %+v", got.Object, want.Object)
	}
	if got.Origin != want.Origin || got.Conflict != want.Conflict || got.Other != want.Other ||
		got.Candidate != want.Candidate || got.Exists != want.Exists {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if want.Err != nil && got.Err.Error() != want.Err.Error() || want.Object != nil && got.Err != nil {
		t.Errorf("got error %v, want %v", got.Err, want.Err)
	}
	if got.At.IsZero() {
		t.Error("got no time, want when the step came back")
	}
}

// A candidate is read later, by the same rules, and a second 404 counts.
func TestResolveIdentity(t *testing.T) {
	tests := []struct {
		name    string
		attempt int
		found   *paxos.Identity
		err     error
		want    Answer
	}{
		{"same person", 0, person("Miller", "1980-01-02"), nil, Answer{Object: &Object{ID: "i1"}, Origin: Adopted}},
		{"another person", 0, person("Smith", "1980-01-02"), nil, Answer{Conflict: CodeRefConflict, Other: "i1"}},
		{"ours", 2, person("Smith", "1980-01-02"), nil, Answer{Object: &Object{ID: "i1"}, Origin: Repeated}},
		{"still not there", 1, nil, status(404), Answer{Conflict: CodeUnreadable, Other: "i1"}},
		{"lost again", 1, nil, errReset, Answer{Candidate: "i1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := anIdentity(t, func(r *Record) { r.Attempt, r.Candidate = tt.attempt, "i1" })
			api := &fakeAPI{identity: tt.found, getErr: tt.err}
			checkAnswer(t, Step{Action: Resolve, Record: r}.Do(context.Background(), api), tt.want)
			if api.writes != 0 {
				t.Errorf("got %d writes, want none", api.writes)
			}
		})
	}
}

// What was stored and fingerprinted is what is sent.
func TestCreateIdentitySendsTheStoredRequest(t *testing.T) {
	r := anIdentity(t, nil)
	api := &fakeAPI{identity: person("Miller", "")}
	creating(r).Do(context.Background(), api)
	sent, err := json.Marshal(api.sentIdentity)
	if err != nil || !bytes.Equal(sent, r.Request) {
		t.Errorf("got another request than the stored one (error %v)", err)
	}
}

func TestUnreadableRequestIsNotSent(t *testing.T) {
	for _, r := range []Record{anIdentity(t, nil), anAccount(t, nil)} {
		r.Request = []byte("not JSON")
		api := &fakeAPI{}
		if a := creating(r).Do(context.Background(), api); !errors.Is(a.Err, paxos.ErrNotSent) || api.writes != 0 {
			t.Errorf("%s: got %v after %d writes, want %v and none", r.Key, a.Err, api.writes, paxos.ErrNotSent)
		}
	}
}

func TestReadings(t *testing.T) {
	given := anIdentity(t, func(r *Record) { r.ID, r.Origin = "i7", Given })
	account := anAccount(t, func(r *Record) { r.Needs[0].At = ago(2 * staleAfter) })
	for want, s := range map[string]Step{"i7": {Action: Read, Record: given, Now: now}, "i1": {Action: Recheck, Record: account, Now: now}} {
		api := &fakeAPI{identity: &paxos.Identity{ID: want, Status: "APPROVED"}}
		a := s.Do(context.Background(), api)
		if a.Object == nil || a.Object.Status != "APPROVED" || api.asked[0] != want || api.writes != 0 || api.details {
			t.Errorf("%s: got %+v, asked for %q, want the status of %q without details", s.Action, a, api.asked, want)
		}
		api.getErr = errReset
		if a := s.Do(context.Background(), api); a.Object != nil || !errors.Is(a.Err, errReset) {
			t.Errorf("%s: got %+v, want %v", s.Action, a, errReset)
		}
	}
}
