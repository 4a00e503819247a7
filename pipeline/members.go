package pipeline

import (
	"embark/mapping"
	"embark/onboard"
)

// memberships remembers which institutions of the input name which members, in
// hashes, to find institutions that are members of each other: none of them
// could ever be made.
type memberships struct {
	members map[uint64][]uint64
	rows    map[uint64][]int // ordinals
}

func (m *memberships) add(ref uint64, members []uint64, ordinal int) {
	if len(members) == 0 {
		return
	}
	if m.members == nil {
		m.members, m.rows = map[uint64][]uint64{}, map[uint64][]int{}
	}
	m.members[ref] = members
	m.rows[ref] = append(m.rows[ref], ordinal)
}

// circles are the institutions that are members of themselves, however many
// others are in between.
func (m *memberships) circles() (ordinals []int) {
	for ref := range m.members {
		if m.reaches(ref, ref, map[uint64]bool{}) {
			ordinals = append(ordinals, m.rows[ref]...)
		}
	}
	return ordinals
}

func (m *memberships) reaches(from, to uint64, seen map[uint64]bool) bool {
	for _, member := range m.members[from] {
		if member == to {
			return true
		}
		if !seen[member] {
			seen[member] = true
			if m.reaches(member, to, seen) {
				return true
			}
		}
	}
	return false
}

var memberCircle = mapping.Finding{Rule: "member_circle", Column: "members", Severity: mapping.Error,
	Text: "is a member of itself by way of its members", Hint: "take it out of the circle; one of them has to be made first"}

func (c *carried) members(customer *onboard.Customer) []uint64 {
	var hashes []uint64
	for _, m := range customer.Members {
		hashes = append(hashes, c.hash(m.RefID))
	}
	return hashes
}
