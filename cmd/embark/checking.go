package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
)

// checkProgress shows how far the check of the files is: a bar on a terminal, a
// line every five seconds otherwise.
type checkProgress struct {
	kind        string // bar, plain or none
	begun, line time.Time

	mu         sync.Mutex // the bar is drawn by a goroutine of its own
	now        time.Time
	rows       int
	read, size int64 // bytes; size is 0 where it is not known

	out  io.Writer
	bars *mpb.Progress
	bar  *mpb.Bar
}

// checkLineEvery is short enough for somebody who waits.
const checkLineEvery = 5 * time.Second

func newCheckProgress(out io.Writer, kind string, now time.Time) *checkProgress {
	return &checkProgress{out: out, kind: kind, begun: now, line: now}
}

// tell notes how many rows were checked, and how many bytes of all were read.
func (p *checkProgress) tell(rows int, read, size int64, now time.Time) {
	p.mu.Lock()
	p.rows, p.read, p.size, p.now = rows, read, size, now
	p.mu.Unlock()
	switch {
	case p.kind == "bar":
		p.draw()
	case p.kind == "plain" && now.Sub(p.line) >= checkLineEvery:
		p.line = now
		fmt.Fprintln(p.out, "checking the rows: "+p.text())
	}
}

func (p *checkProgress) draw() {
	if p.bars == nil {
		p.bars, p.bar = newBar(p.out, func() string { return "checking" }, p.text)
	}
	p.bar.SetTotal(max(p.size, 1), false)
	p.bar.SetCurrent(p.read)
}

// text is how far it is, in words.
func (p *checkProgress) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := count(p.rows, "row")
	if took := p.now.Sub(p.begun).Seconds(); took >= 1 {
		text += fmt.Sprintf(", %.0f rows/s", float64(p.rows)/took)
	}
	if p.size > 0 {
		text += fmt.Sprintf(", %d %%", p.read*100/p.size)
	}
	return text
}

// end takes the bar away.
func (p *checkProgress) end() {
	if p.bars != nil {
		p.bar.Abort(true)
		p.bars.Wait()
	}
}
