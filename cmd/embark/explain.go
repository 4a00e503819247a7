package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"embark/onboard"
	"embark/pipeline"
	"embark/rules"
	"embark/source"
)

func (e *environment) explainCommand() *cobra.Command {
	f := &runFlags{dryRun: true}
	var showValues bool
	c := &cobra.Command{
		Use:   "explain FILE:LINE | REF_ID [FILE...]",
		Short: "tell all about one row or customer: cells, rules, requests, state and what comes next",
		Long: `Tell all about one row, or about one customer of the checkpoint: the cells and what they become, the rules that
fired, what would be sent, what the checkpoint knows, and what comes next. Nothing is sent.

By a ref_id, the row is looked for in the files that are named, or where the checkpoint has seen it. What tells who the
customer is is shown by its shape: A and a for letters, 9 for digits. It compares the row with no others of its file: for
duplicates there is embark validate. The exit code is 0 also for a faulty row.`,
		Example: `  embark explain customers.csv:17
  embark explain cust-00000016 customers.csv`,
	}
	flags := c.Flags()
	f.declareTarget(flags)
	f.input.add(flags)
	flags.BoolVar(&f.orders, "orders", false, "as if orders were sent")
	flags.BoolVar(&f.retryFailed, "retry-failed", false, "as if what Paxos refused were tried again")
	flags.BoolVar(&showValues, "show-values", false, "show values instead of their shapes; on a terminal only")
	flags.StringVar(&f.output, "output", "text", "text or json")
	flags.StringVar(&f.config, "config", "", configHelp)
	c.RunE = func(c *cobra.Command, args []string) error {
		again := typedFor("validate", c)
		config, err := e.settleTarget(c, f)
		if err != nil {
			return err
		}
		switch {
		case len(args) == 0:
			return &usageError{"explain needs a row or a customer", "embark explain customers.csv:17, or embark explain REF_ID"}
		case showValues && !(isTerminal(e.stdin) && isTerminal(e.stdout)):
			return &usageError{"--show-values is for a terminal only", "what it shows is personal data, which belongs into no file and no log"}
		}
		t, err := e.target(f, config)
		if err != nil {
			return err
		}
		x := &explainer{environment: e, f: f, target: t, config: config, again: again}
		shown, err := x.explain(args)
		if err != nil {
			return err
		}
		shown.mask(showValues)
		if f.output == "json" {
			return json.NewEncoder(e.stdout).Encode(shown)
		}
		shown.print(e.stdout)
		return nil
	}
	return c
}

// explainer finds what is asked about.
type explainer struct {
	*environment
	f      *runFlags
	target *target
	config *configFile
	again  []string // flags for the command that comes next
	look   pipeline.Looking
}

func (x *explainer) explain(args []string) (*explained, error) {
	store, closeStore, err := x.f.lookIntoStore(x.environment, x.target)
	if err != nil {
		return nil, err
	}
	defer closeStore()
	extras := x.f.extras()
	x.look = pipeline.Looking{Store: store, Now: time.Now(), Retry: x.f.retryFailed,
		Policy: onboard.Policy{Settle: x.config.Settle, Orders: extras.Orders, Sandbox: extras.Sandbox}}
	if store != nil {
		x.look.Policy.Run = store.Run()
	}
	if len(args) == 1 {
		file, line, ok, err := placeOf(args[0])
		if err != nil {
			return nil, err
		}
		if ok {
			return x.row(file, line)
		}
	}
	return x.customer(args[0], args[1:])
}

// placeOf reads FILE:LINE. What has no file before the colon may be a ref_id.
func placeOf(arg string) (file string, line int, ok bool, err error) {
	i := strings.LastIndexByte(arg, ':')
	if i <= 0 {
		return "", 0, false, nil
	}
	file = arg[:i]
	_, missing := os.Stat(file)
	is := missing == nil || file == "-"
	line, wrong := strconv.Atoi(arg[i+1:])
	if wrong == nil && line >= 0 && arg[i+1] != '+' {
		return file, line, is || strings.ContainsAny(file, "./"), nil
	}
	if is {
		err = &usageError{fmt.Sprintf("%s is no line number", repeatable(arg[i+1:], "what is behind the colon")),
			fmt.Sprintf("one row at a time, by the line on which it starts: embark explain %s", shellWord(file+":2"))}
	}
	return "", 0, false, err
}

// repeatable is an argument, unless it is unfit to be repeated: what was meant for a
// ref_id may be a number of the person's.
func repeatable(arg, otherwise string) string {
	if rules.IsRefID(arg) {
		return strconv.Quote(arg)
	}
	return otherwise
}

