package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"embark/checkpoint"
	"embark/onboard"
	"embark/paxos"
	"embark/paxossim"
	"embark/pipeline"
)

func (e *environment) doctorCommand() *cobra.Command {
	f := &runFlags{}
	c := &cobra.Command{
		Use:   "doctor [FILE...]",
		Short: "tell whether a run can work here, and what to do if not",
		Long: `Tell whether a run can work here: config, credentials, scopes (those that the columns of the files need), clock,
network, disk, file modes and checkpoint. Nothing is written, and nothing is sent but a request for a token and a
reading; if Paxos refuses the scopes together, one more request for each of them, a second apart.`,
		Example: `  embark doctor
  embark doctor --environment production customers.csv`,
	}
	flags := c.Flags()
	f.declareTarget(flags)
	flags.StringVar(&f.report, "report", defaultReport, "`FOLDER` of reports")
	f.input.add(flags)
	flags.StringVar(&f.output, "output", "text", "text or json")
	flags.StringVar(&f.config, "config", "", configHelp)
	c.RunE = func(c *cobra.Command, args []string) error {
		config, err := e.settleTarget(c, f)
		d := &doctor{environment: e, f: f, config: config}
		if d.fail("config", err); err == nil {
			d.ok("config", "%s", d.configName())
			d.look(c.Context(), args)
		}
		if c.Context().Err() != nil {
			return c.Context().Err()
		}
		return d.tell()
	}
	return c
}

// Levels of a check.
const (
	levelOK   = "ok"
	levelWarn = "warn"
	levelFail = "fail"
)

// check is one line of what the doctor says.
type check struct {
	Name  string `json:"check"`
	Level string `json:"level"`
	Text  string `json:"text"`
	Hint  string `json:"hint,omitempty"`
	code  int    // exit code, of a failure
}

// doctor looks at everything that a run needs and notes what it sees.
type doctor struct {
	*environment
	f      *runFlags
	config *configFile
	checks []check

	columns  []string // of all files
	rows     int
	unsound  bool // a file mode is such that the checkpoint would not be opened
	target   *target
	memory   paxos.Memory
	answered bool // the token endpoint gave an answer
}

func (d *doctor) ok(name, format string, values ...any) {
	d.checks = append(d.checks, check{Name: name, Level: levelOK, Text: fmt.Sprintf(format, values...)})
}

func (d *doctor) warn(name, hint, format string, values ...any) {
	d.checks = append(d.checks, check{Name: name, Level: levelWarn, Text: fmt.Sprintf(format, values...), Hint: hint})
}

// fail notes an error, with the hint and the exit code that a run would end with.
func (d *doctor) fail(name string, err error) {
	if err != nil {
		d.failed(name, err, hintFor(err))
	}
}

func (d *doctor) failed(name string, err error, hint string) {
	d.checks = append(d.checks, check{Name: name, Level: levelFail, Text: oneLine(err.Error()), Hint: oneLine(hint),
		code: exitOf(context.Background(), err)})
}

func (d *doctor) configName() string {
	path := cmp.Or(d.f.config, d.getenv("EMBARK_CONFIG"))
	if _, err := os.Stat(defaultConfig); path == "" && err != nil {
		return "no config file, which is fine"
	}
	return fmt.Sprintf("%q", cmp.Or(path, defaultConfig))
}

// look goes from what is at hand to what is far. What cannot be known, for want
// of something before it, is left out.
func (d *doctor) look(ctx context.Context, files []string) {
	var err error
	if d.target, err = d.environment.target(d.f, d.config); err != nil {
		d.fail("target", err)
		return
	}
	for _, path := range files {
		d.file(ctx, path)
	}
	d.modes()
	d.folder()
	d.disk()
	d.checkpoint()
	d.credentials()
	d.signing()
	if d.target.missing == nil && ctx.Err() == nil {
		d.paxos(ctx)
	}
}

