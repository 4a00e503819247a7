// Package onboard holds the nouns of the project and the life of one object at
// Paxos: an identity or an account, a member who joins one, a bank account,
// deposit instructions, a document, an order, and what only the sandbox has.
// [Kinds] lists them.
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
// in_doubt, conflict and refused beside it. A record lists the objects that it
// needs, each with what it waits for (see [For]), and those that need it. A kind
// supplies three things only: how its request is sent, how it is found again,
// how it is read; see kind.go, and account.go for an example.
//
// The rules that keep a customer from being made twice are here and nowhere
// else:
//
//   - A create is a step with an attempt number. The caller stores the intent
//     durably before it calls [Step.Do], and nobody else may have one open.
//   - An answer that may hide a success leaves the object in doubt. Identities
//     are then posted again with the same ref_id, since the 409 is the only
//     way to look one up; all others are looked for first, after a pause.
//   - Only what was answered 200 is ours for certain. What hangs on anything
//     else is looked for before it is made.
//   - Orders, and members who join an account, are looked for first always; an
//     order is not sent again once Paxos may have forgotten its ref_id.
//   - A deposit of the sandbox is sent once, and never again.
//   - An identity that somebody else made is adopted only if it is shown to
//     describe the same person or institution.
//
// The package knows no file, no database and no goroutine; the time is given to
// it, but for that at which an answer came back.
package onboard
