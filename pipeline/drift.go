package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"

	"embark/mapping"
)

// Drift is one difference between a file and the last one of the same mapping
// that was accepted: one that a run got as far as sending.
type Drift struct {
	File   string  `json:"file"`
	What   string  `json:"what"`         // one of the Drift constants
	Of     string  `json:"of,omitempty"` // heading of the column, or country
	Before float64 `json:"before"`       // rows, or a share between 0 and 1
	Now    float64 `json:"now"`
}

// What may drift.
const (
	DriftColumnAdded = "column_added"
	DriftColumnGone  = "column_gone"
	DriftRows        = "rows"
	DriftBlanks      = "blanks"  // share of blank cells in a column
	DriftCountry     = "country" // share of valid rows
)

// String is a sentence about it.
func (d Drift) String() string {
	switch d.What {
	case DriftColumnAdded:
		return fmt.Sprintf("%q: the column %q is new", d.File, d.Of)
	case DriftColumnGone:
		return fmt.Sprintf("%q: the column %q is gone", d.File, d.Of)
	case DriftRows:
		return fmt.Sprintf("%q: %.0f rows, %.0f in the last file", d.File, d.Now, d.Before)
	case DriftBlanks:
		return fmt.Sprintf("%q: the column %q is blank in %s of the rows, in the last file in %s", d.File, d.Of, share(d.Now), share(d.Before))
	}
	return fmt.Sprintf("%q: %s of the customers are in %s, in the last file %s", d.File, share(d.Now), d.Of, share(d.Before))
}

func share(f float64) string { return fmt.Sprintf("%.3g%%", math.Round(1000*f)/10) }

// ErrDrift means that a file differs from the last one that was accepted, and
// that the operator wants it to be looked at first.
var ErrDrift = errors.New("the files differ from those accepted last; nothing was sent")

// What counts as drift. Nightly files differ; these let an ordinary week pass
// and catch an export that lost a column, a filter or half of its rows.
const (
	judgedFrom   = 50   // rows: a share of fewer says nothing
	rowsFactor   = 0.5  // more or fewer rows than before, as a share of those
	rowsLeast    = 100  // and at least as many: small files double for no reason
	shareShift   = 0.10 // of blank cells, or of a country
	chance       = 3    // standard errors that a share moves by itself once in 400 times
	sameKind     = 0.5  // of the columns in common; with fewer, a file is of another kind
	keptProfiles = 8    // kinds of files that one mapping serves, persons and institutions say
)

// drifts holds each file against the accepted one of its mapping that is most
// like it.
func drifts(store Store, in Input, profiles []profile) (found []Drift, err error) {
	if store == nil {
		return nil, nil
	}
	for i := range profiles {
		if in.ofRejects(i) {
			continue
		}
		accepted, err := acceptedProfiles(store, in.mappingOf(i))
		if err != nil {
			return nil, err
		}
		if at := nearestProfile(accepted, &profiles[i]); at >= 0 {
			found = append(found, compare(in.Files[i].Name(), &accepted[at], &profiles[i])...)
		}
	}
	return found, nil
}

func acceptedProfiles(store Store, mapping string) (accepted []profile, err error) {
	text, err := store.Profiles(mapping)
	if err == nil && len(text) > 0 {
		err = json.Unmarshal(text, &accepted)
	}
	return slices.DeleteFunc(accepted, func(p profile) bool { return len(p.Blanks) != len(p.Columns) }), err
}

// nearestProfile is -1 where none is of the file's kind.
func nearestProfile(accepted []profile, p *profile) int {
	best, most := -1, sameKind
	for i := range accepted {
		if like := accepted[i].likeness(p); like >= most {
			best, most = i, like
		}
	}
	return best
}

