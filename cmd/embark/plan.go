package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"embark/mapping"
	"embark/pipeline"
)

func (e *environment) planCommand() *cobra.Command {
	f := &runFlags{dryRun: true, maxRejected: percent{share: 0.05}}
	c := &cobra.Command{
		Use:   "plan FILE...",
		Short: "tell what a run would do, and how long it would take; no network, no credentials",
		Long: `Tell what a run would do with the files and the checkpoint, if it started now: who is new, changed, waiting or done,
how many requests that takes, how long at the limits of Paxos, and how much disk. Nothing is sent.

The exit code is 3 where rows are faulty or changed, as with validate.`,
		Example: `  embark plan samples/customers.csv
  embark plan --environment production --output json customers.csv`,
	}
	flags := c.Flags()
	f.declareTarget(flags)
	f.input.add(flags)
	f.declareChoice(flags)
	flags.StringVar(&f.progress, "progress", "auto", "auto, bar, plain or none")
	flags.BoolVar(&f.quiet, "quiet", false, "no output but errors; the exit code tells")
	flags.StringVar(&f.output, "output", "text", "text or json")
	flags.StringVar(&f.config, "config", "", configHelp)
	c.RunE = func(c *cobra.Command, args []string) error {
		config, err := e.settleTarget(c, f)
		if err != nil {
			return err
		}
		if len(args) == 0 {
			return &usageError{"plan needs a file", "embark plan customers.csv"}
		}
		if err := f.check(args); err != nil {
			return err
		}
		t, err := e.target(f, config)
		if err != nil {
			return err
		}
		in, closeInput, err := e.openInput(args, &f.input, config, t.madeUp, e.note(f.quiet))
		if err != nil {
			return err
		}
		defer closeInput()
		in.Extras = f.extras()
		return e.plan(c.Context(), f, t, in, nil)
	}
	return c
}

// plan checks the files against the rules and, where there is one, the
// checkpoint, and tells what a run would do. findings may be nil.
func (e *environment) plan(ctx context.Context, f *runFlags, t *target, in pipeline.Input, findings *findings) error {
	boundMemory()
	store, closeStore, err := f.lookIntoStore(e, t)
	if err != nil {
		return err
	}
	defer closeStore()
	var show func(mapping.Result)
	if findings != nil {
		show = findings.add
	}
	bar := newCheckProgress(e.stderr, e.progressKind(f.progress, f.output, f.quiet), time.Now())
	checked, err := pipeline.Check(ctx, in, pipeline.Checking{Store: store, RetryFailed: f.retryFailed, Show: show,
		Progress: func(rows int, read, size int64) { bar.tell(rows, read, size, time.Now()) }})
	bar.end()
	if err != nil {
		return err
	}
	if findings != nil {
		findings.end(checked)
	}
	p, err := f.planned(t, store, in, checked)
	if err != nil {
		return err
	}
	if err := e.tellPlan(f, p, findings == nil); err != nil {
		return err
	}
	if checked.Rejected > 0 || checked.Changed > 0 {
		return exitError(exitRows)
	}
	return nil
}

// tellPlan also tells how the files have drifted, which may be an error.
func (e *environment) tellPlan(f *runFlags, p *plan, alone bool) error {
	switch {
	case f.output == "json":
		_ = json.NewEncoder(e.stdout).Encode(p)
	case !f.quiet:
		p.print(e.stdout, alone)
	}
	if f.output == "text" {
		e.warnOfDrift(p.Drift)
	}
	if f.input.strict && len(p.Drift) > 0 {
		return driftError(p.Drift)
	}
	return nil
}

func (e *environment) warnOfDrift(drifts []pipeline.Drift) {
	for _, d := range drifts {
		fmt.Fprintf(e.stderr, "embark: warning: %s\n", oneLine(d.String()))
	}
}

func driftError(drifts []pipeline.Drift) error {
	return &usageError{"the file differs from the last one accepted: " + drifts[0].String(),
		"look whether the export is whole; if it is as it should be, run once without --strict to accept it"}
}

// lookIntoStore opens the checkpoint if there is one; nil where there is none:
// everything is new then.
func (f *runFlags) lookIntoStore(e *environment, t *target) (pipeline.Store, func(), error) {
	return openKnown(f.storeOptions(e, t, false))
}
