// Package pipeline is the run: it reads, dispatches, waits and drains, and
// decides nothing about a customer.
//
// Most callers need [Run], and [Check] for a look at the files alone; [Verify]
// holds a checkpoint against Paxos. A run is
//
//	1  pass one: map every row, find duplicates and circles of members, sum up the
//	   orders, weigh against the checkpoint
//	2  note the server's time as the place in the events feed
//	3  pass two, several objects at once, each through the spine:
//	       step := store.Begin(onboard.Next)      // what is due, if anything; the intent of a create is durable
//	       answer := step.Do(ctx, api)            // the only line that writes at Paxos
//	       store.Commit(step, answer)             // onboard.Apply, group commit; only now is it done
//	4  at the same time the feed brings decisions; accounts and whatever hangs on
//	   them go ahead of new identities when they become ready. Bank accounts and
//	   orders, which no event tells of, are read now and then
//	5  wait until nothing is undecided, or long enough; ask why the rest is stuck
//	6  the report, and the proof that it adds up
//
// Goroutines: one reader of rows, one reader of the checkpoint's unfinished
// objects, one feed, one that works on announced events and one that serves the
// webhook, where there is one, one that tells how things stand, and one for
// each object in flight; all in one errgroup, which [Run] waits for. The
// dispatcher alone decides what comes next.
//
// A row that fails is an outcome. Errors are for what must stop the run: a
// broken store, refused credentials, too many refusals, Paxos out of reach,
// cancellation. On cancellation nothing new is taken, what is in flight gets
// ten seconds, and the report is written all the same.
package pipeline
