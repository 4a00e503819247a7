package rules

import (
	"math/big"
	"slices"
	"strings"
)

// Member is one item of a column of members: a part that a customer has.
type Member struct {
	RefID     string
	Role      string
	Ownership string // percent; may be empty
	Position  string // may be empty
}

// Members takes a cell apart at its vertical bars. A ref_id may hold colons, so
// it ends where a role begins; Role is "" where there is none.
func Members(cell string) []Member {
	if cell == "" {
		return nil
	}
	var members []Member
	for item := range strings.SplitSeq(cell, "|") {
		members = append(members, member(item))
	}
	return members
}

func member(item string) Member {
	parts := strings.Split(item, ":")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	for i := 1; i < len(parts); i++ {
		if !isRole(parts[i]) {
			continue
		}
		m := Member{RefID: strings.Join(parts[:i], ":"), Role: parts[i]}
		if i+1 < len(parts) {
			m.Ownership, m.Position = parts[i+1], strings.Join(parts[i+2:], ":")
		}
		return m
	}
	return Member{RefID: parts[0]}
}

func isRole(v string) bool {
	return slices.Contains(trustRoles, v) || slices.Contains(soleRoles, v) || slices.Contains(accountRoles, v)
}

// InstitutionMembers is the cell that names the members of an institution.
func (p *Row) InstitutionMembers() string {
	if p.Parts == nil || !p.IsInstitution() {
		return ""
	}
	return p.Parts.Members
}

// AccountMembers is the cell that names the members of the account: of a person
// the column members may do so, too.
func (p *Row) AccountMembers() string {
	if p.Parts == nil || p.IsInstitution() || p.Parts.AccountMembers != "" {
		return p.explicitMembers()
	}
	return p.Parts.Members
}

func (p *Row) explicitMembers() string {
	if p.Parts == nil {
		return ""
	}
	return p.Parts.AccountMembers
}

func (p *Row) membersOfPerson() string {
	if p.Parts == nil || p.IsInstitution() {
		return ""
	}
	return p.Parts.Members
}

// institutionMemberChecks are only made for institutions that are to be made.
var institutionMemberChecks = slices.Concat(
	[]Check{
		{Rule{ID: "member_required", Text: "an institution has at least one member", Hint: "name the rows of its members, as ref_id:ROLE|ref_id:ROLE"},
			GroupInstitution, "members", func(p *Row, _ Options) bool { return p.InstitutionMembers() == "" }},
	},
	memberChecks("members", GroupInstitution, (*Row).InstitutionMembers),
	[]Check{
		roleCheck("the members of a trust are TRUSTEE, GRANTOR or BENEFICIARY", (*Row).isTrust, trustRoles),
		roleCheck("the members of a company are BENEFICIAL_OWNER, MANAGEMENT_CONTROL_PERSON, AUTHORIZED_USER or ACCOUNT_OPENER", (*Row).isCorporate, companyRoles),
		roleCheck("a sole proprietorship has no members of trusts", (*Row).isSole, soleRoles),
		{Rule{ID: "member_ownership", Text: "a share is a percentage from 0 to 100", Hint: "digits with a point at most: ref_id:BENEFICIAL_OWNER:60"},
			GroupInstitution, "members", ofMembers((*Row).InstitutionMembers, func(m []Member) bool {
				return slices.ContainsFunc(m, func(m Member) bool { return m.Ownership != "" && !isPercent(m.Ownership) })
			})},
		{Rule{ID: "member_ownership", Text: "one member has two different shares"},
			GroupInstitution, "members", ofMembers((*Row).InstitutionMembers, twoShares)},
		{Rule{ID: "member_ownership_sum", Text: "the shares of the beneficial owners come to more than 100 percent"},
			GroupInstitution, "members", ofMembers((*Row).InstitutionMembers, sharesOver100)},
		lacking(roleOwner, "no BENEFICIAL_OWNER among the members; most institutions have one (25 percent and more)"),
		lacking(roleControl, "no MANAGEMENT_CONTROL_PERSON among the members; most institutions have one"),
	},
)

var accountMemberChecks = slices.Concat(
	accountChecks("members", (*Row).membersOfPerson),
	accountChecks("account.members", (*Row).explicitMembers),
	[]Check{
		{Rule{ID: "member_twice", Text: "members and account.members of a person are the same column; both are filled", Hint: "keep one of them"},
			GroupMembers, "members", func(p *Row, _ Options) bool { return p.membersOfPerson() != "" && p.explicitMembers() != "" }},
		{Rule{ID: "member_unused", Severity: Warning, Text: "members are not added to an institution that is at Paxos already"},
			GroupMembers, "members", func(p *Row, _ Options) bool { return p.Exists() && p.InstitutionMembers() != "" }},
	},
)

