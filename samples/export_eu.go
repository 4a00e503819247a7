package samples

import (
	"fmt"
	"io"
	"strings"
)

// broker-eu.csv: the export of a broker in Germany with customers in four
// countries. Semicolons, a byte order mark, decimal commas, German headings,
// passports and tax numbers of each country.
var euFields = []field{
	{"Kundennummer", func(_ int, p person) string { return "K-" + strings.TrimPrefix(p["ref_id"], "cust-") }},
	{"Anrede", oneOf("Frau", "Herr")},
	{"Vorname", func(i int, p person) string { return euFirst[i%len(euFirst)] }},
	{"Nachname", func(i int, p person) string { return euLast[i*5%len(euLast)] }},
	{"Geburtsdatum", func(_ int, p person) string { return german(p["date_of_birth"]) }},
	{"Straße", func(i int, p person) string { return home(i).street }},
	{"Hausnr.", func(i int, p person) string { return fmt.Sprint(1 + i*7%90) }},
	{"PLZ", func(i int, p person) string { return home(i).zip }},
	{"Ort", func(i int, p person) string { return home(i).city }},
	{"Bundesland", func(i int, p person) string { return home(i).province }},
	{"Land", func(i int, p person) string { return home(i).country }},
	{"Staatsangehörigkeit", func(i int, p person) string { return home(i).country }},
	{"Ausweisart", func(i int, p person) string { return []string{"Reisepass", "Reisepass", "Personalausweis"}[i%3] }},
	{"Ausweisnummer", func(i int, p person) string {
		return fmt.Sprintf("%s%07d", []string{"X0", "X0", "Y0"}[i%3], firstOfEU+i)
	}},
	{"Ausstellungsland", func(i int, p person) string { return home(i).country }},
	{"Steuernummer", func(i int, p person) string { return fmt.Sprintf(home(i).tax, firstOfEU+i) }},
	{"Telefon", func(i int, p person) string { return fmt.Sprintf(home(i).phone, i) }},
	{"E-Mail", of("email")},
	{"Jahreseinkommen USD", func(i int, p person) string { return fmt.Sprint(amount("estimated_yearly_income", i, p)) + ",50" }},
	{"Erwartetes Volumen USD", func(i int, p person) string { return fmt.Sprint(amount("expected_transfer_value", i, p)) + ",00" }},
	{"Herkunft des Vermögens", by("source_of_wealth", map[string]string{"EMPLOYMENT_INCOME": "Gehalt", "INVESTMENT_GAINS": "Kapitalanlagen", "INHERITANCE": "Erbschaft",
		"REAL_ESTATE": "Immobilien", "BUSINESS_OWNERSHIP_DIVIDENDS": "Unternehmen"})},
	{"Beschäftigung", by("employment_status", map[string]string{"FULL_TIME": "Vollzeit", "PART_TIME": "Teilzeit", "SELF_EMPLOYED": "Selbständig", "CONTRACTUAL": "Befristet",
		"RETIRED": "Rentner", "STUDENT": "Student"})},
	{"Branche", by("employment_industry_sector", map[string]string{
		"EDUCATIONAL_SERVICES": "Bildung", "HEALTH_CARE_SOCIAL_ASSISTANCE": "Gesundheit", "RETAIL_TRADE": "Einzelhandel", "MANUFACTURING": "Industrie",
		"CONSTRUCTION": "Bau", "FINANCE_INSURANCE": "Finanzen", "INFORMATION": "Medien", "PUBLIC_ADMINISTRATION": "Öffentlicher Dienst",
		"TRANSPORTATION_WAREHOUSING": "Transport", "PROFESSIONAL_SCIENTIFIC_TECHNICAL_SERVICES": "Beratung",
		"ACCOMMODATION_FOOD_SERVICES": "Gastgewerbe", "UTILITIES": "Energie", "WHOLESALE_TRADE": "Großhandel", "OTHER_SERVICES": "Sonstige",
		"NOT_CLASSIFIED": "Keine"})},
	{"Geprüft am", of("passthrough_verified_at")},
	{"Prüfungsnummer", of("passthrough_verification_id")},
	{"Prüfergebnis", oneOf("bestanden")},
	{"Berater", oneOf("B01", "B02", "B03", "B04", "B05")},
}

// euDamage is what is wrong with the file, by line.
var euDamage = map[int]person{
	9:  {"Geburtsdatum": "1.1.85"},  // two digits of a year
	21: {"Land": "XX"},              // no country
	34: {"Nachname": ""},            // no name
	47: {"Ausweisart": "Unbekannt"}, // in no table
}

type abode struct{ street, zip, city, province, country, tax, phone string }

// home is where the ith customer lives. The phone numbers are of the ranges
// kept for fiction in each country; the tax numbers are plainly false.
func home(i int) abode { return homes[i%len(homes)] }

var homes = []abode{
	{"Musterstraße", "10115", "Berlin", "Berlin", "DE", "0000000%04d", "+49 30 23125 0%02d"},
	{"Beispielweg", "01067", "Dresden", "Sachsen", "DE", "0000000%04d", "030 23125 1%02d"},
	{"Am Müllerplatz", "80331", "München", "Bayern", "DE", "0000000%04d", "030/23125 2%02d"},
	{"Rue de l'Exemple", "75001", "Paris", "Ile-de-France", "FR", "000000000%04d", "+33 1 99 00 00 %02d"},
	{"Musterstraße", "20095", "Hamburg", "Hamburg", "DE", "0000000%04d", "+49 30 23125 3%02d"},
	{"Sample Street", "EC1A 1BB", "London", "Greater London", "GB", "000000%04d", "+44 20 7946 01%02d"},
	{"Exempelgatan", "111 20", "Stockholm", "Stockholm", "SE", "000000-%04d", "+46 8 465 004 %02d"},
	{"Allée du Modèle", "69001", "Lyon", "Auvergne-Rhône-Alpes", "FR", "000000000%04d", "+33 1 99 00 01 %02d"},
}

var (
	euFirst = []string{"Anna", "Jürgen", "Chloé", "Lukas", "Sören", "Marie", "Emma", "Noël", "Sophie", "Max", "Björn", "Élise", "Paul", "Käthe", "Leon", "Ingrid", "Ben"}
	euLast  = []string{"Muster", "Müller", "Beispiel", "Lefèvre", "Österberg", "Schäfer", "Weiß", "Dubois", "Example", "Lindqvist", "Groß", "Moreau", "Vogel", "Ångström", "Hill"}
)

func german(date string) string { return date[8:] + "." + date[5:7] + "." + date[:4] }

// writeEU writes broker-eu.csv.
func writeEU(w io.Writer) error {
	rows := table(euFields, some(firstOfEU, exported))
	damage(rows, euDamage)
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	return writeTable(w, rows, ";")
}
