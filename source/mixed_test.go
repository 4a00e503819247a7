package source

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var rowTag = regexp.MustCompile(`R(\d+)_`)

// TestRowsAreNeverMixed: whatever quotes are broken, no row that is accepted has
// the cells of two, and none comes twice. Each cell says which row it is of.
func TestRowsAreNeverMixed(t *testing.T) {
	accepted := 0
	for seed := range uint64(4000) {
		rng := rand.New(rand.NewPCG(seed, 3))
		comma := []string{",", ";", "\t", "|"}[rng.IntN(4)]
		text := broken(rng, comma, tagged(rng, comma))
		f, err := Open(write(t, text), Options{Delimiter: rune(comma[0])})
		if err != nil {
			continue
		}
		seen := map[string]bool{}
		for row, err := range f.Rows() {
			if err != nil || row.Damage != nil {
				continue
			}
			accepted++
			of := rowsIn(row.Cells)
			if len(of) > 1 || len(of) == 1 && seen[of[0]] {
				t.Errorf("seed %d: line %d is of rows %q, of %q", seed, row.Line, of, text)
			}
			for _, r := range of {
				seen[r] = true
			}
		}
		f.Close()
	}
	if accepted < 1000 {
		t.Errorf("only %d rows were accepted", accepted)
	}
}

// tagged is a sound file of a few rows, with cells quoted for all reasons.
func tagged(rng *rand.Rand, comma string) string {
	columns := 3 + rng.IntN(4)
	text := strings.Join([]string{"a", "b", "c", "d", "e", "f"}[:columns], comma) + "\n"
	for r := range 3 + rng.IntN(6) {
		cells := make([]string, columns)
		for c := range cells {
			v := fmt.Sprintf("R%d_c%d", r, c)
			switch rng.IntN(8) {
			case 0:
				v = `"` + v + comma + `x"`
			case 1:
				v = fmt.Sprintf("\"%s\nR%d_more\"", v, r)
			case 2:
				v = `"` + v + `""q"""`
			case 3, 4:
				v = `"` + v + `"`
			}
			cells[c] = v
		}
		text += strings.Join(cells, comma) + []string{"\n", "\n", "\r\n", "\n\n"}[rng.IntN(4)]
	}
	return text
}

// broken takes quotes out of the rows, and puts others in.
func broken(rng *rand.Rand, comma, text string) string {
	header, rows, _ := strings.Cut(text, "\n")
	for range 1 + rng.IntN(3) {
		at := rng.IntN(len(rows))
		switch rng.IntN(3) {
		case 0: // a quote less
			if i := strings.IndexByte(rows[at:], '"'); i >= 0 {
				rows = rows[:at+i] + rows[at+i+1:]
			}
		case 1: // one where a cell begins
			if i := strings.Index(rows[at:], comma); i >= 0 {
				rows = rows[:at+i+1] + `"` + rows[at+i+1:]
			}
		default:
			rows = rows[:at] + `"` + rows[at:]
		}
	}
	return header + "\n" + rows
}

func rowsIn(cells []string) (rows []string) {
	for _, c := range cells {
		for _, m := range rowTag.FindAllStringSubmatch(c, -1) {
			rows = append(rows, m[1])
		}
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}
