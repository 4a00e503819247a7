package pipeline

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"embark/mapping"
	"embark/onboard"
	"embark/paxos"
	"embark/report"
	"embark/source"
)

// conclude writes the report and holds it against what was counted on the way.
func (r *run) conclude(out *Result) error {
	s := &out.Summary
	s.Ended = time.Now()
	s.Findings = r.checked.Findings
	s.Orphans = r.checked.Orphans
	s.Proof.RowsRead = r.checked.Rows
	counts, err := r.Store.Counts()
	if err != nil {
		return err
	}
	s.Proof.Records = counts.Total()
	if s.Records, err = r.states(); err != nil {
		return err
	}
	if out.Report, err = report.Write(r.Report, s, r.lines()); err != nil {
		return err
	}
	return s.Check()
}

// states counts the records anew, one by one.
func (r *run) states() (map[onboard.Kind]map[onboard.State]int, error) {
	states := map[onboard.Kind]map[onboard.State]int{}
	for _, kind := range onboard.Kinds() {
		states[kind] = map[onboard.State]int{}
		for record, err := range r.Store.Records(kind) {
			if err != nil {
				return nil, err
			}
			states[kind][record.State()]++
		}
	}
	return states, nil
}

// lines yields a line for every row, in the order of the input, and then one
// for every customer, account of one, and bank account without one, that an
// earlier run left unfinished and that no row names.
func (r *run) lines() iter.Seq2[report.Line, error] {
	return func(yield func(report.Line, error) bool) {
		err := eachBatch(context.Background(), r.Input, nil, r.rowLines, func(lines []report.Line) error {
			for _, line := range lines {
				if !yield(line, nil) {
					return errEnough
				}
			}
			return nil
		})
		switch {
		case err == nil:
			r.carriedLines(yield)
		case !errors.Is(err, errEnough):
			yield(report.Line{}, err)
		}
	}
}

// errEnough ends the lines when nobody wants more of them.
var errEnough = errors.New("enough")

// rowLines makes the lines of a batch of rows, from records that are looked up
// all at once.
func (r *run) rowLines(b batch) ([]report.Line, error) {
	if r.Input.Banks[b.file] != nil {
		return r.bankLines(b)
	}
	keys := make([]onboard.Key, 0, 2*len(b.rows))
	for _, row := range b.rows {
		if row.Ordinal >= r.checked.Rows || r.isAnother(b.file, row) {
			return nil, grown(r.Input.Files[b.file])
		}
		identity, account := r.namedBy(b.file, row)
		keys = append(keys, identity, account)
	}
	records, err := r.Store.Get(keys...)
	if err != nil {
		return nil, err
	}
	hanging, err := r.hanging(records)
	if err != nil {
		return nil, err
	}
	lines := make([]report.Line, len(b.rows))
	for i, row := range b.rows {
		objects := records[2*i : 2*i+2]
		if keys[2*i+1] == "" {
			objects = objects[:1]
		}
		lines[i] = r.line(b.file, row, slices.Concat(objects, hanging[keys[2*i]], hanging[keys[2*i+1]]))
	}
	return lines, r.addKnown(lines)
}

// addKnown says of rejected rows whose customers were sent all the same, by
// another row: usually the corrected one, of a file of rejected rows.
func (r *run) addKnown(lines []report.Line) error {
	keys := make([]onboard.Key, len(lines))
	for i := range lines {
		if lines[i].Outcome == onboard.Rejected && lines[i].RefID != "" {
			keys[i] = onboard.NewKey(onboard.KindIdentity, lines[i].RefID)
		}
	}
	records, err := r.Store.Get(keys...)
	for i, known := range records {
		if known.Known() && known.ID != "" {
			lines[i].Message += fmt.Sprintf("; a customer of this ref_id is at Paxos, from line %d of %q", known.Seen.Line, known.Seen.File)
		}
	}
	return err
}

