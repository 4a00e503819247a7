package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
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
	names naming
	stop  context.CancelFunc
	begun bool
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
	if err := k.files.Add(r, k.names.refID(r.Row), k.names.of(r.Row).Header(), k.names.mapping()); err != nil {
		return fmt.Errorf("write the findings: %w", err)
	}
	return nil
}

// naming finds those whom rows are about.
type naming struct {
	in   pipeline.Input
	file int // of the row before
}

// of is the row's file.
func (c *naming) of(row source.Row) *source.File {
	if c.in.Files[c.file].Name() != row.File {
		c.file = slices.IndexFunc(c.in.Files, func(f *source.File) bool { return f.Name() == row.File })
	}
	return c.in.Files[c.file]
}

// mapping is that of the row's file.
func (c *naming) mapping() string { return c.in.Mappings[c.file] }

// refID is "" where it is not fit to be shown.
func (c *naming) refID(row source.Row) string {
	c.of(row)
	if bank := c.in.Banks[c.file]; bank != nil {
		return bank.Map([]source.Row{row})[0].RefID
	}
	refID, _ := c.in.Mappers[c.file].Refs(row)
	return refID
}

// kept are the files that a validation wrote; without a path, none.
type kept struct {
	findings string // path of findings.csv
	rejected []report.ToCorrect
}

// paths are those of all files.
func (k kept) paths() []string {
	if k.findings == "" {
		return nil
	}
	paths := []string{k.findings}
	for _, r := range k.rejected {
		paths = append(paths, filepath.Join(filepath.Dir(k.findings), r.Name))
	}
	return paths
}

// end completes the files, or leaves none of them where something has failed.
func (k *keeper) end(err error) (kept, error) {
	if k.err != nil && (err == nil || errors.Is(err, context.Canceled)) {
		err = k.err
	}
	if err != nil {
		k.files.Abandon()
		return kept{}, err
	}
	findings, rejected, err := k.files.Close()
	if err != nil {
		return kept{}, fmt.Errorf("write the findings: %w", err)
	}
	return kept{findings, rejected}, nil
}
