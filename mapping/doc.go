// Package mapping turns rows into customers, or into findings that say why not.
//
// Most callers need two things: [New], which holds a file's header against the
// canonical columns, and [Mapper.Map], which maps a batch of rows. Everything
// here is pure: no files, no clock, no state; the same row always gives the
// same customer, and a Mapper may be used by several goroutines.
//
// A batch is decoded by gocsv in one call, into a struct of strings. What the
// cells must look like is for package rules to say; this package trims them,
// asks, and builds the requests of the Paxos API: nothing empty is sent, SSN, ITIN
// and EIN get their hyphens, and the account always comes with a profile. Members
// stay named by ref_id; the ids are filled in when the request is sent.
//
// Bank accounts may come in a file of their own: [NewBank] maps it, and
// [Bank.Join] gives a customer the bank account of a row.
//
// Only canonical columns are known. The package does not compare rows with each
// other: for that there is [CIP], which names a customer by their document.
package mapping