// hanging looks up what hangs on accounts, bank accounts and orders and the
// like, and the documents of identities.
func (r *run) hanging(records []onboard.Record) (map[onboard.Key][]onboard.Record, error) {
	var keys, on []onboard.Key
	seen := map[onboard.Key]bool{"": true}
	for _, of := range records {
		if seen[of.Key] {
			continue
		}
		seen[of.Key] = true
		for _, key := range of.Needed {
			if of.Key.Kind() == onboard.KindAccount || key.Kind() == onboard.KindDocument {
				keys, on = append(keys, key), append(on, of.Key)
			}
		}
	}
	if keys == nil {
		return nil, nil
	}
	found, err := r.Store.Get(keys...)
	by := map[onboard.Key][]onboard.Record{}
	for i, record := range found {
		if r.Input.Extras.wants(record) {
			by[on[i]] = append(by[on[i]], record)
		}
	}
	return by, err
}

// namedBy are the identity and the account that a row names; a rejected row
// names none.
func (r *run) namedBy(file int, row source.Row) (identity, account onboard.Key) {
	if r.checked.verdicts[row.Ordinal]&rejected != 0 {
		return "", ""
	}
	refID, accountRefID := r.Input.Mappers[file].Refs(row)
	if accountRefID != "" {
		account = onboard.NewKey(onboard.KindAccount, accountRefID)
	}
	return onboard.NewKey(onboard.KindIdentity, refID), account
}

// isAnother tells, for a row that was valid in pass one, that it names nobody
// now: the file is another one.
func (r *run) isAnother(file int, row source.Row) bool {
	refID, _ := r.Input.Mappers[file].Refs(row)
	return refID == "" && r.checked.verdicts[row.Ordinal]&rejected == 0
}

func (r *run) line(file int, row source.Row, objects []onboard.Record) report.Line {
	mapper, v := r.Input.Mappers[file], r.checked.verdicts[row.Ordinal]
	refID, _ := mapper.Refs(row)
	line := report.Line{Origin: report.FromInput, File: row.File, Line: row.Line, RefID: refID}
	if v&rejected != 0 {
		return r.rejectedLine(line, file, row)
	}
	fold(&line, objects, v&finished != 0)
	r.addReason(&line)
	r.judge(&line, v, file, row)
	return line
}

// judge corrects a line by what pass one found out about the row, and takes the
// row along if it has to be corrected.
func (r *run) judge(line *report.Line, v verdict, file int, row source.Row) {
	switch {
	case v&repeated != 0:
		line.Outcome, line.Code, line.Message = onboard.RepeatedRow, "repeated", "equal to an earlier row"
	case v&changed != 0:
		line.Outcome, line.Code, line.Message = onboard.OutcomeChanged, "changed",
			"Paxos has other content under this ref_id; nothing was sent"
		if fault, ok := r.checked.faults.of(row.Ordinal); ok {
			line.Code, line.Message = fault.Rule, report.Sentence(fault)
		}
	case line.Outcome == onboard.Failed || line.Outcome == onboard.OutcomeConflict:
		line.Header, line.Mapping = r.Input.Files[file].Header(), r.Input.mappingFile(file)
		line.Rejected = &mapping.Result{Row: row}
	}
}

// rejectedLine finds the row's faults again: they were not kept.
func (r *run) rejectedLine(line report.Line, file int, row source.Row) report.Line {
	result := r.Input.mapRows(batch{file, []source.Row{row}})[0]
	if fault, ok := r.checked.faults.of(row.Ordinal); ok {
		result.Findings = append(result.Findings, fault)
	}
	line.Outcome, line.Rejected = onboard.Rejected, &result
	line.Header, line.Mapping = r.Input.Files[file].Header(), r.Input.mappingFile(file)
	if i := slices.IndexFunc(result.Findings, func(f mapping.Finding) bool { return f.Severity == mapping.Error }); i >= 0 {
		f := result.Findings[i]
		line.Code, line.Message = f.Rule, report.Sentence(f)
	}
	return line
}

