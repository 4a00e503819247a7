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

	"embark/onboard"
	"embark/rules"
	"embark/source"
)

// odd are cells that files really contain.
var odd = []string{"", " ", "-", "N/A", "USA", "US", "José", "O’Brien", "1.2E+09", "9.5E+99", "900-01-0001", "123456780", "12345678",
	"1980-01-01", "1980-02-30", "44561", "true", "FALSE", "NONE", "PASSPORT", "SSN", "ITIN", "EIN", "BRA", "x\u200by", "a\nb", "\u00a0", "|", "@", "+", "++1", "PO Box X", "MANUAL",
	"INSTITUTION", "PERSON", "11111111-2222-4333-8444-555555555555", "11111111-2222-4333-8444-5555555555555", strings.Repeat("x", 201), "\xff",
	":", "a:BENEFICIAL_OWNER", "a:TRUSTEE:60:x|", "=", "CURP=a.pdf", "021000021", "0.5", "1000000000", "TRUST", "REGISTERED_INVESTMENT_ADVISOR", "PUBLIC",
	"CUBIX", "CBIT", "RTP", "SCB", "SELL", "LIMIT", "STOP_LIMIT", "GTT", "2099-01-01T00:00:00Z"}

// valid are rows of every kind that the property changes cells of.
var valid = []func() map[string]string{ada,
	func() map[string]string { return widgets() },
	func() map[string]string { return family() },
	func() map[string]string { return adviser() },
	func() map[string]string { return wired("deposit.network", "WIRE", "members", "a:BENEFICIAL_OWNER") },
	func() map[string]string { return widgets(wire("account.members", "a:AUTHORIZED_USER")...) },
	func() map[string]string { return exists(wire()...) },
	func() map[string]string { return ordered("documents", "CURP=a.pdf") },
	func() map[string]string { return limited() },
	func() map[string]string { return stopped() },
}

// TestProperties: mapping never panics, the same row gives the same payload,
// what is accepted has all that is required and satisfies the patterns, and
// what is rejected names a column.
func TestProperties(t *testing.T) {
	columns := rules.Columns()
	spec := specification(t)
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SampledFrom(valid).Draw(t, "row")()
		institutional := slices.ContainsFunc(columns, func(c rules.Column) bool { return rules.IsInstitutionOnly(c.Name) && cells[c.Name] != "" })
		for range rapid.IntRange(0, 5).Draw(t, "changes") {
			c := rapid.SampledFrom(columns).Draw(t, "column")
			if !institutional && rules.IsInstitutionOnly(c.Name) {
				continue // such a header demands more
			}
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
		accepted(t, r.Customer, cells)
		if spec != nil {
			allSatisfy(t, spec, r.Customer)
		}
	})
}

// allSatisfy holds every request of a customer against the document.
func allSatisfy(t failer, spec *openapi3.T, c *onboard.Customer) {
	t.Helper()
	if c.Identity != nil {
		satisfies(t, spec, "CreateIdentityRequest", c.Identity)
	}
	if c.Account != nil {
		satisfies(t, spec, "CreateAccountRequest", c.Account)
	}
	if c.FiatAccount != nil && c.FiatAccount.FiatNetworkInstructions.RTP == nil { // newer than the document
		satisfies(t, spec, "CreateFiatAccountRequest", c.FiatAccount)
	}
	if c.Deposit != nil && c.Deposit.FiatNetwork != "RTP" { // likewise
		d := *c.Deposit
		d.ProfileID = "filled in when it is sent"
		satisfies(t, spec, "CreateFiatDepositInstructionsRequest", &d)
	}
	if c.Order != nil {
		satisfies(t, spec, "ExchangePublicCreateOrderBody", c.Order)
	}
}

var patterns = func() map[string]*regexp.Regexp {
	m := map[string]*regexp.Regexp{}
	for _, c := range rules.Columns() {
		m[c.Pattern] = regexp.MustCompile(c.Pattern)
	}
	return m
}()

// accepted holds cells that were accepted against the tables of columns.
func accepted(t *rapid.T, customer *onboard.Customer, cells map[string]string) {
	columns := rules.PersonColumns()
	switch {
	case customer.Identity == nil:
		columns = nil // the cells of the identity are ignored
	case customer.Identity.InstitutionDetails != nil:
		columns = rules.InstitutionColumns()
	}
	for _, c := range slices.Concat(columns, rules.PartColumns()) {
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
	for _, name := range []string{"customers.csv", "small.csv", "documented.csv", "institutions.csv", "joint.csv", "fiat.csv", "documents.csv", "orders.csv"} {
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
			allSatisfy(t, spec, c)
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

// failer is what tests and properties have in common.
type failer interface {
	Helper()
	Fatalf(string, ...any)
}

// satisfies checks a request against the document and that it has no fields
// which the document does not know.
func satisfies(t failer, spec *openapi3.T, schema string, request any) {
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
