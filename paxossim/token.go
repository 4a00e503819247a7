package paxossim

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// tokens are the bearer tokens that were issued and have not expired.
type tokens struct {
	mu    sync.Mutex
	known map[string]grant
}

type grant struct {
	scopes  []string
	expires time.Time
}

// add issues a token, and forgets those that have expired.
func (t *tokens) add(g grant, now time.Time) string {
	token := rand.Text()
	t.mu.Lock()
	defer t.mu.Unlock()
	for old, g := range t.known {
		if !now.Before(g.expires) {
			delete(t.known, old)
		}
	}
	if t.known == nil {
		t.known = map[string]grant{}
	}
	t.known[token] = g
	return token
}

func (t *tokens) find(token string, now time.Time) (grant, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	g, found := t.known[token]
	return g, found && now.Before(g.expires)
}

// authorize checks the bearer token and its scopes.
func (s *Simulator) authorize(op operation, c *call) (reply, bool) {
	if op.scope == "" {
		return reply{}, true
	}
	scheme, token, _ := strings.Cut(c.Header.Get("Authorization"), " ")
	g, valid := s.tokens.find(token, time.Now())
	if !strings.EqualFold(scheme, "Bearer") || !valid {
		return refuse(http.StatusUnauthorized, "missing, unknown or expired token"), false
	}
	if !slices.Contains(g.scopes, op.scope) {
		return refuse(http.StatusForbidden, fmt.Sprintf("insufficient scopes: found '%s', required one of '[%s]'",
			strings.Join(g.scopes, " "), op.scope)), false
	}
	return reply{}, true
}

// tokenReply is the success body of the token endpoint.
type tokenReply struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int    `json:"expires_in"`
	Scope       string `json:"scope,omitempty"`
	TokenType   string `json:"token_type"`
}

// issueToken is the client credentials grant of OAuth 2 (POST /oauth2/token).
func (s *Simulator) issueToken(c *call) reply {
	form, err := tokenForm(c)
	if err != nil {
		return oauthError(http.StatusBadRequest, "invalid_request", "the form cannot be read")
	}
	if refused, bad := s.checkClient(form, c); bad {
		return refused
	}
	scopes := strings.Fields(form.Get("scope"))
	if len(scopes) == 0 {
		scopes = s.options.Scopes
	}
	for _, scope := range scopes {
		if !slices.Contains(s.options.Scopes, scope) {
			return oauthError(http.StatusBadRequest, "invalid_scope", "a requested scope is unknown or not allowed")
		}
	}
	return s.grantToken(scopes)
}

func (s *Simulator) grantToken(scopes []string) reply {
	now := time.Now()
	out := tokenReply{
		AccessToken: s.tokens.add(grant{scopes, now.Add(s.options.TokenLife)}, now),
		ExpiresIn:   int(s.options.TokenLife / time.Second),
		TokenType:   "bearer",
	}
	if !s.options.OmitTokenScope {
		out.Scope = strings.Join(scopes, " ")
	}
	return ok(out)
}

// checkClient checks the grant type and the credentials, which come in the
// form (client_secret_post) or as basic authentication, but not both.
func (s *Simulator) checkClient(form url.Values, c *call) (reply, bool) {
	if form.Get("grant_type") == "" {
		return oauthError(http.StatusBadRequest, "invalid_request", "grant_type is missing"), true
	}
	if form.Get("grant_type") != "client_credentials" {
		return oauthError(http.StatusBadRequest, "unsupported_grant_type", "grant_type must be client_credentials"), true
	}
	id, secret, basic := c.BasicAuth()
	if basic && form.Has("client_secret") {
		return oauthError(http.StatusBadRequest, "invalid_request", "credentials came in two ways"), true
	}
	if basic { // RFC 6749 has both parts form-encoded inside of the header
		id, secret = unescape(id), unescape(secret)
	} else {
		id, secret = form.Get("client_id"), form.Get("client_secret")
	}
	if !credential(id, s.options.ClientID) || !credential(secret, s.options.ClientSecret) {
		return oauthError(http.StatusUnauthorized, "invalid_client", "unknown client or wrong secret"), true
	}
	return reply{}, false
}

// credential reports whether got is acceptable; any is when none is wanted,
// but an absent one never.
func credential(got, want string) bool { return got != "" && (want == "" || got == want) }

func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// tokenForm reads both encodings: RFC 6749 says form-urlencoded, the sample
// commands of Paxos send multipart.
func tokenForm(c *call) (url.Values, error) {
	kind, params, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if err != nil {
		return nil, err
	}
	switch kind {
	case "application/x-www-form-urlencoded":
		return url.ParseQuery(string(c.body))
	case "multipart/form-data":
		form, err := multipart.NewReader(bytes.NewReader(c.body), params["boundary"]).ReadForm(maxBody)
		if err != nil {
			return nil, err
		}
		return form.Value, nil
	}
	return nil, fmt.Errorf("content type %s", kind)
}

// oauthError is an error of the token endpoint, which is no problem body.
func oauthError(status int, code, description string) reply {
	return reply{status: status, body: map[string]string{"error": code, "error_description": description}}
}
