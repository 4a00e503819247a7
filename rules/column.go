package rules

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Group tells which part of a customer a column or check belongs to.
type Group string

// The groups; those of the identity are ignored for a customer who exists at
// Paxos already.
const (
	GroupRow         Group = "row"
	GroupPerson      Group = "person"
	GroupInstitution Group = "institution"
	GroupCDD         Group = "customer_due_diligence"
	GroupTax         Group = "tax_details"
	GroupAccount     Group = "account"
	GroupMembers     Group = "members"
	GroupFiatAccount Group = "fiat_account"
	GroupDeposit     Group = "deposit"
	GroupOrder       Group = "order"
	GroupDocuments   Group = "documents"
	GroupSandbox     Group = "sandbox"
)

// OfIdentity tells of the groups that are ignored for a customer who exists.
func (g Group) OfIdentity() bool {
	return g == GroupPerson || g == GroupInstitution || g == GroupCDD || g == GroupTax
}

// Need tells how much Paxos wants a column, by its page of required details.
type Need string

// A best-effort column makes a person's onboarding smoother; conditional ones
// are required by a check.
const (
	Required    Need = "required"
	Conditional Need = "conditional"
	BestEffort  Need = "best effort"
	Optional    Need = "optional"
)

// Column describes one canonical column.
type Column struct {
	Name    string
	Group   Group
	Need    Need
	Max     int      // characters; 0 where Paxos documents none
	Pattern string   // regular expression; empty where Paxos documents none
	Format  string   // "text", "date", "date-time", "country", "uuid", "boolean", "enum", "list" (of enum, by |)
	Values  []string // of an enum or list
	Default string   // what an empty cell means
	About   string
	Example string

	cell func(*Row) *string
	test test
}

// test judges a cell beyond length, pattern and values. The zero value has
// nothing against any.
type test struct {
	rules []*Rule // all that fault can give, for the catalogue
	fault func(v string, o Options) *Rule
}

// namePattern is the API's for names, addresses and ids (PersonDetails,
// IdentityMailingAddress, TaxDetail).
const namePattern = `^[0-9A-Za-z /?:().,&'+-]+$`

// class tells in one look what a byte of a cell may be against.
var class = func() (of [256]byte) {
	for c := range of {
		if b := byte(c); !isDigit(b) && !isLetter(b) && strings.IndexByte(" /?:().,&'+-", b) < 0 {
			of[c] = outside
		}
		if c >= utf8.RuneSelf {
			of[c] |= suspect
		}
	}
	of['\n'] |= suspect
	return
}()

const (
	outside = 1 << iota // of namePattern
	suspect             // whatever the pattern
)

// check gives the first fault of a cell; one is enough to look at it again.
func (c *Column) check(v string, o Options) *Rule {
	if v == "" {
		if c.Need == Required {
			return &ruleRequired
		}
		return nil
	}
	if c.Format == "enum" && slices.Contains(c.Values, v) {
		return nil
	}
	if r := placeholder(v); r != nil {
		return r
	}
	if r := checkCharacters(v, c.Pattern == namePattern); r != nil { // other patterns are the test's
		return r
	}
	if c.Max > 0 && len(v) > c.Max && utf8.RuneCountInString(v) > c.Max {
		return c.tooLong()
	}
	if c.Format == "enum" {
		return notInList(v, c.Values)
	}
	if c.test.fault == nil {
		return nil
	}
	r := c.test.fault(v, o)
	if r != nil && r.Severity != Warning && hasForeignDigits(v) {
		return &ruleForeignDigits
	}
	return r
}

func (c *Column) tooLong() *Rule {
	return &Rule{ID: "too_long", Text: fmt.Sprintf("at most %d characters are accepted", c.Max),
		Hint: "shorten it, with abbreviations as on an envelope"}
}

// CheckMetadata checks the value of a metadata column. Paxos documents no
// limits for those of identities and accounts.
func CheckMetadata(column, v string) (Finding, bool) {
	if r := checkCharacters(v, false); r != nil {
		return r.Finding(column), true
	}
	return Finding{}, false
}

