package rules

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// cells is a row by column. The base rows are without findings, or nearly so;
// the tests change a cell or two.
type cells map[string]string

func (c cells) with(changes ...string) cells {
	c = maps.Clone(c)
	for i := 0; i < len(changes); i += 2 {
		c[changes[i]] = changes[i+1]
	}
	return c
}

func (c cells) row() *Row {
	p := new(Row)
	for column, cell := range c {
		p.Set(column, cell)
	}
	return p
}

func person(changes ...string) cells {
	return cells(KindPerson.Example(Options{Now: now})).with("cip_id", "123-45-6780").with(changes...)
}

func company(changes ...string) cells {
	return cells(KindInstitution.Example(Options{Now: now})).with("cip_id", "12-0000007", "members",
		"a:BENEFICIAL_OWNER:60|b:MANAGEMENT_CONTROL_PERSON").with(changes...)
}

func bank(changes ...string) cells {
	c := cells(KindBank.Example(Options{Now: now}))
	maps.DeleteFunc(c, func(column, _ string) bool { return strings.Contains(column, "owner") })
	return c.with(changes...)
}

func (c cells) and(others cells) cells {
	c = maps.Clone(c)
	maps.Copy(c, others)
	return c
}

const anID = "11111111-2222-4333-8444-555555555555"

// bases are rows of every kind that there are rules for.
func bases() map[string]cells {
	wire := bank("fiat_account.owner_address.address1", "1", "fiat_account.owner_address.city", "Troy", "fiat_account.owner_address.province", "NY",
		"fiat_account.owner_address.zip_code", "12180", "fiat_account.owner_address.country", "USA",
		"fiat_account.intermediary.routing_number_type", "ABA", "fiat_account.intermediary.routing_number", "021000021",
		"fiat_account.intermediary.bank_name", "Other", "fiat_account.intermediary.bank_address.address1", "1",
		"fiat_account.intermediary.bank_address.city", "Troy", "fiat_account.intermediary.bank_address.province", "NY",
		"fiat_account.intermediary.bank_address.country", "USA")
	limit := cells{"order.side": "BUY", "order.market": "BTCUSD", "order.type": "LIMIT", "order.base_amount": "0.001", "order.price": "50000.25"}
	abroad := person("address.country", "BRA", "cip_id", "FZ000017", "cip_id_type", "PASSPORT", "cip_id_country", "BRA", "tax_payer_id", "17", "tax_payer_country", "BRA")
	return map[string]cells{
		"person": person(), "itin": person("cip_id", "912-70-5678", "cip_id_type", "ITIN"), "abroad": abroad,
		"abroad, taxed in the USA": abroad.with("tax_payer_id", "123-45-6780", "tax_payer_country", "USA"),
		"verified by others":       person("verifier_type", "MANUAL"),
		"no account":               person("account.type", "NONE"), "exists": {"ref_id": "c-1", "identity_id": anID, "account.type": "NONE"},
		"exists, with a bank account": cells{"identity_id": anID, "ref_id": "c-1"}.and(wire.with("fiat_account.owner.last_name", "Example", "fiat_account.owner.first_name", "Ada")),
		"exists, with an account at CUBIX": {"identity_id": anID, "ref_id": "c-1", "fiat_account.network": "CUBIX", "fiat_account.cubix_account_id": anID,
			"fiat_account.owner.first_name": "Ada", "fiat_account.owner.last_name": "Example"},
		"institution that exists, with bank account": cells{"type": "INSTITUTION", "identity_id": anID}.and(wire.with("fiat_account.owner.name", "Example LLC")),
		"joint":     person("members", "a:BENEFICIAL_OWNER"),
		"joint too": person("account.members", "a:BENEFICIAL_OWNER"),
		"not taxed": abroad.with("tax_payer_id", "", "tax_payer_country", "", "tax_details_not_required", "true"),
		"company":   company(), "corporation": company("institution_type", "CORPORATION", "cip_id_type", "SSN", "cip_id", "123-45-6780"),
		"company abroad":     company("cip_id", "17", "cip_id_type", "REGISTRATION_NUMBER", "cip_id_country", "DEU", "tax_payer_id", "17", "tax_payer_country", "DEU"),
		"company in Germany": company("business_address.country", "DEU", "business_address.zip_code", "10115", "incorporation_address.country", "DEU", "incorporation_address.zip_code", "10115"),
		"company taxed":      company("cip_id", "17", "cip_id_type", "REGISTRATION_NUMBER", "cip_id_country", "DEU", "tax_payer_id", "12-0000007", "tax_payer_country", "USA"),
		"company not taxed":  company("cip_id", "17", "cip_id_type", "REGISTRATION_NUMBER", "cip_id_country", "DEU", "tax_details_not_required", "true"),
		"trust":              company("institution_type", "TRUST", "institution_sub_type", "INVESTMENT", "members", "a:TRUSTEE", "cip_id_type", "ITIN", "cip_id", "912-70-5678"),
		"sole":               company("institution_type", "SOLE_PROPRIETORSHIP", "members", "a:SOLE_PROPRIETOR"),
		"adviser":            company("institution_sub_type", subTypeRIA, "regulation_status", "US_REGULATED", "regulator_name", "SEC", "regulator_jurisdiction", "USA", "regulator_register_number", "1"),
		"listed":             company("trading_type", "PUBLIC", "listed_exchange", "NYSE", "ticker_symbol", "X"),
		"subsidiary": company("trading_type", "PUBLICLY_TRADED_SUBSIDIARY", "regulation_status", "US_REGULATED", "listed_exchange", "NYSE", "ticker_symbol", "X",
			"parent_institution_name", "Y", "regulator_name", "SEC", "regulator_jurisdiction", "USA", "regulator_register_number", "1"),
		"wire": person().and(wire), "wire of an institution": company().and(wire), "wire, abroad": person().and(wire).with("fiat_account.routing_number_type", "SWIFT",
			"fiat_account.routing_number", "DEUTDEFF", "fiat_account.intermediary.routing_number_type", "SWIFT", "fiat_account.intermediary.routing_number", "DEUTDEFF"),
		"wire alone": wire, "no wire": {"ref_id": "c-1"}, "wire with least": person().and(bank()),
		"wire of somebody": person().and(bank("fiat_account.owner.first_name", "A", "fiat_account.owner.last_name", "B")),
		"cubix":            person("fiat_account.network", "CUBIX", "fiat_account.cubix_account_id", anID), "cbit": person("fiat_account.network", "CBIT", "fiat_account.wallet_address", "0x17"),
		"rtp":                person("fiat_account.network", "RTP", "fiat_account.account_number", "17", "fiat_account.routing_number", "021000021"),
		"of another network": person().and(wire).with("fiat_account.network", "CBIT", "fiat_account.wallet_address", "0x17"),
		"deposit":            person("deposit.network", "WIRE", "deposit.routing_number_type", "ABA"),
		"market":             person("order.side", "BUY", "order.market", "BTCUSD", "order.type", "MARKET", "order.quote_amount", "25.00"),
		"limit":              person().and(limit), "till": person().and(limit).with("order.time_in_force", "GTT", "order.expiration_date", "2099-01-01T00:00:00Z"),
		"stop":      person("order.side", "SELL", "order.market", "ETHUSD", "order.type", "STOP_LIMIT", "order.base_amount", "1", "order.stop_price", "1800.05", "order.price", "1790"),
		"documents": person("documents", "CURP=a.pdf"),
	}
}

