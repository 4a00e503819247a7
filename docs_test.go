package embark_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"embark/paxos"
)

// promised finds tests, benchmarks and fuzz targets by name, perhaps with their package
// before and a script behind.
var promised = regexp.MustCompile(`(?:\b(\w+)\.)?\b((?:Test|Benchmark|Fuzz)[A-Z]\w+)(?:/(\w+))?`)

// scripts are where the tests that run scripts find them.
var scripts = map[string]string{"TestScripts": "", "TestDoctor": "doctor", "TestVerify": "verify"}

// TestDocsNameTests: every test, benchmark, fuzz target and script that the documents
// promise exists, and in the package that they name.
func TestDocsNameTests(t *testing.T) {
	docs, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]string{}
	for _, path := range append(docs, "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "samples/README.md") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range promised.FindAllStringSubmatch(string(text), -1) {
			name, room, script := found[2], found[1], found[3]
			if room == "" {
				room = "."
			}
			if tests[room] == "" {
				tests[room] = testsIn(t, room)
			}
			if !strings.Contains(tests[room], "func "+name+"(") {
				t.Errorf("%s: got no %s in %s, want one", path, name, room)
			}
			if script == "" {
				continue
			}
			if _, err := os.Stat(filepath.Join("cmd/embark/testdata", scripts[name], script+".txtar")); err != nil {
				t.Errorf("%s: got no script %s, want one", path, found[0])
			}
		}
	}
}

// TestReadmeNamesOperations: the table of what is supported leaves out no
// operation that the client has.
func TestReadmeNamesOperations(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range paxos.Operations() {
		if !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("got no %s in the README, want it named", name)
		}
	}
}

// testsIn is the text of all tests in and below a folder.
func testsIn(t *testing.T, folder string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
