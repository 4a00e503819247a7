package samples

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// The files below have persons of their own: each begins at another number, so
// that all samples can be onboarded with one checkpoint.
const (
	firstOfInstitutions = 2001
	firstOfJoint        = 2101
	firstOfFiat         = 2201
	firstOfDocuments    = 2301
	firstOfOrders       = 2401
)

// some makes up n persons from a number on.
func some(first, n int) []person {
	m := newMaker(fileSeed + uint64(first))
	m.offset = newMaker(fileSeed).offset // SSNs differ by the number alone
	rows := make([]person, n)
	for i := range rows {
		rows[i] = m.person(first + i)
	}
	return rows
}

func (p person) with(changes person) person {
	changed := maps.Clone(p)
	maps.Copy(changed, changes)
	return changed
}

// columnsOf are the usual ones first, then those that rows have besides.
func columnsOf(rows []person) []string {
	columns := slices.Clone(header)
	more := map[string]bool{}
	for _, p := range rows {
		for c := range p {
			more[c] = true
		}
	}
	for _, c := range columns {
		delete(more, c)
	}
	return append(columns, slices.Sorted(maps.Keys(more))...)
}

func writeRows(w io.Writer, rows []person) error {
	return write(w, columnsOf(rows), slices.Values(rows))
}

// institution makes up what all institutions have. No EIN begins with 00.
func institution(n int, name, kind, subType string, more person) person {
	p := person{
		"type": "INSTITUTION", "ref_id": fmt.Sprintf("inst-%08d", n), "name": name, "institution_type": kind, "institution_sub_type": subType,
		"cip_id": fmt.Sprintf("00-%07d", n), "cip_id_type": "EIN", "cip_id_country": "USA", "govt_registration_date": fmt.Sprintf("20%02d-03-%02d", 10+n, n),
		"phone_number": fmt.Sprintf("+1 518 555 01%02d", n), "email": fmt.Sprintf("inst%d@example.com", n),
	}
	maps.Copy(p, at("business_address", fmt.Sprintf("%d Plant Way", n), "Troy", "NY", "12180", "USA"))
	maps.Copy(p, more)
	return p
}

// company is what the grid of required details wants of most of them.
func company(n int, name, kind, sector string, more person) person {
	p := institution(n, name, kind, sector, person{
		"regulation_status": "NON_REGULATED", "trading_type": "PRIVATE", "business_description": "Makes and sells " + strings.ToLower(name),
		"source_of_wealth": "BUSINESS_OWNERSHIP_DIVIDENDS", "source_of_funds": "BUSINESS_DIVIDENDS_PROFITS", "industry_sector": sector,
		"has_underlying_trust_structure": "false", "has_nominee_shareholders": "false",
	})
	maps.Copy(p, at("incorporation_address", "2 Court St", "Dover", "DE", "19901", "USA"))
	maps.Copy(p, more)
	return p
}

func at(address, street, city, province, zip, country string) person {
	return person{address + ".address1": street, address + ".city": city, address + ".province": province,
		address + ".zip_code": zip, address + ".country": country}
}

