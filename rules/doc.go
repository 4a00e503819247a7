// Package rules holds what Paxos requires of a customer, as data.
//
// Most callers need two things: [CheckRow], which gives all findings of one
// row's cells, and the tables of columns it works from, [PersonColumns],
// [InstitutionColumns] and [PartColumns] (members, bank account, deposit, order,
// documents): names, lengths, patterns, values, what is required. [PersonChecks],
// [InstitutionChecks] and [PartChecks] are the rules that concern more than one
// column. A file of bank accounts alone is for [CheckFiatAccount] and [CheckOwner].
//
// [Catalogue] lists every rule that can fire, with its id, version, severity,
// sentence, hint and source; [Kind] tells what a file of persons, institutions or
// bank accounts may hold. Templates, dictionaries and schemas are printed from
// both. They are made of the tables that judge, so they cannot say anything else
// (TestCatalogue). The version of a rule goes up when its meaning changes, so that
// what it rejected before can be told from what it rejects now.
//
// Sources: the OpenAPI document (patterns, lengths, enumerations), Paxos's
// pages of required details, institution types and order precision (crypto
// brokerage, Paxos Trust licence), the US Social Security Administration and the
// IRS (structure of SSN, ITIN and EIN), ISO 3166-1 (countries), the USPS (states),
// the American Bankers Association and ISO 9362 (routing numbers). Patterns are kept as documentation;
// the checks themselves are written out by hand, because they run for every
// cell of every row.
//
// The package neither reads files nor changes values, and a finding never holds
// the value that it is about. It sees one row at a time: whether a member exists,
// or members go round in a circle, is not for it to say.
package rules
