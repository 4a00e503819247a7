package mapping

import (
	"strings"

	"embark/paxos"
	"embark/rules"
)

func institutionDetails(p *rules.Row) *paxos.InstitutionDetails {
	i := p.Institution
	return &paxos.InstitutionDetails{
		Name:                    i.Name,
		BusinessAddress:         address(&i.BusinessAddress),
		IncorporationAddress:    address(&i.IncorporationAddress),
		PhoneNumber:             p.PhoneNumber,
		Email:                   p.Email,
		DoingBusinessAs:         i.DoingBusinessAs,
		BusinessDescription:     i.BusinessDescription,
		InstitutionType:         i.InstitutionType,
		InstitutionSubType:      i.InstitutionSubType,
		CIPID:                   cipID(p),
		CIPIDType:               p.CIPIDType,
		CIPIDCountry:            p.CIPIDCountry,
		GovtRegistrationDate:    rules.RegistrationDate(i.GovtRegistrationDate),
		RegulationStatus:        i.RegulationStatus,
		TradingType:             i.TradingType,
		ListedExchange:          i.ListedExchange,
		TickerSymbol:            i.TickerSymbol,
		ParentInstitutionName:   i.ParentInstitutionName,
		RegulatorName:           i.RegulatorName,
		RegulatorJurisdiction:   i.RegulatorJurisdiction,
		RegulatorRegisterNumber: i.RegulatorRegisterNumber,
	}
}

// address is nil where nothing is known of it.
func address(a *rules.Address) *paxos.Address {
	if *a == (rules.Address{}) {
		return nil
	}
	return &paxos.Address{Address1: a.Address1, Address2: a.Address2, City: a.City, Province: a.Province, ZipCode: a.ZipCode, Country: a.Country}
}

// institutionDueDiligence is nil for a trust that tells nothing.
func institutionDueDiligence(p *rules.Row) *paxos.CustomerDueDiligence {
	i := p.Institution
	d := paxos.CustomerDueDiligence{
		SourceOfWealth:              p.SourceOfWealth,
		SourceOfFunds:               p.SourceOfFunds,
		IndustrySector:              i.IndustrySector,
		HasUnderlyingTrustStructure: boolean(i.HasUnderlyingTrustStructure),
		HasNomineeShareholders:      boolean(i.HasNomineeShareholders),
		IsPubliclyTraded:            boolean(i.IsPubliclyTraded),
	}
	if d == (paxos.CustomerDueDiligence{}) {
		return nil
	}
	return &d
}

// boolean is nil for an empty cell: false is something that is sent.
func boolean(v string) *bool {
	if v == "" {
		return nil
	}
	b := strings.EqualFold(v, "true")
	return &b
}
