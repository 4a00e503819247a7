package pipeline

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"embark/onboard"
	"embark/paxos"
	"embark/paxossim"
	"embark/source"
)

// withDocuments adds a document to each row.
func (r *rig) withDocuments(path string) {
	r.t.Helper()
	lines := strings.SplitAfter(readInput(r), "\n")
	for i, line := range lines {
		switch line = strings.TrimRight(line, "\r\n"); {
		case line == "":
		case i == 0:
			lines[i] = line + ",documents\n"
		default:
			lines[i] = line + ",PROOF_OF_RESIDENCY+PROOF_OF_FUNDS=" + path + "\n"
		}
	}
	r.writeInput(strings.Join(lines, ""))
	if err := os.WriteFile(r.path("a.pdf"), []byte("%PDF-1.4\nmade up\n"), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// TestRunAsksForDocuments: what Paxos wants is asked for where no event says it,
// be the feed closed or the event long gone.
func TestRunAsksForDocuments(t *testing.T) {
	for name, o := range map[string]paxossim.Options{
		"without events":  {HighRisk: 1, ApproveAfter: time.Second, Scopes: []string{paxos.ScopeWriteIdentity, paxos.ScopeReadIdentity, paxos.ScopeWriteAccount, paxos.ScopeReadAccount}},
		"lost checkpoint": {HighRisk: 1, ApproveAfter: time.Second},
	} {
		bubble(t, name, func(t *testing.T) {
			r := newRig(t, 3, o)
			if name == "lost checkpoint" {
				r.expect(r.must(func(c *Config) { c.Wait = time.Minute }), map[onboard.Outcome]int{onboard.DocumentsNeeded: 3})
				time.Sleep(time.Hour)
				r.forget()
			}
			r.withDocuments("a.pdf")
			r.expect(r.must(nil), map[onboard.Outcome]int{wanted(name): 3})
			if n := r.sim.Stats().Objects.Documents; n != 3 {
				t.Errorf("got %d documents, want 3", n)
			}
		})
	}
}

func wanted(name string) onboard.Outcome {
	if name == "lost checkpoint" {
		return onboard.OutcomeAdopted
	}
	return onboard.Onboarded
}

// TestDocumentsAreFoundFromAnywhere: a path in the input is relative to the
// input, also for a run that carries on in another folder.
func TestDocumentsAreFoundFromAnywhere(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("in.csv", []byte("ref_id\nc1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := source.Open("in.csv", source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	folder, err := os.Getwd()
	if got, want := (Input{Files: []*source.File{f}}).beside(0, "a.pdf"), filepath.Join(folder, "a.pdf"); got != want || err != nil {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}
