package paxos

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Class is a group of endpoints that share one rate limit.
type Class string

// The classes of Paxos's published limits. Whether identities and accounts
// share one bucket is unknown; one bucket is the safe reading.
const (
	ClassToken    Class = "token"
	ClassIdentity Class = "identity"
	ClassOther    Class = "other"
)

// window is the span over which Paxos averages, and the length of the lock-out
// of the whole IP address after a violation.
const window = 5 * time.Minute

// maxSilence caps every pause, also one remembered from an earlier run, so
// that an absurd Retry-After or a clock that jumped cannot stop us for days.
const maxSilence = 15 * time.Minute

// ramp is how long the rates take to climb back to full after a pause, and
// step how far ahead turns are promised meanwhile: those promised at the low
// rates of the beginning would hold up everyone behind them.
const (
	ramp = time.Minute
	step = time.Second
)

// Limits are requests per second by class. The budget is Share of them.
type Limits struct {
	Token    float64       // default 1, as published
	Identity float64       // default 10, as published for the Identity API
	Other    float64       // default 50, as published for all other endpoints
	Share    float64       // default 0.9; more than 0, at most 1
	Silence  time.Duration // shortest pause after a 429; default 5 minutes
}

func (l Limits) withDefaults() Limits {
	def := func(v *float64, d float64) {
		if *v == 0 {
			*v = d
		}
	}
	def(&l.Token, 1)
	def(&l.Identity, 10)
	def(&l.Other, 50)
	def(&l.Share, 0.9)
	if l.Silence == 0 {
		l.Silence = window
	}
	return l
}

func (l Limits) of(class Class) float64 {
	switch class {
	case ClassToken:
		return l.Token
	case ClassIdentity:
		return l.Identity
	}
	return l.Other
}

// Budget is what may be spent on a class, in requests per second.
func (l Limits) Budget(class Class) float64 {
	l = l.withDefaults()
	return l.of(class) * l.Share
}

// Memory is what the next process has to know to stay inside the limits: the
// pause under way and the requests of the last five minutes, by class and Unix
// second. The zero Memory knows of nothing.
type Memory struct {
	SilentUntil time.Time               `json:"silent_until,omitzero"`
	Used        map[Class]map[int64]int `json:"used,omitempty"`
}

// budget makes every request wait its turn. It is shared by all requests of a
// process: one 429 silences them all, since Paxos then refuses the whole IP.
type budget struct {
	base      http.RoundTripper
	limits    Limits
	onSilence func(until time.Time)

	mu          sync.Mutex
	classes     map[Class]*classBudget
	silentUntil time.Time
	offset      time.Duration // server's clock minus ours, from the Date header
}

type classBudget struct {
	limiter *rate.Limiter
	used    *usage
}

// newBudget starts every class empty: a process that is restarted again and
// again must not get a fresh burst each time.
func newBudget(base http.RoundTripper, limits Limits, m Memory, now time.Time) *budget {
	b := &budget{base: base, limits: limits, classes: map[Class]*classBudget{}}
	for _, class := range []Class{ClassToken, ClassIdentity, ClassOther} {
		limiter := rate.NewLimiter(rate.Limit(limits.Budget(class)), 1)
		limiter.AllowN(now, 1)
		b.classes[class] = &classBudget{limiter: limiter, used: newUsage(m.Used[class], now)}
	}
	if !m.SilentUntil.IsZero() { // also one that is over: the rates may still be climbing
		b.silentUntil = now.Add(min(m.SilentUntil.Sub(now), maxSilence))
	}
	return b
}

// RoundTrip waits for the budget of the request's class, sends it, and falls
// silent when the answer is 429.
func (b *budget) RoundTrip(req *http.Request) (*http.Response, error) {
	class := classOf(req.URL.Path)
	if err := b.wait(req.Context(), class); err != nil {
		return nil, err
	}
	markSent(req.Context())
	res, err := b.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	b.setClock(res.Header.Get("Date"))
	if res.StatusCode == http.StatusTooManyRequests {
		b.silence(retryAfter(res.Header.Get("Retry-After")))
	}
	return res, nil
}

// classOf follows the real paths, /v2/identity/..., not the printed ones.
func classOf(path string) Class {
	switch {
	case strings.HasSuffix(path, "/oauth2/token"):
		return ClassToken
	case strings.Contains(path, "/identity/"):
		return ClassIdentity
	}
	return ClassOther
}

// wait returns once a request of the class may go. It gives up with
// [ErrNotSent] as soon as it is clear that its turn comes too late.
func (b *budget) wait(ctx context.Context, class Class) error {
	for {
		delay, granted := b.turn(class, sendBefore(ctx))
		if delay < 0 {
			return fmt.Errorf("%s budget: %w: %w", class, errTurn, ErrNotSent)
		}
		if err := sleep(ctx, delay); err != nil {
			return fmt.Errorf("%w: %w: %w", errTurn, ErrNotSent, err)
		}
		if granted && b.confirm(class) {
			return nil
		}
	}
}

// turn says how long to wait, and whether the request may go after that
// (otherwise it asks again). A negative delay means: not before the deadline.
func (b *budget) turn(class Class, before time.Time) (delay time.Duration, granted bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	late := func(d time.Duration) bool { return !before.IsZero() && !now.Add(d).Before(before) }
	c := b.classes[class]
	delay = max(b.silentUntil.Sub(now), c.used.wait(now, b.limits.of(class)))
	if late(delay) {
		return -1, false
	}
	if delay > 0 {
		return delay, false
	}
	climb := b.climb(now)
	c.limiter.SetLimitAt(now, rate.Limit(b.limits.Budget(class)*climb))
	reserved := c.limiter.ReserveN(now, 1)
	delay = reserved.DelayFrom(now)
	switch {
	case late(delay):
		reserved.CancelAt(now)
		return -1, false
	case climb < 1 && delay > step:
		reserved.CancelAt(now)
		return step, false
	}
	return delay, true
}

// confirm counts the request, unless a pause began or the window filled up
// while it waited for its turn.
func (b *budget) confirm(class Class) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	c := b.classes[class]
	if now.Before(b.silentUntil) || c.used.wait(now, b.limits.of(class)) > 0 {
		return false
	}
	c.used.add(now)
	return true
}

// climb is the share of the budget available at now: after a pause it grows
// linearly from a tenth to all of it within a minute.
func (b *budget) climb(now time.Time) float64 {
	if b.silentUntil.IsZero() {
		return 1
	}
	return min(1, 0.1+0.9*float64(now.Sub(b.silentUntil))/float64(ramp))
}

func (b *budget) silence(asked time.Duration) {
	b.mu.Lock()
	until := time.Now().Add(min(max(asked, b.limits.Silence), maxSilence))
	longer := until.After(b.silentUntil)
	if longer {
		b.silentUntil = until
	}
	b.mu.Unlock()
	if longer && b.onSilence != nil {
		b.onSilence(until)
	}
}

func (b *budget) silentFor(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return max(0, b.silentUntil.Sub(now))
}

func (b *budget) setClock(date string) {
	at, err := http.ParseTime(date)
	if err != nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.offset = time.Until(at)
}

func (b *budget) memory() Memory {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	m := Memory{SilentUntil: b.silentUntil, Used: map[Class]map[int64]int{}}
	for class, c := range b.classes {
		c.used.forget(now)
		m.Used[class] = maps.Clone(c.used.bySecond)
	}
	return m
}

// sleep waits without holding anything, and not at all for d <= 0.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
