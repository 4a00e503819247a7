package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"embark/checkpoint"
	"embark/mapping"
	"embark/paxos"
	"embark/pipeline"
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

// usageError is a mistake in flags, arguments or the config file.
type usageError struct{ text, hint string }

func (e *usageError) Error() string { return e.text }

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
	e.complain(err)
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
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return &usageError{err.Error(), fmt.Sprintf("see: %s --help", c.CommandPath())}
	})
	root.AddCommand(e.validateCommand(), e.runCommand(), e.statusCommand(), e.reportCommand(), e.simulatorCommand(),
		e.sampleCommand(), e.versionCommand())
	return root
}

func noArgs(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if c.HasParent() {
		return &usageError{fmt.Sprintf("%s takes no argument %q", c.CommandPath(), args[0]), fmt.Sprintf("see: %s --help", c.CommandPath())}
	}
	hint := "see: embark help"
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		hint = fmt.Sprintf("did you mean %q?", near[0])
	}
	return &usageError{fmt.Sprintf("there is no command %q", args[0]), hint}
}

// complain prints an error and its hint.
func (e *environment) complain(err error) {
	fmt.Fprintf(e.stderr, "embark: error: %s\n", strings.ReplaceAll(err.Error(), "\n", "; "))
	if hint := hintFor(err); hint != "" {
		fmt.Fprintf(e.stderr, "  hint: %s\n", hint)
	}
}

// hintFor finds what to do about an error.
func hintFor(err error) string {
	var (
		usage  *usageError
		header *mapping.HeaderError
		open   *source.OpenError
		table  *source.Error
		store  *checkpoint.Error
	)
	switch {
	case errors.As(err, &usage):
		return usage.hint
	case errors.As(err, &header):
		return header.Hint
	case errors.As(err, &open):
		return open.Hint
	case errors.As(err, &table):
		return table.Hint
	case errors.As(err, &store):
		return store.Hint
	}
	return hintForKind(err)
}

func hintForKind(err error) string {
	for kind, hint := range map[error]string{
		paxos.ErrCredentials:    "check PAXOS_CLIENT_ID and PAXOS_CLIENT_SECRET, and that they belong to this environment",
		paxos.ErrScope:          "let an administrator add the scope to the API key in the Paxos dashboard",
		pipeline.ErrUnreachable: "check the network and the status of Paxos, then run the same command again: it carries on",
		pipeline.ErrErrorBudget: "see results.csv for what Paxos refused; raise --max-errors to go on all the same",
		pipeline.ErrRejected:    "correct the rows in rejected.csv, or raise --max-rejected to send the others",
	} {
		if errors.Is(err, kind) {
			return hint
		}
	}
	return ""
}

// isTerminal tells whether w is one that a person looks at.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
