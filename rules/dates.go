package rules

import (
	"strings"
	"time"
)

// dateOfBirthFault compares ages as numbers of the form YYYYMMDD, whose
// difference counts full years in its upper digits.
func dateOfBirthFault(v string, o Options) *Rule {
	if !shaped(v, "dddd-dd-dd") {
		return dateFormFault(v)
	}
	year, month, day := number(v[:4]), number(v[5:7]), number(v[8:])
	if !isDay(year, month, day) {
		return &ruleNoSuchDay
	}
	y, m, d := o.Now.Date()
	switch age := (y*1e4 + int(m)*100 + d - year*1e4 - month*100 - day); {
	case age < 0:
		return &ruleFuture
	case age < 18e4:
		return &ruleTooYoung
	case age >= 121e4:
		return &ruleTooOld
	}
	return nil
}

// dateFormFault tells what is wrong with a date of another form.
func dateFormFault(v string) *Rule {
	switch {
	case isSerial(v):
		return &ruleSerialDate
	case hasTwoDigitYear(v):
		return &ruleTwoDigitYear
	}
	return &ruleDate
}

// isSerial knows the days since 1900 that spreadsheets count, perhaps with the
// time as a fraction; five digits reach from 1927 to 2173.
func isSerial(v string) bool {
	day, fraction, _ := strings.Cut(v, ".")
	return len(day) == 5 && allDigits(day) && (fraction == "" || allDigits(fraction))
}

// hasTwoDigitYear knows 1/2/80, 01-02-80 and 2-Jan-80: groups of one or two
// digits only, two at least.
func hasTwoDigitYear(v string) bool {
	groups, length := 0, 0
	for i := 0; i <= len(v); i++ {
		if i < len(v) && isDigit(v[i]) {
			length++
			continue
		}
		if length > 2 {
			return false
		}
		groups, length = groups+min(length, 1), 0
	}
	return groups == 2 || groups == 3
}

func number(digits string) (n int) {
	for i := 0; i < len(digits); i++ {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}

func isDay(year, month, day int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	if day <= 28 {
		return true
	}
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Day() == day
}

// verifiedAtFault allows an hour for clocks that go wrong.
func verifiedAtFault(v string, o Options) *Rule {
	var at time.Time
	if err := at.UnmarshalText([]byte(v)); err != nil { // stricter than time.Parse
		return timeFormFault(v)
	}
	if at.After(o.Now.Add(time.Hour)) {
		return &ruleFuture
	}
	return nil
}

// timeFormFault tells what is wrong with a time of another form.
func timeFormFault(v string) *Rule {
	if isSerial(v) {
		return &ruleSerialTime
	}
	return &ruleDateTime
}
