package rules

// What is said about single cells. Sentences and hints stand together so that
// they sound alike and can be listed.
var (
	ruleRequired    = Rule{ID: "required", Text: "a value is required"}
	rulePassthrough = Rule{ID: "required", Text: "a value is required when verifier_type is PASSTHROUGH"}
	rulePlaceholder = Rule{ID: "placeholder", Text: "the cell holds a placeholder, not a value",
		Hint: "leave the cell empty where there is no value"}
	ruleFormula = Rule{ID: "placeholder", Text: "the cell holds the error of a spreadsheet's formula, not a value",
		Hint: "a spreadsheet formula is broken: mend it and export again"}
	ruleNarrow = Rule{ID: "placeholder", Text: "the cell holds the number signs of a spreadsheet column that is too narrow, not a value",
		Hint: "widen the column in the spreadsheet and export again"}
	ruleOfPersons      = Rule{ID: "wrong_type", Text: "only persons have this column", Hint: "empty the cell, or set type to PERSON"}
	ruleOfInstitutions = Rule{ID: "wrong_type", Text: "only institutions have this column", Hint: "empty the cell, or set type to INSTITUTION"}

	ruleLineBreak = Rule{ID: "line_break", Text: "the cell contains a line break",
		Hint: "write it on one line; addresses have a second column"}
	ruleInvisible = Rule{ID: "invisible_character", Text: "the cell contains an invisible or direction-turning character",
		Hint: "type the value anew instead of copying it"}
	ruleCurlyQuote = Rule{ID: "curly_quote", Text: "the cell contains a typographic quote, which Paxos does not accept",
		Hint: "use the straight one: '"}
	ruleAccent = Rule{ID: "accent", Text: "the cell contains a letter with an accent, which Paxos does not accept",
		Hint: "use the spelling of the machine-readable zone of the ID; embark never changes a legal name by itself"}
	rulePattern = Rule{ID: "pattern", Text: "the cell contains a character that Paxos does not accept",
		Hint: "letters A to Z, digits, blanks and / ? : ( ) . , & ' + - are accepted; no #, @, _ or *"}
	ruleForeignDigits = Rule{ID: "pattern", Text: "the cell contains digits of another script (full-width, Arabic-Indic and the like)",
		Hint: "write them as 0 to 9"}
	ruleLostLetters = Rule{ID: "encoding_damage", Text: "letters were lost when the file was converted to another encoding",
		Hint: "export again as UTF-8"}
	ruleMixedScript = Rule{ID: "mixed_script", Severity: Warning, Text: "the name mixes letters of two scripts that look alike (Latin, Greek, Cyrillic and others)",
		Hint: "type the name anew in one script"}
	ruleScientific = Rule{ID: "scientific_notation", Text: "a spreadsheet has turned the number into scientific notation; digits are lost",
		Hint: "take it from the source again, with the column formatted as text"}
	ruleLeadingZero = Rule{ID: "leading_zero", Text: "digits are missing; the leading zeros were probably lost in a spreadsheet",
		Hint: "take it from the source again, with the column formatted as text"}

	ruleRefID = Rule{ID: "ref_id", Text: "a ref_id has 1 to 128 letters, digits and - _ . : without blanks",
		Hint: "use the customer number of your own system"}
	ruleRefIDPersonal = Rule{ID: "ref_id_personal", Text: "it looks like an SSN or a phone number, and it is shown in every log and report",
		Hint: "use a number that says nothing about the person, or put letters before it"}
	ruleRefIDHasCIP = Rule{ID: "ref_id_personal", Text: "it contains the number of the identification document, and it is shown in every log and report",
		Hint: "use a number that says nothing about the person"}
	ruleRefIDHasNumber = Rule{ID: "ref_id_personal", Text: "it contains a number of the bank account, and it is shown in every log and report",
		Hint: "use a number that says nothing about the bank account"}

	ruleUSState       = Rule{ID: "us_state", Text: "the state is not one of the two-letter codes of the US postal service", Hint: "NY, not New York"}
	ruleUSZipRequired = Rule{ID: "required", Text: "a ZIP code is required for addresses in the USA"}
	ruleZipMissing    = Rule{ID: "zip_missing", Severity: Warning, Text: "the country has postal codes, and Paxos asks for one where there are any", Hint: "fill in the postal code"}
	rulePOBox         = Rule{ID: "po_box", Severity: Warning, Text: "this looks like a post office box; the law asks for a residential address",
		Hint: "ask the customer for the street address"}
	rulePOBoxOfFirm = Rule{ID: "po_box", Severity: Warning, Text: "this looks like a post office box; the law asks for the place of business",
		Hint: "ask the customer for the street address"}
	ruleUSZip = Rule{ID: "us_zip", Text: "a ZIP code has five digits, or nine with a hyphen", Hint: "write 12207 or 12207-1234"}

	ruleDate = Rule{ID: "date", Text: "this is not a date of the form YYYY-MM-DD",
		Hint: "write 1980-01-31; other forms are ambiguous"}
	ruleTwoDigitYear = Rule{ID: "date", Text: "the year of this date has two digits, so the century is not known",
		Hint: "export it with all four digits, as 1980-01-31"}
	ruleSerialDate = Rule{ID: "date", Text: "this looks like the serial number that spreadsheets keep dates as",
		Hint: "format the column as YYYY-MM-DD and export again"}
	ruleNoSuchDay = Rule{ID: "date", Text: "there is no such day", Hint: "check day and month; the form is YYYY-MM-DD"}
	ruleFuture    = Rule{ID: "future", Text: "the date is in the future"}
	ruleTooYoung  = Rule{ID: "age", Text: "the person is under 18", Hint: "minors cannot be onboarded"}
	ruleTooOld    = Rule{ID: "age", Text: "the person would be over 120 years old", Hint: "check the century"}
	ruleDateTime  = Rule{ID: "date_time", Text: "this is not a time of the form YYYY-MM-DDThh:mm:ssZ",
		Hint: "RFC 3339, with T and a time zone, e.g. 2026-05-04T10:11:12Z"}
	ruleSerialTime = Rule{ID: "date_time", Text: ruleSerialDate.Text, Hint: "format the column as YYYY-MM-DDThh:mm:ssZ and export again"}

	ruleExpired = Rule{ID: "order_expiration", Text: "the order would end within ten seconds, or has ended"}

	ruleCountry = Rule{ID: "country", Text: "this is not a country code of three letters (ISO 3166-1 alpha-3)",
		Hint: "USA, not US or United States"}
	ruleUUID = Rule{ID: "uuid", Text: "this is not an id of Paxos's (a UUID)",
		Hint: "leave the column empty for a person who is new to Paxos"}
	ruleBoolean = Rule{ID: "boolean", Text: "only true or false is accepted"}
	ruleList    = Rule{ID: "enum", Text: "one of the values is empty, repeated or not in Paxos's list",
		Hint: "one or more of FULL_LEGAL_NAME, ADDRESS, DATE_OF_BIRTH, CIP_ID, with | between them"}

	ruleDecimal = Rule{ID: "decimal", Text: "this is not a number of digits with a point between them at most", Hint: "1500.25, without signs, commas and currency"}
	ruleCubix   = Rule{ID: "uuid", Text: "this is not an id of CUBIX's (a UUID)"}

	ruleNoFiatAccount = Rule{ID: "required", Text: "the row has no bank account in it"}
	ruleFiatNoAccount = Rule{ID: "account_needed", Text: "the bank account is of a customer without an account", Hint: "empty account.type, or take the bank account out"}

	rulePhone = Rule{ID: "phone", Severity: Warning, Text: "this does not look like an international phone number",
		Hint: "+ and country code first, e.g. +1 212 555 0100"}
	ruleEmail = Rule{ID: "email", Severity: Warning, Text: "this does not look like an e-mail address"}
)
