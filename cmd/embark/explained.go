package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"embark/mapping"
	"embark/onboard"
	"embark/pipeline"
	"embark/report"
	"embark/rules"
)

// explained is what embark explain shows, as its JSON has it. Values are in
// clear until it is masked.
type explained struct {
	File     string            `json:"file,omitempty"`
	Line     int               `json:"line,omitempty"`
	RefID    string            `json:"ref_id"`
	Missing  string            `json:"row_missing,omitempty"` // why there is no row
	Cells    []explainedCell   `json:"cells,omitempty"`
	Findings []rules.Finding   `json:"findings"`
	Next     string            `json:"next,omitempty"` // what to do about a faulty row
	Objects  []explainedObject `json:"objects"`
	Masked   bool              `json:"masked"`
}

type explainedCell struct {
	Column string `json:"column"`         // canonical; "" for what the mapping leaves out
	From   string `json:"from,omitempty"` // in the file, where it has another name
	Raw    string `json:"raw"`
	Value  string `json:"value"`

	secretRaw, secretValue bool
}

type explainedObject struct {
	Kind      onboard.Kind     `json:"kind"`
	RefID     string           `json:"ref_id"`
	State     onboard.State    `json:"state,omitempty"` // empty where nothing was begun
	ID        string           `json:"paxos_id,omitempty"`
	ProfileID string           `json:"profile_id,omitempty"`
	Status    string           `json:"status,omitempty"`
	StatusAt  time.Time        `json:"status_at,omitzero"`
	Needs     []explainedNeed  `json:"needs,omitempty"`
	Attempts  int              `json:"attempts"` // that may have been answered unseen
	Problem   *onboard.Problem `json:"problem,omitempty"`
	Row       string           `json:"row,omitempty"` // how the row stands to it
	Calls     string           `json:"calls"`
	Next      string           `json:"next"`
	Payload   any              `json:"payload,omitempty"`
}

type explainedNeed struct {
	Kind   onboard.Kind `json:"kind"`
	RefID  string       `json:"ref_id"`
	For    onboard.For  `json:"for,omitempty"` // empty: for its approval
	ID     string       `json:"paxos_id,omitempty"`
	Status string       `json:"status,omitempty"`
}

func newExplained(of *pipeline.Explanation) *explained {
	x := &explained{RefID: of.RefID, Findings: append([]rules.Finding{}, of.Findings...), Objects: []explainedObject{}}
	if of.Row != nil {
		x.File, x.Line = of.Row.File, of.Row.Line
	}
	for _, f := range of.Fields {
		x.Cells = append(x.Cells, newCell(f, of.Findings))
	}
	for _, o := range of.Objects {
		x.Objects = append(x.Objects, newObject(o))
	}
	return x
}

// newCell hides both the cell and what it becomes, or the cell alone: what is
// from a list of the API tells little, whatever it was made of.
func newCell(f mapping.Field, findings []rules.Finding) explainedCell {
	c := explainedCell{Column: f.Column, From: f.From, Raw: f.Raw, Value: f.Value}
	c.secretValue = f.Secret && !isListed(f) && !isCountry(f, findings)
	c.secretRaw = f.Secret && (c.secretValue || f.Raw != f.Value)
	return c
}

func isListed(f mapping.Field) bool {
	return slices.ContainsFunc(rules.Columns(), func(c rules.Column) bool { return c.Name == f.Column && slices.Contains(c.Values, f.Value) })
}

// isCountry: a country that passed its rule.
func isCountry(f mapping.Field, findings []rules.Finding) bool {
	return countryKey(f.Column) && alpha3(f.Value) &&
		!slices.ContainsFunc(findings, func(found rules.Finding) bool { return found.Column == f.Column })
}

func alpha3(v string) bool {
	return len(v) == 3 && !strings.ContainsFunc(v, func(r rune) bool { return r < 'A' || r > 'Z' })
}

// countryKey tells of a canonical column, or of a key of a request.
func countryKey(name string) bool {
	return strings.HasSuffix(name, "country") || name == "nationality"
}

func newObject(o pipeline.Explained) explainedObject {
	r := o.Record
	x := explainedObject{Kind: o.Key.Kind(), RefID: o.Key.RefID(), ID: r.ID, ProfileID: r.ProfileID, Status: r.Status, StatusAt: r.StatusAt,
		Attempts: r.Attempt, Problem: r.Problem, Row: o.Row, Calls: o.Calls, Next: o.Next}
	if r.Known() {
		x.State = r.State()
	}
	for _, n := range r.Needs {
		x.Needs = append(x.Needs, explainedNeed{n.Key.Kind(), n.Key.RefID(), n.For, n.ID, n.Status})
	}
	if json.Unmarshal(o.Request, &x.Payload) != nil {
		x.Payload = nil
	}
	return x
}

// mask turns what tells who the customer is into its shape, unless values are
// to be shown.
func (x *explained) mask(showValues bool) {
	if x.Masked = !showValues; showValues {
		return
	}
	for i := range x.Cells {
		x.Cells[i].mask()
	}
	for i := range x.Objects {
		x.Objects[i].Payload = maskPayload("", x.Objects[i].Payload)
	}
}

