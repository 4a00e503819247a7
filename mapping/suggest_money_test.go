package mapping

import (
	"strings"
	"testing"
)

// TestAmountForms tells how amounts are written.
func TestAmountForms(t *testing.T) {
	for v, want := range map[string]string{
		"85000": "point comma", "$85,000.00": "point signed", "85,000": "point signed", "85.50": "point signed",
		"54.321,50": "comma proven signed", "54321,50": "comma proven signed", "54.321,50 €": "comma proven foreign signed", "750 500,00 €": "comma proven foreign signed",
		"54 321": "comma proven signed", "54\u202f321": "comma proven signed", "1.200.000": "comma proven signed", "130'000": "comma proven signed",
		"28.000": "comma signed", "EUR 85000": "point comma foreign signed", "85000 zł": "point comma foreign signed", "130'000.50": "signed",
		"85 000 500 0": "none", "Over 50k": "none", "a85": "none", "": "none", "01.02.1980": "none", "5 %": "none",
	} {
		f, ok := amountFormOf(v)
		got := ""
		for name, is := range map[string]bool{"point ": f.point, "comma ": f.comma, "proven ": f.proven, "foreign ": f.foreign, "signed ": f.signed} {
			if is {
				got += name
			}
		}
		if !ok {
			got = "none"
		}
		if !sameWords(got, want) {
			t.Errorf("%q: got %s, want %s", v, got, want)
		}
	}
}

func sameWords(a, b string) bool {
	for _, w := range strings.Fields(a) {
		if !strings.Contains(b, w) {
			return false
		}
	}
	return len(strings.Fields(a)) == len(strings.Fields(b))
}

// TestBoundsOf: a range has something between its bounds that says so, and both
// are plain.
func TestBoundsOf(t *testing.T) {
	for v, want := range map[string][2]int64{
		"25,000 - 50,000": {25_000, 50_000}, "$25k to $50k": {25_000, 50_000}, "50k–100k": {50_000, 100_000}, "von 25000 bis 50000": {25_000, 50_000},
		"de 25000 à 50000": {25_000, 50_000}, "$50,000.00-$99,999.99": {50_000, 99_999}, "between 1M and 2.5M": {1_000_000, 2_500_000},
		"$0 to under $50,000": {0, 50_000}, "<50k": {0, 50_000}, "under $25,000": {0, 25_000}, "50k or less": {0, 50_000},
		"1M+": {1_000_000, 0}, "Over $1M": {1_000_000, 0}, "> 1,000,000": {1_000_000, 0}, "250k and over": {250_000, 0}, "über 1M": {1_000_000, 0}, "100,000 USD - 250,000 USD": {100_000, 250_000},
	} {
		if from, to, ok := boundsOf(v); !ok || from != want[0] || to != want[1] {
			t.Errorf("%q: got %d, %d, %t", v, from, to, ok)
		}
	}
	for _, v := range []string{"750 500,00 €", "250 500", "1 200 000", "25 50", "50.000 - 100.000", "1,2 - 3,4", "100k - 50k", "50k - 50k", "$25,000 $50,000", "85000", "$", ""} {
		if from, to, ok := boundsOf(v); ok {
			t.Errorf("%q: got %d, %d, want no range", v, from, to)
		}
	}
}

// TestBandOfText: no band is proposed for what may mean another.
func TestBandOfText(t *testing.T) {
	for v, want := range map[string]string{
		"25,000 - 50,000": "INCOME_0_TO_50K", "50k-100k": "INCOME_50K_TO_100K", "1M+": "INCOME_ABOVE_1M",
		"50 - 100": "", "50k-100k €": "", "EUR 50,000 to EUR 100,000": "", "750 500,00 €": "",
	} {
		if got := bandOfText(v, "estimated_yearly_income"); got != want {
			t.Errorf("%q: got %q, want %q", v, got, want)
		}
	}
}

// TestSuggestMoney: amounts are never a table, and none is shown.
func TestSuggestMoney(t *testing.T) {
	const off, on = "\n  # estimated_yearly_income: ", "\n  estimated_yearly_income: "
	for _, tt := range []struct {
		heading string
		cells   []string
		want    []string
	}{
		{"Revenu annuel", []string{"750 500,00 €", "0,00 €"}, []string{off + `{column: Revenu annuel, band: true, decimal: ","}`, "TODO: these amounts are in another currency"}},
		{"Revenu annuel", []string{"750 500,00", "28 000,00"}, []string{on + `{column: Revenu annuel, band: true, decimal: ","}`, "60 of 60 can be nothing else, and 0 are otherwise", "TODO: are these US dollars?"}},
		{"Income", []string{"54.321,50", "28.000", "85000"}, []string{on + `{column: Income, band: true, decimal: ","}`, "20 of 60 can be nothing else"}},
		{"Income", []string{"28.000", "480.000"}, []string{off + `{column: Income, band: true, decimal: ","}`, "TODO: are the dots thousands?"}},
		{"Income", []string{"54.321,50", "54,321.50"}, []string{off, "TODO: decimal point or comma? 30 of 60 can only have a decimal point, 30 only a comma"}},
		{"Income", []string{"130'000.50"}, []string{off, "TODO: amounts of a form that cannot be read"}},
		{"Income", []string{"85,000.00", "85000"}, []string{on + "{column: Income, band: true}\n"}},
		{"Income (EUR)", []string{"85,000.00", "85000"}, []string{off, "TODO: these amounts are in another currency"}},
		{"Income", []string{"85000 zł", "28000 zł", "85000"}, []string{off, "TODO: these amounts are in another currency"}},
		{"Income", []string{"$85,000", "$28,000", "€1,200"}, []string{on, "in another currency: 20 cells, to be rejected"}},
		{"Income", []string{"<50k", "50k-100k", "120k", "5000", "1.200"}, []string{"<50k\": INCOME_0_TO_50K  # 12 rows", "TODO: and other values in 36 rows, not shown"}},
	} {
		header, rows := column(tt.heading, tt.cells...)
		s, err := Suggest(header, rows, namespace)
		if err != nil {
			t.Fatal(err)
		}
		text := s.text()
		for _, want := range tt.want {
			if !strings.Contains(text, want) {
				t.Errorf("%q: want %q in\n%s", tt.cells, want, text)
			}
		}
		for _, cell := range tt.cells {
			if _, is := amountFormOf(cell); is && strings.Contains(text, cell) {
				t.Errorf("%q is shown in\n%s", cell, text)
			}
		}
		if _, err := ParseSpec("", []byte(text)); err != nil {
			t.Errorf("%q: %v in\n%s", tt.cells, err, text)
		}
	}
}
