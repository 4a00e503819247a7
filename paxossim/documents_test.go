package paxossim

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"embark/paxos"
)

const pdf = "%PDF-1.7 made up"

// reserve asks for the upload of a document.
func reserve(c *tester, identity, name string, types ...string) (out paxos.DocumentUpload) {
	c.t.Helper()
	c.call(200, "PUT", "/identity/identities/"+identity+"/documents",
		paxos.UploadDocumentRequest{Name: name, DocumentTypes: types}).decode(c.t, &out)
	return out
}

// store sends bytes to an upload URL, as to an object store.
func store(c *tester, method, url string, body io.Reader) int {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, url, body)
	if err != nil {
		c.t.Fatal(err)
	}
	a, err := c.send(r)
	if err != nil {
		c.t.Fatal(err)
	}
	return a.status
}

func listDocuments(c *tester, identity string) (names string, owed []string) {
	c.t.Helper()
	list := get[paxos.DocumentList](c, "/identity/identities/"+identity+"/documents?include_pending_docs=true")
	for _, d := range list.Documents {
		names += d.Name + " "
	}
	return names, list.PendingDocuments
}

func TestHighRiskWaitsForDocuments(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := newSim(t, Options{HighRisk: 1, ApproveAfter: time.Minute, StatusDetails: true})
		c := newTester(t, sim)
		id := c.createIdentity(customer(1)).ID
		if _, owed := listDocuments(c, id); owed != nil {
			t.Errorf("got %v pending before anything was asked for", owed)
		}
		time.Sleep(10 * time.Minute)
		events := get[eventPage](c, "/events").Events
		want := []string{"PROOF_OF_RESIDENCY", "PROOF_OF_FUNDS"}
		if len(events) != 1 || events[0].Type != "identity.documents_required" ||
			events[0].ObjectType != "identity_required_documents" || events[0].Object.IdentityID != id ||
			!cmp.Equal(events[0].Object.RequiredDocuments, want) || events[0].Object.NewSummaryStatus != "" {
			t.Fatalf("got %+v, want identity.documents_required", events)
		}
		if _, owed := listDocuments(c, id); !cmp.Equal(owed, want) {
			t.Errorf("got %v pending, want %v", owed, want)
		}
		if got := requirementTypes(c, id); !strings.HasPrefix(got, "ENHANCED_DUE_DILIGENCE PENDING CLIENT;") {
			t.Errorf("got %s, want EDD first", got)
		}
		one := reserve(c, id, "bill.pdf", "PROOF_OF_RESIDENCY")
		two := reserve(c, id, "slip.png", "PROOF_OF_FUNDS", "OTHER_DOCUMENTS")
		if got := store(c, "PUT", one.UploadURL, strings.NewReader(pdf)); got != 200 {
			t.Fatalf("got %d, want 200", got)
		}
		time.Sleep(10 * time.Minute)
		if names, owed := listDocuments(c, id); names != "bill.pdf " || !cmp.Equal(owed, want[1:]) || c.status(id) != "PENDING" {
			t.Errorf("got %s, %v, %s, want one document listed and the other pending", names, owed, c.status(id))
		}
		store(c, "PUT", two.UploadURL, strings.NewReader("\x89PNG\r\n\x1a\n"))
		if got := c.status(id); got != "PENDING" {
			t.Errorf("got %s, want PENDING while they are looked at", got)
		}
		if got := requirementTypes(c, id); !strings.HasPrefix(got, "ENHANCED_DUE_DILIGENCE PENDING PAXOS;") {
			t.Errorf("got %s, want to wait for Paxos", got)
		}
		time.Sleep(time.Minute)
		if got := c.status(id); got != "APPROVED" {
			t.Errorf("got %s, want APPROVED", got)
		}
		if got := sim.Stats().Objects; got.Documents != 2 || got.DocumentNames != 2 {
			t.Errorf("got %+v, want two documents", got)
		}
	})
}

