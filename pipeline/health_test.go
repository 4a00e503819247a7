package pipeline

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"embark/onboard"
	"embark/paxos"
)

// TestHealth: what a stream of answers, one in ten seconds, means for the run.
func TestHealth(t *testing.T) {
	refused := &paxos.Error{Operation: "x", Status: 403}
	for name, tt := range map[string]struct {
		action onboard.Action
		answer onboard.Answer
		want   error
	}{
		"refused creates":           {onboard.Create, onboard.Answer{Err: refused}, ErrErrorBudget},
		"refused readings":          {onboard.Read, onboard.Answer{Err: refused}, nil},
		"refused look-ups":          {onboard.Find, onboard.Answer{Err: refused, Exists: true}, nil},
		"refused rechecks":          {onboard.Recheck, onboard.Answer{Err: refused}, nil},
		"refused before the create": {onboard.Create, onboard.Answer{Err: fmt.Errorf("%w: %w", paxos.ErrNotSent, refused)}, nil},
		"refused after the create":  {onboard.Create, onboard.Answer{Err: refused, Exists: true}, nil},
		"refused candidates":        {onboard.Create, onboard.Answer{Err: refused, Candidate: "i1"}, nil},
		"nothing found":             {onboard.Find, onboard.Answer{Exists: true}, nil},
		"conflicts":                 {onboard.Create, onboard.Answer{Err: refused, Conflict: onboard.CodeUnreadable}, nil},
		"lost":                      {onboard.Create, onboard.Answer{Err: errors.New("lost")}, ErrUnreachable},
		"made":                      {onboard.Create, onboard.Answer{Object: &onboard.Object{}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := noteMany(200, onboard.Step{Action: tt.action}, tt.answer); !errors.Is(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// noteMany notes an answer so many times, until the run has to stop.
func noteMany(n int, s onboard.Step, a onboard.Answer) error {
	h := &health{maxErrors: 0.05}
	for range n {
		a.At = a.At.Add(10 * time.Second)
		if err := h.note(s, a); err != nil {
			return err
		}
	}
	return nil
}
