package source

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"

	"embark/samples"
)

const benchRows = 20_000

func benchFile(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "rows.csv")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if err := samples.Write(f, benchRows, 1); err != nil {
		b.Fatal(err)
	}
	return path
}

func perRow(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
}

// BenchmarkEncodingCSV is encoding/csv alone, what BenchmarkRows is held against.
func BenchmarkEncodingCSV(b *testing.B) {
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

func BenchmarkRows(b *testing.B) {
	f, err := Open(benchFile(b), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
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

// BenchmarkOpen makes a table of JSON Lines or a spreadsheet; reading it then
// is what BenchmarkRows measures.
func BenchmarkOpen(b *testing.B) {
	for _, name := range []string{"in.jsonl", "in.xlsx"} {
		b.Run(name, func(b *testing.B) {
			path := benchAs(b, name)
			b.ReportAllocs()
			for b.Loop() {
				f, err := Open(path, Options{})
				if err != nil {
					b.Fatal(err)
				}
				f.Close()
			}
			perRow(b)
		})
	}
}

func benchAs(b *testing.B, name string) string {
	f, err := Open(benchFile(b), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var lines bytes.Buffer
	cells := [][]any{}
	object := map[string]string{}
	for row := range f.Rows() {
		values := []any{}
		for i, c := range row.Cells {
			object[f.Header()[i]] = c
			values = append(values, c)
		}
		cells = append(cells, values)
		lines.Write(append(must(json.Marshal(object)), '\n'))
	}
	if name == "in.jsonl" {
		return writeAs(b, name, lines.String())
	}
	return writeAs(b, name, sheet(b, cells))
}