// odd are cells with something wrong in them, each in the right column.
var odd = []string{"", "N/A", "#REF!", "####", "a\nb", "x\u200by", "Jos\ufffd", "O’Brien", "José", "１２", "Apt #4", strings.Repeat("x", 36), strings.Repeat("1", 36),
	strings.Repeat("x", 129), strings.Repeat("1", 201), strings.Repeat("x", 201), "not listed", "1.2E+09", "Адa",
	"1/2/80", "31391", "12/10/1985", "1980-13-01", "2080-01-01", "2080-01-01T00:00:00Z", "2026-11-15T12:00:05Z", "2020-01-01", "1880-01-01", "17", "ab", "a b", "a", "@", "yes", "true", "false",
	"123-45-6780", "123-45-6781", "cust-123456780", "000123456789", "021000021", "c-120000007", "FZ000017", "123-45-678", "666-12-3456", "123456789", "900-01-0001", "912-70-5678", "12345678", "1234567890",
	"07-0000007", "00-0000007", "NY", "New York", "2108", "021088", "USA", "DEU", "CAN", "P.O. Box 17", "SSN", "ITIN", "PASSPORT", "MANUAL", "DENIED", "APPROVED",
	"WEAPONS", "MANUFACTURING", "INVESTMENT", subTypeRIA, "TRUST", "LLC", "CORPORATION", "SOLE_PROPRIETORSHIP", "US_REGULATED", "NON_REGULATED", "PUBLIC", "PUBLICLY_TRADED_SUBSIDIARY",
	"a", "a:BENEFICIAL_OWNER", "a:TRUSTEE", "123-45-6780:BENEFICIAL_OWNER", "cust-00000017:BENEFICIAL_OWNER", "a:BENEFICIAL_OWNER|a:BENEFICIAL_OWNER", "a:BENEFICIAL_OWNER:60%",
	"a:BENEFICIAL_OWNER:60|b:BENEFICIAL_OWNER:60", "a:BENEFICIAL_OWNER:60|a:MANAGEMENT_CONTROL_PERSON:50", "a:MANAGEMENT_CONTROL_PERSON", "a:AUTHORIZED_USER",
	"NONE", "BROKERAGE", "021000022", "21000021", "DEUTDEFF", "deutdeff", "ABA", "SWIFT", "WIRE", "CUBIX", "CBIT", "SCB", "RTP", anID, "0x17", "Ada",
	"BUY", "SELL", "MARKET", "LIMIT", "STOP_MARKET", "GTC", "IOC", "GTT", "0", "0.001", "0.000000001", "25.001", "50000.26", "1000000", "500000.01", "BTCUSD",
	"CURP", "HOLIDAY=a.pdf", "CURP=a.exe", "CURP=a.pdf|APPLICATION=a.pdf", "CURP=" + strings.Repeat("x", 261) + ".pdf",
}

