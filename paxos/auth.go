package paxos

import (
	"net/http"
)

// auth attaches the bearer token. A 401 drops the token; a GET is then sent
// once more with a fresh one, a POST is left to its caller.
type auth struct {
	base   http.RoundTripper
	tokens *tokens
}

func (a *auth) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := a.send(req)
	if err != nil || res.StatusCode != http.StatusUnauthorized || req.Method != http.MethodGet {
		return res, err
	}
	_ = res.Body.Close()
	return a.send(req)
}

func (a *auth) send(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	waits(ctx)
	token, err := a.tokens.get(ctx)
	if err != nil {
		return nil, err
	}
	signed := new(http.Request) // a copy with a header of its own: the caller's must not change
	*signed = *req
	signed.Header = req.Header.Clone()
	token.SetAuthHeader(signed)
	res, err := a.base.RoundTrip(signed)
	switch {
	case err != nil:
		return nil, err
	case res.StatusCode == http.StatusUnauthorized:
		a.tokens.drop(token)
	case res.StatusCode < 500: // a broken proxy has not looked at the token
		a.tokens.accepted()
	}
	return res, nil
}