// fold reads a customer's outcome off the records, the identity first.
func fold(line *report.Line, objects []onboard.Record, done bool) {
	line.Objects = objects
	var problem *onboard.Problem
	line.Outcome, problem = onboard.OutcomeOf(objects, done)
	line.Code, line.Message = explain(line, problem)
}

func (r *run) carriedLines(yield func(report.Line, error) bool) {
	if !r.checked.carried.any() {
		return
	}
	for record, err := range r.Store.Records(onboard.KindIdentity) {
		if err != nil {
			yield(report.Line{}, err)
			return
		}
		refID := record.Key.RefID()
		if !r.checked.carried.alone(refID) {
			continue
		}
		line := report.Line{Origin: report.FromCheckpoint, File: record.Seen.File, Line: record.Seen.Line, RefID: refID}
		own, err := r.own(record)
		if err != nil {
			yield(line, err)
			return
		}
		fold(&line, append([]onboard.Record{record}, own...), false)
		r.addReason(&line)
		if !yield(line, nil) {
			return
		}
	}
	if r.accountLines(yield) {
		r.orphanLines(yield)
	}
}

// accountLines yields a line for every unfinished account that no row names,
// of customers whom the input names for something else.
func (r *run) accountLines(yield func(report.Line, error) bool) bool {
	for account, err := range r.Store.Records(onboard.KindAccount) {
		if err != nil {
			yield(report.Line{}, err)
			return false
		}
		identity := ownerOf(account)
		if !r.checked.carried.alone(string(account.Key)) || r.checked.carried.alone(identity.RefID()) {
			continue
		}
		line, err := r.accountLine(identity, account)
		if !yield(line, err) || err != nil {
			return false
		}
	}
	return true
}

func (r *run) accountLine(identity onboard.Key, account onboard.Record) (report.Line, error) {
	line := report.Line{Origin: report.FromCheckpoint, File: account.Seen.File, Line: account.Seen.Line, RefID: identity.RefID()}
	objects, err := r.Store.Get(identity, account.Key)
	if err != nil {
		return line, err
	}
	hanging, err := r.hanging(objects)
	if err != nil {
		return line, err
	}
	fold(&line, slices.Concat(objects, hanging[identity], hanging[account.Key]), false)
	r.addReason(&line)
	return line, nil
}

// own are the objects of a customer, and not those of institutions or accounts
// that it is only a member of.
func (r *run) own(identity onboard.Record) ([]onboard.Record, error) {
	records, err := r.Store.Get(identity.Needed...)
	return slices.DeleteFunc(records, func(o onboard.Record) bool {
		return o.Key.Kind() == onboard.KindIdentity || len(o.Needs) == 0 || o.Needs[0].Key != identity.Key || !r.Input.Extras.wants(o)
	}), err
}

// explain gives the code and the sentence of a line; empty where the outcome
// says it all.
func explain(line *report.Line, p *onboard.Problem) (code, message string) {
	if p != nil {
		return p.Code, problemText(p)
	}
	switch line.Outcome {
	case onboard.OutcomePending:
		return "", pendingText(line.Objects)
	case onboard.DocumentsNeeded:
		return "documents_required", documentsText(line.Objects)
	case onboard.Held:
		return "", "Paxos holds this identity; only Paxos can release it"
	case onboard.OutcomeWaiting:
		return "", waitingText(line.Objects)
	case onboard.OutcomeInDoubt:
		return "", "the answer of Paxos was lost; the next run settles it"
	case onboard.Incomplete:
		if text := unfulfilled(line.Objects); text != "" {
			return "not_fulfilled", text
		}
		return "no_profile", "the account has no profile and can never be given one; ask Paxos Support"
	case onboard.OutcomeAdopted:
		return "", "somebody else made it at Paxos under the same ref_id; it agrees with the row"
	}
	return "", ""
}

func (r *run) addReason(line *report.Line) {
	if why := r.reasons[line.Objects[0].Key]; why != "" && (line.Outcome == onboard.OutcomePending || line.Outcome == onboard.DocumentsNeeded) {
		line.Message += ": " + why
	}
}

