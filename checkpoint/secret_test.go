package checkpoint

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"embark/onboard"
	"embark/paxos"
)

// noCanary fails if any file of the folder, a temporary one too, holds personal
// data in clear.
func noCanary(t *testing.T, folder, when string) {
	t.Helper()
	canaries := []string{"987-65-4320", "987654320", "Canaryfirst", "Canarylast", "1931-07-13", "Canary Wharf"}
	files := 0
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		files++
		for _, c := range canaries {
			if bytes.Contains(data, []byte(c)) {
				t.Errorf("%s: %s holds personal data", when, filepath.Base(path))
			}
		}
		return err
	})
	if err != nil || files < 4 {
		t.Errorf("%s: read %d files, %v, want at least 4", when, files, err)
	}
}

func TestNoPersonalDataOnDisk(t *testing.T) {
	path := newPath(t)
	folder := filepath.Dir(path)
	s := open(t, path)
	step := s.intend("c1")
	noCanary(t, folder, "intent")
	if r := s.one(step.Record.Key); !bytes.Contains(r.Request, []byte("Canarylast")) {
		t.Fatal("the canary is not in the request")
	}
	refusal := onboard.Answer{Err: &paxos.Error{Status: 400, Field: "cip_id"}, At: now}
	if _, _, err := s.Commit(ctx, step, refusal); err != nil {
		t.Fatal(err)
	}
	noCanary(t, folder, "refused")
	s.create("c2")
	noCanary(t, folder, "made")
	s.observe("id-c2", paxos.StatusApproved, time.Second)
	s.finish("c3")
	noCanary(t, folder, "done")
	s.shut()
	noCanary(t, folder, "closed")
}

// A sealed request is good for its own record only.
func TestSealedRequestMoved(t *testing.T) {
	s := open(t, newPath(t))
	sealed := s.keys.seal([]byte("request"), "identity/c1")
	if got, err := s.keys.unseal(sealed, "identity/c1"); err != nil || string(got) != "request" {
		t.Errorf("got %q, %v, want the request", got, err)
	}
	if _, err := s.keys.unseal(sealed, "identity/c2"); err == nil {
		t.Error("under another key: got no error, want one")
	}
	for _, damaged := range [][]byte{nil, sealed[:5], sealed[:len(sealed)-1]} {
		if _, err := s.keys.unseal(damaged, "identity/c1"); err == nil {
			t.Errorf("%d bytes: got no error, want one", len(damaged))
		}
	}
}

// Errors of the checkpoint are shown and logged: they name keys, never content.
func TestErrorsSayNothing(t *testing.T) {
	s := open(t, newPath(t))
	s.intend("c1")
	s.spoil(identityKey("c1"))
	defer s.mend(identityKey("c1"))
	_, err := s.Get(identityKey("c1"))
	if want := `read the checkpoint: the record "identity/c1" is damaged`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
