package samples

import (
	"bytes"
	"io"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
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
