package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/renameio/v2"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"embark/onboard"
	"embark/pipeline"
)

// status is status.json: how a run stands, for those who must not touch the
// database while it is open.
type status struct {
	Checkpoint string            `json:"checkpoint"`
	PID        int               `json:"pid"`
	Running    bool              `json:"running"`
	Progress   pipeline.Progress `json:"progress"`
}

// progress shows how a run stands: a bar on a terminal, a line now and then
// otherwise, and always status.json beside the checkpoint.
type progress struct {
	kind       string // bar, plain or none
	quiet      bool
	checkpoint string
	status     string // path of status.json
	last       pipeline.Progress
	line       time.Time
	saved      time.Time
	lastLine   string
	noted      string
	said       string // the latest phase that a line was printed for
	pace       pace

	mu   sync.Mutex // guards out and bars: a note may come from any goroutine
	out  io.Writer
	bars *mpb.Progress
	bar  *mpb.Bar
}

const (
	lineEvery   = 10 * time.Second
	statusEvery = time.Second
	statusFile  = "status.json"
)

func (e *environment) newProgress(f *runFlags, checkpoint string) *progress {
	p := &progress{out: e.stderr, kind: e.progressKind(f.progress, f.output, f.quiet), quiet: f.quiet, checkpoint: filepath.Base(checkpoint),
		status: filepath.Join(filepath.Dir(checkpoint), statusFile)}
	now := time.Now()
	p.last = pipeline.Progress{Phase: "connecting", Started: now, Now: now}
	p.save(true)
	return p
}

// progressKind is what the flags --progress, --output and --quiet come to here.
func (e *environment) progressKind(kind, output string, quiet bool) string {
	switch {
	case quiet || output == "json" && kind == "auto":
		return "none"
	case kind == "auto" && isTerminal(e.stderr):
		return "bar"
	case kind == "auto":
		return "plain"
	}
	return kind
}

// tell is called by the pipeline, from one goroutine.
func (p *progress) tell(now pipeline.Progress) {
	p.mu.Lock() // the bar is drawn by a goroutine of its own
	p.last = now
	p.pace.note(now)
	p.mu.Unlock()
	if now.Now.Sub(p.saved) >= statusEvery {
		p.saved = now.Now
		p.save(true)
	}
	switch p.kind {
	case "bar":
		p.draw()
	case "plain":
		p.say(slices.Index(phases, now.Phase) > slices.Index(phases, p.said))
	}
}

func (p *progress) save(running bool) {
	data, err := json.MarshalIndent(status{p.checkpoint, os.Getpid(), running, p.last}, "", "  ")
	if err == nil {
		_ = renameio.WriteFile(p.status, append(data, '\n'), 0o600) // a lost status line is no reason to stop
	}
}

// note says something in between, above the bar where there is one.
func (p *progress) note(format string, values ...any) {
	if p.quiet {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	text := fmt.Sprintf("embark: "+format+"\n", values...)
	if text == p.noted { // several requests met the same pause
		return
	}
	p.noted = text
	out := p.out
	if p.bars != nil {
		out = p.bars
	}
	_, _ = io.WriteString(out, text)
}

// end takes the bar away and notes that the run is over.
func (p *progress) end() {
	p.mu.Lock()
	bars := p.bars
	p.bars = nil
	p.mu.Unlock()
	if bars != nil {
		p.bar.Abort(true)
		bars.Wait()
	}
	p.save(false)
}

// phases of a run. It may go back from waiting to onboarding, again and again
// where answers are lost, which is not worth a line.
var phases = []string{"", "checking", "onboarding", "waiting", "reporting"}

// say prints a line when a new phase begins, and every ten seconds.
func (p *progress) say(begins bool) {
	if begins {
		p.said = p.last.Phase
	}
	if !begins && p.last.Now.Sub(p.line) < lineEvery {
		return
	}
	p.line = p.last.Now
	if text := describe(p.last) + p.pace.text(); text != p.lastLine {
		p.lastLine = text
		p.mu.Lock()
		defer p.mu.Unlock()
		fmt.Fprintln(p.out, text)
	}
}

// draw keeps one bar: what this run has to do, and how much of it is done.
func (p *progress) draw() {
	if p.bars == nil {
		bars, bar := newBar(p.out, func() string { return p.beside(phase) }, func() string { return p.beside(rightOfBar) })
		p.bar = bar
		p.mu.Lock()
		p.bars = bars
		p.mu.Unlock()
	}
	p.bar.SetTotal(int64(max(p.pace.all, 1)), false)
	p.bar.SetCurrent(int64(p.pace.done))
}

// newBar makes a bar with a text on either side.
func newBar(out io.Writer, left, right func() string) (*mpb.Progress, *mpb.Bar) {
	bars := mpb.New(mpb.WithOutput(out), mpb.WithWidth(30), mpb.WithAutoRefresh())
	return bars, bars.New(0, mpb.BarStyle().Lbound("[").Filler("=").Tip(">").Padding(" ").Rbound("]"),
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return left() }, decor.WC{W: 11, C: decor.DindentRight})),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return " " + right() })))
}

