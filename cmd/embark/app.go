package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"embark/checkpoint"
	"embark/mapping"
	"embark/paxos"
	"embark/pipeline"
	"embark/report"
	"embark/source"
)

// The rules of the user interface. Results go to standard output: findings,
// tables, JSON. Everything else goes to standard error: progress, prompts,
// errors. Sentences start with a small letter and have no full stop. An error
// says what is wrong and, on a line of its own, what to do. Foreign text is
// quoted, so that it cannot drive the terminal. No personal data, ever, but
// where --show-values asks for it on a terminal.

// environment is all that a command may touch of the outside.
type environment struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
}

// exitError carries an exit code that is not an error: the run did what it was
// told to, and its rows tell the rest.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// run parses the command line, carries the command out and returns the exit code.
func (e *environment) run(ctx context.Context, args []string) int {
	root := e.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var code exitError
	switch {
	case errors.As(err, &code):
		return int(code)
	case err == nil:
		return exitOK
	}
	if onlyCanceled(err) && ctx.Err() != nil {
		fmt.Fprintf(e.stderr, "embark: %v\n", context.Cause(ctx))
	} else {
		e.complain(err)
	}
	return exitOf(ctx, err)
}

func (e *environment) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "embark",
		Short:         "bring a brokerage's customers from files to the Paxos platform",
		Args:          noArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetIn(e.stdin)
	root.SetOut(e.stdout)
	root.SetErr(e.stderr)
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(e.initCommand(), e.templateCommand(), e.validateCommand(), e.planCommand(), e.explainCommand(), e.runCommand(), e.statusCommand(),
		e.reportCommand(), e.doctorCommand(), e.verifyCommand(),
		e.simulatorCommand(), e.sampleCommand(), e.versionCommand())
	for _, c := range root.Commands() {
		c.Flags().SortFlags = false // the order in which they were declared is the one to read them in
	}
	return root
}

// note prints what is worth knowing and no result.
func (e *environment) note(quiet bool) func(format string, values ...any) {
	return func(format string, values ...any) {
		if !quiet {
			fmt.Fprintf(e.stderr, format+"\n", values...)
		}
	}
}

// complain prints an error and its hint.
func (e *environment) complain(err error) {
	fmt.Fprintf(e.stderr, "embark: error: %s\n", oneLine(err.Error()))
	if spec := new(mapping.SpecError); errors.As(err, &spec) {
		for line := range strings.Lines(spec.Source) {
			fmt.Fprintf(e.stderr, "  %s\n", oneLine(strings.TrimSuffix(line, "\n")))
		}
	}
	if hint := hintFor(err); hint != "" {
		fmt.Fprintf(e.stderr, "  hint: %s\n", oneLine(hint))
	}
	for _, other := range moreOf(err) {
		fmt.Fprintf(e.stderr, "  also: %s\n", oneLine(other))
	}
}

// moreOf lists the faults of a mapping or header beside the first.
func moreOf(err error) []string {
	if spec := new(mapping.SpecError); errors.As(err, &spec) {
		return spec.More
	}
	if header := new(mapping.HeaderError); errors.As(err, &header) {
		return header.More
	}
	return nil
}

// oneLine keeps what came from elsewhere from driving the terminal.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ReplaceAll(text, "\n", "; "))
}

// onlyCanceled: nothing else went wrong than that somebody wanted an end.
func onlyCanceled(err error) bool {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, part := range joined.Unwrap() {
			if !onlyCanceled(part) {
				return false
			}
		}
		return true
	}
	return errors.Is(err, context.Canceled)
}

// hintFor finds what to do about an error.
func hintFor(err error) string {
	var (
		usage      *usageError
		header     *mapping.HeaderError
		spec       *mapping.SpecError
		option     *source.OptionError
		open       *source.OpenError
		table      *source.Error
		store      *checkpoint.Error
		credential *credentialError
	)
	switch {
	case errors.As(err, &usage):
		return usage.hint
	case errors.As(err, &header):
		return header.Hint
	case errors.As(err, &spec):
		return spec.Hint
	case errors.As(err, &option):
		return option.Hint
	case errors.As(err, &open):
		return open.Hint
	case errors.As(err, &table):
		return table.Hint
	case errors.As(err, &store):
		return store.Hint
	case errors.As(err, &credential):
		return fmt.Sprintf("set it in the environment, or name a file with %s in embark.yaml; --simulate needs none",
			strings.ToLower(strings.TrimPrefix(credential.name, "PAXOS_"))+"_file")
	}
	return hintForKind(err)
}

func hintForKind(err error) string {
	for _, k := range []struct {
		kind error
		hint string
	}{
		{report.ErrProof, "unless the report was edited by hand, this is a fault of embark's: keep the checkpoint and the report, and say so"},
		{paxos.ErrCredentials, "check PAXOS_CLIENT_ID and PAXOS_CLIENT_SECRET, and that they belong to this environment"},
		{paxos.ErrScope, "let an administrator add the scope to the API key in the Paxos dashboard"},
		{pipeline.ErrUnreachable, "check the network and the status of Paxos, then run the same command again: it carries on"},
		{pipeline.ErrErrorBudget, "see results.csv for what Paxos refused; raise --max-errors to go on all the same"},
		{pipeline.ErrOrderCap, "raise --order-cap, or take out orders to sell and those in other currencies than USD; orders of earlier runs that were not sent count too"},
		{pipeline.ErrRejected, "correct the rows in rejected.csv, or raise --max-rejected to send the others"},
	} {
		if errors.Is(err, k.kind) {
			return k.hint
		}
	}
	return ""
}

// isTerminal tells whether w is one that a person looks at.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
