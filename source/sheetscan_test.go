package source

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// withRows is a spreadsheet with two texts and this XML for its rows and what
// follows them.
func withRows(t testing.TB, rows string) string {
	t.Helper()
	return replacePart(t, sheet(t, [][]any{{"one", "two"}}), "xl/worksheets/sheet1.xml", func(s string) string {
		before, rest, _ := strings.Cut(s, "<sheetData>")
		_, after, _ := strings.Cut(rest, "</sheetData>")
		if !strings.Contains(rows, "</sheetData>") {
			rows += "</sheetData>"
		}
		return before + "<sheetData>" + rows + after
	})
}

func mergedCells(cells ...string) string {
	return `</sheetData><mergeCells><mergeCell ref="` + strings.Join(cells, `"/><mergeCell ref="`) + `"/></mergeCells>`
}

const headerRow = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>`

func TestSheetXML(t *testing.T) {
	for _, tt := range []struct {
		name, rows string
		want       []string
	}{
		{"without places", `<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c><v>1</v></c><c><v>2</v></c></row>`, []string{"2:1/2"}},
		{"gaps", headerRow + `<row r="3"><c r="B3"><v>1</v></c></row><row><c><v>2</v></c><c/></row>`, []string{"3:/1", "4:2/"}},
		{"what is behind the rows", headerRow + `<row r="2"><c r="A2"><v>1</v></c></row></sheetData><extLst><ext uri="x"><row>1</row><c r="A1"/></ext></extLst>`, []string{"2:1/"}},
		{"up to the last column, and formats behind it", headerRow + `<row r="2"><c r="A2"><v>1</v></c><c r="AMK2" s="1"/></row><row r="3"><c r="AMJ3"><v>1</v></c></row>`, []string{"2:1/", "3!field_count@"}},
		{"merged cells in the header", headerRow + `<row r="2"><c r="A2"><v>1</v></c></row>` + mergedCells("B1:C1", "A2"), []string{"2:1/"}},
		{"merged cells above and below", `<row r="1"/>` + strings.ReplaceAll(headerRow, "1\"", "3\"") + `<row r="4"><c r="A4"><v>1</v></c></row><row r="5"><c r="A5"/></row>` + mergedCells("A1:B2", "A5:B5"), []string{"4:1/"}},
		{"formulas with a result", headerRow + `<row r="2"><c r="A2" t="str"><f>1</f><v/></c><c r="B2"><f>1</f><v>1</v></c></row><row r="3"><c r="A3" t="inlineStr"><f>1</f><is><t>x</t></is></c></row>`, []string{"2:/1", "3:x/"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := mustOpen(t, "in.xlsx", withRows(t, tt.rows), Options{})
			if d := cmp.Diff(tt.want, show(t, f)); d != "" {
				t.Error("(-want +got)\n", d)
			}
		})
	}
}

func TestSheetFaults(t *testing.T) {
	for _, tt := range []struct {
		name, rows string
		line       int
		text, hint string
	}{
		{"row twice", `<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>`, 2, "a row of the spreadsheet is there twice", "save it again"},
		{"rows out of order", `<row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>`, 2, "not in its place", "save it again"},
		{"row that is none", `<row r="x"><c><v>1</v></c></row>`, 0, "not in its place", "save it again"},
		{"rows beyond the last one", `<row r="1048577"><c><v>1</v></c></row>`, 0, "damaged", "CSV"},
		{"cells out of order", `<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>2</v></c></row>`, 2, "a cell of the row", "save it again"},
		{"cell twice", `<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>`, 2, "a cell of the row is there twice", "save it again"},
		{"cell of another row", `<row r="2"><c r="A2"><v>1</v></c><c r="B3"><v>2</v></c></row>`, 2, "not in its place", "save it again"},
		{"cell that is none", `<row r="2"><c r="2"><v>1</v></c></row>`, 2, "not in its place", "save it again"},
		{"text behind the last one", `<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" t="s"><v>2</v></c></row>`, 2, "a text that is not", "save it again"},
		{"text that is none", `<row r="2"><c r="A2" t="s"><v>x</v></c></row>`, 2, "a text that is not", "save it again"},
		{"text before the first one", `<row r="2"><c r="A2" t="s"><v>-1</v></c></row>`, 2, "a text that is not", "save it again"},
		{"cell behind the last column", `<row r="2"><c r="A2"><v>1</v></c><c r="AMK2"><v>2</v></c></row>`, 2, "behind column AMJ", "clear"},
		{"formula behind the last column", `<row r="2"><c r="A2"><v>1</v></c><c r="AMK2" t="str"><f>A2</f><v></v></c></row>`, 2, "behind column AMJ", "clear"},
		{"merged cells of a column", `<row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="B3"><v>1</v></c></row>` + mergedCells("A2:A3"), 2, "the cells A2:A3 are merged", "undo the merging"},
		{"merged cells of a row", `<row r="2"><c r="A2"><v>1</v></c></row>` + mergedCells("A1:B1", "A2:B2", "A3:B3"), 2, "the cells A2:B2 are merged", "undo the merging"},
		{"merged cells of header and row", `<row r="2"><c r="A2"><v>1</v></c></row>` + mergedCells("A1:A2"), 1, "the cells A1:A2 are merged", "undo the merging"},
		{"merged cells that are none", `<row r="2"><c r="A2"><v>1</v></c></row>` + mergedCells("x:y"), 0, "damaged", "CSV"},
		{"formula without a result", `<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f>A2</f></c></row>`, 2, "the formula in column B", "save it again"},
		{"formula with an empty result", `<row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3"><f>A2</f><v></v></c></row>`, 3, "the formula in column A", "save it again"},
		{"formula of a text without a result", `<row r="2"><c r="A2" t="str"><f>A1</f></c></row>`, 2, "the formula in column A", "save it again"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := openAs(t, "in.xlsx", withRows(t, headerRow+tt.rows), Options{})
			wantError(t, err, tt.text, tt.hint)
			if e := (*Error)(nil); errors.As(err, &e) && (e.Line != tt.line || e.File == "") {
				t.Errorf("got line %d of %q, want %d of the file", e.Line, e.File, tt.line)
			}
		})
	}
}

