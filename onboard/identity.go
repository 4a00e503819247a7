package onboard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"embark/paxos"
)

// createIdentity posts the identity. There is no way to look one up by ref_id,
// so after a lost answer posting again is the look-up: its 409 names the one
// that exists.
func createIdentity(ctx context.Context, api API, s Step) Answer {
	body, err := identityBody(s.Record)
	if err != nil {
		return Answer{Err: err}
	}
	i, err := api.CreateIdentity(s.writing(ctx), body)
	if err == nil && i.RefID != "" && i.RefID != s.Record.Key.RefID() {
		return Answer{Err: fmt.Errorf("another ref_id: %w", paxos.ErrUnreadable)}
	}
	if err == nil {
		return Answer{Object: identityObject(i), Origin: Made}
	}
	if paxos.StatusOf(err) != http.StatusConflict || brokenOff(err) {
		return Answer{Err: err}
	}
	if id := existingID(err); id != "" {
		return resolveIdentity(ctx, api, s, id)
	}
	return Answer{Err: err, Exists: true}
}

// identityBody names the members of an institution by their ids. A person's
// request is sent as it was stored: sealed as JSON, it needs no more than a look.
func identityBody(r Record) (json.RawMessage, error) {
	if len(r.Request) == 0 || r.Request[0] != '{' {
		return nil, notMade(fmt.Errorf("stored request of %q", r.Key))
	}
	if len(r.Needs) == 0 {
		return r.Request, nil
	}
	return body(r, func(req *paxos.CreateIdentityRequest) {
		for i := range req.InstitutionMembers {
			req.InstitutionMembers[i].IdentityID = r.Needs[i].ID
		}
	})
}

// resolveIdentity reads the identity that a 409 named. The 409 for a taken
// ref_id and the one for a taken CIP ID look alike; the ref_id on the identity
// tells them apart. On a repeat our ref_id is proof that it is ours. On a first
// attempt somebody else made it, and it must also be the same person.
func resolveIdentity(ctx context.Context, api API, s Step, id string) Answer {
	first := !s.Repeat()
	i, err := api.GetIdentity(ctx, id, first)
	switch {
	case s.Action == Create && paxos.StatusOf(err) == http.StatusNotFound:
		return Answer{Err: errLag, Candidate: id} // readings may lag behind creates
	case gone(err):
		return Answer{Err: err, Conflict: CodeUnreadable, Other: id}
	case err != nil:
		return Answer{Err: err, Candidate: id}
	case i.RefID == "":
		return Answer{Conflict: CodeUnreadable, Other: id}
	case i.RefID != s.Record.Key.RefID():
		return Answer{Conflict: CodeCIPConflict, Other: id}
	case !first:
		return Answer{Object: identityObject(i), Origin: Repeated}
	case !sameCustomer(s.Record.Request, i):
		return Answer{Conflict: CodeRefConflict, Other: id}
	}
	return Answer{Object: identityObject(i), Origin: Adopted}
}

// errLag is no refusal: the run's share of those must not grow by it.
var errLag = fmt.Errorf("the identity that a 409 names cannot be read yet: %w", paxos.ErrUnreadable)

func readIdentityRecord(ctx context.Context, api API, r Record) Answer {
	return readIdentity(ctx, api, r.ID)
}

func readIdentity(ctx context.Context, api API, id string) Answer {
	i, err := api.GetIdentity(ctx, id, false)
	if err != nil {
		return Answer{Err: err}
	}
	return Answer{Object: identityObject(i), Origin: Given}
}

// sameCustomer compares what cannot be a coincidence: type, last name and date
// of birth of a person, type, name and CIP country of an institution. Details
// that are missing do not agree.
func sameCustomer(request []byte, i *paxos.Identity) bool {
	var req paxos.CreateIdentityRequest
	if json.Unmarshal(request, &req) != nil {
		return false
	}
	if req.InstitutionDetails != nil {
		return sameInstitution(req.InstitutionDetails, i)
	}
	ours, theirs := req.PersonDetails, i.PersonDetails
	return ours != nil && theirs != nil && (i.Type == "" || i.Type == paxos.TypePerson) &&
		ours.LastName != "" && strings.EqualFold(ours.LastName, theirs.LastName) &&
		len(theirs.DateOfBirth) >= len(time.DateOnly) && theirs.DateOfBirth[:len(time.DateOnly)] == ours.DateOfBirth
}

func sameInstitution(ours *paxos.InstitutionDetails, i *paxos.Identity) bool {
	theirs := i.InstitutionDetails
	return theirs != nil && (i.Type == "" || i.Type == paxos.TypeInstitution) &&
		ours.Name != "" && strings.EqualFold(ours.Name, theirs.Name) &&
		ours.InstitutionType == theirs.InstitutionType && ours.CIPIDCountry == theirs.CIPIDCountry
}

func identityObject(i *paxos.Identity) *Object {
	return &Object{ID: i.ID, Status: i.CurrentStatus(), StatusAt: apiTime(i.UpdatedAt)}
}

// apiTime reads a timestamp of the API; zero when there is none.
func apiTime(text string) time.Time {
	t, _ := time.Parse(time.RFC3339, text)
	return t
}

// brokenOff: a 409 whose body got lost on the way is asked for again, because
// it may have named the identity.
func brokenOff(err error) bool {
	var e *paxos.Error
	return errors.As(err, &e) && e.Broken
}

func existingID(err error) string {
	var e *paxos.Error
	if errors.As(err, &e) {
		return e.ExistingID
	}
	return ""
}
