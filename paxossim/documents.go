package paxossim

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"embark/paxos"
)

// document is a document of an identity. Of its bytes only the size and the
// hash are kept.
type document struct {
	ID       uuid.UUID  `json:"id"`
	Identity int32      `json:"identity"`
	Name     string     `json:"name"`
	Types    []string   `json:"types"`
	Created  int64      `json:"created"`
	Token    string     `json:"token"` // of the upload URL
	upload   `json:"-"` // zero until the bytes have arrived
}

// upload is what the journal keeps of the bytes of a document.
type upload struct {
	Document int32  `json:"document"`
	Size     int64  `json:"size"`
	SHA256   string `json:"sha256"`
	At       int64  `json:"at"`
}

// wants are the types of documents that an identity has to supply: as the
// options say for its ref_id, or for institutions, or as chance has it.
func (st *state) wants(id *identity, name string) []string {
	o := st.options
	if types, given := o.RequiredDocuments[id.RefID]; given {
		return types
	}
	if id.Institution && o.InstitutionDocuments {
		return []string{"ORGANIZATIONAL_DOCUMENTS", "TAX_IDENTIFICATION"}
	}
	if !id.Institution && st.seed.share("high risk", key(name)) < o.HighRisk {
		return []string{"PROOF_OF_RESIDENCY", "PROOF_OF_FUNDS"}
	}
	return nil
}

// uploadDocument is PUT /identity/identities/{identity_id}/documents. It takes
// the name; the bytes go to the URL in the reply.
func (s *Simulator) uploadDocument(c *call) reply {
	var r paxos.UploadDocumentRequest
	if f := decodeStrict(c, &r); f != "" && !strings.HasPrefix(f, "name must not") {
		return badRequest(f)
	}
	if f := documentFault(&r); f != "" {
		return badRequest(f)
	}
	if s.options.NoDocumentStorage {
		return refuse(http.StatusForbidden, "document storage not enabled")
	}
	var made *document
	var refused *reply
	err := s.state.do(func(now int64) { made, refused = s.state.reserve(c.PathValue("identity_id"), &r, now) })
	if err != nil {
		return broken()
	}
	if refused != nil {
		return *refused
	}
	return ok(paxos.DocumentUpload{FileID: made.ID.String(), Name: made.Name, UploadURL: s.uploadURL(c.Request, made)})
}

var documentType = oneOf(documentTypes())

// documentFault: the schema has document_types as optional, the text of the
// operation as required.
func documentFault(r *paxos.UploadDocumentRequest) string {
	if n := utf8.RuneCountInString(r.Name); n < 1 || n > 260 {
		return "must provide a file name, up to 260 characters"
	}
	if len(r.DocumentTypes) == 0 {
		return "document_types must be set"
	}
	for _, t := range r.DocumentTypes {
		if f := documentType(t); f != "" {
			return f.in("document_types")
		}
	}
	return ""
}

// reserve takes the name for a document of an identity.
func (st *state) reserve(identity string, r *paxos.UploadDocumentRequest, now int64) (*document, *reply) {
	n, found := st.number(identity)
	if !found {
		return nil, new(refuse(http.StatusNotFound, "identity does not exist"))
	}
	for _, i := range st.known(n).documents {
		if st.documents[i].Name == r.Name {
			return nil, new(nameTaken(r.Name))
		}
	}
	d := &document{
		ID: st.seed.id("document", st.identities[n].ID.String(), r.Name), Identity: n,
		Name: r.Name, Types: r.DocumentTypes, Created: micro(now), Token: rand.Text(),
	}
	st.journal.write(documentEntry, d, nil)
	st.addDocument(*d)
	return d, nil
}

// nameTaken is the 409 of a document. It is the one problem that gives a name
// back and no id, as documented.
func nameTaken(name string) reply {
	r := alreadyExists(fmt.Sprintf("file named %q already exists", name), "", true)
	p := r.body.(problem)
	p.Meta = map[string]any{"existing": map[string]string{"name": name}}
	r.body = p
	return r
}

func (st *state) validDocument(d document) bool { return st.has(d.Identity) }

func (st *state) addDocument(d document) {
	n := int32(len(st.documents))
	st.documents = append(st.documents, &d)
	st.documentByID[d.ID] = n
	x := st.extra(d.Identity)
	x.documents = append(x.documents, n)
	st.last = max(st.last, d.Created)
}

func (st *state) validUpload(u upload) bool {
	return u.Document >= 0 && int(u.Document) < len(st.documents)
}

// addUpload takes over that the bytes of a document have arrived. The same
// document may come again; what was complete stays so.
func (st *state) addUpload(u upload) {
	d := st.documents[u.Document]
	if d.At == 0 {
		st.uploads++
	} else {
		u.At = d.At
	}
	d.upload = u
	st.last = max(st.last, u.At)
	st.plan(d.Identity)
}

// arrived is when the first document of a type arrived.
func (st *state) arrived(n int32, kind string) (at int64, found bool) {
	for _, i := range st.known(n).documents {
		d := st.documents[i]
		for _, t := range d.Types {
			if t == kind && d.At > 0 && (!found || d.At < at) {
				at, found = d.At, true
			}
		}
	}
	return at, found
}

// missing are the types that an identity has been asked for in vain.
func (st *state) missing(n int32) (types []string) {
	if !st.known(n).asked || st.statuses[n] != pending {
		return nil
	}
	for _, want := range st.identities[n].Wants {
		if _, found := st.arrived(n, want); !found {
			types = append(types, want)
		}
	}
	return types
}

// listDocuments is GET /identity/identities/{identity_id}/documents.
func (s *Simulator) listDocuments(c *call) reply {
	f := onlyParameters(c.query, "include_pending_docs")
	owing, f2 := boolParameter(c.query, "include_pending_docs")
	if f+f2 != "" {
		return badRequest(f + f2)
	}
	out := paxos.DocumentList{Documents: []paxos.Document{}}
	found := false
	err := s.state.do(func(int64) {
		var n int32
		if n, found = s.state.number(c.PathValue("identity_id")); found {
			s.state.list(n, owing, &out)
		}
	})
	if err != nil {
		return broken()
	}
	if !found {
		return refuse(http.StatusNotFound, "identity does not exist")
	}
	return ok(out)
}

// list leaves out names without bytes, unless the options show them.
func (st *state) list(n int32, owing bool, out *paxos.DocumentList) {
	for _, i := range st.known(n).documents {
		d := st.documents[i]
		if d.At == 0 && !st.options.ListReserved {
			continue
		}
		out.Documents = append(out.Documents, paxos.Document{FileID: d.ID.String(), Name: d.Name, DocumentTypes: d.Types,
			CreatedAt: microText(d.Created)})
	}
	if owing {
		out.PendingDocuments = st.missing(n)
	}
}
