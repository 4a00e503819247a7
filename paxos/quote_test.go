package paxos_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"embark/paxos"
)

// canary stands for what a customer's data would be in an answer.
const canary = "Canaryname"

const goodToken = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 58\r\n\r\n" +
	`{"access_token":"x","token_type":"bearer","expires_in":99}`

// malformed are answers that net/http, or its helpers, quote in their errors.
var malformed = map[string]string{
	"status line":    canary + "\r\n\r\n",
	"status code":    "HTTP/1.1 " + canary + "\r\n\r\n",
	"header":         "HTTP/1.1 200 OK\r\n" + canary + " without a colon\r\n\r\n",
	"content length": "HTTP/1.1 200 OK\r\nContent-Length: " + canary + "\r\n\r\n",
	"transfer":       "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + canary + "\r\n\r\n",
	"chunk":          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + canary + "\r\n\r\n",
	"trailer":        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + canary + " without a colon\r\n\r\n",
	"body":           "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n" + canary + "{}",
}

// TestBrokenAnswersAreNotQuoted: what a server answers that does not speak HTTP
// properly is in no error, whatever was asked for.
func TestBrokenAnswersAreNotQuoted(t *testing.T) {
	for name, answer := range malformed {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := rawClient(t, goodToken, answer)
				wantUnquoted(t, "POST", create(t.Context(), c))
				_, err := c.GetIdentity(t.Context(), "x", false)
				wantUnquoted(t, "GET", err)
				c = rawClient(t, answer, answer)
				wantUnquoted(t, "token", create(t.Context(), c))
				_, err = c.Authorize(t.Context(), nil, nil)
				wantUnquoted(t, "first token", err)
			})
		})
	}
}

func wantUnquoted(t *testing.T, what string, err error) {
	t.Helper()
	if err == nil || strings.Contains(err.Error(), canary) {
		t.Errorf("%s: got error %v, want one that does not quote the answer", what, err)
	}
}

// rawClient is a client whose connections lead to a server that answers with
// these very bytes. There is real HTTP in between, but no socket.
func rawClient(t *testing.T, token, answer string) *paxos.Client {
	transport := paxos.NewTransport()
	transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go answerRaw(there, token, answer)
		return here, nil
	}
	t.Cleanup(transport.CloseIdleConnections)
	return newClient(transport)
}

func answerRaw(conn net.Conn, token, answer string) {
	defer conn.Close()
	r, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, r.Body)
	if strings.HasSuffix(r.URL.Path, "/oauth2/token") {
		answer = token
	}
	_, _ = fmt.Fprint(conn, answer)
}

// TestBrokenConflict: a 409 whose body breaks off says so, since it may have
// named an identity.
func TestBrokenConflict(t *testing.T) {
	for _, broken := range []bool{false, true} {
		w := &wire{answer: func(int, *http.Request) (*http.Response, error) {
			res := reply(http.StatusConflict, `{"type":"https://x/already-exists","meta":{"exi`)
			if broken {
				res.Body = io.NopCloser(io.MultiReader(res.Body, brokenOff{}))
			}
			return res, nil
		}}
		err := create(t.Context(), newClient(w))
		var e *paxos.Error
		if !errors.As(err, &e) || e.Status != http.StatusConflict || e.Broken != broken || paxos.Uncertain(err) {
			t.Errorf("broken %t: got %v, uncertain %t, want a 409 that knows it", broken, err, paxos.Uncertain(err))
		}
	}
}

// brokenOff is the end of a body whose connection was lost.
type brokenOff struct{}

func (brokenOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
