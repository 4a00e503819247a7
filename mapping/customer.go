package mapping

import (
	"strings"

	"embark/onboard"
	"embark/paxos"
	"embark/rules"
)

// pieces are what nearly every row becomes. They are made at once: one by one
// they took twice as long.
type pieces struct {
	customer onboard.Customer
	account  paxos.CreateAccountRequest
	identity paxos.CreateIdentityRequest
	person   paxos.PersonDetails
	address  paxos.Address
	cdd      paxos.CustomerDueDiligence
	verified [4]string // what the verifier has verified: Paxos knows no more
}

// customer builds the requests of a row whose cells are in order.
func customer(p *rules.Row) *onboard.Customer {
	all := new(pieces)
	c := &all.customer
	c.RefID, c.IdentityID, c.Account = p.RefID, strings.ToLower(p.IdentityID), all.withAccount(p)
	if !p.Exists() {
		c.Identity = all.withIdentity(p)
	}
	if p.Parts != nil {
		addParts(c, p)
	}
	return c
}

func (all *pieces) withAccount(p *rules.Row) *paxos.CreateAccountRequest {
	if p.AccountType == rules.AccountNone {
		return nil
	}
	a := &all.account
	a.CreateProfile = true // it cannot be had later
	if a.Account.RefID = p.AccountRefID; a.Account.RefID == "" {
		a.Account.RefID = DefaultAccountRefID(p.RefID)
	}
	a.Account.Type = or(p.AccountType, paxos.AccountBrokerage)
	a.Account.Description = p.AccountDescription
	return a
}

// DefaultAccountRefID is what an account is called where the row does not say.
func DefaultAccountRefID(refID string) string { return refID + "-account" }

func (all *pieces) withIdentity(p *rules.Row) *paxos.CreateIdentityRequest {
	i := &all.identity
	i.RefID, i.TaxDetails, i.TaxDetailsNotRequired = p.RefID, taxDetails(p), p.NoTaxDetails()
	if p.IsInstitution() {
		i.InstitutionDetails, i.CustomerDueDiligence = institutionDetails(p), institutionDueDiligence(p)
	} else {
		all.setPerson(p)
		all.setDueDiligence(p)
		i.PersonDetails, i.CustomerDueDiligence = &all.person, &all.cdd
	}
	return i
}

func (all *pieces) setPerson(p *rules.Row) {
	all.address = paxos.Address{
		Address1: p.Address1,
		Address2: p.Address2,
		City:     p.City,
		Province: p.Province,
		ZipCode:  p.ZipCode,
		Country:  p.Country,
	}
	all.person = paxos.PersonDetails{
		VerifierType:                  or(p.VerifierType, paxos.VerifierPassthrough),
		PassthroughVerifierType:       p.VerifiedBy,
		PassthroughVerifiedAt:         p.VerifiedAt,
		PassthroughVerificationID:     p.VerificationID,
		PassthroughVerificationStatus: p.VerifiedStatus,
		PassthroughVerificationFields: list(all.verified[:0], p.VerifiedFields),

		FirstName:    p.FirstName,
		MiddleName:   p.MiddleName,
		LastName:     p.LastName,
		DateOfBirth:  p.DateOfBirth,
		Address:      &all.address,
		Nationality:  p.Nationality,
		CIPID:        cipID(p),
		CIPIDType:    p.CIPIDType,
		CIPIDCountry: p.CIPIDCountry,
		PhoneNumber:  p.PhoneNumber,
		Email:        p.Email,
	}
}

func (all *pieces) setDueDiligence(p *rules.Row) {
	all.cdd = paxos.CustomerDueDiligence{
		EstimatedYearlyIncome:    p.EstimatedYearlyIncome,
		EstimatedNetWorth:        p.EstimatedNetWorth,
		ExpectedTransferValue:    p.ExpectedTransferValue,
		SourceOfWealth:           p.SourceOfWealth,
		SourceOfFunds:            p.SourceOfFunds,
		PurposeOfAccount:         p.PurposeOfAccount,
		EmploymentStatus:         p.EmploymentStatus,
		EmploymentIndustrySector: p.EmploymentIndustrySector,
	}
}

// taxDetails are left out for SSN, ITIN and EIN: Paxos fills them in itself.
func taxDetails(p *rules.Row) []paxos.TaxDetail {
	if p.TaxPayerID == "" {
		return nil
	}
	return []paxos.TaxDetail{{TaxPayerID: p.TaxPayerID, TaxPayerCountry: p.TaxPayerCountry}}
}

// cipID puts SSN, ITIN and EIN into the documented form. Whether Paxos takes two
// spellings for one number is not documented, so there is only one.
func cipID(p *rules.Row) string {
	switch p.CIPIDType {
	case paxos.CIPIDTypeSSN, paxos.CIPIDTypeITIN:
		return rules.USNumber(p.CIPID)
	case rules.CIPIDTypeEIN:
		return rules.EIN(p.CIPID)
	}
	return p.CIPID
}

// list splits at vertical bars.
func list(to []string, v string) []string {
	for more := v != ""; more; {
		var item string
		item, v, more = strings.Cut(v, "|")
		to = append(to, strings.TrimSpace(item))
	}
	if len(to) == 0 {
		return nil
	}
	return to
}

// addMetadata adds the metadata columns, which no struct can know.
func (m *Mapper) addMetadata(c *onboard.Customer, cells []string) {
	if c.Identity != nil {
		c.Identity.Metadata = metadata(m.metadata, cells)
	}
	if c.Account != nil {
		c.Account.Account.Metadata = metadata(m.accountMetadata, cells)
	}
}

func metadata(columns []extra, cells []string) map[string]string {
	var kept map[string]string
	for _, c := range columns {
		if v := cells[c.cell]; v != "" {
			if kept == nil {
				kept = make(map[string]string, len(columns))
			}
			kept[c.key] = v
		}
	}
	return kept
}

func or(v, otherwise string) string {
	if v == "" {
		return otherwise
	}
	return v
}

// CIP names a customer by their document: type, country and number without
// punctuation, in upper case. Paxos has one identity for it at most, so two
// customers with the same CIP are the same or a mistake. It is "" for a customer
// without an identity to be made, and personal data otherwise.
func CIP(c *onboard.Customer) string {
	if c == nil || c.Identity == nil {
		return ""
	}
	switch i := c.Identity; {
	case i.PersonDetails != nil:
		return cip(i.PersonDetails.CIPIDType, i.PersonDetails.CIPIDCountry, i.PersonDetails.CIPID)
	case i.InstitutionDetails != nil:
		return cip(i.InstitutionDetails.CIPIDType, i.InstitutionDetails.CIPIDCountry, i.InstitutionDetails.CIPID)
	}
	return ""
}

func cip(kind, country, id string) string {
	if id == "" {
		return ""
	}
	return kind + "|" + country + "|" + strings.Map(plain, id)
}

// plain keeps letters and digits, and makes the letters large.
func plain(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z':
		return r - 'a' + 'A'
	case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return r
	}
	return -1
}
