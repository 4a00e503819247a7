package pipeline

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"embark/checkpoint"
)

const (
	keyHeader = "X-Webhook-Key"
	oldKey    = "the-old-key-of-the-webhook"
	newKey    = "the-new-key-of-the-webhook"
	someEvent = "11111111-2222-4333-8444-555555555555"
	approved  = `{"id":"` + someEvent + `","type":"identity.approved","source":"com.paxos","time":"2026-11-01T00:00:00Z","object":"event","is_test":false}`
)

// newTestWebhook is one of a run that does nothing else.
func newTestWebhook(t *testing.T, change func(*Config)) *webhook {
	t.Helper()
	store, err := checkpoint.Open(checkpoint.Options{Path: t.TempDir() + "/embark.db", Environment: "test", ClientID: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	r := &run{Config: Config{Store: store}}
	if change != nil {
		change(&r.Config)
	}
	r.events, r.inbox = newFeed(r), newInbox(r)
	return newWebhook(&Webhook{Header: keyHeader, Keys: []string{oldKey, newKey}}, r.inbox)
}

func (h *webhook) call(method, path, key, body string) int {
	q := httptest.NewRequest(method, path, strings.NewReader(body))
	if key != "" {
		q.Header.Set(keyHeader, key)
	}
	w := httptest.NewRecorder()
	h.server().Handler.ServeHTTP(w, q)
	return w.Code
}

func (h *webhook) letters(t *testing.T) (ids []string) {
	t.Helper()
	letters, err := h.Store.Letters("", 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range letters {
		ids = append(ids, l.ID)
	}
	return ids
}

func TestWebhookAnswers(t *testing.T) {
	padded := func(n int) string { return approved[:len(approved)-1] + strings.Repeat(" ", n-len(approved)) + "}" }
	for name, tt := range map[string]struct {
		method, path, key, body string
		want                    int
		queued                  bool
	}{
		"approved":              {key: oldKey, body: approved, want: 204, queued: true},
		"the other key":         {key: newKey, body: approved, want: 204, queued: true},
		"denied":                {body: strings.Replace(approved, "approved", "denied", 1), want: 204, queued: true},
		"disabled":              {body: strings.Replace(approved, "approved", "disabled", 1), want: 204, queued: true},
		"documents":             {body: strings.Replace(approved, "approved", "documents_required", 1), want: 204, queued: true},
		"least":                 {body: `{"id":"a","type":"identity.approved"}`, want: 204, queued: true},
		"as large as may be":    {body: padded(maxNotice), want: 204, queued: true},
		"test event":            {body: strings.Replace(approved, "false", "true", 1), want: 204},
		"other type":            {body: `{"id":"a","type":"transfer.wire_deposit.completed"}`, want: 204},
		"no key":                {key: "none", body: approved, want: 401},
		"empty key":             {key: " ", body: approved, want: 401},
		"wrong key":             {key: oldKey + "x", body: approved, want: 401},
		"beginning of a key":    {key: oldKey[:10], body: approved, want: 401},
		"wrong key, large body": {key: "wrong", body: padded(maxNotice + 1), want: 401},
		"method":                {method: "GET", want: 405},
		"put":                   {method: "PUT", body: approved, want: 405},
		"path":                  {path: "/", body: approved, want: 404},
		"path below":            {path: "/webhook/x", body: approved, want: 404},
		"too large":             {body: padded(maxNotice + 1), want: 413},
		"no body":               {want: 400},
		"no JSON":               {body: "hello", want: 400},
		"list":                  {body: "[" + approved + "]", want: 400},
		"more behind it":        {body: approved + approved, want: 400},
		"no id":                 {body: `{"type":"identity.approved"}`, want: 400},
		"no type":               {body: `{"id":"a"}`, want: 400},
		"id with a path":        {body: `{"id":"../identity/identities","type":"identity.approved"}`, want: 400},
		"id too long":           {body: `{"id":"` + strings.Repeat("a", maxEventID+1) + `","type":"identity.approved"}`, want: 400},
	} {
		t.Run(name, func(t *testing.T) {
			h := newTestWebhook(t, nil)
			if tt.key == "" {
				tt.key = oldKey
			} else if tt.key == "none" {
				tt.key = ""
			}
			if tt.method == "" {
				tt.method = "POST"
			}
			if tt.path == "" {
				tt.path = WebhookPath
			}
			if got := h.call(tt.method, tt.path, tt.key, tt.body); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
			if queued := len(h.letters(t)) == 1; queued != tt.queued {
				t.Errorf("got queued %t, want %t", queued, tt.queued)
			}
		})
	}
}

// TestWebhookTakesRepeats: a notice that comes again gets the same answer, and
// is queued no second time, not even when its event was handled meanwhile.
func TestWebhookTakesRepeats(t *testing.T) {
	h := newTestWebhook(t, nil)
	for range 3 {
		if got := h.call("POST", WebhookPath, newKey, approved); got != 204 {
			t.Errorf("got %d, want 204", got)
		}
	}
	if diff := cmp.Diff([]string{someEvent}, h.letters(t)); diff != "" {
		t.Error(diff)
	}
	if err := h.Store.Handled(t.Context(), time.Now(), someEvent); err != nil {
		t.Fatal(err)
	}
	h.call("POST", WebhookPath, newKey, approved)
	if got := h.letters(t); got != nil {
		t.Errorf("got %v, want nothing queued of what was handled", got)
	}
	if got := h.counts().Received; got != 1 {
		t.Errorf("got %d received, want 1", got)
	}
}

// slowInbox is a store whose enqueues take a minute, or fail.
type slowInbox struct {
	Store
	begun chan struct{}
	end   chan error
}

func (s *slowInbox) Enqueue(ctx context.Context, id string, now time.Time) (bool, error) {
	close(s.begun)
	if err := <-s.end; err != nil {
		return false, err
	}
	return s.Store.Enqueue(ctx, id, now)
}

// TestWebhookAnswersAfterTheWrite: there is no answer before the notice is on
// disk, no success when it cannot be, and the webhook does not shut meanwhile.
func TestWebhookAnswersAfterTheWrite(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		want int
	}{"written": {nil, 204}, "disk full": {errors.New("disk full"), 503}} {
		t.Run(name, func(t *testing.T) {
			slow := &slowInbox{begun: make(chan struct{}), end: make(chan error)}
			h := newTestWebhook(t, func(c *Config) { slow.Store, c.Store = c.Store, slow })
			answer, shut := make(chan int, 1), make(chan struct{})
			go func() { answer <- h.call("POST", WebhookPath, oldKey, approved) }()
			<-slow.begun
			go func() { h.stop(&http.Server{}); close(shut) }()
			select {
			case got := <-answer:
				t.Errorf("got %d before the write, want no answer yet", got)
			case <-shut:
				t.Error("the webhook is shut while the store writes")
			case <-time.After(50 * time.Millisecond):
			}
			slow.end <- tt.err
			if got := <-answer; got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
			<-shut
			if got := h.call("POST", WebhookPath, oldKey, approved); got != 503 {
				t.Errorf("got %d from a webhook that is shut, want 503", got)
			}
		})
	}
}

// line is a listener in memory.
type line struct {
	conns chan net.Conn
	once  sync.Once
	gone  chan struct{}
}

func newLine() *line { return &line{conns: make(chan net.Conn), gone: make(chan struct{})} }

func (l *line) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.gone:
		return nil, net.ErrClosed
	}
}

