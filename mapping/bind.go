package mapping

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"embark/rules"
)

// bind finds out which cell of a row, or which step of the mapping, makes which
// canonical column.
func (m *Mapper) bind(header []string, spec *Spec, columns []rules.Column) error {
	if spec == nil {
		m.header = make([]string, len(header))
		return m.canonical(header, columns)
	}
	err := m.compile(header, spec)
	m.header = make([]string, len(spec.targets))
	return joined(err, m.canonical(spec.Columns(), columns))
}

// Columns are the canonical columns that a mapping makes, in its order.
func (s *Spec) Columns() []string {
	var all []string
	for _, t := range s.targets {
		all = append(all, t.column)
	}
	return all
}

// compile turns a mapping into steps over the cells of a row.
func (m *Mapper) compile(header []string, spec *Spec) error {
	places, err := headings(header)
	if err := joined(err, spec.meets(header, places)); err != nil {
		return err
	}
	m.source = header
	_, m.guarded = places[ErrorsColumn]
	for _, t := range spec.targets {
		m.steps = append(m.steps, m.step(t, header, places, spec))
	}
	m.typeCell = slices.Index(spec.Columns(), "type")
	m.order = inOrder(m.steps)
	return nil
}

// headings finds the place of each column of a file by its folded name. Every one
// must have a name of its own.
func headings(header []string) (map[string]int, error) {
	places := map[string]int{}
	var faults []error
	for i, cell := range header {
		folded := foldHeading(cell)
		first, twice := places[folded]
		switch {
		case folded == "":
			faults = append(faults, &HeaderError{Text: fmt.Sprintf("column %d has no name", i+1), Hint: "name it or remove it"})
			continue
		case twice && slices.ContainsFunc(header, looksLikeData):
			faults = append(faults, sameName(first, i, ""))
		case twice:
			faults = append(faults, sameName(first, i, quoted(folded)))
		}
		places[folded] = i
	}
	return places, joined(faults...)
}

func sameName(first, second int, name string) error {
	return &HeaderError{Text: fmt.Sprintf("columns %d and %d have the same name%s", first+1, second+1, name), Hint: "remove or rename one of them"}
}

// meets holds a header against the mapping: each column that it names is there,
// and each column that is there is named.
func (s *Spec) meets(header []string, places map[string]int) error {
	missing, found := s.missed(places)
	unused := s.unused(header)
	switch {
	case missing != nil && found <= len(missing): // the headings are perhaps a customer's data: there may be no header
		e := s.lacks(missing, header, nil)
		e.alone = true
		return e
	case missing != nil:
		return joined(s.lacks(missing, header, unused), s.unmapped(notNear(unused, missing)))
	case unused != nil && found == 0:
		return &HeaderError{Text: "no column of the file is in the mapping", Hint: "is the first line really a header?", alone: true}
	}
	return s.unmapped(unused)
}

// missed is a column of the source that is not in the file.
type missed struct {
	heading
	target string
}

// missed lists such columns, and counts the others.
func (s *Spec) missed(places map[string]int) (missing []missed, found int) {
	for _, t := range s.targets {
		for _, h := range t.sources {
			if _, ok := places[foldHeading(h.name)]; ok {
				found++
			} else {
				missing = append(missing, missed{h, t.column})
			}
		}
	}
	return missing, found
}

// unused lists the columns of a file that the mapping does not speak of.
func (s *Spec) unused(header []string) (unused []string) {
	used := map[string]bool{ErrorsColumn: true, "": true} // what has no name is told elsewhere
	for _, h := range s.ignore {
		used[foldHeading(h.name)] = true
	}
	for _, t := range s.targets {
		for _, h := range t.sources {
			used[foldHeading(h.name)] = true
		}
	}
	for _, cell := range header {
		if !used[foldHeading(cell)] {
			unused = append(unused, clean(cell))
		}
	}
	return unused
}

// lacks: unused is nil where nothing of the header may be shown.
func (s *Spec) lacks(missing []missed, header, unused []string) *HeaderError {
	var all, hints []string
	for _, h := range missing {
		all = append(all, fmt.Sprintf("%q (for %s, line %d of the mapping)", h.name, h.target, h.line))
		if near := nearHeading(h.name, unused); near != "" {
			hints = append(hints, fmt.Sprintf("the file has %q: correct line %d of the mapping", near, h.line))
		}
	}
	e := &HeaderError{Text: "columns of the mapping are not in the file: " + strings.Join(all, ", ")}
	switch {
	case slices.ContainsFunc(header, isMisread):
		e.Hint = "names in the file look wrongly decoded: correct its encoding, with --encoding or encoding: in the mapping"
	case slices.ContainsFunc(missing, func(h missed) bool { return isMisread(h.name) }):
		e.Hint = "names in the mapping look wrongly decoded: save the mapping as UTF-8"
	case hints != nil:
		e.Hint = "did you mean another? " + strings.Join(hints, "; ")
	case unused == nil:
		e.Hint = "is it the mapping of this file, and is the first line really a header?"
	}
	return e
}

