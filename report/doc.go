// Package report writes what became of every row: results.csv with one line a
// row (and one for every customer that an earlier run left unfinished),
// rejected.csv with the rows to fix, and summary.json with the sums and the proof
// that they add up.
//
// Most callers need [Write], which makes a folder for the run and streams the
// lines into it, and [Latest], which reads the last summary again. [Verify]
// counts a finished report anew. [Findings] is what a validation writes instead:
// findings.csv, with a line for every fault, and rejected.csv.
//
// Files are 0600 and folders 0700. Cells that a spreadsheet would take for a
// formula are guarded, see [mapping.Guard]. Personal data and bank numbers are in
// rejected.csv only, because those rows are there to be corrected in place and run
// again; it begins with a byte order mark, so that spreadsheets read it as UTF-8.
// The package decides nothing about rows; it gets lines and counts them.
package report