// TestSharedTextsDamaged: without its texts a sheet is not readable.
func TestSharedTextsDamaged(t *testing.T) {
	in := replacePart(t, sheet(t, [][]any{{"a"}, {"b"}}), "xl/sharedStrings.xml", func(s string) string {
		return s[:len(s)-20]
	})
	_, err := openAs(t, "in.xlsx", in, Options{})
	wantError(t, err, "damaged", "CSV")
}

// TestHiddenRows: they are read, and said to be.
func TestHiddenRows(t *testing.T) {
	f := mustOpen(t, "in.xlsx", withRows(t, headerRow+`<row r="2" hidden="1"><c r="A2"><v>1</v></c><c r="B2"><v>1</v></c></row>`+
		`<row r="3" hidden="true"/><row r="4" hidden="true"><c r="A4"><v>2</v></c></row><row r="5" hidden="0"><c r="A5"><v>3</v></c></row>`), Options{})
	if d := cmp.Diff([]string{"2:1/1", "4:2/", "5:3/"}, show(t, f)); d != "" {
		t.Error("(-want +got)\n", d)
	}
	if got := f.Format(); got != `XLSX, sheet "Sheet1" (hidden rows read: 2)` {
		t.Errorf("got %s", got)
	}
}

// TestHiddenSheet: what is wrong with it is no concern of anybody's.
func TestHiddenSheet(t *testing.T) {
	in := book(t, func(b *excelize.File) {
		for _, name := range []string{"Title", "Lists"} {
			must(b.NewSheet(name))
			check(b.SetSheetVisible(name, false))
			check(b.SetCellValue(name, "A1", "made for you"))
		}
		fill(b, "Sheet1", [][]any{{"a"}, {"1"}})
		check(b.SetSheetRow("Lists", "A3", &[]any{"x"}))
		check(b.MergeCell("Lists", "A3", "A4"))
		check(b.SetCellFormula("Lists", "XFD5", "A3"))
	})
	f := mustOpen(t, "in.xlsx", in, Options{})
	if got := f.Format(); got != `XLSX, sheet "Sheet1" (hidden sheet "Lists", 2 rows, not read)` {
		t.Errorf("got %s", got)
	}
}
