// Package paxossim is Paxos in memory: an [http.Handler] that behaves like the
// part of the Paxos API v2 that onboarding uses. It is strict (every body is
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
// reply waits). Each request first takes the decisions that have come due, in
// the order of their due times, and dates them as of then. So a decision can be
// delayed by hours and still costs nothing, and a fake clock moves it.
//
// Every random choice is a hash of the seed and of what it is about: an
// identity's fate depends on its ref_id, a fault on the operation, path and
// body of the request and on how often that same request came before.
// Concurrency therefore does not change a run: the same seed and the same
// requests meet the same fates. Only bearer tokens come from crypto/rand.
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
// Only persons can be created, with the details of the crypto brokerage grid;
// the payments fields (is_merchant and the like) are unknown here. Nothing is
// updated or deleted, an account's status is that of its owner, and no TIN is
// verified. Request signing, is_test events, webhooks and the order parameter
// of the events feed are missing. Decisions are dice, not compliance: only a
// passthrough status of DENIED is taken at its word. Tokens and rate windows
// are forgotten at a restart. All state is in memory, roughly 2 KB a customer
// with an account; nothing stops two processes from opening one journal.
//
// Only the owner of an account trades on it or names a bank account for it.
// Unless FirstParty is set, every bank account needs identity_id and
// account_id. Of an order, recipient_profile_id, await_fill_millis and
// self_match_prevention_id are unknown here, and so is crypto_address of a
// deposit; orders cannot be cancelled, and what runs out is CANCELLED.
package paxossim
