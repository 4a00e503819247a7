package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"embark/onboard"
	"embark/paxos"
	"embark/samples"
)

// TestKillAllKinds is [TestKillAndResume] with everything that a row may ask
// for: institutions and their members, joint accounts, bank accounts, deposit
// instructions, money from the sandbox and first orders, at a Paxos that refuses
// neither a second account nor a second bank account. Afterwards each exists
// once, and results.csv has its id.
func TestKillAllKinds(t *testing.T) {
	t.Parallel()
	kills := setting(t, "EMBARK_KILLS", 40)
	flags := []string{"--orders", "--order-cap", "1000", "--sandbox-fund", "--wait"}
	h := newHarnessOf(t, uint64(setting(t, "EMBARK_KILL_SEED", 1)), build(t, ""), scenario{
		rows: 120, write: writeKinds, span: 10,
		flags:     append(flags, "1s"), // what is in doubt would keep every run waiting
		simulator: []string{"--fiat-ref-reusable", "--fiat-review-after", "50ms", "--fill-after", "50ms"},
	})
	h.open = true
	h.killOften(kills)
	h.calm()
	h.flags = append(flags, "40s") // longer than an intent lives
	for range 5 {                  // each run may lose the answer of another deposit
		if h.run() != exitWaiting {
			break
		}
		h.fundByHand()
	}
	h.open = false
	h.finish()
	faults, err := disagreements(h.sim, filepath.Join(h.dir, defaultReport))
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range faults {
		t.Error(fault)
	}
	h.holdKinds()
	t.Logf("%d of %d runs were killed", h.killed, kills)
	if h.killed < kills/2 {
		t.Errorf("got %d kills in %d runs, want more", h.killed, kills)
	}
}

// fundByHand does what is left to the operator: a deposit that may or may not
// have been sent is never sent again, and whatever hangs on it waits, until
// there is money.
func (h *harness) fundByHand() {
	h.t.Helper()
	rows, err := readResults(filepath.Join(h.dir, defaultReport))
	if err != nil {
		h.t.Fatal(err)
	}
	client := paxos.New(paxos.Options{APIURL: h.sim + "/v2", TokenURL: h.sim + "/oauth2/token", ClientID: "by-hand", ClientSecret: "by-hand-secret"})
	for _, row := range rows {
		switch onboard.Outcome(row["outcome"]) {
		case onboard.Onboarded, onboard.AlreadyOnboarded, onboard.OutcomeAdopted:
			continue
		}
		if row["profile_id"] != "" { // otherwise it is something else, which the last run settles
			h.fund(client, row["profile_id"])
		}
	}
}

// fund credits a profile that has nothing: answers are lost here, too.
func (h *harness) fund(client *paxos.Client, profile string) {
	h.t.Helper()
	for range 20 {
		b, err := client.GetProfileBalance(h.t.Context(), profile, "USD")
		if err == nil && strings.Trim(b.Available+b.Trading, "0.") != "" {
			return
		}
		if err == nil {
			_, _ = client.CreateSandboxDeposit(h.t.Context(), profile, []byte(`{"asset":"USD","amount":"1000"}`))
		}
	}
	h.t.Errorf("profile %s cannot be funded", profile)
}

// holdKinds holds the figures of the simulator against what [writeKinds] wrote.
func (h *harness) holdKinds() {
	h.t.Helper()
	s, err := readStats(h.sim)
	if err != nil {
		h.t.Fatal(err)
	}
	o := s.Objects
	got := []int{o.Identities, o.Institutions, o.Members, o.Accounts, o.Profiles, o.FiatAccounts, o.DepositInstructions, o.Orders, o.SandboxDeposits}
	want := []int{120, 10, 20, 110, 110, 30, 30, 20, 110}
	if !slices.Equal(got, want) {
		h.t.Errorf("got %v, want %v: %+v", got, want, s)
	}
	if s.Duplicates.AccountsPerIdentity != 0 {
		h.t.Errorf("got %d customers with two accounts, want none", s.Duplicates.AccountsPerIdentity)
	}
}

