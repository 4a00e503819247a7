package pipeline

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"embark/checkpoint"
	"embark/mapping"
	"embark/onboard"
	"embark/paxos"
	"embark/paxossim"
	"embark/source"
)

// ofIdentity are the operations that the Identity API's limit holds for.
var ofIdentity = []string{"CreateIdentity", "GetIdentity", "ListIdentities", "SandboxSetIdentityStatus", "CreateAccount", "GetAccount",
	"ListAccounts", "AddAccountMembers", "UploadDocument", "ListIdentityDocuments"}

// unforeseen are those of which only Paxos's pace decides how many there are.
var unforeseen = []string{"Token", "ListEvents", "GetEvent", "GetFiatAccount", "GetOrder"}

// TestPlanCountsCalls: where no answer is lost, a run makes the requests that
// the plan names.
func TestPlanCountsCalls(t *testing.T) {
	for name, c := range map[string]struct {
		files  []string
		extras Extras
	}{
		"customers":     {files: []string{"small.csv"}},
		"bank accounts": {files: []string{"fiat.csv"}},
		"orders":        {files: []string{"orders.csv"}, extras: Extras{Orders: true, Sandbox: true, Fund: &paxos.SandboxDepositRequest{Asset: "USD", Amount: "100000"}}},
		"institutions":  {files: []string{"institutions.csv"}},
		"two files":     {files: []string{"documents.csv", "joint.csv"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, 1, paxossim.Options{ApproveAfter: 2 * time.Second, FiatReviewAfter: 500 * time.Millisecond, FillAfter: time.Millisecond})
				r.scopes = paxossim.Scopes()
				in := r.samples(c.files...)
				in.Extras = c.extras
				checked, err := Check(t.Context(), in, Checking{})
				if err != nil {
					t.Fatal(err)
				}
				plan := checked.Plan(r.limits, 0, 0)
				r.must(func(cfg *Config) { cfg.Input, cfg.MaxRejected, cfg.Strict = in, 1, true })
				identity, other := 0, 0
				for operation, n := range r.sim.Stats().Requests {
					switch {
					case slices.Contains(ofIdentity, operation):
						identity += n
					case !slices.Contains(unforeseen, operation):
						other += n
					}
				}
				if got, want := plan.Calls[paxos.ClassIdentity], identity; got != want {
					t.Errorf("got %d requests of the Identity API planned, want %d; %v", got, want, r.sim.Stats().Requests)
				}
				read := plan.Objects.Of(onboard.KindFiatAccount) + plan.Objects.Of(onboard.KindOrder) // at least once each
				if got := plan.Calls[paxos.ClassOther] - plan.Polling - read; got != other {
					t.Errorf("got %d other requests planned, want %d; %v", got, other, r.sim.Stats().Requests)
				}
			})
		})
	}
}

