package paxossim

import (
	"encoding/json"
	"net/http"
	"slices"
	"sort"
	"time"

	"github.com/google/uuid"

	"embark/paxos"
)

// createIdentity is POST /identity/identities. The reply is always PENDING,
// also when the decision follows at once.
func (s *Simulator) createIdentity(c *call) reply {
	var r paxos.CreateIdentityRequest
	if f := decodeStrict(c, &r); f != "" {
		return badRequest(f)
	}
	if f := s.identityFault(&r); f != "" {
		return badRequest(f)
	}
	var v view
	var refused *reply
	err := s.state.do(func(now int64) {
		if refused = s.refuseIdentity(&r); refused == nil {
			v = s.state.createIdentity(&r, c.body, now)
		}
	})
	if err != nil {
		return broken()
	}
	if refused != nil {
		return *refused
	}
	return ok(s.identityBody(v, &r))
}

// identityFault: the type of an identity follows from the details that it has.
func (s *Simulator) identityFault(r *createRequest) string {
	switch person, institution := r.PersonDetails != nil, r.InstitutionDetails != nil; {
	case person && institution:
		return "person_details and institution_details must not both be set"
	case institution:
		return s.institutionFault(r)
	case person:
		return personFault(r)
	}
	return "person_details or institution_details must be set"
}

// refuseIdentity is why an identity cannot be made in the present state, or nil.
func (s *Simulator) refuseIdentity(r *createRequest) *reply {
	for _, m := range r.InstitutionMembers {
		if _, known := s.state.number(m.IdentityID); !known {
			return new(refuse(http.StatusNotFound, "identity not found"))
		}
	}
	return s.duplicateIdentity(r)
}

// duplicateIdentity is the 409 for a ref_id or a CIP ID that is taken, or nil.
func (s *Simulator) duplicateIdentity(r *paxos.CreateIdentityRequest) *reply {
	st := s.state
	var found []reply
	if n, taken := st.byRefID[r.RefID]; taken {
		found = append(found, alreadyExists("duplicate ref_id provided",
			st.identities[n].ID.String(), s.options.IdentityConflictPlain))
	}
	if n, taken := st.byCIP[cipTriple(r)]; taken {
		found = append(found, alreadyExists("duplicate (cip_id, cip_id_type, cip_id_country) provided",
			st.identities[n].ID.String(), s.options.IdentityConflictPlain))
	}
	switch {
	case len(found) == 0:
		return nil
	case s.options.CIPFirst:
		return &found[len(found)-1]
	}
	return &found[0]
}

// createIdentity makes a new identity, decides its fate and writes it down.
func (st *state) createIdentity(r *paxos.CreateIdentityRequest, body []byte, now int64) view {
	name := nameOf(r.RefID, len(st.identities))
	id := &identity{
		ID: st.seed.id("identity", name), RefID: r.RefID, CIP: cipTriple(r),
		Created: micro(now), body: body, Institution: r.InstitutionDetails != nil, Members: r.InstitutionMembers,
	}
	id.Wants = st.wants(id, name)
	st.name(id.Members, id.ID, 0)
	deniedBefore := r.PersonDetails != nil && r.PersonDetails.PassthroughVerificationStatus == paxos.StatusDenied
	id.Due, id.Becomes = st.fate(name, id.Created, deniedBefore)
	st.journal.write(identityEntry, id, body)
	st.addIdentity(id)
	v := st.view(int32(len(st.identities) - 1))
	v.members = st.memberViews(int32(len(st.identities) - 1))
	return v
}

// getIdentity is GET /identity/identities/{id}.
func (s *Simulator) getIdentity(c *call) reply {
	if f := onlyParameters(c.query, "include_details", "include_institution_members"); f != "" {
		return badRequest(f)
	}
	details, err := boolParameter(c.query, "include_details")
	if err != "" {
		return badRequest(err)
	}
	members, err := boolParameter(c.query, "include_institution_members")
	if err != "" {
		return badRequest(err)
	}
	v, found, failure := s.findIdentity(c.PathValue("id"), members)
	switch {
	case failure != nil:
		return broken()
	case !found:
		return notFound()
	case !details:
		return ok(s.identityBody(v, nil))
	}
	var r paxos.CreateIdentityRequest
	if err := json.Unmarshal(v.body, &r); err != nil {
		return broken()
	}
	return ok(s.identityBody(v, &r))
}

func (s *Simulator) findIdentity(text string, members bool) (v view, found bool, err error) {
	id, bad := uuid.Parse(text)
	if bad != nil {
		return view{}, false, nil
	}
	err = s.state.do(func(int64) {
		var n int32
		if n, found = s.state.byID[id]; found {
			v = s.state.view(n)
			if members {
				v.members = s.state.memberViews(n)
			}
		}
	})
	return v, found, err
}

// listIdentities is GET /identity/identities, newest first.
func (s *Simulator) listIdentities(c *call) reply {
	q, f := parseList(c.query, "summary_status", "identity_type")
	if f == "" {
		f = oneOf([]string{"", paxos.TypePerson, paxos.TypeInstitution})(c.query.Get("identity_type")).in("identity_type")
	}
	want, all := status(0), !c.query.Has("summary_status")
	if !all {
		var err error
		if want, err = parseStatus(c.query.Get("summary_status")); err != nil || want == unknown {
			f = "summary_status is not one of the allowed values"
		}
	}
	if f != "" {
		return badRequest(f)
	}
	kind, st := c.query.Get("identity_type"), s.state
	return s.identityPage(q, func(n int32) bool {
		return (all || st.statuses[n] == want) && (kind == "" || kind == st.identities[n].kind())
	})
}

