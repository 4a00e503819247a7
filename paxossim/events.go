package paxossim

import (
	"sort"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// eventBody is an event as replies show it. The object is [paxos.IdentityChange]
// plus the old status.
type eventBody struct {
	ID                  string       `json:"id"`
	Type                string       `json:"type"`
	ObjectType          string       `json:"object_type"`
	Object              statusChange `json:"object"`
	CreatedAt           string       `json:"created_at"`
	UndeliveredWebhooks int          `json:"undelivered_webhooks"`
}

type statusChange struct {
	ID               string `json:"id"`
	IdentityID       string `json:"identity_id"`
	OldSummaryStatus string `json:"old_summary_status,omitempty"`
	NewSummaryStatus string `json:"new_summary_status,omitempty"`
	OldStatus        string `json:"old_status,omitempty"`
	NewStatus        string `json:"new_status,omitempty"`

	RequiredDocuments []string `json:"required_documents,omitempty"` // of identity.documents_required only
}

// eventPage is the body of the list; unlike other lists its key is events.
type eventPage struct {
	Events []eventBody `json:"events"`
	Next   string      `json:"next_page_cursor,omitempty"`
}

// listEvents is GET /events, oldest first.
func (s *Simulator) listEvents(c *call) reply {
	q, test, f := s.parseEvents(c)
	if f != "" {
		return badRequest(f)
	}
	var found []eventView
	var next string
	err := s.state.do(func(now int64) {
		if !test {
			found, next = s.state.pickEvents(q, c.query.Get("type"), now)
		}
	})
	if err != nil {
		return broken()
	}
	out := eventPage{Events: make([]eventBody, len(found))}
	if s.options.EventsCursor {
		out.Next = next
	}
	for i, e := range found {
		out.Events[i] = s.eventBody(e)
	}
	return ok(out)
}

// parseEvents reads the parameters. The feed of the older specification has
// neither cursor nor order; the newer cursor is refused unless it is switched on.
func (s *Simulator) parseEvents(c *call) (q listQuery, test bool, fault string) {
	allowed := append(timeFilters("created_at"), "type", "is_test", "limit")
	if s.options.EventsCursor {
		allowed = append(allowed, "page_cursor")
	}
	if f := onlyParameters(c.query, allowed...); f != "" {
		return q, false, f
	}
	if n, err := strconv.Atoi(c.query.Get("limit")); c.query.Has("limit") && (err != nil || n < 1 || n > 100) {
		return q, false, "limit must be between 1 and 100"
	}
	test, fault = boolParameter(c.query, "is_test")
	if fault == "" {
		q, fault = parseList(c.query, "type", "is_test")
	}
	return q, test, fault
}

// eventView is an event as it leaves the lock.
type eventView struct {
	event
	identity    uuid.UUID
	wants       []string
	undelivered int
	test        bool
}

func (st *state) eventView(e event) eventView {
	id := st.identities[e.Identity]
	return eventView{event: e, identity: id.ID, wants: id.Wants, undelivered: st.undelivered(e.ID)}
}

func (e event) kind() string { return decided{To: e.To, Asks: e.Asks}.eventType() }

// pickEvents finds the next page of the feed. Those that are not visible yet
// are passed over: they turn up later, in the midst of what was already read.
func (st *state) pickEvents(q listQuery, kind string, now int64) (found []eventView, next string) {
	from := sort.Search(len(st.events), func(i int) bool { return st.events[i].Created >= q.created.from })
	limit := q.size(100)
	for i := max(from, q.cursor+1); i < len(st.events) && st.events[i].Created < q.created.to; i++ {
		e := st.events[i]
		if e.Visible > now || kind != "" && kind != e.kind() {
			continue
		}
		if len(found) == limit {
			return found, next
		}
		found = append(found, st.eventView(e))
		next = cursorAfter(i)
	}
	return found, ""
}

// getEvent is GET /events/{id}.
func (s *Simulator) getEvent(c *call) reply {
	test, f := boolParameter(c.query, "is_test")
	if f == "" {
		f = onlyParameters(c.query, "is_test")
	}
	id, bad := uuid.Parse(c.PathValue("id"))
	if bad != nil && f == "" {
		f = "error parsing event id"
	}
	if f != "" {
		return badRequest(f)
	}
	var e eventView
	var found bool
	err := s.state.do(func(now int64) { e, found = s.state.event(id, now) })
	if err != nil {
		return broken()
	}
	if !found || test != e.test {
		return notFound()
	}
	return ok(s.eventBody(e))
}

func (st *state) event(id uuid.UUID, now int64) (eventView, bool) {
	if v, isTest := st.testEvent(id); isTest {
		return v, true
	}
	n, found := st.eventByID[id]
	if !found || st.events[n].Visible > now {
		return eventView{}, false
	}
	return st.eventView(st.events[n]), true
}

func (s *Simulator) eventBody(e eventView) eventBody {
	out := eventBody{
		ID: e.ID.String(), Type: e.kind(), ObjectType: "identity_summary_status_change",
		Object:    statusChange{ID: seed(0).id("change", e.ID.String()).String(), IdentityID: e.identity.String()},
		CreatedAt: nanoText(e.Created), UndeliveredWebhooks: e.undelivered,
	}
	if e.Asks {
		out.ObjectType, out.Object.RequiredDocuments = "identity_required_documents", e.wants
		return out
	}
	out.Object.OldSummaryStatus, out.Object.OldStatus = s.options.StatusKeys.keyed(e.From)
	out.Object.NewSummaryStatus, out.Object.NewStatus = s.options.StatusKeys.keyed(e.To)
	return out
}

// nanoText has nine digits, as the API's samples do; clients must not round them.
func nanoText(ns int64) string {
	return time.Unix(0, ns).UTC().Format("2006-01-02T15:04:05.000000000Z")
}
