package paxos

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxBody bounds a reply; a page of a hundred identities takes about 200 KiB.
const maxBody = 4 << 20

// Options configure a [Client].
type Options struct {
	APIURL       string // what the specification's paths are appended to; holds /v2 where the host has it
	TokenURL     string
	ClientID     string
	ClientSecret string
	Limits       Limits
	Memory       Memory                // from an earlier process; see [Client.Memory]
	OnSilence    func(until time.Time) // called when a 429 begins or prolongs a pause
	Transport    http.RoundTripper     // bottom of the stack; nil means [NewTransport] without extras
	Signer       *Signer               // nil leaves requests unsigned, as most keys want them
}

// Client calls the API. It is safe for concurrent use.
type Client struct {
	base       string
	production bool         // the base is Paxos's own, and not of its sandbox
	http       *http.Client // for the API
	store      *http.Client // for presigned uploads, which get nothing of ours
	tokens     *tokens
	budget     *budget
}

// New returns a client; nothing is sent before [Client.Authorize].
func New(o Options) *Client {
	if o.Transport == nil {
		o.Transport = NewTransport()
	}
	bottom := o.Transport
	if o.Signer != nil {
		bottom = &signing{bottom, o.Signer}
	}
	b := newBudget(bottom, o.Limits.withDefaults(), o.Memory, time.Now())
	b.onSilence = o.OnSilence
	t := newTokens(o, b)
	stack := &retryGet{&auth{b, t}}
	return &Client{
		base:       strings.TrimSuffix(o.APIURL, "/"),
		production: isProduction(o.APIURL),
		http:       &http.Client{Transport: stack, CheckRedirect: noRedirect},
		store:      &http.Client{Transport: o.Transport, CheckRedirect: noRedirect},
		tokens:     t, budget: b,
	}
}

// NewTransport is an HTTP transport with the time limits that suit the API:
// 10 s to connect, 10 s for TLS, 30 s to the first header of an answer.
func NewTransport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	t.TLSHandshakeTimeout = 10 * time.Second
	t.ResponseHeaderTimeout = 30 * time.Second
	t.MaxIdleConnsPerHost = 1024 // the default of 2 would open a connection for nearly every request
	t.MaxIdleConns = 0
	t.MaxConnsPerHost = 128 // more only cost; with Paxos's usual limits a dozen are in use
	return t
}

// noRedirect hands a redirect back as the answer: a create must not be
// repeated elsewhere, nor the token be sent to another host.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Authorize fetches the first token and returns the granted scopes. An error
// that is [ErrScope] names the needed scopes that are missing.
func (c *Client) Authorize(ctx context.Context, needed, optional []string) ([]string, error) {
	return c.tokens.authorize(ctx, needed, optional)
}

// SilentFor is how long the pause after a 429 still lasts.
func (c *Client) SilentFor() time.Duration { return c.budget.silentFor(time.Now()) }

// Memory is what the next process should be given as [Options.Memory].
func (c *Client) Memory() Memory { return c.budget.memory() }

// ServerTime is the server's clock, judged by the last answer's Date header.
func (c *Client) ServerTime() time.Time {
	c.budget.mu.Lock()
	defer c.budget.mu.Unlock()
	return time.Now().Add(c.budget.offset)
}

func (c *Client) get(ctx context.Context, op, path string, query url.Values, out any) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return c.do(ctx, op, http.MethodGet, path, nil, out)
}

// do makes one call under its [timing]; an error before the first connection
// is [ErrNotSent].
func (c *Client) do(ctx context.Context, op, method, path string, body []byte, out any) error {
	ctx, t := withTiming(ctx, callTimeout)
	defer t.end()
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s: %w: %w", op, ErrNotSent, err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("%s: %w", op, sendError(err, t.connected.Load()))
	}
	defer res.Body.Close()
	return read(op, res, out)
}

// sendError drops the URL from a transport error and marks those that cannot
// have reached Paxos.
func sendError(err error, connected bool) error {
	err = withoutText(err)
	if connected {
		return err
	}
	return fmt.Errorf("%w: %w", ErrNotSent, err)
}

// withoutText keeps errors whose text is known to be about the connection, and
// of others the type alone: net/http quotes malformed answers.
func withoutText(err error) error {
	var (
		network     *net.OpError
		certificate *tls.CertificateVerificationError
		wrapped     *url.Error
	)
	if errors.As(err, &wrapped) {
		err = wrapped.Err // the rest is the URL
	}
	for _, known := range []error{ErrNotSent, ErrCredentials, ErrScope, errTurn, errLate, errSlow, errDocument, context.Canceled,
		context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF} {
		if errors.Is(err, known) {
			return err
		}
	}
	if errors.As(err, &network) || errors.As(err, &certificate) {
		return err
	}
	return fmt.Errorf("broken answer (%T)", err)
}

// decode is lenient where the meaning is clear. For a reply that echoes an
// identity it takes a quarter of the time of encoding/json.
func decode(body []byte, out any) error {
	return json.Unmarshal(body, out, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

func read(op string, res *http.Response, out any) error {
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody))
	if res.StatusCode < 200 || res.StatusCode > 299 {
		refused := newError(op, res, body)
		refused.Broken = err != nil
		return refused
	}
	if err != nil {
		return fmt.Errorf("%s: %w: %w", op, ErrUnreadable, withoutText(err))
	}
	if decode(body, out) != nil { // its error may quote the body
		return fmt.Errorf("%s: %w", op, ErrUnreadable)
	}
	return nil
}
