// Package rules holds what Paxos requires of a customer, as data.
//
// Most callers need two things: [CheckPerson], which gives all findings of one
// person's cells, and [PersonColumns], the table of columns it works from:
// names, lengths, patterns, values, what is required. [PersonChecks] are the
// rules that concern more than one column. A data dictionary or a schema can
// be printed from the two tables.
//
// Sources: the OpenAPI document (patterns, lengths, enumerations), Paxos's
// page of required details (crypto brokerage, Paxos Trust licence), the US
// Social Security Administration and the IRS (structure of SSN and ITIN), ISO
// 3166-1 (countries) and the USPS (states). Patterns are kept as documentation;
// the checks themselves are written out by hand, because they run for every
// cell of every row.
//
// The package neither reads files nor changes values, and a finding never holds
// the value that it is about. It does not know the rules for institutions.
package rules