// writeKinds writes twelve rows ten times: an institution, its two members (one
// of them no customer), nine other persons of whom one has a joint account with
// the next, three a bank account, three deposit instructions, two an order.
func writeKinds(w io.Writer, rows int, seed uint64) error {
	var text bytes.Buffer
	if err := samples.Write(&text, rows, seed); err != nil {
		return err
	}
	table, err := csv.NewReader(&text).ReadAll()
	if err != nil {
		return err
	}
	columns, all := slices.Clone(table[0]), make([]map[string]string, 0, rows)
	for i, line := range table[1:] {
		row := map[string]string{}
		for j, column := range table[0] {
			row[column] = line[j]
		}
		all = append(all, kindOf(i, row))
		for _, column := range slices.Sorted(maps.Keys(all[i])) {
			if !slices.Contains(columns, column) {
				columns = append(columns, column)
			}
		}
	}
	out := csv.NewWriter(w)
	_ = out.Write(columns) // Flush keeps the error
	for _, row := range all {
		line := make([]string, len(columns))
		for i, column := range columns {
			line[i] = row[column]
		}
		_ = out.Write(line)
	}
	out.Flush()
	return out.Error()
}

// kindOf makes the row with this index what its place among twelve says.
func kindOf(i int, person map[string]string) map[string]string {
	refID := func(n int) string { return fmt.Sprintf("cust-%08d", n+1) }
	order := map[string]string{"order.side": "BUY", "order.market": "BTCUSD", "order.type": "MARKET", "order.quote_amount": "25.00"}
	bank := map[string]string{"fiat_account.account_number": fmt.Sprintf("%012d", i+1), "fiat_account.routing_number": "990000000",
		"fiat_account.routing_number_type": "ABA", "fiat_account.bank_name": "Example Bank", "fiat_account.bank_address.address1": "1 Bank St",
		"fiat_account.bank_address.city": "Albany", "fiat_account.bank_address.province": "NY", "fiat_account.bank_address.country": "USA",
		"fiat_account.bank_address.zip_code": "12207"}
	wire := map[string]string{"deposit.network": "WIRE"}
	person["type"] = "PERSON"
	switch i % 12 {
	case 0:
		return widgets(i, refID(i), refID(i+1), refID(i+2))
	case 2:
		person["account.type"] = "NONE"
	case 4:
		person["account.members"] = refID(i+1) + ":BENEFICIAL_OWNER"
	case 6:
		maps.Copy(person, bank)
	case 7:
		maps.Copy(person, wire)
	case 8:
		maps.Copy(person, order)
	case 9, 10:
		maps.Copy(person, bank)
		maps.Copy(person, wire)
		if i%12 == 10 {
			maps.Copy(person, order)
		}
	}
	return person
}

func widgets(i int, refID, owner, manager string) map[string]string {
	row := map[string]string{"type": "INSTITUTION", "ref_id": refID, "name": "Example Widgets", "institution_type": "LLC",
		"institution_sub_type": "MANUFACTURING", "cip_id": fmt.Sprintf("00-%07d", i+1000), "cip_id_type": "EIN", "cip_id_country": "USA",
		"govt_registration_date": "2019-02-03", "regulation_status": "NON_REGULATED", "trading_type": "PRIVATE",
		"business_description": "Makes widgets", "source_of_wealth": "BUSINESS_OWNERSHIP_DIVIDENDS", "source_of_funds": "BUSINESS_DIVIDENDS_PROFITS",
		"industry_sector": "MANUFACTURING", "has_underlying_trust_structure": "false", "has_nominee_shareholders": "false",
		"members": owner + ":BENEFICIAL_OWNER:100|" + manager + ":MANAGEMENT_CONTROL_PERSON"}
	for _, address := range []string{"business_address.", "incorporation_address."} {
		maps.Copy(row, map[string]string{address + "address1": "1 Plant Way", address + "city": "Troy", address + "province": "NY",
			address + "country": "USA", address + "zip_code": "12180"})
	}
	return row
}
