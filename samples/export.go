package samples

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// The exports are files as the systems of three brokers might write them: other
// columns, other spellings, and what happens to files on their way. Each has its
// mapping beside it, written by hand.
const (
	exported     = 60 // customers in each
	firstOfUS    = 3001
	firstOfEU    = 3101
	firstOfSheet = 3201
)

// field is a column of an export and what the ith person, counted from zero, has in it.
type field struct {
	name string
	cell func(i int, p person) string
}

// of takes the cell of a canonical column as it is.
func of(column string) func(int, person) string {
	return func(_ int, p person) string { return p[column] }
}

// oneOf goes round a list.
func oneOf(list ...string) func(int, person) string {
	return func(i int, _ person) string { return list[i%len(list)] }
}

// by translates the cell of a canonical column. What is not in the list is "".
func by(column string, list map[string]string) func(int, person) string {
	return func(_ int, p person) string { return list[p[column]] }
}

// table lays people out in the columns of an export, the header first.
func table(fields []field, people []person) [][]string {
	rows := make([][]string, 1, len(people)+1)
	for _, f := range fields {
		rows[0] = append(rows[0], f.name)
	}
	for i, p := range people {
		row := make([]string, len(fields))
		for j, f := range fields {
			row[j] = f.cell(i, p)
		}
		rows = append(rows, row)
	}
	return rows
}

// damage writes cells over, by line and column.
func damage(rows [][]string, cells map[int]person) {
	for line, changes := range cells {
		for j, name := range rows[0] {
			if v, ok := changes[name]; ok {
				rows[line-1][j] = v
			}
		}
	}
}

// writeTable writes rows with any delimiter, and the line ends of Windows.
func writeTable(w io.Writer, rows [][]string, delimiter string) error {
	var b bytes.Buffer
	for _, row := range rows {
		for i, v := range row {
			if i > 0 {
				b.WriteString(delimiter)
			}
			if strings.Contains(v, delimiter) {
				v = `"` + v + `"`
			}
			b.WriteString(v)
		}
		b.WriteString("\r\n")
	}
	_, err := w.Write(b.Bytes())
	return err
}

// writeSheet writes a workbook of one sheet. Cells are strings, numbers, or
// dates as days with a format of their own.
func writeSheet(w io.Writer, rows [][]any) error {
	f := excelize.NewFile()
	defer f.Close()
	format := "mm/dd/yyyy"
	dates, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		return err
	}
	for i, row := range rows {
		for j, v := range row {
			if err := setCell(f, j+1, i+1, v, dates); err != nil {
				return err
			}
		}
	}
	return f.Write(w)
}

func setCell(f *excelize.File, column, row int, v any, dates int) error {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return err
	}
	day, isDay := v.(day)
	if !isDay {
		return f.SetCellValue(sheetName, name, v)
	}
	if err := f.SetCellInt(sheetName, name, int64(day)); err != nil {
		return err
	}
	return f.SetCellStyle(sheetName, name, name, dates)
}

const sheetName = "Sheet1"

// day is a date as spreadsheets keep it: in days since 1899-12-30.
type day int

// dollars writes an amount as $1,234.00; all are at least a thousand.
func dollars(n int) string { return fmt.Sprintf("$%d,%03d.00", n/1000, n%1000) }

// amounts are amounts of money within the ranges that people have, by range.
var amounts = map[string]int{
	"INCOME_0_TO_50K": 31_000, "INCOME_50K_TO_100K": 72_500, "INCOME_100K_TO_250K": 148_000, "INCOME_250K_TO_500K": 310_000,
	"INCOME_500K_TO_750K":     640_000,
	"TRANSFER_VALUE_0_TO_25K": 9_000, "TRANSFER_VALUE_25K_TO_50K": 30_000, "TRANSFER_VALUE_50K_TO_100K": 80_000,
	"TRANSFER_VALUE_100K_TO_250K": 120_000,
}

// amount is one near that of the person's range.
func amount(column string, i int, p person) int { return amounts[p[column]] + i*37%100*10 }
