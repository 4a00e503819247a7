package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"embark/checkpoint"
	"embark/onboard"
	"embark/paxos"
	"embark/pipeline"
)

func (e *environment) verifyCommand() *cobra.Command {
	f := &runFlags{}
	restart := false
	c := &cobra.Command{
		Use:   "verify",
		Short: "hold every id in the checkpoint against what is at Paxos",
		Long: `Hold every id in the checkpoint against what is at Paxos: identities by ref_id and status, accounts by ref_id,
identity and profile, and that no account.ref_id was given twice. Nothing is changed, here or there.

It takes a request for each id, at the pace of a run. It can be stopped or killed at any time: how far it is
stands in the checkpoint, and the next call goes on from there. One that was completed begins anew.`,
		Args: noArgs,
	}
	flags := c.Flags()
	flags.BoolVar(&restart, "restart", false, "begin anew, whatever an interrupted one has done")
	f.declareTarget(flags)
	flags.StringVar(&f.progress, "progress", "auto", "auto, bar, plain or none")
	flags.BoolVar(&f.quiet, "quiet", false, "no progress and no table; errors and the exit code only")
	flags.StringVar(&f.output, "output", "text", "text or json")
	flags.StringVar(&f.config, "config", "", configHelp)
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := e.settleTarget(c, f)
		if err != nil {
			return err
		}
		return e.verify(c.Context(), f, config, restart)
	}
	return c
}

// declareTarget declares the flags that say which Paxos and which checkpoint.
func (f *runFlags) declareTarget(flags *pflag.FlagSet) {
	flags.BoolVar(&f.simulate, "simulate", false, "with the simulated Paxos and the checkpoint of run --simulate")
	flags.StringVar(&f.environment, "environment", "sandbox", "sandbox or production")
	flags.StringVar(&f.apiURL, "api-url", "", "another server's `URL`, with /v2 where it has it; it is the environment then")
	flags.StringVar(&f.tokenURL, "token-url", "", "`URL` of its token endpoint")
	flags.StringArrayVar(&f.allowHosts, "allow-host", nil, "a `HOST` other than Paxos's that may be asked")
	flags.StringVar(&f.caFile, "ca-file", "", "`FILE` of certificates to trust beside the system's (PEM)")
	flags.StringVar(&f.checkpoint, "checkpoint", defaultCheckpoint, "the checkpoint `FILE`; with --simulate "+simulatedCheckpoint)
	flags.StringVar(&f.keyFile, "key-file", "", "`FILE` with its key (default the checkpoint's name and .key)")
	flags.BoolVar(&f.forceFilesystem, "force-filesystem", false, "checkpoint on a network filesystem all the same")
}

func (e *environment) settleTarget(c *cobra.Command, f *runFlags) (*configFile, error) {
	if f.progress == "" {
		f.progress = "none" // the command has no such flag
	}
	config, err := e.settle(c, f.config)
	if err != nil {
		return nil, err
	}
	if f.simulate && !c.Flags().Changed("checkpoint") {
		f.checkpoint = simulatedCheckpoint
	}
	return config, errors.Join(oneOf("output", f.output, "text", "json"), oneOf("progress", f.progress, "auto", "bar", "plain", "none"),
		oneOf("environment", f.environment, "sandbox", "production"))
}

// verify opens the checkpoint, verifies and closes it again.
func (e *environment) verify(ctx context.Context, f *runFlags, config *configFile, restart bool) error {
	t, err := e.target(f, config)
	if err == nil {
		err = t.missing
	}
	if err != nil {
		return err
	}
	store, err := checkpoint.Open(f.storeOptions(e, t, true))
	if err != nil {
		return hintAtSimulated(err, f.checkpoint)
	}
	code, err := e.simulateAndVerify(ctx, f, t, store, restart)
	if err := errors.Join(err, store.Close()); err != nil {
		return err
	}
	return exitError(code)
}

func (e *environment) simulateAndVerify(ctx context.Context, f *runFlags, t *target, store *checkpoint.Store, restart bool) (code int, err error) {
	stop, err := t.open()
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	show := &verifying{progress: e.newProgress(f, store.Path()), store: store}
	defer show.end()
	client, _, err := e.client(ctx, t, store, show.progress, pipeline.Input{})
	if err != nil {
		return 0, err
	}
	stopSaying := context.AfterFunc(ctx, func() { show.note("%v: stopping", context.Cause(ctx)) })
	defer stopSaying()
	result, err := pipeline.Verify(ctx, pipeline.VerifyConfig{Store: store, API: client,
		Budget: t.options.Limits.Budget(paxos.ClassIdentity), Restart: restart, Progress: show.tell})
	show.end()
	if result.Kinds != nil && !f.quiet {
		err = errors.Join(err, e.showVerified(f.output, t.name, result, pipeline.Differences(store)))
	}
	switch {
	case ctx.Err() != nil && onlyCanceled(err):
		fmt.Fprintf(e.stderr, "embark: %v; run the same command again to go on\n", context.Cause(ctx))
		return exitOf(ctx, err), nil
	case result.Differ() > 0:
		return exitRows, err
	}
	return exitOK, err
}

// verifying shows how a verification stands, in the way of a run.
type verifying struct {
	*progress
	store *checkpoint.Store
	now   pipeline.VerifyProgress
}

