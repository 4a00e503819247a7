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

	mu    sync.Mutex
	ready []onboard.Key
	later timed
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

func (q *queue) pushAt(key onboard.Key, at time.Time) {
	q.mu.Lock()
	heap.Push(&q.later, timedKey{key, at})
	q.mu.Unlock()
	q.nudge()
}

func (q *queue) nudge() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// pop takes the next key that is due. Where there is none, next is when to ask
// again, zero for never.
func (q *queue) pop(now time.Time) (key onboard.Key, ok bool, next time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.ready) > 0 {
		key, q.ready = q.ready[0], q.ready[1:]
		return key, true, time.Time{}
	}
	if len(q.later) == 0 {
		return "", false, time.Time{}
	}
	if first := q.later[0]; first.at.After(now) {
		return "", false, first.at
	}
	return heap.Pop(&q.later).(timedKey).key, true, time.Time{}
}

// dueBy tells whether something is due by then.
func (q *queue) dueBy(then time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.ready) > 0 || len(q.later) > 0 && !q.later[0].at.After(then)
}

func (q *queue) lengths() (ready, later int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.ready), len(q.later)
}

type timedKey struct {
	key onboard.Key
	at  time.Time
}

// timed is a heap by time.
type timed []timedKey

func (t timed) Len() int           { return len(t) }
func (t timed) Less(i, j int) bool { return t[i].at.Before(t[j].at) }
func (t timed) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t *timed) Push(x any)        { *t = append(*t, x.(timedKey)) }
func (t *timed) Pop() any {
	last := (*t)[len(*t)-1]
	*t = (*t)[:len(*t)-1]
	return last
}
