package rules

import "time"

// Person holds the cells of one person's row, trimmed. Which column fills which
// field is told by the table of columns.
type Person struct {
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
}

// Set puts a cell into the field of its column. Columns without a field are
// passed over.
func (p *Person) Set(column, cell string) {
	if field := personFields[column]; field != nil {
		*field(p) = cell
	}
}

// personFields finds the field of a column.
var personFields = func() map[string]func(*Person) *string {
	fields := make(map[string]func(*Person) *string, len(personColumns))
	for _, c := range personColumns {
		fields[c.Name] = c.cell
	}
	return fields
}()

// Options say in what setting a row is judged.
type Options struct {
	Now    time.Time // what ages and past dates are judged by
	MadeUp bool      // accept the made-up SSNs of samples (900 to 999, group 01 to 49): never in production
}

// Exists says that the person is at Paxos already, so that the row describes
// no identity: the personal columns are ignored.
func (p *Person) Exists() bool { return p.IdentityID != "" }

// CheckPerson gives everything that is wrong or doubtful in a person's row:
// column by column, then what concerns several columns.
func CheckPerson(p *Person, o Options) []Finding {
	if p.Type == "INSTITUTION" {
		return []Finding{ruleInstitution.finding("type")}
	}
	var found []Finding
	for i := range personColumns {
		c := &personColumns[i]
		if p.Exists() && c.Group.ofIdentity() {
			continue
		}
		if r := c.check(*c.cell(p), o); r != nil {
			found = append(found, r.finding(c.Name))
		}
	}
	for i := range personChecks {
		c := &personChecks[i]
		if p.Exists() && c.Group.ofIdentity() {
			continue
		}
		if c.fails(p, o) {
			found = append(found, c.finding(c.Column))
		}
	}
	return found
}
