package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"embark/checkpoint"
	"embark/pipeline"
)

// openKnown opens a checkpoint for a command that compares rows with it and
// sends nothing. Where there is none, and none must exist, the store is a nil
// interface. The function that it returns closes what is open.
func openKnown(o checkpoint.Options) (pipeline.Store, func(), error) {
	nothing := func() {}
	if _, err := os.Stat(o.Path); errors.Is(err, fs.ErrNotExist) && !o.MustExist {
		return nil, nothing, nil
	}
	o.MustExist = true
	store, err := checkpoint.Open(o)
	if err != nil {
		return nil, nothing, err
	}
	return store, func() { _ = store.Close() }, nil
}

// environmentOf is what a checkpoint's manifest says that it belongs to, "" where
// it cannot be read: then the checkpoint has its own say when it is opened.
func environmentOf(checkpoint string) string {
	data, err := os.ReadFile(checkpoint + ".manifest")
	var m struct {
		Environment string `json:"environment"`
	}
	if err != nil || json.Unmarshal(data, &m) != nil {
		return ""
	}
	return m.Environment
}
