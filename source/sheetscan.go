package source

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// A sheet is read twice. The library that reads the cells takes a fault of the
// XML for the end of the sheet and appends each cell to what it has, wherever
// the cell says it belongs; so that nothing is lost or lands in another row or
// column, the XML is looked through first.

// maxSheetColumns is the cap on the columns of a spreadsheet, which has up to
// 16,384: one cell in the last of them costs as much as all before it, and no
// file of customers has as many as this.
const maxSheetColumns = 1024

const (
	misplacedRow  = "a row of the spreadsheet is there twice or not in its place"
	misplacedCell = "a cell of the row is there twice or not in its place"
	missingText   = "a cell refers to a text that is not in the spreadsheet"

	mergedHint = "undo the merging, give each of the cells its value and save it again"
	openHint   = "open it in a spreadsheet program, which computes it, and save it again"
	resaveHint = "open it in a spreadsheet program, look whether it is whole and save it again"
)

// sheetScan is what the XML of a sheet tells, apart from the values.
type sheetScan struct {
	file       string
	fault      *Error // the first one that makes the rows unreadable
	row        int    // the last one
	col        int    // of its last cell, counted from 1
	behind     bool   // the rows
	cell       cellScan
	hiding     bool                     // the row is hidden
	rows       int                      // those with something in them
	hidden     int                      // of these below the header, those that are hidden
	header     int                      // the first row with something in it, 0 if there is none
	last       int                      // the last one of these
	texts      struct{ index, row int } // the greatest index of a shared text, and where
	merged     *Error                   // the first merged cells below the header
	uncomputed *Error                   // the first formula without a result
}

// cellScan is a cell as far as it is read.
type cellScan struct {
	kind    string
	formula bool
	result  bool // there is an element for the value
	inText  bool
	text    []byte
}

// scanSheets looks through the sheets of the workbook; the scans are by the
// names of the sheets.
func (f *File) scanSheets(book *excelize.File) (map[string]*sheetScan, error) {
	scans, read := map[string]*sheetScan{}, map[string]*sheetScan{}
	for name, part := range sheetParts(book) {
		if read[part] == nil {
			text, _ := book.Pkg.Load(part)
			s := &sheetScan{file: f.name}
			if s.read(text.([]byte), book) != nil {
				return nil, f.badSheet(damagedSheet)
			}
			read[part] = s
		}
		scans[name] = read[part]
	}
	return scans, nil
}

