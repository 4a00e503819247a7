package rules

// The tests of single cells, each with the rules that it can give. What they
// ask stands in cells.go and beside the columns that they are for.
var (
	testRefID              = test{[]*Rule{&ruleScientific, &ruleRefID, &ruleRefIDPersonal}, refIDFault}
	testNumber             = test{[]*Rule{&ruleScientific, &ruleForeignDigits}, numberFault}
	testName               = test{[]*Rule{&ruleMixedScript}, nameFault}
	testUUID               = test{[]*Rule{&ruleUUID}, uuidFault}
	testDateOfBirth        = test{[]*Rule{&ruleSerialDate, &ruleTwoDigitYear, &ruleDate, &ruleNoSuchDay, &ruleFuture, &ruleTooYoung, &ruleTooOld}, dateOfBirthFault}
	testVerifiedAt         = test{[]*Rule{&ruleDateTime, &ruleSerialTime, &ruleFuture}, verifiedAtFault}
	testRegistrationDate   = test{[]*Rule{&ruleSerialDate, &ruleTwoDigitYear, &ruleDate, &ruleNoSuchDay, &ruleFuture}, registrationDateFault}
	testExpiration         = test{[]*Rule{&ruleDateTime, &ruleSerialTime, &ruleExpired}, expirationFault}
	testCountry            = test{[]*Rule{&ruleCountry}, countryFault}
	testBoolean            = test{[]*Rule{&ruleBoolean}, booleanFault}
	testPhone              = test{[]*Rule{&ruleScientific, &rulePhone}, phoneFault}
	testEmail              = test{[]*Rule{&ruleEmail}, emailFault}
	testVerificationFields = test{[]*Rule{&ruleList}, verificationFieldsFault}
	testDecimal            = test{[]*Rule{&ruleScientific, &ruleDecimal}, decimalFault}
	testCubix              = test{[]*Rule{&ruleCubix}, cubixFault}
)
