package paxossim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"embark/paxos"
)

// joined is what the journal keeps of members added to an institution.
type joined struct {
	Institution int32                     `json:"institution"`
	Members     []paxos.InstitutionMember `json:"members"`
	At          int64                     `json:"at"`
}

// addInstitutionMembersRequest is both the request and, with ids, the reply of
// POST /identity/institution-members.
type addInstitutionMembersRequest struct {
	InstitutionID string                    `json:"institution_id"`
	Members       []paxos.InstitutionMember `json:"members"`
}

// addInstitutionMembers is POST /identity/institution-members. Nothing makes
// it repeatable: a member that is added twice is there twice.
func (s *Simulator) addInstitutionMembers(c *call) reply {
	var r addInstitutionMembersRequest
	if f := decodeStrict(c, &r); f != "" {
		return badRequest(f)
	}
	if f := requireMembers("institution_id", r.InstitutionID, len(r.Members)); f != "" {
		return badRequest(f)
	}
	var answer reply
	err := s.state.do(func(now int64) { answer = s.state.joinInstitution(&r, now) })
	if err != nil {
		return broken()
	}
	return answer
}

func requireMembers(field, id string, members int) string {
	if id == "" {
		return field + " must be set"
	}
	if members == 0 {
		return "members must not be empty"
	}
	return ""
}

func (st *state) joinInstitution(r *addInstitutionMembersRequest, now int64) reply {
	n, found := st.number(r.InstitutionID)
	if !found {
		return refuse(http.StatusNotFound, "institution not found")
	}
	kind, isInstitution := st.institutionType(n)
	if !isInstitution {
		return badRequest("institution_id is not that of an institution")
	}
	if f := institutionMemberFaults("members", kind, r.Members); f != "" {
		return badRequest(f)
	}
	for i, m := range r.Members {
		of, known := st.number(m.IdentityID)
		if !known {
			return refuse(http.StatusNotFound, "identity not found")
		}
		if of == n {
			return badRequest(fmt.Sprintf("members[%d].identity_id is the institution itself", i))
		}
	}
	st.name(r.Members, st.identities[n].ID, len(st.known(n).members))
	j := joined{n, r.Members, micro(now)}
	st.journal.write(membersEntry, j, nil)
	st.addJoined(j)
	return ok(r)
}

// institutionType reads the type from the create request.
func (st *state) institutionType(n int32) (kind string, isInstitution bool) {
	var r createRequest
	if !st.identities[n].Institution || json.Unmarshal(st.identities[n].body, &r) != nil {
		return "", false
	}
	return r.InstitutionDetails.InstitutionType, true
}

// name gives members their ids, counting on from those who are there.
func (st *state) name(members []paxos.InstitutionMember, institution uuid.UUID, from int) {
	for i := range members {
		members[i].ID = st.seed.id("member", institution.String(), strconv.Itoa(from+i)).String()
	}
}

func (st *state) validMembers(j joined) bool {
	return st.has(j.Institution) && st.identities[j.Institution].Institution
}

func (st *state) addJoined(j joined) {
	st.addMembers(j.Institution, j.Members)
	st.extra(j.Institution).joined = j.At
	st.last = max(st.last, j.At)
	st.plan(j.Institution)
}

// memberView is a member as it was at one moment.
type memberView struct {
	paxos.InstitutionMember
	status status
	body   []byte // the create request of the member, for its name
}

func (st *state) memberViews(n int32) []memberView {
	members := st.known(n).members
	views := make([]memberView, 0, len(members))
	for _, m := range members {
		if of, found := st.number(m.IdentityID); found {
			views = append(views, memberView{m, st.statuses[of], st.identities[of].body})
		}
	}
	return views
}

// memberBodies are members as replies show them.
func memberBodies(views []memberView) []paxos.InstitutionMember {
	out := make([]paxos.InstitutionMember, len(views))
	for i, v := range views {
		out[i] = v.InstitutionMember
		out[i].Name, out[i].SummaryStatus = fullName(v.body), v.status.String()
	}
	return out
}

func fullName(body []byte) string {
	var r createRequest
	if json.Unmarshal(body, &r) != nil {
		return ""
	}
	if d := r.InstitutionDetails; d != nil {
		return d.Name
	}
	return r.PersonDetails.FirstName + " " + r.PersonDetails.LastName
}

// jointAdded is what the journal keeps of members added to an account.
type jointAdded struct {
	Account int32                 `json:"account"`
	Members []paxos.AccountMember `json:"members"`
	At      int64                 `json:"at"`
}

// addAccountMembersRequest is both the request and, with ids, the reply of
// POST /identity/account-members.
type addAccountMembersRequest struct {
	AccountID string                `json:"account_id"`
	Members   []paxos.AccountMember `json:"members"`
}

// addAccountMembers is POST /identity/account-members; not repeatable either.
func (s *Simulator) addAccountMembers(c *call) reply {
	var r addAccountMembersRequest
	if f := decodeStrict(c, &r); f != "" {
		return badRequest(f)
	}
	if f := requireMembers("account_id", r.AccountID, len(r.Members)); f != "" {
		return badRequest(f)
	}
	for i := range r.Members {
		if f := memberFault(&r.Members[i]); f != "" {
			return badRequest(fmt.Sprintf("members[%d].%s", i, f))
		}
	}
	var v accountView
	var refused *reply
	err := s.state.do(func(now int64) { v, refused = s.state.joinAccount(&r, now) })
	if err != nil {
		return broken()
	}
	if refused != nil {
		return *refused
	}
	return s.storedAccounts([]accountView{v}, func(all []paxos.Account) any {
		members := all[0].Members
		r.Members = members[len(members)-len(r.Members):]
		return r
	})
}

func (st *state) joinAccount(r *addAccountMembersRequest, now int64) (accountView, *reply) {
	id, err := uuid.Parse(r.AccountID)
	n, found := st.accountByID[id]
	if err != nil || !found {
		return accountView{}, new(refuse(http.StatusNotFound, "account not found"))
	}
	for _, m := range r.Members {
		if _, known := st.number(m.IdentityID); !known {
			return accountView{}, new(refuse(http.StatusNotFound, "identity not found"))
		}
	}
	j := jointAdded{n, r.Members, micro(now)}
	st.journal.write(jointEntry, j, nil)
	st.addJoint(j)
	return st.accountView(n), nil
}

func (st *state) validJoint(j jointAdded) bool {
	return j.Account >= 0 && int(j.Account) < len(st.accounts)
}

func (st *state) addJoint(j jointAdded) {
	st.joint[j.Account] = append(st.joint[j.Account], j.Members...)
	st.jointMembers += len(j.Members)
	st.last = max(st.last, j.At)
}
