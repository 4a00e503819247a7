package pipeline

import (
	"slices"

	"embark/mapping"
	"embark/onboard"
	"embark/report"
	"embark/source"
)

// bankLines makes the lines of a batch of bank rows.
func (r *run) bankLines(b batch) ([]report.Line, error) {
	banks := r.Input.Banks[b.file].Map(b.rows)
	keys, err := r.bankKeys(b, mapBanks(banks))
	if err != nil {
		return nil, err
	}
	records, err := r.Store.Get(keys...)
	if err != nil {
		return nil, err
	}
	lines := make([]report.Line, len(b.rows))
	for i, row := range b.rows {
		line := report.Line{Origin: report.FromInput, File: row.File, Line: row.Line, RefID: banks[i].RefID}
		lines[i] = r.bankLine(line, b.file, row, records[3*i:3*i+3:3*i+3])
	}
	return lines, nil
}

// bankKeys are the identity, the account and the bank account of each row, and
// empty for rejected rows.
func (r *run) bankKeys(b batch, results []mapping.Result) ([]onboard.Key, error) {
	keys := make([]onboard.Key, 3*len(b.rows))
	for i, row := range b.rows {
		c := results[i].Customer
		switch {
		case row.Ordinal >= r.checked.Rows:
			return nil, grown(r.Input.Files[b.file])
		case r.checked.verdicts[row.Ordinal]&rejected != 0:
			continue
		case c == nil: // it was valid in pass one
			return nil, grown(r.Input.Files[b.file])
		}
		keys[3*i] = onboard.NewKey(onboard.KindIdentity, c.RefID)
		keys[3*i+1] = onboard.NewKey(onboard.KindAccount, c.Account.Account.RefID)
		keys[3*i+2] = onboard.NewKey(onboard.KindFiatAccount, c.FiatAccount.RefID)
	}
	return keys, nil
}

const (
	orphanCode = "orphan"
	orphanText = "its customer is neither in the input nor in the checkpoint; the bank account waits for it"
)

func (r *run) bankLine(line report.Line, file int, row source.Row, objects []onboard.Record) report.Line {
	v := r.checked.verdicts[row.Ordinal]
	if v&rejected != 0 {
		return r.rejectedLine(line, file, row)
	}
	foldBank(&line, objects, v&finished != 0)
	if v&orphan != 0 && line.Outcome == onboard.OutcomeWaiting {
		line.Code, line.Message = orphanCode, orphanText
	}
	r.addReason(&line)
	r.judge(&line, v, file, row)
	return line
}

// foldBank reads a bank row's outcome off the identity and the bank account;
// the account is there for its ids. What keeps the customer from being made is
// not the bank row's fault: it waits.
func foldBank(line *report.Line, objects []onboard.Record, done bool) {
	line.Objects = objects
	identity, fiat := objects[0], objects[2]
	identity.Origin = "" // whose doing the identity is, its own line tells
	var problem *onboard.Problem
	line.Outcome, problem = onboard.OutcomeOf([]onboard.Record{identity, fiat}, done)
	switch {
	case fiat.State() == onboard.Refused:
		line.Outcome, problem = onboard.Failed, fiat.Problem
	case fiat.State() == onboard.Conflict:
		line.Outcome, problem = onboard.OutcomeConflict, fiat.Problem
	case fiat.Known() && slices.Contains([]onboard.Outcome{onboard.NotStarted, onboard.Failed, onboard.OutcomeConflict}, line.Outcome):
		line.Outcome, problem = onboard.OutcomeWaiting, nil
	}
	line.Code, line.Message = explain(line, problem)
}

// orphanLines yields a line for every bank account that an earlier run left
// without a customer, and that this input does not name either.
func (r *run) orphanLines(yield func(report.Line, error) bool) {
	for fiat, err := range r.Store.Records(onboard.KindFiatAccount) {
		if err != nil {
			yield(report.Line{}, err)
			return
		}
		identity := fiat.Needs[0].Key
		if !r.checked.carried.alone(string(fiat.Key)) || !r.checked.carried.alone(identity.RefID()) {
			continue
		}
		known, err := r.Store.Get(identity)
		if err != nil {
			yield(report.Line{}, err)
			return
		}
		if known[0].Known() {
			continue // it is in the customer's line
		}
		line := report.Line{Origin: report.FromCheckpoint, File: fiat.Seen.File, Line: fiat.Seen.Line, RefID: identity.RefID(),
			Outcome: onboard.OutcomeWaiting, Code: orphanCode, Message: orphanText, Objects: []onboard.Record{fiat}}
		if !yield(line, nil) {
			return
		}
	}
}
