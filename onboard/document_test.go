package onboard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"embark/paxos"
)

// cabinet is Paxos's file of one identity.
type cabinet struct {
	API
	names     []string // reserved
	arrived   []string
	pending   []string
	uploadErr error
	fileErr   error // of sending the bytes
	listErr   error
	uploads   int
}

func (c *cabinet) UploadDocument(_ context.Context, identity string, r paxos.UploadDocumentRequest) (*paxos.DocumentUpload, error) {
	c.uploads++
	if c.uploadErr != nil {
		return nil, c.uploadErr
	}
	if identity != "i1" || slices.Contains(c.names, r.Name) {
		return nil, &paxos.Error{Operation: "DocumentUpload", Status: 409, NameTaken: true}
	}
	c.names = append(c.names, r.Name)
	return &paxos.DocumentUpload{FileID: "f-" + r.Name, UploadURL: "https://store/" + r.Name}, nil
}

func (c *cabinet) CheckFile(string) error {
	if errors.Is(c.fileErr, ErrFile) {
		return c.fileErr
	}
	return nil
}

func (c *cabinet) SendFile(_ context.Context, url, path string) error {
	if c.fileErr == nil || errors.Is(c.fileErr, errReset) { // it may have arrived
		c.arrived = append(c.arrived, strings.TrimPrefix(url, "https://store/"))
	}
	if c.fileErr == nil {
		c.pending = nil
	}
	return c.fileErr
}

func (c *cabinet) ListIdentityDocuments(context.Context, string, bool) (*paxos.DocumentList, error) {
	l := &paxos.DocumentList{PendingDocuments: c.pending}
	for _, n := range c.names {
		l.Documents = append(l.Documents, paxos.Document{FileID: "f-" + n, Name: n})
	}
	return l, c.listErr
}

func TestCreateDocument(t *testing.T) {
	const name, again = "PROOF_OF_FUNDS.pdf", "PROOF_OF_FUNDS-2.pdf"
	asked := []string{"PROOF_OF_FUNDS"}
	tests := []struct {
		name    string
		attempt int
		api     cabinet
		state   State
		id      string
		names   []string // reserved in the end
		uploads int
	}{
		{"first", 0, cabinet{pending: asked}, Decided, "f-" + name, []string{name}, 1},
		{"clash", 0, cabinet{pending: asked, names: []string{name}}, InDoubt, "", []string{name}, 1},
		{"repeat: arrived", 1, cabinet{names: []string{name}}, Decided, "f-" + name, []string{name}, 0},
		{"repeat: reserved, not arrived", 1, cabinet{pending: asked, names: []string{name}}, Decided, "f-" + again, []string{name, again}, 1},
		{"repeat: never reserved", 1, cabinet{pending: asked}, Decided, "f-" + again, []string{again}, 1},
		{"repeat: of another name", 1, cabinet{names: []string{"else.pdf"}}, Decided, "f-" + again, []string{"else.pdf", again}, 1},
		{"third: the second arrived", 2, cabinet{names: []string{name, again}}, Decided, "f-" + again, []string{name, again}, 0},
		{"repeat: look-up lost", 1, cabinet{names: []string{name}, listErr: errReset}, InDoubt, "", []string{name}, 0},
		{"no such file", 0, cabinet{fileErr: fmt.Errorf("%w: gone", ErrFile)}, Conflict, "", nil, 0},
		{"refused", 0, cabinet{uploadErr: status(403)}, Refused, "", nil, 1},
		{"lost", 0, cabinet{uploadErr: errReset}, InDoubt, "", nil, 1},
		{"not now", 0, cabinet{uploadErr: status(429)}, Ready, "", nil, 1},
		{"bytes lost", 0, cabinet{fileErr: errReset}, InDoubt, "", []string{name}, 1},
	}
	for _, code := range []int{400, 401, 403, 409, 429, 500} { // of the store, which is not Paxos
		err := &paxos.Error{Operation: "PutDocument", Status: code}
		tests = append(tests, struct {
			name    string
			attempt int
			api     cabinet
			state   State
			id      string
			names   []string
			uploads int
		}{fmt.Sprint("store says ", code), 0, cabinet{fileErr: err}, InDoubt, "", []string{name}, 1})
	}
	tests = append(tests, tests[0])
	tests[len(tests)-1].name, tests[len(tests)-1].api = "bytes not sent", cabinet{fileErr: paxos.ErrNotSent}
	tests[len(tests)-1].state, tests[len(tests)-1].id = InDoubt, ""
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := creating(ready(t, KindDocument, func(r *Record) { r.Attempt = tt.attempt }))
			a := s.Do(context.Background(), &tt.api)
			r := Apply(s.Record, s, a)
			if r.State() != tt.state || r.ID != tt.id {
				t.Errorf("got %s, id %q (%v), want %s, %q", r.State(), r.ID, a.Err, tt.state, tt.id)
			}
			if !slices.Equal(tt.api.names, tt.names) || tt.api.uploads != tt.uploads {
				t.Errorf("got %q after %d uploads, want %q after %d", tt.api.names, tt.api.uploads, tt.names, tt.uploads)
			}
			if tt.state == Conflict && r.Problem.Code != CodeFile {
				t.Errorf("got %q, want %q", r.Problem.Code, CodeFile)
			}
			if strings.Contains(fmt.Sprint(a.Err), "Miller") {
				t.Errorf("got %v, want nothing of the path", a.Err)
			}
		})
	}
}

