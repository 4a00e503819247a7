package rules

import "slices"

// Entry is a rule as the catalogue lists it.
type Entry struct {
	ID       string   `json:"id"`
	Version  int      `json:"version"` // of its meaning
	Severity Severity `json:"severity"`
	Text     string   `json:"sentence"`
	Hint     string   `json:"hint,omitempty"`
	Source   string   `json:"source,omitempty"` // that it rests on; empty where it is our own
	Columns  []string `json:"columns"`          // that a finding may name
}

// MetadataColumn stands in the catalogue for all columns of metadata.
const MetadataColumn = "metadata.KEY"

// Catalogue lists every rule that can fire on a row, in the order in which rows
// are judged. It is made of the tables that judge. Several entries may have one
// id: what is wrong has a name, and a sentence for each way to get it wrong.
// Rules that hold rows against each other or against files are not in it.
func Catalogue() []Entry {
	var l lister
	for _, k := range Kinds() {
		l.kind(k)
	}
	for _, c := range personOnly {
		l.add(ruleOfPersons, c.Group, c.Name)
	}
	for _, c := range institutionOnly {
		l.add(ruleOfInstitutions, c.Group, c.Name)
	}
	for _, r := range characterRules(false) {
		l.add(*r, GroupRow, MetadataColumn)
	}
	return l.entries
}

// Catalogue lists the rules for rows of this kind.
func (k Kind) Catalogue() []Entry {
	var l lister
	l.kind(k)
	return l.entries
}

type lister struct{ entries []Entry }

func (l *lister) kind(k Kind) {
	columns := k.tables()
	for i := range columns {
		for _, r := range columns[i].rules() {
			l.add(r, columns[i].Group, columns[i].Name)
		}
	}
	for _, c := range k.Checks() {
		if has(columns, c.Column) { // the checks of bank accounts know of orders
			l.add(c.Rule, c.Group, c.Column)
		}
	}
	if k == KindBank {
		l.add(ruleNoFiatAccount, GroupFiatAccount, columnOfNoFiatAccount)
		l.add(ruleFiatNoAccount, GroupFiatAccount, columnOfFiatNoAccount)
	}
}

// add lists a rule, or one more column of a rule that is listed already.
func (l *lister) add(r Rule, g Group, column string) {
	f := r.Finding(column)
	e := Entry{r.ID, max(r.Version, 1), f.Severity, r.Text, r.Hint, sourceOf(r.ID, g), []string{column}}
	i := slices.IndexFunc(l.entries, func(o Entry) bool {
		return o.ID == e.ID && o.Severity == e.Severity && o.Text == e.Text && o.Hint == e.Hint && o.Source == e.Source
	})
	switch {
	case i < 0:
		l.entries = append(l.entries, e)
	case !slices.Contains(l.entries[i].Columns, column):
		l.entries[i].Columns = append(l.entries[i].Columns, column)
	}
}

// rules lists what check can give.
func (c *Column) rules() []Rule {
	rules := []*Rule{&rulePlaceholder, &ruleFormula, &ruleNarrow}
	if c.Need == Required {
		rules = append([]*Rule{&ruleRequired}, rules...)
	}
	rules = append(rules, characterRules(c.Pattern == namePattern)...)
	if c.Max > 0 {
		rules = append(rules, c.tooLong())
	}
	if c.Format == "enum" {
		rules = append(rules, notInList("", c.Values))
	}
	rules = append(rules, c.test.rules...)
	list := make([]Rule, len(rules))
	for i, r := range rules {
		list[i] = *r
	}
	return list
}

// characterRules lists what checkCharacters can give.
func characterRules(pattern bool) []*Rule {
	rules := []*Rule{&ruleLineBreak, &ruleInvisible, &ruleLostLetters}
	if pattern {
		rules = append(rules, &ruleCurlyQuote, &ruleAccent, &ruleForeignDigits, &rulePattern)
	}
	return rules
}
