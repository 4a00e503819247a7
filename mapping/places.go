package mapping

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"embark/paxos"
	"embark/rules"
)

// countries finds alpha-3 codes by codes and names, and alpha-2 by alpha-3. They
// are made when a mapping asks for them first.
var countries = sync.OnceValues(func() (byName, codes map[string]string) {
	byName, codes = map[string]string{}, map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(countryTable)) {
		alpha2, alpha3, all := line[:2], line[3:6], strings.TrimSpace(line[7:])
		codes[alpha3] = alpha2
		noteNames(byName, alpha2+"|"+alpha3+"|"+all, alpha3)
	}
	return byName, codes
})

// noteNames adds names of a place, folded and as they are mostly written: those need
// not be folded for every row.
func noteNames(byName map[string]string, names, code string) {
	for name := range strings.SplitSeq(names, "|") {
		for _, written := range []string{name, strings.ToUpper(name), strings.ToLower(name), foldPlace(name)} {
			byName[written] = code
		}
	}
}

// isCountry knows alpha-3 codes.
func isCountry(v string) bool { return alpha2(v) != "" }

// alpha2 is "" for what is no alpha-3 code.
func alpha2(alpha3 string) string {
	_, codes := countries()
	return codes[alpha3]
}

// toCountry knows codes of two and three letters and English names. What it does
// not know is left for the rule to reject.
func toCountry() transform {
	byName, _ := countries()
	return func(v string, _ []string) (string, *rules.Rule) { return place(byName, v), nil }
}

// place looks for a name as it is written first, as most are.
func place(byName map[string]string, v string) string {
	if code, ok := byName[v]; ok {
		return code
	}
	if code, ok := byName[foldPlace(v)]; ok {
		return code
	}
	return v
}

// foldPlace makes names comparable: without case, accents and punctuation, "&"
// as "and", "St." as "Saint", and without an article before it.
func foldPlace(v string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(v) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		case r == '&':
			b.WriteString(" and ")
		case r == '.' || r == '\'' || r == '’' || unicode.Is(unicode.Mn, r):
		default:
			b.WriteByte(' ')
		}
	}
	words := strings.Fields(b.String())
	for i, w := range words {
		if w == "st" {
			words[i] = "saint"
		}
	}
	if len(words) > 1 && words[0] == "the" {
		words = words[1:]
	}
	return strings.Join(words, " ")
}

// stateTable has the codes of the US postal service with the names and usual
// abbreviations (Associated Press, Government Publishing Office).
const stateTable = `
AL Alabama|Ala
AK Alaska
AZ Arizona|Ariz
AR Arkansas|Ark
CA California|Calif|Cal
CO Colorado|Colo
CT Connecticut|Conn
DE Delaware|Del
DC District of Columbia|Washington DC|Washington D.C.
FL Florida|Fla
GA Georgia
HI Hawaii
ID Idaho
IL Illinois|Ill
IN Indiana|Ind
IA Iowa
KS Kansas|Kans|Kan
KY Kentucky
LA Louisiana
ME Maine
MD Maryland
MA Massachusetts|Mass
MI Michigan|Mich
MN Minnesota|Minn
MS Mississippi|Miss
MO Missouri
MT Montana|Mont
NE Nebraska|Nebr|Neb
NV Nevada|Nev
NH New Hampshire|N.H.|N. H.
NJ New Jersey|N. J.
NM New Mexico|N.Mex.|N. Mex.|N. M.
NY New York|N. Y.|New York State
NC North Carolina|N.Car.|N. C.
ND North Dakota|N.Dak.|N. Dak.|N. D.
OH Ohio
OK Oklahoma|Okla
OR Oregon|Oreg|Ore
PA Pennsylvania|Penn|Penna
RI Rhode Island|R. I.
SC South Carolina|S.Car.|S. C.
SD South Dakota|S.Dak.|S. Dak.|S. D.
TN Tennessee|Tenn
TX Texas|Tex
UT Utah
VT Vermont
VA Virginia
WA Washington|Wash|Washington State
WV West Virginia|W.Va.|W. Va.|W. V.
WI Wisconsin|Wis|Wisc
WY Wyoming|Wyo
AS American Samoa
GU Guam
MP Northern Mariana Islands|Commonwealth of the Northern Mariana Islands
PR Puerto Rico|P. R.
VI US Virgin Islands|U.S. Virgin Islands|Virgin Islands
AA Armed Forces Americas
AE Armed Forces Europe|Armed Forces Africa|Armed Forces Canada|Armed Forces Middle East
AP Armed Forces Pacific`

// states finds USPS codes by codes and names.
var states = sync.OnceValue(func() map[string]string {
	byName := map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(stateTable)) {
		code, all := line[:2], strings.TrimSpace(line[3:])
		noteNames(byName, code+"|"+all, code)
	}
	return byName
})

// toRegion makes USPS codes of states in addresses in the USA; the address's
// country has been made before. What it does not know is left for the rule to
// reject.
func toRegion(country int) transform {
	byName := states()
	return func(v string, so []string) (string, *rules.Rule) {
		if so[country] != paxos.CountryUSA {
			return v, nil
		}
		return place(byName, v), nil
	}
}
