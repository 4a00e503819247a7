package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"embark/checkpoint"
	"embark/paxos"
	"embark/pipeline"
	"embark/source"
)

// runFlags are the flags of embark run, under the names of the design.
type runFlags struct {
	simulate                      bool
	environment, apiURL, tokenURL string
	allowHosts                    []string
	caFile, config                string
	allowEmpty                    bool
	checkpoint, keyFile           string
	forceFilesystem               bool
	report                        string
	wait                          time.Duration
	limit                         int
	maxErrors, maxRejected        percent
	retryFailed, dryRun, yes      bool
	progress, output              string
	quiet                         bool
}

const (
	defaultCheckpoint   = "embark.db"
	simulatedCheckpoint = "embark.simulate.db"
	defaultReport       = "embark-report"
)

func (e *environment) runCommand() *cobra.Command {
	f := &runFlags{}
	c := &cobra.Command{
		Use:   "run [FILE...]",
		Short: "onboard the customers in the files; without a file, carry on with what is unfinished",
		Example: `  embark run --simulate samples/small.csv
  embark run --environment sandbox customers.csv
  embark run --wait 0                            # carry on, do not wait for decisions`,
	}
	flags := c.Flags()
	flags.BoolVar(&f.simulate, "simulate", false, "onboard at a simulated Paxos inside this process; no credentials")
	flags.StringVar(&f.environment, "environment", "sandbox", "sandbox or production")
	flags.StringVar(&f.apiURL, "api-url", "", "another server, with /v2 where it has it; it is the environment then")
	flags.StringVar(&f.tokenURL, "token-url", "", "its token endpoint")
	flags.StringArrayVar(&f.allowHosts, "allow-host", nil, "a host other than Paxos's that customers' data may go to")
	flags.StringVar(&f.caFile, "ca-file", "", "certificates to trust beside the system's (PEM)")
	flags.StringVar(&f.config, "config", "", "settings (default embark.yaml, if there is one)")
	flags.BoolVar(&f.allowEmpty, "allow-empty", false, "a file without rows is no error")
	flags.StringVar(&f.checkpoint, "checkpoint", defaultCheckpoint, "where progress is kept; with --simulate "+simulatedCheckpoint)
	flags.StringVar(&f.keyFile, "key-file", "", "its key (default the checkpoint's name and .key)")
	flags.BoolVar(&f.forceFilesystem, "force-filesystem", false, "checkpoint on a network filesystem all the same")
	flags.StringVar(&f.report, "report", defaultReport, "folder of reports")
	flags.DurationVar(&f.wait, "wait", 10*time.Minute, "for decisions, once all is sent")
	flags.IntVar(&f.limit, "limit", 0, "new identities at most (0: all)")
	flags.Var(&f.maxErrors, "max-errors", "share of refused objects that stops the run (default 5%)")
	flags.Var(&f.maxRejected, "max-rejected", "share of faulty rows above which nothing is sent (default 5%, from 20 rows on)")
	flags.BoolVar(&f.retryFailed, "retry-failed", false, "try again what Paxos refused")
	flags.BoolVar(&f.dryRun, "dry-run", false, "check and tell what would be done; no network")
	flags.StringVar(&f.progress, "progress", "auto", "auto, bar, plain or none")
	flags.BoolVar(&f.quiet, "quiet", false, "no progress and no summary; errors and the exit code only")
	flags.StringVar(&f.output, "output", "text", "text or json")
	flags.BoolVar(&f.yes, "yes", false, "onboard in production without being asked")
	c.RunE = func(c *cobra.Command, args []string) error {
		config, err := e.settle(c, f.config)
		if err != nil {
			return err
		}
		if f.simulate && !c.Flags().Changed("checkpoint") {
			f.checkpoint = simulatedCheckpoint
		}
		if err := f.check(args); err != nil {
			return err
		}
		return e.runRun(c.Context(), f, config, args)
	}
	return c
}

func (f *runFlags) check(args []string) error {
	switch {
	case f.output != "text" && f.output != "json":
		return &usageError{fmt.Sprintf("there is no output %q", f.output), "text or json"}
	case f.progress != "auto" && f.progress != "bar" && f.progress != "plain" && f.progress != "none":
		return &usageError{fmt.Sprintf("there is no progress %q", f.progress), "auto, bar, plain or none"}
	case f.wait < 0 || f.limit < 0:
		return &usageError{"--wait and --limit must not be negative", ""}
	case f.dryRun && len(args) == 0:
		return &usageError{"--dry-run needs a file", "embark status tells what is unfinished"}
	}
	return nil
}

// percent is a share, given as 5% or 0.05.
type percent struct {
	share float64
	set   bool
}

func (p *percent) String() string { return fmt.Sprintf("%g%%", p.share*100) }

// Type is what cobra shows in the help.
func (p *percent) Type() string { return "percent" }

// Set reads both forms.
func (p *percent) Set(text string) error {
	number, isPercent := strings.CutSuffix(text, "%")
	v, err := strconv.ParseFloat(number, 64)
	if isPercent {
		v /= 100
	}
	if err != nil || v < 0 || v > 1 {
		return errors.New("a share is written 5% or 0.05")
	}
	p.share, p.set = v, true
	return nil
}

