package paxos_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"embark/paxos"
)

const secretURL = "https://store.test/bucket/key?X-Signature=secret&X-Expires=900"

func put(ctx context.Context, c *paxos.Client, url, document string) error {
	return c.PutDocument(ctx, url, "application/pdf", int64(len(document)), strings.NewReader(document))
}

// The store gets the document and nothing of ours.
func TestPutDocument(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(_ int, r *http.Request) (*http.Response, error) {
			if got := r.URL.String(); got != secretURL || r.ContentLength != 4 || len(r.TransferEncoding) != 0 {
				t.Errorf("got %s with length %d and encoding %q, want the URL as it is, and 4", got, r.ContentLength, r.TransferEncoding)
			}
			return reply(200, "<ok/>"), nil
		}}
		if err := put(t.Context(), newClient(w, signed(t)), secretURL, "%PDF"); err != nil {
			t.Fatal(err)
		}
		r := w.all(false)[0]
		want := http.Header{"Content-Type": {"application/pdf"}}
		if r.method != "PUT" || r.body != "%PDF" || !slices.Equal(headerNames(r.header), headerNames(want)) || r.header.Get("Content-Type") != "application/pdf" {
			t.Errorf("got %s %q with %v, want the document with %v", r.method, r.body, r.header, want)
		}
		w.wantCalls(t, 1, 0)
	})
}

func headerNames(h http.Header) (names []string) {
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Uploads are not Paxos's requests: neither its limits nor its pauses count.
func TestPutDocumentHasNoBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(_ int, r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost {
				return reply(429, ""), nil
			}
			return reply(200, ""), nil
		}}
		c := newClient(w)
		_ = create(t.Context(), c)
		before, start := c.SilentFor(), time.Now()
		for range 100 {
			if err := put(t.Context(), c, secretURL, "x"); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took > 0 || before == 0 {
			t.Errorf("100 uploads in a pause of %s: got %s, want no waiting", before, took)
		}
		used := c.Memory().Used[paxos.ClassOther]
		if len(used) > 0 {
			t.Errorf("counted: got %v, want nothing", used)
		}
	})
}

// A 429 of the store's is none of Paxos's.
func TestStoresRefusals(t *testing.T) {
	for _, status := range []int{302, 307, 400, 403, 404, 412, 429, 500, 503} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{answer: always(status, `<Error>`+secretURL+`</Error>`, "Location", secretURL, "Retry-After", "7")}
			c := newClient(w)
			err := put(t.Context(), c, secretURL, "x")
			var e *paxos.Error
			if !errors.As(err, &e) || *e != (paxos.Error{Operation: "PutDocument", Status: status, RetryAfter: 7 * time.Second}) {
				t.Errorf("%d: got %+v, want its status", status, e)
			}
			if paxos.StatusOf(err) != status || c.SilentFor() > 0 || errors.Is(err, paxos.ErrScope) {
				t.Errorf("%d: got %v and a pause of %s, want none", status, err, c.SilentFor())
			}
			wantNoURL(t, err)
			w.wantCalls(t, 1, 0)
		})
	}
}

func wantNoURL(t *testing.T, err error) {
	t.Helper()
	if text := fmt.Sprintf("%v %+v", err, err); err == nil || strings.Contains(text, "secret") || strings.Contains(text, "store.test") {
		t.Errorf("got %q, want an error without the URL", text)
	}
}

