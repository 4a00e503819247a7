package checkpoint

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"embark/onboard"
)

// killEnv names the checkpoint to the process that is killed.
const killEnv = "EMBARK_TEST_KILL"

// commitForEver makes customers until it is killed, and prints each one when
// its commit was acknowledged.
func commitForEver(path string) {
	s, err := Open(Options{Path: path, Environment: "sandbox"})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	var print sync.Mutex
	for w := range 8 {
		go func() {
			for i := 0; ; i++ {
				ref := fmt.Sprintf("r%d-w%d-%d", s.Run(), w, i)
				identity, account := drafts(s, ref)
				step, granted, err := begin(s, identity, account)
				say(&print, "intent", ref, err, granted)
				_, _, err = s.Commit(ctx, step, made("id-"+ref))
				say(&print, "commit", ref, err, true)
			}
		}()
	}
	select {}
}

func say(mu *sync.Mutex, word, ref string, err error, ok bool) {
	mu.Lock()
	defer mu.Unlock()
	if err != nil || !ok {
		word = "error"
	}
	fmt.Println(word, ref, err)
}

// TestKill kills such a process at random moments, its first opening included:
// what it acknowledged is there, and an open intent never hides an answer.
func TestKill(t *testing.T) {
	kills := 100
	if testing.Short() {
		kills = 10
	}
	path := newPath(t)
	acknowledged := 0
	for range kills {
		said := killOnce(t, path, time.Duration(rand.IntN(60))*time.Millisecond)
		s := open(t, path)
		for ref, word := range said {
			checkSurvivor(t, s, ref, word)
		}
		acknowledged += len(said)
		if t.Failed() {
			return
		}
		s.once.Do(func() { _ = s.Close() })
	}
	open(t, path).shut() // verifies all of it
	t.Logf("%d kills, %d customers acknowledged", kills, acknowledged)
	if acknowledged < kills {
		t.Errorf("got %d acknowledged, want more than %d", acknowledged, kills)
	}
}

func checkSurvivor(t *testing.T, s *testStore, ref, word string) {
	t.Helper()
	r := s.one(identityKey(ref))
	switch {
	case word == "error":
		t.Errorf("%s: got an error, want none", ref)
	case word == "commit" && (r.ID != "id-"+ref || r.Intent != nil):
		t.Errorf("%s: got id %q, intent %v, want the answer that was acknowledged", ref, r.ID, r.Intent)
	case r.ID == "" && (r.State() != onboard.Sent || len(r.Request) == 0):
		t.Errorf("%s: got %s, want the intent that was acknowledged", ref, r.State())
	}
}

// killOnce runs the process for a while after its first word, at most, and
// returns its last word about each customer.
func killOnce(t *testing.T, path string, after time.Duration) map[string]string {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), killEnv+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(20*time.Millisecond+after, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	said := map[string]string{}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if words := strings.Fields(lines.Text()); len(words) == 3 { // the last line may be cut
			said[words[1]] = words[0]
		}
	}
	_ = cmd.Wait()
	return said
}