// row explains the row on a line.
func (x *explainer) row(file string, line int) (*explained, error) {
	in, closeInput, err := x.open([]string{file})
	if err != nil {
		return nil, err
	}
	defer closeInput()
	row, fault, err := in.RowAt(0, line)
	if err != nil {
		return nil, err
	}
	if fault != "" {
		return nil, &usageError{fmt.Sprintf("%q: %s", file, fault), "name the line on which a row starts; findings and reports name it too"}
	}
	return x.inRow(in, 0, row)
}

func (x *explainer) open(paths []string) (pipeline.Input, func(), error) {
	in, closeInput, err := x.openInput(paths, &x.f.input, x.config, x.target.madeUp, x.note(x.f.quiet))
	in.Extras = x.f.extras()
	return in, closeInput, err
}

func (x *explainer) inRow(in pipeline.Input, file int, row source.Row) (*explained, error) {
	found, err := in.ExplainRow(file, row, x.look)
	if err != nil {
		return nil, err
	}
	shown := newExplained(found)
	if slices.ContainsFunc(found.Findings, func(f rules.Finding) bool { return f.Severity == rules.Error }) {
		shown.Next = x.correct(in.Files[file].Name(), row.Line)
	}
	return shown, nil
}

// correct is what to do about a faulty row.
func (x *explainer) correct(file string, line int) string {
	text := fmt.Sprintf("correct line %d of %q", line, file)
	if x.f.input.mapping != "" {
		text += " or the mapping"
	}
	return text + ", then: " + commandLine("validate", x.again, []string{file})
}

// customer explains a customer by ref_id, with the row where it can be found.
func (x *explainer) customer(refID string, files []string) (*explained, error) {
	if len(files) > 0 {
		shown, err := x.customerIn(refID, files)
		if shown != nil || err != nil {
			return shown, err
		}
	}
	var known *pipeline.Explanation
	if x.look.Store != nil {
		var err error
		if known, err = pipeline.ExplainKnown(refID, x.look); err != nil {
			return nil, err
		}
	}
	named := "that ref_id"
	if rules.IsRefID(refID) {
		named = "the ref_id " + strconv.Quote(refID)
	}
	switch {
	case known != nil && len(files) == 0:
		return x.whereSeen(known)
	case known != nil:
		shown := newExplained(known)
		shown.Missing = "no row of the files has this ref_id"
		return shown, nil
	case len(files) > 0:
		return nil, &usageError{fmt.Sprintf("neither the files nor the checkpoint have %s", named), "check the spelling; a row that names none is found by FILE:LINE"}
	case x.look.Store == nil:
		return nil, &usageError{fmt.Sprintf("there is no checkpoint %q to look for %s in", x.f.checkpoint, named), "name it with --checkpoint, or name the row as FILE:LINE"}
	}
	return nil, &usageError{fmt.Sprintf("the checkpoint %q does not know %s", x.f.checkpoint, named), "name a file to look for it in, or the row as FILE:LINE"}
}

func (x *explainer) customerIn(refID string, files []string) (*explained, error) {
	in, closeInput, err := x.open(files)
	if err != nil {
		return nil, err
	}
	defer closeInput()
	file, row, found, err := in.RowOf(refID)
	if err != nil || !found {
		return nil, err
	}
	return x.inRow(in, file, row)
}

// whereSeen looks for the customer's row where the checkpoint has seen it. That
// the file is not there any more, or another one, is no error.
func (x *explainer) whereSeen(known *pipeline.Explanation) (*explained, error) {
	seen := known.Objects[0].Record.Seen
	shown := newExplained(known)
	if seen.File == "" || seen.File == "-" {
		shown.Missing = "the row is not at hand: it came by standard input"
		return shown, nil
	}
	if _, err := os.Stat(seen.File); errors.Is(err, fs.ErrNotExist) {
		shown.Missing = fmt.Sprintf("the row is not at hand: it was on line %d of %q, which is not there any more", seen.Line, seen.File)
		return shown, nil
	}
	shown.Missing = fmt.Sprintf("the row is not at hand: it was on line %d of %q, which holds something else now", seen.Line, seen.File)
	in, closeInput, err := x.open([]string{seen.File})
	if err != nil {
		shown.Missing = fmt.Sprintf("the row is not at hand: %s; it was on line %d, and may need the file's --mapping", oneLine(err.Error()), seen.Line)
		return shown, nil
	}
	defer closeInput()
	row, fault, err := in.RowAt(0, seen.Line)
	if err != nil || fault != "" {
		return shown, nil
	}
	again, err := x.inRow(in, 0, row)
	if err != nil || again.RefID != known.RefID {
		return shown, err
	}
	return again, nil
}
