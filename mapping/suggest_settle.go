package mapping

import (
	"fmt"
	"slices"
	"strings"
)

// settleRivals leaves one entry of each target, so that none of them can become
// a second one of the same key. What else a target could be made of is said in
// its comment.
func (s *Suggestion) settleRivals() {
	var kept []*suggested
	for _, e := range s.entries {
		i := slices.IndexFunc(kept, func(k *suggested) bool { return k.target == e.target })
		switch {
		case i < 0:
			kept = append(kept, e)
		case kept[i].off && !e.off:
			s.rival(e, kept[i])
			kept[i] = e
		default:
			s.rival(kept[i], e)
		}
	}
	s.entries = kept
}

// rival says in the comment of an entry what its target could be made of as well.
func (s *Suggestion) rival(e, other *suggested) {
	if len(other.columns) == 0 {
		return
	}
	e.say("%s could be it, too: put it in place of this one if it is, and take it out of ignore", strings.Join(quotedNames(other.columns), " with "))
	for _, p := range s.profiles {
		if slices.Contains(other.columns, p.name) {
			s.others[p] = e.target
		}
	}
}

func quotedNames(list []string) (quoted []string) {
	for _, v := range list {
		quoted = append(quoted, fmt.Sprintf("%q", v))
	}
	return quoted
}

// settleTax leaves out a country of taxes without a tax number, since every row
// would be rejected. Those identified by SSN or ITIN need neither; of the others
// the number is found missing.
func (s *Suggestion) settleTax() {
	if s.serves("tax_payer_id") || s.otherDocuments() {
		return
	}
	s.entries = slices.DeleteFunc(s.entries, func(e *suggested) bool {
		if e.target == "tax_payer_country" {
			s.needs[s.profile(e)] = "it would be tax_payer_country, which is only for those with a tax_payer_id; "
		}
		return e.target == "tax_payer_country"
	})
}
