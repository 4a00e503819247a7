package mapping

import (
	"fmt"
	"strings"
)

// form is a way of writing dates, but for the order of day and month in numbers.
type form struct {
	first, second string // separators
	year          int    // its place, from 0; -1 where it has two digits
	month         int    // its place where it is a name; -1 where it is a number
}

// written is a date as it is written.
type written struct {
	form
	numbers [2]int // that are not the year; 0 for the name of a month
	short   bool   // one of them has a single digit
}

// formOf takes a value apart: three parts with separators in between. Numbers
// have the same separator twice, and the year stands at an end.
func formOf(v string) (w written, ok bool) {
	parts, between, ok := threeParts(v)
	if !ok {
		return w, false
	}
	w.form = form{between[0], between[1], placeOf(parts, datePart.isYear), placeOf(parts, datePart.isMonth)}
	if w.year == 1 || w.month == 2 || w.month < 0 && w.first != w.second {
		return w, false
	}
	if w.month == 0 && parts[1].name {
		return w, false
	}
	rest := parts[:2] // a year of two digits may be the third
	if w.year == 0 {
		rest = parts[1:]
	}
	for i, p := range rest {
		if p.isYear() {
			return w, false
		}
		w.numbers[i] = p.number
		w.short = w.short || p.size == 1
	}
	return w, true
}

// datePart is a number, or the name of a month.
type datePart struct {
	number int // 0 for a name
	size   int // in bytes
	name   bool
}

func (p datePart) isYear() bool { return p.size == 4 }

func (p datePart) isMonth() bool { return p.name }

func placeOf(parts [3]datePart, is func(datePart) bool) int {
	for i, p := range parts {
		if is(p) {
			return i
		}
	}
	return -1
}

func threeParts(v string) (parts [3]datePart, between [2]string, ok bool) {
	for i := range parts {
		parts[i] = readPart(v)
		if parts[i].size == 0 {
			return parts, between, false
		}
		v = v[parts[i].size:]
		if i < len(between) {
			rest := strings.TrimLeft(v, "/-., ")
			between[i], v = v[:len(v)-len(rest)], rest
			if between[i] == "" || len(between[i]) > len(", ") {
				return parts, between, false
			}
		}
	}
	return parts, between, v == ""
}

// readPart reads a number of one, two or four digits, or the name of a month by
// three letters. A size of 0 means neither.
func readPart(v string) (p datePart) {
	if _, size := readMonth(v); size > 0 {
		return datePart{size: size, name: true}
	}
	for p.size < len(v) && v[p.size]-'0' <= 9 && p.size < 5 {
		p.number = p.number*10 + int(v[p.size]-'0')
		p.size++
	}
	if p.size == 3 || p.size > 4 {
		return datePart{}
	}
	return p
}

// verdict of a form gives the layout and how many rows decide, from which line on.
func (f form) verdict(n *tally) (text string, deciding, line int, fault string) {
	day, month := "DD", "MM"
	if n.short {
		day, month = "D", "M"
	}
	switch {
	case f.year < 0:
		return "", 0, 0, "and years have two digits"
	case f.month >= 0:
		return f.layout(day, "MMM", f.month < 1 || f.year == 0), n.rows, n.line, ""
	case f.year == 0 && n.dayFirst > 0:
		return "", 0, 0, fmt.Sprintf("and the day follows the year, as in line %d", n.dayLine)
	case f.year == 0:
		return f.layout(day, month, true), n.rows, n.line, ""
	case n.dayFirst > 0 && n.monthFirst > 0:
		return "", 0, 0, fmt.Sprintf("the day comes first in %d as in line %d, the month in %d as in line %d", n.dayFirst, n.dayLine, n.monthFirst, n.monthLine)
	case n.dayFirst > 0:
		return f.layout(day, month, false), n.dayFirst, n.dayLine, ""
	case n.monthFirst > 0:
		return f.layout(day, month, true), n.monthFirst, n.monthLine, ""
	}
	return "", 0, 0, "and in none is day or month over 12"
}

func (f form) layout(day, month string, monthFirst bool) string {
	parts := []string{day, month}
	if monthFirst {
		parts = []string{month, day}
	}
	if f.year == 0 {
		parts = append([]string{"YYYY"}, parts...)
	} else {
		parts = append(parts, "YYYY")
	}
	return parts[0] + f.first + parts[1] + f.second + parts[2]
}

func mustLayout(text string) *layout {
	l, err := parseLayout(text)
	if err != nil {
		panic("mapping: a layout that was found is none: " + err.Error())
	}
	return l
}
