package mapping

import (
	"errors"
	"strings"
	"time"
)

// layout is the way in which a column writes its dates.
type layout struct {
	text   string
	pieces []piece
}

// piece is a part of a date, or what stands between two.
type piece struct {
	unit    byte // Y, M or D; 0 for literal
	min     int  // digits
	max     int
	name    bool // of a month, by its first three letters
	literal string
}

var units = []struct {
	text string
	piece
}{
	{"YYYY", piece{unit: 'Y', min: 4, max: 4}},
	{"YY", piece{unit: 'Y', min: 2, max: 2}},
	{"MMM", piece{unit: 'M', name: true}},
	{"MM", piece{unit: 'M', min: 2, max: 2}},
	{"M", piece{unit: 'M', min: 1, max: 2}},
	{"DD", piece{unit: 'D', min: 2, max: 2}},
	{"D", piece{unit: 'D', min: 1, max: 2}},
}

// parseLayout reads a layout of YYYY, YY, MMM, MM, M, DD and D, each unit once,
// with separators in between.
func parseLayout(text string) (*layout, error) {
	l := &layout{text: text}
	seen := map[byte]bool{}
	for rest := text; rest != ""; {
		p, size := nextPiece(rest)
		switch {
		case size == 0:
			return nil, errors.New("a layout is made of YYYY or YY, MMM, MM or M, DD or D, and what stands between them")
		case p.unit != 0 && seen[p.unit]:
			return nil, errors.New("the layout names " + unitName(p.unit) + " twice")
		}
		seen[p.unit] = true
		l.pieces = append(l.pieces, p)
		rest = rest[size:]
	}
	for _, u := range []byte("YMD") {
		if !seen[u] {
			return nil, errors.New("the layout has no " + unitName(u))
		}
	}
	return l, l.unambiguous()
}

func unitName(u byte) string {
	return map[byte]string{'Y': "year", 'M': "month", 'D': "day"}[u]
}

func nextPiece(s string) (piece, int) {
	for _, u := range units {
		if strings.HasPrefix(s, u.text) {
			return u.piece, len(u.text)
		}
	}
	if strings.ContainsRune("/-., '", rune(s[0])) {
		return piece{literal: s[:1]}, 1
	}
	return piece{}, 0
}

// unambiguous: where digits follow digits, the first must be of fixed length.
func (l *layout) unambiguous() error {
	for i, p := range l.pieces[1:] {
		if before := l.pieces[i]; before.unit != 0 && p.unit != 0 && !p.name && before.min != before.max {
			return errors.New("the layout does not tell where one number ends and the next begins")
		}
	}
	return nil
}

// date is a day of the calendar, or something like it.
type date struct{ year, month, day int }

// read takes a value apart. ok is false where it is not written in this way.
func (l *layout) read(v string) (d date, twoDigits, ok bool) {
	for i := range l.pieces {
		p := &l.pieces[i]
		n, size := p.read(v)
		if size == 0 {
			return d, false, false
		}
		v = v[size:]
		switch p.unit {
		case 'Y':
			d.year, twoDigits = n, p.max == 2
		case 'M':
			d.month = n
		case 'D':
			d.day = n
		}
	}
	return d, twoDigits, v == ""
}

func (p *piece) read(v string) (n, size int) {
	switch {
	case p.unit == 0:
		if strings.HasPrefix(v, p.literal) {
			return 0, len(p.literal)
		}
		return 0, 0
	case p.name:
		return readMonth(v)
	}
	for size < len(v) && size < p.max && v[size]-'0' <= 9 {
		n = n*10 + int(v[size]-'0')
		size++
	}
	if size < p.min {
		return 0, 0
	}
	return n, size
}

const monthNames = "janfebmaraprmayjunjulaugsepoctnovdec"

// readMonth knows the English names by their first three letters.
func readMonth(v string) (n, size int) {
	if len(v) < 3 {
		return 0, 0
	}
	i := strings.Index(monthNames, strings.ToLower(v[:3]))
	if i < 0 || i%3 != 0 {
		return 0, 0
	}
	return i/3 + 1, 3
}

func (d date) exists() bool {
	if d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31 || d.year < 1 {
		return false
	}
	return d.day <= 28 || time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC).Day() == d.day
}

// past puts a year of two digits into the latest century in which the day is not
// after today: no date of birth or registration is.
func (d date) past(now time.Time) date {
	y, m, day := now.Date()
	d.year += y / 100 * 100
	if d.year > y || d.year == y && (d.month > int(m) || d.month == int(m) && d.day > day) {
		d.year -= 100
	}
	return d
}

// String is the form of ISO 8601.
func (d date) String() string {
	b := [10]byte{4: '-', 7: '-'}
	for i, n := range [10]int{d.year / 1000, d.year / 100, d.year / 10, d.year, 0, d.month / 10, d.month, 0, d.day / 10, d.day} {
		if i != 4 && i != 7 {
			b[i] = byte('0' + n%10)
		}
	}
	return string(b[:])
}
