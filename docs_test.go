package embark_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDocsNameTests: every test or benchmark that the documents promise exists.
func TestDocsNameTests(t *testing.T) {
	tests := allTests(t)
	for _, path := range []string{"README.md", "ARCHITECTURE.md", "docs/performance.md"} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`\b(Test|Benchmark)[A-Z]\w+`).FindAllString(string(text), -1) {
			if !strings.Contains(tests, "func "+name+"(") {
				t.Errorf("%s: got no %s in the tree, want one", path, name)
			}
		}
	}
}

func allTests(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
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