func (p *progress) beside(what func(pipeline.Progress, pace) string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return what(p.last, p.pace)
}

func phase(p pipeline.Progress, _ pace) string { return p.Phase }

func rightOfBar(p pipeline.Progress, pace pace) string { return counts(p) + troubles(p) + pace.text() }

// describe is one line about how a run stands.
func describe(p pipeline.Progress) string {
	switch p.Phase {
	case "connecting":
		return "connecting to Paxos"
	case "checking":
		return "checking the rows"
	case "reporting":
		return "writing the report"
	}
	text := p.Phase
	if p.Due > 0 {
		text += fmt.Sprintf(": %d of %d rows started,", p.Taken, p.Due)
	} else {
		text += ":"
	}
	return text + " " + counts(p) + troubles(p)
}

// counts are those of the whole checkpoint, earlier runs included.
func counts(p pipeline.Progress) string {
	identities, accounts := p.Records[onboard.KindIdentity], p.Records[onboard.KindAccount]
	return fmt.Sprintf("%d identities (%d undecided), %d accounts", identities[onboard.Decided]+identities[onboard.Pending],
		identities[onboard.Pending], accounts[onboard.Decided])
}

// troubles are mentioned only where there are any.
func troubles(p pipeline.Progress) string {
	var text strings.Builder
	for _, t := range []struct {
		state onboard.State
		words string
	}{{onboard.InDoubt, "in doubt"}, {onboard.Conflict, "in conflict"}, {onboard.Refused, "refused"}} {
		n := 0
		for _, states := range p.Records {
			n += states[t.state]
		}
		if n > 0 {
			fmt.Fprintf(&text, ", %d %s", n, t.words)
		}
	}
	if p.SilentFor > 0 {
		fmt.Fprintf(&text, ", paused for %s after a 429", p.SilentFor.Round(time.Second))
	}
	return text.String()
}

// pace measures what this run does: accounts made since it began, against
// those that it may come to make. Denied identities and rows without an account
// leave a rest, for which the end of the run does not wait.
type pace struct {
	begun      time.Time
	made, open int // accounts when this run began: made, and still to make
	done, all  int
	left       time.Duration
}

// meaningful is how many accounts it takes to tell a pace.
const meaningful = 20

func (a *pace) note(p pipeline.Progress) {
	if p.Phase != "onboarding" && p.Phase != "waiting" {
		a.left = 0
		return
	}
	accounts := p.Records[onboard.KindAccount]
	if a.begun.IsZero() {
		a.begun, a.made = p.Now, accounts[onboard.Decided]
		a.open = max(0, accounts[onboard.Waiting]+accounts[onboard.Ready]+accounts[onboard.Sent]+accounts[onboard.InDoubt]-p.Taken)
	}
	a.done, a.all = accounts[onboard.Decided]-a.made, p.Due+a.open
	a.left = 0
	if a.done >= meaningful && p.Phase == "onboarding" {
		a.left = p.Now.Sub(a.begun) / time.Duration(a.done) * time.Duration(max(0, a.all-a.done))
	}
}

// text is the time that is left, as far as it can be told.
func (a pace) text() string {
	switch {
	case a.left < time.Second:
		return ""
	case a.left < 2*time.Minute:
		return fmt.Sprintf(", about %ds left", int(a.left.Seconds()))
	case a.left < 2*time.Hour:
		return fmt.Sprintf(", about %d min left", int(a.left.Minutes()))
	}
	return fmt.Sprintf(", about %d h left", int(a.left.Hours()))
}
