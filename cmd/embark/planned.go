package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"text/tabwriter"
	"time"

	"embark/onboard"
	"embark/paxos"
	"embark/pipeline"
)

// plan is what embark plan tells, as its JSON has it.
type plan struct {
	Rows           int                     `json:"rows"`
	Valid          int                     `json:"valid"`
	New            int                     `json:"new"`
	Unchanged      int                     `json:"unchanged"` // already onboarded
	Waiting        int                     `json:"waiting"`
	Stopped        int                     `json:"stopped"` // denied, held, refused or in conflict
	Changed        int                     `json:"changed"`
	ChangedMapping int                     `json:"changed_by_mapping"` // of the changed: the data is the same
	Rejected       int                     `json:"rejected"`
	Repeated       int                     `json:"repeated"`
	Customers      int                     `json:"customers"` // that would be started
	BankRows       int                     `json:"bank_rows"` // likewise, of files of bank accounts
	Blocked        string                  `json:"blocked,omitempty"`
	Objects        map[onboard.Kind]int    `json:"objects"`
	Calls          map[paxos.Class]int     `json:"calls"`
	Polling        int                     `json:"polling"` // of the calls
	Budget         map[paxos.Class]float64 `json:"budget"`  // requests a second
	PausedSeconds  float64                 `json:"paused_seconds"`
	Seconds        float64                 `json:"seconds"` // the pause included, decisions of Paxos not
	Finish         time.Time               `json:"finish"`
	Disk           diskNeeded              `json:"disk"`
	HigherLimit    []higherLimit           `json:"higher_limit"`
	Drift          []pipeline.Drift        `json:"drift"`

	limits paxos.Limits
}

// diskNeeded is in bytes, rounded up.
type diskNeeded struct {
	Checkpoint int64 `json:"checkpoint_bytes"`
	Report     int64 `json:"report_bytes"`
	Spool      int64 `json:"spool_bytes"`
}

// higherLimit is what a higher limit of the Identity API would buy.
type higherLimit struct {
	Limit   float64   `json:"identity_limit"` // requests a second
	Seconds float64   `json:"seconds"`
	Finish  time.Time `json:"finish"`
}

// What things take on disk: a customer is two objects and takes 1,407 bytes of a
// checkpoint that was not compacted (docs/performance.md), which grows in steps
// of 16 MiB; a line of results.csv takes 192 bytes in the samples; a rejected row takes its
// own bytes and about 100 for what is wrong with it.
const (
	bytesPerObject   = 704
	bytesPerStep     = 16 << 20
	bytesPerResult   = 192
	bytesPerRejected = 100
)

func (f *runFlags) planned(t *target, store pipeline.Store, in pipeline.Input, c *pipeline.Checked) (*plan, error) {
	pause, err := pauseOf(store)
	if err != nil {
		return nil, err
	}
	limits := t.options.Limits
	made := c.Plan(limits, f.limit, pause)
	now := time.Now()
	p := &plan{Rows: c.Rows, Valid: c.Valid, New: c.New, Unchanged: c.Finished, Waiting: c.Waiting, Stopped: c.Stopped,
		Changed: c.Changed, ChangedMapping: c.Remapped, Rejected: c.Rejected, Repeated: c.Repeated,
		Customers: made.Customers, BankRows: c.DueBanks, Blocked: f.blocked(c), Objects: map[onboard.Kind]int{},
		Calls: made.Calls, Polling: made.Polling, Budget: made.Budget, PausedSeconds: pause.Seconds(), Seconds: made.Takes.Seconds(),
		Finish: now.Add(made.Takes).Truncate(time.Second), Disk: diskFor(in, c, made), Drift: append([]pipeline.Drift{}, c.Drifts...), limits: limits}
	for _, kind := range onboard.Kinds() {
		if n := made.Objects.Of(kind); n > 0 {
			p.Objects[kind] = n
		}
	}
	for _, times := range []float64{1, 2, 5} {
		more := limits
		more.Identity = times * made.Budget[paxos.ClassIdentity] / shareOf(limits)
		takes := made.With(more)
		p.HigherLimit = append(p.HigherLimit, higherLimit{more.Identity, takes.Seconds(), now.Add(takes).Truncate(time.Second)})
	}
	return p, nil
}

// shareOf is the part of the limits that may be used.
func shareOf(l paxos.Limits) float64 {
	l.Identity = 1
	return l.Budget(paxos.ClassIdentity)
}

// pauseOf is what is left of a silence after a 429.
func pauseOf(store pipeline.Store) (time.Duration, error) {
	if store == nil {
		return 0, nil
	}
	memory, err := pipeline.LoadLimits(store)
	return max(0, time.Until(memory.SilentUntil)), err
}

// blocked says why a run would send nothing; empty where it would.
func (f *runFlags) blocked(c *pipeline.Checked) string {
	limits := pipeline.Config{MaxRejected: f.maxRejected.share, Strict: f.maxRejected.set}
	switch err := c.WithinCap(f.orderCap); {
	case limits.TooManyFaulty(c.Rejected, c.Rows):
		return "too many faulty rows (--max-rejected)"
	case f.input.strict && len(c.Drifts) > 0:
		return "the file differs from the last one accepted (--strict)"
	case err != nil:
		return err.Error()
	}
	return ""
}

