package samples

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"embark/mapping"
	"embark/onboard"
	"embark/rules"
	"embark/source"
)

var update = flag.Bool("update", false, "write the files of this folder anew")

var files = map[string]func(io.Writer) error{
	"customers.csv":    writeCustomers,
	"small.csv":        writeSmall,
	"documented.csv":   writeDocumented,
	"institutions.csv": writeInstitutions,
	"joint.csv":        writeJoint,
	"fiat.csv":         writeFiat,
	"banks.csv":        writeBanks,
	"documents.csv":    writeDocuments,
	"orders.csv":       writeOrders,
}

// TestFilesAreAsGenerated keeps the checked-in files and this code together.
func TestFilesAreAsGenerated(t *testing.T) {
	for name, write := range files {
		var want bytes.Buffer
		if err := write(&want); err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(name, want.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s is not as generated; write it anew with go test ./samples -update", name)
		}
	}
}

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func mapFile(t *testing.T, name string) []mapping.Result {
	t.Helper()
	f, err := source.Open(name, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := mapping.New(f.Header(), mapping.Options{Now: now, MadeUp: true})
	if err != nil {
		t.Fatal(err)
	}
	var rows []source.Row
	for row, err := range f.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return m.Map(rows)
}

// TestCleanFiles holds the files that are said to be clean to it.
func TestCleanFiles(t *testing.T) {
	for name, want := range map[string]int{"small.csv": 12, "documented.csv": 2, "institutions.csv": 14, "joint.csv": 8, "fiat.csv": 8,
		"documents.csv": 4, "orders.csv": 8} {
		results := mapFile(t, name)
		if len(results) != want {
			t.Errorf("%s: got %d rows, want %d", name, len(results), want)
		}
		for _, r := range results {
			if len(r.Findings) > 0 && r.Findings[0].Rule != "adviser_approval" { // one adviser, who is warned of
				t.Errorf("%s line %d: got findings %v, want none", name, r.Row.Line, r.Findings)
			}
		}
	}
}

// TestMembersAreRows: whoever is named as a member has a row in the same file.
func TestMembersAreRows(t *testing.T) {
	for _, name := range []string{"institutions.csv", "joint.csv"} {
		rows, named := map[string]bool{}, 0
		for _, r := range mapFile(t, name) {
			rows[r.Customer.RefID] = true
		}
		for _, r := range mapFile(t, name) {
			for _, m := range slices.Concat(r.Customer.Members, r.Customer.AccountMembers) {
				named++
				if !rows[m.RefID] {
					t.Errorf("%s line %d: %s has no row", name, r.Row.Line, m.RefID)
				}
			}
		}
		if named < 5 {
			t.Errorf("%s: got %d members", name, named)
		}
	}
}

// TestFilesGoTogether: no two files have a customer or document in common.
func TestFilesGoTogether(t *testing.T) {
	owners := map[string]string{}
	for name := range files {
		if name == "banks.csv" || name == "customers.csv" { // others' customers; duplicates on purpose
			continue
		}
		own := map[string]bool{}
		for _, r := range mapFile(t, name) {
			own[r.Customer.RefID], own[mapping.CIP(r.Customer)] = true, true
		}
		for key := range own {
			if owners[key] != "" {
				t.Errorf("%s and %s have a customer in common", owners[key], name)
			}
			owners[key] = name
		}
	}
}

// TestBanks joins banks.csv with small.csv.
func TestBanks(t *testing.T) {
	customers := map[string]*onboard.Customer{}
	for _, r := range mapFile(t, "small.csv") {
		customers[r.Customer.RefID] = r.Customer
	}
	f, err := source.Open("banks.csv", source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := mapping.NewBank(f.Header(), mapping.Options{Now: now, MadeUp: true})
	if err != nil {
		t.Fatal(err)
	}
	joined := 0
	for row := range f.Rows() {
		b := m.Map([]source.Row{row})[0]
		if c := customers[b.RefID]; c == nil || len(b.Findings) > 0 || b.Join(c) != nil {
			t.Errorf("line %d: got findings %v, customer %v", row.Line, b.Findings, c != nil)
		}
		joined++
	}
	if joined != 3 {
		t.Errorf("got %d bank accounts, want 3", joined)
	}
}

// TestDocumentsAreThere: the files that documents.csv names are of their kind.
func TestDocumentsAreThere(t *testing.T) {
	for _, r := range mapFile(t, "documents.csv") {
		for _, d := range r.Customer.Documents {
			text, err := os.ReadFile(d.Path)
			kind := map[string]string{".pdf": "%PDF-", ".png": "\x89PNG"}[filepath.Ext(d.Path)]
			if err != nil || !strings.HasPrefix(string(text), kind) || len(text) > 4096 {
				t.Errorf("%s: got %d bytes, %v, want a small %q", d.Path, len(text), err, kind)
			}
		}
	}
}

// TestFaults finds in customers.csv what Faults tells, and nothing else.
func TestFaults(t *testing.T) {
	want := map[int]string{951: "address.address1 po_box"} // a warning
	for _, f := range Faults() {
		if !ofRun(f.Rule) {
			want[f.Row+1] = f.Column + " " + f.Rule
		}
	}
	rejected := 0
	results := mapFile(t, "customers.csv")
	for _, r := range results {
		var got []string
		for _, f := range r.Findings {
			got = append(got, f.Column+" "+f.Rule)
		}
		if got := strings.Join(got, ", "); got != want[r.Row.Line] {
			t.Errorf("line %d: got %q, want %q", r.Row.Line, got, want[r.Row.Line])
		}
		if r.Customer == nil {
			rejected++
		}
	}
	if len(results) != customers || rejected != 12 {
		t.Errorf("got %d rows, %d rejected by mapping; want %d and 12", len(results), rejected, customers)
	}
}

func ofRun(rule string) bool {
	return rule == "repeated" || strings.HasPrefix(rule, "duplicate_")
}

// TestDuplicates checks the faults that only several rows together show.
func TestDuplicates(t *testing.T) {
	refs, cips := map[string][]int{}, map[string][]int{}
	for _, r := range mapFile(t, "customers.csv") {
		if c := r.Customer; c != nil {
			refs[c.RefID] = append(refs[c.RefID], r.Row.Line-1)
			cips[mapping.CIP(c)] = append(cips[mapping.CIP(c)], r.Row.Line-1)
		}
	}
	got := fmt.Sprint(twice(refs), twice(cips))
	if want := "[400 401 459 460] [459 460 523 524]"; got != want {
		t.Errorf("rows that share ref_id and CIP: got %s, want %s", got, want)
	}
}

func twice(rows map[string][]int) []int {
	var n [customers + 1]bool
	for _, list := range rows {
		if len(list) > 1 {
			for _, i := range list {
				n[i] = true
			}
		}
	}
	var out []int
	for i, yes := range n {
		if yes {
			out = append(out, i)
		}
	}
	return out
}

// TestReadmeListsFaults keeps README.md true.
func TestReadmeListsFaults(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Faults() {
		line := fmt.Sprintf("| %d | %s | %s | %s | %s |", f.Row+1, f.RefID, f.Column, f.Rule, f.About)
		if !strings.Contains(string(text), line) {
			t.Errorf("README.md does not have the line\n%s", line)
		}
	}
}

// TestWriteIsDeterministic checks that more persons only add to the end.
func TestWriteIsDeterministic(t *testing.T) {
	var few, many bytes.Buffer
	if err := Write(&few, 50, 7); err != nil {
		t.Fatal(err)
	}
	if err := Write(&many, 60, 7); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(many.Bytes(), few.Bytes()) {
		t.Error("60 persons do not begin with the 50 of the same seed")
	}
}

// TestNumbersAreDistinctAndMadeUp looks at a stretch of SSNs for several seeds.
func TestNumbersAreDistinctAndMadeUp(t *testing.T) {
	const many = 200_000
	for seed := range uint64(3) {
		m, seen := newMaker(seed), make(map[string]bool, many)
		for n := range many {
			ssn := m.ssn(n)
			if seen[ssn] {
				t.Fatalf("seed %d: number %d comes twice", seed, n)
			}
			seen[ssn] = true
			if ssn[0] != '9' || ssn[4:6] < "01" || ssn[4:6] > "49" || ssn[7:] == "0000" {
				t.Fatalf("seed %d: number %d is outside the made-up block", seed, n)
			}
		}
	}
}

// TestStrideVisitsAll: without a common divisor no number comes twice in a round.
func TestStrideVisitsAll(t *testing.T) {
	a, b := stride, numbers
	for b != 0 {
		a, b = b, a%b
	}
	if a != 1 {
		t.Errorf("stride and numbers have the common divisor %d", a)
	}
}

// TestProductionRefusesSamples: made-up numbers must not slip through.
func TestProductionRefusesSamples(t *testing.T) {
	f, err := source.Open("small.csv", source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := mapping.New(f.Header(), mapping.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	for row := range f.Rows() {
		r := m.Map([]source.Row{row})[0]
		if r.Customer != nil || len(r.Findings) != 1 || r.Findings[0].Rule != "ssn_made_up" || r.Findings[0].Severity != rules.Error {
			t.Errorf("line %d: got %v, want ssn_made_up", row.Line, r.Findings)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	for b.Loop() {
		if err := Write(io.Discard, 1000, 1); err != nil {
			b.Fatal(err)
		}
	}
}