// placeholder knows what spreadsheets and databases write for "nothing", and
// what spreadsheets write for what they cannot show. Title case is left out: Null
// and Nil are names.
func placeholder(v string) *Rule {
	switch v[0] {
	case 'N', 'n', 'u', '-', '?', '(', '<', '\\':
		switch v {
		case "NULL", "null", "nil", "None", "none", "undefined", "NaN", "nan", "N/A", "n/a", "-", "--", "?",
			"(null)", "(NULL)", "<null>", "<NULL>", `\N`:
			return &rulePlaceholder
		}
	case '#':
		switch v {
		case "#N/A":
			return &rulePlaceholder
		case "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#ERROR!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!",
			"#CONNECT!", "#GETTING_DATA":
			return &ruleFormula
		}
		if len(v) > 1 && all('#', v) {
			return &ruleNarrow
		}
	}
	return nil
}

// checkCharacters refuses what is never meant (line breaks, invisible
// characters) and, where the API has its pattern, all that is outside it.
func checkCharacters(v string, pattern bool) *Rule {
	against := byte(suspect)
	if pattern {
		against |= outside
	}
	var found byte
	for i := 0; i < len(v); i++ { // every byte of nearly every cell comes by here
		found |= class[v[i]]
	}
	if found&against == 0 {
		return nil
	}
	return characterFault(v, pattern)
}

// characterFault finds the first fault, or the gravest.
func characterFault(v string, pattern bool) *Rule {
	for i := 0; i < len(v); i++ {
		switch b := v[i]; {
		case b >= utf8.RuneSelf:
			return checkUnicode(v, pattern)
		case b == '\n':
			return &ruleLineBreak
		case pattern && class[b]&outside != 0:
			if r := checkUnicode(v, false); r != nil {
				return r // the graver fault
			}
			return &rulePattern
		}
	}
	return nil
}

// checkUnicode tells why characters beyond ASCII are not accepted. They are
// never replaced here: how a legal name is spelled is not ours to decide.
func checkUnicode(v string, pattern bool) *Rule {
	var r *Rule
	for _, c := range v {
		switch {
		case isInvisible(c):
			return &ruleInvisible
		case c == utf8.RuneError:
			return &ruleLostLetters
		case c < utf8.RuneSelf || !pattern:
		case strings.ContainsRune("‘’‚‛“”„′″´`", c):
			r = &ruleCurlyQuote
		case r != nil:
		case isAccented(c):
			r = &ruleAccent
		case unicode.IsDigit(c):
			r = &ruleForeignDigits
		default:
			r = &rulePattern
		}
	}
	return r
}

// isAccented knows Latin letters with marks, and marks that stand after their
// letter.
func isAccented(c rune) bool { return c >= 0xC0 && c <= 0x24F || c >= 0x300 && c <= 0x36F }

func hasForeignDigits(v string) bool {
	return !isASCII(v) && strings.ContainsFunc(v, func(c rune) bool { return c >= utf8.RuneSelf && unicode.IsDigit(c) })
}

// isInvisible knows zero-width characters and the marks that turn the writing
// direction, which make two different texts look alike.
func isInvisible(c rune) bool {
	return c == 0xAD || c == 0x61C || c == 0xFEFF || c == 0x180E ||
		c >= 0x200B && c <= 0x200F || c >= 0x202A && c <= 0x202E || c >= 0x2060 && c <= 0x206F
}

func isASCII(v string) bool {
	var found byte
	for i := 0; i < len(v); i++ {
		found |= v[i]
	}
	return found < utf8.RuneSelf
}

func notInList(v string, values []string) *Rule {
	r := &Rule{ID: "enum", Text: "the value is not in Paxos's list"}
	asListed := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToUpper(v))
	switch {
	case slices.Contains(values, asListed):
		r.Hint = "did you mean " + asListed + "? Values are written exactly as listed"
	case len(values) <= 10:
		r.Hint = "one of: " + strings.Join(values, ", ")
	default:
		r.Hint = fmt.Sprintf("one of %d values, e.g. %s; embark template person (or institution) --output markdown lists them", len(values), values[0])
	}
	return r
}

func isDigit(b byte) bool  { return b-'0' <= 9 }
func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
