package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"embark/paxos"
	"embark/paxossim"
)

// simulatorFlags are the knobs of the simulator.
type simulatorFlags struct {
	paxossim.Options
	listen            string
	hostile, noEvents bool
	required          map[string]string
	webhookHeader     string
}

func (e *environment) simulatorCommand() *cobra.Command {
	f := &simulatorFlags{}
	c := &cobra.Command{
		Use:   "simulator",
		Short: "serve a simulated Paxos on a local port",
		Example: `  embark simulator --listen 127.0.0.1:8080
  embark run --api-url http://127.0.0.1:8080/v2 --token-url http://127.0.0.1:8080/oauth2/token customers.csv`,
		Args: noArgs,
	}
	f.declare(c.Flags())
	c.RunE = func(c *cobra.Command, _ []string) error { return e.serve(c.Context(), f.listen, f.options()) }
	return c
}

func (f *simulatorFlags) declare(flags *pflag.FlagSet) {
	flags.StringVar(&f.listen, "listen", "127.0.0.1:0", "address; port 0 picks a free one")
	flags.Uint64Var(&f.Seed, "seed", 0, "repeat the run that printed this seed (0: a new one)")
	flags.StringVar(&f.StatePath, "state", "", "keep the state in this file")
	flags.BoolVar(&f.hostile, "hostile", false, "be slow, lose answers, repeat and delay events")
	flags.BoolVar(&f.noEvents, "no-events", false, "do not grant the scope for events")
	flags.DurationVar(&f.ApproveAfter, "approve-after", 100*time.Millisecond, "delay of a decision")
	flags.DurationVar(&f.ApproveJitter, "approve-jitter", 400*time.Millisecond, "random extra delay")
	flags.Float64Var(&f.Denied, "denied", 0, "share of identities that are denied")
	flags.Float64Var(&f.Errored, "errored", 0, "share that ends in ERROR, which no event announces")
	flags.Float64Var(&f.Stuck, "stuck", 0, "share that is never decided")
	f.declareIdentities(flags)
	flags.Float64Var(&f.Limits.Token, "limit-token", 0, "token requests a second (0: unlimited; Paxos: 1)")
	flags.Float64Var(&f.Limits.Identity, "limit-identity", 0, "identity requests a second (Paxos: 10)")
	flags.Float64Var(&f.Limits.Other, "limit-other", 0, "other requests a second (Paxos: 50)")
	flags.DurationVar(&f.Window, "window", 5*time.Minute, "over which rates are averaged, and of a lock-out")
	flags.BoolVar(&f.RetryAfter, "retry-after", false, "say Retry-After with a 429")
	flags.BoolVar(&f.AccountConflictPlain, "account-conflict-plain", false, "no meta.existing in the 409 of an account")
	flags.BoolVar(&f.AccountRefReusable, "account-ref-reusable", false, "accounts are not unique by ref_id")
	flags.BoolVar(&f.IdentityConflictPlain, "identity-conflict-plain", false, "no meta.existing in the 409 of an identity")
	flags.BoolVar(&f.OmitProfileID, "omit-profile-id", false, "no profile_id in the reply that makes an account")
	flags.DurationVar(&f.FiatReviewAfter, "fiat-review-after", 0, "delay of the review of a bank account")
	flags.Float64Var(&f.FiatRejected, "fiat-rejected", 0, "share of bank accounts that are rejected")
	flags.BoolVar(&f.FiatConflictPlain, "fiat-conflict-plain", false, "no meta.existing in the 409 of a bank account")
	flags.BoolVar(&f.FiatRefReusable, "fiat-ref-reusable", false, "bank accounts are not unique by ref_id")
	flags.BoolVar(&f.FiatNested, "fiat-nested", false, "bank accounts come back in the layout of the samples")
	flags.BoolVar(&f.FirstParty, "first-party", false, "bank accounts must not name an identity")
	flags.DurationVar(&f.FillAfter, "fill-after", 0, "how long an order stays SUBMITTED")
	flags.Float64Var(&f.OrdersRejected, "orders-rejected", 0, "share of orders that end REJECTED")
	flags.DurationVar(&f.Faults.Latency, "latency", 0, "wait of every request")
	flags.DurationVar(&f.Faults.LatencyJitter, "latency-jitter", 0, "random extra wait")
	flags.Float64Var(&f.Faults.ErrorBefore, "error-before", 0, "share of 5xx before anything happened")
	flags.Float64Var(&f.Faults.ErrorAfter, "error-after", 0, "share of 5xx after the write took effect")
	flags.Float64Var(&f.Faults.DropBefore, "drop-before", 0, "share of connections dropped before anything happened")
	flags.Float64Var(&f.Faults.DropAfter, "drop-after", 0, "share dropped after the write took effect")
	flags.Float64Var(&f.Faults.Garbage, "garbage", 0, "share of successes with an unreadable body")
	flags.Float64Var(&f.Faults.LateEvents, "late-events", 0, "share of events that become visible late")
	flags.Float64Var(&f.Faults.RepeatEvents, "repeat-events", 0, "share of events that are listed twice")
	flags.IntVar(&f.Faults.Throttle, "throttle", 0, "answer the n-th request with 429 and lock out")
}

