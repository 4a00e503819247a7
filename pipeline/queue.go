package pipeline

import (
	"container/heap"
	"sync"
	"time"

	"embark/onboard"
)

// queue holds the keys of objects with something due: now, or at a time. Keys
// may be in it twice; the intent keeps them from being worked on twice.
type queue struct {
	wake chan struct{} // holds a token after a push

	mu      sync.Mutex
	ready   []onboard.Key
	repeats timed // to be posted again: with too many of them, no new rows are taken
	looks   timed // to be read or looked for, which makes nothing
}

func newQueue() *queue { return &queue{wake: make(chan struct{}, 1)} }

func (q *queue) push(keys ...onboard.Key) {
	if len(keys) == 0 {
		return
	}
	q.mu.Lock()
	q.ready = append(q.ready, keys...)
	q.mu.Unlock()
	q.nudge()
}

// later files an object until it is due. One that is known to exist is not made
// again, whatever its step.
func (q *queue) later(step onboard.Step, at time.Time) {
	if step.Action == onboard.Create && !step.Record.Exists {
		q.pushAt(&q.repeats, step.Record.Key, at)
	} else {
		q.lookAt(step.Record.Key, at)
	}
}

func (q *queue) lookAt(key onboard.Key, at time.Time) { q.pushAt(&q.looks, key, at) }

func (q *queue) pushAt(keys *timed, key onboard.Key, at time.Time) {
	q.mu.Lock()
	heap.Push(keys, timedKey{key, at})
	q.mu.Unlock()
	q.nudge()
}

func (q *queue) nudge() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// pop takes the next key that is ready.
func (q *queue) pop() (key onboard.Key, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.ready) == 0 {
		return "", false
	}
	key, q.ready = q.ready[0], q.ready[1:]
	return key, true
}

// popLater takes the next key that is due, one to look at only with looks. Where
// there is none, next is when to ask again, zero for never.
func (q *queue) popLater(now time.Time, looks bool) (key onboard.Key, look, ok bool, next time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.repeats.due(now) {
		return heap.Pop(&q.repeats).(timedKey).key, false, true, time.Time{}
	}
	if looks && q.looks.due(now) {
		return heap.Pop(&q.looks).(timedKey).key, true, true, time.Time{}
	}
	if len(q.repeats) > 0 {
		next = q.repeats[0].at
	}
	if looks && len(q.looks) > 0 && (next.IsZero() || q.looks[0].at.Before(next)) {
		next = q.looks[0].at
	}
	return "", false, false, next
}

// dueBy tells whether something is due by then.
func (q *queue) dueBy(then time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.ready) > 0 || q.repeats.due(then) || q.looks.due(then)
}

func (q *queue) lengths() (ready, repeats, looks int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.ready), len(q.repeats), len(q.looks)
}

type timedKey struct {
	key onboard.Key
	at  time.Time
}

// timed is a heap by time.
type timed []timedKey

func (t timed) due(now time.Time) bool { return len(t) > 0 && !t[0].at.After(now) }

func (t timed) Len() int           { return len(t) }
func (t timed) Less(i, j int) bool { return t[i].at.Before(t[j].at) }
func (t timed) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t *timed) Push(x any)        { *t = append(*t, x.(timedKey)) }
func (t *timed) Pop() any {
	last := (*t)[len(*t)-1]
	*t = (*t)[:len(*t)-1]
	return last
}