func TestRequiredDocumentsByRefID(t *testing.T) {
	c := newTester(t, newSim(t, Options{HighRisk: 1, InstitutionDocuments: true,
		RequiredDocuments: map[string][]string{"cust-000001": nil, "cust-000002": {"APPLICATION"}}}))
	free, asked := c.createIdentity(customer(1)).ID, c.createIdentity(customer(2)).ID
	if got := c.status(free); got != "APPROVED" {
		t.Errorf("got %s, want APPROVED without documents", got)
	}
	if _, owed := listDocuments(c, asked); !cmp.Equal(owed, []string{"APPLICATION"}) {
		t.Errorf("got %v, want APPLICATION", owed)
	}
	inst := c.createIdentity(widgets(1, owner(free))).ID
	if _, owed := listDocuments(c, inst); len(owed) != 2 || c.status(inst) != "PENDING" {
		t.Errorf("got %v, %s, want two documents pending", owed, c.status(inst))
	}
	if _, err := New(Options{RequiredDocuments: map[string][]string{"x": {"PASSPORT_PHOTO"}}}); err == nil {
		t.Error("an unknown type is accepted")
	}
}

func TestDocumentRefusals(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	id := c.createIdentity(customer(1)).ID
	path := "/identity/identities/" + id + "/documents"
	for body, want := range map[string]string{
		`{"document_types":["APPLICATION"]}`:                                           "must provide a file name, up to 260 characters",
		`{"name":"","document_types":["APPLICATION"]}`:                                 "must provide a file name, up to 260 characters",
		`{"name":"` + strings.Repeat("x", 261) + `","document_types":["APPLICATION"]}`: "must provide a file name, up to 260 characters",
		`{"name":"a.pdf"}`: "document_types must be set",
		`{"name":"a.pdf","document_types":["SELFIE"]}`:   "document_types is not one of the allowed values",
		`{"name":"a.pdf","document_type":"APPLICATION"}`: "unknown field document_type",
	} {
		var p problem
		c.call(400, "PUT", path, body).decode(t, &p)
		if p.Detail != want {
			t.Errorf("%.60s: got %q, want %q", body, p.Detail, want)
		}
	}
	reserve(c, id, strings.Repeat("ü", 260), "APPLICATION")
	reserve(c, id, "a.pdf", "APPLICATION")
	var p struct {
		Type string
		Meta struct{ Existing map[string]string }
	}
	c.call(409, "PUT", path, `{"name":"a.pdf","document_types":["APPLICATION"]}`).decode(t, &p)
	if !strings.HasSuffix(p.Type, "/already-exists") || !cmp.Equal(p.Meta.Existing, map[string]string{"name": "a.pdf"}) {
		t.Errorf("got %+v, want the name and no id", p)
	}
	reserve(c, c.createIdentity(customer(2)).ID, "a.pdf", "APPLICATION") // names are each identity's own
	c.call(404, "PUT", "/identity/identities/x/documents", `{"name":"a.pdf","document_types":["APPLICATION"]}`)
	c.call(404, "GET", "/identity/identities/x/documents", nil)
	c.call(400, "GET", path+"?include_pending=true", nil)

	off := newTester(t, newSim(t, Options{NoDocumentStorage: true}))
	off.call(403, "PUT", "/identity/identities/x/documents", `{"name":"a.pdf","document_types":["APPLICATION"]}`)
}

func TestUploadRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := newSim(t, Options{UploadLife: time.Minute})
		c := newTester(t, sim)
		id := c.createIdentity(customer(1)).ID
		url := reserve(c, id, "a.pdf", "APPLICATION").UploadURL
		for name, tt := range map[string]struct {
			method, url, body string
			want              int
		}{
			"post":       {"POST", url, pdf, 405},
			"token":      {"PUT", url + "x", pdf, 403},
			"expiry":     {"PUT", strings.Replace(url, "expires=", "expires=9", 1), pdf, 403},
			"file":       {"PUT", strings.Replace(url, "/uploads/", "/uploads/x", 1), pdf, 403},
			"word":       {"PUT", url, "PK\x03\x04 a word file", 400},
			"empty":      {"PUT", url, "", 400},
			"five bytes": {"PUT", url, "%PDF-", 400},
		} {
			if got := store(c, tt.method, tt.url, strings.NewReader(tt.body)); got != tt.want {
				t.Errorf("%s: got %d, want %d", name, got, tt.want)
			}
		}
		r, _ := http.NewRequest("PUT", url, strings.NewReader(pdf))
		r.Header.Set("Authorization", "Bearer "+c.token)
		if a, err := c.send(r); err != nil || a.status != 400 || !strings.Contains(string(a.body), "<Error>") {
			t.Errorf("with a bearer token: got %d %s %v, want 400 in XML", a.status, a.body, err)
		}
		if n := sim.Stats().Objects.Documents; n != 0 {
			t.Errorf("got %d documents, want 0", n)
		}
		time.Sleep(time.Minute)
		if got := store(c, "PUT", url, strings.NewReader(pdf)); got != 403 {
			t.Errorf("after the expiry: got %d, want 403", got)
		}
		if names, _ := listDocuments(c, id); names != "" {
			t.Errorf("got %s listed, want nothing without bytes", names)
		}
	})
}

