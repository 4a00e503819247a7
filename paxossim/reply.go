package paxossim

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// reply is what an operation answers; it is encoded outside of all locks.
type reply struct {
	status int
	body   any // JSON, unless it is a []byte, which is sent as it is
	header http.Header
}

func ok(body any) reply { return reply{status: http.StatusOK, body: body} }

// problem is an error body in the shape of RFC 7807. Paxos serves it as plain
// application/json on the operations here. A detail names fields, never values.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
	Meta   any    `json:"meta,omitempty"`
}

// refuse is a problem without a type of its own.
func refuse(status int, detail string) reply {
	p := problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
	return reply{status: status, body: p}
}

func badRequest(detail string) reply { return refuse(http.StatusBadRequest, detail) }

// notFound has no detail, as in the specification's sample.
func notFound() reply { return refuse(http.StatusNotFound, "") }

// broken is the answer when the journal cannot be written, so that nothing may
// be confirmed, or when a stored object cannot be read.
func broken() reply { return refuse(http.StatusInternalServerError, "the simulator's state is broken") }

// alreadyExists is the 409 of a duplicate. The id of the existing object is
// left out where plain is set, since not all operations document it.
func alreadyExists(detail, id string, plain bool) reply {
	p := problem{
		Type:  "https://developer.paxos.com/docs/v2/problems/already-exists",
		Title: "Already Exists", Status: http.StatusConflict, Detail: detail,
	}
	if !plain {
		p.Meta = map[string]any{"existing": map[string]string{"id": id}}
	}
	return reply{status: http.StatusConflict, body: p}
}

// tooManyRequests is plain text: the body of a 429 is not documented, so
// clients must not count on a problem.
func tooManyRequests(retryAfter int) reply {
	r := reply{status: http.StatusTooManyRequests, body: []byte("too many requests\n"), header: http.Header{}}
	r.header.Set("Content-Type", "text/plain; charset=utf-8")
	if retryAfter > 0 {
		r.header.Set("Retry-After", fmt.Sprint(retryAfter))
	}
	return r
}

// encode returns the body's bytes.
func (r reply) encode() []byte {
	if raw, isRaw := r.body.([]byte); isRaw {
		return raw
	}
	b, err := json.Marshal(r.body)
	if err != nil {
		panic(err) // all bodies are our own types, which always encode
	}
	return b
}

// send writes the reply.
func (r reply) send(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	for name, values := range r.header {
		h[name] = values
	}
	body := r.encode()
	w.WriteHeader(r.status)
	w.Write(body) // an error means that the client has gone; nobody is left to tell
}
