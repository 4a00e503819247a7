package main

import (
	"time"

	"embark/mapping"
	"embark/pipeline"
	"embark/source"
)

// openInput opens all files and holds their headers against the contract.
func (e *environment) openInput(paths []string, o source.Options, madeUp bool) (in pipeline.Input, closeAll func(), err error) {
	closeAll = func() {
		for _, f := range in.Files {
			_ = f.Close()
		}
	}
	o.Stdin = e.stdin
	now := time.Now()
	for _, path := range paths {
		f, err := source.Open(path, o)
		if err != nil {
			closeAll()
			return in, nil, err
		}
		in.Files = append(in.Files, f)
		m, err := mapping.New(f.Header(), mapping.Options{Now: now, MadeUp: madeUp})
		if err != nil {
			closeAll()
			return in, nil, err
		}
		in.Mappers = append(in.Mappers, m)
	}
	return in, closeAll, nil
}
