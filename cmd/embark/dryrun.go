package main

import (
	"context"

	"embark/pipeline"
)

// dryRun is validate and plan in one.
func (e *environment) dryRun(ctx context.Context, f *runFlags, t *target, in pipeline.Input) error {
	return e.plan(ctx, f, t, in, newFindings(e.stdout, f.output, in))
}
