package paxossim

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTokenReply(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	a, err := c.postForm(url.Values{"grant_type": {"client_credentials"}, "client_id": {"a"}, "client_secret": {"b"},
		"scope": {"identity:read_identity events:read_event"}})
	if err != nil {
		t.Fatal(err)
	}
	var r tokenReply
	a.decode(t, &r)
	if r.AccessToken == "" || r.ExpiresIn != 3599 || r.TokenType != "bearer" || r.Scope != "identity:read_identity events:read_event" {
		t.Errorf("got %s", a.body)
	}
}

func TestTokenRefusals(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	o := Options{ClientID: "id", ClientSecret: "secret", Scopes: []string{"events:read_event"}, OmitTokenScope: true}
	strict := &tester{t: t, client: &http.Client{Transport: newSim(t, o).Transport()}}
	good := url.Values{"grant_type": {"client_credentials"}, "client_id": {"id"}, "client_secret": {"secret"}}
	for _, tt := range []struct {
		c          *tester
		key, value string
		status     int
		code       string
	}{
		{strict, "scope", "events:read_event", 200, ""},
		{strict, "scope", "identity:read_identity", 400, "invalid_scope"},
		{strict, "client_id", "other", 401, "invalid_client"},
		{strict, "client_secret", "other", 401, "invalid_client"},
		{strict, "client_secret", "", 401, "invalid_client"},
		{strict, "grant_type", "password", 400, "unsupported_grant_type"},
		{strict, "grant_type", "", 400, "invalid_request"},
		{c, "scope", "identity:fly", 400, "invalid_scope"},
		{c, "client_id", "", 401, "invalid_client"},
	} {
		form := url.Values{}
		for k, v := range good {
			form[k] = v
		}
		form.Set(tt.key, tt.value)
		a, err := tt.c.postForm(form)
		var body struct{ Error, Scope string }
		a.decode(t, &body)
		if err != nil || a.status != tt.status || body.Error != tt.code || body.Scope != "" {
			t.Errorf("%s=%s: got %v %d %s, want %d %s", tt.key, tt.value, err, a.status, a.body, tt.status, tt.code)
		}
	}
}

func TestTokenEncodings(t *testing.T) {
	sim := newSim(t, Options{ClientID: "id", ClientSecret: "s+c r"})
	c := &tester{t: t, client: &http.Client{Transport: sim.Transport()}}
	post := func(kind, body string) *http.Request {
		r, _ := http.NewRequestWithContext(t.Context(), "POST", "http://paxos.test/oauth2/token", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		return r
	}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for k, v := range map[string]string{"grant_type": "client_credentials", "client_id": "id", "client_secret": "s+c r"} {
		w.WriteField(k, v)
	}
	w.Close()
	basic := post("application/x-www-form-urlencoded", "grant_type=client_credentials")
	basic.SetBasicAuth(url.QueryEscape("id"), url.QueryEscape("s+c r"))
	both := post("application/x-www-form-urlencoded", "grant_type=client_credentials&client_secret=x")
	both.SetBasicAuth("id", "x")
	for name, tt := range map[string]struct {
		r    *http.Request
		want int
	}{
		"multipart": {post(w.FormDataContentType(), form.String()), 200},
		"basic":     {basic, 200}, "both": {both, 400},
		"json": {post("application/json", "{}"), 400}, "no type": {post("", "grant_type=client_credentials"), 400},
	} {
		if a, err := c.send(tt.r); err != nil || a.status != tt.want {
			t.Errorf("%s: got %v %d %s, want %d", name, err, a.status, a.body, tt.want)
		}
	}
}

func TestTokenExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := newSim(t, Options{TokenLife: time.Minute})
		c := newTester(t, sim)
		time.Sleep(59 * time.Second)
		c.call(200, "GET", "/events", nil)
		time.Sleep(time.Second)
		c.call(401, "GET", "/events", nil)
		c.token = c.newToken("")
		c.call(200, "GET", "/events", nil)
		c.token = ""
		c.call(401, "GET", "/events", nil)
		if n := len(sim.tokens.known); n != 1 {
			t.Errorf("got %d tokens, want the expired one forgotten", n)
		}
	})
}

func TestScopeOfEveryOperation(t *testing.T) {
	sim := newSim(t, Options{})
	c := newTester(t, sim)
	for _, op := range sim.operations() {
		if op.scope == "" {
			continue
		}
		var others []string
		for _, scope := range Scopes() {
			if scope != op.scope {
				others = append(others, scope)
			}
		}
		c.token = c.newToken(strings.Join(others, " "))
		var p problem
		c.call(403, op.method, strings.ReplaceAll(op.path, "{id}", "x"), nil).decode(t, &p)
		want := "insufficient scopes: found '" + strings.Join(others, " ") + "', required one of '[" + op.scope + "]'"
		if p.Detail != want {
			t.Errorf("%s: got %q, want %q", op.name, p.Detail, want)
		}
	}
}
