package pipeline

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"embark/paxos"
)

// Webhook is where Paxos announces events (API §10.2: the bodies name an event
// and say nothing about it). It speaks plain HTTP; TLS is left to a proxy in
// front.
type Webhook struct {
	Listener net.Listener // the caller closes it; a run closes it too
	Header   string       // the request header that carries the key
	Keys     []string     // each of them is accepted: two while they are exchanged
}

// WebhookPath is the only path that is served, by POST.
const WebhookPath = "/webhook"

// A notice takes about 200 bytes and is on disk within milliseconds; Paxos waits
// half a second at its best (API §10.2) and delivers ten a second unless told
// otherwise. The limits are for everybody else.
const (
	maxNotice   = 64 << 10
	maxEventID  = 64 // a UUID has 36
	maxConns    = 64
	maxHeader   = 16 << 10
	readWithin  = 10 * time.Second
	writeWithin = 15 * time.Second // the time on disk included
	queueWithin = 5 * time.Second
	idleWithin  = time.Minute
	stopWithin  = 2 * time.Second // well inside the grace of a run
)

// webhook is the server. Enqueues hold the lock for reading, so that whoever
// has it for writing knows that there are none.
type webhook struct {
	*inbox
	header string
	keys   [][sha256.Size]byte
	conns  atomic.Int64

	mu   sync.RWMutex
	shut bool
}

func newWebhook(w *Webhook, in *inbox) *webhook {
	h := &webhook{inbox: in, header: w.Header}
	for _, key := range w.Keys {
		h.keys = append(h.keys, sha256.Sum256([]byte(key)))
	}
	return h
}

// receive serves the webhook until ctx ends. A listener that breaks ends the
// receiving and not the run: polling brings the same events.
func (r *run) receive(ctx context.Context) error {
	h := newWebhook(r.Webhook, r.inbox)
	server := h.server()
	served := make(chan struct{})
	var err error
	go func() {
		defer close(served)
		err = server.Serve(r.Webhook.Listener)
	}()
	select {
	case <-served:
	case <-ctx.Done():
	}
	h.stop(server)
	<-served
	if !errors.Is(err, http.ErrServerClosed) {
		r.inbox.broken = err
	}
	return nil
}

func (h *webhook) server() *http.Server {
	mux := http.NewServeMux()
	mux.Handle("POST "+WebhookPath, h)
	return &http.Server{Handler: mux, ReadTimeout: readWithin, WriteTimeout: writeWithin, IdleTimeout: idleWithin,
		MaxHeaderBytes: maxHeader, ConnState: h.limit, ErrorLog: log.New(io.Discard, "", 0)}
}

// stop lets notices under way come to their end. Connections that are still
// open after that are cut off, but what the store is writing is waited for.
func (h *webhook) stop(server *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		_ = server.Close()
	}
	h.mu.Lock()
	h.shut = true
	h.mu.Unlock()
}

// limit closes a connection too many before anything of it is read.
func (h *webhook) limit(c net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		if h.conns.Add(1) > maxConns {
			_ = c.Close()
		}
	case http.StateClosed:
		h.conns.Add(-1)
	}
}

// ServeHTTP answers with success only when the notice is on disk, or there is
// nothing to keep of it. Paxos repeats what it gets another answer to.
func (h *webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !h.authentic(r.Header.Get(h.header)) {
		h.refused.Add(1)
		refuse(w, http.StatusUnauthorized)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxNotice))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		refuse(w, http.StatusRequestEntityTooLarge)
		return
	}
	n, ok := readNotice(body)
	if err != nil || !ok {
		refuse(w, http.StatusBadRequest)
		return
	}
	if n.wanted() && h.enqueue(r.Context(), n.ID) != nil {
		refuse(w, http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// refuse says no more than the status: nothing of a request comes back.
func refuse(w http.ResponseWriter, status int) { http.Error(w, http.StatusText(status), status) }

// authentic compares digests, which are of one length, and all of them, so that
// the time it takes says nothing about any key.
func (h *webhook) authentic(given string) bool {
	digest, equal := sha256.Sum256([]byte(given)), 0
	for _, key := range h.keys {
		equal |= subtle.ConstantTimeCompare(digest[:], key[:])
	}
	return equal == 1
}

// errShut: the run is over, and perhaps the store closed.
var errShut = errors.New("the webhook is shut")

func (h *webhook) enqueue(ctx context.Context, id string) error {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if h.shut {
		return errShut
	}
	ctx, cancel := context.WithTimeout(ctx, queueWithin)
	defer cancel()
	news, err := h.Store.Enqueue(ctx, id, time.Now())
	if news {
		h.received.Add(1)
		h.ring()
	}
	return err
}

// notice is the body of a webhook call.
type notice struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	IsTest bool   `json:"is_test"`
}

// readNotice takes only ids that can stand in a path.
func readNotice(body []byte) (n notice, ok bool) {
	if json.Unmarshal(body, &n) != nil || n.Type == "" || n.ID == "" || len(n.ID) > maxEventID {
		return n, false
	}
	for _, c := range []byte(n.ID) {
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return n, false
		}
	}
	return n, true
}

func (n notice) wanted() bool {
	switch n.Type {
	case paxos.EventIdentityApproved, paxos.EventIdentityDenied, paxos.EventIdentityDisabled, paxos.EventIdentityDocumentsRequired:
		return !n.IsTest
	}
	return false
}
