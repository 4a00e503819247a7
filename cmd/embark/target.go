package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"embark/checkpoint"
	"embark/onboard"
	"embark/paxos"
	"embark/paxossim"
	"embark/pipeline"
)

// target is the Paxos that a run talks to.
type target struct {
	name     string // environment, as the checkpoint remembers it
	options  paxos.Options
	madeUp   bool   // made-up SSNs are welcome
	missing  error  // credentials that were not given; only a run that gets as far as Paxos minds
	simState string // state file of the simulator in this process; empty for a real server
}

var paxosHosts = map[string]struct{ api, token string }{
	"sandbox":    {"https://api.sandbox.paxos.com/v2", "https://oauth.sandbox.paxos.com/oauth2/token"},
	"production": {"https://api.paxos.com/v2", "https://oauth.paxos.com/oauth2/token"},
}

// target settles where a run goes to, from its flags and the config file.
func (e *environment) target(f *runFlags, config *configFile) (*target, error) {
	limits := config.limits
	if f.simulate {
		return simulated(f, limits)
	}
	t := &target{name: f.environment, options: paxos.Options{Limits: limits}, madeUp: f.environment != "production"}
	hosts := paxosHosts[f.environment]
	switch {
	case f.apiURL != "" && f.tokenURL == "":
		return nil, &usageError{"--api-url needs --token-url", "tokens come from another address than the API, such as https://host/oauth2/token"}
	case f.apiURL != "":
		t.name, t.madeUp = strings.TrimSuffix(f.apiURL, "/"), true
		hosts.api, hosts.token = f.apiURL, f.tokenURL
	case f.tokenURL != "":
		return nil, &usageError{"--token-url needs --api-url", "give both, or neither and --environment"}
	}
	t.options.APIURL, t.options.TokenURL = hosts.api, hosts.token
	for _, u := range []string{hosts.api, hosts.token} {
		if err := f.allowed(u); err != nil {
			return nil, err
		}
	}
	return t, e.credentials(t, f, config)
}

// allowed keeps customers' data from going to a wrong host.
func (f *runFlags) allowed(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return &usageError{fmt.Sprintf("%q is no URL of an API", address), "write it like https://host/v2"}
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	loopback := host == "localhost" || ip != nil && ip.IsLoopback()
	if u.Scheme == "http" && !loopback {
		return &usageError{fmt.Sprintf("%q is not encrypted", address), "use https; plain http is for this machine only"}
	}
	if loopback || host == "paxos.com" || strings.HasSuffix(host, ".paxos.com") || slices.Contains(f.allowHosts, host) {
		return nil
	}
	return &usageError{fmt.Sprintf("the host %q is not one of Paxos's", host), fmt.Sprintf("if customers' data may go there, say --allow-host %s", host)}
}

// credentials are wanted only after everything else about the command is in
// order, so a missing one is kept for later.
func (e *environment) credentials(t *target, f *runFlags, config *configFile) (err error) {
	if f.dryRun {
		return nil // no network, no credentials
	}
	var missing *credentialError
	t.options.ClientID, err = e.secret("PAXOS_CLIENT_ID", config.ClientIDFile)
	if err == nil {
		t.options.ClientSecret, err = e.secret("PAXOS_CLIENT_SECRET", config.ClientSecretFile)
	}
	if errors.As(err, &missing) {
		t.missing = missing
	} else if err != nil {
		return err
	}
	if t.options.Signer, err = config.signer(); err != nil {
		return err
	}
	t.options.Transport, err = transport(f.caFile)
	return err
}

// signer reads the key that requests are signed with, where Paxos asks for it.
func (c *configFile) signer() (*paxos.Signer, error) {
	if c.SigningKeyFile == "" && c.SigningKeyID == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(c.SigningKeyFile)
	if err != nil {
		return nil, &usageError{fmt.Sprintf("cannot read the signing key %q", c.SigningKeyFile), "check signing_key_file in the config file"}
	}
	signer, err := paxos.NewSigner(c.SigningKeyID, pem)
	if err != nil {
		return nil, &usageError{fmt.Sprintf("the signing key: %v", err), "it should be an Ed25519 or P-256 key in PKCS#8 PEM, with signing_key_id as Paxos names it"}
	}
	return signer, nil
}

// transport trusts the authorities of a file beside those of the system.
func transport(caFile string) (http.RoundTripper, error) {
	t := paxos.NewTransport()
	if caFile == "" {
		return t, nil
	}
	pem, err := os.ReadFile(caFile)
	if err != nil {
		return nil, &usageError{fmt.Sprintf("cannot read %q", caFile), "check the path given with --ca-file"}
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, &usageError{fmt.Sprintf("%q holds no certificate", caFile), "it should be in PEM form"}
	}
	t.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	return t, nil
}

