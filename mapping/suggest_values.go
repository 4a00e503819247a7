package mapping

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/agnivade/levenshtein"
)

// valueLine is a value of the file in a table, and what is proposed for it.
type valueLine struct {
	from   string // "" for blank cells
	to     string // "" where nothing is alike
	rows   int
	like   likeness
	masked bool // from is left out: it may be a customer's own
}

// likeness tells how a value of Paxos's was found.
type likeness int

const (
	likeNone     likeness = iota
	likeSpelling          // a slip of the finger
	likeWords             // words in common
	likeSynonym           // known to mean it
)

// minShown is how many rows a value that resembles nothing must have to be
// shown: a rarer one may have come from another column by mistake.
const minShown = 3

// tableOf proposes a value of Paxos's for each value of a column.
func tableOf(p *profile, target string) []valueLine {
	allowed := sought[target].Values
	var table []valueLine
	for _, v := range p.listed() {
		l := valueLine{from: v, rows: p.values[v]}
		l.to, l.like = alike(v, target, allowed)
		if l.like < likeSynonym && (l.rows < minShown || personal(v)) || bandsOf(target) != nil && isAmount(v) {
			l.from, l.to, l.like, l.masked = "", "", likeNone, true
		}
		table = append(table, l)
	}
	return table
}

// proposed counts the rows whose value has a proposal.
func proposed(table []valueLine) (rows int) {
	for _, l := range table {
		if l.to != "" {
			rows += l.rows
		}
	}
	return rows
}

// asListed reports that all values are written as Paxos does.
func asListed(table []valueLine) bool {
	return !slices.ContainsFunc(table, func(l valueLine) bool { return l.masked || l.from != l.to })
}

// alike finds the value of Paxos's that another one means: the same words or a
// known synonym, amounts within a band, words in common, or a slip of the finger.
func alike(v, target string, allowed []string) (to string, like likeness) {
	folded := fold(v)
	for _, a := range allowed {
		if fold(a) == folded || synonyms[target][folded] == a {
			return a, likeSynonym
		}
	}
	if to := bandOfText(v, target); to != "" {
		return to, likeSynonym
	}
	if to := byWords(v, allowed); to != "" {
		return to, likeWords
	}
	if to := bySpelling(folded, target, allowed); to != "" {
		return to, likeSpelling
	}
	return "", likeNone
}

// byWords finds the only value that has a word in common; long words may differ
// in their ends: Educational, Education.
func byWords(v string, allowed []string) (found string) {
	words := wordsOf(v)
	for _, a := range allowed {
		if !haveWordInCommon(words, wordsOf(a)) {
			continue
		}
		if found != "" {
			return ""
		}
		found = a
	}
	return found
}

func haveWordInCommon(a, b []string) bool {
	const long = 6
	for _, x := range a {
		for _, y := range b {
			if x == y && len(x) > 3 && !commonWords[x] || min(len(x), len(y)) >= long && x[:long] == y[:long] && !commonWords[x] {
				return true
			}
		}
	}
	return false
}

// commonWords say nothing by themselves.
var commonWords = map[string]bool{"services": true, "service": true, "other": true, "income": true, "source": true, "time": true, "trade": true}

func bySpelling(folded, target string, allowed []string) (found string) {
	if len(folded) < 6 {
		return ""
	}
	least := 2 + len(folded)/6 // two slips, in long words three
	try := func(name, a string) {
		if d := levenshtein.ComputeDistance(folded, name); len(name) >= 6 && d < least {
			least, found = d, a
		}
	}
	for _, a := range allowed {
		try(fold(a), a)
	}
	for _, name := range slices.Sorted(maps.Keys(synonyms[target])) {
		try(name, synonyms[target][name])
	}
	return found
}

// leastBound: 50 - 100 is rather meant in thousands.
const leastBound = 1000

// bandOfText finds the band that holds a range of amounts as a whole. Ranges in
// another currency have none.
func bandOfText(v, target string) string {
	from, to, ok := boundsOf(v)
	if !ok || to > 0 && to < leastBound || foreignText(v) {
		return ""
	}
	all := bandsOf(target)
	for i, b := range all {
		last := i == len(all)-1
		// 49,999 and 50,000 both end the band below 50K.
		if from >= b.from-1 && (last || from < all[i+1].from-1 && to > 0 && to <= all[i+1].from) {
			return b.value
		}
	}
	return ""
}

// dollarsOf reads what a bound of [boundsOf] may be: 25,000, 50k, 1.5 m.
func dollarsOf(w string) int64 {
	number := strings.TrimRight(w, "km ")
	unit := map[string]float64{"": 1, "k": 1e3, "m": 1e6, "mm": 1e6}[strings.TrimSpace(w[len(number):])]
	n, err := strconv.ParseFloat(strings.ReplaceAll(number, ",", ""), 64)
	if err != nil || n*unit > maxDollars {
		return 0
	}
	return int64(n * unit)
}

// synonyms are how others write Paxos's values: by target, folded.
var synonyms = func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for target, values := range synonymList {
		all[target] = map[string]string{}
		for value, names := range values {
			for name := range strings.FieldsSeq(names) {
				all[target][name] = value
			}
		}
	}
	return all
}()