// declareIdentities are the knobs of institutions, documents and webhooks.
func (f *simulatorFlags) declareIdentities(flags *pflag.FlagSet) {
	flags.Float64Var(&f.HighRisk, "high-risk", 0, "share of persons who have to supply documents")
	flags.StringToStringVar(&f.required, "require-documents", nil, "for one ref_id: ref_id=TYPE|TYPE; ref_id= for none")
	flags.BoolVar(&f.InstitutionDocuments, "institution-documents", false, "institutions have to supply documents")
	flags.DurationVar(&f.UploadLife, "upload-life", 15*time.Minute, "how long an upload URL is good for")
	flags.BoolVar(&f.ListReserved, "list-reserved", false, "list documents whose bytes never came")
	flags.BoolVar(&f.MembersOptional, "members-optional", false, "institutions may have no members")
	flags.BoolVar(&f.StatusDetails, "status-details", false, "say why an identity is not approved")
	flags.StringVar(&f.Webhooks.URL, "webhook", "", "tell this URL of each event")
	flags.StringVar(&f.webhookHeader, "webhook-header", "", "key that goes with it, as Name:value")
	flags.Float64Var(&f.Webhooks.Rate, "webhook-rate", 10, "deliveries a second")
	flags.DurationVar(&f.Webhooks.FirstRetry, "webhook-retry", 5*time.Second, "wait after a failed delivery, doubled each time")
	flags.Float64Var(&f.Webhooks.Late, "webhook-late", 0, "share of deliveries that are a minute late")
	flags.Float64Var(&f.Webhooks.Twice, "webhook-twice", 0, "share of events delivered twice")
	flags.DurationVar(&f.Webhooks.Reorder, "webhook-reorder", 0, "hold deliveries back for up to this long, so that they overtake each other")
	flags.Float64Var(&f.Webhooks.Tests, "webhook-tests", 0, "share of events with a test event beside")
}

// options are what the flags ask for, with a seed to print.
func (f *simulatorFlags) options() paxossim.Options {
	if f.Seed == 0 {
		f.Seed = uint64(time.Now().UnixNano())
	}
	if f.hostile {
		f.Faults = misbehave(f.Faults)
	}
	if f.noEvents {
		f.Scopes = slices.DeleteFunc(paxossim.Scopes(), func(s string) bool { return s == paxos.ScopeReadEvent })
	}
	f.Webhooks.Header, f.Webhooks.Value, _ = strings.Cut(f.webhookHeader, ":")
	f.Webhooks.Value = strings.TrimSpace(f.Webhooks.Value)
	f.RequiredDocuments = requiredDocuments(f.required)
	return f.Options
}

// requiredDocuments splits the types at the bars.
func requiredDocuments(given map[string]string) map[string][]string {
	out := map[string][]string{}
	for refID, types := range given {
		out[refID] = strings.FieldsFunc(types, func(r rune) bool { return r == '|' })
	}
	return out
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
	fmt.Fprintln(e.stderr, "any PAXOS_CLIENT_ID and PAXOS_CLIENT_SECRET will do; what happened: GET /_simulator/stats; stop with Ctrl-C")
	return serveUntil(ctx, l, sim)
}

// serveUntil serves and delivers webhooks until ctx is done or one of them
// cannot go on.
func serveUntil(ctx context.Context, l net.Listener, sim *paxossim.Simulator) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	server := &http.Server{Handler: sim, ReadHeaderTimeout: 10 * time.Second}
	told := make(chan error, 1)
	go func() {
		err := sim.DeliverWebhooks(ctx, &http.Client{Timeout: 10 * time.Second})
		if err != nil {
			_ = server.Close()
		}
		told <- err
	}()
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	err := server.Serve(l)
	cancel()
	if failed := <-told; failed != nil {
		return fmt.Errorf("deliver webhooks: %w", failed)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}
