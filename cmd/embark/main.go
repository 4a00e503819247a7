// Command embark brings a brokerage's customers from files to the Paxos
// platform: identities, accounts with their members, bank accounts, documents and
// first orders. It validates the files, makes everything once, carries on where it
// was killed, and accounts for every row. Run "embark help" for the commands; exit
// codes are in exit.go.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"golang.org/x/sys/unix"
)

func main() {
	unix.Umask(0o077)                                          // whatever we write is ours alone
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{Cur: 0}) // a core dump would hold personal data
	collectSeldom()
	log.SetOutput(io.Discard) // net/http logs what a broken answer holds
	os.Exit(realMain())
}

// collectSeldom lets the heap, which is small, grow to five times what lives in
// it before it is collected, which saves about an eighth of the CPU. GOGC goes before.
func collectSeldom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}

// boundMemory makes collections more frequent towards 256 MiB, several times
// what lives in the heap of a run. It is not for processes that hold a whole
// simulator. GOMEMLIMIT goes before.
func boundMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(256 << 20)
	}
}

// realMain turns the first SIGINT or SIGTERM into a cancelled context, which
// lets a run land, and the second into an exit on the spot.
func realMain() int {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	signal.Ignore(syscall.SIGHUP, syscall.SIGPIPE) // a lost terminal must not end a run
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		first := <-signals
		cancel(interrupted{first.(syscall.Signal)})
		second := <-signals
		os.Exit(exitOfSignal(second.(syscall.Signal)))
	}()
	env := &environment{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv}
	return env.run(ctx, os.Args[1:])
}

// interrupted is the cause of a context that a signal cancelled.
type interrupted struct{ signal syscall.Signal }

func (i interrupted) Error() string { return "stopped by " + unix.SignalName(i.signal) }
