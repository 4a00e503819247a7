package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"embark/mapping"
	"embark/pipeline"
	"embark/report"
	"embark/source"
)

// keeper writes what is wrong with the rows to files. Its first error stops the
// check.
type keeper struct {
	files report.Findings
	in    pipeline.Input
	stop  context.CancelFunc
	begun bool
	file  int // of the row before
	err   error
}

func (k *keeper) add(r mapping.Result) {
	if k.err == nil {
		k.err = k.write(r)
	}
	if k.err != nil {
		k.stop()
	}
}

func (k *keeper) write(r mapping.Result) error {
	if !k.begun && report.Prepare(k.files.Folder) != nil {
		return &usageError{fmt.Sprintf("cannot write into the report folder %q", k.files.Folder),
			"check its owner and mode, or name another one with --report"}
	}
	k.begun = true
	if k.in.Files[k.file].Name() != r.Row.File {
		k.file = slices.IndexFunc(k.in.Files, func(f *source.File) bool { return f.Name() == r.Row.File })
	}
	if err := k.files.Add(r, k.refID(r.Row), k.in.Files[k.file].Header()); err != nil {
		return fmt.Errorf("write the findings: %w", err)
	}
	return nil
}

// refID is "" where it is not fit to be shown.
func (k *keeper) refID(row source.Row) string {
	if bank := k.in.Banks[k.file]; bank != nil {
		return bank.Map([]source.Row{row})[0].RefID
	}
	refID, _ := k.in.Mappers[k.file].Refs(row)
	return refID
}

// end completes the files and returns their paths, or leaves none of them where
// something has failed.
func (k *keeper) end(err error) ([]string, error) {
	if k.err != nil && (err == nil || errors.Is(err, context.Canceled)) {
		err = k.err
	}
	if err != nil {
		k.files.Abandon()
		return nil, err
	}
	findings, rejected, err := k.files.Close()
	if err != nil {
		return nil, fmt.Errorf("write the findings: %w", err)
	}
	if findings == "" {
		return nil, nil
	}
	return append([]string{findings}, rejected...), nil
}
