package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"embark/checkpoint"
	"embark/onboard"
	"embark/paxos"
	"embark/pipeline"
	"embark/report"
)

// runFlags are the flags of embark run, under the names of the design.
type runFlags struct {
	simulate                      bool
	environment, apiURL, tokenURL string
	allowHosts                    []string
	caFile, config                string
	input                         inputFlags
	checkpoint, keyFile           string
	forceFilesystem               bool
	report                        string
	wait                          time.Duration
	limit                         int
	maxErrors, maxRejected        percent
	retryFailed, dryRun, yes      bool
	orders                        bool
	orderCap, sandboxFund         string
	progress, output              string
	webhook                       string
	quiet                         bool

	again, args []string // flags and files of the command line, for the command that comes next
}

const (
	defaultCheckpoint   = "embark.db"
	simulatedCheckpoint = "embark.simulate.db"
	defaultReport       = "embark-report"
	configHelp          = "`FILE` of settings (default embark.yaml, if there is one)"
)

func (e *environment) runCommand() *cobra.Command {
	f := &runFlags{maxErrors: percent{share: 0.05}, maxRejected: percent{share: 0.05}}
	c := &cobra.Command{
		Use:   "run [FILE...]",
		Short: "onboard the customers in the files; without a file, carry on with what is unfinished",
		Example: `  embark run --simulate samples/small.csv
  embark run --environment sandbox customers.csv
  embark run --wait 0                  # carry on, do not wait for decisions`,
	}
	flags := c.Flags()
	flags.BoolVar(&f.simulate, "simulate", false, "onboard at a simulated Paxos inside this process; no credentials")
	flags.StringVar(&f.environment, "environment", "sandbox", "sandbox or production")
	flags.BoolVar(&f.yes, "yes", false, "onboard in production without being asked")
	flags.StringVar(&f.apiURL, "api-url", "", "another server's `URL`, with /v2 where it has it; it is the environment then")
	flags.StringVar(&f.tokenURL, "token-url", "", "`URL` of its token endpoint")
	flags.StringArrayVar(&f.allowHosts, "allow-host", nil, "a `HOST` other than Paxos's that customers' data may go to")
	flags.StringVar(&f.caFile, "ca-file", "", "`FILE` of certificates to trust beside the system's (PEM)")
	flags.StringVar(&f.checkpoint, "checkpoint", defaultCheckpoint, "`FILE` where progress is kept; with --simulate "+simulatedCheckpoint)
	flags.StringVar(&f.keyFile, "key-file", "", "`FILE` with its key (default the checkpoint's name and .key)")
	flags.BoolVar(&f.forceFilesystem, "force-filesystem", false, "checkpoint on a network filesystem all the same")
	flags.StringVar(&f.report, "report", defaultReport, "`FOLDER` of reports")
	flags.BoolVar(&f.dryRun, "dry-run", false, "check and tell what would be done; no network, no credentials")
	flags.DurationVar(&f.wait, "wait", 10*time.Minute, "for decisions, once all is sent; 0 does not wait")
	flags.Var(&f.maxErrors, "max-errors", "share of identities and accounts refused by Paxos that stops the run")
	f.input.add(flags)
	f.declareChoice(flags)
	flags.StringVar(&f.webhook, "webhook", "", webhookHelp)
	flags.StringVar(&f.progress, "progress", "auto", "auto, bar, plain or none")
	flags.BoolVar(&f.quiet, "quiet", false, "no progress and no summary; errors and the exit code only")
	flags.StringVar(&f.output, "output", "text", "text or json")
	flags.StringVar(&f.config, "config", "", configHelp)
	c.RunE = func(c *cobra.Command, args []string) error {
		f.again, f.args = typedFor("run", c), args
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

// declareChoice declares the flags that say what of the input is sent.
func (f *runFlags) declareChoice(flags *pflag.FlagSet) {
	flags.IntVar(&f.limit, "limit", 0, "`N` new identities at most (default all)")
	flags.Var(&f.maxRejected, "max-rejected", "share of faulty rows above which nothing is sent; left alone, it speaks from 20 faulty rows on")
	flags.BoolVar(&f.retryFailed, "retry-failed", false, "try again what Paxos refused")
	flags.BoolVar(&f.orders, "orders", false, "send the first orders that the order columns describe; they trade money")
	flags.StringVar(&f.orderCap, "order-cap", "", "what all orders of a run may be worth together, in `USD`, those that earlier runs left unsent among them; required in production")
	flags.StringVar(&f.sandboxFund, "sandbox-fund", "", "fund every new profile with that much `USD`, in Paxos's sandbox only")
	flags.Lookup("sandbox-fund").NoOptDefVal = defaultFund
}

func (f *runFlags) check(args []string) error {
	if err := errors.Join(oneOf("output", f.output, "text", "json"), oneOf("progress", f.progress, "auto", "bar", "plain", "none"),
		oneOf("environment", f.environment, "sandbox", "production")); err != nil {
		return err
	}
	switch {
	case f.wait < 0 || f.limit < 0:
		return &usageError{"--wait and --limit must not be negative", "--wait 0 does not wait"}
	case f.orderCap != "" && !isAmount(f.orderCap), f.sandboxFund != "" && !isAmount(f.sandboxFund):
		return &usageError{"--order-cap and --sandbox-fund take an amount of US dollars", "write it like 10000 or 99.50"}
	case f.orders && f.production() && f.orderCap == "":
		return &usageError{"--orders in production needs --order-cap", "say what all orders together may be worth, in USD"}
	case f.sandboxFund != "" && f.production():
		return &usageError{"--sandbox-fund is for Paxos's sandbox only", "leave it out in production"}
	case f.dryRun && len(args) == 0:
		return &usageError{"--dry-run needs a file", "embark status tells what is unfinished"}
	}
	return nil
}

// production tells whether real customers are onboarded.
func (f *runFlags) production() bool {
	return !f.simulate && f.apiURL == "" && f.environment == "production"
}

// defaultFund is what a bare --sandbox-fund credits.
const defaultFund = "1000"

func isAmount(text string) bool {
	amount, ok := new(big.Rat).SetString(text)
	return ok && amount.Sign() > 0 && !strings.ContainsAny(text, "eE/_xX")
}

// extras are what rows may ask for beyond the usual.
func (f *runFlags) extras() pipeline.Extras {
	x := pipeline.Extras{Orders: f.orders, Sandbox: !f.production()}
	if f.sandboxFund != "" {
		x.Fund = &paxos.SandboxDepositRequest{Asset: "USD", Amount: f.sandboxFund}
	}
	return x
}

// oneOf checks a flag that takes one of a few words.
func oneOf(flag, value string, words ...string) error {
	if slices.Contains(words, value) {
		return nil
	}
	return &usageError{fmt.Sprintf("--%s: there is no %q", flag, value), "one of: " + strings.Join(words, ", ")}
}

// percent is a share, given as 5% or 0.05.
type percent struct {
	share float64
	set   bool
}

func (p *percent) String() string { return fmt.Sprintf("%g%%", p.share*100) }

// value tells a share of nothing from one that was not given.
func (p *percent) value() float64 {
	if p.set && p.share == 0 {
		return math.SmallestNonzeroFloat64
	}
	return p.share
}

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
	if err := e.confirm(f); err != nil {
		return err
	}
	if err := e.settleWebhook(f, config); err != nil {
		return err
	}
	in, closeInput, err := e.openInput(args, &f.input, config, t.madeUp, e.note(f.quiet))
	if err != nil {
		return err
	}
	defer closeInput()
	in.Extras = f.extras()
	if f.dryRun {
		return e.plan(ctx, f, t, in, newFindings(e.stdout, f.output, in)) // validate and plan in one
	}
	store, err := f.openStore(e, t, len(args) == 0)
	if err != nil {
		return err
	}
	code, err := e.simulateAndOnboard(ctx, f, config, t, store, in)
	if err := errors.Join(err, store.Close()); err != nil {
		return err
	}
	return exitError(code)
}

// openStore opens or makes the checkpoint. It makes none for a run that cannot
// begin.
func (f *runFlags) openStore(e *environment, t *target, mustExist bool) (*checkpoint.Store, error) {
	if err := report.Prepare(f.report); err != nil {
		return nil, &usageError{fmt.Sprintf("cannot write into the report folder %q", f.report), "check its owner and mode, or name another one with --report"}
	}
	store, err := checkpoint.Open(f.storeOptions(e, t, mustExist || t.missing != nil))
	if t.missing == nil || err != nil && (mustExist || !errors.Is(err, checkpoint.ErrAbsent)) {
		return store, err
	}
	if store != nil {
		err = store.Close()
	}
	if errors.Is(err, checkpoint.ErrAbsent) {
		err = nil
	}
	return nil, cmp.Or(err, t.missing)
}

// simulateAndOnboard starts the simulator, where that is the target, only when
// the checkpoint is ours.
func (e *environment) simulateAndOnboard(ctx context.Context, f *runFlags, config *configFile, t *target, store *checkpoint.Store, in pipeline.Input) (int, error) {
	stop, err := t.open()
	if err != nil {
		return 0, err
	}
	code, err := e.onboard(ctx, f, config, t, store, in)
	return code, errors.Join(err, stop())
}

func (f *runFlags) storeOptions(e *environment, t *target, mustExist bool) checkpoint.Options {
	return checkpoint.Options{Path: f.checkpoint, KeyFile: f.keyFile, Key: e.getenv("EMBARK_KEY"), Environment: t.name,
		ClientID: t.options.ClientID, MustExist: mustExist, ForceFilesystem: f.forceFilesystem}
}

// onboard connects, runs the pipeline, shows what came of it and returns the
// exit code.
func (e *environment) onboard(ctx context.Context, f *runFlags, config *configFile, t *target, store *checkpoint.Store, in pipeline.Input) (code int, err error) {
	if t.simState == "" {
		boundMemory()
	}
	show := e.newProgress(f, store.Path())
	defer show.end()
	hook, err := f.listen(ctx, config, show)
	if err != nil {
		return 0, err
	}
	if hook != nil {
		defer hook.Listener.Close()
	}
	client, events, err := e.client(ctx, t, store, show, in)
	if err := cmp.Or(err, eventsFor(hook, events)); err != nil {
		return 0, err
	}
	stopSaying := context.AfterFunc(ctx, func() {
		show.note("%v: taking nothing new; requests in flight get ten seconds; once more ends it at once", context.Cause(ctx))
	})
	defer stopSaying()
	result, err := pipeline.Run(ctx, pipeline.Config{
		Input: in, Store: store, API: client, Environment: t.name, Events: events,
		Budget: t.options.Limits.Budget(paxos.ClassIdentity), Settle: config.Settle, Wait: f.wait, Limit: f.limit,
		MaxErrors: f.maxErrors.value(), MaxRejected: f.maxRejected.share, Strict: f.maxRejected.set,
		RetryFailed: f.retryFailed, OrderCap: f.orderCap, Report: f.report, Webhook: hook, Progress: show.tell,
		Warn: e.warning(t, show), NoDrift: f.input.strict,
		Drifted: func(drifts []pipeline.Drift) {
			for _, d := range drifts {
				show.note("warning: %s", d)
			}
		},
	})
	if errors.Is(err, pipeline.ErrDrift) {
		err = errors.Join(driftError(result.Checked.Drifts), err)
	}
	show.end()
	show.announced(result.Inbox)
	if result.Report != "" && !f.quiet {
		e.summarize(f.output, &result.Summary, result.Report, f.next(&result.Summary, result.Report))
	}
	if errors.Is(err, pipeline.ErrRejected) && encodingAlone(result.Summary.Outcomes[onboard.Rejected], result.Summary.Findings) {
		err = &hintedError{err, otherEncoding("run", f.input.encoding, f.again, f.args)}
	}
	if ctx.Err() != nil && onlyCanceled(err) {
		fmt.Fprintf(e.stderr, "embark: %v; run the same command again to carry on\n", context.Cause(ctx))
		return exitOf(ctx, err), nil
	}
	return exitOfRows(result.Summary.Outcomes, f.wait > 0), err
}

// warning is shown for Paxos's own sandbox only: a simulator is this machine.
func (e *environment) warning(t *target, show *progress) func(string) {
	if t.name != "sandbox" {
		return nil
	}
	return func(text string) { show.note("%s", text) }
}

// client makes the API client with what earlier runs remembered of the limits.
func (e *environment) client(ctx context.Context, t *target, store *checkpoint.Store, show *progress, in pipeline.Input) (*paxos.Client, bool, error) {
	memory, err := pipeline.LoadLimits(store)
	if err != nil {
		return nil, false, err
	}
	o := t.options
	o.Memory = memory
	var client *paxos.Client
	o.OnSilence = func(until time.Time) {
		show.note("Paxos answered 429 (too many requests); pausing until %s", until.Format(time.TimeOnly))
		if err := pipeline.SaveLimits(context.WithoutCancel(ctx), store, client); err != nil {
			show.note("cannot note the pause in the checkpoint: %v", err)
		}
	}
	client = paxos.New(o)
	if left := client.SilentFor(); left > 0 {
		show.note("pausing for another %s after a 429 (too many requests)", left.Round(time.Second))
	}
	counts, err := store.Counts()
	if err != nil {
		return nil, false, err
	}
	events, err := connect(ctx, client, neededScopes(in, counts))
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
	counts, err := store.Counts()
	if err != nil {
		return err
	}
	if states := counts[onboard.KindIdentity]; id == "" && states[onboard.Sent]+states[onboard.InDoubt] > 0 {
		return &usageError{fmt.Sprintf("the checkpoint %q has identities in doubt, which only the client id that sent them can settle", store.Path()),
			"use the credentials that it was begun with"}
	}
	if id != "" {
		_, err := client.GetIdentity(ctx, id, false)
		if status := paxos.StatusOf(err); err != nil && status != http.StatusNotFound && status != http.StatusForbidden {
			return fmt.Errorf("%w: %w", pipeline.ErrUnreachable, err)
		}
		if err != nil {
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
