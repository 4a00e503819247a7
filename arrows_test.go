// Package embark_test holds what is true of the repository as a whole.
package embark_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows is a statement of policy: which of our packages each one may import.
// Imports point down, toward the nouns of Paxos, and only along these. A new
// arrow is a decision: argue for it in the commit that adds it here.
var arrows = map[string][]string{
	// The command line wires everything.
	"cmd/embark": {"checkpoint", "mapping", "onboard", "paxos", "paxossim", "pipeline", "report", "rules", "samples", "source"},
	// The run puts the parts together.
	"pipeline": {"checkpoint", "mapping", "onboard", "paxos", "report", "source"},
	// Records come to a report as an iterator, not from a database.
	"report":     {"mapping", "onboard"},
	"checkpoint": {"onboard"},
	// A row becomes a customer, whose nouns are Paxos's own.
	"mapping":  {"onboard", "paxos", "rules", "source"},
	"onboard":  {"paxos"},
	"paxossim": {"paxos"},
	"rules":    {"paxos"},
	// Measures from outside; it has tests only.
	"bench": {},
	// These stand alone.
	"paxos":   {},
	"source":  {},
	"samples": {},
}

// reasons tell what is lost when an arrow is turned round.
var reasons = map[string]string{
	"paxos":      "the client of the API can be used, and reviewed, without the rest",
	"paxossim":   "a simulator that shared code with the client would share its mistakes; it may use the types of paxos only",
	"onboard":    "the life of an object is decided without files, databases and goroutines, so that any engine can drive it",
	"source":     "reading files knows nothing of what is in them",
	"rules":      "what Paxos requires is data, which does not depend on where rows come from",
	"mapping":    "mapping is pure: same row, same customer, whatever the checkpoint holds",
	"checkpoint": "the store keeps facts; what they mean is for onboard to say",
	"report":     "a report is made of lines that it is given, and can be checked without a database",
	"pipeline":   "nothing below the command line may know of it",
	"samples":    "made-up customers must not be made by the code that judges them",
	"cmd/embark": "the command line is the top floor",
	"bench":      "what is measured must not be built for the measurement",
}

// homes are the only packages that may import a module of others', so that it
// can be replaced in one place.
var homes = map[string][]string{
	"go.etcd.io/bbolt":                {"checkpoint"},
	"github.com/tinylib/msgp":         {"onboard"},
	"github.com/go-json-experiment":   {"onboard", "paxos", "source"},
	"github.com/gocarina/gocsv":       {"mapping"},
	"golang.org/x/oauth2":             {"paxos"},
	"golang.org/x/time":               {"paxos"},
	"github.com/cenkalti/backoff":     {"paxos"},
	"github.com/spf13":                {"cmd/embark"},
	"github.com/vbauerster/mpb":       {"cmd/embark"},
	"github.com/goccy/go-yaml":        {"cmd/embark", "mapping"},
	"golang.org/x/term":               {"cmd/embark"},
	"github.com/google/uuid":          {"checkpoint", "cmd/embark", "mapping", "paxossim"},
	"github.com/google/renameio":      {"checkpoint", "cmd/embark", "paxossim", "report"},
	"golang.org/x/sys":                {"checkpoint", "cmd/embark", "paxossim", "pipeline", "source"},
	"golang.org/x/text":               {"mapping", "rules", "source"},
	"github.com/nyaruka/phonenumbers": {"mapping"},
	"github.com/klauspost/compress":   {"source"},
	"github.com/xuri/excelize":        {"source", "samples"},
	"github.com/agnivade/levenshtein": {"cmd/embark", "mapping"},
	"golang.org/x/sync":               {"pipeline", "source"},
	"github.com/getkin/kin-openapi":   {}, // tests only, as are these
	"github.com/google/go-cmp":        {},
	"github.com/rogpeppe":             {},
	"go.uber.org/goleak":              {},
	"pgregory.net/rapid":              {},
}

// pure packages reach no file, process or network.
var pure = []string{"mapping", "onboard", "rules"}

var impure = []string{"os", "os/exec", "net", "net/http", "syscall", "io/fs"}

func TestArrows(t *testing.T) {
	used := map[string]bool{}
	for _, i := range imports(t) {
		ours, isOurs := strings.CutPrefix(i.path, "embark/")
		switch {
		case isOurs && i.test:
			if !testMayUse(i.room, ours) {
				t.Errorf("%s: tests of %s must not import %s, which lies above it", i.file, i.room, ours)
			}
		case isOurs:
			used[i.room+" → "+ours] = true
			if !slices.Contains(arrows[i.room], ours) {
				t.Errorf("%s: %s must not import %s: %s", i.file, i.room, ours, reasons[i.room])
			}
		case !i.test && i.path == "net/http" && slices.Contains(pure, i.room) && namesOnly(i.file):
		case !i.test && slices.Contains(pure, i.room) && slices.Contains(impure, i.path):
			t.Errorf("%s: %s must not import %s: it is pure", i.file, i.room, i.path)
		case !i.test:
			if home := homeOf(i.path); home == nil && strings.Contains(i.path, ".") {
				t.Errorf("%s: %s has no home in this policy: say which package it is for", i.file, i.path)
			} else if home != nil && !slices.Contains(home, i.room) {
				t.Errorf("%s: %s must not import %s, which is for %q", i.file, i.room, i.path, home)
			}
		}
	}
	for room, allowed := range arrows {
		for _, other := range allowed {
			if !used[room+" → "+other] {
				t.Errorf("nothing uses the arrow %s → %s: take it off the policy", room, other)
			}
		}
	}
}

// testMayUse: a test may look at its own room, at those below and beside it,
// and use the simulator and the samples wherever it is.
func testMayUse(room, other string) bool {
	return room == other || room == "." || other == "samples" || other == "paxossim" || !reaches(other, room)
}

func reaches(from, to string) bool {
	return slices.ContainsFunc(arrows[from], func(next string) bool { return next == to || reaches(next, to) })
}

var httpNames = regexp.MustCompile(`\bhttp\.(\w+)`)

// namesOnly: a pure package may name a status or a method.
func namesOnly(file string) bool {
	text, err := os.ReadFile(file)
	for _, use := range httpNames.FindAllStringSubmatch(string(text), -1) {
		if !strings.HasPrefix(use[1], "Status") && !strings.HasPrefix(use[1], "Method") {
			return false
		}
	}
	return err == nil
}

func homeOf(path string) []string {
	for module, home := range homes {
		if path == module || strings.HasPrefix(path, module+"/") {
			return append([]string{}, home...)
		}
	}
	return nil
}

// imported is one import declaration.
type imported struct {
	room, file, path string
	test             bool
}

// imports reads those of all files, whatever their build tags.
func imports(t *testing.T) (all []imported) {
	t.Helper()
	rooms := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != "." && (strings.HasPrefix(name, ".") || name == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(name) != ".go" {
			return nil
		}
		room := filepath.ToSlash(filepath.Dir(path))
		if _, known := arrows[room]; !known && room != "." {
			t.Errorf("%s: the package %s is not in the policy", path, room)
			return nil
		}
		rooms[room] = true
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			target, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			all = append(all, imported{room: room, file: path, path: target, test: strings.HasSuffix(name, "_test.go")})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for room := range arrows {
		if !rooms[room] {
			t.Errorf("the package %s of the policy is not there", room)
		}
	}
	return all
}
