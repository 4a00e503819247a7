package mapping

import (
	"slices"
	"strings"
	"time"

	"embark/onboard"
	"embark/rules"
	"embark/source"
)

// Options say in what setting rows are judged.
type Options struct {
	Now    time.Time // ages, past dates and ends of orders are judged by it; zero means the time of New
	MadeUp bool      // accept the made-up SSNs and EINs of samples: for simulator and sandbox, never in production
	Spec   *Spec     // how the columns of the file become canonical ones; nil means that they are
}

func (o Options) rules() rules.Options {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	return rules.Options{Now: o.Now.UTC(), MadeUp: o.MadeUp}
}

// Mapper maps the rows of files with one header.
type Mapper struct {
	options         rules.Options
	header          []string // canonical; "" for what gocsv is not to decode
	places          []string // the same, named as gocsv shall see them: see [rules.Place]
	metadata        []extra
	accountMetadata []extra
	refID           int // the cells that name a row; -1 where there is none
	accountRefID    int
	accountType     int
	numbers         []int // the cells whose content is not shown, in no ref_id either
	guarded         bool  // the file is one of rejected rows: see [Mapper.unguarded]

	// Where there is a mapping, header is that of the canonical columns which it
	// makes, and:
	source   []string // header of the file
	steps    []step   // by canonical column
	order    []int    // in which they are run
	typeCell int      // the canonical column type; -1 where there is none
}

// Result is what a row maps to.
type Result struct {
	Row      source.Row
	Customer *onboard.Customer // nil when the row is rejected
	Findings []rules.Finding   // all of them; warnings do not reject
}

// New holds a header against the canonical columns, or against those of the
// mapping. Header cells are compared without regard to case and blanks. The
// error is a *HeaderError.
func New(header []string, o Options) (*Mapper, error) {
	m := &Mapper{options: o.rules()}
	err := m.bind(header, o.Spec, rules.Columns())
	if err := joined(err, checkKeys(slices.Concat(m.metadata, m.accountMetadata)), o.Spec.lacking(m.demand())); err != nil {
		return nil, err
	}
	m.index()
	return m, nil
}

// Columns are the canonical columns that the file fills; metadata are left out.
func (m *Mapper) Columns() []string {
	return slices.DeleteFunc(slices.Clone(m.header), func(c string) bool { return c == "" })
}

// index finds the cells that name a row.
func (m *Mapper) index() {
	for _, column := range m.header {
		m.places = append(m.places, rules.Place(column))
	}
	m.refID, m.accountRefID = slices.Index(m.header, "ref_id"), slices.Index(m.header, "account.ref_id")
	m.accountType = slices.Index(m.header, "account.type")
	for _, column := range rules.NumberColumns() {
		if i := slices.Index(m.header, column); i >= 0 {
			m.numbers = append(m.numbers, i)
		}
	}
}

// Map maps a batch of rows, in their order. One or two hundred rows at a time are
// best: gocsv looks at the header anew for each batch, and more rows do not stay
// in the processor's cache. It panics where a column of dates is still unproven.
func (m *Mapper) Map(rows []source.Row) []Result {
	results := make([]Result, len(rows))
	m.decode(rows, func(i int, p *rules.Row, cells []string, faults []fault) {
		results[i].Row = rows[i]
		if p == nil {
			results[i].Findings = []rules.Finding{m.damaged(rows[i].Damage)}
			return
		}
		m.result(&results[i], p, cells, faults)
		free(p)
	})
	return results
}

func (m *Mapper) result(r *Result, p *rules.Row, cells []string, faults []fault) {
	r.Findings = rules.CheckRow(p, m.options)
	r.Findings = checkExtras(r.Findings, m.metadata, cells)
	r.Findings = checkExtras(r.Findings, m.accountMetadata, cells)
	r.Findings = m.explained(r.Findings, faults, p.Exists())
	if !rejects(r.Findings) {
		r.Customer = customer(p)
		m.addMetadata(r.Customer, cells)
	}
}

func checkExtras(found []rules.Finding, columns []extra, cells []string) []rules.Finding {
	for _, c := range columns {
		if f, bad := rules.CheckMetadata(c.column, cells[c.cell]); bad {
			found = append(found, f)
		}
	}
	return found
}

func rejects(findings []rules.Finding) bool {
	for _, f := range findings {
		if f.Severity == rules.Error {
			return true
		}
	}
	return false
}

// Refs gives the ref_ids of a row and its account without mapping it, "" where
// there is none: account.type NONE, rows without cells. A ref_id that is not fit
// to be shown, because it breaks the rules for ref_ids or contains the number of
// a document or bank account, is "" too.
func (m *Mapper) Refs(row source.Row) (refID, accountRefID string) {
	if len(row.Cells) < len(m.source) || m.refID >= len(row.Cells) && m.steps == nil {
		return "", ""
	}
	row.Cells = m.unguarded(row.Cells)
	refID = m.shown(row.Cells, m.refID)
	if refID == "" || m.accountType >= 0 && m.cell(row.Cells, m.accountType) == rules.AccountNone {
		return refID, ""
	}
	if m.accountRefID >= 0 && m.cell(row.Cells, m.accountRefID) != "" {
		return refID, m.shown(row.Cells, m.accountRefID)
	}
	return refID, DefaultAccountRefID(refID)
}

// cell is one canonical cell of a row. A value that could not be made is "".
func (m *Mapper) cell(cells []string, i int) string {
	if m.steps == nil {
		return trim(cells[i])
	}
	v, r := m.steps[i].value(cells, nil)
	if r != nil && r.Severity != rules.Warning {
		return ""
	}
	return v
}

// unguarded takes the apostrophes away that the report puts before cells which
// a spreadsheet would run as a formula, in files of rejected rows only.
func (m *Mapper) unguarded(cells []string) []string {
	if !m.guarded || !slices.ContainsFunc(cells, isGuarded) {
		return cells
	}
	plain := slices.Clone(cells)
	for i, c := range plain {
		plain[i] = Unguard(c)
	}
	return plain
}

func (m *Mapper) shown(cells []string, i int) string {
	v := m.cell(cells, i)
	tells := func(number int) bool {
		if m.steps != nil {
			return rules.Tells(v, m.steps[number].raw(cells)) || rules.Tells(v, m.cell(cells, number))
		}
		return number < len(cells) && rules.Tells(v, cells[number])
	}
	if !rules.IsRefID(v) || slices.ContainsFunc(m.numbers, tells) {
		return ""
	}
	return v
}

// trimAll trims the cells of a row, and copies them only if there is need.
func trimAll(cells []string) []string {
	for i, c := range cells {
		t := trim(c)
		if len(t) == len(c) {
			continue
		}
		trimmed := append([]string(nil), cells...)
		for j := i; j < len(cells); j++ {
			trimmed[j] = trim(cells[j])
		}
		return trimmed
	}
	return cells
}

// trim takes blanks and no-break spaces from both ends.
func trim(s string) string {
	if s == "" || s[0] > ' ' && s[0] < 0x7F && s[len(s)-1] > ' ' && s[len(s)-1] < 0x7F {
		return s
	}
	return strings.Trim(s, " \u00a0")
}
