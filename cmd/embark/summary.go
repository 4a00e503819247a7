package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"embark/onboard"
	"embark/report"
)

func pid() int { return os.Getpid() }

// summarize prints the table at the end of a run.
func (e *environment) summarize(output string, s *report.Summary, path string) {
	if output == "json" {
		encoder := json.NewEncoder(e.stdout)
		encoder.SetIndent("", "  ")
		_ = encoder.Encode(s)
		return
	}
	fmt.Fprintf(e.stdout, "%s: %d rows in %s\n", s.Environment, s.Proof.RowsRead, s.Ended.Sub(s.Started).Round(100*time.Millisecond))
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	for _, o := range onboard.Outcomes() {
		if n := s.Outcomes[o]; n > 0 {
			fmt.Fprintf(w, "  %s\t%d\t%s\n", o, n, meanings[o])
		}
	}
	_ = w.Flush()
	if s.Rows.Checkpoint > 0 {
		fmt.Fprintf(e.stdout, "%d of these are from earlier runs\n", s.Rows.Checkpoint)
	}
	sums := "every row is accounted for"
	if !s.Proof.Holds {
		sums = "THE REPORT DOES NOT ADD UP"
	}
	fmt.Fprintf(e.stdout, "%s: %s\n", sums, filepath.Join(path, report.ResultsFile))
	if fixable := s.Outcomes[onboard.Rejected] + s.Outcomes[onboard.Failed] + s.Outcomes[onboard.OutcomeConflict]; fixable > 0 {
		fmt.Fprintf(e.stdout, "rows to correct and run again: %s\n", filepath.Join(path, report.RejectedFile))
	}
}

// meanings are the outcomes in a few words each.
var meanings = map[onboard.Outcome]string{
	onboard.Onboarded:        "identity approved, account and profile made",
	onboard.AlreadyOnboarded: "done in an earlier run",
	onboard.OutcomeAdopted:   "existed at Paxos under our ref_id",
	onboard.OutcomePending:   "sent, not decided yet",
	onboard.DocumentsNeeded:  "Paxos asks for documents",
	onboard.OutcomeWaiting:   "the account is not made yet",
	onboard.Denied:           "Paxos says no",
	onboard.Held:             "Paxos holds the identity",
	onboard.OutcomeConflict:  "the person or the ref_id exists at Paxos already",
	onboard.OutcomeChanged:   "Paxos has other content; nothing was sent",
	onboard.OutcomeInDoubt:   "an answer was lost; the next run settles it",
	onboard.Failed:           "refused by Paxos",
	onboard.Incomplete:       "account without profile",
	onboard.Rejected:         "faulty, never sent",
	onboard.RepeatedRow:      "equal to an earlier row",
	onboard.NotStarted:       "not sent yet",
}
