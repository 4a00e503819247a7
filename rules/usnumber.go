package rules

import (
	"embark/paxos"
)

// digits are those of an SSN or ITIN: area, group and serial number.
type digits struct{ area, group, serial string }

// nineDigits takes a number that is written as xxx-xx-xxxx or without hyphens.
func nineDigits(v string) (digits, bool) {
	switch {
	case len(v) == 11 && v[3] == '-' && v[6] == '-' && allDigits(v[:3]) && allDigits(v[4:6]) && allDigits(v[7:]):
		return digits{v[:3], v[4:6], v[7:]}, true
	case len(v) == 9 && allDigits(v):
		return digits{v[:3], v[3:5], v[5:]}, true
	}
	return digits{}, false
}

// USNumber gives an SSN or ITIN its documented form, xxx-xx-xxxx. What is none
// comes back as it is.
func USNumber(v string) string {
	d, ok := nineDigits(v)
	if !ok || len(v) == len("xxx-xx-xxxx") {
		return v
	}
	return d.area + "-" + d.group + "-" + d.serial
}

func usNumberForm(p *Row, _ Options) bool {
	if !p.usNumber() || p.CIPID == "" || placeholder(p.CIPID) != nil || isScientific(p.CIPID) || hasForeignDigits(p.CIPID) {
		return false
	}
	_, ok := nineDigits(p.CIPID)
	return !ok && !lostZeros(p.CIPID)
}

// ofSSN makes a check of a test of nine digits.
func ofSSN(fails func(d digits, o Options) bool) func(*Row, Options) bool {
	return func(p *Row, o Options) bool {
		if p.CIPIDType != paxos.CIPIDTypeSSN {
			return false
		}
		d, ok := nineDigits(p.CIPID)
		return ok && fails(d, o)
	}
}

// The Social Security Administration never issues these, before and since the
// randomisation of 2011.
func ssnImpossible(d digits, _ Options) bool {
	return d.area == "000" || d.area == "666" || d.group == "00" || d.serial == "0000"
}

// Numbers from advertisements (the Woolworth wallet of 1938, a pamphlet of the
// SSA) and what people type to get past a form.
func ssnFamous(d digits, _ Options) bool {
	switch d {
	case digits{"078", "05", "1120"}, digits{"219", "09", "9999"}, digits{"123", "45", "6789"}, digits{"987", "65", "4321"}:
		return true
	}
	if d.area == "000" || d.area == "666" || d.area == "999" {
		return false // those have a fault already
	}
	one := d.area[0]
	return all(one, d.area) && all(one, d.group) && all(one, d.serial)
}

func all(b byte, v string) bool {
	for i := 0; i < len(v); i++ {
		if v[i] != b {
			return false
		}
	}
	return true
}

// madeUp is the block that neither the SSA (area 9xx is never issued) nor the
// IRS (ITIN groups begin at 50) has a use for. Our samples are made of it.
func madeUp(d digits) bool { return d.area[0] == '9' && d.group >= "01" && d.group <= "49" }

func ssnMadeUp(d digits, o Options) bool {
	return !o.MadeUp && madeUp(d) && !ssnImpossible(d, o)
}

func ssnIsITIN(d digits, o Options) bool {
	return d.area[0] == '9' && !madeUp(d) && !ssnImpossible(d, o) && !ssnFamous(d, o)
}

// itinImpossible knows the groups that the IRS assigns.
func itinImpossible(p *Row, _ Options) bool {
	if p.CIPIDType != paxos.CIPIDTypeITIN {
		return false
	}
	d, ok := nineDigits(p.CIPID)
	if !ok {
		return false
	}
	group := number(d.group)
	assigned := group >= 50 && group <= 65 || group >= 70 && group <= 88 || group >= 90 && group <= 92 || group >= 94
	return d.area[0] != '9' || !assigned
}
