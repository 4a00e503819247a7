package rules

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"
	"pgregory.net/rapid"
)

var now = time.Date(2026, 11, 15, 12, 0, 0, 0, time.UTC)

// TestEveryFieldHasItsColumn: setting a column fills one field, each its own.
func TestEveryFieldHasItsColumn(t *testing.T) {
	filled := map[string]string{}
	for _, c := range Columns() {
		p := Row{Institution: new(Institution), Parts: new(Parts)}
		p.Set(c.Name, "x")
		for field, v := range leaves("", reflect.ValueOf(p)) {
			if v == "x" {
				if filled[field] != "" {
					t.Errorf("%s and %s fill the same field", filled[field], c.Name)
				}
				filled[field] = c.Name
			}
		}
	}
	all := leaves("", reflect.ValueOf(Row{Institution: new(Institution), Parts: new(Parts)}))
	if got, want := len(filled), len(all); got != want || want != len(Columns()) {
		t.Errorf("got %d fields filled by %d columns, want all %d", got, len(Columns()), want)
	}
}

// leaves are the strings in a value, by their path.
func leaves(path string, v reflect.Value) map[string]string {
	if v.Kind() == reflect.String {
		return map[string]string{path: v.String()}
	}
	if v.Kind() == reflect.Pointer {
		return leaves(path, v.Elem())
	}
	all := map[string]string{}
	for i := range v.NumField() {
		maps.Copy(all, leaves(path+"."+v.Type().Field(i).Name, v.Field(i)))
	}
	return all
}

// TestColumnsAreDescribed keeps the tables fit to be printed as a dictionary.
func TestColumnsAreDescribed(t *testing.T) {
	for _, c := range slices.Concat(Columns(), InstitutionColumns(), FiatAccountColumns()) {
		if c.About == "" || c.Example == "" || c.Format == "" || c.Group == "" || c.Need == "" {
			t.Errorf("%s: something is not filled in", c.Name)
		}
		if c.Pattern != "" && !regexp.MustCompile(c.Pattern).MatchString(c.Example) {
			t.Errorf("%s: the example does not match the pattern", c.Name)
		}
		if (c.Format == "enum" || c.Format == "list") != (c.Values != nil) {
			t.Errorf("%s: values and format %s do not go together", c.Name, c.Format)
		}
		if r := c.check(c.Example, Options{Now: now, MadeUp: true}); r != nil {
			t.Errorf("%s: the example has a fault: %s", c.Name, r.Text)
		}
	}
	for _, c := range slices.Concat(PersonChecks(), InstitutionChecks(), PartChecks()) {
		if c.ID == "" || c.Text == "" || c.Group == "" || !has(Columns(), c.Column) {
			t.Errorf("check %q of column %q: something is missing or unknown", c.ID, c.Column)
		}
	}
}

// TestPatternByHand holds the hand-written check against the pattern.
func TestPatternByHand(t *testing.T) {
	re := regexp.MustCompile(namePattern)
	for b := range 256 {
		if got, want := class[b]&outside == 0, b < 0x80 && re.MatchString(string(rune(b))); got != want {
			t.Errorf("byte %#x: got %v, want %v", b, got, want)
		}
	}
}

// TestCountries holds the list against that of x/text, which has withdrawn
// codes as well.
func TestCountries(t *testing.T) {
	if got := len(countrySet); got != 249 {
		t.Errorf("got %d countries, want 249", got)
	}
	for code := range countrySet {
		if r, err := language.ParseRegion(code); err != nil || !r.IsCountry() || r.ISO3() != code {
			t.Errorf("%s is not a country", code)
		}
	}
	if got := len(stateSet); got != 50+1+5+3 {
		t.Errorf("got %d states, want 59", got)
	}
}

// TestFindingsDoNotTell: no finding holds the value that it is about.
func TestFindingsDoNotTell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p Row
		secret := rapid.StringMatching(`[0-9]{3}-?[0-9]{2}-?[0-9]{4}|[Q-Zq-z]{7,40}[é@’#]?|19[0-9]{2}-[0-9]{2}-[0-9]{2}|1\.[0-9]{5}E\+[0-9]{2}|[Q-Z]{8}:BENEFICIAL_OWNER:[0-9]{7}|[Q-Z]{8}=[q-z]{9}`).Draw(t, "secret")
		for _, c := range Columns() {
			if rapid.Bool().Draw(t, c.Name) {
				p.Set(c.Name, secret)
			}
		}
		p.CIPIDType = rapid.SampledFrom([]string{"SSN", "ITIN", "PASSPORT", "EIN"}).Draw(t, "type")
		p.Type = rapid.SampledFrom([]string{"", "INSTITUTION"}).Draw(t, "kind")
		p.Country, p.IdentityID = "USA", ""
		p.Set("fiat_account.routing_number_type", rapid.SampledFrom([]string{"", "ABA", "SWIFT"}).Draw(t, "routing"))
		found := CheckRow(&p, Options{Now: now})
		for _, f := range append(found, CheckFiatAccount(&p, Options{Now: now})...) {
			if strings.Contains(f.Text+f.Hint, secret) {
				t.Fatalf("the finding %q of %s holds the value", f.Rule, f.Column)
			}
		}
	})
}

func TestUSNumber(t *testing.T) {
	for in, want := range map[string]string{"123456780": "123-45-6780", "123-45-6780": "123-45-6780", "12345": "12345", "": ""} {
		if got := USNumber(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestIsRefID(t *testing.T) {
	for in, want := range map[string]bool{
		"cust-17": true, "33ece656-eef1-43b5-a851-b6b9099089a5": true, "2024-001-234": true, "1234567": true, "100000000017": true, "0012345678": true,
		"": false, "123-45-6789": false, "123456789": false, "123.45.6789": false, "2125550100": false, "12125550100": false, "1-212-555-0100": false, "-123--45-6789-": false,
		"a b": false, "a@b.c": false, "=1": false, "N/A": false, "NULL": false, "1.2E+09": false, strings.Repeat("x", 129): false, "x\x1b": false, "é": false,
	} {
		if got := IsRefID(in); got != want {
			t.Errorf("%q: got %v, want %v", in, got, want)
		}
	}
}

// BenchmarkCheckRow judges a clean person of the 25 columns that samples have.
func BenchmarkCheckRow(b *testing.B) {
	var p Row
	filled := 0
	for _, c := range personColumns {
		switch {
		case c.Need == Required, c.Need == Conditional && c.Group == GroupPerson, c.Name == "phone_number", c.Name == "email":
			p.Set(c.Name, c.Example)
			filled++
		}
	}
	if filled != 25 {
		b.Fatalf("got %d cells, want 25", filled)
	}
	b.ReportAllocs()
	for b.Loop() {
		if f := CheckRow(&p, Options{Now: now, MadeUp: true}); f != nil {
			b.Fatal(f)
		}
	}
}
