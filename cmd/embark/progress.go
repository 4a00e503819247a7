package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
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

// progress shows how a run stands: bars on a terminal, a line now and then
// otherwise, and always status.json beside the checkpoint.
type progress struct {
	out        io.Writer
	kind       string // bar, plain or none
	checkpoint string
	status     string // path of status.json
	pid        int

	bars     *mpb.Progress
	bar      *mpb.Bar
	last     pipeline.Progress
	line     time.Time
	saved    time.Time
	lastLine string
}

const (
	lineEvery   = 10 * time.Second
	statusEvery = time.Second
)

func (e *environment) newProgress(f *runFlags, checkpoint string) *progress {
	kind := f.progress
	switch {
	case f.quiet || f.output == "json" && kind == "auto":
		kind = "none"
	case kind == "auto" && isTerminal(e.stderr):
		kind = "bar"
	case kind == "auto":
		kind = "plain"
	}
	return &progress{out: e.stderr, kind: kind, checkpoint: filepath.Base(checkpoint), pid: pid(),
		status: filepath.Join(filepath.Dir(checkpoint), statusFile)}
}

const statusFile = "status.json"

// tell is called by the pipeline, from one goroutine.
func (p *progress) tell(now pipeline.Progress) {
	if now.Now.Sub(p.saved) >= statusEvery {
		p.saved = now.Now
		p.save(now, true)
	}
	switch p.kind {
	case "bar":
		p.draw(now)
	case "plain":
		p.say(now)
	}
	p.last = now
}

func (p *progress) save(now pipeline.Progress, running bool) {
	data, err := json.MarshalIndent(status{p.checkpoint, p.pid, running, now}, "", "  ")
	if err == nil {
		_ = renameio.WriteFile(p.status, append(data, '\n'), 0o600) // a lost status line is no reason to stop
	}
}

// end takes the bars away and notes that the run is over.
func (p *progress) end() {
	if p.bars != nil {
		p.bar.Abort(true)
		p.bars.Wait()
	}
	p.save(p.last, false)
}

// say prints a line when the phase changes, and every ten seconds.
func (p *progress) say(now pipeline.Progress) {
	if now.Phase == p.last.Phase && now.Now.Sub(p.line) < lineEvery {
		return
	}
	p.line = now.Now
	if text := describe(now); text != p.lastLine {
		p.lastLine = text
		fmt.Fprintln(p.out, text)
	}
}

// describe is one line about how a run stands.
func describe(p pipeline.Progress) string {
	text := p.Phase
	if p.Rows > 0 {
		text += fmt.Sprintf(": %d of %d rows taken", p.Taken, p.Due)
	}
	text += ", " + counts(p)
	if p.SettleLater > 0 {
		text += fmt.Sprintf(", %d to settle", p.SettleLater)
	}
	if p.SilentFor > 0 {
		text += fmt.Sprintf(", silent for %s after a 429", p.SilentFor.Round(time.Second))
	}
	return text
}

func counts(p pipeline.Progress) string {
	identities, accounts := p.Records[onboard.KindIdentity], p.Records[onboard.KindAccount]
	return fmt.Sprintf("%d identities decided, %d pending, %d accounts", identities[onboard.Decided],
		identities[onboard.Pending], accounts[onboard.Decided])
}

// draw keeps one bar: rows while the file is read, then what is left to do.
func (p *progress) draw(now pipeline.Progress) {
	if p.bars == nil {
		p.bars = mpb.New(mpb.WithOutput(p.out), mpb.WithWidth(40))
		p.bar = p.bars.AddBar(0,
			mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return p.last.Phase }, decor.WC{W: 11, C: decor.DindentRight})),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return " " + p.beside() })))
	}
	done := now.Records[onboard.KindAccount][onboard.Decided]
	all := max(total(now.Records[onboard.KindIdentity])+now.Due-now.Taken, 1)
	p.bar.SetTotal(int64(all), false)
	p.bar.SetCurrent(int64(done))
}

// beside is the text right of the bar.
func (p *progress) beside() string {
	text := counts(p.last)
	if left := p.eta(); left > 0 {
		text += fmt.Sprintf(", about %s left", left.Round(time.Second))
	}
	if p.last.SilentFor > 0 {
		text += fmt.Sprintf(", silent for %s", p.last.SilentFor.Round(time.Second))
	}
	return text
}

// eta goes by the rows taken so far.
func (p *progress) eta() time.Duration {
	if p.last.Taken == 0 || p.last.Phase != "onboarding" {
		return 0
	}
	each := p.last.Now.Sub(p.last.Started) / time.Duration(p.last.Taken)
	return each * time.Duration(p.last.Due-p.last.Taken)
}

func total(states map[onboard.State]int) int {
	n := 0
	for _, count := range states {
		n += count
	}
	return n
}
