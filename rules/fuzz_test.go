package rules

import (
	"reflect"
	"strings"
	"testing"
)

// FuzzCheckRow puts three cells into a row of any kind. Nothing panics, the same
// row has the same findings, and no finding tells a cell of four characters and
// more, unless the rules have the same words themselves.
func FuzzCheckRow(f *testing.F) {
	words := wordsOfRules()
	kinds := []cells{person(), company(), bank(), person().and(bank()), {"ref_id": "c-1", "identity_id": anID}}
	columns := Columns()
	for i, cell := range odd {
		f.Add(uint8(i), uint8(i*7), cell, uint8(i*11), odd[(i*3)%len(odd)], uint8(i*13), odd[(i*5)%len(odd)])
	}
	f.Add(uint8(0), uint8(13), "\xff\xfe", uint8(5), "Ａｄａ", uint8(12), "１２３-４５-６７８９")
	f.Fuzz(func(t *testing.T, kind, a uint8, x string, b uint8, y string, c uint8, z string) {
		base := kinds[int(kind)%len(kinds)].with(columns[int(a)%len(columns)].Name, x, columns[int(b)%len(columns)].Name, y,
			columns[int(c)%len(columns)].Name, z)
		found := judge(base)
		if again := judge(base); !reflect.DeepEqual(found, again) {
			t.Fatalf("the same row has %d findings, then %d", len(found), len(again))
		}
		for _, finding := range found {
			if finding.Rule == "" || finding.Column == "" || finding.Text == "" || finding.Severity == "" {
				t.Errorf("something is missing in %+v", finding)
			}
			for _, cell := range []string{x, y, z} {
				if len(cell) >= 4 && strings.Contains(finding.Text+"\n"+finding.Hint, cell) && !strings.Contains(words, cell) {
					t.Errorf("the finding %q of %s holds a cell", finding.Rule, finding.Column)
				}
			}
		}
	})
}

func judge(c cells) []Finding {
	found := CheckRow(c.row(), Options{Now: now})
	found = append(found, CheckFiatAccount(c.row(), Options{Now: now})...)
	return append(found, CheckOwner(c.row(), Options{Now: now})...)
}

// wordsOfRules is all that findings may say: the catalogue, and the lists of
// values that hints name.
func wordsOfRules() string {
	var words strings.Builder
	for _, e := range Catalogue() {
		words.WriteString(e.Text + "\n" + e.Hint + "\n")
	}
	for _, c := range Columns() {
		words.WriteString(strings.Join(c.Values, "\n") + "\n")
	}
	return words.String()
}
