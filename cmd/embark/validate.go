package main

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"embark/checkpoint"
	"embark/mapping"
	"embark/pipeline"
	"embark/report"
)

// validateFlags are the flags of embark validate; those that a run has too mean
// the same.
type validateFlags struct {
	environment, config string
	input               inputFlags
	checkpoint, keyFile string
	forceFilesystem     bool
	report              string
	maxRejected         percent
	progress, output    string
	quiet               bool

	files   bool     // findings.csv and rejected.csv are wanted
	decided bool     // the environment is not the default
	again   []string // flags of the command line that a run is to be given too
	ofRun   []string // and those that only a run has
}

func (e *environment) validateCommand() *cobra.Command {
	f := &validateFlags{maxRejected: percent{share: 0.05}}
	c := &cobra.Command{
		Use:   "validate FILE...",
		Short: "check the files offline; no credentials, nothing is sent",
		Example: `  embark validate samples/customers.csv
  embark validate --output json customers.csv     # a finding a line, nothing written
  embark validate --checkpoint embark.db new.csv  # against those who are onboarded too`,
	}
	flags := c.Flags()
	flags.StringVar(&f.environment, "environment", "sandbox", "sandbox or production, where made-up SSNs are faults")
	f.input.add(flags)
	flags.StringVar(&f.checkpoint, "checkpoint", "", "`FILE` of earlier runs to compare with; only if given here")
	flags.StringVar(&f.keyFile, "key-file", "", "`FILE` with its key (default the checkpoint's name and .key)")
	flags.BoolVar(&f.forceFilesystem, "force-filesystem", false, "checkpoint on a network filesystem all the same")
	flags.StringVar(&f.report, "report", defaultReport, "`FOLDER` of reports, for findings.csv and rejected.csv; with --output json only if given here")
	flags.Var(&f.maxRejected, "max-rejected", "share of faulty rows above which a run sends nothing; left alone, it speaks from 20 faulty rows on")
	flags.StringVar(&f.progress, "progress", "auto", "auto, bar, plain or none")
	flags.BoolVar(&f.quiet, "quiet", false, "no progress and no summary; files, errors and the exit code only")
	flags.StringVar(&f.output, "output", "text", "text or json, a finding a line")
	flags.StringVar(&f.config, "config", "", configHelp)
	c.RunE = func(c *cobra.Command, args []string) error {
		named := f.note(c)
		config, err := e.settle(c, f.config)
		if err != nil {
			return err
		}
		if !named("checkpoint") { // it is the run's, where the config file or the environment names it
			f.checkpoint = ""
		}
		f.decided = c.Flags().Changed("environment")
		if err := f.check(args); err != nil {
			return err
		}
		f.files = f.output == "text" || named("report")
		return e.validate(c.Context(), f, config, args)
	}
	return c
}

// note remembers what the command line itself says: the settings speak later.
func (f *validateFlags) note(c *cobra.Command) (named func(flag string) bool) {
	var names []string
	c.Flags().Visit(func(flag *pflag.Flag) { names = append(names, flag.Name) })
	f.again = typedFor("run", c)
	return func(flag string) bool { return slices.Contains(names, flag) }
}

func (f *validateFlags) check(args []string) error {
	if len(args) == 0 {
		return &usageError{"validate needs a file", "embark validate customers.csv"}
	}
	return errors.Join(oneOf("output", f.output, "text", "json"), oneOf("progress", f.progress, "auto", "bar", "plain", "none"),
		oneOf("environment", f.environment, "sandbox", "production"))
}

func (e *environment) validate(ctx context.Context, f *validateFlags, config *configFile, args []string) error {
	started := time.Now()
	if f.checkpoint != "" && !f.decided {
		f.takeEnvironment(environmentOf(f.checkpoint))
	}
	boundMemory()
	in, closeInput, err := e.openInput(args, &f.input, config, f.environment != "production", e.note(f.quiet))
	if err != nil {
		return err
	}
	defer closeInput()
	store, closeStore, err := f.known(e)
	if err != nil {
		return err
	}
	defer closeStore()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	show := newFindings(e.stdout, f.output, in)
	keep := &keeper{files: report.Findings{Folder: f.report, Started: started}, names: naming{in: in}, stop: stop}
	take := show.add
	if f.files {
		take = func(r mapping.Result) { show.add(r); keep.add(r) }
	}
	checked, err := e.checkRows(ctx, f, in, pipeline.Checking{Store: store, Show: take})
	kept, err := keep.end(err)
	if err != nil {
		return err
	}
	if !f.quiet || f.output == "json" {
		show.files = kept.paths()
		show.end(checked)
	}
	if !f.quiet && f.output == "text" {
		f.conclude(e.stdout, in, checked, show.damaged, args, kept)
	}
	if checked.Rejected > 0 || checked.Changed > 0 {
		return exitError(exitRows)
	}
	return nil
}

// takeEnvironment judges by the environment of the checkpoint where no other was
// given, and has the commands that come next do so.
func (f *validateFlags) takeEnvironment(name string) {
	f.environment = cmp.Or(name, f.environment)
	switch name {
	case "production":
		f.again = append(f.again, "--environment", name)
	case "simulator":
		f.ofRun = append(f.ofRun, "--simulate")
	}
}

// known opens the checkpoint that was named.
func (f *validateFlags) known(e *environment) (pipeline.Store, func(), error) {
	if f.checkpoint == "" {
		return nil, func() {}, nil
	}
	return openKnown(checkpoint.Options{Path: f.checkpoint, KeyFile: f.keyFile, Key: e.getenv("EMBARK_KEY"),
		Environment: f.environment, MustExist: true, ForceFilesystem: f.forceFilesystem})
}

// checkRows is pass one, with its progress on standard error.
func (e *environment) checkRows(ctx context.Context, f *validateFlags, in pipeline.Input, o pipeline.Checking) (*pipeline.Checked, error) {
	show := newCheckProgress(e.stderr, e.progressKind(f.progress, f.output, f.quiet), time.Now())
	defer show.end()
	o.Progress = func(rows int, read, size int64) { show.tell(rows, read, size, time.Now()) }
	return pipeline.Check(ctx, in, o)
}
