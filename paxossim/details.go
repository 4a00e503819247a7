package paxossim

import (
	"embark/paxos"
)

// statusDetails say why an identity is not approved, as the editions since
// late 2025 do; nil for one that is.
func (st *state) statusDetails(n int32) *paxos.StatusDetails {
	out := &paxos.StatusDetails{ActiveControls: st.controls(n)}
	switch st.statuses[n] {
	case approved, disabled, errored:
	default:
		out.Requirements = st.requirements(n)
	}
	if len(out.ActiveControls)+len(out.Requirements) == 0 {
		return nil
	}
	return out
}

func (st *state) controls(n int32) []paxos.Control {
	x := st.known(n)
	control := func(kind, by, reason string) []paxos.Control {
		return []paxos.Control{{ID: seed(0).id("control", st.identities[n].ID.String(), kind).String(), Type: kind,
			SetBy: by, ReasonCode: reason, CreatedAt: microText(st.updated[n])}}
	}
	switch {
	case x.admin:
		return control("SELL_ONLY", "SET_BY_PAXOS", "ADMINISTRATIVE")
	case x.user:
		return control("CLOSED", "SET_BY_CLIENT", "END_USER_REQUEST")
	case st.statuses[n] == errored:
		return control("FROZEN", "SET_BY_PAXOS", "COMPLIANCE_INVESTIGATION")
	}
	return nil
}

const fromClient, fromPaxos = "CLIENT", "PAXOS"

// requirements are what has to happen before an approval, what the client can
// do first.
func (st *state) requirements(n int32) (all []paxos.Requirement) {
	add := func(kind, from, code string) {
		r := paxos.Requirement{Type: kind, Status: "PENDING", AwaitingActionFrom: from}
		if code != "" {
			r.Errors = []paxos.RequirementError{{Code: code}}
		}
		all = append(all, r)
	}
	id, subs := st.identities[n], st.subs(n)
	switch {
	case len(st.missing(n)) > 0 && id.Institution:
		add("DOCUMENT_VERIFICATION", fromClient, "DOCUMENT_UPLOAD_REQUIRED")
	case len(st.missing(n)) > 0:
		add("ENHANCED_DUE_DILIGENCE", fromClient, "EDD_DOCUMENTATION_REQUIRED")
	case st.known(n).asked && st.statuses[n] == pending:
		add("ENHANCED_DUE_DILIGENCE", fromPaxos, "COMPLIANCE_REVIEW_REQUIRED")
	}
	if code := st.membersCode(n); code != "" {
		add("MEMBERS", "", code)
	}
	if !id.Institution && subs.IDVerification != approved {
		add("ID_VERIFICATION", fromPaxos, failedOr(subs.IDVerification, "IDENTITY_VERIFICATION_FAILED", ""))
	}
	if subs.Sanctions != approved {
		add("SCREENING_CHECK", fromPaxos, failedOr(subs.Sanctions, "SCREENING_FAILED", "SCREENING_IN_PROGRESS"))
	}
	return markFailed(all)
}

func failedOr(s status, failed, otherwise string) string {
	if s == denied {
		return failed
	}
	return otherwise
}

// membersCode says whether members keep an institution waiting.
func (st *state) membersCode(n int32) (code string) {
	if !st.identities[n].Institution || st.known(n).subs != nil {
		return ""
	}
	if len(st.known(n).members) == 0 {
		code = "MEMBER_VERIFICATION_PENDING"
	}
	for _, m := range st.known(n).members {
		switch of, _ := st.number(m.IdentityID); st.statuses[of] {
		case approved:
		case denied:
			return "MEMBER_VERIFICATION_FAILED"
		default:
			code = "MEMBER_VERIFICATION_PENDING"
		}
	}
	return code
}

// markFailed gives the requirements whose error says so the status FAILED.
func markFailed(all []paxos.Requirement) []paxos.Requirement {
	for i, r := range all {
		for _, e := range r.Errors {
			switch e.Code {
			case "IDENTITY_VERIFICATION_FAILED", "SCREENING_FAILED", "MEMBER_VERIFICATION_FAILED":
				all[i].Status = "FAILED"
			}
		}
	}
	return all
}
