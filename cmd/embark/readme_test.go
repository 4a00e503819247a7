package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

// TestReadme runs the commands of the README and of docs/mapping.md that need neither Paxos nor a
// second terminal, in their order and in one folder, as a reader would. The
// embark on the path is the one that testscript.Main has put there.
func TestReadme(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(root, "samples"), filepath.Join(dir, "samples")); err != nil {
		t.Fatal(err)
	}
	ran := 0
	makefile := read(t, filepath.Join(root, "Makefile"))
	text := read(t, filepath.Join(root, "README.md")) + read(t, filepath.Join(root, "docs/mapping.md"))
	for _, command := range codeLines(text) {
		if target, ok := strings.CutPrefix(command, "make "); ok {
			if target = strings.Fields(target)[0]; !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(target) + `:`).MatchString(makefile) {
				t.Errorf("%s: the Makefile has no such target", command)
			}
			continue
		}
		if !offline(command) {
			continue
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		shell := exec.CommandContext(ctx, "sh", "-c", command)
		shell.Dir = dir
		out, err := shell.CombinedOutput()
		cancel()
		ran++
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != exitRows) { // the samples have faulty rows on purpose
			t.Errorf("%s: %v\n%s", command, err, out)
		}
	}
	if ran == 0 {
		t.Error("got no command to run in the README")
	}
}

// TestReadmeNamesFlags: the table of flags leaves out none of embark run, and
// the example of a config file none of the keys that have no flag.
func TestReadmeNamesFlags(t *testing.T) {
	text := read(t, "../../README.md")
	run, _, err := (&environment{}).root().Find([]string{"run"})
	if err != nil {
		t.Fatal(err)
	}
	run.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "help" && !strings.Contains(text, "`--"+f.Name+"`") {
			t.Errorf("got no --%s in the README, want it named", f.Name)
		}
	})
	for _, key := range []string{"limits", "settle", "silence", "client_id_file", "client_secret_file", "signing_key_id", "signing_key_file", "webhook", "mappings"} {
		if !strings.Contains(text, "\n    "+key+": ") {
			t.Errorf("got no key %s in the README, want it shown", key)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// codeLines are the commands in code blocks, fenced or indented, without
// prompt and comment.
func codeLines(text string) (commands []string) {
	fenced := false
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "```") {
			fenced = !fenced
			continue
		}
		if !fenced && !strings.HasPrefix(line, "    ") && !strings.HasPrefix(line, "\t") {
			continue
		}
		command, _, _ := strings.Cut(strings.TrimPrefix(trimmed, "$ "), " #")
		command = strings.TrimPrefix(strings.TrimSpace(command), "./")
		if strings.HasPrefix(command, "embark ") || strings.HasPrefix(command, "make ") {
			commands = append(commands, command)
		}
	}
	return commands
}

// offline tells whether a command can run here: lines of an option list, and
// whatever talks to a real server or serves, cannot.
func offline(command string) bool {
	fields := strings.Fields(command)
	if strings.ContainsAny(command, "[…<") || strings.Contains(command, "...") || strings.Contains(command, "--api-url") ||
		fields[1] == "simulator" || strings.HasSuffix(command, "&") {
		return false
	}
	return fields[1] != "run" || strings.Contains(command, "--simulate") || strings.Contains(command, "--dry-run")
}

func TestCodeLines(t *testing.T) {
	text := "text embark run\n\n    embark run --simulate a.csv   # comment\n    other\n```sh\n$ ./embark version\nmake demo\n```\nembark status\n"
	got := strings.Join(codeLines(text), "|")
	if want := "embark run --simulate a.csv|embark version|make demo"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