func (c *explainedCell) mask() {
	if c.secretRaw {
		c.Raw = shape(c.Raw)
	}
	if c.secretValue {
		c.Value = shape(c.Value)
	}
}

// shape keeps the length and what kind of character is where.
func shape(v string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsUpper(r):
			return 'A'
		case unicode.IsLetter(r), unicode.IsMark(r):
			return 'a'
		case unicode.IsNumber(r):
			return '9'
		case r < 0x7F && unicode.IsPrint(r):
			return r
		}
		return '?'
	}, v)
}

// maskPayload leaves values of the API's lists, countries and ref_ids: members
// are named by those until the request is sent.
func maskPayload(key string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = maskPayload(k, v[k])
		}
		return v
	case []any:
		for i := range v {
			v[i] = maskPayload(key, v[i])
		}
		return v
	case string:
		if !harmless(key, v) {
			return shape(v)
		}
	case float64:
		return shape(fmt.Sprint(v))
	}
	return v
}

func harmless(key, v string) bool {
	return slices.Contains([]string{"ref_id", "identity_id", "roles", "types"}, key) ||
		countryKey(key) && alpha3(v) || slices.Contains(listed()[key], v)
}

// listed are the values of lists, by the last part of the column's name, which
// is the key in requests.
func listed() map[string][]string {
	values := map[string][]string{}
	for _, c := range rules.Columns() {
		key := c.Name[strings.LastIndexByte(c.Name, '.')+1:]
		values[key] = append(values[key], c.Values...)
	}
	return values
}

func (x *explained) print(out io.Writer) {
	fmt.Fprintln(out, x.title())
	if x.Missing != "" {
		fmt.Fprintln(out, x.Missing)
	}
	x.printCells(out)
	for _, f := range x.Findings {
		fmt.Fprintf(out, "%s: %s: %s\n", f.Severity, f.Rule, report.Sentence(f))
		if f.Hint != "" {
			fmt.Fprintf(out, "  hint: %s\n", f.Hint)
		}
	}
	if x.Next != "" {
		fmt.Fprintf(out, "next: %s\n", x.Next)
	}
	for _, o := range x.Objects {
		o.print(out)
	}
	if x.Masked && len(x.Cells)+len(x.Objects) > 0 {
		fmt.Fprintln(out, "\nvalues are shown by their shape; --show-values shows them on a terminal")
	}
}

func (x *explained) title() string {
	var parts []string
	if x.File != "" {
		parts = append(parts, fmt.Sprintf("%q, line %d", x.File, x.Line))
	}
	if x.RefID != "" {
		parts = append(parts, x.RefID)
	}
	return strings.Join(parts, ": ")
}

// printCells shows what is not empty.
func (x *explained) printCells(out io.Writer) {
	if len(x.Cells) == 0 {
		return
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, c := range x.Cells {
		if c.Raw == "" && c.Value == "" {
			continue
		}
		fmt.Fprintf(w, "  %s\t%s\n", c.name(), c.text())
	}
	_ = w.Flush()
}

func (c *explainedCell) name() string {
	name := c.Column
	if name == "" {
		name = "(left out)"
	}
	if c.From != "" {
		name += " from " + strconv.Quote(c.From)
	}
	return name
}

func (c *explainedCell) text() string {
	switch {
	case c.Value == c.Raw || c.Column == "":
		return oneLine(c.Raw)
	case c.Raw == "":
		return oneLine(c.Value) + " (by the mapping)"
	}
	return oneLine(c.Raw) + " becomes " + oneLine(c.Value)
}

func (o *explainedObject) print(out io.Writer) {
	fmt.Fprintf(out, "\n%s %q: %s\n", strings.ReplaceAll(string(o.Kind), "_", " "), o.RefID, o.standing())
	for _, line := range []struct{ name, text string }{
		{"id", strings.TrimSpace(o.ID + " " + o.profile())}, {"row", o.Row}, {"calls", o.Calls}, {"next", o.Next}, {"needs", o.needs()},
	} {
		if line.text != "" {
			fmt.Fprintf(out, "  %-6s %s\n", line.name+":", line.text)
		}
	}
	if o.Payload != nil {
		var text bytes.Buffer
		e := json.NewEncoder(&text)
		e.SetEscapeHTML(false)
		e.SetIndent("  ", "  ")
		_ = e.Encode(o.Payload)
		fmt.Fprintf(out, "  %s", text.String())
	}
}

func (o *explainedObject) profile() string {
	if o.ProfileID == "" {
		return ""
	}
	return "(profile " + o.ProfileID + ")"
}

func (o *explainedObject) standing() string {
	if o.State == "" {
		return "not begun"
	}
	text := strings.ReplaceAll(string(o.State), "_", " ")
	if o.Status != "" {
		text += ", " + o.Status
	}
	if !o.StatusAt.IsZero() {
		text += " since " + o.StatusAt.UTC().Format(time.RFC3339)
	}
	return text
}

func (o *explainedObject) needs() string {
	var texts []string
	for _, n := range o.Needs {
		text := fmt.Sprintf("%s %q", strings.ReplaceAll(string(n.Kind), "_", " "), n.RefID)
		if n.Status != "" {
			text += " (" + n.Status + ")"
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ", ")
}
