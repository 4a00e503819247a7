package pipeline

import "embark/mapping"

// faults are what only a comparison found out about rows. There may be one for
// every row, of a file that is given twice say, so that sentences are kept once.
type faults struct {
	rows      map[int]fault // by ordinal
	sentences map[mapping.Finding]*mapping.Finding
}

type fault struct {
	finding *mapping.Finding // without Other
	other   string
}

func (f *faults) add(ordinal int, found mapping.Finding) {
	if f.rows == nil {
		f.rows, f.sentences = map[int]fault{}, map[mapping.Finding]*mapping.Finding{}
	}
	other := found.Other
	found.Other = ""
	kept := f.sentences[found]
	if kept == nil {
		kept = &found
		f.sentences[found] = kept
	}
	f.rows[ordinal] = fault{kept, other}
}

func (f *faults) of(ordinal int) (mapping.Finding, bool) {
	kept, ok := f.rows[ordinal]
	if !ok {
		return mapping.Finding{}, false
	}
	found := *kept.finding
	found.Other = kept.other
	return found, true
}
