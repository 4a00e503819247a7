package rules

import (
	"slices"

	"embark/paxos"
)

var institutionColumns = slices.Concat(
	shared("ref_id", "type", "identity_id"),
	[]Column{text("name", Required, namePattern, "legal name", "Example Widgets", func(i *Institution) *string { return &i.Name })},
	addressColumns("business_address", "place of business", GroupInstitution, Required, businessAddress),
	addressColumns("incorporation_address", "place of incorporation", GroupInstitution, Conditional, incorporationAddress),
	[]Column{
		list("institution_type", Required, institutionTypes, "legal form", "LLC", func(i *Institution) *string { return &i.InstitutionType }),
		list("institution_sub_type", Required, paxos.IndustrySectors(), "line of business; INVESTMENT for trusts and for nobody else",
			"MANUFACTURING", func(i *Institution) *string { return &i.InstitutionSubType }),
	},
	institutionCIP(),
	[]Column{
		{Name: "govt_registration_date", Group: GroupInstitution, Need: Required, Format: "date-time",
			About: "day of the registration: YYYY-MM-DD, or RFC 3339", Example: "2019-02-03",
			cell: func(p *Row) *string { return &p.institution().GovtRegistrationDate }, test: testRegistrationDate},
		list("regulation_status", Conditional, regulationStatuses, "whether an authority regulates it", nonRegulated,
			func(i *Institution) *string { return &i.RegulationStatus }),
		list("trading_type", Conditional, tradingTypes, "whether its shares are traded", "PRIVATE",
			func(i *Institution) *string { return &i.TradingType }),
		text("listed_exchange", Conditional, "", "exchange, where traded publicly", "NYSE", func(i *Institution) *string { return &i.ListedExchange }),
		text("ticker_symbol", Conditional, "", "its own or its parent's", "EXMP", func(i *Institution) *string { return &i.TickerSymbol }),
		named(text("parent_institution_name", Conditional, "", "parent, of a subsidiary", "Example Holdings", func(i *Institution) *string { return &i.ParentInstitutionName })),
		named(text("regulator_name", Conditional, "", "authority, where regulated", "SEC", func(i *Institution) *string { return &i.RegulatorName })),
		text("regulator_jurisdiction", Conditional, "", "country or state of the authority", "USA", func(i *Institution) *string { return &i.RegulatorJurisdiction }),
		numbered(text("regulator_register_number", Conditional, "", "number in the authority's register", "801-00000", func(i *Institution) *string { return &i.RegulatorRegisterNumber })),
		named(text("doing_business_as", BestEffort, "", "other name in use", "Widgets", func(i *Institution) *string { return &i.DoingBusinessAs })),
		text("business_description", Conditional, "", "what it does", "Makes widgets", func(i *Institution) *string { return &i.BusinessDescription }),
	},
	shared("phone_number", "email"),
	conditional(shared("source_of_wealth", "source_of_funds")),
	[]Column{
		ofCDD(list("industry_sector", Conditional, paxos.IndustrySectors(), "industry", "MANUFACTURING", func(i *Institution) *string { return &i.IndustrySector })),
		yesOrNo("has_underlying_trust_structure", Conditional, "a trust stands behind it", func(i *Institution) *string { return &i.HasUnderlyingTrustStructure }),
		yesOrNo("has_nominee_shareholders", Conditional, "shareholders stand in for others", func(i *Institution) *string { return &i.HasNomineeShareholders }),
		yesOrNo("is_publicly_traded", BestEffort, "listed at a public stock exchange", func(i *Institution) *string { return &i.IsPubliclyTraded }),
	},
	shared("tax_payer_id", "tax_payer_country", "tax_details_not_required", "account.ref_id", "account.type", "account.description"),
)

// institutionCIP are columns of persons with other documents in them.
func institutionCIP() []Column {
	cip := shared("cip_id", "cip_id_type", "cip_id_country")
	for i := range cip {
		cip[i].Group = GroupInstitution
	}
	cip[0].About, cip[0].Example = "number of the registration; EIN as xx-xxxxxxx or nine digits; unique per institution", "00-0000017"
	cip[1].About, cip[1].Example, cip[1].Values = "kind of number; SSN and ITIN only of those taxed as a person", CIPIDTypeEIN, institutionCIPTypes
	cip[2].About = "country that issued the number, ISO 3166-1 alpha-3"
	return cip
}

// shared are columns that persons have as well.
func shared(names ...string) []Column {
	var columns []Column
	for _, c := range personColumns {
		if slices.Contains(names, c.Name) {
			columns = append(columns, c)
		}
	}
	return columns
}

func conditional(columns []Column) []Column {
	for i := range columns {
		columns[i].Need = Conditional
	}
	return columns
}

func text(name string, need Need, pattern, about, example string, cell func(*Institution) *string) Column {
	c := Column{Name: name, Group: GroupInstitution, Need: need, Pattern: pattern, Format: "text", About: about, Example: example,
		cell: func(p *Row) *string { return cell(p.institution()) }}
	if pattern == namePattern {
		c.Max = 200
	}
	return c
}

// named columns hold names for which Paxos has no pattern.
func named(c Column) Column {
	c.test = testName
	return c
}

// numbered columns are such that spreadsheets take them for numbers.
func numbered(c Column) Column {
	c.test = testNumber
	return c
}

func list(name string, need Need, values []string, about, example string, cell func(*Institution) *string) Column {
	c := text(name, need, "", about, example, cell)
	c.Format, c.Values = "enum", values
	return c
}

func yesOrNo(name string, need Need, about string, cell func(*Institution) *string) Column {
	c := ofCDD(text(name, need, "", about+": true or false", "false", cell))
	c.Format, c.test = "boolean", testBoolean
	return c
}

func ofCDD(c Column) Column {
	c.Group = GroupCDD
	return c
}
