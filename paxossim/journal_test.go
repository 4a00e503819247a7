package paxossim

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"embark/paxos"
)

// reopen opens the journal again without closing it before, as after a kill.
func reopen(t *testing.T, o Options) (*Simulator, *tester) {
	t.Helper()
	sim := newSim(t, o)
	return sim, newTester(t, sim)
}

func TestJournalSurvivesAKill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := Options{Seed: 9, StatePath: filepath.Join(t.TempDir(), "state"), ApproveAfter: time.Minute, Denied: 0.3,
			Faults: Faults{RepeatEvents: 0.5}}
		first, c := reopen(t, o)
		var owner paxos.Identity
		for n := range 10 {
			owner = c.createIdentity(customer(n))
		}
		time.Sleep(2 * time.Minute)
		account := c.createAccount(accountOf(owner.ID, "a"))
		c.createIdentity(customer(10)) // undecided at the kill
		want, wantEvents := first.Stats(), get[eventPage](c, "/events")

		second, c := reopen(t, o)
		got := second.Stats()
		if diff := cmp.Diff(want.Objects, got.Objects); diff != "" {
			t.Errorf("objects (-before +after):\n%s", diff)
		}
		if diff := cmp.Diff(want.Statuses, got.Statuses); diff != "" {
			t.Errorf("statuses (-before +after):\n%s", diff)
		}
		if diff := cmp.Diff(wantEvents, get[eventPage](c, "/events")); diff != "" {
			t.Errorf("events (-before +after):\n%s", diff)
		}
		if diff := cmp.Diff(account.ProfileID, get[paxos.Account](c, "/identity/accounts/"+account.ID).ProfileID); diff != "" {
			t.Errorf("profile (-before +after):\n%s", diff)
		}
		c.call(409, "POST", "/identity/identities", customer(1))
		full := get[paxos.Identity](c, "/identity/identities/"+owner.ID+"?include_details=true")
		if full.PersonDetails == nil || full.PersonDetails.CIPID != customer(9).PersonDetails.CIPID {
			t.Error("the details did not survive")
		}
		time.Sleep(time.Minute)
		if n := second.Stats().Statuses["PENDING"]; n != 0 {
			t.Errorf("got %d pending, want the decision to come due after the reload", n)
		}
	})
}

func TestJournalIsSealed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	_, c := reopen(t, Options{StatePath: path})
	c.createIdentity(customer(1))
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Example", "987-65", "cust-0", "identity"} {
		if bytes.Contains(text, []byte(secret)) {
			t.Errorf("the journal holds %q in clear", secret)
		}
	}
	for _, name := range []string{path, path + ".key"} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("got %v %v, want mode 0600", info.Mode(), err)
		}
	}
}

func TestTornLastLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	_, c := reopen(t, Options{StatePath: path})
	c.createIdentity(customer(1))
	text, _ := os.ReadFile(path)
	os.WriteFile(path, append(text, text[:40]...), 0o600) // the beginning of a line

	sim, c := reopen(t, Options{StatePath: path})
	if n := sim.Stats().Objects.Identities; n != 1 {
		t.Errorf("got %d identities, want 1", n)
	}
	c.createIdentity(customer(2))
	if again, _ := reopen(t, Options{StatePath: path}); again.Stats().Objects.Identities != 2 {
		t.Error("what was written after the torn line is lost")
	}
}

func TestJournalThatCannotBeRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	_, c := reopen(t, Options{StatePath: path})
	c.createIdentity(customer(1))
	whole, _ := os.ReadFile(path)
	key, _ := os.ReadFile(path + ".key")
	damaged := bytes.Clone(whole)
	damaged[30] ^= 1
	lines := bytes.SplitAfter(whole, []byte("\n"))
	for name, tt := range map[string]struct{ journal, key []byte }{
		"damaged":   {damaged, key},
		"moved":     {append(bytes.Clone(lines[0]), lines[0]...), key},
		"other key": {whole, []byte(strings.Repeat("00", 32))},
		"no key":    {whole, nil},
		"bad key":   {whole, []byte("xyz")},
	} {
		os.WriteFile(path, tt.journal, 0o600)
		os.WriteFile(path+".key", tt.key, 0o600)
		if tt.key == nil {
			os.Remove(path + ".key")
		}
		if _, err := New(Options{StatePath: path}); err == nil {
			t.Errorf("%s: opened, want an error", name)
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(after, tt.journal) {
			t.Errorf("%s: the journal was changed", name)
		}
	}
}

// A change that cannot be written is not confirmed.
func TestJournalThatCannotBeWritten(t *testing.T) {
	sim, err := New(Options{StatePath: filepath.Join(t.TempDir(), "state")})
	if err != nil {
		t.Fatal(err)
	}
	c := newTester(t, sim)
	sim.Close()
	c.call(500, "POST", "/identity/identities", customer(1))
	c.call(500, "GET", "/events", nil)
}

// No output of the simulator for outsiders holds personal data.
func TestWatchingShowsNoPersonalData(t *testing.T) {
	sim := newSim(t, Options{})
	c := newTester(t, sim)
	made := c.createIdentity(customer(1))
	c.createAccount(accountOf(made.ID, "a"))
	for path, want := range map[string]string{
		"stats":      `"objects":{"identities":1,"accounts":1,"profiles":1,"events":1`,
		"identities": `{"id":"` + made.ID + `","ref_id":"cust-000001","type":"PERSON","status":"APPROVED"}` + "\n",
		"accounts":   `"ref_id":"a","identity_id":"` + made.ID + `","profile_id":"`,
	} {
		w := httptest.NewRecorder()
		sim.ServeHTTP(w, httptest.NewRequest("GET", "/_simulator/"+path, nil))
		body := w.Body.String()
		if w.Code != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: got %d %s, want %s", path, w.Code, body, want)
		}
		for _, secret := range []string{"Ada", "Example", "987-65", "9 Sample Rd", "1985"} {
			if strings.Contains(body, secret) {
				t.Errorf("%s shows %q", path, secret)
			}
		}
	}
	if n := sim.Stats().Requests["Unknown"]; n != 0 {
		t.Errorf("watching was counted: %d", n)
	}
}

func TestStatsNames(t *testing.T) {
	text, _ := json.Marshal(newSim(t, Options{Seed: 3}).Stats())
	want := `{"seed":3,"objects":{"identities":0,"accounts":0,"profiles":0,"events":0,` +
		`"fiat_accounts":0,"deposit_instructions":0,"orders":0,"sandbox_deposits":0},"statuses":{},"requests":{},` +
		`"refusals":{},"faults":{},"lockouts":0,"peak_averages":{"token":0,"identity":0,"other":0},` +
		`"duplicates":{"identities_per_ref_id":0,"accounts_per_identity":0,` +
		`"fiat_accounts_per_ref_id":0,"deposits_per_profile":0}}`
	if string(text) != want {
		t.Errorf("got %s\nwant %s", text, want)
	}
}