func TestUploadSwitches(t *testing.T) {
	sim := newSim(t, Options{PostUploads: true, ListReserved: true})
	c := newTester(t, sim)
	id := c.createIdentity(customer(1)).ID
	url := reserve(c, id, "a.pdf", "APPLICATION").UploadURL
	if names, _ := listDocuments(c, id); names != "a.pdf " {
		t.Errorf("got %q listed, want the name", names)
	}
	for method, want := range map[string]int{"PUT": 405, "POST": 200} {
		if got := store(c, method, url, strings.NewReader(pdf)); got != want {
			t.Errorf("%s: got %d, want %d", method, got, want)
		}
	}
}

// Just below 100 MB passes, 100 MB does not.
func TestUploadSize(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	url := reserve(c, c.createIdentity(customer(1)).ID, "a.pdf", "APPLICATION").UploadURL
	for size, want := range map[int64]int{maxUpload: 400, maxUpload - 1: 200} {
		if got := store(c, "PUT", url, io.MultiReader(strings.NewReader("%PDF-"), io.LimitReader(zeros{}, size-5))); got != want {
			t.Errorf("%d bytes: got %d, want %d", size, got, want)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// Sending a document once more does not start the wait anew.
func TestUploadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTester(t, newSim(t, Options{ApproveAfter: time.Minute, RequiredDocuments: map[string][]string{"cust-000001": {"CURP"}}}))
		id := c.createIdentity(customer(1)).ID
		time.Sleep(2 * time.Minute)
		url := reserve(c, id, "a.pdf", "CURP").UploadURL
		for range 2 {
			store(c, "PUT", url, strings.NewReader(pdf))
			time.Sleep(30 * time.Second)
		}
		if got := c.status(id); got != "APPROVED" {
			t.Errorf("got %s a minute after the first, want APPROVED", got)
		}
	})
}

// A document that was cut off on the way is none.
func TestUploadCutOff(t *testing.T) {
	sim := newSim(t, Options{})
	c := newTester(t, sim)
	url := reserve(c, c.createIdentity(customer(1)).ID, "a.pdf", "APPLICATION").UploadURL
	cut := io.MultiReader(strings.NewReader(pdf), iotest.ErrReader(io.ErrUnexpectedEOF))
	if got := store(c, "PUT", url, cut); got != 400 || sim.Stats().Objects.Documents != 0 {
		t.Errorf("got %d and %d documents, want 400 and none", got, sim.Stats().Objects.Documents)
	}
}

// A lost reply of the store leaves the document there; sending it again does no harm.
func TestUploadFaults(t *testing.T) {
	sim := newSim(t, Options{})
	c := newTester(t, sim)
	id := c.createIdentity(customer(1)).ID
	url := reserve(c, id, "a.pdf", "APPLICATION").UploadURL
	sim.faults = newFaults(Options{Faults: Faults{DropAfter: 1}})
	if _, err := c.client.Post(url, "", bytes.NewReader(nil)); err == nil {
		t.Error("the reply was not dropped")
	}
	r, _ := http.NewRequest("PUT", url, strings.NewReader(pdf))
	if _, err := c.send(r); err == nil {
		t.Error("the reply was not dropped")
	}
	sim.faults = newFaults(Options{})
	if names, _ := listDocuments(c, id); names != "a.pdf " {
		t.Errorf("got %q, want a.pdf", names)
	}
	store(c, "PUT", url, strings.NewReader(pdf))
	if n := sim.Stats().Objects.Documents; n != 1 {
		t.Errorf("got %d documents, want 1", n)
	}
}
