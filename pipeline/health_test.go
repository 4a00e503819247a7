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
			if got := noteMany(200, stepOf(tt.action, onboard.KindIdentity), tt.answer); !errors.Is(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// TestHealthJudges: only what every customer needs is judged, by its creates.
func TestHealthJudges(t *testing.T) {
	refused := onboard.Answer{Err: &paxos.Error{Operation: "x", Status: 403}}
	for _, kind := range onboard.Kinds() {
		got := noteMany(200, stepOf(onboard.Create, kind), refused)
		if want := kind == onboard.KindIdentity || kind == onboard.KindAccount; errors.Is(got, ErrErrorBudget) != want {
			t.Errorf("%s: got %v, want the run stopped: %t", kind, got, want)
		}
	}
}

// TestHealthUndiluted: readings and optional objects do not make the share of
// refused customers smaller.
func TestHealthUndiluted(t *testing.T) {
	h := &health{maxErrors: 0.05}
	fine := onboard.Answer{Object: &onboard.Object{}}
	for range 10_000 {
		for _, s := range []onboard.Step{stepOf(onboard.Read, onboard.KindFiatAccount), stepOf(onboard.Create, onboard.KindOrder)} {
			if err := h.note(s, fine); err != nil {
				t.Fatal(err)
			}
		}
	}
	var err error
	for range judgedAfter {
		err = errors.Join(err, h.note(stepOf(onboard.Create, onboard.KindAccount), onboard.Answer{Err: &paxos.Error{Operation: "x", Status: 400}}))
	}
	if !errors.Is(err, ErrErrorBudget) {
		t.Errorf("got %v after %d refusals, want %v", err, judgedAfter, ErrErrorBudget)
	}
}

func stepOf(action onboard.Action, kind onboard.Kind) onboard.Step {
	return onboard.Step{Action: action, Record: onboard.Record{Key: onboard.NewKey(kind, "c1")}}
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
