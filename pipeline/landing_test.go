package pipeline

import (
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"embark/onboard"
	"embark/paxos"
	"embark/paxossim"
)

// TestRunLandsAfterAnError: an error that ends the run lets the creates that
// are in flight land.
func TestRunLandsAfterAnError(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		body   string
		fast   int64 // creates that are answered at once
		want   error
	}{
		"error budget": {http.StatusBadRequest, "{}", judgedAfter, ErrErrorBudget},
		"scope":        {http.StatusForbidden, `{"status":403,"detail":"insufficient scopes, expected x"}`, 0, paxos.ErrScope},
	} {
		bubble(t, name, func(t *testing.T) {
			const rows = 150
			r := newRig(t, rows, paxossim.Options{Stuck: 1})
			r.slowButOne(tt.fast, tt.status, tt.body)
			result, err := r.run(t.Context(), func(c *Config) { c.MaxErrors = 0.001 })
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			made, got := r.sim.Stats().Objects.Identities, result.Summary.Outcomes
			if got[onboard.OutcomeInDoubt] != 0 || got[onboard.OutcomePending] != made || made < rows/10 {
				t.Errorf("got %v with %d identities made, want them known and none in doubt", got, made)
			}
		})
	}
}

// slowButOne answers some creates at once, refuses one a second later, and
// answers all others after five.
func (r *rig) slowButOne(fast int64, status int, body string) {
	base := r.sim.Transport()
	var n atomic.Int64
	r.transport = via(func(q *http.Request) (*http.Response, error) {
		if !posts(q, "identities") {
			return base.RoundTrip(q)
		}
		switch i := n.Add(1); {
		case i <= fast:
			return base.RoundTrip(q)
		case i == fast+1:
			time.Sleep(time.Second)
			return answered(status, body), nil
		}
		res, err := base.RoundTrip(q)
		if sleep(q.Context(), 5*time.Second); q.Context().Err() != nil {
			return nil, q.Context().Err()
		}
		return res, err
	})
}
