// Package onboard holds the nouns of the project and the life of one object at
// Paxos: an identity, an account, and whatever a later kind adds.
//
// A [Record] stores facts only; its [State] is derived from them, so the two
// cannot disagree. Most callers need two functions. [Next] says which [Step],
// if any, is due for a record, and [Apply] says what the answer to a step means
// for it. Around them: [Drafts] turns a customer into records, [Admit] weighs
// such a draft against what is known already, [Observe] and [Inform] bring a
// decision of Paxos into the records, and [OutcomeOf] folds a customer's
// records into the word that the report uses.
//
// Every kind lives the same life, waiting → ready → sent → made → decided, with
// in_doubt, conflict and refused beside it. A kind supplies three things only:
// how its request is sent, how it is found again, how its answer is read; see
// identity.go and account.go.
//
// The rules that keep a customer from being made twice are here and nowhere
// else:
//
//   - A create is a step with an attempt number. The caller stores the intent
//     durably before it calls [Step.Do], and nobody else may have one open.
//   - An answer that may hide a success leaves the object in doubt. Identities
//     are then posted again with the same ref_id, since the 409 is the only
//     way to look one up; accounts are looked up first, after a pause.
//   - An object that somebody else made is adopted only if it is shown to
//     describe the same person.
//
// The package knows no file, no database, no clock and no goroutine.
package onboard
