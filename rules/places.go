package rules

import "strings"

// countries are the 249 codes of ISO 3166-1 alpha-3 that are officially
// assigned; withdrawn and reserved ones (YUG, SUN, …) are left out.
const countries = "ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS " +
	"BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB " +
	"CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY " +
	"GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL " +
	"ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR " +
	"MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU " +
	"NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN " +
	"SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM " +
	"TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE"

// states are the USPS codes of the states, the District of Columbia, the
// territories and the military post offices.
const states = "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK " +
	"OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC AS GU MP PR VI AA AE AP"

// postal are countries that certainly have postal codes, the USA apart. Paxos
// publishes no list.
const postal = "ARG AUS AUT BEL BGR BRA CAN CHE CHN CZE DEU DNK ESP EST FIN FRA GBR GRC HRV HUN IDN IND IRL ISR ITA JPN KOR " +
	"LIE LTU LUX LVA MCO MEX MLT MYS NLD NOR NZL PHL POL PRT ROU SGP SVK SVN SWE THA TUR TWN UKR ZAF"

var countrySet, stateSet, postalSet = setOf(countries), setOf(states), setOf(postal)

func setOf(list string) map[string]bool {
	set := map[string]bool{}
	for code := range strings.FieldsSeq(list) {
		set[code] = true
	}
	return set
}

func isCountry(v string) bool { return v == "USA" || countrySet[v] }

func isState(v string) bool { return stateSet[v] }
