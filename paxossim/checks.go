package paxossim

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// fault says what is wrong with a value, without repeating the value, which
// may be personal data. "" is none.
type fault string

// in names the field of the fault.
func (f fault) in(field string) string {
	if f == "" {
		return ""
	}
	return field + " " + string(f)
}

// rule judges a value that is there.
type rule func(value string) fault

// check is one line of a table: a field of a T, whether it must be there, and
// the rule for its value.
type check[T any] struct {
	field    string
	get      func(*T) string
	required bool
	rule     rule
}

// firstFault runs the checks in order. The API reports one problem at a time.
func firstFault[T any](v *T, prefix string, checks []check[T]) string {
	for _, c := range checks {
		value := c.get(v)
		if value == "" && c.required {
			return prefix + c.field + " must be set"
		}
		if value == "" {
			continue
		}
		if f := c.rule(value); f != "" {
			return f.in(prefix + c.field)
		}
	}
	return ""
}

func anything(string) fault { return "" }

// unset refuses fields that only replies have.
func unset(string) fault { return "must not be set" }

// text is the API's pattern ^[0-9A-Za-z /?:().,&'+-]+$ with a largest length.
func text(longest int) rule {
	return func(v string) fault {
		for i := range len(v) {
			if !plain(v[i]) {
				return "must match ^[0-9A-Za-z /?:().,&'+-]+$"
			}
		}
		return atMost(longest)(v)
	}
}

func plain(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' ||
		strings.IndexByte(" /?:().,&'+-", c) >= 0
}

func atMost(longest int) rule {
	return func(v string) fault {
		if utf8.RuneCountInString(v) > longest {
			return fault(fmt.Sprintf("must have at most %d characters", longest))
		}
		return ""
	}
}

// oneOf is an enumeration.
func oneOf(values []string) rule {
	known := make(map[string]bool, len(values))
	for _, v := range values {
		known[v] = true
	}
	return func(v string) fault {
		if !known[v] {
			return "is not one of the allowed values"
		}
		return ""
	}
}

// alpha3 is the shape of an ISO 3166-1 alpha-3 code.
func alpha3(v string) fault {
	if !shaped(v, "AAA") {
		return "must be an ISO 3166-1 alpha-3 code"
	}
	return ""
}

// date is a day of the calendar. Days to come are not refused: a fake clock
// starts in the year 2000, when many a sample customer is yet to be born.
func date(v string) fault {
	if _, err := time.Parse(time.DateOnly, v); err != nil {
		return "must be a date, YYYY-MM-DD"
	}
	return ""
}

func timestamp(v string) fault {
	if _, err := time.Parse(time.RFC3339Nano, v); err != nil {
		return "must be an RFC 3339 timestamp"
	}
	return ""
}

// shaped compares a value with a shape of digits (9), capital letters (A) and
// characters that stand for themselves.
func shaped(v, shape string) bool {
	if len(v) != len(shape) {
		return false
	}
	for i := range len(v) {
		digit, capital := v[i] >= '0' && v[i] <= '9', v[i] >= 'A' && v[i] <= 'Z'
		if shape[i] == '9' && !digit || shape[i] == 'A' && !capital ||
			shape[i] != '9' && shape[i] != 'A' && v[i] != shape[i] {
			return false
		}
	}
	return true
}
