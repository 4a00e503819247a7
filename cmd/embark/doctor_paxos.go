package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"embark/mapping"
	"embark/paxos"
	"embark/pipeline"
	"embark/source"
)

// paxos asks for a token and reads one page, which tells about scopes, clock
// and network.
func (d *doctor) paxos(ctx context.Context) {
	stop, err := d.simulator()
	if err != nil {
		d.fail("simulator", err)
		return
	}
	defer stop()
	o := d.target.options
	o.Memory = d.memory
	client := paxos.New(o)
	if left := client.SilentFor(); left > 0 {
		d.warn("token", "a run waits until then by itself", "not asked for: Paxos answered 429 to an earlier run, which pauses for another %s", left.Round(time.Second))
		return
	}
	granted, err := d.token(ctx, client)
	if ctx.Err() != nil {
		return
	}
	if err == nil {
		d.scopes(granted)
		d.reach(ctx, client, slices.Contains(granted, paxos.ScopeReadIdentity))
	}
	if d.answered {
		d.clock(time.Until(client.ServerTime()))
	}
}

// scope is one that the API asks for; the names are those of its specification.
type scope struct {
	name, wanted string
	optional     bool
}

// wantedScopes are those of every run, and those that the columns ask for.
func wantedScopes(columns []string) []scope {
	wanted := []scope{{name: paxos.ScopeReadEvent, wanted: "prompt decisions", optional: true}}
	add := func(name, what string) {
		if !slices.ContainsFunc(wanted, func(s scope) bool { return s.name == name }) {
			wanted = append(wanted, scope{name: name, wanted: what})
		}
	}
	for _, name := range everyRun() {
		add(name, "every run")
	}
	for _, c := range columnScopes {
		if slices.ContainsFunc(columns, func(name string) bool { return strings.HasPrefix(name, c.prefix) }) {
			add(c.write, c.wanted)
			add(c.read, c.wanted)
		}
	}
	return append(wanted[1:], wanted[0])
}

func namesOf(scopes []scope, optional bool) (names []string) {
	for _, s := range scopes {
		if s.optional == optional {
			names = append(names, s.name)
		}
	}
	return names
}

// token asks for one with all scopes. invalid_scope does not say which it is
// about, so each is then asked for by itself.
func (d *doctor) token(ctx context.Context, client *paxos.Client) (granted []string, err error) {
	wanted := wantedScopes(d.columns)
	granted, err = client.Authorize(ctx, namesOf(wanted, false), namesOf(wanted, true))
	d.answered = err == nil || errors.Is(err, paxos.ErrCredentials) || errors.Is(err, paxos.ErrScope)
	switch {
	case err == nil, granted != nil:
		d.ok("token", "obtained")
		return granted, nil
	case errors.Is(err, paxos.ErrScope):
		fmt.Fprintf(d.stderr, "embark: Paxos refuses the scopes together; asking for each of the %d by itself\n", len(wanted))
		return d.probe(ctx, client, wanted)
	case errors.Is(err, paxos.ErrCredentials):
		d.fail("token", err)
	default:
		d.unreachable("token", err)
	}
	return nil, err
}

func (d *doctor) unreachable(name string, err error) {
	d.failed(name, fmt.Errorf("%w: %w", pipeline.ErrUnreachable, err), "check the network, proxies and the status of Paxos")
}

// probe asks for every scope by itself, and at last for those that are granted.
func (d *doctor) probe(ctx context.Context, client *paxos.Client, wanted []scope) (granted []string, err error) {
	for _, s := range wanted {
		_, err := client.Authorize(ctx, []string{s.name}, nil)
		switch {
		case err == nil:
			granted = append(granted, s.name)
		case !errors.Is(err, paxos.ErrScope):
			d.unreachable("token", err)
			return nil, err
		}
	}
	if granted != nil {
		_, err = client.Authorize(ctx, granted, nil)
	}
	if err == nil {
		d.ok("token", "obtained, for some scopes only")
	}
	return granted, err
}

// scopes says which are granted; those of every run in one line when they are.
func (d *doctor) scopes(granted []string) {
	var have []string
	for _, s := range wantedScopes(d.columns) {
		switch {
		case slices.Contains(granted, s.name):
			have = append(have, s.name)
		case s.optional:
			d.warn("scope", "let an administrator add it to the API key", "%s is not granted; decisions are noticed later, by listing", s.name)
		default:
			d.failed("scope", fmt.Errorf("%s, for %s: %w", s.name, s.wanted, paxos.ErrScope),
				"let an administrator add it to the API key in the Paxos dashboard")
		}
	}
	for _, name := range have {
		d.ok("scope", "%s", name)
	}
}

// reach reads the shortest page of identities.
func (d *doctor) reach(ctx context.Context, client *paxos.Client, allowed bool) {
	if !allowed {
		return // the scope is complained of already
	}
	_, err := client.ListIdentities(ctx, paxos.ListIdentitiesQuery{Limit: 1})
	switch status := paxos.StatusOf(err); {
	case err == nil:
		d.ok("API", "answers")
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		d.failed("API", fmt.Errorf("the token is refused: %w: %w", err, paxos.ErrCredentials),
			"ask Paxos whether the Identity API is switched on, and whether request signing or a list of IP addresses is")
	default:
		d.unreachable("API", err)
	}
}

// A signature is dated, and a window of events is asked for by time. Five
// seconds may come of a slow answer; with five minutes neither works.
const (
	skewDoubtful = 5 * time.Second
	skewBroken   = 5 * time.Minute
)

// clock judges how far the server's clock is ahead of ours. Its header tells
// whole seconds, cut off.
func (d *doctor) clock(ahead time.Duration) {
	const hint = "set this machine's clock by NTP"
	off := ahead.Abs()
	way := "behind"
	if ahead < 0 {
		way = "ahead of"
	}
	switch text := fmt.Sprintf("%s %s Paxos's", off.Round(time.Second), way); {
	case off > skewBroken:
		d.failed("clock", errors.New(text), hint)
	case off > skewDoubtful:
		d.warn("clock", hint, "%s", text)
	default:
		d.ok("clock", "agrees with Paxos's")
	}
}

// peopleLooked is how many rows are looked at for whether they can be real.
const peopleLooked = 1000

// people judges the first rows of a file by the rules of production, which
// refuse made-up SSNs.
type people struct {
	mapper *mapping.Mapper // nil where the header is not as it should be
	rows   []source.Row
	looked int
}

func newPeople(f *source.File) (*people, error) {
	m, err := mapping.New(f.Header(), mapping.Options{})
	return &people{mapper: m}, err
}

func (p *people) add(row source.Row) {
	if p.mapper != nil && len(p.rows) < peopleLooked {
		p.rows = append(p.rows, row)
	}
}

// judge counts rows with made-up SSNs, and valid ones with others.
func (p *people) judge() (madeUp, realistic int) {
	if p.looked = len(p.rows); p.looked == 0 {
		return 0, 0
	}
	for _, r := range p.mapper.Map(p.rows) {
		switch {
		case slices.ContainsFunc(r.Findings, func(f mapping.Finding) bool { return f.Rule == "ssn_made_up" }):
			madeUp++
		case r.Customer != nil && r.Customer.Identity != nil:
			realistic++
		}
	}
	return madeUp, realistic
}
