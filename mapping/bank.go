package mapping

import (
	"slices"
	"strings"

	"embark/onboard"
	"embark/paxos"
	"embark/rules"
	"embark/source"
)

// BankMapper maps the rows of a file of bank accounts, which are joined with
// their customers by ref_id. It may be used by several goroutines.
type BankMapper struct{ rows Mapper }

// Bank is what a row of such a file maps to. Its numbers are secrets.
type Bank struct {
	Row          source.Row
	RefID        string // of the customer; "" where it is not fit to be shown
	AccountRefID string // of the account that the bank account is for, the default one when the row names none

	// FiatAccount lacks what [Bank.Join] adds. It is nil when the row is rejected.
	FiatAccount *paxos.CreateFiatAccountRequest
	Findings    []rules.Finding // all of them; warnings do not reject

	cells *rules.Row
	rows  *Mapper
}

// NewBank holds the header of a file of bank accounts against its columns:
// ref_id, account.ref_id (optional) and fiat_account.*. The error is a
// *HeaderError.
func NewBank(header []string, o Options) (*BankMapper, error) {
	m := &BankMapper{Mapper{options: o.rules()}}
	err := m.rows.bind(header, o.Spec, rules.FiatAccountColumns())
	missing := m.rows.missing(rules.FiatAccountColumns(), func(c rules.Column) bool { return c.Need == rules.Required })
	if err := joined(err, m.noMetadata(), o.Spec.lacking(missing)); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(m.rows.header, func(c string) bool { return strings.HasPrefix(c, "fiat_account.") }) {
		return nil, &HeaderError{Text: "required columns are missing: those of fiat_account"}
	}
	m.rows.index()
	return m, nil
}

func (m *BankMapper) noMetadata() error {
	if m.rows.metadata == nil && m.rows.accountMetadata == nil {
		return nil
	}
	return &HeaderError{Text: "a file of bank accounts has no metadata", Hint: "metadata belong to the file of customers"}
}

// IsBank tells a header of a file of bank accounts from one of customers: it has
// ref_id, columns of fiat_account and nothing else but account.ref_id. With a
// mapping, the canonical columns that it makes are looked at instead.
func IsBank(header []string, spec *Spec) bool {
	if spec != nil {
		header = spec.Columns()
	}
	_, err := NewBank(header, Options{})
	return err == nil
}

// Columns are the canonical columns that the file fills.
func (m *BankMapper) Columns() []string { return m.rows.Columns() }

// Map maps a batch of rows, in their order.
func (m *BankMapper) Map(rows []source.Row) []Bank {
	banks := make([]Bank, len(rows))
	m.rows.decode(rows, func(i int, p *rules.Row, _ []string, faults []fault) {
		b := &banks[i]
		b.Row = rows[i]
		if p == nil {
			b.Findings = []rules.Finding{m.rows.damaged(rows[i].Damage)}
			return
		}
		b.RefID, b.AccountRefID = m.rows.Refs(rows[i])
		b.Findings = m.rows.explained(rules.CheckFiatAccount(p, m.rows.options), faults, false)
		if !rejects(b.Findings) {
			b.FiatAccount, b.cells, b.rows = fiatAccount(p), p, &m.rows
		}
	})
	return banks
}

// Explain shows how a row's cells are mapped, as [Mapper.Explain] does.
func (m *BankMapper) Explain(row source.Row) []Field { return m.rows.Explain(row) }

// Join gives a customer the bank account, completed by the customer's own name
// and address where the row has none. The findings say why it cannot; then the
// customer is left as it is. A Bank that was rejected cannot be joined.
func (b *Bank) Join(c *onboard.Customer) []rules.Finding {
	if c.FiatAccount != nil {
		return []rules.Finding{{Rule: "fiat_account_twice", Column: "fiat_account.account_number", Severity: rules.Error,
			Text: "the customer has a bank account already", Hint: "keep one of the two"}}
	}
	p := *b.cells
	p.IdentityID = c.IdentityID
	if c.Account == nil {
		p.AccountType = rules.AccountNone
	}
	if found := rules.CheckOwner(&p, b.rows.options); found != nil {
		return b.rows.explained(found, nil, false)
	}
	f := fiatAccount(&p)
	complete(f, c)
	c.FiatAccount = f
	return nil
}
