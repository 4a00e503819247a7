package main

import (
	"bytes"
	"encoding/csv"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"embark/paxossim"
	"embark/report"
)

// TestNothingPersonalGetsOut searches all that a run leaves behind and prints
// for the people of the sample and for the credentials: standard output and
// error, reports but for rejected.csv (which is there to be corrected), the
// checkpoint, status.json, and what the simulator keeps. It looks twice: once
// while sealed requests are in the checkpoint, because answers were lost and
// nothing was awaited, and once when all is done.
func TestNothingPersonalGetsOut(t *testing.T) {
	t.Parallel()
	lookEverywhere(t, "customers.csv", 10, 0.02, "run", "--limit", "200")
}

// TestNothingOfAllKindsGetsOut does so for bank accounts, institutions and
// documents.
func TestNothingOfAllKindsGetsOut(t *testing.T) {
	t.Parallel()
	for sample, perRow := range map[string]int{"fiat.csv": 10, "institutions.csv": 6, "documents.csv": 10, "orders.csv": 10, "joint.csv": 10} {
		t.Run(sample, func(t *testing.T) {
			t.Parallel()
			lookEverywhere(t, sample, perRow, 0, "run", "--orders", "--sandbox-fund")
		})
	}
}

// lookEverywhere onboards a sample, with at least so many secrets a row.
func lookEverywhere(t *testing.T, name string, perRow int, denied float64, run ...string) {
	t.Helper()
	const clientID, clientSecret = "client-of-the-test", "secret-of-the-test-1b7f"
	sample, err := filepath.Abs("../../samples/" + name)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	sim, err := paxossim.New(paxossim.Options{Seed: 3, ClientID: clientID, ClientSecret: clientSecret, StatePath: filepath.Join(dir, "simulator"),
		ApproveAfter: 20 * time.Millisecond, Denied: denied, HighRisk: 0.3, FiatRejected: 0.2, FiatNested: true, Faults: paxossim.Faults{DropAfter: 0.05, ErrorAfter: 0.05, Garbage: 0.05}})
	if err != nil {
		t.Fatal(err)
	}
	defer sim.Close()
	tokens := &tokenCatcher{next: sim, seen: map[string]bool{}}
	server := httptest.NewServer(tokens)
	defer server.Close()

	config := filepath.Join(dir, "embark.yaml")
	if err := os.WriteFile(config, []byte("limits: {token: 1000, identity: 5000, other: 5000, share: 1}\nsettle: 100ms\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	env := &environment{stdin: strings.NewReader(""), stdout: &out, stderr: &out, getenv: func(name string) string {
		return map[string]string{"PAXOS_CLIENT_ID": clientID, "PAXOS_CLIENT_SECRET": clientSecret, "EMBARK_CONFIG": config,
			"EMBARK_CHECKPOINT": filepath.Join(dir, "embark.db"), "EMBARK_REPORT": filepath.Join(dir, "report"),
			"EMBARK_API_URL": server.URL + "/v2", "EMBARK_TOKEN_URL": server.URL + "/oauth2/token", "EMBARK_PROGRESS": "plain"}[name]
	}}
	secrets := append(personal(t, sample, perRow), clientSecret)
	look := func(when string, commands ...[]string) {
		t.Helper()
		for _, args := range commands {
			if code := env.run(t.Context(), args); code != exitRows && code != exitOK && code != exitWaiting {
				t.Fatalf("embark %v: exit %d\n%s", args, code, out.Bytes())
			}
		}
		search(t, when, dir, out.Bytes(), append(tokens.all(), secrets...))
	}
	look("before", []string{"validate", sample}, []string{"validate", "--output", "json", sample}, []string{"run", "--dry-run", sample})
	look("on the way", append(run, "--wait", "0", sample), []string{"status"})
	look("at the end", append(run, "--wait", "5s", sample), []string{"run", "--wait", "0", "--output", "json", sample}, []string{"status", "--output", "json"},
		[]string{"report", "--verify"}, []string{"run", "--dry-run", sample})
	text := read(t, sample)
	if strings.NewReplacer(pairs(secrets)...).Replace(text) == text {
		t.Error("got nothing personal in the sample: the search finds nothing")
	}
	if len(tokens.all()) == 0 {
		t.Error("got no token to look for")
	}
}

