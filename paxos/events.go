package paxos

import (
	"context"
	"fmt"
	"net/url"
)

// ScopeReadEvent is the scope of the event operations.
const ScopeReadEvent = "events:read_event"

// ListEvents is GET /events, oldest first, at most 100 a page. Events may
// become visible late; ids tell repeated ones.
func (c *Client) ListEvents(ctx context.Context, q ListEventsQuery) (*EventPage, error) {
	query := pageQuery(q.PageCursor, q.Limit)
	bound := "created_at.gte"
	if q.After {
		bound = "created_at.gt"
	}
	setIf(query, bound, q.Since)
	var reply struct {
		Events []Event `json:"events"`
		nextPage
	}
	err := c.get(ctx, "ListEvents", "/events", query, &reply)
	return &EventPage{reply.Events, reply.cursor()}, err
}

// GetEvent is GET /events/{id}. Test events are not found.
func (c *Client) GetEvent(ctx context.Context, id string) (*Event, error) {
	var e Event
	if err := c.get(ctx, "GetEvent", "/events/"+url.PathEscape(id), nil, &e); err != nil {
		return nil, err
	}
	if !sameID(e.ID, id) {
		return nil, fmt.Errorf("GetEvent: another id: %w", ErrUnreadable)
	}
	return &e, nil
}
