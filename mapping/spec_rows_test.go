package mapping

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"embark/rules"
	"embark/source"
)

// told are findings as "column from rule", warnings with a ?.
func told(found []rules.Finding) string {
	var all []string
	for _, f := range found {
		s := f.Column + " " + f.From + " " + f.Rule
		if f.Severity == rules.Warning {
			s += "?"
		}
		all = append(all, s)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// TestSpecFindings: each cell has one finding, which names both columns.
func TestSpecFindings(t *testing.T) {
	spec := strings.NewReplacer("first_name: Forename", "first_name: {column: Forename, transliterate: true}",
		"date_of_birth: Born", "date_of_birth: {column: Born, date: YYYY-MM-DD}").Replace(legacy)
	for _, tt := range []struct {
		name  string
		cells map[string]string
		want  string
	}{
		{"clean", theirs(), ""},
		{"rename", theirs("Surname", ""), "last_name Surname required"},
		{"value", theirs("Employed", "XX"), "employment_status Employed value_unmapped"},
		{"value that is a placeholder", theirs("Employed", "N/A"), "employment_status Employed placeholder"},
		{"date", theirs("Born", "12/10/1985"), "date_of_birth Born date"},
		{"no such day", theirs("Born", "1985-02-30"), "date_of_birth Born date"},
		{"future", theirs("Born", "2085-02-28"), "date_of_birth Born future"},
		{"amount", theirs("Income", "a lot", "Transfers", "#REF!"), "estimated_yearly_income Income amount, expected_transfer_value Transfers placeholder"},
		{"phone", theirs("Phone", "12"), "phone_number Phone phone?"},
		{"scientific phone", theirs("Phone", "2.12E+09"), "phone_number Phone scientific_notation"},
		{"country", theirs("Country", "Atlantis"), "address.country Country country"},
		{"region", theirs("State", "Ontario"), "address.province State us_state"},
		{"region elsewhere", theirs("State", "Ontario", "Country", "Canada"), ""},
		{"concat", theirs("House No", "#4"), "address.address1 House No + Street pattern"},
		{"concat of a placeholder", theirs("House No", "#REF!"), "address.address1 House No + Street placeholder"},
		{"pad", theirs("Zip", "501"), "address.zip_code Zip padded?"},
		{"short number", theirs("SSN", "12345678"), "cip_id SSN leading_zero"},
		{"transliterated", theirs("Forename", "José"), "first_name Forename transliterated?"},
		{"not to be transliterated", theirs("Forename", "Жo"), "first_name Forename pattern"},
		{"transliterated and wrong", theirs("Forename", "José #1"), "first_name Forename pattern, first_name Forename transliterated?"},
		{"metadata", theirs("Branch", "a\nb"), "metadata.branch Branch line_break"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := mapWith(t, spec, tt.cells)
			if got := told(r.Findings); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if (r.Customer == nil) != rejects(r.Findings) {
				t.Errorf("customer %v with %q", r.Customer != nil, tt.want)
			}
		})
	}
}

// TestSpecDamage: a damaged cell is named by both columns.
func TestSpecDamage(t *testing.T) {
	header := slices.Sorted(maps.Keys(theirs()))
	m, err := New(header, Options{Spec: parseSpec(t, legacy)})
	if err != nil {
		t.Fatal(err)
	}
	for column, want := range map[string]string{"Street": "address.address1 House No + Street encoding", "Notes": "Notes  encoding", "": "  encoding"} {
		r := m.Map([]source.Row{{Damage: &source.Damage{Rule: source.RuleEncoding, Column: column, Text: "x"}}})[0]
		if got := told(r.Findings); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestSpecOfBothTypes: what the file does not say itself is not said for rows of
// the other type.
func TestSpecOfBothTypes(t *testing.T) {
	spec := "version: 1\ncolumns:\n  metadata.note: Note\n"
	columns := rules.Columns()
	person, institution := ada(), widgets()
	person["type"] = "PERSON"
	cells := map[string]string{"Note": ""}
	for _, c := range columns {
		if person[c.Name] == "" && institution[c.Name] == "" {
			continue
		}
		cells["x "+c.Name] = ""
		switch {
		case c.Name == "employment_status":
			spec += fmt.Sprintf("  %s: {constant: FULL_TIME}\n", c.Name)
			delete(cells, "x "+c.Name)
		case c.Name == "employment_industry_sector":
			spec += fmt.Sprintf("  %s: {column: x %s, values: {\"\": EDUCATIONAL_SERVICES}}\n", c.Name, c.Name)
		case c.Name == "nationality":
			spec += fmt.Sprintf("  %s: {column: x %s, default: USA}\n", c.Name, c.Name)
		case c.Name == "regulation_status" || c.Name == "institution_sub_type":
			spec += fmt.Sprintf("  %s: {column: x %s, default: %s}\n", c.Name, c.Name, institution[c.Name])
		default:
			spec += fmt.Sprintf("  %s: x %s\n", c.Name, c.Name)
		}
	}
	for _, kind := range []map[string]string{person, institution} {
		row := maps.Clone(cells)
		for column, v := range kind {
			if _, ok := row["x "+column]; ok && column != "nationality" && column != "institution_sub_type" && column != "employment_industry_sector" {
				row["x "+column] = v
			}
		}
		if r := mapOne(t, row, Options{Spec: parseSpec(t, spec), MadeUp: true}); r.Customer == nil {
			t.Errorf("%s: got %s", kind["type"], told(r.Findings))
		}
	}
}

// TestSpecOfThoseWhoExist: what the rules pass over, transforms do, too.
func TestSpecOfThoseWhoExist(t *testing.T) {
	spec := "version: 1\ncolumns:\n  ref_id: A\n  identity_id: B\n  date_of_birth: {column: C, date: DD.MM.YYYY}\n"
	row := map[string]string{"A": "c-1", "B": "11111111-2222-4333-8444-555555555555", "C": "x"}
	if r := mapWith(t, spec, row); r.Customer == nil {
		t.Errorf("got %s", told(r.Findings))
	}
}

// TestSpecRefs: rows are named in reports by what the mapping makes.
func TestSpecRefs(t *testing.T) {
	derived := strings.Replace(legacy, "ref_id: Client No", "ref_id: {column: Client No, derive: 6ba7b810-9dad-11d1-80b4-00c04fd430c8}", 1)
	number := strings.Replace(legacy, "ref_id: Client No", "ref_id: {concat: [Client No, SSN], separator: \"\"}", 1)
	table := strings.Replace(legacy, "ref_id: Client No", "ref_id: {column: Client No, values: {a: b}}", 1)
	for _, tt := range []struct {
		spec    string
		cells   map[string]string
		ref     string
		account string
	}{
		{legacy, theirs(), "cust-17", "cust-17-account"},
		{legacy, theirs("Client No", "'-1"), "", ""},
		{legacy, theirs("Client No", "'-1", ErrorsColumn, ""), "-1", "-1-account"},
		{derived, theirs("Client No", "www.example.com"), "2ed6657d-e927-568b-95e1-2665a8aea6a2", "2ed6657d-e927-568b-95e1-2665a8aea6a2-account"},
		{derived, theirs("Client No", "1E+08"), "", ""},
		{derived, theirs("Client No", "900-01-0017"), "", ""},
		{number, theirs(), "", ""},
		{table, theirs(), "", ""},
		{strings.Replace(legacy, "account.type: {constant: BROKERAGE}", "account.type: {constant: NONE}", 1), theirs(), "cust-17", ""},
		{strings.Replace(legacy, "account.type: {constant: BROKERAGE}", "account.ref_id: Branch", 1), theirs(), "cust-17", "12"},
	} {
		tt.spec = strings.Replace(tt.spec, "  metadata.branch: Branch\n", "", 1)
		tt.spec = strings.Replace(tt.spec, "ignore: [Notes]", "ignore: [Notes, Branch]", 1)
		if strings.Contains(tt.spec, "account.ref_id: Branch") {
			tt.spec = strings.Replace(tt.spec, "ignore: [Notes, Branch]", "ignore: [Notes]", 1)
		}
		header := slices.Sorted(maps.Keys(tt.cells))
		m, err := New(header, Options{Spec: parseSpec(t, tt.spec)})
		if err != nil {
			t.Fatal(err)
		}
		row := source.Row{}
		for _, h := range header {
			row.Cells = append(row.Cells, tt.cells[h])
		}
		if ref, account := m.Refs(row); ref != tt.ref || account != tt.account {
			t.Errorf("got %q and %q, want %q and %q", ref, account, tt.ref, tt.account)
		}
		if ref, account := m.Refs(source.Row{}); ref+account != "" {
			t.Errorf("got %q and %q of a row without cells", ref, account)
		}
	}
}

// TestSpecOfBankAccounts: the mapping tells what kind of file it is.
func TestSpecOfBankAccounts(t *testing.T) {
	bank := parseSpec(t, "version: 1\ncolumns:\n  ref_id: Client\n  fiat_account.network: {constant: CUBIX}\n  fiat_account.cubix_account_id: Wallet\n")
	header := []string{"client", "wallet"}
	if !IsBank(header, bank) || IsBank(header, parseSpec(t, legacy)) || IsBank(header, nil) {
		t.Error("a file of bank accounts is not told from one of customers")
	}
	m, err := NewBank(header, Options{Spec: bank})
	if err != nil {
		t.Fatal(err)
	}
	rows := []source.Row{{Cells: []string{"c-1", someID}}, {Cells: []string{"c-2", "x"}}}
	got := m.Map(rows)
	if got[0].FiatAccount == nil || got[0].RefID != "c-1" || got[0].FiatAccount.FiatNetworkInstructions.Cubix.AccountID != someID {
		t.Errorf("got %+v", got[0].Findings)
	}
	if got[1].FiatAccount != nil || told(got[1].Findings) != "fiat_account.cubix_account_id wallet uuid" {
		t.Errorf("got %q", told(got[1].Findings))
	}
	if _, err := NewBank([]string{"client"}, Options{Spec: bank}); err == nil {
		t.Error("a column of the mapping is not missed")
	}
}

func TestExplain(t *testing.T) {
	spec := strings.Replace(legacy, "ref_id: Client No", "ref_id: {column: Client No, derive: 6ba7b810-9dad-11d1-80b4-00c04fd430c8}", 1)
	header := slices.Sorted(maps.Keys(theirs()))
	row := source.Row{}
	for _, h := range header {
		row.Cells = append(row.Cells, theirs("Branch", " 12")[h])
	}
	m, err := New(header, Options{Spec: parseSpec(t, spec)})
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]Field{}
	for _, f := range m.Explain(row) {
		fields[f.Column] = f
	}
	for _, want := range []Field{
		{"ref_id", "Client No", "cust-17", fields["ref_id"].Value, true},
		{"account.type", "", "", "BROKERAGE", false},
		{"address.address1", "House No + Street", "9 + Sample Rd", "9 Sample Rd", true},
		{"address.province", "State", "New York", "NY", true},
		{"employment_status", "Employed", "FT", "FULL_TIME", false},
		{"estimated_yearly_income", "Income", "$85,000.00", "INCOME_50K_TO_100K", true},
		{"source_of_wealth", "Wealth", "", "EMPLOYMENT_INCOME", false},
		{"metadata.branch", "Branch", " 12", "12", true},
		{"", "Notes", "VIP", "", true},
	} {
		same(t, fields[want.Column], want)
	}
	if m.Explain(source.Row{}) != nil {
		t.Error("a row without cells is explained")
	}
}

func TestExplainCanonical(t *testing.T) {
	cells := with("metadata.a", "b", "account.type", "123-45-6780", ErrorsColumn, "x", "middle_name", " 'A")
	header := slices.Sorted(maps.Keys(cells))
	m, err := New(header, Options{})
	if err != nil {
		t.Fatal(err)
	}
	row := source.Row{}
	for _, h := range header {
		row.Cells = append(row.Cells, cells[h])
	}
	fields := map[string]Field{}
	for _, f := range m.Explain(row) {
		fields[f.Column] = f
	}
	for _, want := range []Field{
		{"ref_id", "", "cust-17", "cust-17", false},
		{"cip_id", "", "123-45-6780", "123-45-6780", true},
		{"account.type", "", "123-45-6780", "123-45-6780", true}, // not where it belongs
		{"source_of_wealth", "", "EMPLOYMENT_INCOME", "EMPLOYMENT_INCOME", false},
		{"passthrough_verification_fields", "", "FULL_LEGAL_NAME|DATE_OF_BIRTH", "FULL_LEGAL_NAME|DATE_OF_BIRTH", false},
		{"middle_name", "", " 'A", "'A", true},
		{"metadata.a", "", "b", "b", true},
	} {
		same(t, fields[want.Column], want)
	}
	if m.Explain(source.Row{}) != nil {
		t.Error("a row without cells is explained")
	}
	if _, ok := fields[ErrorsColumn]; ok || len(fields) != len(header)-1 {
		t.Errorf("got %d fields of %d columns", len(fields), len(header))
	}
}

// TestSpecInParallel: a Mapper may be used by several goroutines.
func TestSpecInParallel(t *testing.T) {
	m, rows := provenWith(t, "12/31/1985", "x", "02/03/1970", "12/30/1985", "12/29/1985")
	if _, err := m.Prove(all(rows)); err != nil {
		t.Fatal(err)
	}
	want := m.Map(rows)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				if got := m.Map(rows); !reflect.DeepEqual(got, want) {
					t.Error("the same rows map to something else")
				}
				m.Refs(rows[0])
			}
		})
	}
	wg.Wait()
}