// writeInstitutions writes institutions.csv: each kind of institution, and their
// members before, between and after them.
func writeInstitutions(w io.Writer) error {
	m := some(firstOfInstitutions, 8)
	for i := range m {
		m[i]["type"], m[i]["account.type"] = "PERSON", "NONE"
	}
	customer := m[2].with(person{"account.type": "BROKERAGE"}) // a member who is a customer, too
	ref := func(i int) string { return m[i]["ref_id"] }

	corporation := company(1, "Example Engines", "CORPORATION", "MANUFACTURING", person{
		"trading_type": "PUBLIC", "listed_exchange": "NYSE", "ticker_symbol": "EXMP", "is_publicly_traded": "true",
		"members": ref(0) + ":BENEFICIAL_OWNER:40:Chair|" + ref(0) + ":MANAGEMENT_CONTROL_PERSON|" + ref(1) + ":BENEFICIAL_OWNER:30.5|" + ref(2) + ":AUTHORIZED_USER"})
	llc := company(2, "Example Widgets", "LLC", "WHOLESALE_TRADE", person{"doing_business_as": "Widgets",
		"members": "inst-00000001:BENEFICIAL_OWNER:75|" + ref(3) + ":MANAGEMENT_CONTROL_PERSON::CEO", "account.members": ref(3) + ":AUTHORIZED_USER"})
	partnership := company(3, "Example Brokers", "PARTNERSHIP", "FINANCE_INSURANCE", person{
		"regulation_status": "US_REGULATED", "trading_type": "PUBLICLY_TRADED_SUBSIDIARY", "regulator_name": "Example Authority", "regulator_jurisdiction": "USA",
		"regulator_register_number": "0-00003", "listed_exchange": "NYSE", "ticker_symbol": "EXMP", "parent_institution_name": "Example Engines",
		"members": ref(2) + ":BENEFICIAL_OWNER:50|" + ref(4) + ":BENEFICIAL_OWNER:50|" + ref(4) + ":MANAGEMENT_CONTROL_PERSON"})
	trust := institution(4, "Example Family Trust", "TRUST", "INVESTMENT", person{"cip_id": newNumber(firstOfInstitutions + 50), "cip_id_type": "SSN",
		"members": ref(5) + ":TRUSTEE|" + ref(5) + ":GRANTOR|" + ref(6) + ":BENEFICIARY"})
	adviser := company(5, "Example Advisers", "LLC", "REGISTERED_INVESTMENT_ADVISOR", person{"industry_sector": "", "business_description": "",
		"source_of_wealth": "", "source_of_funds": "", "has_underlying_trust_structure": "", "has_nominee_shareholders": "",
		"regulation_status": "US_REGULATED", "regulator_name": "Example Authority", "regulator_jurisdiction": "USA", "regulator_register_number": "0-00005",
		"members": ref(7) + ":BENEFICIAL_OWNER:100|" + ref(7) + ":MANAGEMENT_CONTROL_PERSON"})
	foreign := company(6, "Example Teas", "CORPORATION", "RETAIL_TRADE", at("business_address", "6 Sample Rd", "London", "London", "EC1A 1BB", "GBR").
		with(at("incorporation_address", "6 Sample Rd", "London", "London", "EC1A 1BB", "GBR")).
		with(person{"cip_id": "SC000017", "cip_id_type": "REGISTRATION_NUMBER", "cip_id_country": "GBR", "tax_payer_id": "0000000006", "tax_payer_country": "GBR",
			"phone_number": "+44 20 7946 0106", "members": ref(4) + ":BENEFICIAL_OWNER:25|" + ref(4) + ":MANAGEMENT_CONTROL_PERSON"}))

	return writeRows(w, []person{llc, m[0], corporation, m[1], customer, partnership, m[3], m[5], m[6], trust, m[4], adviser, m[7], foreign})
}

func newNumber(n int) string { return newMaker(fileSeed).ssn(n) }

// writeJoint writes joint.csv: accounts with members, and persons with several
// accounts.
func writeJoint(w io.Writer) error {
	m := some(firstOfJoint, 6)
	ref := func(i int) string { return m[i]["ref_id"] }
	account := func(i int, suffix, kind, members string) person {
		p := person{"account.type": kind, "account.ref_id": ref(i) + "-" + suffix, "members": members}
		if kind == "NONE" {
			delete(p, "account.ref_id")
		}
		return m[i].with(p)
	}
	return writeRows(w, []person{
		account(0, "joint", "BROKERAGE", ref(1)+":BENEFICIAL_OWNER"), // joint owners who both have accounts of their own
		account(0, "own", "BROKERAGE", ""),
		account(0, "ira", "ROTH_IRA", ""),
		account(1, "own", "BROKERAGE", ref(0)+":AUTHORIZED_USER"),
		account(2, "advised", "BROKERAGE", ref(3)+":FINANCIAL_ADVISOR"), // the adviser is no customer
		account(4, "sep", "SEP_IRA", ref(3)+":FINANCIAL_ADVISOR|"+ref(3)+":AUTHORIZED_USER|"+ref(5)+":AUTHORIZED_USER"),
		account(3, "", "NONE", ""),
		account(5, "", "NONE", ""),
	})
}

// wire is a bank account in the USA. No routing number begins with 99, which is
// outside of what the American Bankers Association assigns; the last digit is right.
func wire(account string) person {
	p := person{"fiat_account.account_number": account, "fiat_account.routing_number_type": "ABA", "fiat_account.routing_number": "990000000",
		"fiat_account.bank_name": "Example Bank"}
	maps.Copy(p, at("fiat_account.bank_address", "1 Bank St", "Albany", "NY", "12207", "USA"))
	return p
}

// swift is a bank account abroad, through another bank.
func swift(account string) person {
	p := person{"fiat_account.account_number": account, "fiat_account.routing_number_type": "SWIFT", "fiat_account.routing_number": "EXMPDEFFXXX",
		"fiat_account.bank_name": "Example Bank AG", "fiat_account.intermediary.routing_number_type": "ABA",
		"fiat_account.intermediary.routing_number": "991000009", "fiat_account.intermediary.bank_name": "Example Correspondents"}
	maps.Copy(p, at("fiat_account.bank_address", "1 Bankgasse", "Frankfurt", "HE", "60311", "DEU"))
	maps.Copy(p, at("fiat_account.intermediary.bank_address", "2 Bank St", "New York", "NY", "10001", "USA"))
	return p
}

