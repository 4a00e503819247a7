package paxossim

import (
	"net/url"
	"slices"
	"strconv"
)

// onlyParameters refuses query parameters that are not among the known ones.
func onlyParameters(values url.Values, known ...string) (fault string) {
	for name, given := range values {
		if !slices.Contains(known, name) {
			return "unknown parameter " + quoteName(name)
		}
		if len(given) != 1 {
			return quoteName(name) + " may be given only once"
		}
	}
	return ""
}

// boolParameter reads true or false; absent is false.
func boolParameter(values url.Values, name string) (value bool, fault string) {
	if !values.Has(name) {
		return false, ""
	}
	value, err := strconv.ParseBool(values.Get(name))
	if err != nil {
		return false, name + " must be true or false"
	}
	return value, ""
}

// timeFilters are the five comparisons of a time.
func timeFilters(field string) []string {
	return []string{field + ".lt", field + ".lte", field + ".eq", field + ".gte", field + ".gt"}
}

// nameOf is what an object's id and fate are drawn from: its ref_id, or its
// number when it has none. The marks keep the two apart.
func nameOf(refID string, number int) string {
	if refID == "" {
		return "#" + strconv.Itoa(number)
	}
	return "=" + refID
}
