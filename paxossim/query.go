package paxossim

import (
	"encoding/base64"
	"fmt"
	"math"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"time"
)

// listQuery is the part of a list request that all lists share.
type listQuery struct {
	created, updated span
	limit            int // 0: not given
	ascending        bool
	cursor           int // number of the last object of the page before; -1: first page
}

// span is a stretch of time in nanoseconds, from inclusive to exclusive. All
// five comparisons become bounds of it.
type span struct{ from, to int64 }

func always() span { return span{math.MinInt64, math.MaxInt64} }

func (s span) holds(at int64) bool { return at >= s.from && at < s.to }

// narrow applies one comparison.
func (s span) narrow(comparison string, at int64) (span, bool) {
	switch comparison {
	case "gte":
		s.from = max(s.from, at)
	case "gt":
		s.from = max(s.from, at+1)
	case "lt":
		s.to = min(s.to, at)
	case "lte":
		s.to = min(s.to, at+1)
	case "eq":
		s.from, s.to = max(s.from, at), min(s.to, at+1)
	default:
		return s, false
	}
	return s, true
}

// parseList reads the parameters that lists share. Others must be among the
// named ones: a filter that Paxos would ignore is a mistake of the client.
// The fault that it returns is "" when there is none.
func parseList(values url.Values, others ...string) (q listQuery, fault string) {
	q = listQuery{created: always(), updated: always(), cursor: -1}
	for name, given := range values {
		if len(given) != 1 {
			return q, quoteName(name) + " may be given only once"
		}
		if fault := q.parse(name, given[0], others); fault != "" {
			return q, fault
		}
	}
	return q, ""
}

func (q *listQuery) parse(name, value string, others []string) (fault string) {
	for _, other := range others {
		if name == other {
			return ""
		}
	}
	switch name {
	case "limit":
		return q.parseLimit(value)
	case "page_cursor":
		return q.parseCursor(value)
	case "order":
		q.ascending = value == "ASC"
		return oneOf([]string{"", "ASC", "DESC"})(value).in("order")
	case "order_by":
		return oneOf([]string{"", "CREATED_AT"})(value).in("order_by")
	}
	return q.parseTime(name, value)
}

func (q *listQuery) parseLimit(value string) (fault string) {
	n, err := strconv.ParseInt(value, 10, 32)
	if err != nil || n < 1 {
		return "limit must be a positive number"
	}
	q.limit = int(n)
	return ""
}

// parseTime reads a filter such as created_at.gte.
func (q *listQuery) parseTime(name, value string) (fault string) {
	field, comparison, _ := strings.Cut(name, ".")
	spans := map[string]*span{"created_at": &q.created, "updated_at": &q.updated}
	s := spans[field]
	if s == nil {
		return "unknown parameter " + quoteName(name)
	}
	at, err := time.Parse(time.RFC3339Nano, value)
	if err != nil {
		return quoteName(name) + " must be an RFC 3339 timestamp"
	}
	narrowed, known := s.narrow(comparison, at.UnixNano())
	if !known {
		return "unknown parameter " + quoteName(name)
	}
	*s = narrowed
	return ""
}

// A cursor names the last object of a page, so that what is created meanwhile
// moves nothing. It is encoded to discourage clients from making their own.
func cursorAfter(n int) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Append(nil, "after:", n))
}

func (q *listQuery) parseCursor(value string) (fault string) {
	if value == "" {
		return "" // the first page
	}
	text, err := base64.RawURLEncoding.DecodeString(value)
	digits, found := strings.CutPrefix(string(text), "after:")
	n, err2 := strconv.ParseInt(digits, 10, 32)
	if err != nil || err2 != nil || !found || n < 0 {
		return "page_cursor is not valid"
	}
	q.cursor = int(n)
	return ""
}

// series are numbers of objects in order of creation.
type series struct {
	n       int
	at      func(int) int32
	created func(int32) int64
}

// page picks the next page of a series: up to limit numbers that match, and
// whether there are more. Bounds of created_at and the cursor are found by
// binary search; only the stretch between them is walked.
func (q listQuery) page(s series, limit int, match func(int32) bool) (numbers []int32, more bool) {
	lo := sort.Search(s.n, func(i int) bool { return s.created(s.at(i)) >= q.created.from })
	hi := sort.Search(s.n, func(i int) bool { return s.created(s.at(i)) >= q.created.to })
	if q.cursor >= 0 && q.ascending {
		lo = max(lo, sort.Search(s.n, func(i int) bool { return int(s.at(i)) > q.cursor }))
	} else if q.cursor >= 0 {
		hi = min(hi, sort.Search(s.n, func(i int) bool { return int(s.at(i)) >= q.cursor }))
	}
	for i := range hi - lo {
		at := hi - 1 - i
		if q.ascending {
			at = lo + i
		}
		n := s.at(at)
		if !match(n) {
			continue
		}
		if len(numbers) == limit {
			return numbers, true
		}
		numbers = append(numbers, n)
	}
	return numbers, false
}

// size is the page size: what was asked for, at most the cap.
func (q listQuery) size(limit int) int {
	if q.limit == 0 {
		return limit
	}
	return min(q.limit, limit)
}
