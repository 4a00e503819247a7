package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"embark/paxossim"
	"embark/report"
)

// object is a line of what the simulator lists, whatever its kind.
type object struct {
	ID         string `json:"id"`
	RefID      string `json:"ref_id"`
	IdentityID string `json:"identity_id"`
	AccountID  string `json:"account_id"`
	ProfileID  string `json:"profile_id"`
}

func listObjects(sim, kind string, take func(object)) error {
	res, err := http.Get(sim + "/_simulator/" + kind)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	for d := json.NewDecoder(res.Body); ; {
		var o object
		if err := d.Decode(&o); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		take(o)
	}
}

func readStats(sim string) (stats paxossim.Stats, err error) {
	res, err := http.Get(sim + "/_simulator/stats")
	if err != nil {
		return stats, err
	}
	defer res.Body.Close()
	return stats, json.NewDecoder(res.Body).Decode(&stats)
}

// readResults reads the lines of the last report, by their columns.
func readResults(folder string) ([]map[string]string, error) {
	f, err := os.Open(filepath.Join(folder, "latest", report.ResultsFile))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// disagreements holds a report against the simulator: every object that is
// there stands in results.csv, beside the ids of what it belongs to, and
// nothing else does. So whatever was made twice shows as an object that the
// report does not know. Deposit instructions are not listed; they are counted.
func disagreements(sim, folder string) (faults []string, err error) {
	rows, err := readResults(folder)
	if err != nil {
		return nil, err
	}
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	for _, k := range []struct {
		kind, column string
		owners       func(object) map[string]string // the other columns of its line
	}{
		{"identities", "identity_id", func(o object) map[string]string { return map[string]string{"ref_id": o.RefID} }},
		{"accounts", "account_id", func(o object) map[string]string {
			return map[string]string{"identity_id": o.IdentityID, "profile_id": o.ProfileID}
		}},
		{"fiat_accounts", "fiat_account_id", func(o object) map[string]string {
			return map[string]string{"identity_id": o.IdentityID, "account_id": o.AccountID}
		}},
		{"orders", "order_id", func(o object) map[string]string { return map[string]string{"profile_id": o.ProfileID} }},
	} {
		ours, theirs := byColumn(rows, k.column), map[string]bool{}
		err := listObjects(sim, k.kind, func(o object) {
			theirs[o.ID] = true
			if len(ours[o.ID]) == 0 {
				fault("%s: %s (%s) is not in the report", k.kind, o.RefID, o.ID)
			}
			for _, row := range ours[o.ID] {
				for column, want := range k.owners(o) {
					if row[column] != want {
						fault("%s: %s: the report has %s %q, want %q", k.kind, o.RefID, column, row[column], want)
					}
				}
			}
		})
		if err != nil {
			return nil, err
		}
		for id := range ours {
			if !theirs[id] {
				fault("%s: the report has %s, which is not there", k.kind, id)
			}
		}
	}
	stats, err := readStats(sim)
	if err != nil {
		return nil, err
	}
	if memos := byColumn(rows, "deposit_memo_id"); len(memos) != stats.Objects.DepositInstructions {
		fault("deposit instructions: %d in the report, %d made", len(memos), stats.Objects.DepositInstructions)
	}
	if d := stats.Duplicates; d.IdentitiesPerRefID+d.FiatAccountsPerRefID+d.DepositsPerProfile != 0 {
		fault("made twice: %+v", d)
	}
	return faults, nil
}

// byColumn groups the lines that have something in a column.
func byColumn(rows []map[string]string, column string) map[string][]map[string]string {
	groups := map[string][]map[string]string{}
	for _, row := range rows {
		if v := row[column]; v != "" {
			groups[v] = append(groups[v], row)
		}
	}
	return groups
}
