package pipeline

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"embark/mapping"
	"embark/onboard"
	"embark/source"
)

// Explanation is what is known of one row, or of one customer whose row is not
// at hand. It holds personal data in clear: fields, and the requests of objects.
type Explanation struct {
	Row      *source.Row // nil where it is not at hand
	RefID    string      // "" where the row has none that may be shown
	Fields   []mapping.Field
	Findings []mapping.Finding
	Objects  []Explained
}

// Explained is one object: what the row asks for, and what the checkpoint knows.
type Explained struct {
	Key     onboard.Key
	Record  onboard.Record // zero where the checkpoint knows nothing
	Request []byte         // JSON, of the row or else as it was stored; nil where neither has it
	Row     string         // how the row stands to the record; "" without a row that asks for it
	Calls   string         // made so far
	Next    string         // what a run would do about it
}

// Looking says by what an explanation goes. A zero Store leaves the checkpoint out.
type Looking struct {
	Store  Store
	Policy onboard.Policy
	Now    time.Time
	Retry  bool // as with a run's RetryFailed
}

// ExplainRow explains one row. It finds what the row shows by itself and in the
// checkpoint, and no duplicates within the file.
func (in Input) ExplainRow(file int, row source.Row, l Looking) (*Explanation, error) {
	result := in.mapRows(batch{file, []source.Row{row}})[0]
	e := &Explanation{Row: &row, RefID: in.refID(file, row), Fields: in.fields(file, row), Findings: result.Findings}
	var drafts []onboard.Record
	if c := result.Customer; c != nil {
		var err error
		if drafts, err = l.drafts(&result); err != nil {
			return nil, err
		}
		if taken, err := l.taken(c); err != nil || taken != "" {
			e.Findings = append(e.Findings, cipTaken(taken))
			if err != nil {
				return nil, err
			}
		}
	}
	return e, l.objects(e, drafts)
}

// fields explains the cells. Those of a file of bank accounts are all secret but
// for the names.
func (in Input) fields(file int, row source.Row) (fields []mapping.Field) {
	if m := in.Mappers[file]; m != nil {
		return m.Explain(row)
	}
	for i, cell := range row.Cells {
		column := in.Files[file].Header()[i]
		secret := !strings.HasSuffix(column, "ref_id") || in.refID(file, row) == ""
		fields = append(fields, mapping.Field{Column: column, Raw: cell, Value: cell, Secret: secret && cell != ""})
	}
	return fields
}

func (l Looking) drafts(r *mapping.Result) ([]onboard.Record, error) {
	if l.Store == nil {
		return drafts(offline{}, r)
	}
	return drafts(l.Store, r)
}

// taken is the ref_id of somebody else who has the customer's CIP ID.
func (l Looking) taken(c *onboard.Customer) (string, error) {
	if l.Store == nil {
		return "", nil
	}
	owner, err := l.Store.CIPOwner(l.Store.HashCIP(mapping.CIP(c)))
	if owner == c.RefID {
		owner = ""
	}
	return owner, err
}

// ExplainKnown explains a customer of the checkpoint, or the owner of an
// account, by ref_id. It is nil where the checkpoint knows of neither.
func ExplainKnown(refID string, l Looking) (*Explanation, error) {
	records, err := l.Store.Get(onboard.NewKey(onboard.KindIdentity, refID), onboard.NewKey(onboard.KindAccount, refID))
	switch {
	case err != nil:
		return nil, err
	case !records[0].Known() && records[1].Known():
		refID = ownerOf(records[1]).RefID()
	case !records[0].Known():
		return nil, nil
	}
	e := &Explanation{RefID: refID}
	return e, l.objects(e, nil)
}

