package paxossim

import (
	"encoding/json"
	"net/http"
	"slices"

	"embark/paxos"
)

// subStatuses are what a summary status is made of. Persons have no document
// verification, institutions no ID verification.
type subStatuses struct {
	IDVerification status `json:"id_verification"`
	Sanctions      status `json:"sanctions"`
	Documents      status `json:"documents"`
	Screening      status `json:"screening"`
}

// summary is our reading of how sub-statuses add up, since none is documented:
// the worst one wins, and to be approved takes what the specification names
// for the sandbox, sanctions and ID verification, and documents besides.
func (s subStatuses) summary(institution bool) status {
	for _, worst := range []status{denied, errored, disabled} {
		if slices.Contains([]status{s.IDVerification, s.Sanctions, s.Documents, s.Screening}, worst) {
			return worst
		}
	}
	checked := s.IDVerification
	if institution {
		checked = s.Documents
	}
	if s.Sanctions == approved && checked == approved {
		return approved
	}
	return pending
}

// subsOf are the sub-statuses that go with a summary status that chance decided.
func subsOf(r *createRequest, summary status, owesDocuments bool) subStatuses {
	base := summary
	switch summary {
	case unknown:
		base = pending
	case disabled: // it was approved before, or it would not have been disabled
		base = approved
	}
	s := subStatuses{IDVerification: pending, Sanctions: base, Documents: approved, Screening: base}
	if base == approved {
		s.IDVerification = approved
	}
	if p := r.PersonDetails; p != nil && p.VerifierType == paxos.VerifierPassthrough {
		s.IDVerification, _ = parseStatus(p.PassthroughVerificationStatus)
	}
	if r.InstitutionDetails != nil && owesDocuments && base != approved {
		s.Documents = pending
	}
	return s
}

// setStatus is PUT /identity/identities/{id}/sandbox-status.
func (s *Simulator) setStatus(c *call) reply {
	var r paxos.SandboxStatusRequest
	if f := decodeStrict(c, &r); f != "" {
		return badRequest(f)
	}
	if f := firstFault(&r, "", sandboxChecks); f != "" {
		return badRequest(f)
	}
	found := false
	err := s.state.do(func(now int64) {
		var n int32
		if n, found = s.state.number(c.PathValue("id")); found {
			s.state.setStatus(n, &r, now)
		}
	})
	if err != nil {
		return broken()
	}
	if !found {
		return refuse(http.StatusNotFound, "identity does not exist")
	}
	return ok(struct{}{})
}

type sandboxRequest = paxos.SandboxStatusRequest

var sandboxChecks = []check[sandboxRequest]{
	{"id_verification_status", func(r *sandboxRequest) string { return r.IDVerificationStatus }, false, identityStatus},
	{"sanctions_verification_status", func(r *sandboxRequest) string { return r.SanctionsVerificationStatus }, false, identityStatus},
	{"document_verification_status", func(r *sandboxRequest) string { return r.DocumentVerificationStatus }, false, identityStatus},
	{"additional_screening_status", func(r *sandboxRequest) string { return r.AdditionalScreeningStatus }, false, identityStatus},
}

var identityStatus = oneOf(paxos.IdentityStatuses())

// sandboxSet is what the journal keeps of a set status. The change of the
// summary status that follows from it is an entry of its own.
type sandboxSet struct {
	Identity int32        `json:"identity"`
	Subs     *subStatuses `json:"subs,omitempty"`
	User     bool         `json:"user,omitempty"`
	Admin    bool         `json:"admin,omitempty"`
	Before   status       `json:"before"`
}

// setStatus writes the sub-statuses down and lets the summary follow.
func (st *state) setStatus(n int32, r *sandboxRequest, now int64) {
	x := st.known(n)
	set := sandboxSet{Identity: n, Subs: st.overlay(n, r), User: x.user, Admin: x.admin, Before: st.statuses[n]}
	if r.UserDisabled != nil {
		set.User = r.UserDisabled.Disabled
	}
	if r.AdminDisabled != nil {
		set.Admin = r.AdminDisabled.Disabled
	}
	if x.user || x.admin {
		set.Before = x.before
	}
	if set.Subs != nil {
		set.Before = set.Subs.summary(st.identities[n].Institution)
	}
	st.journal.write(sandboxEntry, set, nil)
	st.addSandbox(set)
	to := set.Before
	if set.User || set.Admin {
		to = disabled
	}
	if to != st.statuses[n] {
		st.take(st.decided(decision{due: now, identity: n, to: to}))
	}
}

// overlay puts the sub-statuses that were sent over those that are there. It
// returns nil as long as none has been sent.
func (st *state) overlay(n int32, r *sandboxRequest) *subStatuses {
	subs := st.known(n).subs
	sent := r.IDVerificationStatus + r.SanctionsVerificationStatus + r.DocumentVerificationStatus + r.AdditionalScreeningStatus
	if sent == "" {
		return subs
	}
	out := st.subs(n)
	for _, f := range []struct {
		to   *status
		text string
	}{{&out.IDVerification, r.IDVerificationStatus}, {&out.Sanctions, r.SanctionsVerificationStatus},
		{&out.Documents, r.DocumentVerificationStatus}, {&out.Screening, r.AdditionalScreeningStatus}} {
		if f.text != "" {
			*f.to, _ = parseStatus(f.text) // checked before
		}
	}
	return &out
}

// subs are the present sub-statuses of an identity.
func (st *state) subs(n int32) subStatuses {
	x := st.known(n)
	if x.subs != nil {
		return *x.subs
	}
	summary := st.statuses[n]
	if x.user || x.admin {
		summary = x.before
	}
	var r createRequest
	_ = json.Unmarshal(st.identities[n].body, &r) // it was decoded when it came
	return subsOf(&r, summary, len(st.identities[n].Wants) > 0)
}

func (st *state) validSandbox(s sandboxSet) bool { return st.has(s.Identity) && s.Before < statuses }

func (st *state) addSandbox(s sandboxSet) {
	x := st.extra(s.Identity)
	x.subs, x.user, x.admin, x.before = s.Subs, s.User, s.Admin, s.Before
}
