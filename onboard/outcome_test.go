package onboard

import "testing"

func TestOutcomeOf(t *testing.T) {
	identity := func(edit func(*Record)) Record {
		return anIdentity(t, func(r *Record) {
			r.ID, r.Origin, r.Status = "i1", Made, "APPROVED"
			if edit != nil {
				edit(r)
			}
		})
	}
	status := func(s string) Record { return identity(func(r *Record) { r.Status = s }) }
	made := func(edit func(*Record)) Record {
		return anAccount(t, func(r *Record) {
			r.ID, r.Origin, r.ProfileID = "a1", Made, "p1"
			if edit != nil {
				edit(r)
			}
		})
	}
	problem := func(code string) func(*Record) { return func(r *Record) { r.ID, r.Problem = "", &Problem{Code: code} } }
	none := Record{}
	tests := []struct {
		name              string
		identity, account Record
		finished          bool
		want              Outcome
		code              string
	}{
		{"all done", identity(nil), made(nil), false, Onboarded, ""},
		{"all done before", identity(nil), made(nil), true, AlreadyOnboarded, ""},
		{"identity only", identity(nil), none, false, Onboarded, ""},
		{"repeated is our own", identity(func(r *Record) { r.Origin = Repeated }), made(nil), false, Onboarded, ""},
		{"identity adopted", identity(func(r *Record) { r.Origin = Adopted }), made(nil), false, OutcomeAdopted, ""},
		{"account adopted", identity(nil), made(func(r *Record) { r.Origin = Adopted }), false, OutcomeAdopted, ""},
		{"given", identity(func(r *Record) { r.Origin = Given }), made(nil), false, Onboarded, ""},
		{"pending", status("PENDING"), made(nil), true, OutcomePending, ""},
		{"unknown status", status("NEW"), made(nil), false, OutcomePending, ""},
		{"no status", status(""), made(nil), false, OutcomePending, ""},
		{"documents", identity(func(r *Record) { r.Status, r.Documents = "PENDING", []string{"PASSPORT"} }), none, false, DocumentsNeeded, ""},
		{"denied", status("DENIED"), made(nil), false, Denied, ""},
		{"error", status("ERROR"), made(nil), false, Held, ""},
		{"disabled", status("DISABLED"), made(nil), true, Held, ""},
		{"cip conflict", anIdentity(t, problem(CodeCIPConflict)), none, false, OutcomeConflict, CodeCIPConflict},
		{"refused", anIdentity(t, problem(CodeRefused)), none, false, Failed, CodeRefused},
		{"in doubt", anIdentity(t, func(r *Record) { r.Attempt = 1 }), none, false, OutcomeInDoubt, ""},
		{"sent", anIdentity(t, func(r *Record) { r.Intent = &Intent{} }), none, false, OutcomeInDoubt, ""},
		{"ready", anIdentity(t, nil), none, false, NotStarted, ""},
		{"unknown", none, none, false, NotStarted, ""},
		{"waits for another", anIdentity(t, func(r *Record) { r.Needs = []Need{{Key: "identity/c2"}} }), none, false, OutcomeWaiting, ""},
		{"account unknown", identity(nil), Record{Key: ""}, false, Onboarded, ""},
		{"account waits", identity(nil), anAccount(t, func(r *Record) { r.Needs[0].Status = "" }), false, OutcomeWaiting, ""},
		{"account ready", identity(nil), anAccount(t, nil), false, OutcomeWaiting, ""},
		{"account in doubt", identity(nil), anAccount(t, func(r *Record) { r.Attempt = 1 }), false, OutcomeInDoubt, ""},
		{"account sent", identity(nil), anAccount(t, func(r *Record) { r.Intent = &Intent{} }), false, OutcomeInDoubt, ""},
		{"account refused", identity(nil), anAccount(t, problem(CodeRefused)), false, Failed, CodeRefused},
		{"account in conflict", identity(nil), anAccount(t, problem(CodeUnreadable)), false, OutcomeConflict, CodeUnreadable},
		{"no profile", identity(nil), made(func(r *Record) { r.ProfileID = "" }), true, Incomplete, ""},
		{"profile not read", identity(nil), made(func(r *Record) { r.ProfileID, r.Unread = "", true }), false, OutcomeWaiting, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, p := OutcomeOf(objects(tt.identity, tt.account), tt.finished)
			code := ""
			if p != nil {
				code = p.Code
			}
			if got != tt.want || code != tt.code {
				t.Errorf("got %s %q, want %s %q", got, code, tt.want, tt.code)
			}
		})
	}
	if got, _ := OutcomeOf([]Record{identity(nil), none}, true); got != NotStarted {
		t.Errorf("account wanted and unknown: got %s, want %s", got, NotStarted)
	}
}

// Every outcome is listed once, or a summary would not add up.
func TestOutcomes(t *testing.T) {
	seen := map[Outcome]bool{}
	for _, o := range Outcomes() {
		if seen[o] {
			t.Errorf("%s is listed twice", o)
		}
		seen[o] = true
	}
	if got, want := len(seen), 16; got != want {
		t.Errorf("got %d outcomes, want %d", got, want)
	}
}

// objects leaves an account out that nobody asked for.
func objects(identity, account Record) []Record {
	if !account.Known() {
		return []Record{identity}
	}
	return []Record{identity, account}
}
