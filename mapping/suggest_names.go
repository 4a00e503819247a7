package mapping

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/agnivade/levenshtein"
	"golang.org/x/text/unicode/norm"

	"embark/rules"
)

// Pseudo-targets: columns that are only a part of a canonical one, or of no use
// to Paxos.
const (
	fullName    = "(full name)"
	houseNumber = "(house number)"
	noBusiness  = "(no business of Paxos's)"
)

// headingsOf lists how other systems call what Paxos wants: English, German,
// French, Spanish, folded as by fold.
var headingsOf = map[string]string{
	"ref_id": "id ref reference clientno clientnumber clientid clientref clientcode customerno customernumber customerid customerref customercode custid custno " +
		"userid memberid investorid externalid uid crmid kundennummer kundennr kundenid numeroclient noclient idclient numerodecliente codigocliente",
	"first_name":  "firstname forename givenname fname first vorname rufname prenom nombre nombredepila",
	"middle_name": "middlename middlenames middleinitial middle mi mname secondname zweitername deuxiemeprenom segundonombre",
	"last_name":   "lastname surname familyname lname last nachname familienname zuname nom nomdefamille apellido apellidos primerapellido",
	fullName:      "name fullname customername clientname legalname fulllegalname accountholder nomcomplet nombrecompleto vollername",
	"date_of_birth": "dob dateofbirth birthdate birthday birthdt bdate dobmmddyyyy datebirth born geburtsdatum geburtstag gebdatum gebdat datedenaissance datenaissance " +
		"naissance fechadenacimiento fechanacimiento nacimiento",
	"address.address1": "strasseundhausnummer strassehausnr strassenr streetaddressline1 adresseligne1 address addressline1 address1 addr1 addr street streetaddress street1 streetname residentialaddress homeaddress " +
		"strasse adresse anschrift rue direccion calle domicilio",
	houseNumber:        "houseno housenumber hausnr hausnummer streetnumber streetno numerodevoie",
	"address.address2": "address2 addressline2 addr2 apt aptno apartment unit suite flat street2 adresszusatz complementadresse complement piso",
	"address.city":     "city town locality ort stadt wohnort ville ciudad localidad poblacion",
	"address.province": "state province region county stateprovince stateregion statecode stateofresidence bundesland kanton departement etat provincia estado",
	"address.zip_code": "zip zipcode zip5 zip4 zippostalcode postalzipcode postalcode postcode postal plz postleitzahl codepostal codigopostal cp",
	"address.country": "country countryofresidence residencecountry residence countrycode domicile land wohnsitzland wohnland pays paysderesidence pais " +
		"paisderesidencia",
	"nationality": "nationality citizenship countryofcitizenship citizenshipcountry citizen staatsangehoerigkeit nationalitaet nationalite nacionalidad ciudadania",
	"cip_id": "ssn ssnitin ssntin ssntaxid taxidssn ssnortaxid socialsecno socialsecuritynumber socialsecurityno socialsecurity socsec itin passport passportno passportnumber documentnumber documentno " +
		"iddocumentnumber idnumber idno nationalid ausweisnummer ausweisnr passnummer reisepassnummer numerodepasseport numeropasaporte pasaporte dni",
	"cip_id_type":    "idtype taxidtype documenttype iddocumenttype doctype identificationtype ausweisart dokumentart typedepiece typededocument tipodedocumento",
	"cip_id_country": "issuingcountry issuecountry countryofissue documentcountry passportcountry idcountry ausstellungsland ausstellerland paysdemission paisdeemision",
	"phone_number": "phone phonenumber phoneno telephone telephonenumber tel mobile mobilephone mobilenumber cell cellphone homephone workphone dayphone " +
		"contactnumber telefon telefonnummer telefonnr handy handynummer mobil rufnummer telefono portable movil telefonomovil numerodetelephone telephoneportable",
	"email":                   "email emailaddress mail emailaddr mailadresse courriel correo correoelectronico",
	"tax_payer_id":            "taxid taxpayerid taxnumber taxno taxidentificationnumber taxidvalue tin steuernummer steuerid steuernr steueridentifikationsnummer numerofiscal nif",
	"tax_payer_country":       "taxcountry taxidcountry taxresidence countryoftaxresidence taxresidency steuerland paysfiscal residenciafiscal",
	"estimated_yearly_income": "annualincome yearlyincome income grossincome grossannualincome annualgrossincome salary annualsalary incomerange einkommen jahreseinkommen jahresgehalt revenu revenuannuel ingresos ingresosanuales",
	"estimated_net_worth":     "networth totalnetworth liquidnetworth vermoegen nettovermoegen patrimoine patrimonio",
	"expected_transfer_value": "expectedtransfers expecteddeposits expecteddeposit expectedvolume expectedfunding anticipateddeposits transfervolume transfervolumen transfervalue " +
		"depositamount erwartetesvolumen erwarteteeinzahlungen depotsprevus volumeprevu volumenprevisto",
	"source_of_wealth":   "sourceofwealth wealthsource originofwealth sow herkunftdesvermoegens vermoegensherkunft originedupatrimoine origendelpatrimonio",
	"source_of_funds":    "sourceoffunds fundssource fundingsource sof mittelherkunft originedesfonds origendefondos",
	"purpose_of_account": "purpose accountpurpose kontozweck objetducompte propositodelacuenta",
	"employment_status": "employment employmentstatus employmenttype jobtype empl emplstatus empstatus workstatus jobstatus beschaeftigung beschaeftigungsverhaeltnis berufsstatus " +
		"situationprofessionnelle situacionlaboral",
	"employment_industry_sector": "industry sector industrysector occupation employmentindustry employerindustry businesssector lineofbusiness branche wirtschaftszweig " +
		"beruf profession secteur secteurdactivite sectordeactividad",
	"passthrough_verifier_type":       "kycvendor kycprovider kycservice verifier verifiedby idvvendor idvprovider verificationprovider geprueftdurch geprueftvon",
	"passthrough_verified_at":         "kycdate kyctime kyctimestamp verifiedat verifiedon verificationdate idvdate kyccompleted kyccompletedat geprueftam pruefdatum dateverification",
	"passthrough_verification_id":     "kycref kycid kycreference kycinquiry verificationid verificationref idvref idvid inquiryid pruefungsnummer pruefnummer",
	"passthrough_verification_status": "kycresult kycstatus kycoutcome kycok kycpassed verificationstatus verificationresult idvresult idvstatus pruefergebnis pruefungsergebnis",
	"passthrough_verification_fields": "kycfields verifiedfields fieldsverified verificationfields",
	"account.ref_id":                  "accountno accountnumber accountid acctno kontonummer kontonr numerodecompte numerodecuenta",
	"account.type":                    "accounttype accttype kontoart registrationtype typedecompte tipodecuenta",
	noBusiness: "gender sex title salutation prefix suffix honorific maritalstatus notes note comment comments remarks memo branch branchcode advisor adviser " +
		"rep repcode salesrep manager language lastcontact lastlogin anrede titel geschlecht familienstand bemerkung bemerkungen notizen filiale berater sprache " +
		"civilite sexe remarque langue sexo tratamiento observaciones",
}