func (id *identity) kind() string {
	if id.Institution {
		return paxos.TypeInstitution
	}
	return paxos.TypePerson
}

// identityPage lists the identities that are wanted, which is asked under the lock.
func (s *Simulator) identityPage(q listQuery, wanted func(int32) bool) reply {
	var views []view
	var next string
	err := s.state.do(func(int64) {
		numbers, more := s.state.pickIdentities(q, q.size(s.options.PageLimit), wanted)
		for _, n := range numbers {
			views = append(views, s.state.view(n))
		}
		if more {
			next = cursorAfter(int(numbers[len(numbers)-1]))
		}
	})
	if err != nil {
		return broken()
	}
	out := listPage[paxos.Identity]{Items: make([]paxos.Identity, len(views)), Next: next}
	for i, v := range views {
		out.Items[i] = s.identityBody(v, nil)
		if s.options.ListWithoutRefID {
			out.Items[i].RefID = ""
		}
	}
	return ok(out)
}

// fewUpdates is up to how many updates are gathered from the index of updates
// and sorted; beyond that, walking the column of updated_at is quicker.
const fewUpdates = 4096

// pickIdentities finds the next page. A narrow window of updated_at is looked
// up in the list of updates, which is in order of time.
func (st *state) pickIdentities(q listQuery, limit int, wanted func(int32) bool) ([]int32, bool) {
	match := func(n int32) bool { return wanted(n) && q.updated.holds(st.updated[n]) }
	all := series{len(st.identities), func(i int) int32 { return int32(i) }, st.createdAt}
	lo := sort.Search(len(st.updates), func(i int) bool { return st.updates[i].at >= q.updated.from })
	hi := sort.Search(len(st.updates), func(i int) bool { return st.updates[i].at >= q.updated.to })
	hi = max(lo, hi) // bounds may contradict each other
	if hi-lo < min(fewUpdates, len(st.identities)) {
		recent := make([]int32, 0, hi-lo)
		for _, u := range st.updates[lo:hi] {
			recent = append(recent, u.identity)
		}
		slices.Sort(recent)
		recent = slices.Compact(recent)
		all = series{len(recent), func(i int) int32 { return recent[i] }, st.createdAt}
	}
	return q.page(all, limit, match)
}

func (st *state) createdAt(n int32) int64 { return st.identities[n].Created }

// identityBody is an identity as replies show it; details come from the
// request, when they are to be shown.
func (s *Simulator) identityBody(v view, r *paxos.CreateIdentityRequest) paxos.Identity {
	out := paxos.Identity{
		ID: v.ID.String(), RefID: v.RefID, Type: v.kind(), StatusDetails: v.why,
		CreatedAt: microText(v.Created), UpdatedAt: microText(v.updated),
	}
	out.SummaryStatus, out.Status = s.options.StatusKeys.keyed(v.status)
	if v.members != nil {
		out.InstitutionMembers = memberBodies(v.members)
	}
	if r == nil {
		return out
	}
	out.CustomerDueDiligence, out.Metadata = r.CustomerDueDiligence, r.Metadata
	out.TaxDetails, out.TaxDetailsNotRequired = r.TaxDetails, r.TaxDetailsNotRequired
	s.addDetails(&out, r, v)
	return out
}

// addDetails adds the details as they were sent, with the sub-statuses, and
// the tax details where Paxos fills them in.
func (s *Simulator) addDetails(out *paxos.Identity, r *createRequest, v view) {
	subs := subsOf(r, v.status, len(v.Wants) > 0)
	if v.subs != nil {
		subs = *v.subs
	}
	if r.InstitutionDetails != nil {
		d := *r.InstitutionDetails
		d.SanctionsVerificationStatus, d.AdditionalScreeningStatus = subs.Sanctions.String(), subs.Screening.String()
		d.DocumentVerificationStatus = subs.Documents.String()
		out.InstitutionDetails = &d
		fillTax(out, d.CIPID, d.CIPIDCountry, autoFilled(&d))
		return
	}
	p := *r.PersonDetails
	s.fillIn(&p, subs)
	out.PersonDetails = &p
	fillTax(out, p.CIPID, p.CIPIDCountry, hasTIN(&p))
}

func fillTax(out *paxos.Identity, id, country string, filled bool) {
	if len(out.TaxDetails) == 0 && filled {
		out.TaxDetails = []paxos.TaxDetail{{TaxPayerID: id, TaxPayerCountry: country}}
	}
}

// fillIn adds what replies have beyond the request: sub-statuses, the
// deprecated aliases of the CIP ID, and a time of day for the date of birth.
func (s *Simulator) fillIn(p *person, subs subStatuses) {
	p.GovtID, p.GovtIDType = p.CIPID, p.CIPIDType
	if !s.options.PlainDates {
		p.DateOfBirth += "T00:00:00Z"
	}
	p.IDVerificationStatus, p.SanctionsVerificationStatus = subs.IDVerification.String(), subs.Sanctions.String()
	p.AdditionalScreeningStatus = subs.Screening.String()
}

// listPage is the body of a list.
type listPage[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next_page_cursor,omitempty"`
}

func microText(ns int64) string {
	return time.Unix(0, ns).UTC().Format("2006-01-02T15:04:05.000000Z")
}
