package mapping

import (
	"embark/rules"
)

var (
	ruleSerialDate = rules.Rule{ID: "date", Text: "this looks like the serial number that spreadsheets keep dates as",
		Hint: "format the column as a date with four digits of the year and export again"}
	ruleNoSuchDay = rules.Rule{ID: "date", Text: "there is no such day", Hint: "check day and month against the layout in the mapping"}
)

// dates makes YYYY-MM-DD of a date in a layout, and midnight UTC of it where the
// column wants a time.
func (t *target) dates(l *layout, o rules.Options) transform {
	century, time := t.century(o), t.wantsTime()
	wrong := &rules.Rule{ID: "date", Text: "this is not a date of the form " + l.text, Hint: "correct the cell, or the layout in the mapping"}
	return func(v string, _ []string) (string, *rules.Rule) {
		d, twoDigits, ok := l.read(v)
		switch {
		case !ok && isSerial(v):
			return v, &ruleSerialDate
		case !ok:
			return v, wrong
		case twoDigits:
			d = century(d)
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

// century completes years of two digits. Of most columns nothing tells that 1926
// is meant, and a date in the future is for the rules to see.
func (t *target) century(o rules.Options) func(date) date {
	if t.column == "date_of_birth" || t.column == "govt_registration_date" {
		return func(d date) date { return d.past(o.Now) }
	}
	return func(d date) date {
		d.year += 2000
		return d
	}
}

func (t *target) toDate(o rules.Options) transform {
	if t.layout == nil {
		return unproven
	}
	return t.dates(t.layout, o)
}

// unproven stands where [Mapper.Prove] puts the layout that the column has.
func unproven(string, []string) (string, *rules.Rule) {
	panic("mapping: the order of a column of dates is used before Prove has found it")
}
