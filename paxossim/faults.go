package paxossim

import (
	"net/http"
	"sync"
	"time"
)

// faults decides what goes wrong with each request.
type faults struct {
	options Faults
	seed    seed
	quiet   bool // nothing is configured: no need to remember requests

	mu    sync.Mutex
	times map[uint64]uint64 // how often the same request came
}

func newFaults(o Options) *faults {
	f := o.Faults
	shares := f.ErrorBefore + f.ErrorAfter + f.DropBefore + f.DropAfter + f.Garbage
	quiet := shares == 0 && f.Latency == 0 && f.LatencyJitter == 0
	return &faults{options: f, seed: seed(o.Seed), quiet: quiet, times: map[uint64]uint64{}}
}

// plan is what is going to happen to one request.
type plan struct {
	wait                    time.Duration
	waitAfter               bool
	dropBefore, errorBefore bool
	dropAfter, errorAfter   bool
	garbage                 bool
	choice                  uint64 // picks among the forms of a fault
}

// plan draws the fate of a request from its content and from how often it came
// before, so that a repeat has a chance of its own. The query is left out:
// time filters differ from run to run.
func (f *faults) plan(operation, path string, body []byte) plan {
	if f.quiet {
		return plan{}
	}
	k := f.occurrence(fnv(fnv(key(operation), path), body))
	o := f.options
	draw := func(what string, share float64) bool { return share > 0 && f.seed.share(what, k) < share }
	return plan{
		wait:        o.Latency + time.Duration(f.seed.share("latency", k)*float64(o.LatencyJitter)),
		waitAfter:   f.seed.share("wait after", k) < 0.5,
		dropBefore:  draw("drop before", o.DropBefore),
		errorBefore: draw("error before", o.ErrorBefore),
		dropAfter:   draw("drop after", o.DropAfter),
		errorAfter:  draw("error after", o.ErrorAfter),
		garbage:     draw("garbage", o.Garbage),
		choice:      f.seed.number("choice", k),
	}
}

// occurrence tells repeats of one request apart.
func (f *faults) occurrence(request uint64) uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.times[request]++
	return mix(request ^ mix(f.times[request]))
}

// before lets the faults happen that keep a request from taking effect. It
// reports whether the request has been answered.
func (s *Simulator) before(p plan, w http.ResponseWriter, r *http.Request) bool {
	if !p.waitAfter {
		pause(r, p.wait)
	}
	if p.dropBefore {
		s.tally.fault("drop_before")
		panic(http.ErrAbortHandler)
	}
	if p.errorBefore {
		s.tally.fault("error_before")
		serverError(p.choice).send(w)
	}
	return p.errorBefore
}

// after lets the faults happen that keep the client from hearing the answer,
// or else sends it.
func (s *Simulator) after(p plan, w http.ResponseWriter, r *http.Request, answer reply) {
	if p.waitAfter {
		pause(r, p.wait)
	}
	switch {
	case p.dropAfter:
		s.tally.fault("drop_after")
		panic(http.ErrAbortHandler)
	case p.errorAfter:
		s.tally.fault("error_after")
		answer = serverError(p.choice)
	case p.garbage && answer.status == http.StatusOK:
		s.tally.fault("garbage")
		answer = garble(p.choice, answer)
	}
	answer.send(w)
}

// pause waits, but not longer than the client does. When the client has given
// up, the connection is of no use any more.
func pause(r *http.Request, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
		panic(http.ErrAbortHandler)
	}
}

// serverError is one of the 5xx that proxies and servers answer, as a problem
// or as a page.
func serverError(choice uint64) reply {
	statuses := []int{500, 502, 503, 504}
	status := statuses[choice%4]
	if choice>>2%2 == 0 {
		return refuse(status, "")
	}
	return webPage(status, http.StatusText(status))
}

// garble spoils a good reply: cut off in the middle, a page, or nothing at all.
func garble(choice uint64, good reply) reply {
	switch choice % 3 {
	case 0:
		body := good.encode()
		return reply{status: good.status, body: body[:len(body)/2]}
	case 1:
		return webPage(http.StatusOK, "Welcome")
	}
	return reply{status: http.StatusOK, body: []byte{}}
}

func webPage(status int, title string) reply {
	h := http.Header{"Content-Type": {"text/html; charset=utf-8"}}
	return reply{status: status, header: h, body: []byte("<html><body><h1>" + title + "</h1></body></html>\n")}
}