func compare(file string, before, now *profile) (found []Drift) {
	if before.Rows < judgedFrom {
		return nil
	}
	if change := math.Abs(float64(now.Rows - before.Rows)); change > rowsFactor*float64(before.Rows) && change > rowsLeast {
		found = append(found, Drift{File: file, What: DriftRows, Before: float64(before.Rows), Now: float64(now.Rows)})
	}
	if now.Rows < judgedFrom {
		return found
	}
	add := func(what, of string, was, is float64) {
		found = append(found, Drift{File: file, What: what, Of: of, Before: was, Now: is})
	}
	was, is := before.blankRates(), now.blankRates()
	for _, column := range now.Columns {
		if _, ok := was[column]; !ok {
			add(DriftColumnAdded, column, 0, 0)
		}
	}
	for _, column := range before.Columns {
		if rate, ok := is[column]; !ok {
			add(DriftColumnGone, column, 0, 0)
		} else if rate > was[column] && shifted(was[column], rate, before.Whole, now.Whole) {
			add(DriftBlanks, column, was[column], rate)
		}
	}
	return append(found, compareCountries(file, before, now)...)
}

func compareCountries(file string, before, now *profile) (found []Drift) {
	was, of := before.countryShares()
	is, among := now.countryShares()
	if of < judgedFrom || among < judgedFrom {
		return nil
	}
	all := maps.Clone(was)
	maps.Copy(all, is)
	for _, country := range slices.Sorted(maps.Keys(all)) {
		if shifted(was[country], is[country], of, among) {
			found = append(found, Drift{File: file, What: DriftCountry, Of: country, Before: was[country], Now: is[country]})
		}
	}
	return found
}

// shifted tells whether a share moved by more than is allowed, and by more than
// it would by chance in files of so few rows.
func shifted(before, now float64, rowsBefore, rowsNow int) bool {
	mean := (before*float64(rowsBefore) + now*float64(rowsNow)) / float64(rowsBefore+rowsNow)
	deviation := math.Sqrt(mean * (1 - mean) * (1/float64(rowsBefore) + 1/float64(rowsNow)))
	moved := math.Abs(now - before)
	return moved > shareShift && moved > chance*deviation
}

// accept keeps the profiles of files that are about to be sent, each in the
// place of the one that it was held against. Files too small to judge by are no
// measure for the next.
func (r *run) accept(ctx context.Context) error {
	changed := map[string][]profile{}
	for i, p := range r.checked.profiles {
		if p.Rows < judgedFrom || r.Input.ofRejects(i) {
			continue
		}
		name := r.Input.mappingOf(i)
		kept, ok := changed[name]
		if !ok {
			var err error
			if kept, err = acceptedProfiles(r.Store, name); err != nil {
				return err
			}
		}
		changed[name] = keep(kept, p)
	}
	return r.saveProfiles(ctx, changed)
}

// keep puts the newest profile last, and drops the oldest if there are too many.
func keep(kept []profile, p profile) []profile {
	if at := nearestProfile(kept, &p); at >= 0 {
		kept = slices.Delete(kept, at, at+1)
	}
	kept = append(kept, p)
	return kept[max(0, len(kept)-keptProfiles):]
}

func (r *run) saveProfiles(ctx context.Context, changed map[string][]profile) error {
	if len(changed) == 0 {
		return nil
	}
	texts := map[string][]byte{}
	for name, profiles := range changed {
		text, err := json.Marshal(profiles)
		if err != nil {
			return err
		}
		texts[name] = text
	}
	return r.Store.SaveProfiles(ctx, texts)
}

// ofRejects: a file of rejected rows is a part of another, and no measure of any.
func (in Input) ofRejects(file int) bool { return mapping.ErrorsAt(in.Files[file].Header()) >= 0 }

// mappingOf names what a file is mapped by: profiles are compared under it.
func (in Input) mappingOf(file int) string {
	if name := in.mappingFile(file); name != "" {
		return filepath.Base(name) // wherever the run is started
	}
	return "canonical"
}

func (in Input) mappingFile(file int) string {
	if file < len(in.Mappings) {
		return in.Mappings[file]
	}
	return ""
}
