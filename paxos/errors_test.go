package paxos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func response(status int, header ...string) *http.Response {
	res := &http.Response{StatusCode: status, Header: http.Header{}}
	for i := 0; i+1 < len(header); i += 2 {
		res.Header.Set(header[i], header[i+1])
	}
	return res
}

func TestNewError(t *testing.T) {
	const exists = `{"type":"https://developer.paxos.com/docs/v2/problems/already-exists","title":"Already Exists","status":409,` +
		`"detail":"duplicate ref_id provided","meta":{"existing":{"id":"11111111-2222-4333-8444-555555555555"}}}`
	tests := []struct {
		name   string
		status int
		body   string
		want   Error
		text   string
	}{
		{"conflict", 409, exists, Error{Type: "already-exists", Field: "ref_id", ExistingID: "11111111-2222-4333-8444-555555555555"},
			"Op: HTTP 409 already-exists (ref_id)"},
		{"conflict without meta", 409, `{"type":"about:blank"}`, Error{}, "Op: HTTP 409"},
		{"conflict with odd meta", 409, `{"type":"x/already-exists","meta":{"existing":[1]}}`, Error{Type: "already-exists"},
			"Op: HTTP 409 already-exists"},
		{"conflict of a document", 409, `{"type":"https://x/already-exists","detail":"file named \"passport of Ada.pdf\" already exists",` +
			`"meta":{"existing":{"name":"passport of Ada.pdf"}}}`, Error{Type: "already-exists", NameTaken: true}, "Op: HTTP 409 already-exists"},
		{"conflict of a named object", 409, `{"type":"https://x/already-exists","meta":{"existing":{"id":"x","name":"y"}}}`,
			Error{Type: "already-exists", ExistingID: "x"}, "Op: HTTP 409 already-exists"},
		{"name without a conflict", 404, `{"meta":{"existing":{"name":"y"}}}`, Error{}, "Op: HTTP 404"},
		{"order's conflict", 409, `{"type":"https://x/already_exists","meta":{"existing":{"id":"x","ref_id":"r","status":"OPEN","metadata":{"a":"b"},"is_triggered":false}}}`,
			Error{Type: "already-exists", ExistingID: "x"}, "Op: HTTP 409 already-exists"},
		{"bad request", 400, `{"type":"about:blank","detail":"zip_code is required"}`, Error{Field: "zip_code"}, "Op: HTTP 400 (zip_code)"},
		{"scope", 403, `{"detail":"insufficient scopes: found 'a', required one of '[b]'"}`, Error{scope: true}, "Op: HTTP 403"},
		{"no scope", 400, `{"detail":"insufficient scopes"}`, Error{}, "Op: HTTP 400"},
		{"empty", 404, ``, Error{}, "Op: HTTP 404"},
		{"page", 502, `<html>Bad Gateway</html>`, Error{}, "Op: HTTP 502"},
		{"other JSON", 500, `["type"]`, Error{}, "Op: HTTP 500"},
		{"odd types", 400, `{"type":7,"detail":"ref_id","meta":"x"}`, Error{Field: "ref_id"}, "Op: HTTP 400 (ref_id)"},
	}
	for _, tt := range tests {
		got := newError("Op", response(tt.status), []byte(tt.body))
		tt.want.Operation, tt.want.Status = "Op", tt.status
		if *got != tt.want || got.Error() != tt.text {
			t.Errorf("%s: got %+v %q, want %+v %q", tt.name, *got, got, tt.want, tt.text)
		}
		if errors.Is(got, ErrScope) != tt.want.scope {
			t.Errorf("%s: is ErrScope: got %v, want %v", tt.name, errors.Is(got, ErrScope), tt.want.scope)
		}
	}
}

// Whatever Paxos writes about a customer stays out of the text and of every
// field of the error but the id.
func TestErrorRepeatsNothing(t *testing.T) {
	for _, body := range []string{
		`{"type":"about:blank","title":"Canary","detail":"first_name Canary has ssn 987-65-4321"}`,
		`{"type":"Canary 987-65-4321","title":"Canary","status":"Canary"}`,
		`{"type":"https://x/problems/987-65-4321","instance":"/Canary"}`,
		`{"type":"https://x/problems/bad?name=Canary","request_id":"Canary"}`,
		`{"type":"https://x/problems/a\nCanary"}`,
		`{"type":"https://x/problems/bad#987-65-4321"}`,
		`{"type":"` + strings.Repeat("canary", 20) + `"}`,
		`{"meta":{"Canary":"987-65-4321"}}`,
		`{"meta":{"existing":{"name":"Canary 987-65-4321.pdf","nickname":"Canary"}}}`,
		`Canary 987-65-4321`,
	} {
		err := newError("Op", response(400, "X-Canary", "Canary"), []byte(body))
		for _, text := range []string{err.Error(), fmt.Sprintf("%+v", *err)} {
			if strings.Contains(strings.ToLower(text), "canary") || strings.Contains(text, "4321") {
				t.Errorf("%s: got %q, which repeats it", body, text)
			}
		}
	}
}

