// Package paxos speaks the Paxos REST API v2 as far as onboarding needs it.
//
// Most callers need two things: [New], which returns a [Client] whose methods
// are named after the API's own operations ([Operations] lists them with their
// scopes), and [Error], which every refused request comes back as. The types carry the API's field names and nothing of
// ours.
//
// Four concerns wrap the HTTP transport, one round tripper each, stacked in
// [New]: GET requests are tried again after passing trouble, the bearer token
// is attached and renewed, every request (token requests too) waits for the
// budget of its endpoint class, and is signed where a [Signer] is given. Only
// the bytes of documents go past all that, because they do not go to Paxos but
// to an object store; see [Client.PutDocument]. A POST or PUT is never repeated
// in here, because only the caller knows whether repeating it is safe; see
// [WithSendBefore] and [ErrNotSent] for what the caller can know about one that
// did not come back.
//
// The package does not decide what an answer means for a customer, keeps no
// state on disk (see [Memory] for what a caller should keep) and never puts a
// problem's free text, which may echo personal data, into an error's text.
package paxos
