package paxossim

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Webhooks configure who is told of each event, and how badly. The zero value
// tells nobody. Paxos gives no more than the id of the event and its type.
type Webhooks struct {
	URL           string
	Header, Value string        // the key that goes with each delivery; "": none
	Rate          float64       // deliveries a second; 0: 10, Paxos's default
	FirstRetry    time.Duration // wait after the first failure, doubled with each further one; 0: 5 s
	GiveUpAfter   time.Duration // counted from the event; 0: 24 h

	Late    float64       // share of deliveries that are late
	LateBy  time.Duration // 0: 1 min
	Twice   float64       // share of events that are delivered twice
	Reorder time.Duration // each delivery is held back by a random part of it, so that they overtake each other
	Tests   float64       // share of events that a test event goes along with
}

func (w Webhooks) withDefaults() Webhooks {
	w.Rate = orDefault(w.Rate, 10)
	w.FirstRetry = orDefault(w.FirstRetry, 5*time.Second)
	w.GiveUpAfter = orDefault(w.GiveUpAfter, 24*time.Hour)
	w.LateBy = orDefault(w.LateBy, time.Minute)
	return w
}

// webhookEnded is what the journal keeps of an event: its delivery is over.
type webhookEnded struct {
	Event     uuid.UUID `json:"event"`
	Delivered bool      `json:"delivered"`
}

type webhookEnd struct{ delivered bool }

func (st *state) addWebhook(e webhookEnded) { st.webhooks[e.Event] = webhookEnd{e.Delivered} }

// undelivered is an event's undelivered_webhooks.
func (st *state) undelivered(event uuid.UUID) int {
	if st.options.Webhooks.URL == "" || st.webhooks[event].delivered {
		return 0
	}
	return 1
}

// DeliverWebhooks tells [Options.Webhooks] of all events, those of before
// included, until ctx is done; then it returns nil. Nothing is delivered while
// it does not run. A restart repeats what was not acknowledged. It returns an
// error when the journal cannot be written, and at once when there is nobody
// to tell. Only one may run at a time. The client decides on the time-out of a
// delivery; redirects are not followed.
func (s *Simulator) DeliverWebhooks(ctx context.Context, client *http.Client) error {
	o := s.options.Webhooks
	if o.URL == "" {
		return nil
	}
	c := *client
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	d := &deliverer{state: s.state, client: &c, options: o}
	for ctx.Err() == nil {
		next, wait, err := d.next()
		if err != nil {
			return err
		}
		if next != nil {
			if err := d.deliver(ctx, next); err != nil {
				return err
			}
			wait = time.Duration(float64(time.Second) / o.Rate)
		}
		rest(ctx, wait)
	}
	return nil
}

// deliverer is one run of DeliverWebhooks.
type deliverer struct {
	state   *state
	client  *http.Client
	options Webhooks
	seen    int // events of the feed that were taken in
	waiting []*delivery
}

// delivery is one notice that is still to be given.
type delivery struct {
	event   uuid.UUID
	kind    string
	created int64
	due     int64
	tries   int
	copied  bool // whether it arrives does not matter to the event: a repetition or a test
	test    bool
}

// glance is how often new events are looked for.
const glance = 100 * time.Millisecond

// next takes in new events and returns the delivery that is due first, or how
// long to wait.
func (d *deliverer) next() (due *delivery, wait time.Duration, err error) {
	wait = glance
	err = d.state.do(func(now int64) {
		for ; d.seen < len(d.state.events); d.seen++ {
			d.take(d.seen)
		}
		if len(d.waiting) == 0 {
			return
		}
		first := slices.MinFunc(d.waiting, func(a, b *delivery) int { return int(min(max(a.due-b.due, -1), 1)) })
		if first.due <= now {
			due = first
			return
		}
		wait = min(wait, time.Duration(first.due-now))
	})
	return due, wait, err
}