func TestProblemType(t *testing.T) {
	tests := map[string]string{
		"":            "",
		"about:blank": "",
		"https://developer.paxos.com/docs/v2/problems/already-exists": "already-exists",
		"https://api.paxos.com/v2/problems/insufficient_funds":        "insufficient-funds",
		"https://docs.paxos.com/problems/expired":                     "expired",
		"https://docs.paxos.com/problems/expired/":                    "expired",
		"https://docs.paxos.com/problems/expired#why":                 "expired",
		"rejected":      "rejected",
		"17":            "",
		"with space":    "",
		"https://x/A-B": "",
	}
	for uri, want := range tests {
		if got := problemType(uri); got != want {
			t.Errorf("%q: got %q, want %q", uri, got, want)
		}
	}
}

func TestFieldIn(t *testing.T) {
	tests := map[string]string{
		"":                          "",
		"duplicate ref_id provided": "ref_id",
		"duplicate (cip_id, cip_id_type, cip_id_country) provided": "cip_id",
		"cip_id_type must be one of [SSN]":                         "cip_id_type",
		"person_details.address.zip_code: too long":                "zip_code",
		"invalid 'customer_due_diligence.source_of_wealth'":        "source_of_wealth",
		"xref_id and ref_ids are no fields":                        "",
		"REF_ID":                                                   "",
		"no field here":                                            "",
	}
	for detail, want := range tests {
		if got := fieldIn(detail); got != want {
			t.Errorf("%q: got %q, want %q", detail, got, want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	date := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	day := 24 * time.Hour
	tests := []struct {
		value     string
		low, high time.Duration
	}{
		{"", 0, 0}, {"0", 0, 0}, {"-5", 0, 0}, {"soon", 0, 0}, {"1.5", 0, 0},
		{"120", 2 * time.Minute, 2 * time.Minute},
		{"999999999", day, day}, {"99999999999999999999", day, day}, {"-99999999999999999999", 0, 0},
		{date(time.Hour), 58 * time.Minute, time.Hour}, {date(-time.Hour), 0, 0},
	}
	for _, tt := range tests {
		if got := retryAfter(tt.value); got < tt.low || got > tt.high {
			t.Errorf("%q: got %s, want %s to %s", tt.value, got, tt.low, tt.high)
		}
	}
	if got := newError("Op", response(503, "Retry-After", "7"), nil).RetryAfter; got != 7*time.Second {
		t.Errorf("of an error: got %s, want 7s", got)
	}
}

func TestWhatAStatusMeans(t *testing.T) {
	tests := []struct {
		status             int
		refused, uncertain bool
	}{
		{301, false, true}, {302, false, true}, {303, false, true}, {307, false, true}, {308, false, true},
		{400, true, false}, {401, false, false}, {403, true, false}, {404, true, false}, {405, true, false},
		{408, false, true}, {409, false, false}, {410, true, false}, {413, true, false}, {422, true, false},
		{429, false, false},
		{500, false, true}, {501, false, true}, {502, false, true}, {503, false, true}, {504, false, true}, {520, false, true},
	}
	for _, tt := range tests {
		e := newError("Op", response(tt.status), nil)
		err := fmt.Errorf("wrapped: %w", e)
		if got := StatusOf(err); got != tt.status {
			t.Errorf("status: got %d, want %d", got, tt.status)
		}
		if e.Refused() != tt.refused || Uncertain(err) != tt.uncertain {
			t.Errorf("%d: got refused %v, uncertain %v, want %v, %v", tt.status, e.Refused(), Uncertain(err), tt.refused, tt.uncertain)
		}
	}
}

func TestUncertainWithoutAStatus(t *testing.T) {
	tests := []struct {
		err  error
		want bool
	}{
		{nil, false},
		{ErrNotSent, false},
		{fmt.Errorf("budget: %w: %w", ErrNotSent, context.Canceled), false},
		{fmt.Errorf("create: %w", ErrUnreadable), true},
		{context.Canceled, true},
		{io.ErrUnexpectedEOF, true},
	}
	for _, tt := range tests {
		if got := Uncertain(tt.err); got != tt.want || StatusOf(tt.err) != 0 {
			t.Errorf("%v: got %v with status %d, want %v without", tt.err, got, StatusOf(tt.err), tt.want)
		}
	}
}
