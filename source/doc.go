// Package source turns input files into rows.
//
// Most callers need two things: [Open], which checks that a file can be read as
// a table and reads its header, and [Rows], which yields the rows of several
// files, numbered through. A file can be read as often as needed and gives the
// same rows each time; what comes from a pipe is spooled so that it can.
//
// Parsing is encoding/csv's, strictly (never LazyQuotes). What is added here is
// what a customer file of unknown origin needs:
//
//   - physical line numbers, quoted line breaks and blank lines counted;
//   - recovery row by row: a record that cannot be read is a [Row] with a
//     [Damage], and reading goes on with the next one;
//   - caps that hold before memory grows (1 MiB a cell, 4 MiB a record), so
//     that one missing quote cannot swallow a file;
//   - an [Error] for what is no table at all, and for a file that changes while
//     it is being read.
//
// The package does not know what the columns mean, does not trim or change any
// cell, and does not decode: input is UTF-8, with or without a byte order mark.
package source