var synonymList = map[string]map[string]string{
	"employment_status": {
		"FULL_TIME":     "ft full fulltime fulltimeemployed employed employee salary salaried permanent vollzeit angestellt angestellter tempsplein cdi tiempocompleto empleado",
		"PART_TIME":     "pt part parttime parttimeemployed teilzeit tempspartiel tiempoparcial mediajornada",
		"SELF_EMPLOYED": "se self selfemployed freelance freelancer businessowner entrepreneur selbstaendig selbstaendiger selbststaendig independant autonomo",
		"CONTRACTUAL":   "contract contractor contractual temp temporary fixedterm befristet zeitarbeit cdd temporal",
		"RETIRED":       "ret retired retiree pensioner rentner rentnerin pension pensioniert ruhestand imruhestand retraite retraitee jubilado jubilada",
		"STUDENT":       "stu student pupil schueler studentin etudiant etudiante estudiante",
		"UNEMPLOYED":    "une unemp unempl unemployed notemployed jobless none homemaker arbeitslos chomeur sansemploi desempleado",
	},
	"source_of_wealth": {
		"EMPLOYMENT_INCOME":            "salary salaries wages employment income job earnings gehalt lohn erwerbseinkommen salaire salario sueldo",
		"INVESTMENT_GAINS":             "investments investment capitalgains trading stocks kapitalanlagen kapitalertraege investissements inversiones",
		"INHERITANCE":                  "inherited inheritance legacy gift erbschaft erbe heritage succession herencia",
		"REAL_ESTATE":                  "property properties realestate realty immobilien immobilier inmuebles",
		"BUSINESS_OWNERSHIP_DIVIDENDS": "business company owncompany dividends businessowner saleofbusiness unternehmen firma entreprise empresa dividendos",
		"OTHER_SOURCE_OF_WEALTH":       "other others misc sonstige sonstiges autre otro",
	},
	"source_of_funds": {
		"SALARY_DISBURSEMENT":        "salary wages payroll employment gehalt salaire salario",
		"INHERITANCE_DISTRIBUTION":   "inheritance erbschaft heritage herencia",
		"INVESTMENT_RETURNS":         "investments investment dividends kapitalanlagen",
		"BUSINESS_DIVIDENDS_PROFITS": "business company profits unternehmen",
		"PROPERTY_SALE":              "property realestate saleofproperty immobilien",
		"LOAN_DISBURSEMENT":          "loan credit kredit",
		"SAVINGS_ACCOUNT_WITHDRAWAL": "savings ersparnisse epargne ahorros",
		"GOVERNMENT_BENEFITS":        "benefits socialsecurity pension rente",
	},
	"employment_industry_sector": {
		"EDUCATIONAL_SERVICES":                       "education school teaching teacher bildung enseignement educacion",
		"HEALTH_CARE_SOCIAL_ASSISTANCE":              "health healthcare medical nurse doctor gesundheit gesundheitswesen sante salud",
		"RETAIL_TRADE":                               "retail einzelhandel commercededetail comercio",
		"WHOLESALE_TRADE":                            "wholesale grosshandel",
		"MANUFACTURING":                              "industry industrie production fertigung industria",
		"CONSTRUCTION":                               "building bau baugewerbe construccion",
		"FINANCE_INSURANCE":                          "finance financial banking finanzen finanz finanzas",
		"INSURANCE":                                  "insurance versicherung assurance seguros",
		"INFORMATION":                                "it tech technology software media medien informatik informatique tecnologia",
		"PUBLIC_ADMINISTRATION":                      "government govt public civilservice oeffentlicherdienst verwaltung fonctionpublique administracionpublica",
		"TRANSPORTATION_WAREHOUSING":                 "transport transportation logistics logistik transporte",
		"PROFESSIONAL_SCIENTIFIC_TECHNICAL_SERVICES": "professional professionalservices consulting legal law engineering beratung conseil consultoria",
		"ACCOMMODATION_FOOD_SERVICES":                "hospitality hotel restaurant gastronomie gastgewerbe hotellerie hosteleria",
		"UTILITIES":                                  "utility energy energie energia",
		"REAL_ESTATE_RENTAL_LEASING":                 "realestate property immobilien immobilier inmobiliaria",
		"AGRICULTURE_FORESTRY_FISHING_HUNTING":       "agriculture farming landwirtschaft agricultura",
		"ARTS_ENTERTAINMENT_RECREATION":              "arts entertainment kunst kultur",
		"OTHER_SERVICES":                             "other others sonstige sonstiges autre otro",
		"NOT_CLASSIFIED":                             "none na notapplicable unclassified keine aucun ninguno retired student",
		"NON_PROFIT":                                 "nonprofit charity ngo",
	},
	"cip_id_type": {
		"SSN":             "ssn socialsecurity socialsecuritynumber ss",
		"ITIN":            "itin",
		"PASSPORT":        "pp passport reisepass pass passeport pasaporte",
		"ID_CARD":         "id idcard nationalid nationalidcard identitycard personalausweis ausweis cartedidentite cni dni",
		"DRIVING_LICENSE": "dl driverslicense driverlicense drivinglicence fuehrerschein permisdeconduire",
		"VISA":            "visa visum",
	},
	"passthrough_verification_status": {
		"APPROVED": "pass passed approved ok yes verified success clear accepted complete completed bestanden erfolgreich valide aprobado",
		"DENIED":   "fail failed denied rejected declined no nichtbestanden abgelehnt refuse rechazado",
	},
	"passthrough_verifier_type": {"CUSTOMER": "inhouse internal self manual ourselves intern", "LEXISNEXIS": "ln lexis", "ID3_AUTHENTICATE": "id3"},
	"account.type": {
		"BROKERAGE":       "individual cash margin taxable standard broker",
		"TRADITIONAL_IRA": "ira tradira tira traditional",
		"ROTH_IRA":        "roth", "SEP_IRA": "sep",
	},
	"purpose_of_account": {"INVESTMENT_TRADING": "investment investing trading invest", "SAVINGS": "saving savings sparen"},
	"type":               {"PERSON": "individual natural person p private", "INSTITUTION": "company entity corporate business institution"},
}
