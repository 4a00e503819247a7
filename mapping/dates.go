package mapping

import (
	"embark/rules"
)

var (
	ruleSerialDate = rules.Rule{ID: "date", Text: "this looks like the serial number that spreadsheets keep dates as",
		Hint: "format the column as a date with four digits of the year and export again"}
	ruleNoSuchDay = rules.Rule{ID: "date", Text: "there is no such day", Hint: "check day and month against the layout in the mapping"}
)

// toDate makes YYYY-MM-DD of a date in a layout, and midnight UTC of it where
// the column wants a time.
func toDate(l *layout, o rules.Options, time bool) transform {
	wrong := &rules.Rule{ID: "date", Text: "this is not a date of the form " + l.text, Hint: "correct the cell, or the layout in the mapping"}
	return func(v string, _ []string) (string, *rules.Rule) {
		d, twoDigits, ok := l.read(v)
		switch {
		case !ok && isSerial(v):
			return v, &ruleSerialDate
		case !ok:
			return v, wrong
		case twoDigits:
			d = d.century(o.Now)
		}
		switch {
		case !d.exists():
			return v, &ruleNoSuchDay
		case time:
			return d.String() + "T00:00:00Z", nil
		}
		return d.String(), nil
	}
}

// isSerial: five digits are the days from 1927 to 2173.
func isSerial(v string) bool { return len(v) == 5 && allDigits(v) }

// wantsTime: the registration of an institution may be a day.
func (t *target) wantsTime() bool {
	return t.about.Format == "date-time" && t.column != "govt_registration_date"
}

func (t *target) toDate(o rules.Options) transform {
	if t.layout == nil {
		return unproven
	}
	return toDate(t.layout, o, t.wantsTime())
}

// unproven stands where [Mapper.Prove] puts the layout that the column has.
func unproven(string, []string) (string, *rules.Rule) {
	panic("mapping: the order of a column of dates is used before Prove has found it")
}
