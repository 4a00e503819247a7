package rules

import (
	"slices"

	"embark/paxos"
)

// Kind tells what the rows of a file describe.
type Kind string

// The kinds of files. A file may hold persons and institutions; its rows tell
// by their type.
const (
	KindPerson      Kind = "person"
	KindInstitution Kind = "institution"
	KindBank        Kind = "bank" // a file of bank accounts alone
)

// Kinds lists them all.
func Kinds() []Kind { return []Kind{KindPerson, KindInstitution, KindBank} }

// tables are the columns as rows are judged by them.
func (k Kind) tables() []Column {
	switch k {
	case KindBank:
		return bankFileColumns
	case KindInstitution:
		return slices.Concat(institutionColumns, partColumns)
	}
	return slices.Concat(personColumns[:], partColumns)
}

// Columns lists the columns that a file of this kind may have, as its rows want
// them. Beside them there are metadata.KEY and account.metadata.KEY, but not in
// files of bank accounts.
func (k Kind) Columns() []Column {
	columns := slices.Clone(k.tables())
	switch k {
	case KindInstitution:
		institutionsOwn(columns)
	case KindPerson:
		at(columns, "type").Values = []string{paxos.TypePerson}
	}
	return columns
}

// institutionsOwn adapts the columns that persons have as well.
func institutionsOwn(columns []Column) {
	kind := at(columns, "type")
	kind.Need, kind.Default, kind.Values, kind.Example = Required, "", []string{paxos.TypeInstitution}, paxos.TypeInstitution
	members := at(columns, "members")
	members.Need, members.About = Required, "who has a part in it, as ref_id:ROLE, ref_id:ROLE:percent or ref_id:ROLE:percent:position, with | between them"
	members.Example = "cust-00000018:" + roleOwner + ":60|cust-00000018:" + roleControl
	at(columns, "source_of_wealth").Example = "BUSINESS_OWNERSHIP_DIVIDENDS"
	at(columns, "source_of_funds").Example = "BUSINESS_DIVIDENDS_PROFITS"
}

func at(columns []Column, name string) *Column {
	return &columns[slices.IndexFunc(columns, func(c Column) bool { return c.Name == name })]
}

// Checks lists the rules for rows of this kind that concern several columns.
func (k Kind) Checks() []Check {
	switch k {
	case KindBank:
		return slices.Concat(fiatAccountChecks, ownerChecks)
	case KindInstitution:
		return slices.Concat(institutionChecks, partChecks)
	}
	return slices.Concat(personChecks[:], partChecks)
}

// Example is a made-up row of this kind, by column, that has no findings where
// made-up numbers are allowed: the examples of the columns that are required,
// and of those that the rules then ask for.
func (k Kind) Example(o Options) map[string]string {
	o.MadeUp = true
	columns, cells := k.Columns(), map[string]string{}
	for _, c := range columns {
		if c.Need == Required {
			cells[c.Name] = c.Example
		}
	}
	for column := k.asks(cells, o); column != ""; column = k.asks(cells, o) {
		cells[column] = at(columns, column).Example
	}
	return cells
}

// asks gives the first column that the row lacks, or "".
func (k Kind) asks(cells map[string]string, o Options) string {
	for _, f := range k.check(cells, o) {
		if f.Severity == Error && cells[f.Column] == "" {
			return f.Column
		}
	}
	return ""
}

// check judges a row by column. One of bank accounts shall do for any customer,
// so also for one of whom nothing is known but that they exist.
func (k Kind) check(cells map[string]string, o Options) []Finding {
	p := new(Row)
	for column, cell := range cells {
		p.Set(column, cell)
	}
	if k != KindBank {
		return CheckRow(p, o)
	}
	found := CheckFiatAccount(p, o)
	p.IdentityID = "of somebody"
	return append(found, CheckOwner(p, o)...)
}
