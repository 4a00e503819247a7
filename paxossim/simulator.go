package paxossim

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Simulator is Paxos in memory. It is safe for concurrent use.
type Simulator struct {
	options Options
	seed    seed
	mux     *http.ServeMux
	state   *state
	tokens  tokens
	limiter *limiter
	faults  *faults
	tally   tally
}

// New returns a simulator, with the objects of the journal at o.StatePath if
// there is one.
func New(o Options) (*Simulator, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("simulator options: %w", err)
	}
	st, err := openState(o)
	if err != nil {
		return nil, fmt.Errorf("open simulator state: %w", err)
	}
	s := &Simulator{options: o, seed: seed(o.Seed), state: st, limiter: newLimiter(o), faults: newFaults(o)}
	s.routes()
	return s, nil
}

// Close closes the journal. The simulator must not be used afterwards.
func (s *Simulator) Close() error { return s.state.close() }

// ServeHTTP answers one request.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// operation is one operation of the API, under its name in the specification.
type operation struct {
	name, method, path string
	class              class
	scope              string // "" needs no token
	do                 func(*call) reply
}

func (s *Simulator) operations() []operation {
	return append(s.moneyOperations(), []operation{
		{"Token", "POST", "/oauth2/token", classToken, "", s.issueToken},
		{"CreateIdentity", "POST", "/identity/identities", classIdentity, scopeWriteIdentity, s.createIdentity},
		{"ListIdentities", "GET", "/identity/identities", classIdentity, scopeReadIdentity, s.listIdentities},
		{"GetIdentity", "GET", "/identity/identities/{id}", classIdentity, scopeReadIdentity, s.getIdentity},
		{"ListIdentityDocuments", "GET", "/identity/identities/{identity_id}/documents", classIdentity, scopeReadIdentity, s.listDocuments},
		{"DocumentUpload", "PUT", "/identity/identities/{identity_id}/documents", classIdentity, scopeWriteIdentity, s.uploadDocument},
		{"SandboxSetIdentityStatus", "PUT", "/identity/identities/{id}/sandbox-status", classIdentity, scopeWriteIdentity, s.setStatus},
		{"AddInstitutionMembers", "POST", "/identity/institution-members", classIdentity, scopeWriteIdentity, s.addInstitutionMembers},
		{"AddAccountMembers", "POST", "/identity/account-members", classIdentity, scopeWriteAccount, s.addAccountMembers},
		{"CreateAccount", "POST", "/identity/accounts", classIdentity, scopeWriteAccount, s.createAccount},
		{"ListAccounts", "GET", "/identity/accounts", classIdentity, scopeReadAccount, s.listAccounts},
		{"GetAccount", "GET", "/identity/accounts/{id}", classIdentity, scopeReadAccount, s.getAccount},
		{"ListEvents", "GET", "/events", classOther, scopeReadEvent, s.listEvents},
		{"GetEvent", "GET", "/events/{id}", classOther, scopeReadEvent, s.getEvent},
	}...)
}

// routes serves every operation with and without /v2, because --api-url may
// hold the prefix or not.
func (s *Simulator) routes() {
	s.mux = http.NewServeMux()
	for _, op := range s.operations() {
		serve := func(w http.ResponseWriter, r *http.Request) { s.serve(op, w, r) }
		s.mux.HandleFunc(op.method+" "+op.path, serve)
		s.mux.HandleFunc(op.method+" /v2"+op.path, serve)
	}
	for path, c := range map[string]class{"/": classOther, "/identity/": classIdentity, "/v2/identity/": classIdentity} {
		unknown := operation{name: "Unknown", class: c, do: func(*call) reply { return notFound() }}
		s.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { s.serve(unknown, w, r) })
	}
	s.mux.HandleFunc("/uploads/{id}", s.serveUpload)
	s.mux.HandleFunc("GET /_simulator/stats", s.serveStats)
	s.mux.HandleFunc("GET /_simulator/identities", s.serveIdentities)
	s.mux.HandleFunc("GET /_simulator/accounts", s.serveAccounts)
	s.mux.HandleFunc("GET /_simulator/fiat_accounts", s.serveFiatAccounts)
	s.mux.HandleFunc("GET /_simulator/orders", s.serveOrders)
}

// call is a request as the operations see it.
type call struct {
	*http.Request
	body  []byte
	query url.Values
}

// serve takes a request through everything that can happen to it: rate limit,
// fault before, the operation, fault after.
func (s *Simulator) serve(op operation, w http.ResponseWriter, r *http.Request) {
	s.tally.request(op.name)
	if locked, left := s.limiter.admit(source(r), op.class, time.Now()); locked {
		s.tally.refusal(http.StatusTooManyRequests)
		tooManyRequests(s.retryAfter(left)).send(w)
		return
	}
	c, err := read(r)
	if err != nil {
		s.tally.refusal(http.StatusBadRequest)
		badRequest("the request cannot be read").send(w)
		return
	}
	p := s.faults.plan(op.name, r.URL.Path, c.body)
	if s.before(p, w, r) {
		return
	}
	s.after(p, w, r, s.answer(op, c))
}

// answer runs the operation, if the token allows it.
func (s *Simulator) answer(op operation, c *call) reply {
	rep, allowed := s.authorize(op, c)
	if allowed {
		rep = op.do(c)
	}
	if rep.status >= 400 {
		s.tally.refusal(rep.status)
	}
	return op.asProblem(rep)
}

// retryAfter is the value of Retry-After in whole seconds, rounded up; 0 for none.
func (s *Simulator) retryAfter(left time.Duration) int {
	if !s.options.RetryAfter {
		return 0
	}
	return int((left + time.Second - 1) / time.Second)
}

// maxBody is far beyond any body of the API; it keeps a mistake from filling memory.
const maxBody = 1 << 20

func read(r *http.Request) (*call, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, err
	}
	if r.ContentLength > maxBody {
		return nil, errors.New("body too large")
	}
	body, err := readBody(r)
	return &call{Request: r, body: body, query: query}, err
}

// readBody allocates exactly what is needed where the length is known, because
// the bodies of creates are kept.
func readBody(r *http.Request) ([]byte, error) {
	if r.ContentLength >= 0 {
		body := make([]byte, r.ContentLength)
		_, err := io.ReadFull(r.Body, body)
		return body, err
	}
	return io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
}

// source is the client's IP address, or all of RemoteAddr when it has no port.
func source(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