func TestWhereDocumentsMayGo(t *testing.T) {
	tests := map[string]bool{
		secretURL:                            true,
		"http://127.0.0.1:7/secret":          true,
		"http://[::1]:7/secret":              true,
		"http://localhost/secret":            true,
		"http://paxos.test/secret":           true, // where the API itself is
		"http://paxos.test:81/secret":        false,
		"http://store.test/secret":           false,
		"http://localhost.store.test/secret": false,
		"HTTP://store.test/secret":           false,
		"ftp://127.0.0.1/secret":             false,
		"file:///secret":                     false,
		"//store.test/secret":                false,
		"store.test/secret":                  false,
		"https:///secret":                    false,
		"https://store.test/secret\x7f":      false,
		"https://store.test/%zz?secret":      false,
		"https://store.test:port/secret":     false,
		"":                                   false,
	}
	for url, want := range tests {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{}
			err := put(t.Context(), newClient(w), url, "x")
			if sent := len(w.all(false)) == 1; sent != want || (err == nil) != want {
				t.Errorf("%s: got sent %t and %v, want %t", url, sent, err, want)
			}
			if !want {
				wantNoURL(t, err)
				if !isNotSent(err) {
					t.Errorf("%s: got %v, want ErrNotSent", url, err)
				}
			}
		})
	}
}

// With an API in TLS no plain http passes but on this machine.
func TestDocumentsDoNotFallBackToPlainHTTP(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		c := newClient(w, func(o *paxos.Options) { o.APIURL = "https://paxos.test/v2" })
		if err := put(t.Context(), c, "http://paxos.test/secret", "x"); !isNotSent(err) {
			t.Errorf("got %v, want ErrNotSent", err)
		}
		w.wantCalls(t, 0, 0)
	})
}

func TestDocumentsMayTakeTheirTime(t *testing.T) {
	tests := []struct {
		takes, ends time.Duration
		lost        bool
	}{
		{14 * time.Minute, 14 * time.Minute, false},
		{16 * time.Minute, 15 * time.Minute, true},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			err := put(t.Context(), newClient(&wire{answer: func(_ int, r *http.Request) (*http.Response, error) {
				if err := rest(r.Context(), tt.takes); err != nil {
					return nil, err
				}
				return reply(200, ""), nil
			}}), secretURL, "x")
			if (err != nil) != tt.lost || tt.lost && !paxos.Uncertain(err) {
				t.Errorf("%s: got %v, want lost %t", tt.takes, err, tt.lost)
			}
			wantBetween(t, "ended after", time.Since(start), tt.ends, tt.ends)
		})
	}
}

// Over real sockets: the length is announced, and what is not the whole
// document fails with words of its own, which name neither file nor URL.
func TestRealUploads(t *testing.T) {
	store := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.ContentLength != int64(len(body)) || r.Header.Get("Authorization") != "" {
			w.WriteHeader(http.StatusBadRequest)
		}
	}))
	defer store.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	large := bytes.Repeat([]byte("secret"), 1<<20)
	tests := []struct {
		name, url string
		size      int
		body      io.Reader
		want      string
	}{
		{"whole", store.URL, len(large), bytes.NewReader(large), ""},
		{"stream", store.URL, len(large), io.MultiReader(bytes.NewReader(large)), ""},
		{"too short", store.URL, len(large) + 1, bytes.NewReader(large), "could not be read in its size"},
		{"too long", store.URL, len(large) - 1, bytes.NewReader(large), "could not be read in its size"},
		{"unreadable", store.URL, len(large), io.MultiReader(bytes.NewReader(large[:100]), brokenOff{}), "could not be read in its size"},
		{"empty", store.URL, 0, strings.NewReader(""), "could not be read in its size"},
		{"nobody there", gone.URL, 6, strings.NewReader("secret"), "not sent"},
	}
	c, idle := realClient(store.URL, store.URL)
	defer idle()
	for _, tt := range tests {
		err := c.PutDocument(t.Context(), tt.url+"/secret?secret", "image/png", int64(tt.size), tt.body)
		if tt.want == "" && err == nil {
			continue
		}
		if tt.want == "" || err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
			continue
		}
		wantNoURL(t, err)
	}
}

func TestPutDocumentFollowsNoRedirect(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the document was sent elsewhere") }))
	defer elsewhere.Close()
	store := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer store.Close()
	c, idle := realClient(store.URL, store.URL)
	defer idle()
	if err := put(t.Context(), c, store.URL+"/secret", "x"); paxos.StatusOf(err) != http.StatusTemporaryRedirect {
		t.Errorf("got %v, want 307", err)
	}
}