// samples opens files of the samples.
func (r *rig) samples(names ...string) Input {
	r.t.Helper()
	in := Input{}
	for _, name := range names {
		f, err := source.Open("../samples/"+name, source.Options{})
		if err != nil {
			r.t.Fatal(err)
		}
		r.t.Cleanup(func() { f.Close() })
		m, err := mapping.New(f.Header(), mapping.Options{MadeUp: true, Now: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			r.t.Fatal(err)
		}
		in.Files, in.Mappers = append(in.Files, f), append(in.Mappers, m)
	}
	return in
}

func TestPlanTakes(t *testing.T) {
	c := &Checked{Due: 100_000}
	c.objects.join(rowObjects{1, 0, 0, 1}, 100_000)
	plan := c.Plan(paxos.Limits{}, 0, time.Minute)
	if got := plan.Takes.Round(time.Minute); got != 6*time.Hour+11*time.Minute {
		t.Errorf("got %s for 100,000 customers and a pause of a minute, want 6h11m", got)
	}
	if got := plan.With(paxos.Limits{Identity: 50}).Round(time.Minute); got != time.Hour+15*time.Minute {
		t.Errorf("got %s at five times the limit, want 1h15m", got)
	}
	few := c.Plan(paxos.Limits{}, 1000, 0)
	if few.Customers != 1000 || few.Calls[paxos.ClassIdentity] != 2000 {
		t.Errorf("got %d customers and %v with a limit of 1000", few.Customers, few.Calls)
	}
	if polls := plan.Polling; polls < 22_000 || polls > 60_000 {
		t.Errorf("got %d looks for decisions in six hours, want about two a second", polls)
	}
}

// TestPlanTakesBack: the rows that turn out not to be sent are taken back.
func TestPlanTakesBack(t *testing.T) {
	r := newRig(t, 3, noOptions)
	lines := strings.SplitAfter(readInput(r), "\n")
	r.writeInput(strings.Join(lines, "") + lines[1] + strings.Replace(lines[2], "cust-00000002", "cust-9", 1))
	checked, err := Check(t.Context(), r.input(), Checking{})
	if err != nil {
		t.Fatal(err)
	}
	if checked.Repeated != 1 || checked.Rejected != 2 || checked.Due != 2 {
		t.Fatalf("got %+v, want one repeated, two rejected, two due", checked)
	}
	if got := checked.Plan(paxos.Limits{}, 0, 0).Objects; got.Of(onboard.KindIdentity) != 2 || got.Of(onboard.KindAccount) != 2 {
		t.Errorf("got %d identities and %d accounts, want 2 of each", got.Of(onboard.KindIdentity), got.Of(onboard.KindAccount))
	}
}

// TestStandings: every row of a second look is counted as one of the five, and
// a change that the mapping made is told from one of the data.
func TestStandings(t *testing.T) {
	for name, c := range map[string]struct {
		sim     paxossim.Options
		wait    time.Duration
		again   string // mapping of the second look
		cell    [2]string
		refs    int // rows of the first run
		changed int
		want    map[string]int
	}{
		"new":                     {refs: 2, want: map[string]int{"finished": 2, "new": 2}},
		"done":                    {refs: 4, want: map[string]int{"finished": 4}},
		"undecided":               {refs: 4, sim: paxossim.Options{ApproveAfter: time.Hour}, wait: -1, want: map[string]int{"waiting": 4}},
		"denied":                  {refs: 4, sim: paxossim.Options{Denied: 1}, want: map[string]int{"stopped": 4}},
		"the data changed":        {refs: 4, cell: [2]string{"Example", "Changed"}, want: map[string]int{"changed": 4}},
		"the mapping changed":     {refs: 4, again: "INHERITANCE", want: map[string]int{"changed": 4, "remapped": 4}},
		"both changed":            {refs: 4, again: "INHERITANCE", cell: [2]string{"Example", "Changed"}, want: map[string]int{"changed": 4}},
		"cells that are not sent": {refs: 4, cell: [2]string{"a note", "another note"}, want: map[string]int{"finished": 4}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c.sim.ApproveAfter = max(c.sim.ApproveAfter, time.Second)
				r := newRig(t, 1, c.sim)
				r.writeForeign(c.refs, [2]string{})
				first := r.foreign("EMPLOYMENT_INCOME")
				r.must(func(cfg *Config) {
					cfg.Input, cfg.MaxErrors = first, 1
					if c.wait < 0 {
						cfg.Wait = 0
					}
				})
				r.writeForeign(4, c.cell)
				source := c.again
				if source == "" {
					source = "EMPLOYMENT_INCOME"
				}
				got := r.standings(r.foreign(source))
				maps.DeleteFunc(got, func(_ string, n int) bool { return n == 0 })
				if !maps.Equal(got, c.want) {
					t.Errorf("got %v, want %v", got, c.want)
				}
			})
		})
	}
}

