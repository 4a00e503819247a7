// Package samples makes up customers.
//
// Most callers need two things: [Write], which writes any number of valid
// persons as a canonical CSV file, and the files in this folder, which README,
// demo and tests share: customers.csv (a thousand rows with a known handful of
// faulty ones), small.csv (twelve clean rows) and documented.csv (the examples
// of Paxos's own documentation), and files of what else a row may ask for:
// institutions.csv, joint.csv, fiat.csv, banks.csv, documents.csv, orders.csv.
// README.md lists what is wrong with which row; the files are written anew by go
// test ./samples -update.
//
// Nobody here exists. SSNs are of the block 900-01 to 999-49, which is neither
// issued as SSN (area 9xx) nor as ITIN (groups from 50 on), EINs begin with 00,
// phone numbers are of the range kept for fiction, e-mail addresses at
// example.com. Such rows are valid only where made-up numbers are allowed: in the simulator and the sandbox.
package samples
