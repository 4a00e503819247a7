package paxos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// uploadTimeout bounds one upload from the moment it has a connection: a
// document of 100 MB, the most that Paxos takes, over 1 Mbit/s.
const uploadTimeout = 15 * time.Minute

// errDocument marks a document that cannot be read, or not in its full size.
var errDocument = errors.New("the document could not be read in its size")

// errUploadURL marks an upload URL that nothing is sent to.
var errUploadURL = errors.New("upload URL is not https")

// UploadDocument is PUT /identity/identities/{id}/documents (DocumentUpload).
// It reserves the name and returns where the bytes go; they follow with
// [Client.PutDocument]. A name that the identity has already is refused with a
// 409 that names no file id; see [Error.NameTaken].
func (c *Client) UploadDocument(ctx context.Context, identityID string, r UploadDocumentRequest) (*DocumentUpload, error) {
	var u DocumentUpload
	if err := c.send(ctx, "DocumentUpload", http.MethodPut, documentsPath(identityID), r, &u); err != nil {
		return nil, err
	}
	if u.UploadURL == "" {
		return nil, fmt.Errorf("DocumentUpload: no upload URL: %w", ErrUnreadable)
	}
	return &u, nil
}

// ListIdentityDocuments is GET /identity/identities/{id}/documents, in one
// piece. With pending, the mandatory types that are missing come with it.
// Whether a document is listed whose bytes never came is not documented.
func (c *Client) ListIdentityDocuments(ctx context.Context, identityID string, pending bool) (*DocumentList, error) {
	query := url.Values{}
	if pending {
		query.Set("include_pending_docs", "true")
	}
	var l DocumentList
	if err := c.get(ctx, "ListIdentityDocuments", documentsPath(identityID), query, &l); err != nil {
		return nil, err
	}
	return &l, nil
}

func documentsPath(identityID string) string {
	return "/identity/identities/" + url.PathEscape(identityID) + "/documents"
}

// PutDocument sends the size bytes of a document to the URL that
// [Client.UploadDocument] returned, within 15 minutes. The object store is not
// Paxos: it gets no token, and the budgets do not count the request. The URL
// is a secret and in no error. A refusal is an [Error] of the operation
// PutDocument; a 403 means that the URL is no longer good: ask for a new one.
// Repeating it does no harm, but takes a fresh body, since this one may be read
// a moment longer than the call. [WithSendBefore] bounds the wait for a
// connection; its onSend is not called.
func (c *Client) PutDocument(ctx context.Context, uploadURL, contentType string, size int64, body io.Reader) error {
	const op = "PutDocument"
	if err := c.checkUpload(uploadURL, size); err != nil {
		return fmt.Errorf("%s: %w: %w", op, err, ErrNotSent)
	}
	ctx, t := withTiming(ctx, uploadTimeout)
	defer t.end()
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, uploadURL, &document{body, size})
	if err != nil {
		return fmt.Errorf("%s: %w: %w", op, errUploadURL, ErrNotSent) // its own text holds the URL
	}
	req.ContentLength = size
	req.Header.Set("Content-Type", contentType)
	res, err := c.store.Do(req)
	if err != nil {
		return fmt.Errorf("%s: %w", op, sendError(err, t.connected.Load()))
	}
	defer res.Body.Close()
	return stored(op, res)
}

// stored reads the status only: what else a store says may repeat the URL.
func stored(op string, res *http.Response) error {
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16)) // so that the connection can be used again
	if res.StatusCode >= 200 && res.StatusCode <= 299 {
		return nil
	}
	return &Error{Operation: op, Status: res.StatusCode, RetryAfter: retryAfter(res.Header.Get("Retry-After"))}
}

// checkUpload lets plain http pass only on this machine, and where the API
// itself is spoken to so, as with a simulator inside the process.
func (c *Client) checkUpload(uploadURL string, size int64) error {
	u, err := url.Parse(uploadURL)
	if err != nil || u.Host == "" {
		return errUploadURL
	}
	local := isLoopback(u.Hostname()) || strings.HasPrefix(c.base+"/", "http://"+u.Host+"/")
	switch {
	case u.Scheme != "https" && (u.Scheme != "http" || !local):
		return errUploadURL
	case size <= 0:
		return errDocument
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// document is a body of which size bytes are left. It is not closed with the
// request; what it fails with says nothing about the connection, and may hold
// the name of a file.
type document struct {
	io.Reader
	left int64
}

func (d *document) Read(p []byte) (int, error) {
	n, err := d.Reader.Read(p)
	d.left -= int64(n)
	if d.left < 0 || err == io.EOF && d.left > 0 || err != nil && err != io.EOF {
		return n, errDocument
	}
	return n, err
}
