package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"embark/paxossim"
)

func (e *environment) simulatorCommand() *cobra.Command {
	var o paxossim.Options
	listen, hostile, noEvents := "", false, false
	c := &cobra.Command{
		Use:   "simulator",
		Short: "serve a simulated Paxos on a local port",
		Example: `  embark simulator --listen 127.0.0.1:8080
  embark run --api-url http://127.0.0.1:8080/v2 --token-url http://127.0.0.1:8080/oauth2/token customers.csv`,
		Args: noArgs,
	}
	f := c.Flags()
	f.StringVar(&listen, "listen", "127.0.0.1:0", "address; port 0 picks a free one")
	f.Uint64Var(&o.Seed, "seed", 0, "repeat the run that printed this seed (0: a new one)")
	f.StringVar(&o.StatePath, "state", "", "keep the state in this file")
	f.BoolVar(&hostile, "hostile", false, "be slow, lose answers, repeat and delay events")
	f.BoolVar(&noEvents, "no-events", false, "do not grant the scope for events")
	f.DurationVar(&o.ApproveAfter, "approve-after", 100*time.Millisecond, "delay of a decision")
	f.DurationVar(&o.ApproveJitter, "approve-jitter", 400*time.Millisecond, "random extra delay")
	f.Float64Var(&o.Denied, "denied", 0, "share of identities that are denied")
	f.Float64Var(&o.Errored, "errored", 0, "share that ends in ERROR, which no event announces")
	f.Float64Var(&o.Stuck, "stuck", 0, "share that is never decided")
	f.Float64Var(&o.Limits.Token, "limit-token", 0, "token requests a second (0: unlimited; Paxos: 1)")
	f.Float64Var(&o.Limits.Identity, "limit-identity", 0, "identity requests a second (Paxos: 10)")
	f.Float64Var(&o.Limits.Other, "limit-other", 0, "other requests a second (Paxos: 50)")
	f.DurationVar(&o.Window, "window", 5*time.Minute, "over which rates are averaged, and of a lock-out")
	f.BoolVar(&o.RetryAfter, "retry-after", false, "say Retry-After with a 429")
	f.BoolVar(&o.AccountConflictPlain, "account-conflict-plain", false, "no meta.existing in the 409 of an account")
	f.BoolVar(&o.IdentityConflictPlain, "identity-conflict-plain", false, "no meta.existing in the 409 of an identity")
	f.BoolVar(&o.OmitProfileID, "omit-profile-id", false, "no profile_id in the reply that makes an account")
	f.DurationVar(&o.Faults.Latency, "latency", 0, "wait of every request")
	f.DurationVar(&o.Faults.LatencyJitter, "latency-jitter", 0, "random extra wait")
	f.Float64Var(&o.Faults.ErrorBefore, "error-before", 0, "share of 5xx before anything happened")
	f.Float64Var(&o.Faults.ErrorAfter, "error-after", 0, "share of 5xx after the write took effect")
	f.Float64Var(&o.Faults.DropBefore, "drop-before", 0, "share of connections dropped before anything happened")
	f.Float64Var(&o.Faults.DropAfter, "drop-after", 0, "share dropped after the write took effect")
	f.Float64Var(&o.Faults.Garbage, "garbage", 0, "share of successes with an unreadable body")
	f.Float64Var(&o.Faults.LateEvents, "late-events", 0, "share of events that become visible late")
	f.Float64Var(&o.Faults.RepeatEvents, "repeat-events", 0, "share of events that are listed twice")
	f.IntVar(&o.Faults.Throttle, "throttle", 0, "answer the n-th request with 429 and lock out")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if o.Seed == 0 {
			o.Seed = uint64(time.Now().UnixNano())
		}
		if hostile {
			o.Faults = misbehave(o.Faults)
		}
		if noEvents {
			o.Scopes = neededScopes()
		}
		return e.serve(c.Context(), listen, o)
	}
	return c
}

// misbehave fills in the faults that were not asked for one by one.
func misbehave(f paxossim.Faults) paxossim.Faults {
	share := func(v *float64, s float64) {
		if *v == 0 {
			*v = s
		}
	}
	share(&f.ErrorBefore, 0.02)
	share(&f.ErrorAfter, 0.02)
	share(&f.DropBefore, 0.02)
	share(&f.DropAfter, 0.02)
	share(&f.Garbage, 0.02)
	share(&f.LateEvents, 0.05)
	share(&f.RepeatEvents, 0.05)
	if f.LatencyJitter == 0 {
		f.LatencyJitter = 50 * time.Millisecond
	}
	return f
}

// serve prints where the simulator is to be found, and serves until a signal.
func (e *environment) serve(ctx context.Context, listen string, o paxossim.Options) error {
	sim, err := paxossim.New(o)
	if err != nil {
		return &usageError{err.Error(), "see: embark simulator --help"}
	}
	defer sim.Close()
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return &usageError{fmt.Sprintf("cannot listen on %q", listen), "another program may have the port; --listen 127.0.0.1:0 picks a free one"}
	}
	fmt.Fprintf(e.stdout, "seed %d\n--api-url http://%s/v2 --token-url http://%s/oauth2/token\n", o.Seed, l.Addr(), l.Addr())
	server := &http.Server{Handler: sim, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}
