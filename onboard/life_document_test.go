package onboard

import (
	"context"
	"slices"
	"testing"
	"time"

	"embark/paxos"

	"pgregory.net/rapid"
)

// TestLifeOfDocument loses answers, bytes and processes over a document: in the
// end it has arrived, once, and no name was asked for twice in vain for ever.
func TestLifeOfDocument(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := &file{cabinet: cabinet{pending: []string{"PROOF_OF_FUNDS"}}, t: rt}
		r, at := ready(t, KindDocument, nil), now
		for range rapid.IntRange(0, 12).Draw(rt, "steps") {
			f.upload = rapid.SampledFrom([]string{"", "", "lost", "lost, reserved", "429", "401"}).Draw(rt, "upload")
			f.bytes = rapid.SampledFrom([]string{"", "lost", "lost, arrived", "403", "409", "429"}).Draw(rt, "bytes")
			f.listErr = rapid.SampledFrom([]error{nil, nil, errReset, status(500)}).Draw(rt, "list")
			if rapid.IntRange(0, 4).Draw(rt, "killed") == 0 {
				r = f.killed(r, at)
			} else {
				r, _, _ = live(r, at, anything, f)
			}
			at = at.Add(time.Duration(rapid.IntRange(1, 90).Draw(rt, "seconds")) * time.Second)
		}
		f.upload, f.bytes, f.listErr = "", "", nil
		for range 40 {
			at = at.Add(time.Minute)
			r, _, _ = live(r, at, anything, f)
		}
		if r.State() != Decided || len(f.arrived) != 1 || r.ID != "f-"+f.arrived[0] {
			rt.Fatalf("got %s, id %q, %q arrived of %q, want one", r.State(), r.ID, f.arrived, f.names)
		}
	})
}

// file is a cabinet on the far side of a bad line.
type file struct {
	cabinet
	t             *rapid.T
	upload, bytes string
}

// killed is a process that dies after its create has had its effect.
func (f *file) killed(r Record, at time.Time) Record {
	step, due := Next(r, at, anything)
	if step.Action != Create || due.After(at) {
		return r
	}
	step.Do(context.Background(), f)
	r.Intent = &step.Intent
	r.Intent.Run = 99
	r, _ = Recover(r, 0)
	return r
}

func (f *file) UploadDocument(ctx context.Context, id string, r paxos.UploadDocumentRequest) (*paxos.DocumentUpload, error) {
	switch f.upload {
	case "lost":
		return nil, errReset
	case "429":
		return nil, status(429)
	case "401":
		return nil, status(401)
	}
	u, err := f.cabinet.UploadDocument(ctx, id, r)
	if f.upload == "lost, reserved" {
		return nil, errReset
	}
	return u, err
}

func (f *file) SendFile(ctx context.Context, url, path string) error {
	arrive := f.bytes == "" || f.bytes == "lost, arrived"
	if arrive {
		f.pending = nil
		if err := f.cabinet.SendFile(ctx, url, path); err != nil {
			return err
		}
	}
	codes := map[string]int{"403": 403, "409": 409, "429": 429}
	switch code := codes[f.bytes]; {
	case code != 0:
		return &paxos.Error{Operation: "PutDocument", Status: code}
	case f.bytes != "":
		return errReset
	}
	return nil
}

// A list may show names whose bytes never came.
func (f *file) ListIdentityDocuments(ctx context.Context, id string, pending bool) (*paxos.DocumentList, error) {
	l, err := f.cabinet.ListIdentityDocuments(ctx, id, pending)
	if rapid.Bool().Draw(f.t, "lists what arrived only") {
		l.Documents = slices.DeleteFunc(l.Documents, func(d paxos.Document) bool { return !slices.Contains(f.arrived, d.Name) })
	}
	return l, err
}
