package paxossim

import (
	"net/url"
	"slices"

	"github.com/google/uuid"
)

// record is what all objects of the money side have. Times are nanoseconds
// since 1970, cut to microseconds.
type record struct {
	ID      uuid.UUID `json:"id"`
	RefID   string    `json:"ref_id,omitempty"`
	Created int64     `json:"created"`
	body    []byte    // the create request
}

func (r *record) entry() *record { return r }

// shelf holds the objects of one kind in order of creation. Several may have
// one ref_id.
type shelf[T interface{ entry() *record }] struct {
	all   []T
	byID  map[uuid.UUID]int32
	byRef map[string][]int32
	again int // objects beyond the first of their ref_id
}

func newShelf[T interface{ entry() *record }]() shelf[T] {
	return shelf[T]{byID: map[uuid.UUID]int32{}, byRef: map[string][]int32{}}
}

func (s *shelf[T]) add(v T) {
	n, r := int32(len(s.all)), v.entry()
	s.all = append(s.all, v)
	s.byID[r.ID] = n
	if r.RefID == "" {
		return
	}
	if len(s.byRef[r.RefID]) > 0 {
		s.again++
	}
	s.byRef[r.RefID] = append(s.byRef[r.RefID], n)
}

// find finds an object by the text of its id.
func (s *shelf[T]) find(text string) (v T, found bool) {
	id, err := uuid.Parse(text)
	if err != nil {
		return v, false
	}
	n, found := s.byID[id]
	if found {
		v = s.all[n]
	}
	return v, found
}

// latest is the last object with a ref_id.
func (s *shelf[T]) latest(refID string) (v T, found bool) {
	numbers := s.byRef[refID]
	if len(numbers) == 0 {
		return v, false
	}
	return s.all[numbers[len(numbers)-1]], true
}

// newRecord is the record of the next object. Its id is drawn from its ref_id,
// or from its number where that has been used before.
func (s *shelf[T]) newRecord(seed seed, kind, refID string, body []byte, now int64) record {
	name := nameOf(refID, len(s.all))
	if len(s.byRef[refID]) > 0 {
		name = nameOf("", len(s.all))
	}
	return record{ID: seed.id(kind, name), RefID: refID, Created: micro(now), body: body}
}

// choice is which objects a list is to show, by the parameters that may be repeated.
type choice struct{ ids, refs []string }

// parseChoice takes ids and ref_ids out of the parameters; what is left is
// given once each.
func parseChoice(values url.Values) (c choice, rest url.Values, fault string) {
	c = choice{values["ids"], values["ref_ids"]}
	rest = url.Values{}
	for name, given := range values {
		if name != "ids" && name != "ref_ids" {
			rest[name] = given
		}
	}
	if len(c.ids) > 100 || len(c.refs) > 100 {
		return c, rest, "at most 100 ids and 100 ref_ids may be given"
	}
	return c, rest, ""
}

func (c choice) holds(r *record) bool {
	return (len(c.ids) == 0 || slices.Contains(c.ids, r.ID.String())) &&
		(len(c.refs) == 0 || slices.Contains(c.refs, r.RefID))
}

// numbers are those that may be chosen: all, unless keys narrow them down.
func (s *shelf[T]) numbers(c choice) series {
	created := func(n int32) int64 { return s.all[n].entry().Created }
	if len(c.ids)+len(c.refs) == 0 {
		return series{len(s.all), func(i int) int32 { return int32(i) }, created}
	}
	var found []int32
	for _, ref := range c.refs {
		found = append(found, s.byRef[ref]...)
	}
	for _, text := range c.ids {
		if id, err := uuid.Parse(text); err == nil {
			if n, known := s.byID[id]; known {
				found = append(found, n)
			}
		}
	}
	slices.Sort(found)
	found = slices.Compact(found)
	return series{len(found), func(i int) int32 { return found[i] }, created}
}

// The page sizes of the money lists: the parameter's text says 100 by default
// and 1,000 at most.
const (
	defaultPage = 100
	largestPage = 1000
)

// page picks the next page and the cursor of the one after it.
func (s *shelf[T]) page(q listQuery, c choice, match func(T) bool) (found []T, next string) {
	limit := q.size(largestPage)
	if q.limit == 0 {
		limit = defaultPage
	}
	numbers, more := q.page(s.numbers(c), limit, func(n int32) bool {
		return c.holds(s.all[n].entry()) && match(s.all[n])
	})
	for _, n := range numbers {
		found = append(found, s.all[n])
	}
	if more {
		next = cursorAfter(int(numbers[len(numbers)-1]))
	}
	return found, next
}
