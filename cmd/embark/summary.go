package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"embark/onboard"
	"embark/report"
)

// summarize prints the table at the end of a run, and what to type next where that
// is known.
func (e *environment) summarize(output string, s *report.Summary, path, next string) {
	if output == "json" {
		encoder := json.NewEncoder(e.stdout)
		encoder.SetIndent("", "  ")
		_ = encoder.Encode(s)
		return
	}
	lines := s.Rows.Input + s.Rows.Checkpoint
	fmt.Fprintf(e.stdout, "%s: %s in %s\n", s.Environment, customers(s.Rows), took(s.Ended.Sub(s.Started)))
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	for _, o := range onboard.Outcomes() {
		if n := s.Outcomes[o]; n > 0 {
			fmt.Fprintf(w, "  %s\t%d\t%s\n", o, n, meanings[o])
		}
	}
	_ = w.Flush()
	if text := orphans(s.Orphans); text != "" {
		fmt.Fprintln(e.stdout, text)
	}
	switch {
	case !s.Proof.Holds:
		fmt.Fprintf(e.stdout, "THE REPORT DOES NOT ADD UP: %s\n", filepath.Join(path, report.ResultsFile))
	case lines == 0:
		fmt.Fprintln(e.stdout, "there was nothing left to do")
	default:
		fmt.Fprintf(e.stdout, "every row is accounted for: %s\n", filepath.Join(path, report.ResultsFile))
	}
	if s.Damaged > 0 {
		fmt.Fprintln(e.stdout, inOriginal(s.Damaged, report.ResultsFile))
	}
	if fixable(s) > 0 {
		fmt.Fprintf(e.stdout, "to correct and run again:   %s\n", filepath.Join(path, report.RejectedFile))
	}
	if next != "" {
		fmt.Fprintf(e.stdout, "next: %s\n", next)
	}
}

// fixable is how many rows are in rejected.csv.
func fixable(s *report.Summary) int {
	return s.Outcomes[onboard.Rejected] + s.Outcomes[onboard.Failed] + s.Outcomes[onboard.OutcomeConflict] - s.Damaged
}

// next is what to type after a run about rows that are to be corrected; "" where
// there are none.
func (f *runFlags) next(s *report.Summary, path string) string {
	switch {
	case encodingAlone(s.Outcomes[onboard.Rejected], s.Findings):
		return otherEncoding("run", f.input.encoding, f.again, f.args)
	case fixable(s) == 0:
		return ""
	}
	return "correct the rows where they stand in rejected.csv, then: " + rejectedAgain("run", f.again, path, s.RejectedFiles)
}

// customers tells how many lines a report has, and where they came from.
func customers(r report.Rows) string {
	switch {
	case r.Checkpoint == 0:
		return count(r.Input, "row")
	case r.Input == 0:
		return count(r.Checkpoint, "customer") + " of earlier runs"
	}
	return fmt.Sprintf("%s and %s of earlier runs", count(r.Input, "row"), count(r.Checkpoint, "customer"))
}

// orphans tells what bank rows and customers lack in each other; nothing where
// all is well.
func orphans(o *report.Orphans) string {
	var texts []string
	if o != nil && o.BankRows > 0 {
		texts = append(texts, count(o.BankRows, "bank row")+" without a customer")
	}
	if o != nil && o.Customers > 0 {
		texts = append(texts, count(o.Customers, "customer")+" without a bank account")
	}
	return strings.Join(texts, ", ")
}

// took rounds so that the figure is worth reading.
func took(d time.Duration) time.Duration {
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(time.Second)
}

// meanings are the outcomes in a few words each.
var meanings = map[onboard.Outcome]string{
	onboard.Onboarded:        "identity approved, and all that the row asks for made",
	onboard.AlreadyOnboarded: "done in an earlier run",
	onboard.OutcomeAdopted:   "existed at Paxos under our ref_id",
	onboard.OutcomePending:   "sent, not decided yet",
	onboard.DocumentsNeeded:  "Paxos asks for documents",
	onboard.OutcomeWaiting:   "needs something that is not there yet",
	onboard.Denied:           "Paxos says no",
	onboard.Held:             "Paxos holds the identity",
	onboard.OutcomeConflict:  "the person or the ref_id exists at Paxos already",
	onboard.OutcomeChanged:   "Paxos has other content; nothing was sent",
	onboard.OutcomeInDoubt:   "an answer was lost; the next run settles it",
	onboard.Failed:           "refused by Paxos",
	onboard.Incomplete:       "without profile, or a bank account or order came to nothing",
	onboard.Rejected:         "faulty, never sent",
	onboard.RepeatedRow:      "equal to an earlier row",
	onboard.NotStarted:       "not sent yet",
}
