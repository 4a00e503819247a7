package checkpoint

import (
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"embark/onboard"
)

// BenchmarkCommits measures the hot path: intent and commit of new customers
// by many at once. A commit here is what one caller waits for.
func BenchmarkCommits(b *testing.B) {
	for _, writers := range []int{1, 16, 128} {
		b.Run(fmt.Sprint("writers ", writers), func(b *testing.B) {
			s := open(b, newPath(b))
			before := s.txid()
			var n atomic.Int64
			b.SetParallelism(writers)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					s.create(fmt.Sprint("c", n.Add(1)))
				}
			})
			b.StopTimer()
			seconds := b.Elapsed().Seconds()
			b.ReportMetric(float64(2*b.N)/seconds, "commits/s")
			b.ReportMetric(float64(3*b.N)/seconds, "records/s")
			b.ReportMetric(float64(s.txid()-before)/seconds, "transactions/s")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// fillDone stores n customers who are done, in transactions of a thousand.
func (s *testStore) fillDone(n int) {
	for from := 0; from < n; from += 1000 {
		err := s.update(ctx, func(t *tx) error {
			for i := from; i < min(from+1000, n); i++ {
				identity, account := s.filler(fmt.Sprintf("c%012d", i), true)
				if err := t.put(onboard.Record{}, identity); err != nil {
					return err
				}
				if err := t.put(onboard.Record{}, account); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

// BenchmarkSize reports what a finished customer takes on the disk.
func BenchmarkSize(b *testing.B) {
	if testing.Short() {
		b.Skip("takes seconds")
	}
	const customers = 100_000
	path := newPath(b)
	for range b.N {
		s := open(b, path)
		s.fillDone(customers)
		s.once.Do(func() { _ = s.Close() })
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/customers, "bytes/customer")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkOpen measures the start with a million customers done: opening,
// with the walk over all pages, the first record, and a scan of everything.
func BenchmarkOpen(b *testing.B) {
	if testing.Short() {
		b.Skip("takes a minute")
	}
	const customers = 1_000_000
	path := newPath(b)
	s := open(b, path)
	s.fillDone(customers)
	s.once.Do(func() { _ = s.Close() })
	b.ResetTimer()
	for range b.N {
		began := time.Now()
		s := open(b, path)
		if r := s.one("identity/c000000500000"); r.ID == "" {
			b.Fatal("got nobody")
		}
		opened := time.Since(began)
		if err := scanAll(s.Store); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(opened.Seconds(), "s/open")
		b.ReportMetric((time.Since(began) - opened).Seconds(), "s/scan")
		s.once.Do(func() { _ = s.Close() })
	}
}