// A document whose bytes got lost is there in the end, under another name.
func TestDocumentArrives(t *testing.T) {
	api := &cabinet{pending: []string{"PROOF_OF_FUNDS"}, fileErr: &paxos.Error{Operation: "PutDocument", Status: 403}}
	r, at := ready(t, KindDocument, nil), now
	for i := range 4 {
		if i == 2 {
			api.fileErr = nil
		}
		r, _, _ = live(r, at, anything, api)
		at = at.Add(time.Minute)
	}
	if r.State() != Decided || len(api.arrived) != 1 {
		t.Errorf("got %s, %q arrived of %q, want one", r.State(), api.arrived, api.names)
	}
}

// The name is in the record's key, in logs and in reports.
func TestDocumentNames(t *testing.T) {
	tests := []struct {
		documents []Document
		want      []Key
	}{
		{[]Document{{[]string{"A"}, "/x/Ann Miller.PDF"}}, []Key{"document/c1/A.pdf"}},
		{[]Document{{[]string{"A", "B"}, "b.jpeg"}}, []Key{"document/c1/A+B.jpeg"}},
		{[]Document{{[]string{"A"}, "1.pdf"}, {[]string{"A"}, "2.pdf"}, {[]string{"A"}, "3.pdf"}},
			[]Key{"document/c1/A.pdf", "document/c1/A--2.pdf", "document/c1/A--3.pdf"}},
		{[]Document{{[]string{"A"}, "1.pdf"}, {[]string{"A"}, "2.png"}}, []Key{"document/c1/A.pdf", "document/c1/A.png"}},
		{[]Document{{[]string{"A"}, "scan of Ann.Miller"}}, []Key{"document/c1/A"}},
		{[]Document{{[]string{"A"}, "scan.p\nf"}}, []Key{"document/c1/A"}},
		{[]Document{{[]string{"A"}, "Miller"}}, []Key{"document/c1/A"}},
	}
	for _, tt := range tests {
		c := customer("c1", "Miller")
		c.Account, c.Documents = nil, tt.documents
		drafts, _ := allDrafts(t, c)
		var got []Key
		for _, d := range drafts[1:] {
			got = append(got, d.Key)
		}
		if !slices.Equal(got, tt.want) || !slices.Equal(drafts[0].Needed, tt.want) {
			t.Errorf("got %q, needed %q, want %q", got, drafts[0].Needed, tt.want)
		}
	}
}

// No attempt of any document of a type has the name of another's.
func TestAttemptNames(t *testing.T) {
	seen := map[string]bool{}
	for n := range 5 {
		for attempt := 1; attempt < 5; attempt++ {
			name := attemptName(attemptName("A.pdf", -n), attempt)
			if seen[name] {
				t.Errorf("%q is taken by another attempt", name)
			}
			seen[name] = true
		}
	}
}

