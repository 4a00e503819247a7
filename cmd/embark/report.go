package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"embark/report"
)

func (e *environment) reportCommand() *cobra.Command {
	var (
		config, folder, output string
		verify                 bool
	)
	c := &cobra.Command{
		Use:   "report",
		Short: "show the last report again",
		Args:  noArgs,
	}
	c.Flags().StringVar(&folder, "report", defaultReport, "`FOLDER` of reports")
	c.Flags().BoolVar(&verify, "verify", false, "count the lines of results.csv anew")
	c.Flags().StringVar(&output, "output", "text", "text or json")
	c.Flags().StringVar(&config, "config", "", configHelp)
	c.RunE = func(c *cobra.Command, _ []string) error {
		if _, err := e.settle(c, config); err != nil {
			return err
		}
		if err := oneOf("output", output, "text", "json"); err != nil {
			return err
		}
		summary, path, err := report.Latest(folder)
		if err != nil {
			return &usageError{fmt.Sprintf("there is no report in %q", folder), "a run writes one; name its folder with --report"}
		}
		e.summarize(output, summary, path, "")
		if !verify {
			return nil
		}
		if err := report.Verify(path, summary); err != nil {
			return err
		}
		fmt.Fprintln(e.stderr, "counted anew: the report adds up")
		return nil
	}
	return c
}