func (e *environment) runRun(ctx context.Context, f *runFlags, config *configFile, args []string) error {
	t, err := e.target(f, config)
	if err != nil {
		return err
	}
	if t.simulator != nil {
		defer t.simulator.Close()
	}
	if err := e.confirm(f); err != nil {
		return err
	}
	in, closeInput, err := e.openInput(args, source.Options{AllowEmpty: f.allowEmpty}, t.madeUp)
	if err != nil {
		return err
	}
	defer closeInput()
	if f.dryRun {
		return e.dryRun(ctx, f, t, in)
	}
	store, err := checkpoint.Open(f.storeOptions(e, t, len(args) == 0))
	if err != nil {
		return err
	}
	code, err := e.onboard(ctx, f, config, t, store, in)
	if err := errors.Join(err, store.Close()); err != nil {
		return err
	}
	return exitError(code)
}

func (f *runFlags) storeOptions(e *environment, t *target, mustExist bool) checkpoint.Options {
	return checkpoint.Options{Path: f.checkpoint, KeyFile: f.keyFile, Key: e.getenv("EMBARK_KEY"), Environment: t.name,
		ClientID: t.options.ClientID, MustExist: mustExist, ForceFilesystem: f.forceFilesystem}
}

// onboard connects, runs the pipeline, shows what came of it and returns the
// exit code.
func (e *environment) onboard(ctx context.Context, f *runFlags, config *configFile, t *target, store *checkpoint.Store, in pipeline.Input) (code int, err error) {
	client, events, err := e.client(ctx, t, store)
	if err != nil {
		return 0, err
	}
	show := e.newProgress(f, store.Path())
	result, err := pipeline.Run(ctx, pipeline.Config{
		Input: in, Store: store, API: client, Environment: t.name, Events: events,
		Budget: t.options.Limits.Budget(paxos.ClassIdentity), Settle: config.Settle, Wait: f.wait, Limit: f.limit,
		MaxErrors: f.maxErrors.share, MaxRejected: f.maxRejected.share, Strict: f.maxRejected.set,
		RetryFailed: f.retryFailed, Report: f.report, Progress: show.tell,
	})
	show.end()
	if result.Report != "" && !f.quiet {
		e.summarize(f.output, &result.Summary, result.Report)
	}
	if ctx.Err() != nil {
		fmt.Fprintf(e.stderr, "embark: %v; run the same command again to carry on\n", context.Cause(ctx))
		return exitOf(ctx, err), nil
	}
	return exitOfRows(result.Summary.Outcomes, f.wait > 0), err
}

// client makes the API client with what earlier runs remembered of the limits.
func (e *environment) client(ctx context.Context, t *target, store *checkpoint.Store) (*paxos.Client, bool, error) {
	memory, err := pipeline.LoadLimits(store)
	if err != nil {
		return nil, false, err
	}
	o := t.options
	o.Memory = memory
	var client *paxos.Client
	o.OnSilence = func(until time.Time) {
		fmt.Fprintf(e.stderr, "embark: Paxos answered 429; silent until %s\n", until.Format(time.TimeOnly))
		if err := pipeline.SaveLimits(context.WithoutCancel(ctx), store, client); err != nil {
			fmt.Fprintf(e.stderr, "embark: cannot note the pause in the checkpoint: %v\n", err)
		}
	}
	client = paxos.New(o)
	if left := client.SilentFor(); left > 0 {
		fmt.Fprintf(e.stderr, "embark: silent for another %s after a 429\n", left.Round(time.Second))
	}
	events, err := connect(ctx, client)
	if err != nil {
		return nil, false, err
	}
	return client, events, e.sameClient(ctx, t, store, client)
}

// sameClient lets another API user go on with a checkpoint only if it can read
// one of its identities: ref_ids are unique for each API user, so under a
// stranger every customer would be onboarded a second time.
func (e *environment) sameClient(ctx context.Context, t *target, store *checkpoint.Store, client *paxos.Client) error {
	if !store.ClientChanged() {
		return nil
	}
	id, err := store.AnyIdentity()
	if err != nil {
		return err
	}
	if id != "" {
		if _, err := client.GetIdentity(ctx, id, false); err != nil {
			return &usageError{fmt.Sprintf("this client id cannot read the identities of the checkpoint %q", store.Path()),
				"use the credentials that it was begun with, or another checkpoint"}
		}
	}
	return store.AcceptClient(ctx, t.options.ClientID)
}

// confirm asks before production; off a terminal --yes has to say it.
func (e *environment) confirm(f *runFlags) error {
	if f.simulate || f.apiURL != "" || f.environment != "production" || f.yes || f.dryRun {
		return nil
	}
	if !isTerminal(e.stdin) || !isTerminal(e.stderr) {
		return &usageError{"onboarding in production needs --yes where nobody can be asked", "add --yes to the command"}
	}
	fmt.Fprint(e.stderr, "onboard real customers in production? type yes: ")
	var answer string
	if _, _ = fmt.Fscanln(e.stdin, &answer); answer != "yes" {
		return &usageError{"not confirmed; nothing was done", ""}
	}
	return nil
}
