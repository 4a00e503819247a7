package pipeline

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"embark/onboard"
	"embark/paxossim"
)

// TestRunReasonsInVain: a Paxos that is away when a run asks for reasons is
// asked once, and the run ends all the same.
func TestRunReasonsInVain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 50, paxossim.Options{Stuck: 1})
		asked := 0
		r.between(func(q *http.Request) *http.Response {
			if q.Method != http.MethodGet || !strings.Contains(q.URL.RawQuery, "details") {
				return nil
			}
			asked++
			return answered(http.StatusServiceUnavailable, "")
		})
		r.expect(r.must(func(c *Config) { c.Wait = time.Minute }), map[onboard.Outcome]int{onboard.OutcomePending: 50})
		if asked == 0 || asked > 4 {
			t.Errorf("got %d requests, want one and its repeats", asked)
		}
	})
}