// pendingText says what is not decided: what comes first is.
func pendingText(objects []onboard.Record) string {
	for _, o := range objects[1:] {
		if objects[0].State() == onboard.Decided && o.State() == onboard.Pending {
			return fmt.Sprintf("the %s is %s", words(o.Key.Kind()), strings.ToLower(strings.ReplaceAll(o.Status, "_", " ")))
		}
	}
	for _, n := range objects[0].Needs {
		if n.Status != "" && n.Status != paxos.StatusApproved {
			return fmt.Sprintf("Paxos does not decide while a member is not approved: %q is %s", n.Key.RefID(), strings.ToLower(n.Status))
		}
	}
	return "Paxos has not decided yet"
}

// waitingText says which object waits for what: the first one tells enough.
func waitingText(objects []onboard.Record) string {
	for _, o := range objects {
		if o.State() != onboard.Waiting {
			continue
		}
		var needs []string
		for _, n := range o.Unmet() {
			needs = append(needs, strings.TrimSpace(fmt.Sprintf("%s %q %s", words(n.Key.Kind()), n.Key.RefID(), strings.ToLower(n.Status))))
		}
		return fmt.Sprintf("the %s waits for: %s", words(o.Key.Kind()), strings.Join(needs, ", "))
	}
	return "not everything is made yet"
}

// words is a kind as one says it.
func words(k onboard.Kind) string { return strings.ReplaceAll(string(k), "_", " ") }

// documentsText lists what is still missing of what Paxos asks for.
func documentsText(objects []onboard.Record) string {
	missing := slices.Clone(objects[0].Documents)
	for _, o := range objects {
		if o.Key.Kind() == onboard.KindDocument && o.State() == onboard.Decided {
			missing = slices.DeleteFunc(missing, func(t string) bool { return slices.Contains(o.Documents, t) })
		}
	}
	if len(missing) == 0 {
		return "Paxos looks at the documents that were sent"
	}
	return fmt.Sprintf("Paxos asks for documents: %s%s", strings.Join(missing, ", "), refusedDocument(objects))
}

// refusedDocument tells of a document that will not be sent again by itself.
func refusedDocument(objects []onboard.Record) string {
	for _, o := range objects {
		if o.Key.Kind() == onboard.KindDocument && o.Problem != nil {
			return fmt.Sprintf("; one for %s was not taken: %s", strings.Join(o.Documents, ", "), problemText(o.Problem))
		}
	}
	return ""
}

// unfulfilled names the bank account or order that came to nothing.
func unfulfilled(objects []onboard.Record) string {
	for _, o := range objects {
		if k := o.Key.Kind(); (k == onboard.KindFiatAccount || k == onboard.KindOrder) && o.State() == onboard.Decided {
			if s := o.Status; s != paxos.StatusApproved && s != paxos.OrderFilled {
				return fmt.Sprintf("the %s is %s", words(k), strings.ToLower(s))
			}
		}
	}
	return ""
}

func problemText(p *onboard.Problem) string {
	switch p.Code {
	case onboard.CodeCIPConflict:
		return fmt.Sprintf("the person exists at Paxos under another ref_id, as identity %s; if it is the same person, give that id in the column identity_id", p.Other)
	case onboard.CodeRefConflict:
		return fmt.Sprintf("the ref_id belongs to another person at Paxos, identity %s", p.Other)
	case onboard.CodeFile:
		return "a document cannot be read, or is neither PDF nor JPEG nor PNG"
	case onboard.CodeUnreadable:
		return fmt.Sprintf("what exists at Paxos cannot be read or compared, identity %s", p.Other)
	}
	text := fmt.Sprintf("refused by Paxos with HTTP %d", p.Status)
	if p.Type != "" {
		text += " " + p.Type
	}
	if p.Field != "" {
		text += ", which names " + p.Field
	}
	return text
}