// sheetParts finds the parts of the archive that the sheets are in, as the
// library does, which does not tell.
func sheetParts(book *excelize.File) map[string]string {
	text, _ := book.Pkg.Load("xl/_rels/workbook.xml.rels")
	content, _ := text.([]byte)
	var links struct {
		Relationship []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:",attr"`
		}
	}
	_ = xml.Unmarshal(content, &links) // a sheet without a part is refused where it is chosen
	parts := map[string]string{}
	for _, sheet := range book.WorkBook.Sheets.Sheet {
		for _, link := range links.Relationship {
			part := partOf(link.Target)
			if _, ok := book.Pkg.Load(part); ok && link.ID == sheet.ID {
				parts[sheet.Name] = part
			}
		}
	}
	return parts
}

// partOf makes the name of a part of a link, which is relative to xl/ or to
// the root.
func partOf(target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if !strings.HasPrefix(target, "/") {
		target = path.Join("/xl", target)
	}
	return path.Clean(target)[1:]
}

func (s *sheetScan) read(text []byte, book *excelize.File) error {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = book.CharsetReader
	for {
		switch t, err := d.Token(); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		default:
			s.token(t)
		}
	}
}

func (s *sheetScan) token(t xml.Token) {
	switch t := t.(type) {
	case xml.StartElement:
		if !s.behind {
			s.begin(t)
		} else if t.Name.Local == "mergeCell" {
			s.mergedCells(attribute(t, "ref"))
		}
	case xml.CharData:
		if s.cell.inText {
			s.cell.text = append(s.cell.text, t...)
		}
	case xml.EndElement:
		if !s.behind {
			s.end(t.Name.Local)
		}
	}
}

func (s *sheetScan) begin(e xml.StartElement) {
	switch e.Name.Local {
	case "row":
		s.beginRow(e)
	case "c":
		s.beginCell(e)
	case "f":
		s.cell.formula = true
	case "v", "t":
		s.cell.result, s.cell.inText = true, true
	}
}

func (s *sheetScan) end(name string) {
	switch name {
	case "v", "t":
		s.cell.inText = false
	case "c":
		s.endCell()
	case "sheetData":
		s.behind = true
	}
}

// beginRow: a row or cell that does not say where it is comes after the last.
func (s *sheetScan) beginRow(e xml.StartElement) {
	row := s.row + 1
	if at := attribute(e, "r"); at != "" {
		row, _ = strconv.Atoi(at)
	}
	switch {
	case row <= s.row:
		s.failAt(row, misplacedRow, resaveHint)
	case row > maxSheetRows:
		s.failAt(0, damagedSheet, sheetHint)
	}
	s.row, s.col = row, 0
	s.hiding, _ = strconv.ParseBool(attribute(e, "hidden"))
}

func (s *sheetScan) beginCell(e xml.StartElement) {
	col, row := s.col+1, s.row
	if at := attribute(e, "r"); at != "" {
		col, row, _ = excelize.CellNameToCoordinates(at)
	}
	if col <= s.col || row != s.row {
		s.failAt(s.row, misplacedCell, resaveHint)
	}
	s.col = col
	s.cell = cellScan{kind: attribute(e, "t"), text: s.cell.text[:0]}
}

func (s *sheetScan) endCell() {
	if s.cell.kind == "s" && len(s.cell.text) > 0 {
		s.sharedText(string(bytes.TrimSpace(s.cell.text)))
	}
	if len(s.cell.text) > 0 {
		s.filled()
	}
	if s.col > maxSheetColumns && (s.cell.formula || len(s.cell.text) > 0) {
		s.failAt(s.row, fmt.Sprintf("there is something behind column %s, the last one that is read", columnName(maxSheetColumns)),
			"clear what is beside the table and save it again")
	}
	if s.cell.notComputed() && s.uncomputed == nil {
		s.uncomputed = s.errorAt(s.row, fmt.Sprintf("the formula in column %s has no result in the file", columnName(s.col)), openHint)
	}
}

// notComputed: programs that do not compute leave out the result of a formula
// or leave it empty. A result that is an empty text has the type of a text.
func (c *cellScan) notComputed() bool {
	return c.formula && len(c.text) == 0 && !(c.result && c.kind == "str")
}

func columnName(col int) string {
	name, _ := excelize.ColumnNumberToName(col)
	return name
}

// filled: there is something in the row.
func (s *sheetScan) filled() {
	if s.last == s.row {
		return
	}
	s.last = s.row
	if s.rows++; s.rows == 1 {
		s.header = s.row
	} else if s.hiding {
		s.hidden++
	}
}

// mergedCells: of merged cells, the first has the value and the others are
// empty, which is harmless in the header and where there are no rows.
func (s *sheetScan) mergedCells(cells string) {
	first, last, several := strings.Cut(cells, ":")
	if !several {
		return
	}
	_, top, err := excelize.CellNameToCoordinates(first)
	_, bottom, err2 := excelize.CellNameToCoordinates(last)
	switch {
	case err != nil || err2 != nil:
		s.failAt(0, damagedSheet, sheetHint)
	case bottom > s.header && top <= s.last && s.merged == nil:
		s.merged = s.errorAt(top, fmt.Sprintf("the cells %s are merged, and only the first has a value", cells), mergedHint)
	}
}

func (s *sheetScan) sharedText(index string) {
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 {
		s.failAt(s.row, missingText, resaveHint)
	}
	if i > s.texts.index || s.texts.row == 0 {
		s.texts.index, s.texts.row = i, s.row
	}
}

// check says what keeps the sheet from being read; texts is the number of the
// shared ones.
func (s *sheetScan) check(texts int) error {
	if s.texts.row > 0 && s.texts.index >= texts {
		s.failAt(s.texts.row, missingText, resaveHint)
	}
	for _, e := range []*Error{s.fault, s.uncomputed, s.merged} {
		if e != nil {
			return e
		}
	}
	return nil
}

func (s *sheetScan) errorAt(line int, text, hint string) *Error {
	return &Error{File: s.file, Line: max(line, 0), Text: text, Hint: hint}
}

func (s *sheetScan) failAt(line int, text, hint string) {
	if s.fault == nil {
		s.fault = s.errorAt(line, text, hint)
	}
}

// attribute gives the last one of the name, as the library takes it.
func attribute(e xml.StartElement, name string) (value string) {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			value = a.Value
		}
	}
	return value
}
