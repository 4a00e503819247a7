package mapping

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"embark/paxos"
)

// maxPad is the longest number that Paxos takes: an account number.
const maxPad = 35

// provenLayout stands for a layout that the column itself proves.
const provenLayout = "proven"

// typed reads the argument of a typed transform.
func (p *specParser) typed(t *target, k entry) error {
	v, err := p.filled(k)
	if err != nil {
		return err
	}
	t.argument = v
	wrong := func(text, hint string) error { return p.fail(tokenOf(k.value), text, hint) }
	switch t.kind {
	case kindDate:
		if v == provenLayout {
			return nil
		}
		if t.layout, err = parseLayout(v); err != nil {
			return wrong(err.Error(), `e.g. MM/DD/YYYY, D.M.YYYY, DD-MMM-YYYY, or "proven"`)
		}
	case kindPhone:
		if !isCountry(v) {
			return wrong(fmt.Sprintf("%q is no country code of three letters", v), "it is the country of numbers without +, e.g. USA")
		}
	case kindRegion:
		if v != paxos.CountryUSA {
			return wrong(fmt.Sprintf("regions of %q are not known", v), "only those of the USA are: region: USA")
		}
	case kindPad:
		n, err := strconv.Atoi(v)
		if err != nil || n < 2 || n > maxPad {
			return wrong("pad is the number of digits", fmt.Sprintf("2 to %d", maxPad))
		}
		t.argument = strconv.Itoa(n)
	case kindDerive:
		if t.namespace, err = uuid.Parse(v); err != nil || len(v) != 36 {
			return wrong("derive needs a UUID, the namespace of the ids", "make one once, and keep it with the mapping")
		}
		t.argument = t.namespace.String()
	default:
		if v != "true" {
			return wrong(fmt.Sprintf("%s is asked for with true", t.kind), "leave the key out otherwise")
		}
	}
	return nil
}

// unfit tells what a transform is for, where the column is none of that; every
// one but region, band and country can be had for metadata.
func unfit(t *target) string {
	own := t.about.Name == ""
	is := func(format string) bool { return t.about.Format == format }
	switch {
	case t.kind == kindDate && !own && !is("date") && !is("date-time"):
		return "it is for columns of dates"
	case t.kind == kindPhone && !own && t.column != "phone_number":
		return "it is for phone_number"
	case t.kind == kindCountry && !is("country") && !strings.HasSuffix(t.column, ".country"):
		return "it is for columns of countries"
	case t.kind == kindRegion && !strings.HasSuffix(t.column, ".province"):
		return "it is for the province of an address"
	case t.kind == kindBand && bandsOf(t.column) == nil:
		return "it is for estimated_yearly_income, estimated_net_worth and expected_transfer_value"
	case t.kind == kindDerive && !own && t.column != "ref_id" && !strings.HasSuffix(t.column, ".ref_id"):
		return "it is for ref_id and the other ids of your own"
	case (t.kind == kindPad || t.kind == kindTransliterate) && !own && !is("text"):
		return "it is for columns of text"
	}
	return ""
}