// writeFiat writes fiat.csv: a bank account of every network, and deposits.
func writeFiat(w io.Writer) error {
	m := some(firstOfFiat, 8)
	others := wire("000000002204").with(at("fiat_account.owner_address", "4 Court St", "Dover", "DE", "19901", "USA")).
		with(person{"fiat_account.owner.name": "Example Savings Club"})
	for i, bank := range []person{
		wire("000000002201").with(person{"deposit.network": "WIRE", "deposit.routing_number_type": "ABA"}),
		swift("DE00000000000000002202").with(person{"deposit.network": "WIRE", "deposit.routing_number_type": "SWIFT"}),
		{"fiat_account.network": "CUBIX", "fiat_account.cubix_account_id": "00000000-0000-4000-8000-000000002203", "deposit.network": "CUBIX"},
		others,
		{"fiat_account.network": "CBIT", "fiat_account.wallet_address": "0x0000000000000000000000000000000000002205"},
		{"fiat_account.network": "DBS_ACT", "fiat_account.account_number": "0000002206", "deposit.network": "DBS_ACT"},
		{"fiat_account.network": "SCB", "fiat_account.account_number": "0000002207", "fiat_account.ref_id": "bank-00002207"},
		{"deposit.network": "WIRE"}, // pays in, but has no account to be paid at
	} {
		maps.Copy(m[i], bank)
	}
	return writeRows(w, m)
}

// writeBanks writes banks.csv: bank accounts of three persons of small.csv, to be
// joined by ref_id.
func writeBanks(w io.Writer) error {
	var rows []person
	owners := smallPersons(3)
	for i, bank := range []person{wire("000000001001"), swift("DE00000000000000001002"), wire("000000001003")} {
		o := owners[i]
		rows = append(rows, bank.with(person{"ref_id": o["ref_id"], "fiat_account.owner.first_name": o["first_name"],
			"fiat_account.owner.last_name": o["last_name"]}).with(at("fiat_account.owner_address", o["address.address1"],
			o["address.city"], o["address.province"], o["address.zip_code"], o["address.country"])))
	}
	columns := slices.DeleteFunc(columnsOf(rows), func(c string) bool { return c != "ref_id" && slices.Contains(header, c) })
	return write(w, columns, slices.Values(rows))
}

// writeDocuments writes documents.csv: persons of means, of whom Paxos may want
// to know more, and what they have at hand.
func writeDocuments(w io.Writer) error {
	m := some(firstOfDocuments, 4)
	for i, documents := range []string{
		"PROOF_OF_RESIDENCY=documents/utility-bill.pdf|PROOF_OF_FUNDS=documents/bank-statement.pdf|IDENTITY_VERIFICATION=documents/passport.png",
		"PROOF_OF_RESIDENCY+PROOF_OF_FUNDS=documents/bank-statement.pdf",
		"IDENTITY_VERIFICATION=documents/passport.png",
		"",
	} {
		maps.Copy(m[i], person{"documents": documents, "estimated_yearly_income": "INCOME_ABOVE_1M", "expected_transfer_value": "TRANSFER_VALUE_ABOVE_5M"})
	}
	return writeRows(w, m)
}

// writeOrders writes orders.csv: an order of every kind, and a person without.
func writeOrders(w io.Writer) error {
	m := some(firstOfOrders, 8)
	for i, order := range []person{
		{"order.type": "MARKET", "order.side": "BUY", "order.market": "BTCUSD", "order.quote_amount": "25.00"},
		{"order.type": "MARKET", "order.side": "BUY", "order.market": "ETHUSD", "order.quote_amount": "10.50", "order.time_in_force": "IOC", "order.ref_id": "ord-00002402"},
		{"order.type": "MARKET", "order.side": "SELL", "order.market": "LTCUSD", "order.base_amount": "0.5"},
		{"order.type": "LIMIT", "order.side": "BUY", "order.market": "BTCUSD", "order.base_amount": "0.001", "order.price": "50000.25"},
		{"order.type": "LIMIT", "order.side": "BUY", "order.market": "LINKUSD", "order.base_amount": "2", "order.price": "12.34", "order.time_in_force": "GTT", "order.expiration_date": "2099-12-31T12:00:00Z"},
		{"order.type": "POST_ONLY_LIMIT", "order.side": "SELL", "order.market": "ETHUSD", "order.base_amount": "0.01", "order.price": "4000.05"},
		{"order.type": "STOP_LIMIT", "order.side": "SELL", "order.market": "BTCUSD", "order.base_amount": "0.002", "order.stop_price": "40000", "order.price": "39900.75"},
		{},
	} {
		maps.Copy(m[i], order)
	}
	return writeRows(w, m)
}
