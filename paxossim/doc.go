// Package paxossim is Paxos in memory: an [http.Handler] that behaves like the
// part of the Paxos API v2 that onboarding uses: identities of persons and
// institutions, their members and documents, accounts, events and webhooks. It
// is strict (every body is
// checked, and a refusal names the field), stateful (what was created can be
// read, listed and collided with) and hostile on demand (lost replies, 5xx
// after the write took effect, rate lock-outs, late and repeated events).
//
// Most callers need two things: [New], whose zero [Options] give a calm
// simulator that approves everyone at once, and [Simulator.Transport], which
// lets an http.Client talk to it without sockets and so also inside a
// testing/synctest bubble. Otherwise serve it like any handler. Paths work with
// and without the /v2 prefix; the token endpoint is /oauth2/token.
//
//	sim, err := paxossim.New(paxossim.Options{Seed: 7})
//	client := &http.Client{Transport: sim.Transport()}
//
// # Time and chance
//
// The simulator has no goroutines and no timers of its own (only a delayed
// reply waits, and [Simulator.DeliverWebhooks] for as long as its caller lets it). Each request first takes the decisions that have come due, in
// the order of their due times, and dates them as of then. So a decision can be
// delayed by hours and still costs nothing, and a fake clock moves it.
//
// Every random choice is a hash of the seed and of what it is about: an
// identity's fate depends on its ref_id, a fault on the operation, path and
// body of the request and on how often that same request came before.
// Concurrency therefore does not change a run: the same seed and the same
// requests meet the same fates. Only bearer tokens come from crypto/rand.
//
// # What an identity waits for
//
// A decision falls a delay after the create. Who has to supply documents
// ([Options.HighRisk], [Options.RequiredDocuments]) is asked for them then, by
// event, and decided the same delay after the last type has arrived. An
// institution is approved only when all its members are, the delay after the
// last of them. PUT …/sandbox-status overrules all of that for good.
//
// The bytes of a document go to /uploads/, which stands for an object store:
// outside of the API, its tokens, limits and problem bodies. Only their size
// and hash are kept.
//
// # Money
//
// A bank account is reviewed, and an order filled, after a delay; what will
// become of it is fixed when it is made. Prices never move: each market has a
// made-up midpoint at which everything trades, without fees, so a limit order
// fills at once or never. There are no bank transfers: money comes from sandbox
// deposits and moves between the assets of a profile by orders, in exact
// decimals. Besides the profiles of accounts there is the default one.
//
// # Watching it
//
// GET /_simulator/stats tells what happened ([Stats]), and
// GET /_simulator/identities, /_simulator/accounts, /_simulator/fiat_accounts
// and /_simulator/orders list all objects, one JSON object a line. They need no
// token, are neither counted nor limited nor disturbed by faults, and carry no
// personal data.
//
// # State on disk
//
// With [Options.StatePath] every change is appended to a journal before the
// reply goes out, so that it survives a kill of the process (not a power cut:
// there is no fsync). Each line is sealed with AES-256-GCM by the key in the
// file beside it, whose name ends in .key, because the journal holds what the
// customers sent.
//
// # Limitations
//
// Where Paxos documents nothing, the simulator takes one reading, often the
// stricter one: unknown query parameters, empty strings, nulls, and tax_details
// together with tax_details_not_required are refused; an SSN or ITIN must be
// written with hyphens; residents of the USA need a zip code; punctuation makes
// no new CIP ID; requests refused with 429 do not prolong a lock-out. Where two
// readings matter to a client there is a switch in [Options].
//
// There is one API user, so "somebody else's identity" cannot be simulated.
// Persons and institutions have the details of the crypto brokerage grid; the
// payments fields (is_merchant and the like), sole proprietorships and the
// singular type of an account member are unknown here. Advisers must have what
// either edition of the grid asks for. Nothing is updated or deleted, an
// account's status is that of its owner, and no TIN is verified. Members who
// join or fall after the approval change nothing; members in a circle wait for
// ever. How sub-statuses add up is our reading, as are the statuses and codes
// in status_details. A document whose bytes are no PDF, JPG or PNG is refused
// at the upload, not later. A test event can be read by its id, but is not
// listed; a key in a header is the only authentication of webhooks. Request
// signing and the order parameter of the events feed are missing. Decisions are
// dice, not compliance: only a passthrough status of DENIED is taken at its
// word. Tokens and rate windows are forgotten at a restart, and so are the
// number of attempts of a webhook and its repetitions. All state is in memory,
// roughly 2 KB a customer with an account; nothing stops two processes from
// opening one journal.
//
// Only the owner of an account trades on it or names a bank account for it.
// Unless FirstParty is set, every bank account needs identity_id and
// account_id. Of an order, recipient_profile_id, await_fill_millis and
// self_match_prevention_id are unknown here, and so is crypto_address of a
// deposit; orders cannot be cancelled, and what runs out is CANCELLED.
package paxossim