func (l *line) Close() error { l.once.Do(func() { close(l.gone) }); return nil }

func (l *line) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }

func (l *line) dial() (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.gone:
		return nil, net.ErrClosed
	}
}

// client posts notices over the line, a connection each.
func (l *line) client() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true,
		DialContext: func(context.Context, string, string) (net.Conn, error) { return l.dial() }}}
}

// announce tells the webhook of an event, and returns the status, 0 for none.
func (l *line) announce(id string) int {
	body := strings.Replace(approved, someEvent, id, 1)
	q, _ := http.NewRequest("POST", "http://embark.invalid"+WebhookPath, strings.NewReader(body))
	q.Header.Set(keyHeader, newKey)
	res, err := l.client().Do(q)
	if err != nil {
		return 0
	}
	res.Body.Close()
	return res.StatusCode
}

// serving is a webhook that is served until the test ends, in a bubble.
func serving(t *testing.T) (*line, *webhook) {
	h, l := newTestWebhook(t, nil), newLine()
	h.Webhook = &Webhook{Listener: l, Header: keyHeader, Keys: []string{newKey}}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.run.receive(ctx) }()
	t.Cleanup(func() {
		cancel()
		began := time.Now()
		if err := <-done; err != nil || h.counts().Broken != nil {
			t.Errorf("got %v, %v, want an orderly end", err, h.counts().Broken)
		}
		if took := time.Since(began); took > grace {
			t.Errorf("got shut after %s, want it within the grace", took)
		}
	})
	return l, h
}

// closed waits for the other side to hang up, and tells how long it took.
func closed(t *testing.T, c net.Conn) time.Duration {
	t.Helper()
	began := time.Now()
	if err := c.SetReadDeadline(began.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	for b := make([]byte, 1024); ; {
		if _, err := c.Read(b); err != nil {
			return time.Since(began)
		}
	}
}

// TestWebhookHangsUpOnTheSlow: neither a header nor a body, nor the next request
// of a connection, is waited for for long.
func TestWebhookHangsUpOnTheSlow(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "",
		"header":  "POST /webhook HTTP/1.1\r\nHost: a\r\n",
		"body":    "POST /webhook HTTP/1.1\r\nHost: a\r\nX-Webhook-Key: " + newKey + "\r\nContent-Length: 100\r\n\r\n{",
		"idle":    "POST /webhook HTTP/1.1\r\nHost: a\r\nX-Webhook-Key: " + newKey + "\r\nContent-Length: 2\r\n\r\n{}",
	} {
		bubble(t, name, func(t *testing.T) {
			l, _ := serving(t)
			c, err := l.dial()
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			go func() { _, _ = c.Write([]byte(text)) }()
			if took := closed(t, c); took > idleWithin+time.Second {
				t.Errorf("got %s, want it cut off by then", took)
			}
		})
	}
}

// TestWebhookBoundsConnections: of those that hold a connection and say nothing
// only so many are borne.
func TestWebhookBoundsConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, _ := serving(t)
		var all []net.Conn
		for range maxConns {
			c, err := l.dial()
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			all = append(all, c)
		}
		synctest.Wait()
		if got := l.announce(someEvent); got != 0 {
			t.Errorf("got %d over one connection too many, want it closed", got)
		}
		all[0].Close()
		synctest.Wait()
		if got := l.announce(someEvent); got != 204 {
			t.Errorf("got %d after one had gone, want 204", got)
		}
	})
}

// TestWebhookEndsAlone: a listener that breaks does not end the run.
func TestWebhookEndsAlone(t *testing.T) {
	h, l := newTestWebhook(t, nil), newLine()
	h.Webhook = &Webhook{Listener: l, Header: keyHeader, Keys: []string{newKey}}
	l.Close()
	if err := h.run.receive(t.Context()); err != nil {
		t.Errorf("got %v, want no error", err)
	}
	if h.counts().Broken == nil {
		t.Error("got no word of it, want the reason in the counts")
	}
}
