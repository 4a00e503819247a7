package source

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// book makes a spreadsheet of what do puts into it.
func book(t testing.TB, do func(*excelize.File)) string {
	t.Helper()
	b := excelize.NewFile()
	defer b.Close()
	do(b)
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func check(err error) { must(0, err) }

func fill(b *excelize.File, sheet string, rows [][]any) {
	for i, row := range rows {
		check(b.SetSheetRow(sheet, fmt.Sprint("A", i+1), &row))
	}
}

func sheet(t testing.TB, rows [][]any) string {
	t.Helper()
	return book(t, func(b *excelize.File) { fill(b, "Sheet1", rows) })
}

// styled is a value with a number format of its own.
type styled struct {
	value  any
	format string
	id     int // a built-in one instead
}

// column makes a spreadsheet of one column.
func column(t testing.TB, cells ...styled) string {
	t.Helper()
	return book(t, func(b *excelize.File) {
		check(b.SetCellValue("Sheet1", "A1", "a"))
		for i, c := range cells {
			at := fmt.Sprint("A", i+2)
			check(b.SetCellValue("Sheet1", at, c.value))
			style := &excelize.Style{NumFmt: c.id}
			if c.format != "" {
				style.CustomNumFmt = &c.format
			}
			check(b.SetCellStyle("Sheet1", at, at, must(b.NewStyle(style))))
		}
	})
}

func TestSheetCells(t *testing.T) {
	day := time.Date(1980, 2, 3, 0, 0, 0, 0, time.UTC)
	noon := day.Add(12*time.Hour + 5*time.Minute + 6*time.Second)
	for _, tt := range []struct {
		name string
		cell styled
		want string
	}{
		{"text", styled{value: "x, \"y\"\nz"}, "x, \"y\"\nz"},
		{"text that looks like a date", styled{value: "02/03/1980", format: "mm/dd/yyyy"}, "02/03/1980"},
		{"number", styled{value: 1234.56}, "1234.56"},
		{"number of 15 digits", styled{value: 123456789012345}, "123456789012345"},
		{"number in exponents", styled{value: 120000000, id: 11}, "120000000"},
		{"money", styled{value: 1234.5, id: 44}, "1234.5"},
		{"percent", styled{value: 0.25, id: 10}, "0.25"},
		{"thousands", styled{value: 1234567, format: "#,##0.00 [$€-407]"}, "1234567"},
		{"red", styled{value: 12, format: "[Red]0.0;[Blue]-0.0"}, "12"},
		{"date", styled{value: day, id: 14}, "1980-02-03"},
		{"date with a month's name", styled{value: day, id: 15}, "1980-02-03"},
		{"date of ours", styled{value: day, format: `dd\.mm\.yyyy`}, "1980-02-03"},
		{"date with a locale", styled{value: day, format: `[$-409]mmmm\ d\,\ yyyy;@`}, "1980-02-03"},
		{"date and time", styled{value: noon, id: 22}, "1980-02-03T12:05:00"},
		{"date and time of ours", styled{value: noon, format: "yyyy-mm-dd hh:mm:ss"}, "1980-02-03T12:05:06"},
		{"midnight", styled{value: day, format: "m/d/yyyy h:mm"}, "1980-02-03"},
		{"time", styled{value: 0.5, format: "hh:mm"}, "12:00"},
		{"serial date without a format", styled{value: 29254}, "29254"},
		{"ZIP", styled{value: 2108, format: "00000"}, "02108"},
		{"SSN", styled{value: 900010001, format: "000-00-0000"}, "900-01-0001"},
		{"SSN, escaped", styled{value: 900010001, format: `000\-00\-0000`}, "900-01-0001"},
		{"text format", styled{value: "00123", id: 49}, "00123"},
		{"number in text format", styled{value: 123, id: 49}, "123"},
		{"bool", styled{value: true}, "TRUE"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := mustOpen(t, "in.xlsx", column(t, tt.cell), Options{})
			if d := cmp.Diff([]string{"2:" + tt.want}, show(t, f)); d != "" {
				t.Error("(-want +got)\n", d)
			}
		})
	}
}

func TestSheetRows(t *testing.T) {
	long := strings.Repeat("x", 30_000)
	f := mustOpen(t, "in.xlsx", sheet(t, [][]any{{}, {"a", "b", "c"}, {1, 2, 3}, {}, {"", "", "x"}, {1, nil, nil, 4}, {long, "y"}}), Options{Encoding: "windows-1252", Delimiter: ';'})
	want := []string{"3:1/2/3", "5://x", "6!field_count@", "7:" + long + "/y/"}
	for range 2 {
		if d := cmp.Diff(want, show(t, f)); d != "" {
			t.Errorf("(-want +got)\n%.300s", d)
		}
	}
	if f.Skipped() != 1 || f.Format() != `XLSX, sheet "Sheet1"` || len(f.Header()) != 3 {
		t.Errorf("got %d skipped, %s, %q", f.Skipped(), f.Format(), f.Header())
	}
}

// TestWideSheetRows: the cap on a row holds, and a row below it is read however
// it grows in the spool.
func TestWideSheetRows(t *testing.T) {
	repeat := func(text string, n int) (cells []any) {
		for range n {
			cells = append(cells, strings.Repeat(text, 30_000))
		}
		return cells
	}
	f := mustOpen(t, "in.xlsx", sheet(t, [][]any{append(make([]any, 299), "z"), repeat("x", 300), repeat("\"", 130), {1}}), Options{})
	var got []string
	for row, err := range f.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(row.Line, row.Damage != nil && row.Damage.Rule == RuleTooLong))
	}
	if want := []string{"2 true", "3 false", "4 false"}; !cmp.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// replacePart rewrites a part of a spreadsheet.