// isMisread: UTF-8 was read as a code page of one byte a letter (StraÃŸe), or such
// a code page as UTF-8.
func isMisread(name string) bool {
	for _, page := range []*charmap.Charmap{charmap.Windows1252, charmap.ISO8859_1} {
		bytes, err := page.NewEncoder().String(name)
		if err == nil && bytes != name && utf8.ValidString(bytes) {
			return true
		}
	}
	return strings.ContainsRune(name, utf8.RuneError) || strings.Contains(name, "â€") // of a quote or dash: not all of it is in the code page
}

// notNear leaves out the columns that a missing one is taken for.
func notNear(unused []string, missing []missed) []string {
	taken := map[string]bool{}
	for _, h := range missing {
		taken[nearHeading(h.name, unused)] = true
	}
	return slices.DeleteFunc(slices.Clone(unused), func(name string) bool { return taken[name] })
}

func nearHeading(name string, known []string) string {
	var folded []string
	for _, k := range known {
		folded = append(folded, foldHeading(k))
	}
	if i := slices.Index(folded, nearest(foldHeading(name), folded)); i >= 0 {
		return known[i]
	}
	return ""
}

func (s *Spec) unmapped(unused []string) error {
	var all []string
	hint := ""
	for _, name := range unused {
		all = append(all, fmt.Sprintf("%q", name))
		if near := nearest(strings.ReplaceAll(foldHeading(name), " ", "_"), names(rules.Columns())); near != "" && hint == "" && !slices.Contains(s.Columns(), near) {
			hint = fmt.Sprintf("; is %q the column %s?", name, near)
		}
	}
	if all == nil {
		return nil
	}
	return &HeaderError{Text: fmt.Sprintf("columns of the file are not in the mapping %q: %s", s.Name, strings.Join(all, ", ")),
		Hint: "map them under columns, or list them under ignore" + hint}
}

// lacking tells where required columns are to be added; s may be nil.
func (s *Spec) lacking(err error) error {
	if e, ok := err.(*HeaderError); ok && s != nil {
		e.Hint = fmt.Sprintf("add them to columns in the mapping %q; constant: VALUE where all customers have the same", s.Name)
	}
	return err
}

// step makes a step of a target whose columns are all there.
func (m *Mapper) step(t *target, header []string, places map[string]int, spec *Spec) step {
	s := step{target: t, plain: -1, whose: whose(t.column), work: t.transform(m.options, spec.Columns())}
	var from []string
	for _, h := range t.sources {
		i := places[foldHeading(h.name)]
		s.cells = append(s.cells, i)
		from = append(from, clean(header[i]))
	}
	if s.from = strings.Join(from, " + "); s.from == t.column {
		s.from = ""
	}
	if len(s.cells) == 1 && s.work == nil && t.fallback == "" {
		s.plain = s.cells[0]
	}
	return s
}

func whose(column string) ofType {
	ofPerson := slices.ContainsFunc(rules.PersonColumns(), func(c rules.Column) bool { return c.Name == column })
	ofInstitution := slices.ContainsFunc(rules.InstitutionColumns(), func(c rules.Column) bool { return c.Name == column })
	switch {
	case ofPerson && !ofInstitution:
		return ofPersons
	case ofInstitution && !ofPerson:
		return ofInstitutions
	}
	return ofBoth
}

// inOrder puts the type of a row first, which others are told by, and regions
// last, which need the country.
func inOrder(steps []step) []int {
	var places []int
	for i := range steps {
		places = append(places, i)
	}
	rank := func(i int) int {
		switch {
		case steps[i].target.column == "type":
			return 0
		case steps[i].target.kind == kindRegion:
			return 2
		}
		return 1
	}
	slices.SortStableFunc(places, func(a, b int) int { return rank(a) - rank(b) })
	return places
}

// clean is a heading without blanks at the ends and in a row.
func clean(s string) string { return norm.NFC.String(strings.Join(strings.Fields(s), " ")) }
