package source

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// maxSheet is the cap on an unpacked spreadsheet, which is in memory while it
// is made into a table. It is enough for some 400,000 rows of 25 columns.
var maxSheet int64 = 512 << 20

// maxSheetRows is the last row that a spreadsheet can have. A forged number of
// a row would have all rows before it counted.
const maxSheetRows = 1 << 20

const damagedSheet = "a sheet of the spreadsheet is damaged"

const sheetHint = "open it in a spreadsheet and save it as CSV (UTF-8)"

// readSheet makes a table of the one visible sheet with rows.
func (f *File) readSheet(o Options) error {
	if err := f.checkArchive(); err != nil {
		return err
	}
	book, err := excelize.OpenReader(io.NewSectionReader(f.text, 0, f.size), excelize.Options{
		UnzipSizeLimit: maxSheet, UnzipXMLSizeLimit: maxSheet, // as large as the other: nothing goes to temporary files
		ShortDatePattern: dateFormat,
	})
	if err != nil {
		return f.badSheet("the spreadsheet cannot be read")
	}
	defer book.Close()
	scans, err := f.scanSheets(book)
	if err != nil {
		return err
	}
	name, err := f.chooseSheet(book, scans)
	if err != nil {
		return err
	}
	if err := scans[name].check(len(book.SharedStrings.SI)); err != nil {
		return err
	}
	setFormats(book)
	f.format = format{kind: kindXLSX, detail: fmt.Sprintf("sheet %q", name) + notShown(book, scans, name), packed: f.format.packed}
	return f.readTable(o.TempDir, func(w *tableWriter) ([]string, int, error) { return f.copySheet(w, book, name) })
}

func (f *File) badSheet(text string) *Error {
	return &Error{File: f.name, Text: text, Hint: sheetHint}
}

// checkArchive tells a spreadsheet from what else is a ZIP archive.
func (f *File) checkArchive() error {
	archive, err := zip.NewReader(f.text, f.size)
	if err != nil {
		return &Error{File: f.name, Text: "the spreadsheet or archive is damaged or cut short", Hint: "fetch it once more"}
	}
	parts, total := map[string]bool{}, uint64(0)
	for _, part := range archive.File {
		parts[strings.ToLower(part.Name)] = true
		total += min(part.UncompressedSize64, 1<<40)
	}
	switch {
	case parts["xl/workbook.bin"]:
		return &Error{File: f.name, Text: "the file is a spreadsheet of the binary format (.xlsb)", Hint: "save it as .xlsx or CSV (UTF-8)"}
	case parts["mimetype"] && parts["content.xml"]:
		return &Error{File: f.name, Text: "the file is an OpenDocument spreadsheet", Hint: "save it as .xlsx or CSV (UTF-8)"}
	case !parts["xl/workbook.xml"]:
		return &Error{File: f.name, Text: "the file is a ZIP archive", Hint: "unpack it and name the files in it; a single file may be compressed with gzip or zstd"}
	case total > uint64(maxSheet):
		return f.badSheet(fmt.Sprintf("the spreadsheet has more than %d MiB when unpacked", maxSheet>>20))
	}
	return nil
}

// chooseSheet finds the one visible sheet with rows. If there are several, none
// is chosen: those on the others would not be onboarded.
func (f *File) chooseSheet(book *excelize.File, scans map[string]*sheetScan) (string, error) {
	var filled, begun []string
	for _, name := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		switch n, err := f.rowsOf(book, name, scans[name]); {
		case err != nil:
			return "", err
		case n > 1:
			filled = append(filled, name)
		case n == 1:
			begun = append(begun, name)
		}
	}
	if filled == nil {
		filled = begun // the lack of rows is another error
	}
	switch len(filled) {
	case 0:
		return "", &Error{File: f.name, Text: "there is nothing on the visible sheets", Hint: namesHint}
	case 1:
		return filled[0], nil
	}
	return "", &Error{File: f.name, Text: fmt.Sprintf("there are rows on %d sheets: %q", len(filled), filled),
		Hint: "save each of them as a file of its own, or hide those that are not meant"}
}

// notShown tells what people do not see when they look at the workbook: the
// hidden rows of the sheet, which are read, and hidden sheets, which are not,
// as most of them hold lists to choose from.
func notShown(book *excelize.File, scans map[string]*sheetScan, sheet string) string {
	var notes []string
	if n := scans[sheet].hidden; n > 0 {
		notes = append(notes, fmt.Sprintf("hidden rows read: %d", n))
	}
	for _, name := range book.GetSheetList() {
		visible, err := book.GetSheetVisible(name)
		if scan := scans[name]; err == nil && !visible && scan != nil && scan.rows > 1 {
			notes = append(notes, fmt.Sprintf("hidden sheet %q, %d rows, not read", name, scan.rows))
		}
	}
	if notes == nil {
		return ""
	}
	return " (" + strings.Join(notes, "; ") + ")"
}

