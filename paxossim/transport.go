package paxossim

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
)

// Transport returns a round tripper that calls the simulator in-process. There
// are no sockets and no goroutines, so it works inside a testing/synctest
// bubble. All its requests come from one source, named "in-process".
func (s *Simulator) Transport() http.RoundTripper { return transport{s} }

type transport struct{ handler http.Handler }

// RoundTrip runs the handler. A dropped connection is an unexpected EOF, and a
// request whose context is done is answered with the context's error, whether
// it took effect or not, as over a real connection.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	if r.Body != nil {
		defer r.Body.Close()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// Clients take this hook as the sign that the request may have been sent.
	if trace := httptrace.ContextClientTrace(ctx); trace != nil && trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	w := &recorder{header: http.Header{}}
	err := t.serve(w, arriving(r))
	if done := ctx.Err(); done != nil {
		return nil, done
	}
	if err != nil {
		return nil, err
	}
	return w.response(r), nil
}

// arriving is the request as a server sees it.
func arriving(r *http.Request) *http.Request {
	in := r.WithContext(r.Context()) // a copy, since round trippers must not change requests
	in.RemoteAddr = "in-process"
	in.RequestURI = r.URL.RequestURI()
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	if in.ContentLength == 0 && in.Body != http.NoBody {
		in.ContentLength = -1 // on the client's side zero with a body means unknown
	}
	return in
}

// serve turns an aborted handler into the error of a lost connection.
func (t transport) serve(w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			err = io.ErrUnexpectedEOF
		default:
			panic(p)
		}
	}()
	t.handler.ServeHTTP(w, r)
	return nil
}

// recorder keeps what the handler writes.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *recorder) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

func (w *recorder) response(r *http.Request) *http.Response {
	w.WriteHeader(http.StatusOK)
	return &http.Response{
		StatusCode: w.status,
		Status:     strconv.Itoa(w.status) + " " + http.StatusText(w.status),
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        w.header,
		Body:          io.NopCloser(bytes.NewReader(w.body.Bytes())),
		ContentLength: int64(w.body.Len()),
		Request:       r,
	}
}
