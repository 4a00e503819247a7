package rules

// Severity tells whether a finding keeps a row from being sent.
type Severity string

// An error rejects the row; a warning is reported and the row goes on.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Finding is something wrong or doubtful in a row. It never holds the value
// that it is about.
type Finding struct {
	Rule     string   `json:"rule"`           // stable id, e.g. "required", "pattern", "ssn_structure"
	Column   string   `json:"column"`         // canonical column name; empty for the row as a whole
	From     string   `json:"from,omitempty"` // heading in the file, where a mapping gave the column another name
	Severity Severity `json:"severity"`
	Text     string   `json:"text"`            // a sentence: what is wrong
	Hint     string   `json:"hint,omitempty"`  // what to do about it
	Other    string   `json:"other,omitempty"` // where the other row or customer is that it is about
}

// Rule is what a finding says, whatever column it is about.
type Rule struct {
	ID       string
	Severity Severity // empty means Error
	Text     string
	Hint     string
	Version  int // of its meaning; 0 means 1

	// When tells, of most rules that require a value of a column, when they do
	// so: where any of these hold. It is nil where only code can tell.
	When []Conditions
}

// Conditions hold where each of them does.
type Conditions []Condition

// Condition is a demand on another cell: that it holds one of the values or,
// with Not, none of them. An empty cell has the value "".
type Condition struct {
	Column string
	Values []string
	Not    bool
}

// Finding is what the rule says of a column.
func (r *Rule) Finding(column string) Finding {
	s := r.Severity
	if s == "" {
		s = Error
	}
	return Finding{Rule: r.ID, Column: column, Severity: s, Text: r.Text, Hint: r.Hint}
}