// objects collects what the row asks for and what the checkpoint knows of the
// customer, each once.
func (l Looking) objects(e *Explanation, drafts []onboard.Record) error {
	var known []onboard.Record
	if l.Store != nil {
		var err error
		if known, err = l.known(e.RefID, drafts); err != nil {
			return err
		}
	}
	for _, d := range drafts {
		i := slices.IndexFunc(known, func(r onboard.Record) bool { return r.Key == d.Key })
		var record onboard.Record
		if i >= 0 {
			record = known[i]
			known = slices.Delete(known, i, i+1)
		}
		e.Objects = append(e.Objects, l.object(d.Key, record, &d))
	}
	for _, r := range known {
		e.Objects = append(e.Objects, l.object(r.Key, r, nil))
	}
	return nil
}

// known are the records of the drafts and all others of the customer: those of
// the identity, and what hangs on the accounts.
func (l Looking) known(refID string, drafts []onboard.Record) (known []onboard.Record, err error) {
	next := askedBy(drafts)
	if refID != "" {
		next = append(next, onboard.NewKey(onboard.KindIdentity, refID))
	}
	seen := map[onboard.Key]bool{}
	for len(next) > 0 {
		next = slices.DeleteFunc(next, func(k onboard.Key) bool { return seen[k] })
		records, err := l.Store.Get(next...)
		if err != nil {
			return nil, err
		}
		next = nil
		for _, r := range records {
			if !r.Known() || seen[r.Key] {
				continue
			}
			seen[r.Key] = true
			known = append(known, r)
			next = append(next, ownOf(r, refID)...)
		}
	}
	return known, nil
}

// ownOf are the objects that need this one and are of the same customer: not the
// institutions and accounts that it is only a member of.
func ownOf(r onboard.Record, refID string) (keys []onboard.Key) {
	if r.Key.Kind() != onboard.KindAccount && r.Key != onboard.NewKey(onboard.KindIdentity, refID) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(r.Needed), func(k onboard.Key) bool { return k.Kind() == onboard.KindIdentity })
}

func (l Looking) object(key onboard.Key, record onboard.Record, draft *onboard.Record) Explained {
	record, _ = onboard.Recover(record, l.Policy.Run) // whoever has the checkpoint open knows that nobody else is at work
	x := Explained{Key: key, Record: record, Request: record.Request, Calls: callsMade(record)}
	if draft == nil {
		x.Next = l.next(record)
		return x
	}
	x.Request = draft.Request
	admitted, admission := onboard.Admit(record, *draft, l.Retry)
	switch admission {
	case onboard.Fresh:
		x.Row = "new"
		if record.Known() {
			x.Row = "takes the place of what was not sent yet"
		}
	case onboard.Same:
		x.Row = "the same as before"
	case onboard.Joined:
		x.Row = "names more members than before"
	case onboard.Retried:
		x.Row = "tried again, since it was refused"
	case onboard.Changed:
		x.Row = "other content than what was sent; left alone"
		if sameSource(record, *draft) {
			x.Row = "other content than what was sent, from the same cells: the mapping changed; left alone"
		}
	}
	x.Next = l.next(admitted)
	return x
}

// callsMade tells what the facts tell of calls; looks that changed nothing are
// not on record.
func callsMade(r onboard.Record) string {
	var texts []string
	say := func(yes bool, format string, values ...any) {
		if yes {
			texts = append(texts, fmt.Sprintf(format, values...))
		}
	}
	say(r.Attempt > 0, "%s without a usable answer", times(r.Attempt, "create"))
	say(r.Origin == onboard.Made, "a create, answered")
	say(r.Origin == onboard.Repeated, "a repeated create, which showed that it was there")
	say(r.Origin == onboard.Adopted, "found at Paxos, made by somebody else")
	say(r.Origin == onboard.Given, "none to make it: the row names it")
	if r.Intent != nil {
		say(true, "a create under way since %s", stamp(r.Intent.Time))
	}
	say(r.Lost > 0, "%s in vain since", times(r.Lost, "look"))
	say(r.Problem != nil && r.Problem.Status != 0, "a create, refused")
	if len(texts) == 0 {
		return "none"
	}
	return strings.Join(texts, "; ")
}

