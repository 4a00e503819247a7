package samples

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"embark/mapping"
	"embark/rules"
	"embark/source"
)

var exports = map[string]func(io.Writer) error{
	"broker-us.csv":     writeUS,
	"broker-eu.csv":     writeEU,
	"broker-sheet.xlsx": writeSheetFile,
}

// TestExportsAreAsGenerated keeps the checked-in exports and this code together.
func TestExportsAreAsGenerated(t *testing.T) {
	for name, write := range exports {
		var want bytes.Buffer
		if err := write(&want); err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(name, want.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "broker-sheet.xlsx" {
			if d := cmp.Diff(sheetCells(t, want.Bytes()), sheetCells(t, got)); d != "" {
				t.Errorf("%s is not as generated; write it anew with go test ./samples -update\n%s", name, d)
			}
		} else if !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s is not as generated; write it anew with go test ./samples -update", name)
		}
	}
}

// sheetCells gives the cells of a workbook, as they are kept and as they are
// shown: a new version of excelize may pack them in another way.
func sheetCells(t *testing.T, data []byte) (all [2][][]string) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i, raw := range []bool{true, false} {
		if all[i], err = f.GetRows(sheetName, excelize.Options{RawCellValue: raw}); err != nil {
			t.Fatal(err)
		}
	}
	if len(all[0]) != exported+1 {
		t.Errorf("got %d rows, want %d", len(all[0]), exported+1)
	}
	return all
}

// TestExportFaults: each export, read with its mapping, has the faults that were
// put into it and no others.
func TestExportFaults(t *testing.T) {
	for name, want := range map[string]map[int]string{
		"broker-us.csv": {13: "date_of_birth date", 27: "first_name required", 38: "employment_status value_unmapped", 52: "cip_id scientific_notation"},
		"broker-eu.csv": {9: "date_of_birth date", 21: "address.country country, tax_payer_country country", 34: "last_name required",
			47: "cip_id_type value_unmapped"},
		"broker-sheet.xlsx": {7: "cip_id leading_zero", 18: "cip_id scientific_notation", 25: "date_of_birth date", 33: "estimated_yearly_income placeholder",
			41: "phone_number scientific_notation", 50: "date_of_birth date"},
	} {
		refs := map[string]bool{}
		for _, r := range mapExport(t, name) {
			var got []string
			for _, f := range r.Findings {
				if f.Severity == rules.Error {
					got = append(got, f.Column+" "+f.Rule)
				} else if f.Rule != "transliterated" && f.Rule != "padded" {
					t.Errorf("%s line %d: got a warning %s of %s, want none", name, r.Row.Line, f.Rule, f.Column)
				}
			}
			if got := strings.Join(got, ", "); got != want[r.Row.Line] {
				t.Errorf("%s line %d: got %q, want %q", name, r.Row.Line, got, want[r.Row.Line])
			}
			if r.Customer != nil {
				refs[r.Customer.RefID], refs[mapping.CIP(r.Customer)] = true, true
			}
		}
		if n := 2 * (exported - len(want)); len(refs) != n {
			t.Errorf("%s: got %d different ref_ids and documents, want %d", name, len(refs), n)
		}
	}
}

// mapExport maps an export by the mapping beside it.
func mapExport(t *testing.T, name string) []mapping.Result {
	t.Helper()
	file := strings.TrimSuffix(name, filepath.Ext(name)) + ".yaml"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := mapping.ParseSpec(file, data)
	if err != nil {
		t.Fatal(err)
	}
	f, err := source.Open(name, source.Options{Encoding: spec.Encoding, Delimiter: spec.Delimiter})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := mapping.New(f.Header(), mapping.Options{Now: now, MadeUp: true, Spec: spec})
	if err != nil {
		t.Fatal(err)
	}
	var rows []source.Row
	for row, err := range f.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return m.Map(rows)
}
