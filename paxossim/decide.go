package paxossim

import (
	"container/heap"
	"encoding/binary"
	"strconv"

	"github.com/google/uuid"

	"embark/paxos"
)

// decision is a summary status that an identity gets at a certain time.
type decision struct {
	due      int64
	identity int32
	to       status
	asks     bool // no decision yet: documents are asked for
}

// queue is a heap of the decisions to come, the next one first; those of one
// moment in the order of creation.
type queue []decision

func (q *queue) add(d decision) { heap.Push(q, d) }

func (q queue) Len() int      { return len(q) }
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(decision)) }

func (q queue) Less(i, j int) bool {
	return q[i].due < q[j].due || q[i].due == q[j].due && q[i].identity < q[j].identity
}

func (q *queue) Pop() any {
	last := len(*q) - 1
	d := (*q)[last]
	*q = (*q)[:last]
	return d
}

// fate draws what becomes of an identity and when. It depends on the seed and
// the name alone, so neither the order of requests nor a restart changes it.
func (st *state) fate(name string, created int64, passthroughDenied bool) (due int64, to status) {
	k, o := key(name), st.options
	due = st.delayed(k, created)
	to, u := approved, st.seed.share("outcome", k)
	for _, s := range []struct {
		share float64
		to    status
	}{{o.Denied, denied}, {o.Errored, errored}, {o.Stuck, pending}, {o.UnknownStatus, unknown}} {
		if u >= 0 && u < s.share {
			to = s.to
		}
		u -= s.share
	}
	if to == approved && passthroughDenied {
		to = denied
	}
	return due, to
}

// delayed is when a decision falls that could be taken from some moment on.
func (st *state) delayed(k uint64, moment int64) int64 {
	o := st.options
	due := moment + int64(o.ApproveAfter) + int64(st.seed.share("jitter", k)*float64(o.ApproveJitter))
	if tick := int64(o.DecideEvery); tick > 0 && due%tick != 0 {
		due += tick - due%tick
	}
	return due
}

// decided is what the journal keeps of a decision.
type decided struct {
	Identity int32     `json:"identity"`
	To       status    `json:"to"`
	From     status    `json:"from,omitempty"`
	Asks     bool      `json:"asks,omitempty"`
	At       int64     `json:"at"`
	Event    uuid.UUID `json:"event"`   // zero: none
	Visible  int64     `json:"visible"` // when the event shows
	Times    int       `json:"times"`   // how often the event is listed
}

// decideUntil takes the decisions that have come due.
func (st *state) decideUntil(now int64) {
	for len(st.queue) > 0 && st.queue[0].due <= now {
		d := heap.Pop(&st.queue).(decision)
		if next, due := st.next(d.identity); due && next == d {
			st.take(st.decided(d))
		}
	}
}

// take writes a decision down and lets it happen.
func (st *state) take(d decided) {
	st.journal.write(decidedEntry, d, nil)
	st.addDecision(d)
}

// decided dates a decision and draws the faults of its event. The date is the
// due time, even when nobody looked until much later; but never before that
// of the last event, since the feed only grows at its end.
func (st *state) decided(next decision) decided {
	d := decided{Identity: next.identity, To: next.to, From: st.statuses[next.identity], Asks: next.asks, At: next.due, Times: 1}
	if n := len(st.events); n > 0 {
		d.At = max(d.At, st.events[n-1].Created)
	}
	d.Visible = d.At
	if d.eventType() == "" {
		return d
	}
	id, o := st.identities[next.identity].ID, st.options.Faults
	d.Event = st.newEventID(id, d)
	k := binary.BigEndian.Uint64(id[:8])
	if st.seed.share("late", k) < o.LateEvents {
		d.Visible += int64(o.LateBy)
	}
	if st.seed.share("repeat", k) < o.RepeatEvents {
		d.Times = 2
	}
	return d
}

// eventType is the event that announces the decision, or "".
func (d decided) eventType() string {
	if d.Asks {
		return paxos.EventIdentityDocumentsRequired
	}
	return d.To.eventType()
}

// newEventID tells apart the events of an identity that comes to one status
// more than once.
func (st *state) newEventID(identity uuid.UUID, d decided) uuid.UUID {
	parts := []string{"event", identity.String(), d.To.String()}
	if d.Asks {
		parts[2] = "documents_required"
	}
	id := st.seed.id(parts...)
	for again := 2; ; again++ {
		if _, taken := st.eventByID[id]; !taken {
			return id
		}
		id = st.seed.id(append(parts, strconv.Itoa(again))...)
	}
}

// addDecision takes over a decision that was just taken, or comes from the journal.
func (st *state) addDecision(d decided) {
	n := d.Identity
	st.last = max(st.last, d.At)
	if d.Asks {
		st.extra(n).asked = true
	} else {
		st.change(n, d)
	}
	st.announce(d)
	st.plan(n)
	st.planBlocked(n)
}

// change sets the status of an identity.
func (st *state) change(n int32, d decided) {
	st.counts[st.statuses[n]]--
	st.counts[d.To]++
	st.statuses[n] = d.To
	st.updated[n] = max(micro(d.At), st.updated[n])
	st.updates = append(st.updates, update{st.updated[n], n})
}

// announce puts the event of a decision, if it has one, into the feed.
func (st *state) announce(d decided) {
	if d.Event == uuid.Nil {
		return
	}
	if d.Visible > d.At {
		st.late++
	}
	if d.Times > 1 {
		st.repeated++
	}
	st.eventByID[d.Event] = int32(len(st.events))
	st.noteTest(d.Event)
	for range d.Times {
		st.events = append(st.events, event{d.Event, d.Identity, d.From, d.To, d.Asks, d.At, d.Visible})
	}
}
