package paxossim

import (
	"fmt"
	"net/url"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// readFeed reads all events as the documentation advises for a feed without
// cursor: from the last created_at on, inclusive, dropping what is known.
func readFeed(c *tester, limit int) (ids []string) {
	since := "2000-01-01T00:00:00.000000000Z"
	for {
		page := get[eventPage](c, fmt.Sprintf("/events?limit=%d&created_at.gte=%s", limit, url.QueryEscape(since)))
		fresh := 0
		for _, e := range page.Events {
			if !slices.Contains(ids, e.ID) {
				ids = append(ids, e.ID)
				fresh++
			}
			if e.CreatedAt < since {
				c.t.Errorf("%s comes after %s", e.CreatedAt, since)
			}
			since = e.CreatedAt
		}
		if fresh == 0 {
			return ids
		}
	}
}

func TestEventsShareTimestamps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTester(t, newSim(t, Options{ApproveAfter: time.Second, DecideEvery: 10 * time.Second}))
		for n := range 30 {
			c.createIdentity(customer(10 + n))
			time.Sleep(time.Second)
		}
		time.Sleep(time.Minute)
		times := map[string]int{}
		for _, e := range get[eventPage](c, "/events").Events {
			times[e.CreatedAt]++
		}
		if len(times) > 4 || len(times) < 3 {
			t.Errorf("got %d timestamps for 30 events, want 3 or 4", len(times))
		}
		if got := readFeed(c, 12); len(got) != 30 {
			t.Errorf("got %d events over pages of 12, want 30", len(got))
		}
	})
}

func TestEventContent(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	id := c.createIdentity(customer(1)).ID
	got := get[eventPage](c, "/events").Events
	if len(got) != 1 {
		t.Fatalf("got %d events, want 1", len(got))
	}
	e := got[0]
	want := eventBody{ID: e.ID, Type: "identity.approved", ObjectType: "identity_summary_status_change", CreatedAt: e.CreatedAt,
		Object: statusChange{ID: e.Object.ID, IdentityID: id, OldSummaryStatus: "PENDING", NewSummaryStatus: "APPROVED"}}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(e.CreatedAt) != len("2023-08-25T14:25:41.648489333Z") {
		t.Errorf("got created_at %s, want nanoseconds", e.CreatedAt)
	}
	if one := get[eventBody](c, "/events/"+e.ID); !cmp.Equal(one, e) {
		t.Errorf("got %+v, want %+v", one, e)
	}
	c.call(404, "GET", "/events/"+id, nil)
	c.call(404, "GET", "/events/"+e.ID+"?is_test=true", nil)
	for query, want := range map[string]int{"type=identity.denied": 0, "type=identity.approved": 1, "is_test=true": 0,
		"is_test=false": 1, "created_at.gt=" + e.CreatedAt: 0, "created_at.gte=" + e.CreatedAt: 1,
		"created_at.eq=" + e.CreatedAt: 1, "created_at.lt=" + e.CreatedAt: 0, "created_at.lte=" + e.CreatedAt: 1} {
		if got := len(get[eventPage](c, "/events?"+query).Events); got != want {
			t.Errorf("%s: got %d events, want %d", query, got, want)
		}
	}
}

func TestEventsCursor(t *testing.T) {
	c := newTester(t, newSim(t, Options{EventsCursor: true}))
	for n := range 7 {
		c.createIdentity(customer(n))
	}
	var seen []string
	cursor, pages := "", 0
	for {
		page := get[eventPage](c, "/events?limit=3&page_cursor="+cursor)
		for _, e := range page.Events {
			seen = append(seen, e.ID)
		}
		pages++
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if pages != 3 || len(slices.Compact(seen)) != 7 {
		t.Errorf("got %d events on %d pages, want 7 on 3", len(seen), pages)
	}
}

func TestLateAndRepeatedEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := newSim(t, Options{Seed: 5, Faults: Faults{LateEvents: 0.5, LateBy: time.Minute, RepeatEvents: 0.5}})
		c := newTester(t, sim)
		for n := range 40 {
			c.createIdentity(customer(10 + n))
		}
		early := readFeed(c, 100)
		if len(early) == 0 || len(early) == 40 {
			t.Errorf("got %d events at once, want some of 40", len(early))
		}
		time.Sleep(time.Minute)
		all := get[eventPage](c, "/events").Events
		ids := map[string]int{}
		for _, e := range all {
			ids[e.ID]++
		}
		got := sim.Stats()
		if len(ids) != 40 || len(all) != 40+got.Faults["repeat_event"] || got.Faults["repeat_event"] == 0 {
			t.Errorf("got %d ids in %d entries, want 40 in %d", len(ids), len(all), 40+got.Faults["repeat_event"])
		}
		if got.Objects.Events != 40 || got.Faults["late_event"] != 40-len(early) {
			t.Errorf("got %+v, want 40 events, %d late", got, 40-len(early))
		}
	})
}
