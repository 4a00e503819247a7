package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"embark/checkpoint"
	"embark/paxos"
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
	findings := newFindings(e.stdout, f.output, len(in.Files))
	checked, err := pipeline.Check(ctx, in, pipeline.Checking{Store: store, RetryFailed: f.retryFailed, Show: findings.add})
	if err != nil {
		return err
	}
	findings.end(checked)
	if f.output == "text" && !f.quiet {
		fmt.Fprintln(e.stdout, f.forecast(t, checked))
	}
	if checked.Rejected > 0 || checked.Changed > 0 {
		return exitError(exitRows)
	}
	return nil
}

// forecast says what a run would do.
func (f *runFlags) forecast(t *target, checked *pipeline.Checked) string {
	c := pipeline.Config{MaxRejected: f.maxRejected.share, Strict: f.maxRejected.set}
	if c.TooManyFaulty(checked.Rejected, checked.Rows) {
		return "a run would send nothing: too many faulty rows (--max-rejected)"
	}
	due := checked.Due - checked.DueBanks
	if f.limit > 0 {
		due = min(due, f.limit)
	}
	text := fmt.Sprintf("a run would send %s", count(due, "customer"))
	if due > 0 {
		budget := t.options.Limits.Budget(paxos.ClassIdentity)
		text += fmt.Sprintf(", in about %s at %.3g requests a second", pipeline.Estimate(due, budget), budget)
	}
	if checked.DueBanks > 0 {
		text += fmt.Sprintf("; %s of a file of bank accounts", count(checked.DueBanks, "row"))
	}
	if checked.Finished > 0 {
		text += fmt.Sprintf("; %d were onboarded before", checked.Finished)
	}
	if checked.Changed > 0 {
		text += fmt.Sprintf("; %d have changed since they were sent and would be left alone", checked.Changed)
	}
	return text
}
