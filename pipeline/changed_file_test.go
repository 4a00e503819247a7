package pipeline

import (
	"errors"
	"iter"
	"strings"
	"sync"
	"testing"

	"embark/checkpoint"
	"embark/mapping"
	"embark/onboard"
	"embark/paxossim"
	"embark/source"
)

// betweenPasses is a store that lets something happen after pass one.
type betweenPasses struct {
	*checkpoint.Store
	happen func()
}

func (s betweenPasses) Marks() (checkpoint.Marks, error) {
	s.happen()
	return s.Store.Marks()
}

// beforeReport is a store that lets something happen after pass two.
type beforeReport struct {
	*checkpoint.Store
	happen func()
}

func (s beforeReport) Records(k onboard.Kind) iter.Seq2[onboard.Record, error] {
	s.happen()
	return s.Store.Records(k)
}

// rewrites are what may become of a file that has the first half of all rows.
var rewrites = map[string]func(all []string) []string{
	"others": func(all []string) []string { return append(all[:1:1], all[len(all)/2+1:]...) },
	"more":   func(all []string) []string { return all },
	"shorter rows": func(all []string) []string {
		short := all[:1:1]
		for _, row := range all[1:] {
			short = append(short, refOf(row)+strings.Repeat(",", strings.Count(all[0], ",")))
		}
		return short
	},
	"no table any longer": func(all []string) []string {
		return append(all[:1:1], strings.SplitAfter(strings.Repeat("x\n", 5000), "\n")...)
	},
}

// rewritten is a test of a file whose first n rows are there at the start.
func rewritten(t *testing.T, n int, test func(r *rig, rewrite func())) {
	for name, rewrite := range rewrites {
		bubble(t, name, func(t *testing.T) {
			r := newRig(t, 2*n, paxossim.Options{})
			all := r.rows()
			r.writeRows(all[:n+1]...)
			test(r, sync.OnceFunc(func() { r.writeRows(rewrite(all)...) }))
		})
	}
}

// TestRunRewrittenFile: of a file that is rewritten in place after it was
// checked, nothing is sent.
func TestRunRewrittenFile(t *testing.T) {
	rewritten(t, batchRows+100, func(r *rig, rewrite func()) {
		r.wantChanged(func(c *Config) { c.Store = betweenPasses{storeOf(c), rewrite} })
		if n := r.sim.Stats().Requests["CreateIdentity"]; n != 0 {
			r.t.Errorf("got %d identities sent, want none", n)
		}
	})
}

// TestRunRewrittenFinishedFile: the same where none of the rows that were
// checked has anything left to send.
func TestRunRewrittenFinishedFile(t *testing.T) {
	rewritten(t, 50, func(r *rig, rewrite func()) {
		r.must(nil)
		r.wantChanged(func(c *Config) { c.Store = betweenPasses{storeOf(c), rewrite} })
		r.once(50)
	})
}

// TestRunRewrittenBeforeTheReport: a report is not made of rows that nobody checked.
func TestRunRewrittenBeforeTheReport(t *testing.T) {
	rewritten(t, 50, func(r *rig, rewrite func()) {
		r.wantChanged(func(c *Config) { c.Store = beforeReport{storeOf(c), rewrite} })
		r.once(50)
	})
}

// TestHandMoreRows: a row that pass one did not see is not handed on, even if
// the file looks the same.
func TestHandMoreRows(t *testing.T) {
	rig := newRig(t, 2, paxossim.Options{})
	r := &run{Config: Config{Input: rig.input()}, checked: &Checked{Rows: 1}}
	err := r.hand(t.Context(), mapped{results: []mapping.Result{{Row: source.Row{Ordinal: 1}}}})
	var changed *source.Error
	if !errors.As(err, &changed) {
		t.Errorf("got %v, want a %T", err, changed)
	}
}

// wantChanged runs and expects the error of a file that was changed.
func (r *rig) wantChanged(change func(*Config)) {
	r.t.Helper()
	_, err := r.run(r.t.Context(), change)
	var changed *source.Error
	if !errors.As(err, &changed) {
		r.t.Errorf("got %v, want a %T", err, changed)
	}
}