// A document is supplied when it is asked for. When Paxos has decided without
// it, it is not needed any more, not even when it is in doubt.
func TestDocumentIsAskedFor(t *testing.T) {
	identity := func(status string, asked ...string) Record {
		return anIdentity(t, func(r *Record) { r.ID, r.Status, r.Documents = "i1", status, asked })
	}
	tests := []struct {
		name       string
		attempt    int
		heard      []Record
		want       State
		unfinished bool
		due        bool
	}{
		{"not made", 0, nil, Waiting, true, false},
		{"made, nothing asked", 0, []Record{identity("PENDING")}, Waiting, true, false},
		{"others asked for", 0, []Record{identity("PENDING", "CURP")}, Waiting, true, false},
		{"asked for", 0, []Record{identity("PENDING", "CURP", "PROOF_OF_FUNDS")}, Ready, true, true},
		{"asked for no more", 0, []Record{identity("PENDING", "PROOF_OF_FUNDS"), identity("PENDING", "CURP")}, Waiting, true, false},
		{"asked, then decided", 0, []Record{identity("PENDING", "PROOF_OF_FUNDS"), identity("DENIED")}, Waiting, false, false},
		{"decided", 0, []Record{identity("APPROVED")}, Waiting, false, false},
		{"asked again after a decision", 0, []Record{identity("DENIED"), identity("PENDING", "PROOF_OF_FUNDS")}, Ready, true, true},
		{"in doubt", 1, []Record{identity("PENDING", "PROOF_OF_FUNDS")}, InDoubt, true, true},
		{"in doubt, asked for no more", 1, []Record{identity("PENDING")}, InDoubt, true, true},
		{"in doubt, decided", 1, []Record{identity("PENDING", "PROOF_OF_FUNDS"), identity("APPROVED")}, InDoubt, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, byKey := allDrafts(t, everything())
			r := byKey["document/c1/PROOF_OF_FUNDS.pdf"]
			r.Attempt = tt.attempt
			for _, need := range tt.heard {
				r, _ = Inform(r, need, now)
			}
			_, at := Next(r, now, anything)
			if r.State() != tt.want || r.Unfinished() != tt.unfinished || at.IsZero() == tt.due {
				t.Errorf("got %s, unfinished %t, due %s, want %s, %t, %t", r.State(), r.Unfinished(), at, tt.want, tt.unfinished, tt.due)
			}
		})
	}
}

// A file that the operator has mended is sent with the next row, under its
// first name: none was asked for while it could not be read.
func TestMendedFile(t *testing.T) {
	api := &cabinet{pending: []string{"PROOF_OF_FUNDS"}, fileErr: fmt.Errorf("%w: it is no file", ErrFile)}
	r, _, due := live(ready(t, KindDocument, nil), now, anything, api)
	if want := (Problem{Code: CodeFile}); r.Problem == nil || *r.Problem != want || !due.IsZero() || r.Unfinished() {
		t.Fatalf("got %+v, due %s, want %+v and nothing due", r.Problem, due, want)
	}
	api.fileErr = nil
	r, admission := Admit(r, ready(t, KindDocument, nil), false)
	at := now
	for range 3 {
		at = at.Add(time.Minute)
		r, _, _ = live(r, at, anything, api)
	}
	if admission != Fresh || r.State() != Decided || !slices.Equal(api.arrived, []string{"PROOF_OF_FUNDS.pdf"}) {
		t.Errorf("got %s, %s, %q arrived, want it sent under its name", admission, r.State(), api.arrived)
	}
}

// Where a document lies makes it no other one: once sent it stays, before that
// the newest row tells where it is to be found.
func TestDocumentMoved(t *testing.T) {
	draft := func(path string) Record {
		c := customer("c1", "Miller")
		c.Documents = []Document{{Types: []string{"PROOF_OF_FUNDS"}, Path: path}}
		return documentOf(t, c)
	}
	old, moved := draft("/old/scan.pdf"), draft("/new/scan.pdf")
	for name, tt := range map[string]struct {
		known func(*Record)
		want  Admission
	}{
		"sent":              {func(r *Record) { r.ID, r.Request = "f1", nil }, Same},
		"not asked for":     {func(*Record) {}, Fresh},
		"could not be read": {func(r *Record) { r.Problem, r.Request = &Problem{Code: CodeFile}, nil }, Fresh},
		"on its way":        {func(r *Record) { r.Attempt = 1 }, Same},
	} {
		known := old
		tt.known(&known)
		if got, admission := Admit(known, moved, false); admission != tt.want || tt.want == Fresh && got.Problem != nil {
			t.Errorf("%s: got %s, want %s", name, admission, tt.want)
		}
		if _, admission := Admit(known, old, false); known.Problem == nil && admission != Same {
			t.Errorf("%s, not moved: got %s, want %s", name, admission, Same)
		}
	}
}

// documentOf is the document's draft among those of a customer.
func documentOf(t *testing.T, c *Customer) Record {
	t.Helper()
	drafts, err := Drafts(c, nil, Place{}, print16)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(drafts, func(r Record) bool { return r.Key.Kind() == KindDocument })
	return drafts[i]
}
