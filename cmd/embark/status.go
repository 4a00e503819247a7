package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"embark/checkpoint"
	"embark/onboard"
	"embark/pipeline"
)

func (e *environment) statusCommand() *cobra.Command {
	var (
		config, path, output string
		watch, simulate      bool
	)
	c := &cobra.Command{
		Use:   "status",
		Short: "tell where everything stands; also while a run is under way",
		Args:  noArgs,
	}
	c.Flags().StringVar(&path, "checkpoint", defaultCheckpoint, "the checkpoint `FILE` to ask about")
	c.Flags().BoolVar(&simulate, "simulate", false, "the checkpoint of runs with --simulate, "+simulatedCheckpoint)
	c.Flags().BoolVar(&watch, "watch", false, "again every second, until the run is over")
	c.Flags().StringVar(&output, "output", "text", "text or json")
	c.Flags().StringVar(&config, "config", "", configHelp)
	c.RunE = func(c *cobra.Command, _ []string) error {
		if _, err := e.settle(c, config); err != nil {
			return err
		}
		if err := oneOf("output", output, "text", "json"); err != nil {
			return err
		}
		if simulate && !c.Flags().Changed("checkpoint") {
			path = simulatedCheckpoint
		}
		for {
			s, err := readStatus(path)
			if err != nil {
				return hintAtSimulated(err, path)
			}
			e.showStatus(s, output)
			if !watch || !s.Running {
				return nil
			}
			if !pause(c.Context(), statusEvery) {
				return nil
			}
		}
	}
	return c
}

// hintAtSimulated helps those who have only tried things out so far.
func hintAtSimulated(err error, path string) error {
	if !errors.Is(err, checkpoint.ErrAbsent) {
		return err
	}
	hint := "a run makes one; name it with --checkpoint"
	if _, e := os.Stat(simulatedCheckpoint); e == nil && path == defaultCheckpoint {
		hint = "there is one of a simulated run: embark status --simulate"
	}
	return &usageError{err.Error(), hint}
}

func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// readStatus believes status.json only while another process holds the
// checkpoint: what a killed run left there is of the past.
func readStatus(path string) (*status, error) {
	name := filepath.Base(path)
	var s status
	data, e := os.ReadFile(filepath.Join(filepath.Dir(path), statusFile))
	known := e == nil && json.Unmarshal(data, &s) == nil && s.Checkpoint == name
	counts, err := checkpoint.Peek(path)
	switch {
	case errors.Is(err, checkpoint.ErrInUse):
		if !known || !s.Running { // the run has only just begun
			s = status{Checkpoint: name, Running: true, Progress: pipeline.Progress{Phase: "connecting", Now: time.Now()}}
		}
		return &s, nil
	case err != nil:
		return nil, err
	}
	phase := "not running"
	if known && s.Running {
		phase = "killed"
	}
	return &status{Checkpoint: name, Progress: pipeline.Progress{Phase: phase, Now: time.Now(), Records: counts}}, nil
}

func (e *environment) showStatus(s *status, output string) {
	if output == "json" {
		_ = json.NewEncoder(e.stdout).Encode(s)
		return
	}
	if s.Running {
		fmt.Fprintf(e.stdout, "%s: a run is under way (process %d); %s\n", s.Checkpoint, s.PID, describe(s.Progress))
		return
	}
	fmt.Fprintf(e.stdout, "%s: no run is under way\n", s.Checkpoint)
	open := 0
	for _, kind := range onboard.Kinds() {
		if states := s.Progress.Records[kind]; total(states) > 0 {
			fmt.Fprintf(e.stdout, "  %s: %s\n", plural(kind), inWords(kind, states))
			open += total(states) - states[onboard.Decided] - states[onboard.Conflict] - states[onboard.Refused]
		}
	}
	if s.Progress.Phase == "killed" {
		fmt.Fprintln(e.stdout, "the last run was cut short; run the same command again to carry on")
	} else if open > 0 {
		fmt.Fprintln(e.stdout, "to carry on with what is open, run the same command again, or: embark run")
	}
}

func plural(kind onboard.Kind) string {
	return map[onboard.Kind]string{onboard.KindIdentity: "identities", onboard.KindAccount: "accounts", onboard.KindAccountMember: "later members",
		onboard.KindFiatAccount: "bank accounts", onboard.KindDepositInstructions: "deposit instructions",
		onboard.KindDocument: "documents", onboard.KindOrder: "orders",
		onboard.KindSandboxStatus: "statuses forced", onboard.KindSandboxDeposit: "sandbox deposits"}[kind]
}

// inWords tells how many objects of a kind are in which state.
func inWords(kind onboard.Kind, states map[onboard.State]int) string {
	words := map[onboard.State]string{onboard.Waiting: "waiting for something else", onboard.Ready: "not sent yet",
		onboard.Sent: "on their way", onboard.InDoubt: "in doubt", onboard.Pending: "undecided", onboard.Decided: "decided",
		onboard.Conflict: "in conflict", onboard.Refused: "refused"}
	switch kind {
	case onboard.KindAccount:
		words[onboard.Waiting], words[onboard.Decided] = "waiting for the approval", "made"
	case onboard.KindDocument:
		words[onboard.Waiting], words[onboard.Decided] = "not asked for", "sent"
	case onboard.KindOrder:
		words[onboard.Pending], words[onboard.Decided] = "open", "closed"
	case onboard.KindDepositInstructions, onboard.KindSandboxStatus, onboard.KindSandboxDeposit:
		words[onboard.Decided] = "made"
	}
	var parts []string
	for _, state := range onboard.States() {
		if n := states[state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, words[state]))
		}
	}
	return strings.Join(parts, ", ")
}

func total(states map[onboard.State]int) int {
	n := 0
	for _, count := range states {
		n += count
	}
	return n
}
