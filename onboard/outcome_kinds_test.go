package onboard

import "testing"

// What hangs on the account is optional: its trouble leaves the customer
// incomplete, not failed.
func TestOutcomeOfOptionalObjects(t *testing.T) {
	status := func(s string) func(*Record) { return func(r *Record) { r.ID, r.Origin, r.Status = "x1", Made, s } }
	problem := func(code string) func(*Record) { return func(r *Record) { r.Problem = &Problem{Code: code} } }
	waits := func(r *Record) { r.Needs[1] = Need{Key: r.Needs[1].Key, For: r.Needs[1].For} }
	tests := []struct {
		name string
		kind Kind
		edit func(*Record)
		want Outcome
		code string
	}{
		{"bank account approved", KindFiatAccount, status("APPROVED"), Onboarded, ""},
		{"bank account pending", KindFiatAccount, status("PENDING"), OutcomePending, ""},
		{"bank account of an unknown status", KindFiatAccount, status("NEW"), OutcomePending, ""},
		{"bank account rejected", KindFiatAccount, status("REJECTED"), Incomplete, ""},
		{"bank account adopted", KindFiatAccount, func(r *Record) { r.ID, r.Origin, r.Status = "x1", Adopted, "APPROVED" }, OutcomeAdopted, ""},
		{"instructions", KindDepositInstructions, status("VALID"), Onboarded, ""},
		{"instructions without status", KindDepositInstructions, status(""), Onboarded, ""},
		{"instructions deprecated", KindDepositInstructions, status("DEPRECATED"), Incomplete, ""},
		{"instructions of an unknown status", KindDepositInstructions, status("NEW"), Incomplete, ""},
		{"credited", KindSandboxDeposit, status(""), Onboarded, ""},
		{"order filled", KindOrder, status("FILLED"), Onboarded, ""},
		{"order open", KindOrder, status("OPEN"), OutcomePending, ""},
		{"order of an unknown status", KindOrder, status("NEW"), OutcomePending, ""},
		{"order cancelled", KindOrder, status("CANCELLED"), Incomplete, ""},
		{"order rejected", KindOrder, status("REJECTED"), Incomplete, ""},
		{"order expired", KindOrder, status("EXPIRED"), Incomplete, ""},
	}
	for _, kind := range []Kind{KindFiatAccount, KindDepositInstructions, KindSandboxDeposit, KindOrder} {
		for name, c := range map[string]struct {
			edit func(*Record)
			want Outcome
			code string
		}{
			"waits":       {waits, OutcomeWaiting, ""},
			"ready":       {nil, OutcomeWaiting, ""},
			"sent":        {func(r *Record) { r.Intent = &Intent{} }, OutcomeInDoubt, ""},
			"in doubt":    {func(r *Record) { r.Attempt = 1 }, OutcomeInDoubt, ""},
			"exists":      {func(r *Record) { r.Exists = true }, OutcomeInDoubt, ""},
			"refused":     {problem(CodeRefused), Incomplete, CodeRefused},
			"in conflict": {problem(CodeUnreadable), Incomplete, CodeUnreadable},
		} {
			tests = append(tests, struct {
				name string
				kind Kind
				edit func(*Record)
				want Outcome
				code string
			}{string(kind) + " " + name, kind, c.edit, c.want, c.code})
		}
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			identity := anIdentity(t, status("APPROVED"))
			account := anAccount(t, func(r *Record) { r.ID, r.Origin, r.ProfileID = "a1", Made, "p1" })
			got, p := OutcomeOf([]Record{identity, account, ready(t, tt.kind, tt.edit)}, false)
			if got != tt.want || (p != nil) != (tt.code != "") || p != nil && p.Code != tt.code {
				t.Errorf("got %s, %+v, want %s %q", got, p, tt.want, tt.code)
			}
			account.ProfileID = "" // speaks first
			if got, _ := OutcomeOf([]Record{identity, account, ready(t, tt.kind, tt.edit)}, false); got != Incomplete {
				t.Errorf("without a profile: got %s, want %s", got, Incomplete)
			}
		})
	}
}

// Documents and the sandbox's status say nothing of their own.
func TestOutcomeIgnoresDocuments(t *testing.T) {
	identity := anIdentity(t, func(r *Record) { r.ID, r.Origin, r.Status = "i1", Made, "APPROVED" })
	for _, kind := range []Kind{KindDocument, KindSandboxStatus} {
		for _, edit := range []func(*Record){nil, func(r *Record) { r.Attempt = 1 }, func(r *Record) { r.Problem = &Problem{Code: CodeFile} }} {
			if got, _ := OutcomeOf([]Record{identity, ready(t, kind, edit)}, true); got != AlreadyOnboarded {
				t.Errorf("%s: got %s, want %s", kind, got, AlreadyOnboarded)
			}
		}
	}
	identity.Status, identity.Documents = "PENDING", []string{"PROOF_OF_FUNDS"}
	if got, _ := OutcomeOf([]Record{identity, ready(t, KindDocument, nil)}, false); got != DocumentsNeeded {
		t.Errorf("asked for: got %s, want %s", got, DocumentsNeeded)
	}
}
