package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"embark/checkpoint"
	"embark/pipeline"
)

func (e *environment) statusCommand() *cobra.Command {
	var (
		config, path, output string
		watch                bool
	)
	c := &cobra.Command{
		Use:   "status",
		Short: "tell where everything stands; also while a run is under way",
		Args:  noArgs,
	}
	c.Flags().StringVar(&config, "config", "", "settings (default embark.yaml, if there is one)")
	c.Flags().StringVar(&path, "checkpoint", defaultCheckpoint, "the checkpoint to ask about")
	c.Flags().StringVar(&output, "output", "text", "text or json")
	c.Flags().BoolVar(&watch, "watch", false, "again every second, until the run is over")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if _, err := e.settle(c, config); err != nil {
			return err
		}
		for {
			s, err := readStatus(path)
			if err != nil {
				return err
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
	counts, err := checkpoint.Peek(path)
	if err == nil {
		return &status{Checkpoint: filepath.Base(path), Progress: pipeline.Progress{Phase: "not running", Now: time.Now(), Records: counts}}, nil
	}
	if !errors.Is(err, checkpoint.ErrInUse) {
		return nil, err
	}
	data, e := os.ReadFile(filepath.Join(filepath.Dir(path), statusFile))
	var s status
	if e != nil || json.Unmarshal(data, &s) != nil || s.Checkpoint != filepath.Base(path) {
		return nil, err
	}
	return &s, nil
}

func (e *environment) showStatus(s *status, output string) {
	if output == "json" {
		_ = json.NewEncoder(e.stdout).Encode(s)
		return
	}
	if s.Running {
		fmt.Fprintf(e.stdout, "%s: process %d, %s\n", s.Checkpoint, s.PID, describe(s.Progress))
		return
	}
	fmt.Fprintf(e.stdout, "%s: no run under way, %s\n", s.Checkpoint, counts(s.Progress))
}