// fired is what a finding and an entry of the catalogue have in common.
type fired struct {
	column, id, text string
	severity         Severity
}

// TestCatalogue drives every check and every fault of every column: whatever is
// found is in the catalogue, and what is in the catalogue is found.
func TestCatalogue(t *testing.T) {
	listed, found := map[fired]bool{}, map[fired]bool{}
	for _, e := range Catalogue() {
		for _, column := range e.Columns {
			listed[fired{column, e.ID, e.Text, e.Severity}] = true
		}
	}
	drive(func(findings []Finding) {
		for _, f := range findings {
			found[fired{f.Column, f.Rule, f.Text, f.Severity}] = true
		}
	})
	for f := range listed {
		if !found[f] {
			t.Errorf("no row makes it fire: %+v", f)
		}
	}
	for f := range found {
		if !listed[f] {
			t.Errorf("not in the catalogue: %+v", f)
		}
	}
}

// filledIn are the rows whose empty cells are filled, too.
var filledIn = []string{"person", "company", "no account", "wire", "wire alone", "market", "rtp", "stop", "joint", "wire of somebody", "abroad"}

// drive puts every odd cell into every column that a row has.
func drive(find func([]Finding)) {
	o := Options{Now: now}
	for name, base := range bases() {
		for _, c := range Columns() {
			if base[c.Name] == "" && !slices.Contains(filledIn, name) {
				continue // of most rows only what is there is changed
			}
			p := base.row()
			for _, *c.cell(p) = range odd {
				if !base.isBank() {
					find(CheckRow(p, o))
					continue
				}
				find(CheckFiatAccount(p, o))
				find(CheckOwner(p, o))
			}
		}
	}
	for _, cell := range odd {
		if f, bad := CheckMetadata(MetadataColumn, cell); bad {
			find([]Finding{f})
		}
	}
}

// TestBasesAreClean: what the rows of the test above show is what was changed
// in them.
func TestBasesAreClean(t *testing.T) {
	for name, base := range bases() {
		found := CheckRow(base.row(), Options{Now: now})
		if base.isBank() {
			found = CheckFiatAccount(base.row(), Options{Now: now})
		}
		if slices.ContainsFunc(found, func(f Finding) bool { return f.Severity == Error }) && name != "verified by others" && name != "no wire" {
			t.Errorf("%s: got %v, want no errors", name, found)
		}
	}
}

// isBank: the row is one of a file of bank accounts.
func (c cells) isBank() bool { return c["first_name"]+c["name"]+c["identity_id"] == "" }

// TestEveryRuleHasASource: the table of sources knows every id, and no other.
func TestEveryRuleHasASource(t *testing.T) {
	ids := map[string]bool{}
	for _, e := range Catalogue() {
		ids[e.ID] = true
		if _, known := sources[e.ID]; !known {
			t.Errorf("%s: the source is not in the table", e.ID)
		}
		if e.Version < 1 || e.Text == "" || e.Severity == "" || len(e.Columns) == 0 {
			t.Errorf("%s: something is missing in %+v", e.ID, e)
		}
	}
	for id := range sources {
		if !ids[id] {
			t.Errorf("%s: there is no such rule", id)
		}
	}
}

// TestExamples: the example of every kind is a row without findings.
func TestExamples(t *testing.T) {
	o := Options{Now: now, MadeUp: true}
	for _, k := range Kinds() {
		if found := k.check(k.Example(o), o); found != nil {
			t.Errorf("%s: got %v, want no findings", k, found)
		}
	}
}