// tell is called by the pipeline, from one goroutine.
func (v *verifying) tell(now pipeline.VerifyProgress) {
	p := v.progress
	p.mu.Lock() // the bar is drawn by a goroutine of its own
	v.now = now
	p.last.Phase, p.last.Now, p.last.SilentFor = "verifying", time.Now(), now.SilentFor
	p.last.Records, _ = v.store.Counts()
	p.mu.Unlock()
	if p.last.Now.Sub(p.saved) >= statusEvery {
		p.saved = p.last.Now
		p.save(true)
	}
	switch p.kind {
	case "bar":
		v.draw()
	case "plain":
		v.say()
	}
}

// say prints a line every ten seconds, and one at the end.
func (v *verifying) say() {
	p := v.progress
	if p.last.Now.Sub(p.line) < lineEvery && v.now.Done < v.now.All {
		return
	}
	p.line = p.last.Now
	if text := "verifying: " + verifiedSoFar(v.now); text != p.lastLine {
		p.lastLine = text
		p.mu.Lock()
		defer p.mu.Unlock()
		fmt.Fprintln(p.out, text)
	}
}

func (v *verifying) draw() {
	p := v.progress
	if p.bars == nil {
		bars := mpb.New(mpb.WithOutput(p.out), mpb.WithWidth(30), mpb.WithAutoRefresh())
		p.bar = bars.New(0, mpb.BarStyle().Lbound("[").Filler("=").Tip(">").Padding(" ").Rbound("]"),
			mpb.PrependDecorators(decor.Name("verifying", decor.WC{W: 11, C: decor.DindentRight})),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return " " + v.beside() })))
		p.mu.Lock()
		p.bars = bars
		p.mu.Unlock()
	}
	p.bar.SetTotal(int64(max(v.now.All, 1)), false)
	p.bar.SetCurrent(int64(v.now.Done))
}

func (v *verifying) beside() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return verifiedSoFar(v.now)
}

// verifiedSoFar is one line about how a verification stands.
func verifiedSoFar(p pipeline.VerifyProgress) string {
	text := fmt.Sprintf("%d of %s", p.Done, count(p.All, "record"))
	if p.Differ > 0 {
		text += fmt.Sprintf(", %d differ", p.Differ)
	}
	if p.SilentFor > 0 {
		text += fmt.Sprintf(", paused for %s after a 429", p.SilentFor.Round(time.Second))
	}
	var left pace
	if done := p.Done - p.Before; done >= meaningful {
		left.left = time.Since(p.Started) / time.Duration(done) * time.Duration(p.All-p.Done)
	}
	return text + left.text()
}

// maxDifferences is how many are named on the screen.
const maxDifferences = 100

// verified is the JSON that a verification prints.
type verified struct {
	Environment string                          `json:"environment"`
	Began       time.Time                       `json:"began"`
	Resumed     bool                            `json:"resumed"`
	Done        bool                            `json:"done"`
	Kinds       map[onboard.Kind]pipeline.Tally `json:"kinds"`
	Differences []pipeline.Difference           `json:"differences"`
}

func (e *environment) showVerified(output, name string, r *pipeline.Verified, found iter.Seq2[pipeline.Difference, error]) error {
	if output == "json" {
		out := verified{name, r.Began, r.Resumed, r.Done, r.Kinds, []pipeline.Difference{}}
		for d, err := range found {
			if err != nil {
				return err
			}
			out.Differences = append(out.Differences, d)
		}
		encoder := json.NewEncoder(e.stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(out)
	}
	shown := 0
	for d, err := range found {
		if err != nil {
			return err
		}
		if shown++; shown <= maxDifferences {
			showDifference(e.stdout, d)
		}
	}
	if shown > maxDifferences {
		fmt.Fprintf(e.stdout, "and %d others: --output json lists them all\n", shown-maxDifferences)
	}
	if shown > 0 {
		fmt.Fprintln(e.stdout)
	}
	e.showTallies(name, r)
	return nil
}

func showDifference(w io.Writer, d pipeline.Difference) {
	fmt.Fprintf(w, "%s %q, id %q:\n", d.Kind, d.RefID, d.ID)
	for _, p := range d.What {
		fmt.Fprintf(w, "  %s: %s\n", p.Code, p.Text)
	}
}

// showTallies prints the table, of what there is, and the verdict.
func (e *environment) showTallies(name string, r *pipeline.Verified) {
	fmt.Fprintf(e.stdout, "%s: the checkpoint against Paxos\n", name)
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	for _, kind := range onboard.Kinds() {
		tally := r.Kinds[kind]
		for _, line := range []struct {
			n    int
			what string
		}{{tally.Agree, "agree"}, {tally.Differ, "DIFFER"}, {tally.Decided, "of them decided since; the next run takes that over"},
			{tally.NoID, "without an id yet"}, {tally.NotVerified, "not verified: there is no check for this kind yet"}} {
			if line.n > 0 {
				fmt.Fprintf(w, "  %s\t%d\t%s\n", cmp.Or(plural(kind), string(kind)), line.n, line.what)
			}
		}
	}
	_ = w.Flush()
	fmt.Fprintln(e.stdout, verdict(r))
}

func verdict(r *pipeline.Verified) string {
	records, passed := 0, 0
	for _, t := range r.Kinds {
		records += t.Agree + t.Differ
		passed += t.NotVerified
	}
	switch {
	case !r.Done:
		return "not all was verified; the same command goes on from here, --restart begins anew"
	case r.Differ() > 0:
		return fmt.Sprintf("%d of %s differ; nothing was changed", r.Differ(), count(records, "id"))
	case passed > 0:
		return fmt.Sprintf("%s verified, all agree; %d not verified", count(records, "id"), passed)
	}
	return fmt.Sprintf("%s verified, all agree", count(records, "id"))
}
