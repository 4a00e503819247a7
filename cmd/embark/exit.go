package main

import (
	"context"
	"errors"
	"syscall"

	"embark/checkpoint"
	"embark/mapping"
	"embark/onboard"
	"embark/paxos"
	"embark/pipeline"
	"embark/report"
	"embark/source"
)

// Exit codes. They are an interface: cron jobs branch on them.
const (
	exitOK          = 0
	exitFailed      = 1   // disk full, a report that does not add up, a bug
	exitUsage       = 2   // usage, config, mapping, key, foreign checkpoint, header
	exitRows        = 3   // some rows: rejected, failed, conflict, changed, denied, held, incomplete
	exitCredentials = 4   // credentials or scope
	exitUnreadable  = 5   // not readable as a table
	exitErrors      = 6   // the error budget is spent
	exitWaiting     = 7   // some rows: pending, documents_needed, waiting, in_doubt
	exitInUse       = 8   // checkpoint in use
	exitUnreachable = 9   // Paxos cannot be reached
	exitInterrupt   = 130 // SIGINT; SIGTERM is 143
	exitPipe        = 141 // nobody reads the results any more; that of SIGPIPE
)

func exitOfSignal(s syscall.Signal) int { return 128 + int(s) }

// exitOf finds the first exit code that holds for an error, in the order of
// the table in the README.
func exitOf(ctx context.Context, err error) int {
	var signal interrupted
	if errors.As(context.Cause(ctx), &signal) {
		return exitOfSignal(signal.signal)
	}
	for _, c := range []struct {
		code int
		is   func(error) bool
	}{
		{exitFailed, is(report.ErrProof)},
		{exitFailed, is(checkpoint.ErrDamaged)},
		{exitUsage, as[*usageError]},
		{exitUsage, as[*mapping.HeaderError]},
		{exitUsage, as[*mapping.SpecError]},
		{exitUsage, as[*source.OpenError]},
		{exitUsage, as[*source.OptionError]},
		{exitUsage, is(pipeline.ErrOrderCap)},
		{exitUsage, is(checkpoint.ErrForeign)},
		{exitUsage, is(checkpoint.ErrKey)},
		{exitUsage, is(checkpoint.ErrAbsent)},
		{exitUnreadable, as[*source.Error]},
		{exitInUse, is(checkpoint.ErrInUse)},
		{exitCredentials, is(paxos.ErrCredentials)},
		{exitCredentials, is(paxos.ErrScope)},
		{exitUnreachable, is(pipeline.ErrUnreachable)},
		{exitErrors, is(pipeline.ErrErrorBudget)},
		{exitRows, is(pipeline.ErrRejected)},
	} {
		if c.is(err) {
			return c.code
		}
	}
	return exitFailed
}

func is(target error) func(error) bool { return func(err error) bool { return errors.Is(err, target) } }

func as[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}

// exitOfRows judges a run that ended well by what became of its rows. Without
// a wait, what is still open is no fault.
func exitOfRows(outcomes map[onboard.Outcome]int, waited bool) int {
	any := func(of ...onboard.Outcome) bool {
		for _, o := range of {
			if outcomes[o] > 0 {
				return true
			}
		}
		return false
	}
	switch {
	case any(onboard.Rejected, onboard.Failed, onboard.OutcomeConflict, onboard.OutcomeChanged, onboard.Denied,
		onboard.Held, onboard.Incomplete):
		return exitRows
	case waited && any(onboard.OutcomePending, onboard.DocumentsNeeded, onboard.OutcomeWaiting, onboard.OutcomeInDoubt):
		return exitWaiting
	}
	return exitOK
}
