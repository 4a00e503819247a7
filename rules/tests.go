package rules

// The tests of single cells, each with the rules that it can give. What they
// ask stands in cells.go and beside the columns that they are for. Where one
// refuses digits of another script, Column.check says that instead.
var (
	testRefID              = test{[]*Rule{&ruleScientific, &ruleRefID, &ruleRefIDPersonal, &ruleForeignDigits}, refIDFault}
	testNumber             = test{[]*Rule{&ruleScientific, &ruleForeignDigits}, numberFault}
	testName               = test{[]*Rule{&ruleMixedScript}, nameFault}
	testUUID               = test{[]*Rule{&ruleUUID, &ruleForeignDigits}, uuidFault}
	testDateOfBirth        = test{[]*Rule{&ruleSerialDate, &ruleTwoDigitYear, &ruleDate, &ruleNoSuchDay, &ruleFuture, &ruleTooYoung, &ruleTooOld, &ruleForeignDigits}, dateOfBirthFault}
	testVerifiedAt         = test{[]*Rule{&ruleDateTime, &ruleSerialTime, &ruleFuture, &ruleForeignDigits}, verifiedAtFault}
	testRegistrationDate   = test{[]*Rule{&ruleSerialDate, &ruleTwoDigitYear, &ruleDate, &ruleNoSuchDay, &ruleFuture, &ruleForeignDigits}, registrationDateFault}
	testExpiration         = test{[]*Rule{&ruleDateTime, &ruleSerialTime, &ruleExpired, &ruleForeignDigits}, expirationFault}
	testCountry            = test{[]*Rule{&ruleCountry, &ruleForeignDigits}, countryFault}
	testBoolean            = test{[]*Rule{&ruleBoolean, &ruleForeignDigits}, booleanFault}
	testPhone              = test{[]*Rule{&ruleScientific, &rulePhone}, phoneFault}
	testEmail              = test{[]*Rule{&ruleEmail}, emailFault}
	testVerificationFields = test{[]*Rule{&ruleList, &ruleForeignDigits}, verificationFieldsFault}
	testDecimal            = test{[]*Rule{&ruleScientific, &ruleDecimal, &ruleForeignDigits}, decimalFault}
	testCubix              = test{[]*Rule{&ruleCubix, &ruleForeignDigits}, cubixFault}
)
