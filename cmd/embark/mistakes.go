package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/agnivade/levenshtein"
)

// usageError is a mistake in flags, arguments or the config file.
type usageError struct{ text, hint string }

func (e *usageError) Error() string { return e.text }

// hintedError is an error for which another hint is right than for its kind.
type hintedError struct {
	error
	hint string
}

func (e *hintedError) Unwrap() error { return e.error }

// flagError says in our words what pflag found.
func flagError(c *cobra.Command, err error) error {
	help := fmt.Sprintf("see: %s --help", c.CommandPath())
	var (
		unknown *pflag.NotExistError
		invalid *pflag.InvalidValueError
		missing *pflag.ValueRequiredError
	)
	switch {
	case errors.As(err, &unknown):
		return unknownFlag(c, unknown.GetSpecifiedName(), help)
	case errors.As(err, &invalid):
		return &usageError{fmt.Sprintf("--%s: %q does not make sense", invalid.GetFlag().Name, invalid.GetValue()), howToWrite(invalid.GetFlag())}
	case errors.As(err, &missing):
		return &usageError{fmt.Sprintf("--%s needs a value", missing.GetSpecifiedName()), help}
	}
	return &usageError{err.Error(), help}
}

func unknownFlag(c *cobra.Command, name, hint string) error {
	var known []string
	c.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	dashes := "--"
	if len(name) == 1 {
		dashes = "-"
	} else if near := nearest(name, known); near != "" {
		hint = fmt.Sprintf("did you mean --%s?", near)
	}
	return &usageError{fmt.Sprintf("%s has no flag %q", c.CommandPath(), dashes+name), hint}
}

const durations = "durations are written 30s, 10m or 24h"

// howToWrite is the hint for a value that a flag does not take.
func howToWrite(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "duration":
		return durations
	case "percent":
		return "a share is written 5% or 0.05"
	case "bool":
		return "true or false"
	case "int", "uint64", "float64":
		return "a number is needed"
	}
	return "see: embark run --help"
}

// noArgs refuses arguments where a command takes none.
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

// nearest finds the word that was meant, or "".
func nearest(word string, among []string) string {
	best, least := "", len(word)/3+1
	for _, candidate := range among {
		if d := levenshtein.ComputeDistance(word, candidate); d < least {
			best, least = candidate, d
		}
	}
	return best
}