// checkpoint judges it as a run would, without opening it for one.
func (d *doctor) checkpoint() {
	if d.unsound {
		return // which is all that a run would say
	}
	o := d.f.storeOptions(d.environment, d.target, false)
	o.ForceFilesystem = true // said already
	found, err := checkpoint.Inspect(o)
	switch {
	case errors.Is(err, checkpoint.ErrAbsent):
		d.ok("checkpoint", "none yet; a run makes %q", d.f.checkpoint)
		return
	case err != nil:
		d.fail("checkpoint", err)
		return
	}
	d.memory, _ = pipeline.LoadLimits(marks(found.Marks))
	if !found.SameClient {
		d.warn("checkpoint", "a run goes on with it only if this one can read its identities", "%q was begun with another client id", d.f.checkpoint)
		return
	}
	d.ok("checkpoint", "%q, of %s: %s", d.f.checkpoint, d.target.name, recordsText(found.Counts))
}

// marks are those of a checkpoint that is not open.
type marks checkpoint.Marks

func (m marks) Marks() (checkpoint.Marks, error) { return checkpoint.Marks(m), nil }

func recordsText(counts checkpoint.Counts) string {
	var parts []string
	for _, kind := range onboard.Kinds() {
		if states := counts[kind]; total(states) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s (%s)", total(states), cmp.Or(plural(kind), string(kind)), inWords(kind, states)))
		}
	}
	if parts == nil {
		return "empty"
	}
	return strings.Join(parts, ", ")
}

func (d *doctor) credentials() {
	switch {
	case d.f.simulate:
		d.ok("credentials", "none needed at the simulated Paxos")
	case d.target.missing != nil:
		d.failed("credentials", fmt.Errorf("%w, so Paxos was not asked for anything", d.target.missing), hintFor(d.target.missing))
	default:
		d.ok("credentials", "client id and secret are there")
	}
}

// signing: a key that cannot be used has ended the look at the target before.
func (d *doctor) signing() {
	if d.target.options.Signer == nil {
		d.ok("request signing", "not configured")
		return
	}
	d.ok("request signing", "with the key %q", d.config.SigningKeyID)
}

// tell prints the checks and chooses the exit code: that of the failure that a
// run would meet first, in the order of the README's table.
func (d *doctor) tell() error {
	failures := d.failures()
	code := exitOK
	if len(failures) > 0 {
		code = failures[0].code
	}
	if d.f.output == "json" {
		encoder := json.NewEncoder(d.stdout)
		encoder.SetIndent("", "  ")
		_ = encoder.Encode(struct {
			Checks []check `json:"checks"`
			Exit   int     `json:"exit"`
		}{d.checks, code})
	} else {
		d.print()
	}
	if code != exitOK {
		d.complain(&usageError{fmt.Sprintf("a run cannot work here: %s of %d failed", count(len(failures), "check"), len(d.checks)), failures[0].Hint})
	} else if d.f.output == "text" {
		fmt.Fprintln(d.stdout, "a run can work here"+d.warnings())
	}
	return exitError(code)
}

// warnings counts them, for the last line.
func (d *doctor) warnings() string {
	n := 0
	for _, c := range d.checks {
		if c.Level == levelWarn {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return "; " + count(n, "warning")
}

func (d *doctor) print() {
	w := tabwriter.NewWriter(d.stdout, 0, 0, 2, ' ', 0)
	for _, c := range d.checks {
		fmt.Fprintf(w, "%s\t%s\t%s\n", c.Level, c.Name, c.Text)
		if c.Hint != "" && c.Level != levelOK {
			fmt.Fprintf(w, "\t\thint: %s\n", c.Hint)
		}
	}
	_ = w.Flush()
}

// failures are in the order of their exit codes, and within one in that of the checks.
func (d *doctor) failures() []check {
	order := []int{exitFailed, exitUsage, exitUnreadable, exitInUse, exitCredentials, exitUnreachable}
	failures := slices.DeleteFunc(slices.Clone(d.checks), func(c check) bool { return c.Level != levelFail })
	slices.SortStableFunc(failures, func(a, b check) int { return slices.Index(order, a.code) - slices.Index(order, b.code) })
	return failures
}

// simulator stands in for Paxos without leaving a state file behind.
func (d *doctor) simulator() (stop func(), err error) {
	if d.target.simState == "" {
		return func() {}, nil
	}
	sim, err := paxossim.New(paxossim.Options{Seed: 1, Limits: simulatedLimits()})
	if err != nil {
		return nil, err
	}
	d.target.options.Transport = sim.Transport()
	return func() { _ = sim.Close() }, nil
}