func diskFor(in pipeline.Input, c *pipeline.Checked, made *pipeline.Plan) (d diskNeeded) {
	size := int64(0)
	for _, f := range in.Files {
		size += f.Size()
		d.Spool += f.Spooled()
	}
	d.Report = int64(c.Rows) * bytesPerResult
	if c.Rows > 0 {
		d.Report += int64(c.Rejected) * (bytesPerRejected + size/int64(c.Rows))
	}
	if n := made.Objects.Total(); n > 0 {
		d.Checkpoint = int64(n)*bytesPerObject + bytesPerStep
	}
	return d
}

func (p *plan) print(out io.Writer, alone bool) {
	if alone {
		p.printRows(out)
	}
	fmt.Fprintln(out, p.forecast())
	if p.Blocked != "" || len(p.Objects) == 0 {
		return
	}
	fmt.Fprintf(out, "it would be done at %s, in %s, if Paxos decides as fast\n\n", p.Finish.Format("2006-01-02 15:04 MST"), seconds(p.Seconds))
	p.printCalls(out)
	fmt.Fprintf(out, "disk: checkpoint %s, report %s, spooled input %s\n\n", bytesText(p.Disk.Checkpoint), bytesText(p.Disk.Report), bytesText(p.Disk.Spool))
	p.printHigher(out)
}

func (p *plan) printRows(out io.Writer) {
	fmt.Fprintln(out, count(p.Rows, "row"))
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, line := range []struct {
		name string
		n    int
		what string
	}{
		{"new", p.New, "to be sent"},
		{"waiting", p.Waiting, "sent before; Paxos has not decided, or they need something"},
		{"unchanged", p.Unchanged, "onboarded before"},
		{"stopped", p.Stopped, "sent before, and denied, held, refused or in conflict"},
		{"changed", p.Changed - p.ChangedMapping, "the data changed after it was sent; left alone"},
		{"changed", p.ChangedMapping, "the mapping changed after they were sent, the data did not; left alone"},
		{"rejected", p.Rejected, "faulty; embark validate tells why"},
		{"repeated", p.Repeated, "equal to an earlier row"},
	} {
		if line.n > 0 || line.name == "new" {
			fmt.Fprintf(w, "  %s\t%d\t%s\n", line.name, line.n, line.what)
		}
	}
	_ = w.Flush()
}

// forecast says in a sentence what a run would do.
func (p *plan) forecast() string {
	if p.Blocked != "" {
		return "a run would send nothing: " + p.Blocked
	}
	text := fmt.Sprintf("a run would send %s", count(p.Customers, "customer"))
	if p.Customers > 0 {
		text += fmt.Sprintf(", in about %s at %s requests a second", seconds(p.Seconds), rate(p.Budget[paxos.ClassIdentity]))
	}
	if p.BankRows > 0 {
		text += fmt.Sprintf("; %s of a file of bank accounts", count(p.BankRows, "row"))
	}
	if p.Unchanged > 0 {
		text += fmt.Sprintf("; %d were onboarded before", p.Unchanged)
	}
	if n := p.Changed - p.ChangedMapping; n > 0 {
		text += fmt.Sprintf("; %d have changed since they were sent and would be left alone", n)
	}
	if n := p.ChangedMapping; n > 0 {
		text += fmt.Sprintf("; %d changed, because the mapping changed, and would be left alone", n)
	}
	return text
}

// printCalls shows the requests by the classes of Paxos's limits.
func (p *plan) printCalls(out io.Writer) {
	fmt.Fprintln(out, "requests, and how many a second are allowed for:")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, class := range []paxos.Class{paxos.ClassIdentity, paxos.ClassOther, paxos.ClassToken} {
		fmt.Fprintf(w, "  %s\t%d\t%s\n", class, p.Calls[class], rate(p.Budget[class]))
	}
	_ = w.Flush()
	if p.Polling > 0 {
		fmt.Fprintf(out, "%d of them look for decisions; a lost answer takes one or two more\n", p.Polling)
	}
	if n := p.Objects[onboard.KindDocument]; n > 0 {
		fmt.Fprintf(out, "not counted: %s, sent only if Paxos asks\n", count(n, "document"))
	}
}

// printHigher shows what is to be had by asking Paxos.
func (p *plan) printHigher(out io.Writer) {
	fmt.Fprintf(out, "with another limit of the Identity API, of which %.0f %% are used:\n", 100*shareOf(p.limits))
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for i, h := range p.HigherLimit {
		assumed := ""
		if i == 0 {
			assumed = ", as above"
		}
		fmt.Fprintf(w, "  limit %s a second\t%s%s\n", rate(h.Limit), seconds(h.Seconds), assumed)
	}
	_ = w.Flush()
}

func rate(perSecond float64) string {
	return strconv.FormatFloat(math.Round(perSecond*100)/100, 'f', -1, 64)
}

func seconds(s float64) time.Duration { return took(time.Duration(s * float64(time.Second))) }
