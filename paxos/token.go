package paxos

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// tokens fetches the bearer token once and shares it. The token endpoint takes
// one request a second, so only one caller at a time may fetch; each fetch
// runs under its caller's own context, none of which is kept. Whoever already
// has an answer never waits for a fetch.
type tokens struct {
	client *http.Client

	turn   chan struct{} // holds one element; taking it is the right to fetch, and waiting for it can be given up
	config clientcredentials.Config

	mu      sync.Mutex
	current *oauth2.Token
	renewAt time.Time
	refused int // tokens in a row that Paxos answered with 401
}

func newTokens(o Options, transport http.RoundTripper) *tokens {
	t := &tokens{
		config: clientcredentials.Config{ClientID: o.ClientID, ClientSecret: o.ClientSecret,
			TokenURL: o.TokenURL, AuthStyle: oauth2.AuthStyleInParams},
		client: &http.Client{Transport: transport, CheckRedirect: noRedirect},
		turn:   make(chan struct{}, 1),
	}
	t.turn <- struct{}{}
	return t
}

// get returns the shared token, fetching one when there is none or when nine
// tenths of its life are over.
func (t *tokens) get(ctx context.Context) (*oauth2.Token, error) {
	if token, err := t.shared(); token != nil || err != nil {
		return token, err
	}
	if err := t.lock(ctx); err != nil {
		return nil, err
	}
	defer t.unlock()
	if token, err := t.shared(); token != nil || err != nil {
		return token, err // somebody else has fetched it meanwhile
	}
	return t.fetch(ctx)
}

// shared is the token at hand, nil when one has to be fetched.
func (t *tokens) shared() (*oauth2.Token, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.current != nil && time.Now().Before(t.renewAt):
		return t.current, nil
	case t.refused >= 2:
		return nil, fmt.Errorf("two fresh tokens refused: %w", ErrCredentials)
	}
	return nil, nil
}

// drop forgets a token that was answered with 401, unless another caller has
// already replaced it.
func (t *tokens) drop(token *oauth2.Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current == token {
		t.current = nil
		t.refused++
	}
}

// accepted notes that a token works.
func (t *tokens) accepted() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.refused = 0
}

// lock waits for the right to fetch.
func (t *tokens) lock(ctx context.Context) error {
	select {
	case <-t.turn:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for a token: %w: %w", ErrNotSent, context.Cause(ctx))
	}
}

func (t *tokens) unlock() { t.turn <- struct{}{} }

// fetch asks the token endpoint under a [timing] of its own: a connection to
// the token endpoint does not mean that the request was sent.
func (t *tokens) fetch(ctx context.Context) (*oauth2.Token, error) {
	own, clock := withTiming(WithSendBefore(context.Background(), sendBefore(ctx), nil), callTimeout)
	defer clock.end()
	defer context.AfterFunc(ctx, func() { clock.cancel(context.Cause(ctx)) })()
	token, err := t.config.Token(context.WithValue(own, oauth2.HTTPClient, t.client))
	if err != nil {
		return nil, tokenError(err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.current = token
	t.renewAt = time.Now().Add(time.Until(token.Expiry) * 9 / 10)
	if token.Expiry.IsZero() {
		t.renewAt = time.Now().Add(time.Hour)
	}
	return token, nil
}

// tokenError keeps the OAuth error code and drops the rest of the reply.
func tokenError(err error) error {
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		return fmt.Errorf("token: %w: %w", ErrNotSent, withoutText(err))
	}
	status := refused.Response.StatusCode
	switch {
	case refused.ErrorCode == "invalid_scope":
		return fmt.Errorf("token: invalid_scope: %w", ErrScope)
	case status == http.StatusTooManyRequests || status >= 500 || status == http.StatusRequestTimeout:
		return fmt.Errorf("token: HTTP %d: %w", status, ErrNotSent)
	case status >= 400:
		return fmt.Errorf("token: HTTP %d %s: %w", status, problemType(refused.ErrorCode), ErrCredentials)
	}
	return fmt.Errorf("token: HTTP %d: %w", status, ErrNotSent)
}

// authorize fetches a first token for the needed and the optional scopes, and
// returns what was granted. A key that is refused the optional ones
// (invalid_scope names none) is asked for the needed ones alone.
func (t *tokens) authorize(ctx context.Context, needed, optional []string) ([]string, error) {
	granted, err := t.ask(ctx, slices.Concat(needed, optional))
	if errors.Is(err, ErrScope) && len(optional) > 0 {
		granted, err = t.ask(ctx, needed)
	}
	if errors.Is(err, ErrScope) {
		return nil, fmt.Errorf("%w: one or more of %s", err, strings.Join(needed, ", "))
	}
	if err != nil {
		return nil, err
	}
	missing := slices.DeleteFunc(slices.Clone(needed), func(s string) bool { return slices.Contains(granted, s) })
	if len(missing) > 0 {
		return granted, fmt.Errorf("%w: %s", ErrScope, strings.Join(missing, ", "))
	}
	return granted, nil
}

// ask takes a reply without a scope to mean that all was granted (RFC 6749 §5.1).
func (t *tokens) ask(ctx context.Context, scopes []string) ([]string, error) {
	if err := t.lock(ctx); err != nil {
		return nil, err
	}
	defer t.unlock()
	t.config.Scopes = scopes
	token, err := t.fetch(ctx)
	if err != nil {
		return nil, err
	}
	if granted, ok := token.Extra("scope").(string); ok && granted != "" {
		return strings.Fields(granted), nil
	}
	return scopes, nil
}
