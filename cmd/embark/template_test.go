package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"embark/mapping"
	"embark/rules"
	"embark/source"
)

// TestTemplateExamples: the file that a template makes, with its example row,
// is mapped without findings.
func TestTemplateExamples(t *testing.T) {
	for _, kind := range rules.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			var text bytes.Buffer
			if err := writeHeader(&text, kind, true); err != nil {
				t.Fatal(err)
			}
			lines, err := csv.NewReader(&text).ReadAll()
			if err != nil || len(lines) != 2 {
				t.Fatalf("got %d lines, %v, want 2", len(lines), err)
			}
			header, row, o := lines[0], source.Row{Line: 2, Cells: lines[1]}, mapping.Options{MadeUp: true}
			if kind == rules.KindBank {
				m, err := mapping.NewBank(header, o)
				if err != nil {
					t.Fatal(err)
				}
				if b := m.Map([]source.Row{row})[0]; b.FiatAccount == nil || b.Findings != nil {
					t.Errorf("got %v, want no findings", b.Findings)
				}
				return
			}
			m, err := mapping.New(header, o)
			if err != nil {
				t.Fatal(err)
			}
			if r := m.Map([]source.Row{row})[0]; r.Customer == nil || r.Findings != nil {
				t.Errorf("got %v, want no findings", r.Findings)
			}
		})
	}
}

// TestTemplateSchema: the schema is one, accepts the example, and refuses it
// without any of its cells but those that may be left out.
func TestTemplateSchema(t *testing.T) {
	// What an address needs as a whole is for the rules to say, and who owns a bank
	// account may be known from the file of customers.
	optional := map[rules.Kind][]string{
		rules.KindInstitution: {"incorporation_address.address1", "incorporation_address.city", "incorporation_address.province", "incorporation_address.country"},
		rules.KindBank: {"fiat_account.owner.first_name", "fiat_account.owner.last_name", "fiat_account.owner_address.address1",
			"fiat_account.owner_address.city", "fiat_account.owner_address.province", "fiat_account.owner_address.country",
			"fiat_account.bank_address.address1", "fiat_account.bank_address.city", "fiat_account.bank_address.province", "fiat_account.bank_address.country"},
	}
	for _, kind := range rules.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			s := compiled(t, kind)
			example := kind.Example(rules.Options{Now: time.Now()})
			if err := s.Validate(asObject(example)); err != nil {
				t.Fatalf("the example is refused: %v", err)
			}
			for column := range example {
				less := maps.Clone(example)
				delete(less, column)
				if refused := s.Validate(asObject(less)) != nil; refused == slices.Contains(optional[kind], column) {
					t.Errorf("without %s: refused %t", column, refused)
				}
			}
		})
	}
}

// TestTemplateSchemaRefuses: patterns, lengths, values and conditions are in
// the schema.
func TestTemplateSchemaRefuses(t *testing.T) {
	for _, tt := range []struct {
		name    string
		kind    rules.Kind
		changes []string // column, value; "" takes the cell away
		want    bool     // accepted
	}{
		{"accent", rules.KindPerson, []string{"first_name", "José"}, false},
		{"36 characters", rules.KindPerson, []string{"address.city", strings.Repeat("x", 36)}, false},
		{"enum", rules.KindPerson, []string{"employment_status", "full time"}, false},
		{"institution among persons", rules.KindPerson, []string{"type", "INSTITUTION"}, false},
		{"unknown column", rules.KindPerson, []string{"frist_name", "Ada"}, false},
		{"metadata", rules.KindPerson, []string{"metadata.Branch", "east", "account.metadata.k", "v"}, true},
		{"no ZIP abroad", rules.KindPerson, []string{"address.country", "BRA", "address.zip_code", ""}, true},
		{"verified by hand", rules.KindPerson, []string{"verifier_type", "MANUAL", "passthrough_verified_at", ""}, true},
		{"exists", rules.KindPerson, []string{"identity_id", "11111111-2222-4333-8444-555555555555", "first_name", "", "address.zip_code", ""}, true},
		{"half an order", rules.KindPerson, []string{"order.side", "BUY"}, false},
		{"order", rules.KindPerson, []string{"order.side", "BUY", "order.market", "BTCUSD", "order.type", "MARKET", "order.quote_amount", "25"}, true},
		{"order to sell without an amount", rules.KindPerson, []string{"order.side", "SELL", "order.market", "BTCUSD", "order.type", "MARKET"}, false},
		{"bank account without a bank", rules.KindPerson, []string{"fiat_account.account_number", "17"}, false},
		{"CUBIX", rules.KindPerson, []string{"fiat_account.network", "CUBIX", "fiat_account.cubix_account_id", "11111111-2222-4333-8444-555555555555"}, true},
		{"listed without an exchange", rules.KindInstitution, []string{"trading_type", "PUBLIC", "ticker_symbol", "X"}, false},
		{"regulated by nobody", rules.KindInstitution, []string{"regulation_status", "US_REGULATED"}, false},
		{"adviser", rules.KindInstitution, []string{"institution_sub_type", "REGISTERED_INVESTMENT_ADVISOR", "business_description", "", "regulator_name", "SEC",
			"regulator_jurisdiction", "USA", "regulator_register_number", "1"}, true},
		{"trust", rules.KindInstitution, []string{"institution_type", "TRUST", "regulation_status", "", "source_of_wealth", ""}, true},
		{"metadata of a bank account", rules.KindBank, []string{"metadata.k", "v"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cells := tt.kind.Example(rules.Options{Now: time.Now()})
			for i := 0; i < len(tt.changes); i += 2 {
				cells[tt.changes[i]] = tt.changes[i+1]
			}
			maps.DeleteFunc(cells, func(_, cell string) bool { return cell == "" })
			if err := compiled(t, tt.kind).Validate(asObject(cells)); (err == nil) != tt.want {
				t.Errorf("got %v, want accepted %t", err, tt.want)
			}
		})
	}
}

// compiled is the schema of a kind; that it compiles is that it is one.
func compiled(t *testing.T, kind rules.Kind) *jsonschema.Schema {
	t.Helper()
	var text bytes.Buffer
	if err := writeSchema(&text, kind); err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(&text)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("row.json", document); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("row.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func asObject(cells map[string]string) map[string]any {
	o := map[string]any{}
	for column, cell := range cells {
		o[column] = cell
	}
	return o
}

// TestTemplateDictionary: every column and every rule of a kind is in it.
func TestTemplateDictionary(t *testing.T) {
	for _, kind := range rules.Kinds() {
		var text bytes.Buffer
		if err := writeDictionary(&text, kind); err != nil {
			t.Fatal(err)
		}
		for _, c := range kind.Columns() {
			if !strings.Contains(text.String(), "\n## "+c.Name+"\n\n"+c.About) {
				t.Errorf("%s: got no %s", kind, c.Name)
			}
		}
		for _, e := range kind.Catalogue() {
			if line := "\n| " + e.ID + " | 1 | " + string(e.Severity) + " | " + tabled(e.Text) + " | " + tabled(e.Hint) + " | "; !strings.Contains(text.String(), line) {
				t.Errorf("%s: got no line for %s", kind, e.ID)
			}
		}
	}
}

// TestTemplateSchemaIsJSON: signs of patterns are written as they are.
func TestTemplateSchemaIsJSON(t *testing.T) {
	var text bytes.Buffer
	if err := writeSchema(&text, rules.KindPerson); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(text.Bytes()) || !strings.Contains(text.String(), `.,&'+-`) {
		t.Error("got escapes, want the pattern as Paxos writes it")
	}
}