// take plans the deliveries of an event. An event that the feed lists twice is
// one event.
func (d *deliverer) take(n int) {
	st, o := d.state, d.options
	e := st.events[n]
	if _, over := st.webhooks[e.ID]; over || int(st.eventByID[e.ID]) != n {
		return
	}
	k := binary.BigEndian.Uint64(e.ID[:8])
	one := delivery{event: e.ID, kind: e.kind(), created: e.Created}
	one.due = e.Visible + int64(st.seed.share("reorder webhook", k)*float64(o.Reorder))
	if st.seed.share("late webhook", k) < o.Late {
		one.due += int64(o.LateBy)
	}
	d.waiting = append(d.waiting, new(one))
	one.copied = true
	if st.seed.share("webhook twice", k) < o.Twice {
		d.waiting = append(d.waiting, new(one))
	}
	if st.hasTest(e.ID) {
		one.event, one.test = st.testID(e.ID), true
		d.waiting = append(d.waiting, new(one))
	}
}

// webhookBody is the body of a delivery.
type webhookBody struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Source string `json:"source"`
	Time   string `json:"time"`
	Object string `json:"object"`
	IsTest bool   `json:"is_test"`
}

// deliver makes one attempt, and plans the next one if it fails.
func (d *deliverer) deliver(ctx context.Context, one *delivery) error {
	arrived := d.post(ctx, one)
	if ctx.Err() != nil && !arrived {
		return nil // it will come again
	}
	one.tries++
	return d.state.do(func(now int64) {
		st := d.state
		st.webhooksTried++
		given := now-one.created > int64(d.options.GiveUpAfter)
		if !arrived && !given {
			one.due = now + d.retryAfter(one)
			return
		}
		d.waiting = slices.DeleteFunc(d.waiting, func(w *delivery) bool { return w == one })
		if arrived {
			st.webhooksDone++
		}
		if !one.copied {
			end := webhookEnded{one.event, arrived}
			st.journal.write(webhookEntry, end, nil)
			st.addWebhook(end)
		}
	})
}

// retryAfter doubles with each try, less up to a half by chance.
func (d *deliverer) retryAfter(one *delivery) int64 {
	k := binary.BigEndian.Uint64(one.event[:8]) + uint64(one.tries)
	wait := float64(d.options.FirstRetry) * float64(uint64(1)<<min(one.tries-1, 30))
	return int64(wait * (1 - d.state.seed.share("retry webhook", k)/2))
}

// post reports whether the receiver has answered with success.
func (d *deliverer) post(ctx context.Context, one *delivery) bool {
	body, _ := json.Marshal(webhookBody{ID: one.event.String(), Type: one.kind, Source: "com.paxos",
		Time: nanoText(one.created), Object: "event", IsTest: one.test})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.options.URL, bytes.NewReader(body))
	if err != nil {
		return false // New has checked the URL
	}
	r.Header.Set("Content-Type", "application/json")
	if d.options.Header != "" {
		r.Header.Set(d.options.Header, d.options.Value)
	}
	answer, err := d.client.Do(r)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, 4096) // so that the connection can be used again
	return answer.StatusCode/100 == 2
}

func rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// hasTest reports whether a test event goes along with an event.
func (st *state) hasTest(event uuid.UUID) bool {
	return st.seed.share("test event", binary.BigEndian.Uint64(event[:8])) < st.options.Webhooks.Tests
}

func (st *state) testID(event uuid.UUID) uuid.UUID { return st.seed.id("test event", event.String()) }

// noteTest makes the test event of an event known.
func (st *state) noteTest(event uuid.UUID) {
	if st.hasTest(event) {
		st.tests[st.testID(event)] = event
	}
}

// testEvent finds a test event. It is about an identity that does not exist.
func (st *state) testEvent(id uuid.UUID) (v eventView, found bool) {
	of, found := st.tests[id]
	if !found {
		return eventView{}, false
	}
	v = st.eventView(st.events[st.eventByID[of]])
	v.ID, v.identity, v.test = id, st.seed.id("test identity", id.String()), true
	return v, true
}