func times(n int, what string) string {
	if n == 1 {
		return "one " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// next says in words what [onboard.Next] decides.
func (l Looking) next(r onboard.Record) string {
	step, at := onboard.Next(r, l.Now, l.Policy)
	if at.IsZero() {
		return idle(r)
	}
	text := map[onboard.Action]string{
		onboard.Create:  "a run sends it",
		onboard.Find:    "a run looks for it at Paxos",
		onboard.Resolve: "a run reads the identity that Paxos named in its place",
		onboard.Read:    "a run reads its status",
		onboard.Recheck: "a run reads anew whether what it needs is still approved, and sends it",
	}[step.Action]
	if step.Action == onboard.Create && step.Repeat() {
		text = "a run sends it again, under the same ref_id"
	}
	if at.After(l.Now) {
		text += ", not before " + stamp(at)
	}
	return text
}

// idle says why nothing is due.
func idle(r onboard.Record) string {
	switch r.State() {
	case onboard.Conflict:
		return problemText(r.Problem)
	case onboard.Refused:
		return problemText(r.Problem) + "; a run with --retry-failed tries again"
	case onboard.Waiting:
		return WaitsFor(r)
	case onboard.Ready:
		return "nothing: this run may not send objects of this kind (--orders, or the sandbox only)"
	case onboard.Sent:
		return "the process that sends it takes the answer"
	case onboard.Pending:
		return "Paxos decides; a run hears of it by the events"
	case onboard.InDoubt:
		return "nothing: Paxos decided without it"
	}
	return "nothing: it is done"
}

// WaitsFor says what an object needs that is not there yet; "" where there is nothing.
func WaitsFor(r onboard.Record) string {
	var needs []string
	for _, n := range r.Unmet() {
		what := map[onboard.For]string{"": "the approval", onboard.ItsID: "the id", onboard.ItsProfile: "the profile",
			onboard.ItsRequests: "a request for documents"}[n.For]
		text := fmt.Sprintf("%s of %s %q", what, words(n.Key.Kind()), n.Key.RefID())
		if n.Status != "" {
			text += ", which is " + n.Status
		}
		needs = append(needs, text)
	}
	if needs == nil {
		return ""
	}
	return "waits for " + strings.Join(needs, "; ")
}

// RowAt finds the row that starts on a line of a file, and reads no further than
// there. fault says, where there is none, what there is instead.
func (in Input) RowAt(file, line int) (row source.Row, fault string, err error) {
	f := in.Files[file]
	var before *source.Row
	for row, err := range f.Rows() {
		switch {
		case err != nil:
			return row, "", err
		case row.Line == line:
			return row, "", nil
		case row.Line > line:
			return row, notStarting(before, &row, line), nil
		}
		kept := row
		before = &kept
	}
	return row, notStarting(before, nil, line), nil
}

// notStarting says what is on a line on which no row starts.
func notStarting(before, after *source.Row, line int) string {
	switch {
	case before == nil && after == nil:
		return fmt.Sprintf("the file has no rows, so there is none on line %d", line)
	case before == nil:
		return fmt.Sprintf("line %d is the header, or before it; the first row starts on line %d", line, after.Line)
	case line < before.Line+linesOf(before) || before.Damage != nil && before.Cells == nil && after != nil:
		return fmt.Sprintf("line %d is part of the row that starts on line %d", line, before.Line)
	case after == nil:
		return fmt.Sprintf("no row starts on line %d; the last row of the file starts on line %d", line, before.Line)
	}
	return fmt.Sprintf("line %d is blank; the rows around it start on lines %d and %d", line, before.Line, after.Line)
}

// linesOf counts the lines of a row by the breaks in its cells.
func linesOf(row *source.Row) int {
	n := 1
	for _, cell := range row.Cells {
		n += strings.Count(cell, "\n")
	}
	return n
}

// RowOf finds the first row of the files that names the customer.
func (in Input) RowOf(refID string) (file int, row source.Row, found bool, err error) {
	for file, f := range in.Files {
		for row, err := range f.Rows() {
			if err != nil {
				return file, row, false, err
			}
			if row.Damage == nil && in.refID(file, row) == refID {
				return file, row, true, nil
			}
		}
	}
	return 0, row, false, nil
}