func replacePart(t testing.TB, in, part string, change func(string) string) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, p := range must(zip.NewReader(strings.NewReader(in), int64(len(in)))).File {
		text := string(must(io.ReadAll(must(p.Open()))))
		if p.Name == part {
			text = change(text)
		}
		must(io.WriteString(must(w.Create(p.Name)), text))
	}
	check(w.Close())
	return out.String()
}

func TestSheetErrorsAndLongCells(t *testing.T) {
	in := replacePart(t, sheet(t, [][]any{{"a", "b"}, {"marker", 1}, {"x", 2}}), "xl/sharedStrings.xml", func(s string) string {
		return strings.ReplaceAll(s, "marker", strings.Repeat("x", maxCell+1))
	})
	in = replacePart(t, in, "xl/worksheets/sheet1.xml", func(s string) string {
		return strings.Replace(s, `<c r="B3"><v>2</v></c>`, `<c r="B3" t="e"><v>#REF!</v></c>`, 1)
	})
	f := mustOpen(t, "in.xlsx", in, Options{})
	if d := cmp.Diff([]string{"2!field_too_long@a", "3:x/#REF!"}, show(t, f)); d != "" {
		t.Errorf("(-want +got)\n%.300s", d)
	}
}

func TestSheetChosen(t *testing.T) {
	two := [][]any{{"a"}, {"1"}}
	f := mustOpen(t, "in.xlsx", book(t, func(b *excelize.File) {
		for _, name := range []string{"Empty", "Hidden", "Title", "Clients"} {
			must(b.NewSheet(name))
		}
		fill(b, "Hidden", two)
		fill(b, "Clients", two)
		fill(b, "Title", [][]any{{"made for you"}})
		b.SetActiveSheet(must(b.GetSheetIndex("Clients")))
		check(b.SetSheetVisible("Hidden", false))
	}), Options{})
	if got := f.Format(); got != `XLSX, sheet "Clients" (hidden sheet "Hidden", 2 rows, not read)` {
		t.Errorf("got %q", got)
	}
	_, err := openAs(t, "in.xlsx", book(t, func(b *excelize.File) {
		must(b.NewSheet("Joint"))
		fill(b, "Sheet1", two)
		fill(b, "Joint", two)
	}), Options{})
	wantError(t, err, `rows on 2 sheets: ["Sheet1" "Joint"]`, "file of its own")
}

func TestNoSheet(t *testing.T) {
	archive := func(names ...string) string {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		for _, n := range names {
			must(io.WriteString(must(w.Create(n)), "a,b\n1,2\n"))
		}
		check(w.Close())
		return out.String()
	}
	rows := sheet(t, [][]any{{"a"}, {"1"}, {"2"}})
	for _, tt := range []struct{ name, in, text, hint string }{
		{"archive", archive("in.csv"), "ZIP archive", "unpack"},
		{"binary", archive("xl/workbook.bin"), ".xlsb", ".xlsx"},
		{"OpenDocument", archive("mimetype", "content.xml"), "OpenDocument", ".xlsx"},
		{"no XML", archive("xl/workbook.xml"), "cannot be read", "CSV"},
		{"cut short", rows[:len(rows)-30], "cut short", "fetch"},
		{"sheet damaged in the middle", replacePart(t, rows, "xl/worksheets/sheet1.xml", func(s string) string {
			return strings.Replace(s, `<row r="3"`, `<row r=3"`, 1)
		}), "damaged", "CSV"},
		{"sheet cut off", replacePart(t, rows, "xl/worksheets/sheet1.xml", func(s string) string {
			return s[:strings.Index(s, `<row r="3"`)]
		}), "damaged", "CSV"},
		{"forged number of a row", replacePart(t, rows, "xl/worksheets/sheet1.xml", func(s string) string {
			return strings.Replace(s, `<row r="3"`, `<row r="2000000000"`, 1)
		}), "damaged", "CSV"},
		{"empty", sheet(t, nil), "nothing on the visible sheets", "column names"},
		{"header only", sheet(t, [][]any{{"a", "b"}}), "not a single row", "--allow-empty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := openAs(t, "in.xlsx", tt.in, Options{})
			wantError(t, err, tt.text, tt.hint)
		})
	}
	defer func(n int64) { maxSheet = n }(maxSheet)
	maxSheet = 2000
	_, err := openAs(t, "in.xlsx", rows, Options{})
	wantError(t, err, "when unpacked", "CSV")
}

// TestNothingIsLeft: whatever is spooled has no name.
func TestNothingIsLeft(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	for _, in := range []string{sheet(t, [][]any{{"a"}, {"1"}}), "{\"a\":1}\n", pack(t, "gzip", strings.NewReader("a\n1\n"))} {
		f := mustOpen(t, "in.dat", in, Options{TempDir: tmp})
		if left, err := os.ReadDir(tmp); err != nil || hasSpool(left) {
			t.Errorf("%s: got %v, %v, want nothing", f.Format(), left, err)
		}
		if info, err := f.text.Stat(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: got mode %v, %v, want 0600", f.Format(), info.Mode(), err)
		}
	}
}

func hasSpool(entries []os.DirEntry) bool {
	for _, e := range entries {
		if e.Type().IsRegular() {
			return true
		}
	}
	return false
}
