package mapping

import (
	"fmt"
	"sync"

	"github.com/gocarina/gocsv"

	"embark/rules"
	"embark/source"
)

// decode gives each row its canonical cells, by column and trimmed, and what was
// found in making them; none where the row is damaged.
func (m *Mapper) decode(rows []source.Row, each func(i int, p *rules.Row, cells []string, faults []fault)) {
	cells, faults := m.prepare(rows)
	records := decode(cells)
	for i, row := range rows {
		if row.Damage != nil {
			each(i, nil, nil, nil)
			continue
		}
		each(i, records[0].row, cells[1], faults[i])
		records, cells = records[1:], cells[1:]
	}
}

// prepare makes the canonical cells of all rows that are whole, after the
// header. Faults are by the place of the row; there are none without a mapping.
func (m *Mapper) prepare(rows []source.Row) (cells [][]string, faults map[int][]fault) {
	cells = make([][]string, 1, len(rows)+1)
	cells[0] = m.places
	var all []string // of the batch, in one piece
	if m.steps != nil {
		all = make([]string, len(rows)*len(m.header))
	}
	for i, row := range rows {
		switch {
		case row.Damage != nil:
		case m.steps == nil:
			cells = append(cells, trimAll(m.unguarded(row.Cells)))
		default:
			so := all[:len(m.header):len(m.header)]
			all = all[len(m.header):]
			if found := m.apply(m.unguarded(row.Cells), so); found != nil {
				if faults == nil {
					faults = map[int][]fault{}
				}
				faults[i] = found
			}
			cells = append(cells, so)
		}
	}
	return cells, faults
}

// record is what gocsv decodes a row into. It takes the cells itself: gocsv's
// own way, by reflection on a struct of tagged fields, is half as fast again
// and makes three copies of the struct. The tag is there because gocsv asks for
// one.
type record struct {
	RefID string `csv:"ref_id"`
	row   *rules.Row
}

// UnmarshalCSVWithFields is called by gocsv for every cell.
func (r *record) UnmarshalCSVWithFields(place, cell string) error {
	if r.row == nil {
		r.row = spare.Get().(*rules.Row)
	}
	r.row.SetPlace(place, cell)
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
