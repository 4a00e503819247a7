package pipeline

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"embark/onboard"
	"embark/paxossim"
)

// TestRunWarnsOfRealData: in a test system real people's data has no place.
func TestRunWarnsOfRealData(t *testing.T) {
	for _, tt := range []struct {
		from, to string
		sandbox  bool
		want     int
	}{{",9", ",2", true, 1}, {",9", ",2", false, 0}, {"", "", true, 0}} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, 3, paxossim.Options{})
			if tt.from != "" {
				r.writeInput(strings.ReplaceAll(readInput(r), tt.from, tt.to))
			}
			var warnings []string
			r.must(func(c *Config) {
				c.Input.Extras.Sandbox = tt.sandbox
				c.Warn = func(text string) { warnings = append(warnings, text) }
			})
			if len(warnings) != tt.want {
				t.Errorf("%+v: got %q, want %d", tt, warnings, tt.want)
			}
		})
	}
}

// TestRunIdleFromItsStart: a run that only waits lists identities now and then,
// beside the events, and not at every look: the lists come from the budget of
// the creates. In ten minutes that is after 10, 30, 70, 150, 310 s and at the end.
func TestRunIdleFromItsStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 3, paxossim.Options{Stuck: 1, Faults: paxossim.Faults{Latency: 500 * time.Millisecond}})
		r.must(func(c *Config) { c.Wait = 0 })
		before := r.sim.Stats().Requests["ListIdentities"]
		result := r.must(func(c *Config) { c.Input, c.Wait = Input{}, 10*time.Minute })
		r.expect(result, map[onboard.Outcome]int{onboard.OutcomePending: 3})
		if n := r.sim.Stats().Requests["ListIdentities"] - before; n == 0 || n > 40 {
			t.Errorf("got %d lists in ten minutes, want a few", n)
		}
	})
}