var errEnough = errors.New("enough")

// rowsOf counts the rows that are not blank, up to two of them.
func (f *File) rowsOf(book *excelize.File, sheet string, scan *sheetScan) (n int, err error) {
	switch {
	case scan == nil:
		return 0, f.badSheet(damagedSheet)
	case scan.fault != nil:
		return 0, scan.fault
	}
	err = f.eachRow(book, sheet, func(_ int, cells []string) error {
		if n++; n == 2 {
			return errEnough
		}
		return nil
	})
	if err == errEnough {
		err = nil
	}
	return n, err
}

// eachRow gives the rows that are not blank, by their numbers in the sheet.
func (f *File) eachRow(book *excelize.File, sheet string, do func(line int, cells []string) error) error {
	rows, err := book.Rows(sheet)
	if err != nil {
		return f.badSheet(damagedSheet)
	}
	defer rows.Close()
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return f.badSheet(damagedSheet)
		}
		if blank(cells) {
			continue
		}
		if err := do(line, cells); err != nil {
			return err
		}
	}
	return nil
}

// copySheet writes the rows to the table; the first one is the header.
func (f *File) copySheet(w *tableWriter, book *excelize.File, sheet string) (header []string, behind int, err error) {
	err = f.eachRow(book, sheet, func(line int, cells []string) error {
		for i, c := range cells {
			cells[i] = shown(c)
		}
		for len(cells) > 0 && cells[len(cells)-1] == "" {
			cells = cells[:len(cells)-1]
		}
		if header == nil {
			header, behind = cells, line+1
			return nil
		}
		return w.row(line, cells, header)
	})
	return header, behind, err
}

// A cell of a spreadsheet is a value and a format. What is copied is the value;
// but dates are numbers that only the format tells, and zeros in front are in
// the format alone. Formats are therefore replaced: those of dates by ours,
// which begins with a byte that no cell can hold, those of zeros stay, and
// others show the value.
const (
	mark       = "\x00"
	dateFormat = `"` + mark + `"yyyy-mm-dd`
	timeFormat = `"` + mark + `"yyyy-mm-dd hh:mm:ss`
)

func setFormats(book *excelize.File) {
	if book.Styles == nil {
		return
	}
	if book.Styles.NumFmts != nil {
		for _, n := range book.Styles.NumFmts.NumFmt {
			code := n.FormatCode
			if n.FormatCode16 != "" {
				code = n.FormatCode16
			}
			n.FormatCode, n.FormatCode16 = replaceFormat(code), ""
		}
	}
	if book.Styles.CellXfs != nil {
		for _, xf := range book.Styles.CellXfs.Xf {
			if id := xf.NumFmtID; id != nil {
				*id = replaceBuiltIn(*id)
			}
		}
	}
}

// replaceBuiltIn: ECMA-376, part 1, 18.8.30 lists the formats with a number of
// their own. 14 and 22 are the short date and the date with a time.
func replaceBuiltIn(id int) int {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 58:
		return 14
	case id >= 1 && id <= 13, id >= 37 && id <= 44, id == 48:
		return 0
	}
	return id
}

var (
	literal = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]hmsHMS]*\]|\[\$[^\]]*\]|\[(?i:red|white|magenta|cyan|black|blue|green|yellow)\]`)
	zeros   = regexp.MustCompile(`^0[0 ()/-]*0$`)
)

func replaceFormat(code string) string {
	first, _, _ := strings.Cut(literal.ReplaceAllString(code, ""), ";")
	first = strings.ToLower(first)
	switch {
	case first == "general":
		return code
	case strings.ContainsAny(first, "yd") && strings.ContainsAny(first, "hs"):
		return timeFormat
	case strings.ContainsAny(first, "yd"), strings.Contains(first, "mmm"):
		return dateFormat
	case zeros.MatchString(first), strings.ContainsAny(first, "hs@"):
		return code
	}
	return "General"
}

// shown takes the mark off a date, and midnight with it: a date that was
// exported as a time is a date.
func shown(cell string) string {
	date, marked := strings.CutPrefix(cell, mark)
	if !marked {
		return cell
	}
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04"} {
		t, err := time.Parse(layout, date)
		switch {
		case err != nil:
		case t.Equal(t.Truncate(24 * time.Hour)):
			return t.Format(time.DateOnly)
		default:
			return t.Format("2006-01-02T15:04:05")
		}
	}
	return date
}
