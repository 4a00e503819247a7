package pipeline

import (
	"hash/maphash"

	"embark/mapping"
	"embark/onboard"
)

// ruleSamePerson is a doubt and no fault: twins of one name are rare, and a
// father and his son were not born on one day, but Paxos may know better.
const ruleSamePerson = "same_person"

const warning = "warning" // rules.Warning

func samePerson(other string) mapping.Finding {
	return mapping.Finding{Rule: ruleSamePerson, Column: "ref_id", Severity: warning, Other: other,
		Text: "has the name, date of birth and postal code of another customer, who has another ref_id and another document",
		Hint: "if they are one person, keep one ref_id: Paxos knows only their documents and would make two identities"}
}

// appendPerson adds what a person is recognised by beside the document: name,
// date of birth and postal code, folded so that case, blanks and punctuation
// make no difference. It adds nothing for others, and for persons
// of whom the name or the date is missing. It is personal data.
func appendPerson(b []byte, c *onboard.Customer) []byte {
	if c.Identity == nil || c.Identity.PersonDetails == nil {
		return b
	}
	p := c.Identity.PersonDetails
	if p.FirstName == "" || p.LastName == "" || p.DateOfBirth == "" {
		return b
	}
	b = append(appendFolded(b, p.FirstName), 0)
	b = append(appendFolded(b, p.LastName), 0)
	b = append(append(b, p.DateOfBirth...), 0)
	if p.Address != nil {
		b = appendFolded(b, p.Address.ZipCode)
	}
	return b
}

// personHash is 0 for whoever cannot be recognised.
func (c *carried) personHash(customer *onboard.Customer) uint64 {
	var room [160]byte // on the stack; more than the longest usual name
	person := appendPerson(room[:0], customer)
	if len(person) == 0 {
		return 0
	}
	return max(maphash.Bytes(c.seed, person), 1)
}

// appendFolded keeps letters and digits. Names and postal codes are ASCII: the
// rules let nothing else pass.
func appendFolded(b []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			b = append(b, c-'A'+'a')
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			b = append(b, c)
		}
	}
	return b
}
