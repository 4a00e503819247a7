package mapping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"embark/rules"
)

// target is a canonical column with all that a mapping says about it.
type target struct {
	column string
	about  rules.Column // without a name for metadata
	line   int          // in the mapping file

	sources   []heading // none for a constant, several for a concat
	constant  string
	separator string // of a concat
	split     *splitting
	values    *valueTable
	kind      kind // of the typed transform
	argument  string
	comma     bool      // amounts have a decimal comma
	layout    *layout   // of dates; nil where it is to be proven
	namespace uuid.UUID // of derive
	fallback  string    // where the result is empty
}

// kind is a typed transform, by its key. A column has one at most.
type kind string

const (
	kindDate          kind = "date"
	kindPhone         kind = "phone"
	kindCountry       kind = "country"
	kindRegion        kind = "region"
	kindBand          kind = "band"
	kindPad           kind = "pad"
	kindTransliterate kind = "transliterate"
	kindDerive        kind = "derive"
)

var kinds = []kind{kindDate, kindPhone, kindCountry, kindRegion, kindBand, kindPad, kindTransliterate, kindDerive}

var columnKeys = func() []string {
	return append([]string{"column", "constant", "concat", "separator", "split", "part", "values", "default", "decimal"}, kindKeys...)
}()

var kindKeys = func() (keys []string) {
	for _, k := range kinds {
		keys = append(keys, string(k))
	}
	return keys
}()

// meaning is what the fingerprint of a mapping is made of.
func (t *target) meaning() any {
	m := map[string]any{"column": t.column, "constant": t.constant, "separator": t.separator,
		"kind": t.kind, "argument": t.argument, "default": t.fallback}
	var sources []string
	for _, h := range t.sources {
		sources = append(sources, foldHeading(h.name))
	}
	m["sources"] = sources
	if t.split != nil {
		m["split"] = fmt.Sprintf("%q %d %t", t.split.separator, t.split.part, t.split.rest)
	}
	if t.values != nil {
		m["values"] = t.values.exact
	}
	if t.comma {
		m["decimal"] = ","
	}
	return m
}

// countryColumn is the column of the country of the same address.
func (t *target) countryColumn() string { return strings.TrimSuffix(t.column, "province") + "country" }

// proven: the order of the dates is to be proven.
func (t *target) proven() bool { return t.kind == kindDate && t.layout == nil }

// canonicals are all canonical columns by name. Where persons and institutions
// have different values for a column, it has both.
var canonicals = func() map[string]rules.Column {
	all := map[string]rules.Column{}
	for _, c := range slices.Concat(rules.PersonColumns(), rules.InstitutionColumns(), rules.PartColumns()) {
		if known, ok := all[c.Name]; ok {
			c.Values = slices.Compact(slices.Sorted(slices.Values(slices.Concat(known.Values, c.Values))))
		}
		all[c.Name] = c
	}
	return all
}()

func names(columns []rules.Column) []string {
	var all []string
	for _, c := range columns {
		all = append(all, c.Name)
	}
	return all
}
