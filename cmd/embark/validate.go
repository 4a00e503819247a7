package main

import (
	"github.com/spf13/cobra"

	"embark/pipeline"
)

func (e *environment) validateCommand() *cobra.Command {
	var (
		config, output, environment string
		input                       inputFlags
	)
	c := &cobra.Command{
		Use:     "validate FILE...",
		Short:   "check the files offline; no credentials, nothing is sent",
		Example: "  embark validate samples/customers.csv",
	}
	flags := c.Flags()
	flags.StringVar(&environment, "environment", "sandbox", "sandbox or production, where made-up SSNs are faults")
	input.add(flags)
	flags.StringVar(&output, "output", "text", "text or json, a finding a line")
	flags.StringVar(&config, "config", "", configHelp)
	c.RunE = func(c *cobra.Command, args []string) error {
		settings, err := e.settle(c, config)
		if err != nil {
			return err
		}
		if len(args) == 0 {
			return &usageError{"validate needs a file", "embark validate customers.csv"}
		}
		if err := oneOf("output", output, "text", "json"); err != nil {
			return err
		}
		if err := oneOf("environment", environment, "sandbox", "production"); err != nil {
			return err
		}
		in, closeInput, err := e.openInput(args, &input, settings, environment != "production", e.note(false))
		if err != nil {
			return err
		}
		defer closeInput()
		findings := newFindings(e.stdout, output, len(args))
		checked, err := pipeline.Check(c.Context(), in, pipeline.Checking{Show: findings.add})
		if err != nil {
			return err
		}
		findings.end(checked)
		if checked.Rejected > 0 {
			return exitError(exitRows)
		}
		return nil
	}
	return c
}
