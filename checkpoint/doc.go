// Package checkpoint keeps the records of all objects in a bbolt database, so
// that a run can be killed at any moment and the next one carries on.
//
// Most callers need [Open] and three methods of the [Store] it returns.
// [Store.Begin] has it decided what is due for an object and notes durably that
// a request is about to be sent. [Store.Commit] records the answer and
// tells the objects that waited for it. [Store.Observe] does the same for
// decisions that come by the events feed or a list sweep. All three return
// only when what they wrote is on the disk.
//
// How a write gets there: the caller hands a function to the one writer
// goroutine, which runs all functions that are queued in one bbolt transaction
// (data pages, fdatasync, meta page, fdatasync) and then answers them all.
// While the disk is busy the next group gathers, under load for a moment
// longer, so throughput grows with the load and a lone write waits for nobody.
//
// On disk: one bucket a kind (ref_id → record), the unfinished keys, the keys
// that are wanted before there is a record of them (→ who needs them), two
// indexes (Paxos identity id → ref_ids, hash of the CIP triple → ref_id), the inbox
// of announced events and a few settings. A record is MessagePack with a CRC-32C behind it, because bbolt's
// data pages carry no checksum; for the same reason [Open] walks all pages
// before bbolt does. A request that may still be needed is sealed
// with AES-256-GCM; fingerprints and CIP hashes are keyed. The key lives in a
// file of its own, so that the database alone says nothing about a person.
//
// Beside the database stand its key, a lock, and a manifest that tells a lost
// or exchanged database from a new one. The package knows nothing about when
// or why records change: package onboard does.
package checkpoint
