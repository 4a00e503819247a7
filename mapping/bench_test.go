package mapping

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"embark/samples"
	"embark/source"
)

const benchRows = 20_000

func benchFile(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "rows.csv")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	if err := samples.Write(f, benchRows, 1); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

// BenchmarkBaseline is encoding/csv alone, what the others are measured by.
func BenchmarkBaseline(b *testing.B) {
	text, err := os.ReadFile(benchFile(b))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		r := csv.NewReader(bytes.NewReader(text))
		r.ReuseRecord = true
		for {
			if _, err := r.Read(); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
	perRow(b)
}

// BenchmarkRead is package source.
func BenchmarkRead(b *testing.B) {
	f := open(b, benchFile(b))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range f.Rows() {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	perRow(b)
}

// BenchmarkMap is the mapping of rows that are read already, on one core.
func BenchmarkMap(b *testing.B) {
	f := open(b, benchFile(b))
	m := newMapper(b, f)
	var rows []source.Row
	for row := range f.Rows() {
		rows = append(rows, row)
	}
	b.ReportAllocs()
	for b.Loop() {
		for i := 0; i < len(rows); i += 512 {
			m.Map(rows[i:min(i+512, len(rows))])
		}
	}
	perRow(b)
}

// BenchmarkMapSpec is the same through a mapping: of names only, and with a
// transform wherever one fits.
func BenchmarkMapSpec(b *testing.B) {
	f := open(b, benchFile(b))
	var rows []source.Row
	for row := range f.Rows() {
		rows = append(rows, row)
	}
	transforms := map[string]string{"first_name": "transliterate: true", "last_name": "transliterate: true", "address.city": "transliterate: true",
		"date_of_birth": "date: YYYY-MM-DD", "address.province": "region: USA", "address.zip_code": "pad: 5", "address.country": "country: true",
		"nationality": "country: true", "cip_id_country": "country: true", "phone_number": "phone: USA", "cip_id_type": "values: {SSN: SSN, ITIN: ITIN, PASSPORT: PASSPORT, ID_CARD: ID_CARD, DRIVING_LICENSE: DRIVING_LICENSE}",
		"source_of_wealth": "default: INHERITANCE"}
	for name, with := range map[string]map[string]string{"names": nil, "transforms": transforms} {
		b.Run(name, func(b *testing.B) {
			spec := "version: 1\ncolumns:\n"
			var header []string
			for _, column := range f.Header() {
				header = append(header, "Their "+column)
				spec += fmt.Sprintf("  %s: {column: Their %s", column, column)
				if t := with[column]; t != "" {
					spec += ", " + t
				}
				spec += "}\n"
			}
			m, err := New(header, Options{Now: testNow, MadeUp: true, Spec: parseSpec(b, spec)})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				for i := 0; i < len(rows); i += 512 {
					for _, r := range m.Map(rows[i:min(i+512, len(rows))]) {
						if r.Customer == nil {
							b.Fatal(r.Findings)
						}
					}
				}
			}
			perRow(b)
		})
	}
}

// BenchmarkValidate reads and maps, on all cores, as validate does.
func BenchmarkValidate(b *testing.B) {
	f := open(b, benchFile(b))
	m := newMapper(b, f)
	b.ReportAllocs()
	for b.Loop() {
		batches := make(chan []source.Row, 4)
		var wg sync.WaitGroup
		for range runtime.GOMAXPROCS(0) {
			wg.Go(func() {
				for rows := range batches {
					for _, r := range m.Map(rows) {
						if r.Customer == nil {
							b.Error(r.Findings)
						}
					}
				}
			})
		}
		batch := make([]source.Row, 0, 512)
		for row := range f.Rows() {
			if batch = append(batch, row); len(batch) == cap(batch) {
				batches <- batch
				batch = make([]source.Row, 0, 512)
			}
		}
		batches <- batch
		close(batches)
		wg.Wait()
	}
	perRow(b)
}

func perRow(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
}

func open(b testing.TB, path string) *source.File {
	b.Helper()
	f, err := source.Open(path, source.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	return f
}

var testNow = time.Date(2026, 11, 15, 12, 0, 0, 0, time.UTC)

func newMapper(b testing.TB, f *source.File) *Mapper {
	b.Helper()
	m, err := New(f.Header(), Options{Now: testNow, MadeUp: true})
	if err != nil {
		b.Fatal(err)
	}
	return m
}
