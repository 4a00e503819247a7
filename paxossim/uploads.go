package paxossim

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// maxUpload: the documentation says less than 100 MB.
const maxUpload = 100_000_000

// uploadURL is the presigned URL of a document, on the host that was asked.
func (s *Simulator) uploadURL(r *http.Request, d *document) string {
	scheme := r.URL.Scheme // known in-process only
	switch {
	case r.TLS != nil:
		scheme = "https"
	case scheme == "":
		scheme = "http"
	}
	expires := time.Unix(0, d.Created).Add(s.options.UploadLife).Unix()
	query := url.Values{"expires": {strconv.FormatInt(expires, 10)}, "token": {d.Token}}
	u := url.URL{Scheme: scheme, Host: r.Host, Path: "/uploads/" + d.ID.String(), RawQuery: query.Encode()}
	return u.String()
}

// serveUpload is the object store that presigned URLs lead to. It is no part
// of the API: it has no bearer token and no rate limit, and its errors are
// XML. Faults happen to it as to everything else.
func (s *Simulator) serveUpload(w http.ResponseWriter, r *http.Request) {
	s.tally.request("Upload")
	p := s.faults.plan("Upload", r.URL.Path, nil)
	if s.before(p, w, r) {
		return
	}
	answer := s.store(w, r)
	if answer.status >= 400 {
		s.tally.refusal(answer.status)
	}
	s.after(p, w, r, answer)
}

// store takes the bytes of a document.
func (s *Simulator) store(w http.ResponseWriter, r *http.Request) reply {
	if refused := s.refuseUpload(r); refused != nil {
		return *refused
	}
	size, sum, refused := digest(http.MaxBytesReader(w, r.Body, maxUpload-1))
	if refused != nil {
		return *refused
	}
	err := s.state.do(func(now int64) {
		n := s.state.documentByID[uuid.MustParse(r.PathValue("id"))]
		u := upload{n, size, sum, micro(now)}
		s.state.journal.write(uploadEntry, u, nil)
		s.state.addUpload(u)
	})
	if err != nil {
		return broken()
	}
	return reply{status: http.StatusOK, body: []byte{}}
}

// refuseUpload checks all but the bytes. A presigned URL is itself the
// authorisation, and object stores refuse a second one beside it.
func (s *Simulator) refuseUpload(r *http.Request) *reply {
	id, err := uuid.Parse(r.PathValue("id"))
	var d document
	var found bool
	failure := s.state.do(func(int64) {
		var n int32
		if n, found = s.state.documentByID[id]; found {
			d = *s.state.documents[n]
		}
	})
	deadline, err2 := strconv.ParseInt(r.URL.Query().Get("expires"), 10, 64)
	method := http.MethodPut
	if s.options.PostUploads {
		method = http.MethodPost
	}
	switch {
	case failure != nil:
		return new(broken())
	case r.Method != method:
		return new(storeError(http.StatusMethodNotAllowed, "MethodNotAllowed"))
	case r.Header.Get("Authorization") != "":
		return new(storeError(http.StatusBadRequest, "InvalidArgument"))
	case err != nil || err2 != nil || !found || r.URL.Query().Get("token") != d.Token:
		return new(storeError(http.StatusForbidden, "SignatureDoesNotMatch"))
	case deadline != time.Unix(0, d.Created).Add(s.options.UploadLife).Unix():
		return new(storeError(http.StatusForbidden, "SignatureDoesNotMatch"))
	case time.Now().Unix() >= deadline:
		return new(storeError(http.StatusForbidden, "AccessDenied"))
	}
	return nil
}

// storeError is an error in the manner of object stores.
func storeError(status int, code string) reply {
	h := http.Header{"Content-Type": {"application/xml"}}
	return reply{status: status, header: h, body: fmt.Appendf(nil, "<Error><Code>%s</Code></Error>\n", code)}
}

// digest reads a document through. Only PDF, JPG and PNG pass, which a real
// store would not look at; here the refusal comes at once instead of by mail.
func digest(body io.Reader) (size int64, sum string, refused *reply) {
	h := sha256.New()
	head := make([]byte, 8)
	n, err := io.ReadFull(body, head)
	if err != nil || !isDocument(head) {
		return 0, "", new(storeError(http.StatusBadRequest, "InvalidArgument"))
	}
	h.Write(head)
	rest, err := io.Copy(h, body)
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return 0, "", new(storeError(http.StatusBadRequest, "EntityTooLarge"))
	}
	if err != nil {
		return 0, "", new(storeError(http.StatusBadRequest, "IncompleteBody"))
	}
	return int64(n) + rest, hex.EncodeToString(h.Sum(nil)), nil
}

// isDocument knows the formats by their first bytes.
func isDocument(head []byte) bool {
	for _, magic := range []string{"%PDF-", "\xff\xd8\xff", "\x89PNG\r\n\x1a\n"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}