// tokenCatcher remembers the bearer tokens that were used.
type tokenCatcher struct {
	next http.Handler
	mu   sync.Mutex
	seen map[string]bool
}

func (c *tokenCatcher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		c.mu.Lock()
		c.seen[token] = true
		c.mu.Unlock()
	}
	c.next.ServeHTTP(w, r)
}

func (c *tokenCatcher) all() (tokens []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for token := range c.seen {
		tokens = append(tokens, token)
	}
	return tokens
}

var personalColumns = []string{"cip_id", "tax_payer_id", "email", "phone_number", "address.address1", "date_of_birth",
	"name", "business_address.address1", "documents",
	"fiat_account.account_number", "fiat_account.wallet_address", "fiat_account.cubix_account_id", "fiat_account.owner.name", "fiat_account.owner_address.address1"}

// personal lists what nobody may see of the people in a file: numbers of
// identity documents, with hyphens and without, e-mail addresses, phone
// numbers, streets, dates of birth, and full names as they would stand in CSV,
// JSON or prose.
func personal(t *testing.T, path string, perRow int) (secrets []string) {
	t.Helper()
	rows, err := csvRows(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, column := range personalColumns {
			if v := row[column]; len(v) >= 8 {
				secrets = append(secrets, v)
				if bare := strings.NewReplacer("-", "", " ", "", "+", "").Replace(v); column != "date_of_birth" && len(bare) >= 8 {
					secrets = append(secrets, bare)
				}
			}
		}
		for item := range strings.SplitSeq(row["documents"], "|") {
			if _, path, ok := strings.Cut(item, "="); ok {
				secrets = append(secrets, path)
			}
		}
		if first, last := row["first_name"], row["last_name"]; first != "" && last != "" {
			for _, between := range []string{" ", ",", ", "} {
				secrets = append(secrets, first+between+last, last+between+first)
			}
			secrets = append(secrets, `"last_name":"`+last+`"`)
		}
	}
	if len(secrets) < perRow*len(rows) {
		t.Fatalf("got %d strings to look for in %d rows", len(secrets), len(rows))
	}
	return secrets
}

func csvRows(path string) (rows []map[string]string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	header, err := r.Read()
	for err == nil {
		var cells []string
		if cells, err = r.Read(); err == nil {
			row := map[string]string{}
			for i, cell := range cells {
				row[header[i]] = cell
			}
			rows = append(rows, row)
		}
	}
	if err == io.EOF {
		err = nil
	}
	return rows, err
}

// search fails for each place in which a secret is found; it tells the kind of
// place, not the secret.
func search(t *testing.T, when, dir string, printed []byte, secrets []string) {
	t.Helper()
	finder := strings.NewReplacer(pairs(secrets)...)
	check := func(place string, data []byte) {
		if text := byChance.ReplaceAllString(string(data), "~"); finder.Replace(text) != text {
			at := strings.Index(finder.Replace(text), found)
			t.Errorf("%s: %s holds personal data or a credential, at byte %d", when, place, at)
		}
	}
	check("the output", printed)
	places := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Type()&fs.ModeSymlink != 0 || d.Name() == report.RejectedFile {
			return err
		}
		data, err := os.ReadFile(path)
		check(d.Name(), data)
		places++
		return err
	})
	if err != nil || places == 0 {
		t.Errorf("%s: got %d files, %v", when, places, err)
	}
}

// byChance are fractions of a second and the ends of ids: nine digits of either are
// one of the sample's thousand SSNs once in a million, and a run writes thousands.
var byChance = regexp.MustCompile(`(T\d\d:\d\d:\d\d)\.\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

const found = "\x00found\x00"

func pairs(secrets []string) (all []string) {
	for _, s := range secrets {
		all = append(all, s, found)
	}
	return all
}
