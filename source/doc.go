// Package source turns input files into rows.
//
// Most callers need two things: [Open], which finds out how a file is to be read
// as a table and reads its header, and [Rows], which yields the rows of several
// files, numbered through. [Expand] makes names of files of folders and
// patterns. A file can be read as often as needed and gives the same rows each
// time; what comes from a pipe is spooled so that it can.
//
// What a file is, its content tells: text with delimiters, JSON Lines or a
// spreadsheet (.xlsx), as it is or compressed with gzip or zstd. The delimiter
// is the one that the first lines speak for; an encoding other than UTF-8 is
// told by a byte order mark or by the operator, and never guessed.
//
// Parsing is encoding/csv's, strictly (never LazyQuotes). What is added here is
// what a customer file of unknown origin needs:
//
//   - physical line numbers, quoted line breaks and blank lines counted;
//   - recovery row by row: a record that cannot be read is a [Row] with a
//     [Damage], and reading goes on with the next one;
//   - caps that hold before memory grows (1 MiB a cell, 4 MiB a record), so
//     that one missing quote cannot swallow a file, and caps on what comes out
//     of a compressed file;
//   - an [Error] for what is no table at all, for what could be read in two
//     ways, and for a file that changes while it is being read.
//
// JSON Lines and spreadsheets are made into a table once, when they are opened.
// The package does not know what the columns mean and does not trim or change
// any cell. A spreadsheet is the exception: its dates are numbers, which are
// given as YYYY-MM-DD, or YYYY-MM-DDThh:mm:ss where there is a time.
package source
