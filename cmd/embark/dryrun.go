package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"embark/checkpoint"
	"embark/pipeline"
)

// dryRun checks the files against the rules and, where there is one, the
// checkpoint, and tells what a run would send.
func (e *environment) dryRun(ctx context.Context, f *runFlags, t *target, in pipeline.Input) error {
	var store pipeline.Store // a nil interface where there is no checkpoint yet
	if _, err := os.Stat(f.checkpoint); !errors.Is(err, fs.ErrNotExist) {
		opened, err := checkpoint.Open(f.storeOptions(e, t, true))
		if err != nil {
			return err
		}
		defer opened.Close()
		store = opened
	}
	findings := newFindings(e.stdout, f.output)
	checked, err := pipeline.Check(ctx, in, store, f.retryFailed, findings.add)
	if err != nil {
		return err
	}
	findings.end(checked, true)
	c := pipeline.Config{MaxRejected: f.maxRejected.share, Strict: f.maxRejected.set}
	if c.TooManyFaulty(checked.Rejected, checked.Rows) {
		return pipeline.ErrRejected
	}
	if f.output == "text" && !f.quiet {
		budget := t.options.Limits.Budget("identity")
		fmt.Fprintf(e.stdout, "a run would send %d customers, in about %s at %.3g requests a second\n", checked.Due,
			pipeline.Estimate(checked.Due, budget), budget)
	}
	if checked.Rejected > 0 || checked.Changed > 0 {
		return exitError(exitRows)
	}
	return nil
}
