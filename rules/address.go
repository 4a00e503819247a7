package rules

import "embark/paxos"

// Address holds the cells of an address beyond a person's own.
type Address struct {
	Address1 string
	Address2 string
	City     string
	Province string
	ZipCode  string
	Country  string
}

// addressColumns are the six columns of an address. Need is that of the parts
// which the API requires of every address.
func addressColumns(prefix, whose string, g Group, need Need, of func(*Row) *Address) []Column {
	column := func(name string, need Need, about, example string, cell func(*Address) *string) Column {
		return Column{Name: prefix + "." + name, Group: g, Need: need, Max: 35, Pattern: namePattern, Format: "text",
			About: whose + ": " + about, Example: example, cell: func(p *Row) *string { return cell(of(p)) }}
	}
	zip := column("zip_code", Conditional, "postal code, with leading zeros; required in the USA", "12180", func(a *Address) *string { return &a.ZipCode })
	zip.test = testNumber
	country := column("country", need, "ISO 3166-1 alpha-3", paxos.CountryUSA, func(a *Address) *string { return &a.Country })
	country.Format, country.test = "country", testCountry
	return []Column{
		column("address1", need, "street and number", "1 Plant Way", func(a *Address) *string { return &a.Address1 }),
		column("address2", Optional, "floor and the like", "Floor 2", func(a *Address) *string { return &a.Address2 }),
		column("city", need, "city", "Troy", func(a *Address) *string { return &a.City }),
		column("province", need, "state or province, in the USA its two letters; the city again where there are none", "NY",
			func(a *Address) *string { return &a.Province }),
		zip,
		country,
	}
}

// addressRequired asks for the parts that the API requires of an address, when
// the address is needed or has any part.
func addressRequired(prefix string, g Group, needed func(*Row) bool, of func(*Row) *Address) []Check {
	part := func(name string, cell func(*Address) string) Check {
		return Check{Rule{ID: "required", Text: "a value is required in an address"}, g, prefix + "." + name,
			func(p *Row, _ Options) bool {
				return cell(of(p)) == "" && (*of(p) != Address{} || needed(p))
			}}
	}
	return []Check{
		part("address1", func(a *Address) string { return a.Address1 }),
		part("city", func(a *Address) string { return a.City }),
		part("province", func(a *Address) string { return a.Province }),
		part("country", func(a *Address) string { return a.Country }),
	}
}

// addressChecks are the rules for addresses in the USA, which persons have
// likewise.
func addressChecks(prefix string, g Group, of func(*Row) *Address) []Check {
	inUSA := func(fails func(a *Address) bool) func(*Row, Options) bool {
		return func(p *Row, _ Options) bool { return of(p).Country == paxos.CountryUSA && fails(of(p)) }
	}
	return []Check{
		{ruleUSState, g, prefix + ".province", inUSA(func(a *Address) bool { return a.Province != "" && !isState(a.Province) })},
		{ruleLeadingZero, g, prefix + ".zip_code", inUSA(func(a *Address) bool { return shortZip(a.ZipCode) })},
		{ruleUSZip, g, prefix + ".zip_code", inUSA(func(a *Address) bool { return oddZip(a.ZipCode) })},
	}
}

// zipRequired is for addresses of customers; of banks Paxos asks for less.
func zipRequired(prefix string, g Group, of func(*Row) *Address) []Check {
	return []Check{
		requires(ruleUSZipRequired, g, prefix+".zip_code", Conditions{{Column: prefix + ".country", Values: []string{paxos.CountryUSA}}}),
		{Rule: ruleZipMissing, Group: g, Column: prefix + ".zip_code",
			fails: func(p *Row, _ Options) bool { return of(p).ZipCode == "" && postalSet[of(p).Country] }},
	}
}

// oddZip is silent where another rule says enough.
func oddZip(v string) bool { return v != "" && !isZip(v) && !shortZip(v) && !isScientific(v) }
