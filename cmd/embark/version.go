package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func (e *environment) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "tell what was built from what",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			info, ok := debug.ReadBuildInfo()
			if !ok {
				_, err := fmt.Fprintln(e.stdout, "embark, built without build information")
				return err
			}
			revision := info.Main.Version
			for _, s := range info.Settings {
				if s.Key == "vcs.revision" {
					revision = s.Value
				}
			}
			_, err := fmt.Fprintf(e.stdout, "embark %s %s\n", revision, info.GoVersion)
			return err
		},
	}
}