// sought are the canonical columns by name, as they are for persons where
// institutions have them, too.
var sought = func() map[string]rules.Column {
	all := maps.Clone(canonicals)
	for _, c := range rules.PersonColumns() {
		all[c.Name] = c
	}
	return all
}()

// targetOf finds the target of a folded heading.
var targetOf = func() map[string]string {
	all := map[string]string{}
	for target, names := range headingsOf {
		for name := range strings.FieldsSeq(names) {
			all[name] = target
		}
	}
	for _, c := range rules.Columns() {
		if name := fold(c.Name); all[name] == "" || !rules.IsInstitutionOnly(c.Name) {
			all[name] = c.Name
		}
	}
	return all
}()

// How well a heading fits a target.
const (
	fitsNot = iota
	fitsNearly
	fitsExactly
)

// byName finds the target that a heading names.
func byName(heading string) (target string, fit int) {
	if t := targetOf[fold(heading)]; t != "" {
		return t, fitsExactly
	}
	if parts := partsOf(heading); parts != nil {
		return nested(parts)
	}
	heading, _, _ = strings.Cut(heading, "(") // Date of Birth (MM/DD/YYYY)
	words := longWords(heading)
	for _, of := range [][]string{words, withoutNoise(words)} {
		if t := cmp.Or(targetOf[strings.Join(of, "")], targetOfWords[wordKey(of)]); t != "" {
			return t, fitsNearly
		}
	}
	return mistyped(strings.Join(withoutNoise(words), "")), fitsNearly
}

// mistyped finds the target of a heading with a slip of the finger, or "". Where
// two targets are as near, it is anybody's guess.
func mistyped(folded string) string {
	const short = 5 // below, another word is as likely
	if len(folded) < short {
		return ""
	}
	var found []string
	least := 1 + len(folded)/9
	for name, t := range targetOf {
		d := levenshtein.ComputeDistance(folded, name)
		switch {
		case len(name) < short || d > least:
		case d < least:
			least, found = d, []string{t}
		case !slices.Contains(found, t):
			found = append(found, t)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// fold leaves the letters and digits of a text, in lower case, without accents;
// German umlauts are written out.
func fold(s string) string { return strings.Join(wordsOf(s), "") }

// wordsOf splits a heading or value into folded words, between letters and
// anything else, and where lower case turns to upper.
func wordsOf(s string) []string {
	var words []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	before := ' '
	for _, r := range norm.NFD.String(umlauts.Replace(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case unicode.IsUpper(r) && unicode.IsLower(before):
			end()
			word.WriteRune(unicode.ToLower(r))
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word.WriteRune(unicode.ToLower(r))
		case r == '\'' || r == '’' || r == '.':
		default:
			end()
		}
		before = r
	}
	end()
	return words
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "ß", "ss")
