package mapping

import (
	"cmp"
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"embark/rules"
)

const (
	// lookRows is how many rows are looked at for what their cells look like.
	// Values and dates are collected from all.
	lookRows = 10_000
	// maxValues is how many different values a column may have to be shown
	// with them: with more, they are rather the customers' own.
	maxValues = 30
	// maxMasks bounds what is kept of a column.
	maxMasks = 100
)

// profile is what is known of the content of a column.
type profile struct {
	name   string // heading, cleaned
	number int    // from one
	rows   int
	filled int

	looked  int // filled cells among the first rows
	shaped  [shapes]int
	digits  [maxPad + 1]int // of cells of digits only, by length
	signed  int             // with # before a number, as in addresses
	foreign int             // with letters that Paxos does not take in names
	masks   map[string]int
	seen    map[uint64]bool // of the first rows
	twice   int

	values     map[string]int // of all rows; nil where there are more than maxValues
	dates      []int          // of all rows, by layout
	american   int            // dates that can only be month first
	european   int            // or day first
	years      []int          // of the first rows
	times      int            // dates with a time of day behind them
	before     string         // what stands between the two
	scientific int
	damaged    int // placeholders, the rests of formulas among them
}

func newProfile(name string, number int) *profile {
	return &profile{name: name, number: number, masks: map[string]int{}, seen: map[uint64]bool{}, values: map[string]int{}, dates: make([]int, len(layouts))}
}

var profileSeed = maphash.MakeSeed()

// add takes a cell of a row into account.
func (p *profile) add(cell string) {
	p.rows++
	v := trim(cell)
	if v == "" {
		return
	}
	p.filled++
	p.count(v)
	switch {
	case rules.IsPlaceholder(v):
		p.damaged++
	case rules.IsScientific(v):
		p.scientific++
	}
	if p.rows <= lookRows {
		p.look(v)
	}
	if p.rows <= lookRows || p.shaped[shapeDate]+p.shaped[shapeTime] > 0 {
		p.date(v)
	}
}

func (p *profile) count(v string) {
	if p.values == nil {
		return
	}
	p.values[v]++
	if len(p.values) > maxValues {
		p.values = nil
	}
}

func (p *profile) look(v string) {
	p.looked++
	shapesOf(v, func(s shape) { p.shaped[s]++ })
	if allDigits(v) && len(v) <= maxPad {
		p.digits[len(v)]++
	}
	if foreignLetters(v) {
		p.foreign++
	}
	if numbered(v) != v {
		p.signed++
	}
	if m := masked(v); p.masks[m] > 0 || len(p.masks) < maxMasks {
		p.masks[m]++
	}
	h := maphash.String(profileSeed, v)
	if p.seen[h] {
		p.twice++
	}
	p.seen[h] = true
}

// date counts the layouts that a cell fits, and whether it tells month and day
// apart.
func (p *profile) date(v string) {
	v, before := dateOf(v)
	if len(v) < minDate || len(v) > maxDate {
		return
	}
	if before != "" {
		p.times, p.before = p.times+1, before
	}
	american, european, year := false, false, 0
	for i := range layouts {
		d, _, ok := layouts[i].read(v)
		if !ok || !d.exists() {
			continue
		}
		p.dates[i]++
		year = d.year
		american, european = american || layouts[i].american, european || layouts[i].european
	}
	switch {
	case american && !european:
		p.american++
	case european && !american:
		p.european++
	}
	if year > 0 && p.rows <= lookRows {
		p.years = append(p.years, year)
	}
}

// mostly reports that nearly all cells have one of the shapes. Files have their
// damages, so some may differ.
func (p *profile) mostly(of ...shape) bool { return p.share(of...) >= 0.9 }

// hardly reports that next to no cell has one of the shapes.
func (p *profile) hardly(of ...shape) bool { return p.share(of...) < 0.1 }

func (p *profile) share(of ...shape) float64 {
	if p.looked == 0 {
		return 0
	}
	n := 0
	for _, s := range of {
		n += p.shaped[s]
	}
	return float64(n) / float64(p.looked)
}

// unique: nearly no value comes twice.
func (p *profile) unique() bool { return p.looked > 0 && p.twice*50 <= p.looked }

// few reports that the values of a column are so few, and come so often, that
// they are those of a list and nobody's own.
func (p *profile) few() bool { return p.values != nil && len(p.values)*2 <= p.filled }

// listed are the values of a column, the most frequent first.
func (p *profile) listed() []string {
	return slices.SortedFunc(maps.Keys(p.values), func(a, b string) int {
		return cmp.Or(p.values[b]-p.values[a], cmp.Compare(a, b))
	})
}

// examples are the most frequent masks.
func (p *profile) examples() []string {
	all := slices.SortedFunc(maps.Keys(p.masks), func(a, b string) int {
		return cmp.Or(p.masks[b]-p.masks[a], cmp.Compare(a, b))
	})
	return all[:min(len(all), 2)]
}

// tellsWho reports that a column says who somebody is, by name or content: Paxos
// has fields of its own for that, and metadata is for other things.
func (p *profile) tellsWho() bool {
	target, _ := byName(p.name)
	switch target {
	case fullName, houseNumber, "first_name", "middle_name", "last_name", "date_of_birth", "cip_id", "tax_payer_id", "email", "phone_number", "address.address1", "address.address2":
		return true
	}
	words := longWords(p.name)
	return has(words, unsafe) || has(words, people) && p.mostly(shapeName) || p.share(shapeEmail, shapeSSN, shapePhone, shapeLastFirst) > 0.1 ||
		p.mostly(shapeName) && !p.few() || p.mostly(shapeDate) && p.birthYears()
}

// The words of headings of people beside the customer, and of what may tell
// anything of anybody.
var (
	people = strings.Fields("advisor adviser agent rep representative manager spouse partner beneficiary mother father guarantor berater conseiller asesor")
	unsafe = strings.Fields("name names note notes comment comments remark remarks memo bemerkung bemerkungen notizen remarque remarques observaciones")
)

// birthYears reports that most dates are of people who are grown up.
func (p *profile) birthYears() bool {
	if len(p.years) == 0 {
		return false
	}
	years := slices.Sorted(slices.Values(p.years))
	middle := years[len(years)/2]
	return middle >= 1930 && middle <= 2005 && years[len(years)-1]-years[0] > 5 || middle < 100
}
