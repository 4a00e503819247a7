package paxos_test

import "embark/paxos"

// Requests that use everything they have. The data is made up.

func institution() *paxos.CreateIdentityRequest {
	no := false
	return &paxos.CreateIdentityRequest{
		RefID: "inst-7",
		InstitutionDetails: &paxos.InstitutionDetails{
			Name: "Example Widgets", BusinessAddress: address(), IncorporationAddress: address(),
			PhoneNumber: "+12125550100", Email: "office@example.com", DoingBusinessAs: "Widgets", BusinessDescription: "Makes widgets",
			InstitutionType: "LLC", InstitutionSubType: "MANUFACTURING", CIPID: "12-0000007", CIPIDType: "EIN", CIPIDCountry: "USA",
			GovtRegistrationDate: "2019-02-03T00:00:00Z", RegulationStatus: "US_REGULATED", TradingType: "PUBLICLY_TRADED_SUBSIDIARY",
			ListedExchange: "NYSE", TickerSymbol: "XMPL", ParentInstitutionName: "Example Holding",
			RegulatorName: "Sample Regulator", RegulatorJurisdiction: "USA", RegulatorRegisterNumber: "R-7",
		},
		InstitutionMembers: []paxos.InstitutionMember{
			{IdentityID: "i", Roles: []string{"BENEFICIAL_OWNER", "MANAGEMENT_CONTROL_PERSON"}, Ownership: "60", Position: "CEO"}},
		CustomerDueDiligence: &paxos.CustomerDueDiligence{
			SourceOfWealth: "BUSINESS_OWNERSHIP_DIVIDENDS", SourceOfFunds: "BUSINESS_DIVIDENDS_PROFITS", IndustrySector: "MANUFACTURING",
			HasUnderlyingTrustStructure: &no, HasNomineeShareholders: &no, IsPubliclyTraded: &no,
		},
		TaxDetails: []paxos.TaxDetail{{TaxPayerID: "12-0000007", TaxPayerCountry: "USA"}},
		Metadata:   map[string]string{"batch": "b-1"},
	}
}

func address() *paxos.Address {
	return &paxos.Address{Address1: "1 Plant Way", Address2: "Hall 2", City: "Troy", Province: "NY", ZipCode: "12180", Country: "USA"}
}

func bank(kind, number string) *paxos.RoutingDetails {
	return &paxos.RoutingDetails{RoutingNumberType: kind, RoutingNumber: number, BankName: "Sample Bank", BankAddress: address()}
}

func fiatAccount() *paxos.CreateFiatAccountRequest {
	return &paxos.CreateFiatAccountRequest{
		RefID: "fiat-1", IdentityID: "i", AccountID: "a", Metadata: map[string]string{"batch": "b-1"},
		FiatAccountOwner: &paxos.FiatAccountOwner{PersonDetails: &paxos.FiatPerson{FirstName: "Ada", LastName: "Example"}},
		FiatNetworkInstructions: &paxos.FiatNetworkInstructions{Wire: &paxos.WireInstructions{AccountNumber: "000123456789",
			FiatAccountOwnerAddress: address(), RoutingDetails: bank("ABA", "021000021"), IntermediaryRoutingDetails: bank("SWIFT", "SMPLUS33")}},
	}
}
