package mapping

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"pgregory.net/rapid"

	"embark/rules"
	"embark/source"
)

// odd are cells that files really contain.
var odd = []string{"", " ", "-", "N/A", "USA", "US", "José", "O’Brien", "1.2E+09", "9.5E+99", "900-01-0001", "123456780", "12345678",
	"1980-01-01", "1980-02-30", "44561", "true", "FALSE", "NONE", "PASSPORT", "SSN", "ITIN", "BRA", "x\u200by", "a\nb", "\u00a0", "|", "@", "+", "++1", "PO Box X", "MANUAL",
	"INSTITUTION", "PERSON", "11111111-2222-4333-8444-555555555555", "11111111-2222-4333-8444-5555555555555", strings.Repeat("x", 201), "\xff"}

// TestProperties: mapping never panics, the same row gives the same payload,
// what is accepted has all that is required and satisfies the patterns, and
// what is rejected names a column.
func TestProperties(t *testing.T) {
	columns := rules.PersonColumns()
	spec := specification(t)
	rapid.Check(t, func(t *rapid.T) {
		cells := ada()
		for range rapid.IntRange(0, 5).Draw(t, "changes") {
			c := rapid.SampledFrom(columns).Draw(t, "column")
			cells[c.Name] = rapid.OneOf(rapid.SampledFrom(odd), rapid.String(), rapid.Just(c.Example)).Draw(t, "cell")
		}
		header := slices.Sorted(maps.Keys(cells))
		row := source.Row{Line: 2}
		for _, h := range header {
			row.Cells = append(row.Cells, cells[h])
		}
		m, err := New(header, Options{Now: testNow, MadeUp: rapid.Bool().Draw(t, "made up")})
		if err != nil {
			t.Fatal(err)
		}
		twice := m.Map([]source.Row{row, row})
		if !reflect.DeepEqual(twice[0], twice[1]) {
			t.Fatal("the same row maps to two things")
		}
		r := twice[0]
		for _, f := range r.Findings {
			if f.Column == "" || f.Text == "" || f.Rule == "" {
				t.Fatalf("a finding without column, rule or text: %+v", f)
			}
		}
		if r.Customer == nil {
			if len(r.Findings) == 0 {
				t.Fatal("rejected for no reason")
			}
			return
		}
		if r.Customer.Identity == nil {
			return
		}
		accepted(t, columns, cells)
		if spec != nil {
			satisfies(t, spec, "CreateIdentityRequest", r.Customer.Identity)
		}
	})
}

var patterns = func() map[string]*regexp.Regexp {
	m := map[string]*regexp.Regexp{}
	for _, c := range rules.PersonColumns() {
		m[c.Pattern] = regexp.MustCompile(c.Pattern)
	}
	return m
}()

// accepted holds cells that were accepted against the table of columns.
func accepted(t *rapid.T, columns []rules.Column, cells map[string]string) {
	for _, c := range columns {
		v := trim(cells[c.Name])
		switch {
		case v == "" && c.Need == rules.Required:
			t.Fatalf("accepted without %s", c.Name)
		case v == "":
		case !patterns[c.Pattern].MatchString(v):
			t.Fatalf("%s: %q is accepted against the pattern", c.Name, v)
		case c.Max > 0 && len([]rune(v)) > c.Max:
			t.Fatalf("%s: %d characters are accepted", c.Name, len([]rune(v)))
		case c.Format == "enum" && !slices.Contains(c.Values, v):
			t.Fatalf("%s: %q is accepted against the list", c.Name, v)
		}
	}
}

// TestTheExamplesAreValid: the table of columns describes a person who passes.
func TestTheExamplesAreValid(t *testing.T) {
	cells := map[string]string{}
	for _, c := range rules.PersonColumns() {
		if c.Group != rules.GroupTax && c.Name != "identity_id" {
			cells[c.Name] = c.Example
		}
	}
	if r := mapOne(t, cells, Options{MadeUp: true}); len(r.Findings) > 0 {
		t.Errorf("got %v, want no findings", r.Findings)
	}
}

// TestSamplesSatisfyTheSpecification sends nothing that Paxos's own document
// would not let through.
func TestSamplesSatisfyTheSpecification(t *testing.T) {
	spec := specification(t)
	if spec == nil {
		t.Skip("SKIPPED: the official OpenAPI document is not beside the repository")
	}
	for _, name := range []string{"customers.csv", "small.csv", "documented.csv"} {
		f := open(t, "../samples/"+name)
		m := newMapper(t, f)
		for row, err := range f.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			c := m.Map([]source.Row{row})[0].Customer
			if c == nil {
				continue
			}
			satisfies(t, spec, "CreateIdentityRequest", c.Identity)
			if c.Account != nil {
				satisfies(t, spec, "CreateAccountRequest", c.Account)
			}
		}
	}
}

// specification is nil where the document is not at hand.
func specification(t testing.TB) *openapi3.T {
	t.Helper()
	const path = "../../shared/paxos/openapi.json"
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	spec, err := openapi3.NewLoader().LoadFromFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// satisfies checks a request against the document and that it has no fields
// which the document does not know.
func satisfies(t interface {
	Helper()
	Fatalf(string, ...any)
}, spec *openapi3.T, schema string, request any) {
	t.Helper()
	text, err := json.Marshal(request)
	if err != nil {
		t.Fatalf("%v", err)
	}
	var body any
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&body); err != nil {
		t.Fatalf("%v", err)
	}
	s := spec.Components.Schemas[schema].Value
	if err := s.VisitJSON(body, openapi3.MultiErrors()); err != nil {
		t.Fatalf("%s: %v", schema, err)
	}
	known(t.Fatalf, schema, s, body)
}

func known(fatalf func(string, ...any), path string, s *openapi3.Schema, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			p := s.Properties[key]
			if p == nil && s.AdditionalProperties.Schema == nil {
				fatalf("%s.%s is not in the specification", path, key)
			}
			if value == "" || value == nil {
				fatalf("%s.%s is empty", path, key)
			}
			if p != nil {
				known(fatalf, path+"."+key, p.Value, value)
			}
		}
	case []any:
		for _, item := range v {
			known(fatalf, path, s.Items.Value, item)
		}
	}
}