// simulated is a calm Paxos in this process: limits are a hundred times the
// published ones. Its state lies beside the checkpoint, so that a run can be
// killed and resumed.
func simulated(f *runFlags, limits paxos.Limits) (*target, error) {
	if f.apiURL != "" || f.tokenURL != "" {
		return nil, &usageError{"--simulate and --api-url exclude each other", "leave one of them out"}
	}
	if limits.Identity == 0 && limits.Token == 0 && limits.Other == 0 {
		fast := simulatedLimits()
		limits.Token, limits.Identity, limits.Other = fast.Token, fast.Identity, fast.Other
	}
	return &target{name: "simulator", simState: f.checkpoint + ".paxos", madeUp: true, options: paxos.Options{
		APIURL: "http://simulator.invalid/v2", TokenURL: "http://simulator.invalid/oauth2/token",
		ClientID: "simulated", ClientSecret: "simulated", Limits: limits}}, nil
}

func simulatedLimits() paxossim.Limits {
	return paxossim.Limits{Token: 100, Identity: 1000, Other: 5000}
}

// open starts the simulator in this process, if that is the target: everyone
// valid is approved within a second. The checkpoint's lock is held by then,
// which protects the state file too.
func (t *target) open() (stop func() error, err error) {
	if t.simState == "" {
		return func() error { return nil }, nil
	}
	sim, err := paxossim.New(paxossim.Options{Seed: 1, ApproveAfter: 100 * time.Millisecond,
		ApproveJitter: 400 * time.Millisecond, FiatReviewAfter: 200 * time.Millisecond, FillAfter: 100 * time.Millisecond,
		Limits: simulatedLimits(), StatePath: t.simState})
	if err != nil {
		return nil, fmt.Errorf("start the simulator: %w", err)
	}
	t.options.Transport = sim.Transport()
	return sim.Close, nil
}

// everyRun are the scopes without which nobody can be onboarded; the events are
// optional.
func everyRun() []string {
	return []string{paxos.ScopeWriteIdentity, paxos.ScopeReadIdentity, paxos.ScopeWriteAccount, paxos.ScopeReadAccount}
}

// columnScopes are the scopes for what columns ask for.
var columnScopes = []struct {
	prefix, write, read, wanted string
	kind                        onboard.Kind
}{
	{"fiat_account.", paxos.ScopeWriteFiatAccount, paxos.ScopeReadFiatAccount, "bank accounts", onboard.KindFiatAccount},
	{"deposit.", paxos.ScopeWriteDepositInstructions, paxos.ScopeReadDepositInstructions, "deposit instructions", onboard.KindDepositInstructions},
	{"order.", paxos.ScopeWriteOrder, paxos.ScopeReadOrder, "orders", onboard.KindOrder},
}

// neededScopes are those of the operations of a run, by what the files ask for
// and the checkpoint has left.
func neededScopes(in pipeline.Input, counts checkpoint.Counts) []string {
	scopes := everyRun()
	for _, c := range columnScopes {
		switch {
		case c.kind == onboard.KindOrder && !in.Extras.Orders: // those that were sent are followed all the same
			if len(counts[c.kind]) > 0 {
				scopes = append(scopes, c.read)
			}
		case hasColumns(in, c.prefix), len(counts[c.kind]) > 0:
			scopes = append(scopes, c.write, c.read)
		}
	}
	if in.Extras.Fund != nil || len(counts[onboard.KindSandboxDeposit]) > 0 {
		scopes = append(scopes, paxos.ScopeReadProfile)
	}
	return scopes
}

// hasColumns tells whether some file has a column that begins so.
func hasColumns(in pipeline.Input, prefix string) bool {
	for i, m := range in.Mappers {
		t := table{mapper: m, bank: in.Banks[i]}
		if slices.ContainsFunc(t.columns(), func(name string) bool { return strings.HasPrefix(name, prefix) }) {
			return true
		}
	}
	return false
}

// connectTries is how often the first token is asked for before Paxos counts
// as out of reach.
const connectTries = 4

// connect fetches the first token and tells whether events may be read.
func connect(ctx context.Context, client *paxos.Client, needed []string) (events bool, err error) {
	for try := 1; ; try++ {
		granted, err := client.Authorize(ctx, needed, []string{paxos.ScopeReadEvent})
		if err == nil {
			return slices.Contains(granted, paxos.ScopeReadEvent), nil
		}
		if errors.Is(err, paxos.ErrCredentials) || errors.Is(err, paxos.ErrScope) || ctx.Err() != nil {
			return false, err
		}
		if hopeless(err) || try == connectTries {
			return false, fmt.Errorf("%w: %w", pipeline.ErrUnreachable, err)
		}
		select {
		case <-time.After(time.Duration(try) * time.Second):
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

// hopeless: a certificate does not get better by trying again.
func hopeless(err error) bool {
	var certificate *tls.CertificateVerificationError
	return errors.As(err, &certificate)
}
