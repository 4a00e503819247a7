package main

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"embark/checkpoint"
	"embark/paxos"
	"embark/pipeline"
)

func TestWantedScopes(t *testing.T) {
	always := "identity:write_identity identity:read_identity identity:write_account identity:read_account"
	for columns, want := range map[string]string{
		"":                            "",
		"ref_id first_name":           "",
		"documents":                   "",
		"fiat_account.routing":        "transfer:write_fiat_account transfer:read_fiat_account",
		"deposit.network":             "transfer:write_fiat_deposit_instructions transfer:read_fiat_deposit_instructions",
		"order.side order.market":     "exchange:write_order exchange:read_order",
		"metadata.order.x":            "",
		"order.side fiat_account.bic": "transfer:write_fiat_account transfer:read_fiat_account exchange:write_order exchange:read_order",
	} {
		wanted := wantedScopes(strings.Fields(columns))
		if got := strings.Join(namesOf(wanted, false), " "); got != strings.TrimSpace(always+" "+want) {
			t.Errorf("%q: got %q, want those of every run and %q", columns, got, want)
		}
		if got := namesOf(wanted, true); len(got) != 1 || got[0] != paxos.ScopeReadEvent {
			t.Errorf("%q: got optional %q", columns, got)
		}
	}
}

func TestDoctorClock(t *testing.T) {
	for ahead, want := range map[time.Duration]string{
		0:                              levelOK,
		-time.Second:                   levelOK,
		5 * time.Second:                levelOK,
		6 * time.Second:                levelWarn,
		-6 * time.Second:               levelWarn,
		5 * time.Minute:                levelWarn,
		5*time.Minute + time.Second:    levelFail,
		-(5*time.Minute + time.Second): levelFail,
		-365 * 24 * time.Hour:          levelFail,
	} {
		d := &doctor{}
		d.clock(ahead)
		if got := d.checks[0]; got.Level != want || got.Level != levelOK && got.Hint == "" {
			t.Errorf("%s: got %+v, want %s", ahead, got, want)
		}
	}
}

func TestDoctorSpace(t *testing.T) {
	d := &doctor{}
	d.space(99<<20, 100<<20)
	d.space(100<<20, 100<<20)
	if d.checks[0].Level != levelFail || d.checks[0].code != exitFailed || d.checks[1].Level != levelOK {
		t.Errorf("got %+v", d.checks)
	}
}

// The exit code is that of the failure that comes first in the README's table,
// whatever the order in which things were looked at.
func TestDoctorExitCode(t *testing.T) {
	unreachable, credentials := pipeline.ErrUnreachable, paxos.ErrCredentials
	inUse := &checkpoint.Error{Kind: checkpoint.ErrInUse}
	for _, c := range []struct {
		errs []error
		want int
	}{
		{nil, exitOK},
		{[]error{unreachable}, exitUnreachable},
		{[]error{unreachable, credentials}, exitCredentials},
		{[]error{credentials, inUse}, exitInUse},
		{[]error{inUse, &usageError{}}, exitUsage},
		{[]error{&usageError{}, errors.New("disk")}, exitFailed},
	} {
		env := &environment{stdout: &bytes.Buffer{}, stderr: io.Discard}
		d := &doctor{environment: env, f: &runFlags{output: "json"}}
		for _, err := range c.errs {
			d.fail("something", err)
		}
		if got := d.tell(); got != error(exitError(c.want)) {
			t.Errorf("%v: got %v, want %d", c.errs, got, c.want)
		}
	}
}
