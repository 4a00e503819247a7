package pipeline

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"embark/mapping"
	"embark/onboard"
	"embark/paxos"
)

// TestDuplicatesInParts: however many suspects are held at a time, the same is
// found: rows repeated, of other content, with somebody's document, and persons
// under two ref_ids.
func TestDuplicatesInParts(t *testing.T) {
	r := newRig(t, 40, noOptions)
	lines := strings.SplitAfter(readInput(r), "\n")
	text := strings.Join(lines, "")
	for i, line := range lines[1:31] {
		switch i % 4 {
		case 0:
			text += line // repeated
		case 1:
			text += strings.Replace(line, "cust-", "twin-", 1) // with the same document
		case 2:
			cells := strings.Split(line, ",")
			cells[1] = "Other"
			text += strings.Join(cells, ",") // other content
		case 3:
			cells := strings.Split(line, ",")
			cells[0], cells[12] = fmt.Sprint("new-", i), fmt.Sprintf("900-02-%04d", i+1)
			text += strings.Join(cells, ",") // the same person
		}
	}
	r.writeInput(text)
	want := r.compared(0)
	for _, rule := range []string{"duplicate_ref_id", "duplicate_cip", ruleSamePerson, "repeated"} {
		if !slices.ContainsFunc(want, func(s string) bool { return strings.Contains(s, rule) }) {
			t.Fatalf("got no %s in %q", rule, want)
		}
	}
	for _, most := range []int{1, 7, 1000} {
		if got := r.compared(most); !slices.Equal(got, want) {
			t.Errorf("got %q with %d suspects at a time, want %q", got, most, want)
		}
	}
}

// compared is what was found about all rows, in order, and what is left to be made.
func (r *rig) compared(most int) (found []string) {
	r.t.Helper()
	checked, err := Check(r.t.Context(), r.input(), Checking{suspects: most, Show: func(res mapping.Result) {
		for _, f := range res.Findings {
			found = append(found, fmt.Sprintf("%d %s %s", res.Row.Line, f.Rule, f.Other))
		}
	}})
	if err != nil {
		r.t.Fatal(err)
	}
	slices.Sort(found)
	objects := checked.Plan(paxos.Limits{}, 0, 0).Objects
	return append(found, fmt.Sprintf("%d rejected, %d repeated, %d due, %d identities, %v", checked.Rejected, checked.Repeated, checked.Due,
		objects.Of(onboard.KindIdentity), checked.Findings))
}