// standings checks the input against the checkpoint.
func (r *rig) standings(in Input) map[string]int {
	r.t.Helper()
	store, err := checkpoint.Open(checkpoint.Options{Path: r.path("embark.db"), Environment: "test", ClientID: "test"})
	if err != nil {
		r.t.Fatal(err)
	}
	defer store.Close()
	c, err := Check(r.t.Context(), in, Checking{Store: store})
	if err != nil {
		r.t.Fatal(err)
	}
	if sum := c.New + c.Changed + c.Finished + c.Waiting + c.Stopped; sum != c.Valid {
		r.t.Errorf("got %d rows counted, want %d", sum, c.Valid)
	}
	return map[string]int{"new": c.New, "changed": c.Changed, "remapped": c.Remapped, "finished": c.Finished, "waiting": c.Waiting, "stopped": c.Stopped}
}

const foreignHeader = "No,Forename,Surname,DOB,Street,Town,State,ZIP,SSN,Job,Note\n"

// writeForeign writes an export of somebody else's, with a cell changed in all rows.
func (r *rig) writeForeign(rows int, change [2]string) {
	var text strings.Builder
	text.WriteString(foreignHeader)
	for i := range rows {
		n := string(rune('1' + i))
		line := "c" + n + ",Ada,Example,1980-01-0" + n + ",9 Sample Rd,Albany,NY,12207,900-01-000" + n + ",FULL_TIME,a note\n"
		if change[0] != "" {
			line = strings.Replace(line, change[0], change[1], 1)
		}
		text.WriteString(line)
	}
	if err := os.WriteFile(r.path("foreign.csv"), []byte(text.String()), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// foreign is the export under its mapping, in which one constant may change.
func (r *rig) foreign(wealth string) Input {
	r.t.Helper()
	spec, err := mapping.ParseSpec("foreign.yaml", []byte(`
version: 1
ignore: [Note]
columns:
  ref_id: No
  first_name: Forename
  last_name: Surname
  date_of_birth: DOB
  address.address1: Street
  address.city: Town
  address.province: State
  address.zip_code: ZIP
  address.country: {constant: USA}
  nationality: {constant: USA}
  cip_id: SSN
  cip_id_type: {constant: SSN}
  cip_id_country: {constant: USA}
  passthrough_verifier_type: {constant: PERSONA}
  passthrough_verified_at: {constant: "2026-05-04T10:11:12Z"}
  passthrough_verification_id: {concat: [No, No], separator: "-"}
  passthrough_verification_status: {constant: APPROVED}
  passthrough_verification_fields: {constant: "FULL_LEGAL_NAME|DATE_OF_BIRTH"}
  estimated_yearly_income: {constant: INCOME_50K_TO_100K}
  expected_transfer_value: {constant: TRANSFER_VALUE_0_TO_25K}
  source_of_wealth: {constant: `+wealth+`}
  employment_status: Job
  employment_industry_sector: {constant: EDUCATIONAL_SERVICES}
`))
	if err != nil {
		r.t.Fatal(err)
	}
	f, err := source.Open(r.path("foreign.csv"), source.Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { f.Close() })
	m, err := mapping.New(f.Header(), mapping.Options{MadeUp: true, Now: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Spec: spec})
	if err != nil {
		r.t.Fatal(err)
	}
	return Input{Files: []*source.File{f}, Mappers: []*mapping.Mapper{m}, Mappings: []string{"foreign.yaml"}}
}

// TestCheckProgress: the rows, and a share that ends at all of it, whatever the
// number of files.
func TestCheckProgress(t *testing.T) {
	in := newRig(t, 1, noOptions).samples("customers.csv", "small.csv")
	size := in.Files[0].Size() + in.Files[1].Size()
	rows, before := 0, int64(0)
	checked, err := Check(t.Context(), in, Checking{Progress: func(n int, read, of int64) {
		if n <= rows || read <= before || read > of || of != size {
			t.Errorf("got %d rows and %d of %d bytes after %d rows and %d bytes, want %d at the end", n, read, of, rows, before, size)
		}
		rows, before = n, read
	}})
	if err != nil {
		t.Fatal(err)
	}
	if rows != checked.Rows || before != size {
		t.Errorf("got %d rows and %d bytes at the end, want %d and %d", rows, before, checked.Rows, size)
	}
}
