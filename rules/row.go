package rules

import (
	"slices"
	"time"

	"embark/paxos"
)

// Row holds the cells of one row, trimmed. Which column fills which field is
// told by the tables of columns. Persons and institutions share the fields of
// the columns that both have; what few rows have stands apart, so that the rows
// of a large file of persons stay small.
type Row struct {
	RefID      string
	Type       string
	IdentityID string

	FirstName      string
	MiddleName     string
	LastName       string
	DateOfBirth    string
	Address1       string
	Address2       string
	City           string
	Province       string
	ZipCode        string
	Country        string
	Nationality    string
	CIPID          string
	CIPIDType      string
	CIPIDCountry   string
	PhoneNumber    string
	Email          string
	VerifierType   string
	VerifiedBy     string
	VerifiedAt     string
	VerificationID string
	VerifiedStatus string
	VerifiedFields string

	EstimatedYearlyIncome    string
	ExpectedTransferValue    string
	SourceOfWealth           string
	EmploymentStatus         string
	EmploymentIndustrySector string
	EstimatedNetWorth        string
	SourceOfFunds            string
	PurposeOfAccount         string

	TaxPayerID            string
	TaxPayerCountry       string
	TaxDetailsNotRequired string

	AccountRefID       string
	AccountType        string
	AccountDescription string

	Institution *Institution // nil where all its cells are empty
	Parts       *Parts       // likewise
}

// Set puts a cell into the field of its column. Columns without a field are
// passed over.
func (p *Row) Set(column, cell string) {
	p.SetPlace(Place(column), cell)
}

// SetPlace is Set for a column that is named by its [Place].
func (p *Row) SetPlace(place, cell string) {
	if cell != "" && place != "" {
		*cellAt[place[0]](p) = cell
	}
}

// Place is a name of one byte for a column, "" for one without a field: where
// every cell comes with its column's name, finding the field by that takes a
// tenth of the time of mapping.
func Place(column string) string {
	i := slices.Index(columnNames, column)
	if i < 0 {
		return ""
	}
	return string([]byte{byte(i)})
}

var columnNames, cellAt = func() (names []string, cells [256]func(*Row) *string) {
	for i, c := range Columns() { // more than 256 would panic here
		names, cells[i] = append(names, c.Name), c.cell
	}
	return names, cells
}()

// IsInstitution tells by the type column.
func (p *Row) IsInstitution() bool { return p.Type == paxos.TypeInstitution }

// Exists says that the customer is at Paxos already, so that the row describes
// no identity: the columns of the identity are ignored.
func (p *Row) Exists() bool { return p.IdentityID != "" }

// Options say in what setting a row is judged.
type Options struct {
	Now    time.Time // what ages and past dates are judged by
	MadeUp bool      // accept the made-up SSNs (900 to 999, group 01 to 49) and EINs (00) of samples: never in production
}

// CheckRow gives everything that is wrong or doubtful in a row: column by
// column, then what concerns several columns.
func CheckRow(p *Row, o Options) []Finding {
	var found []Finding
	switch {
	case p.IsInstitution():
		found = p.check(found, institutionColumns, institutionChecks, o)
		found = p.foreign(found, personOnly, &ruleOfPersons)
	default:
		found = p.check(found, personColumns[:], personChecks[:], o)
		if p.Institution != nil {
			found = p.foreign(found, institutionOnly, &ruleOfInstitutions)
		}
	}
	if p.Parts != nil {
		found = p.checkParts(found, o)
	}
	return found
}

func (p *Row) check(found []Finding, columns []Column, checks []Check, o Options) []Finding {
	exists := p.Exists()
	for i := range columns {
		c := &columns[i]
		v := *c.cell(p)
		if v == "" && c.Need != Required || exists && c.Group.OfIdentity() {
			continue
		}
		if r := c.check(v, o); r != nil {
			found = append(found, r.Finding(c.Name))
		}
	}
	for i := range checks {
		c := &checks[i]
		if exists && c.Group.OfIdentity() {
			continue
		}
		if c.fails(p, o) {
			found = append(found, c.Finding(c.Column))
		}
	}
	return found
}

// foreign finds the cells of columns that rows of this type have no use for.
func (p *Row) foreign(found []Finding, columns []Column, r *Rule) []Finding {
	if p.Exists() {
		return found
	}
	for i := range columns {
		if *columns[i].cell(p) != "" {
			found = append(found, r.Finding(columns[i].Name))
		}
	}
	return found
}
