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
			_, err := fmt.Fprintln(e.stdout, version())
			return err
		},
	}
}

// version tells the revision and the compiler.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "embark, built without build information"
	}
	revision := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = s.Value
		}
	}
	return fmt.Sprintf("embark %s %s", revision, info.GoVersion)
}
