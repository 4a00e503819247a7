package pipeline

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"embark/checkpoint"
	"embark/onboard"
	"embark/paxossim"
)

// TestRowAt: a line on which no row starts is told from one that is not there,
// and no line behind it is read.
func TestRowAt(t *testing.T) {
	r := newRig(t, 3, noOptions)
	lines := strings.SplitAfter(readInput(r), "\n")
	cells := strings.SplitN(lines[1], ",", 3)
	quoted := cells[0] + ",\"a\nb\n\"," + cells[2] // lines 2 to 4
	r.writeInput(lines[0] + quoted + "\n" + lines[2] + lines[3])
	for line, want := range map[int]string{
		1: "line 1 is the header, or before it; the first row starts on line 2",
		2: "", 6: "", 7: "",
		3: "line 3 is part of the row that starts on line 2",
		4: "line 4 is part of the row that starts on line 2",
		5: "line 5 is blank; the rows around it start on lines 2 and 6",
		8: "no row starts on line 8; the last row of the file starts on line 7",
	} {
		row, fault, err := r.input().RowAt(0, line)
		if err != nil || fault != want || want == "" && row.Line != line {
			t.Errorf("line %d: got line %d, %q, %v, want %q", line, row.Line, fault, err, want)
		}
	}
}

// TestExplain follows one customer, and one whose row is faulty.
func TestExplain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 2, paxossim.Options{ApproveAfter: time.Hour})
		offline, err := r.explainAt(nil, 2)
		if err != nil {
			t.Fatal(err)
		}
		expectObject(t, offline, 0, "", "new", "none", "a run sends it")
		expectObject(t, offline, 1, "", "new", "none", `waits for the approval of identity "cust-00000001"`)
		if len(offline.Fields) != 27 || offline.RefID != "cust-00000001" || offline.Row.Line != 2 {
			t.Errorf("got %d fields of %q on line %d", len(offline.Fields), offline.RefID, offline.Row.Line)
		}

		r.must(func(c *Config) { c.Wait = 0 })
		store, err := checkpoint.Open(checkpoint.Options{Path: r.path("embark.db"), Environment: "test", ClientID: "test"})
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		sent, err := r.explainAt(store, 2)
		if err != nil {
			t.Fatal(err)
		}
		expectObject(t, sent, 0, onboard.Pending, "the same as before", "a create, answered", "Paxos decides; a run hears of it by the events")
		expectObject(t, sent, 1, onboard.Waiting, "the same as before", "none", `waits for the approval of identity "cust-00000001"`)

		known, err := ExplainKnown("cust-00000002-account", r.looking(store))
		if err != nil || known.RefID != "cust-00000002" || known.Row != nil || len(known.Objects) != 2 {
			t.Fatalf("got %+v, %v, want the account's owner", known, err)
		}
		expectObject(t, known, 0, onboard.Pending, "", "a create, answered", "Paxos decides; a run hears of it by the events")
		if nobody, err := ExplainKnown("cust-9", r.looking(store)); nobody != nil || err != nil {
			t.Errorf("got %+v, %v of a stranger", nobody, err)
		}

		lines := strings.SplitAfter(readInput(r), "\n")
		first, second := strings.Split(lines[1], ","), strings.Split(lines[2], ",")
		other := append([]string{"cust-00000003"}, first[1:]...) // with the document of the first
		second[1] = "Renamed"
		r.writeInput(lines[0] + strings.Replace(lines[1], ",USA,", ",ZZZ,", 1) + strings.Join(second, ",") + strings.Join(other, ","))
		faulty, err := r.explainAt(store, 2)
		if err != nil || len(faulty.Findings) != 1 || len(faulty.Objects) != 2 {
			t.Fatalf("got %+v, %v, want a finding and what the checkpoint knows", faulty, err)
		}
		changed, err := r.explainAt(store, 3)
		if err != nil {
			t.Fatal(err)
		}
		expectObject(t, changed, 0, onboard.Pending, "other content than what was sent; left alone", "a create, answered",
			"Paxos decides; a run hears of it by the events")
		taken, err := r.explainAt(store, 4)
		if err != nil || len(taken.Findings) != 1 || taken.Findings[0].Rule != ruleTaken || taken.Findings[0].Other != `"cust-00000001"` {
			t.Errorf("got %+v, %v, want the document's other owner named", taken.Findings, err)
		}
	})
}

// TestCallsMade reads the facts of a record.
func TestCallsMade(t *testing.T) {
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	for want, r := range map[string]onboard.Record{
		"none":                              {},
		"a create, answered":                {Origin: onboard.Made, ID: "id"},
		"2 creates without a usable answer": {Attempt: 2},
		"one create without a usable answer; a repeated create, which showed that it was there": {Attempt: 1, Origin: onboard.Repeated, ID: "id"},
		"found at Paxos, made by somebody else":                                                 {Origin: onboard.Adopted, ID: "id"},
		"a create under way since 2026-11-01T12:00:00Z":                                         {Intent: &onboard.Intent{Time: at}},
		"one create without a usable answer; one look in vain since":                            {Attempt: 1, Lost: 1},
		"a create, refused": {Problem: &onboard.Problem{Code: onboard.CodeRefused, Status: 400}},
	} {
		if got := callsMade(r); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestExplainABankRow: a row of a file of bank accounts has no mapper to ask.
func TestExplainABankRow(t *testing.T) {
	r := newBankRig(t, 1, noOptions)
	in := r.inputOf("banks.csv", "in.csv")
	row, _, err := in.RowAt(0, 2)
	if err != nil {
		t.Fatal(err)
	}
	e, err := in.ExplainRow(0, row, r.looking(nil))
	if err != nil || len(e.Objects) != 1 || e.Objects[0].Key.Kind() != onboard.KindFiatAccount {
		t.Fatalf("got %+v, %v, want a bank account", e, err)
	}
	for _, f := range e.Fields {
		if open := strings.HasSuffix(f.Column, "ref_id") || f.Raw == ""; f.Secret == open {
			t.Errorf("%s: got secret %v", f.Column, f.Secret)
		}
	}
}

func TestRowOf(t *testing.T) {
	r := newRig(t, 3, noOptions)
	in := r.input()
	if file, row, found, err := in.RowOf("cust-00000003"); err != nil || !found || file != 0 || row.Line != 4 {
		t.Errorf("got file %d, line %d, %v, %v", file, row.Line, found, err)
	}
	if _, _, found, err := in.RowOf("cust-4"); found || err != nil {
		t.Errorf("got found %v, %v of a stranger", found, err)
	}
}

func expectObject(t *testing.T, e *Explanation, i int, state onboard.State, row, calls, next string) {
	t.Helper()
	got := e.Objects[i]
	if got.Record.Known() && got.Record.State() != state || !got.Record.Known() && state != "" ||
		got.Row != row || got.Calls != calls || got.Next != next {
		t.Errorf("%s: got %s, %q, %q, %q, want %s, %q, %q, %q", got.Key, got.Record.State(), got.Row, got.Calls, got.Next, state, row, calls, next)
	}
}

func (r *rig) looking(store Store) Looking { return Looking{Store: store, Now: time.Now()} }

// explainAt explains the row of in.csv on a line.
func (r *rig) explainAt(store Store, line int) (*Explanation, error) {
	in := r.input()
	row, _, err := in.RowAt(0, line)
	if err != nil {
		return nil, err
	}
	return in.ExplainRow(0, row, r.looking(store))
}