// accountChecks are the rules for members of accounts, whichever column names them.
func accountChecks(column string, cell func(*Row) string) []Check {
	return append(memberChecks(column, GroupMembers, cell),
		Check{Rule{ID: "member_role", Text: "the members of an account are BENEFICIAL_OWNER, FINANCIAL_ADVISOR or AUTHORIZED_USER"},
			GroupMembers, column, ofMembers(cell, func(m []Member) bool { return otherRoles(m, accountRoles) })},
		Check{Rule{ID: "member_ownership", Text: "only members of institutions have shares and positions", Hint: "write ref_id:ROLE"},
			GroupMembers, column, ofMembers(cell, func(m []Member) bool {
				return slices.ContainsFunc(m, func(m Member) bool { return m.Ownership+m.Position != "" })
			})},
	)
}

// memberChecks are the rules for members of anything.
func memberChecks(column string, g Group, cell func(*Row) string) []Check {
	return []Check{
		{Rule{ID: "member_role", Text: "a member is without a role that Paxos knows", Hint: "write ref_id:ROLE, with | between members"}, g, column,
			ofMembers(cell, func(m []Member) bool { return slices.ContainsFunc(m, func(m Member) bool { return m.Role == "" }) })},
		{Rule{ID: "member_ref_id", Text: "a member's ref_id is none", Hint: "members are named by the ref_id of the row that describes them"}, g, column,
			ofMembers(cell, func(m []Member) bool { return slices.ContainsFunc(m, func(m Member) bool { return !IsRefID(m.RefID) }) })},
		{Rule{ID: "member_self", Text: "the row names itself as a member"}, g, column,
			func(p *Row, _ Options) bool {
				return slices.ContainsFunc(Members(cell(p)), func(m Member) bool { return m.RefID == p.RefID && m.RefID != "" })
			}},
		{Rule{ID: "member_repeated", Text: "a member is named twice in the same role"}, g, column, ofMembers(cell, repeated)},
	}
}

func ofMembers(cell func(*Row) string, fails func([]Member) bool) func(*Row, Options) bool {
	return func(p *Row, _ Options) bool {
		v := cell(p)
		return v != "" && fails(Members(v))
	}
}

func roleCheck(words string, concerns func(*Row) bool, roles []string) Check {
	return Check{Rule{ID: "member_role", Text: words}, GroupInstitution, "members", func(p *Row, _ Options) bool {
		return concerns(p) && otherRoles(Members(p.InstitutionMembers()), roles)
	}}
}

// lacking: Paxos's page says "typically", so it is a warning.
func lacking(role, words string) Check {
	return Check{Rule{ID: "member_missing", Severity: Warning, Text: words}, GroupInstitution, "members", func(p *Row, _ Options) bool {
		m := Members(p.InstitutionMembers())
		return p.isCorporate() && m != nil && !slices.ContainsFunc(m, func(m Member) bool { return m.Role == role })
	}}
}

func otherRoles(members []Member, roles []string) bool {
	return slices.ContainsFunc(members, func(m Member) bool { return m.Role != "" && !slices.Contains(roles, m.Role) })
}

func repeated(members []Member) bool {
	for i, m := range members {
		if slices.ContainsFunc(members[:i], func(o Member) bool { return o.RefID == m.RefID && o.Role == m.Role && m.Role != "" }) {
			return true
		}
	}
	return false
}

func isPercent(v string) bool {
	d, ok := decimal(v)
	return ok && d.Cmp(big.NewRat(100, 1)) <= 0
}

func twoShares(members []Member) bool {
	shares := map[string]string{}
	for _, m := range members {
		if first := shares[m.RefID]; first != "" && m.Ownership != "" && m.Ownership != first {
			return true
		}
		if m.Ownership != "" {
			shares[m.RefID] = m.Ownership
		}
	}
	return false
}

// sharesOver100 counts each beneficial owner once, whichever of their roles the
// share stands with.
func sharesOver100(members []Member) bool {
	sum, counted := new(big.Rat), map[string]bool{}
	for _, m := range members {
		share, ok := decimal(m.Ownership)
		owner := slices.ContainsFunc(members, func(o Member) bool { return o.RefID == m.RefID && o.Role == roleOwner })
		if ok && owner && !counted[m.RefID] {
			counted[m.RefID] = true
			sum.Add(sum, share)
		}
	}
	return sum.Cmp(big.NewRat(100, 1)) > 0
}
