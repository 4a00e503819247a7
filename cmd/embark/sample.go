package main

import (
	"bufio"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"embark/samples"
)

func (e *environment) sampleCommand() *cobra.Command {
	var seed uint64
	c := &cobra.Command{
		Use:     "sample N",
		Short:   "write N made-up customers as CSV to standard output",
		Example: "  embark sample 1000 > customers.csv",
	}
	c.Flags().Uint64Var(&seed, "seed", 1, "other customers for another seed")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return &usageError{"sample needs the number of customers", "embark sample 1000"}
		}
		n, err := strconv.Atoi(args[0])
		if err != nil || n < 0 {
			return &usageError{fmt.Sprintf("%q is no number of customers", args[0]), "embark sample 1000"}
		}
		w := bufio.NewWriter(e.stdout)
		if err := samples.Write(w, n, seed); err != nil {
			return err
		}
		return w.Flush()
	}
	return c
}
