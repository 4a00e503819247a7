package mapping

import (
	"fmt"
	"sync"

	"github.com/gocarina/gocsv"

	"embark/rules"
)

// record is what gocsv decodes a row into. It takes the cells itself: gocsv's
// own way, by reflection on a struct of tagged fields, is half as fast again
// and makes three copies of the struct. The tag is there because gocsv asks for
// one.
type record struct {
	RefID string `csv:"ref_id"`
	row   *rules.Row
}

// UnmarshalCSVWithFields is called by gocsv for every cell.
func (r *record) UnmarshalCSVWithFields(column, cell string) error {
	if r.row == nil {
		r.row = spare.Get().(*rules.Row)
	}
	r.row.Set(column, cell)
	return nil
}

// spare are rows whose customers are built. Making a row anew costs a tenth of
// the time of mapping it.
var spare = sync.Pool{New: func() any { return new(rules.Row) }}

// free gives a row back, once nothing points to it; customers have copies of its
// cells.
func free(p *rules.Row) {
	*p = rules.Row{}
	spare.Put(p)
}

// decode lets gocsv decode a batch; the first row is the header. An error would
// be a programming error: every row has as many cells as the header, and every
// cell fits.
func decode(cells [][]string) []record {
	if len(cells) == 1 {
		return nil // gocsv would do as well, but there is nothing to do
	}
	var records []record
	if err := gocsv.UnmarshalCSV(decoded(cells), &records); err != nil {
		panic(fmt.Sprintf("mapping: decode a row of strings: %T", err)) // not its text, which may hold a cell
	}
	return records
}

// decoded is a csv reader whose reading is done.
type decoded [][]string

func (d decoded) ReadAll() ([][]string, error) { return d, nil }

// Read is there for gocsv's interface; a batch is decoded by ReadAll.
func (d decoded) Read() ([]string, error) { panic("mapping: batches are read as a whole") }
