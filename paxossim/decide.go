package paxossim

import (
	"container/heap"
	"encoding/binary"

	"github.com/google/uuid"
)

// decision is a summary status that an identity gets at a certain time.
type decision struct {
	due      int64
	identity int32
	to       status
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
	due = created + int64(o.ApproveAfter) + int64(st.seed.share("jitter", k)*float64(o.ApproveJitter))
	if tick := int64(o.DecideEvery); tick > 0 && due%tick != 0 {
		due += tick - due%tick
	}
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

// decided is what the journal keeps of a decision.
type decided struct {
	Identity int32     `json:"identity"`
	To       status    `json:"to"`
	At       int64     `json:"at"`
	Event    uuid.UUID `json:"event"`   // zero: none
	Visible  int64     `json:"visible"` // when the event shows
	Times    int       `json:"times"`   // how often the event is listed
}

// decideUntil takes the decisions that have come due.
func (st *state) decideUntil(now int64) {
	for len(st.queue) > 0 && st.queue[0].due <= now {
		next := heap.Pop(&st.queue).(decision)
		d := st.decided(next)
		st.journal.write(decidedEntry, d, nil)
		st.addDecision(d)
	}
}

// decided dates a decision and draws the faults of its event. The date is the
// due time, even when nobody looked until much later; but never before that
// of the last event, since the feed only grows at its end.
func (st *state) decided(next decision) decided {
	d := decided{Identity: next.identity, To: next.to, At: next.due, Times: 1}
	if n := len(st.events); n > 0 {
		d.At = max(d.At, st.events[n-1].Created)
	}
	d.Visible = d.At
	if next.to.eventType() == "" {
		return d
	}
	id, o := st.identities[next.identity].ID, st.options.Faults
	d.Event = st.seed.id("event", id.String(), next.to.String())
	k := binary.BigEndian.Uint64(id[:8])
	if st.seed.share("late", k) < o.LateEvents {
		d.Visible += int64(o.LateBy)
	}
	if st.seed.share("repeat", k) < o.RepeatEvents {
		d.Times = 2
	}
	return d
}

// addDecision takes over a decision that was just taken, or comes from the journal.
func (st *state) addDecision(d decided) {
	n := d.Identity
	st.counts[st.statuses[n]]--
	st.counts[d.To]++
	st.statuses[n] = d.To
	st.updated[n] = max(micro(d.At), st.updated[n])
	st.updates = append(st.updates, update{st.updated[n], n})
	st.last = max(st.last, d.At)
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
	for range d.Times {
		st.events = append(st.events, event{d.Event, n, d.To, d.At, d.Visible})
	}
}
