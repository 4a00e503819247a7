package paxossim

import (
	"sync"
	"time"
)

// class is a group of endpoints that share a rate limit.
type class int

const (
	classToken class = iota
	classIdentity
	classOther
	classes
)

// limiter is the rate limit: requests per second, averaged over a sliding
// window, for each class and source. Who exceeds one is refused everything for
// a whole window. Refused requests do not count, so they do not prolong it.
type limiter struct {
	window   time.Duration
	tick     time.Duration // width of a bucket of the windows
	limits   [classes]float64
	throttle int // number of the request to throttle, or 0

	mu       sync.Mutex
	start    time.Time
	seen     int
	sources  map[string]*traffic
	lockouts int
	injected int          // lock-outs that were no fault of the client's
	peaks    [classes]int // largest count in any window
}

// traffic is what one source sent.
type traffic struct {
	windows [classes]window
	until   time.Duration // locked out until then
}

func newLimiter(o Options) *limiter {
	return &limiter{
		window:   o.Window,
		tick:     max(o.Window/100_000, 1), // 3 ms in five minutes: an error below one request at the published rates
		limits:   [classes]float64{o.Limits.Token, o.Limits.Identity, o.Limits.Other},
		throttle: o.Faults.Throttle,
		start:    time.Now(),
		sources:  map[string]*traffic{},
	}
}

// admit counts a request, and tells whether its source is locked out and how
// long the lock-out still lasts.
func (l *limiter) admit(from string, c class, at time.Time) (locked bool, left time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := at.Sub(l.start)
	t := l.traffic(from)
	l.seen++
	if now < t.until {
		return true, t.until - now
	}
	n := t.windows[c].add(int64(now/l.tick), int64(l.window/l.tick))
	l.peaks[c] = max(l.peaks[c], n)
	if l.seen == l.throttle {
		l.injected++
	}
	if l.exceeded(c, n) || l.seen == l.throttle {
		t.until = now + l.window
		l.lockouts++
		return true, l.window
	}
	return false, 0
}

func (l *limiter) exceeded(c class, n int) bool {
	return l.limits[c] > 0 && float64(n) > l.limits[c]*l.window.Seconds()
}

func (l *limiter) traffic(from string) *traffic {
	t := l.sources[from]
	if t == nil {
		t = &traffic{}
		l.sources[from] = t
	}
	return t
}

// read adds the limiter's figures to the statistics.
func (l *limiter) read(out *Stats) {
	l.mu.Lock()
	defer l.mu.Unlock()
	average := func(c class) float64 { return float64(l.peaks[c]) / l.window.Seconds() }
	out.PeakAverages = PeakAverages{average(classToken), average(classIdentity), average(classOther)}
	out.Lockouts = l.lockouts
	if l.injected > 0 {
		out.Faults["throttle"] = l.injected
	}
}

// window counts the requests of the last so many ticks. Only ticks that saw a
// request have a bucket.
type window struct {
	buckets []bucket
	first   int // buckets before it have expired
	sum     int
}

type bucket struct {
	tick  int64
	count int
}

// add counts a request now and returns the count of the last span ticks.
func (w *window) add(now, span int64) int {
	for w.first < len(w.buckets) && w.buckets[w.first].tick <= now-span {
		w.sum -= w.buckets[w.first].count
		w.first++
	}
	if w.first > len(w.buckets)/2 { // so that the slice does not grow for ever
		w.buckets = w.buckets[:copy(w.buckets, w.buckets[w.first:])]
		w.first = 0
	}
	if n := len(w.buckets); n > 0 && w.buckets[n-1].tick == now {
		w.buckets[n-1].count++
	} else {
		w.buckets = append(w.buckets, bucket{now, 1})
	}
	w.sum++
	return w.sum
}
