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

	"embark/paxos"
	"embark/paxossim"
	"embark/pipeline"
)

// target is the Paxos that a run talks to.
type target struct {
	name      string // environment, as the checkpoint remembers it
	options   paxos.Options
	madeUp    bool // made-up SSNs are welcome
	simulator *paxossim.Simulator
}

var paxosHosts = map[string]struct{ api, token string }{
	"sandbox":    {"https://api.sandbox.paxos.com/v2", "https://oauth.sandbox.paxos.com/oauth2/token"},
	"production": {"https://api.paxos.com/v2", "https://oauth.paxos.com/oauth2/token"},
}

// target settles where a run goes to, from its flags and the config file.
func (e *environment) target(f *runFlags, config *configFile) (*target, error) {
	limits, err := config.limits()
	if err != nil {
		return nil, err
	}
	if f.simulate {
		return simulated(f, limits)
	}
	t := &target{name: f.environment, options: paxos.Options{Limits: limits}, madeUp: f.environment != "production"}
	hosts, known := paxosHosts[f.environment]
	switch {
	case f.apiURL != "":
		t.name, t.madeUp = strings.TrimSuffix(f.apiURL, "/"), true
		hosts.api, hosts.token = f.apiURL, f.tokenURL
	case f.tokenURL != "":
		return nil, &usageError{"--token-url needs --api-url", "give both, or neither and --environment"}
	case !known:
		return nil, &usageError{fmt.Sprintf("there is no environment %q", f.environment), "sandbox or production"}
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
		return &usageError{fmt.Sprintf("%q is no URL of an API", address), "both --api-url and --token-url are needed, as in https://host/v2"}
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

func (e *environment) credentials(t *target, f *runFlags, config *configFile) (err error) {
	if f.dryRun {
		return nil // no network, no credentials
	}
	if t.options.ClientID, err = e.secret("PAXOS_CLIENT_ID", config.ClientIDFile); err != nil {
		return err
	}
	if t.options.ClientSecret, err = e.secret("PAXOS_CLIENT_SECRET", config.ClientSecretFile); err != nil {
		return err
	}
	t.options.Transport, err = transport(f.caFile)
	return err
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

// simulated is a calm Paxos in this process: everyone valid is approved within
// a second, and limits are a hundred times the published ones. Its state lies
// beside the checkpoint, so that a run can be killed and resumed.
func simulated(f *runFlags, limits paxos.Limits) (*target, error) {
	if f.apiURL != "" || f.tokenURL != "" {
		return nil, &usageError{"--simulate and --api-url exclude each other", ""}
	}
	published := paxossim.Limits{Token: 100, Identity: 1000, Other: 5000}
	sim, err := paxossim.New(paxossim.Options{Seed: 1, ApproveAfter: 100 * time.Millisecond,
		ApproveJitter: 400 * time.Millisecond, Limits: published, StatePath: f.checkpoint + ".paxos"})
	if err != nil {
		return nil, fmt.Errorf("start the simulator: %w", err)
	}
	if limits.Identity == 0 && limits.Token == 0 && limits.Other == 0 {
		limits.Token, limits.Identity, limits.Other = published.Token, published.Identity, published.Other
	}
	return &target{name: "simulator", simulator: sim, madeUp: true, options: paxos.Options{
		APIURL: "http://simulator.invalid/v2", TokenURL: "http://simulator.invalid/oauth2/token",
		ClientID: "simulated", ClientSecret: "simulated", Limits: limits, Transport: sim.Transport()}}, nil
}

// neededScopes are those of the operations of a run; the events are optional.
func neededScopes() []string {
	return []string{paxos.ScopeWriteIdentity, paxos.ScopeReadIdentity, paxos.ScopeWriteAccount, paxos.ScopeReadAccount}
}

// connectTries is how often the first token is asked for before Paxos counts
// as out of reach.
const connectTries = 4

// connect fetches the first token and tells whether events may be read.
func connect(ctx context.Context, client *paxos.Client) (events bool, err error) {
	for try := 1; ; try++ {
		granted, err := client.Authorize(ctx, neededScopes(), []string{paxos.ScopeReadEvent})
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
