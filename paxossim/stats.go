package paxossim

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"sync"
)

// Stats is what happened since the start, and how many objects there are; it
// is the body of GET /_simulator/stats. The JSON names are an interface.
type Stats struct {
	Seed         uint64         `json:"seed"`
	Objects      Objects        `json:"objects"`
	Statuses     map[string]int `json:"statuses"` // identities by summary status
	Requests     map[string]int `json:"requests"` // by operation; Token and Unknown among them
	Refusals     map[string]int `json:"refusals"` // 4xx by status, also where a fault kept the client from hearing it
	Faults       map[string]int `json:"faults"`   // by kind: those that were injected
	Lockouts     int            `json:"lockouts"`
	PeakAverages PeakAverages   `json:"peak_averages"`
	Duplicates   Duplicates     `json:"duplicates"`
}

// Objects counts what exists. Events count once, however often they are listed.
type Objects struct {
	Identities int `json:"identities"`
	Accounts   int `json:"accounts"`
	Profiles   int `json:"profiles"`
	Events     int `json:"events"`

	Institutions        int `json:"institutions,omitempty"`       // among the identities
	Members             int `json:"members,omitempty"`            // of institutions
	AccountMembers      int `json:"account_members,omitempty"`    // added after the create
	Documents           int `json:"documents,omitempty"`          // whose bytes have arrived
	DocumentNames       int `json:"document_names,omitempty"`     // that were taken, with or without bytes
	WebhooksTried       int `json:"webhooks_tried,omitempty"`     // attempts, since the start
	WebhooksDelivered   int `json:"webhooks_delivered,omitempty"` // acknowledged, since the start
	FiatAccounts        int `json:"fiat_accounts"`
	DepositInstructions int `json:"deposit_instructions"`
	Orders              int `json:"orders"`
	SandboxDeposits     int `json:"sandbox_deposits"`
}

// PeakAverages are the most requests from one source in any window, divided by
// the window: what the limits are held against. Requests refused during a
// lock-out are not in them.
type PeakAverages struct {
	Token    float64 `json:"token"`
	Identity float64 `json:"identity"`
	Other    float64 `json:"other"`
}

// Duplicates are what a client must never bring about, as far as Paxos lets it.
type Duplicates struct {
	// Identities beyond the first of their ref_id: 0, or the simulator is broken.
	IdentitiesPerRefID int `json:"identities_per_ref_id"`
	// Identities with more than one account, which Paxos allows.
	AccountsPerIdentity int `json:"accounts_per_identity"`
	// Bank accounts beyond the first of their ref_id: only with FiatRefReusable.
	FiatAccountsPerRefID int `json:"fiat_accounts_per_ref_id"`
	// Profiles with more than one sandbox deposit.
	DepositsPerProfile int `json:"deposits_per_profile"`
}

// Stats returns the figures of this moment.
func (s *Simulator) Stats() Stats {
	out := Stats{Seed: s.options.Seed, Statuses: map[string]int{}, Requests: map[string]int{},
		Refusals: map[string]int{}, Faults: map[string]int{}}
	// A journal that cannot be written shows in every reply; here it changes nothing.
	_ = s.state.do(func(int64) { s.state.count(&out) })
	s.limiter.read(&out)
	s.tally.read(&out)
	return out
}

func (st *state) count(out *Stats) {
	out.Objects = Objects{
		Identities: len(st.identities), Accounts: len(st.accounts), Profiles: st.profiles, Events: len(st.eventByID),
		Institutions: st.institutions, Members: st.members, AccountMembers: st.jointMembers,
		Documents: st.uploads, DocumentNames: len(st.documents),
		WebhooksTried: st.webhooksTried, WebhooksDelivered: st.webhooksDone,
	}
	for s, n := range st.counts {
		if n > 0 {
			out.Statuses[status(s).String()] = n
		}
	}
	out.Duplicates = Duplicates{IdentitiesPerRefID: st.withRefID - len(st.byRefID), AccountsPerIdentity: st.multiple}
	st.countMoney(out)
	if st.late > 0 {
		out.Faults["late_event"] = st.late
	}
	if st.repeated > 0 {
		out.Faults["repeat_event"] = st.repeated
	}
}

// tally counts requests, refusals and faults.
type tally struct {
	mu                         sync.Mutex
	requests, refusals, faults map[string]int
}

func (t *tally) request(operation string) { t.add(&t.requests, operation) }
func (t *tally) refusal(status int)       { t.add(&t.refusals, strconv.Itoa(status)) }
func (t *tally) fault(kind string)        { t.add(&t.faults, kind) }

func (t *tally) add(counts *map[string]int, name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if *counts == nil {
		*counts = map[string]int{}
	}
	(*counts)[name]++
}

func (t *tally) read(out *Stats) {
	t.mu.Lock()
	defer t.mu.Unlock()
	maps.Copy(out.Requests, t.requests)
	maps.Copy(out.Refusals, t.refusals)
	maps.Copy(out.Faults, t.faults)
}

func (s *Simulator) serveStats(w http.ResponseWriter, _ *http.Request) { ok(s.Stats()).send(w) }

// serveIdentities writes all identities, one a line.
func (s *Simulator) serveIdentities(w http.ResponseWriter, _ *http.Request) {
	type line struct {
		ID     string `json:"id"`
		RefID  string `json:"ref_id"`
		Type   string `json:"type"`
		Status string `json:"status"`
	}
	stream(w, s.state, func(st *state) int { return len(st.identities) }, func(n int32) line {
		v := s.state.view(n)
		return line{v.ID.String(), v.RefID, v.kind(), v.status.String()}
	})
}

// serveAccounts writes all accounts, one a line.
func (s *Simulator) serveAccounts(w http.ResponseWriter, _ *http.Request) {
	type line struct {
		ID         string `json:"id"`
		RefID      string `json:"ref_id"`
		IdentityID string `json:"identity_id"`
		ProfileID  string `json:"profile_id,omitempty"`
	}
	stream(w, s.state, func(st *state) int { return len(st.accounts) }, func(n int32) line {
		v := s.state.accountView(n)
		l := line{ID: v.ID.String(), RefID: v.RefID, IdentityID: v.owner.String()}
		if v.Profile != (account{}).Profile {
			l.ProfileID = v.Profile.String()
		}
		return l
	})
}

// stream writes objects in portions, so that the lock is never held for long.
func stream[T any](w http.ResponseWriter, st *state, total func(*state) int, line func(int32) T) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	out := json.NewEncoder(w)
	const portion = 1000
	for from := 0; ; from += portion {
		var lines []T
		_ = st.do(func(int64) {
			for n := from; n < min(from+portion, total(st)); n++ {
				lines = append(lines, line(int32(n)))
			}
		})
		for _, l := range lines {
			if out.Encode(l) != nil {
				return // the reader has gone
			}
		}
		if len(lines) < portion {
			return
		}
	}
}
