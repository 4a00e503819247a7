package pipeline

import (
	"maps"
	"math"
	"time"

	"embark/onboard"
	"embark/paxos"
)

// Plan is what a run would do if it started now, as far as it can be told:
// Paxos takes its time for decisions, and answers may be lost.
type Plan struct {
	Customers int // rows that would be started, those for a bank account alone not counted
	Objects   Objects
	Calls     map[paxos.Class]int // polling included
	Polling   int                 // those of them that only look for decisions
	Budget    map[paxos.Class]float64
	Pause     time.Duration // after a 429 of an earlier run
	Takes     time.Duration // the pause included

	making map[paxos.Class]int
}

// Plan plans a run with the limits and, if limit is not 0, so many new
// customers at most. pause is what is left of a silence after a 429.
func (c *Checked) Plan(limits paxos.Limits, limit int, pause time.Duration) *Plan {
	p := &Plan{Customers: c.Due - c.DueBanks, Objects: c.objects, Pause: pause, Budget: map[paxos.Class]float64{}}
	if limit > 0 && limit < p.Customers {
		p.Objects, p.Customers = c.objects.share(limit, p.Customers), limit
	}
	p.Objects = p.Objects.plus(c.left)
	p.making = p.Objects.Calls()
	for _, class := range []paxos.Class{paxos.ClassToken, paxos.ClassIdentity, paxos.ClassOther} {
		p.Budget[class] = limits.Budget(class)
	}
	p.Takes = pause + p.duration(limits)
	p.poll()
	return p
}

// With is how long it would take under other limits.
func (p *Plan) With(limits paxos.Limits) time.Duration { return p.Pause + p.duration(limits) }

// duration: the classes are used side by side, so that the longest counts.
func (p *Plan) duration(limits paxos.Limits) time.Duration {
	longest := 0.0
	for class, n := range p.making {
		longest = max(longest, float64(n)/limits.Budget(class))
	}
	return time.Duration(longest * float64(time.Second)).Round(time.Millisecond)
}

// tokenLife is how long a token of Paxos's lasts.
const tokenLife = time.Hour

// poll adds what is not for an object: tokens, and the events, which are read
// every second, a long way back now and then, and in full pages. Whatever of it
// there is, it has budgets of its own or hardly takes any of others'.
func (p *Plan) poll() {
	p.Calls = maps.Clone(p.making)
	if p.Objects.Total() == 0 {
		return
	}
	seconds := p.Takes.Seconds()
	looks := seconds/feedEvery.Seconds() + seconds/deepEvery.Seconds()*deepLook/fullPage
	p.Polling = int(math.Ceil(looks + float64(p.Objects.Of(onboard.KindIdentity))/fullPage))
	p.Calls[paxos.ClassOther] += p.Polling
	p.Calls[paxos.ClassToken] = 1 + int(p.Takes/tokenLife)
}
