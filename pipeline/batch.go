package pipeline

import (
	"context"
	"errors"
	"runtime"

	"golang.org/x/sync/errgroup"

	"embark/mapping"
	"embark/source"
)

// batchRows is how many rows are mapped at once: enough for gocsv's work on
// the header to vanish, few enough to keep the memory small.
const batchRows = 512

// batch is a run of rows of one file.
type batch struct {
	file int
	rows []source.Row
}

// mapped is a batch after mapping.
type mapped struct {
	file    int
	results []mapping.Result
	marks   []rowMarks // one a row, of pass one only
	profile profile    // likewise
}

// eachBatch reads the input from the start, skipping the rows that skip names,
// runs work on all cores, and hands the results to take in the order of the
// input. Memory is bounded by a few batches.
func eachBatch[T any](ctx context.Context, in Input, skip func(ordinal int) bool,
	work func(batch) (T, error), take func(T) error) error {
	g, ctx := errgroup.WithContext(ctx)
	queue := make(chan chan done[T], runtime.GOMAXPROCS(0)) // in the order of the input
	var workers errgroup.Group
	workers.SetLimit(runtime.GOMAXPROCS(0))
	g.Go(func() error {
		defer close(queue)
		err := in.batches(skip, func(b batch) error {
			result := make(chan done[T], 1)
			select {
			case queue <- result:
			case <-ctx.Done():
				return ctx.Err()
			}
			workers.Go(func() error {
				of, err := work(b)
				result <- done[T]{of, err}
				return nil
			})
			return nil
		})
		return errors.Join(err, workers.Wait())
	})
	g.Go(func() error {
		for result := range queue {
			d := <-result
			if d.err != nil {
				return d.err
			}
			if err := take(d.of); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// done is what a worker made of a batch.
type done[T any] struct {
	of  T
	err error
}

// batches cuts the input into batches of rows with consecutive files.
func (in Input) batches(skip func(ordinal int) bool, yield func(batch) error) error {
	first := 0
	for i, f := range in.Files {
		next, err := fileBatches(i, f, first, skip, yield)
		if err != nil {
			return err
		}
		first = next
	}
	return nil
}

func fileBatches(i int, f *source.File, first int, skip func(int) bool, yield func(batch) error) (next int, err error) {
	rows := make([]source.Row, 0, batchRows)
	next = first
	for row, err := range f.Rows() {
		if err != nil {
			return next, err
		}
		row.Ordinal = next
		next++
		if skip != nil && skip(row.Ordinal) {
			continue
		}
		if rows = append(rows, row); len(rows) == batchRows {
			if err := unchanged(f, func() error { return yield(batch{i, rows}) }); err != nil {
				return next, err
			}
			rows = make([]source.Row, 0, batchRows)
		}
	}
	if len(rows) == 0 {
		return next, nil
	}
	return next, unchanged(f, func() error { return yield(batch{i, rows}) })
}

// unchanged does something with rows only if the file is still the one that
// was opened: rows that pass one never saw must not be sent.
func unchanged(f *source.File, do func() error) error {
	if err := f.Unchanged(); err != nil {
		return err
	}
	return do()
}
