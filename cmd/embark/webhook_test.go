package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"embark/paxos"
	"embark/pipeline"
)

func TestWebhookAddress(t *testing.T) {
	for text, want := range map[string]string{
		"8090": "127.0.0.1:8090", ":8090": "127.0.0.1:8090", "localhost:8090": "localhost:8090", "0.0.0.0:8090": "0.0.0.0:8090",
		"[::1]:8090": "[::1]:8090", "127.0.0.1:0": "127.0.0.1:0",
		"host": "", "host:": "", ":": "", "host:99999": "", "http://host:80": "", "[::1]": "",
	} {
		got, err := webhookAddress(text)
		var usage *usageError
		if got != want || want == "" && !errors.As(err, &usage) {
			t.Errorf("%q: got %q, %v, want %q", text, got, err, want)
		}
	}
}

// scriptPort sets $PORT to a free one; with the argument held it is taken, until
// the script ends.
func scriptPort(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv("PORT", strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	if len(args) == 1 && args[0] == "held" {
		ts.Defer(func() { l.Close() })
		return
	}
	ts.Check(l.Close())
}

// scriptAnnounce tells the webhook at $PORT of every event of the simulator,
// with a header and an answer that it should give.
func scriptAnnounce(ts *testscript.TestScript, _ bool, args []string) {
	header, key, _ := strings.Cut(args[0], ":")
	client := paxos.New(paxos.Options{APIURL: "http://simulator.invalid/v2", TokenURL: "http://simulator.invalid/oauth2/token",
		ClientID: ts.Getenv("PAXOS_CLIENT_ID"), ClientSecret: ts.Getenv("PAXOS_CLIENT_SECRET"),
		Limits: paxos.Limits{Token: 1000, Other: 1000}, Transport: simulatorOf(ts).Transport()})
	_, err := client.Authorize(context.Background(), nil, []string{paxos.ScopeReadEvent})
	ts.Check(err)
	page, err := client.ListEvents(context.Background(), paxos.ListEventsQuery{})
	ts.Check(err)
	if len(page.Events) == 0 {
		ts.Fatalf("there is no event to announce")
	}
	for _, e := range page.Events {
		body := fmt.Sprintf(`{"id":%q,"type":%q,"source":"com.paxos","object":"event","is_test":false}`, e.ID, e.Type)
		q, err := http.NewRequest("POST", "http://127.0.0.1:"+ts.Getenv("PORT")+pipeline.WebhookPath, strings.NewReader(body))
		ts.Check(err)
		q.Header.Set(header, key)
		if got := postSoon(ts, q); got != args[1] {
			ts.Fatalf("got %s, want %s", got, args[1])
		}
	}
}

// postSoon waits for the webhook to be served.
func postSoon(ts *testscript.TestScript, q *http.Request) string {
	client := &http.Client{Timeout: 10 * time.Second}
	for range 500 {
		q.Body, _ = q.GetBody()
		if res, err := client.Do(q); err == nil {
			res.Body.Close()
			return strconv.Itoa(res.StatusCode)
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("nobody answers")
	return ""
}
