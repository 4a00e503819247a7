package pipeline

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"embark/onboard"
	"embark/paxos"
	"embark/paxossim"
)

// TestRunWithoutUsableEvents: where the events cannot be read although the
// scope was granted, sweeps bring the decisions.
func TestRunWithoutUsableEvents(t *testing.T) {
	for name, reply := range map[string]struct {
		status int
		body   string
	}{
		"broken":        {http.StatusInternalServerError, ""},
		"forbidden":     {http.StatusForbidden, `{"type":"about:blank","status":403,"title":"Forbidden"}`},
		"scope missing": {http.StatusForbidden, `{"status":403,"detail":"insufficient scopes, expected event:read_event"}`},
		"gone":          {http.StatusNotFound, ""},
		"unreadable":    {http.StatusOK, "<html>"},
	} {
		bubble(t, name, func(t *testing.T) {
			r := newRig(t, 5, paxossim.Options{ApproveAfter: 5 * time.Second})
			r.between(func(q *http.Request) *http.Response {
				if isEvents(q) {
					return answered(reply.status, reply.body)
				}
				return nil
			})
			r.expect(r.must(nil), map[onboard.Outcome]int{onboard.Onboarded: 5})
			r.once(5)
			if took := time.Since(synctestEpoch); took > 2*time.Minute {
				t.Errorf("got the decisions after %s, want them soon after they fell", took)
			}
		})
	}
}

func isEvents(q *http.Request) bool { return strings.HasSuffix(q.URL.Path, "/events") }

// TestRunSweepsWhileSending: decisions are not left until all identities are
// sent, when the events cannot be read.
func TestRunSweepsWhileSending(t *testing.T) {
	for _, status := range []int{http.StatusInternalServerError, http.StatusForbidden} {
		bubble(t, http.StatusText(status), func(t *testing.T) {
			r := newRig(t, 150, paxossim.Options{ApproveAfter: time.Second})
			r.limits = paxos.Limits{Token: 10, Identity: 5, Other: 50}
			accounts, before := 0, 0 // posted, and of these before the last identity
			r.between(func(q *http.Request) *http.Response {
				switch {
				case isEvents(q):
					return answered(status, "")
				case posts(q, "accounts"):
					accounts++
				case posts(q, "identities"):
					before = accounts
				}
				return nil
			})
			r.expect(r.must(nil), map[onboard.Outcome]int{onboard.Onboarded: 150})
			if before < 15 {
				t.Errorf("got %d accounts before the last identity, want some of them", before)
			}
		})
	}
}

// TestFatal: what Paxos answers to the feed is for the creates to judge, unless
// it refuses the credentials.
func TestFatal(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{errors.Join(errPaxos, io.ErrUnexpectedEOF), false},
		{errors.Join(errPaxos, &paxos.Error{Status: http.StatusForbidden}), false},
		{errors.Join(errPaxos, paxos.ErrCredentials), true},
		{errors.New("disk full"), true},
	} {
		if got := fatal(tt.err); got != tt.want {
			t.Errorf("%v: got %t, want %t", tt.err, got, tt.want)
		}
	}
}
