package mapping

import (
	"fmt"
	"slices"
	"strings"

	"embark/rules"
)

// HeaderError says that a file's columns are not what is agreed upon. No row
// of the file can be trusted then.
type HeaderError struct {
	Text string
	Hint string   // may be empty
	More []string // the other faults of the header with their hints, a sentence each

	alone bool // all other faults would follow from this one
}

func (e *HeaderError) Error() string { return e.Text }

// joined is the first of the errors, all *HeaderError or nil, which names the others.
func joined(errs ...error) error {
	var first *HeaderError
	for _, err := range errs {
		e, ok := err.(*HeaderError)
		switch {
		case !ok || first != nil && first.alone:
		case e.alone || first == nil:
			first = e
		default:
			first.More = atMost(append(append(first.More, sentence(e.Text, e.Hint)), e.More...), maxFaults-1)
		}
	}
	if first == nil {
		return nil
	}
	return first
}

func sentence(text, hint string) string {
	if hint == "" {
		return text
	}
	return text + "; " + hint
}

// ErrorsColumn is added to rejected rows by the report. It is ignored, so that
// the file of rejected rows can be corrected in place and run again. Where it
// stands, cells are guarded: see [Guard].
const ErrorsColumn = ToolPrefix + "errors"

// ToolPrefix begins the names of columns that embark adds to files. They may
// stand anywhere and are ignored when such a file comes back.
const ToolPrefix = "embark_"

const (
	metadataPrefix        = "metadata."
	accountMetadataPrefix = "account.metadata."
)

// maxMetadataKey is what Paxos documents for the metadata of fiat accounts;
// for identities and accounts it documents nothing.
const maxMetadataKey = 100

// extra is a column whose name is partly the file's own.
type extra struct {
	column string // as in the header
	key    string // after the prefix
	cell   int
}

// canonical gives the names of the columns as gocsv shall see them. Columns
// that no field is to be filled from get an empty name.
func (m *Mapper) canonical(header []string, columns []rules.Column) error {
	known, found := map[string]bool{}, 0
	for _, c := range columns {
		known[c.Name] = true
	}
	_, twice := headings(header)
	faults := []error{twice}
	for i, cell := range header {
		name, folded := clean(cell), foldHeading(cell)
		found++
		switch {
		case known[folded]:
			m.header[i] = folded
		case strings.HasPrefix(folded, ToolPrefix):
			m.guarded = m.guarded || folded == ErrorsColumn
		case strings.HasPrefix(folded, metadataPrefix):
			m.metadata = append(m.metadata, extra{name, name[len(metadataPrefix):], i})
		case strings.HasPrefix(folded, accountMetadataPrefix):
			m.accountMetadata = append(m.accountMetadata, extra{name, name[len(accountMetadataPrefix):], i})
		default:
			found--
			faults = append(faults, unknownColumn(name, i, columns))
		}
	}
	return joined(append([]error{noHeader(header, found)}, faults...)...)
}

// noHeader: where no column is known, or few are and others look like data, the
// first line may be a customer, and no word of it is shown.
func noHeader(header []string, found int) error {
	if i := slices.IndexFunc(header, looksLikeData); i >= 0 && found*2 < len(header) {
		return &HeaderError{Text: fmt.Sprintf("the first line is no header: column %d of it looks like a customer's data", i+1),
			Hint: "add a line with the names of the columns", alone: true}
	}
	if found == 0 && len(header) > 0 {
		return &HeaderError{Text: "none of the column names in the first line is known",
			Hint: "is it really a header? If so, have a mapping suggested: embark init FILE", alone: true}
	}
	return nil
}

func unknownColumn(name string, i int, columns []rules.Column) error {
	if name == "" {
		return nil // headings says so
	}
	e := &HeaderError{Text: fmt.Sprintf("column %d%s is not known", i+1, quoted(name))}
	if near := nearest(strings.ToLower(name), names(columns)); near != "" {
		e.Hint = fmt.Sprintf("did you mean %q? What is only your own goes into metadata.KEY", near)
	} else {
		e.Hint = "remove it, keep it as metadata.KEY, or have a mapping suggested for the whole file: embark init FILE; is the first line really a header?"
	}
	return e
}

// quoted shows a column's name if it can be one: in a file without a header it
// is a customer's data.
func quoted(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_' && r != '.' }) {
		return ""
	}
	return fmt.Sprintf(" %q", name)
}

func checkKeys(columns []extra) error {
	for _, c := range columns {
		if c.key == "" || len(c.key) > maxMetadataKey || strings.ContainsFunc(c.key, func(r rune) bool { return r <= ' ' || r >= 0x7F }) {
			return &HeaderError{Text: fmt.Sprintf("column %q: a metadata key has 1 to %d ASCII characters without blanks", c.column, maxMetadataKey)}
		}
	}
	return nil
}

// demand holds the columns against those that are required: those of institutions
// where the file has columns of theirs, else those of persons. In a file of both,
// what persons need is for their rows to say.
func (m *Mapper) demand() error {
	columns := rules.PersonColumns()
	if slices.ContainsFunc(m.header, rules.IsInstitutionOnly) {
		if !slices.Contains(m.header, "type") {
			return &HeaderError{Text: "required columns are missing: type",
				Hint: "without the column type all rows are persons, and this file has columns of institutions"}
		}
		columns = rules.InstitutionColumns()
	}
	return m.missing(columns, m.demands)
}

// missing names the columns that are demanded and that nothing fills.
func (m *Mapper) missing(columns []rules.Column, demanded func(rules.Column) bool) error {
	var names []string
	for _, c := range columns {
		if !slices.Contains(m.header, c.Name) && demanded(c) {
			names = append(names, c.Name)
		}
	}
	if names == nil {
		return nil
	}
	hint := "the first line of the file must hold the column names"
	if m.steps != nil {
		hint = "add them to the mapping, under columns; what is the same for everybody is written {constant: VALUE}"
	}
	return &HeaderError{Text: "required columns are missing: " + strings.Join(names, ", "), Hint: hint}
}

// demands: a file with a column identity_id or verifier_type may do without
// those that such rows do not need.
func (m *Mapper) demands(c rules.Column) bool {
	switch {
	case c.Group != rules.GroupRow && slices.Contains(m.header, "identity_id"):
		return false
	case strings.HasPrefix(c.Name, "passthrough_"):
		return !slices.Contains(m.header, "verifier_type")
	}
	return c.Need == rules.Required
}
