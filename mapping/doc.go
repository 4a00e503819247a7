// Package mapping turns rows into customers, or into findings that say why not.
//
// Most callers need two things: [New], which holds a file's header against the
// canonical columns, and [Mapper.Map], which maps a batch of rows. Everything
// here is pure: no files, no clock, no state; the same row always gives the
// same customer, and a Mapper may be used by several goroutines once Prove is done.
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
// Files of other systems are mapped by a [Spec], a YAML file that [ParseSpec]
// reads: which canonical column comes from which columns of the source, and how.
// It is compiled into steps over the cells of a row; what a step cannot make is a
// finding that names the column of both. The order of dates is declared, or
// [Mapper.Prove] finds it, before anything is mapped; it is never guessed.
// [Mapper.Explain] shows what became of a row's cells.
//
// The package does not compare rows with each other: for that there is [CIP],
// which names a customer by their document.
package mapping
