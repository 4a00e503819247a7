package report

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"embark/onboard"
)

func TestProof(t *testing.T) {
	tests := []struct {
		name string
		edit func(*Summary)
		want bool
	}{
		{"adds up", func(*Summary) {}, true},
		{"a row was read and not written", func(s *Summary) { s.Proof.RowsRead++ }, false},
		{"a row was written and not read", func(s *Summary) { s.Proof.RowsRead-- }, false},
		{"a record too few", func(s *Summary) { s.Proof.Records++ }, false},
		{"a record too many", func(s *Summary) { s.Records[onboard.KindAccount][onboard.InDoubt]++ }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := summary(sample())
			tt.edit(s)
			path, err := Write(t.TempDir(), s, each(sample(), nil))
			if err != nil {
				t.Fatal(err)
			}
			for what, err := range map[string]error{"check": s.Check(), "verify": Verify(path, s)} {
				if got := !errors.Is(err, ErrProof); got != tt.want {
					t.Errorf("%s: got %v, want that it holds: %t", what, err, tt.want)
				}
			}
			if s.Proof.Holds != tt.want {
				t.Errorf("got %t in the summary, want %t", s.Proof.Holds, tt.want)
			}
		})
	}
}

func TestVerifyFindsDoctoredResults(t *testing.T) {
	tests := []struct {
		name   string
		doctor func(text string) string
	}{
		{"line removed", func(s string) string { return s[:strings.LastIndex(strings.TrimSpace(s), "\n")+1] }},
		{"line repeated", func(s string) string { return s + lastLine(s) }},
		{"outcome improved", func(s string) string { return strings.Replace(s, ",pending,", ",onboarded,", 1) }},
		{"outcome made up", func(s string) string { return strings.Replace(s, ",pending,", ",splendid,", 1) }},
		{"line of a made-up outcome", func(s string) string { return s + strings.Replace(lastLine(s), ",onboarded,", ",splendid,", 1) }},
		{"origin changed", func(s string) string { return strings.Replace(s, "checkpoint,", "input,", 1) }},
		{"column removed", func(s string) string { return strings.Replace(s, "origin,", "", 1) }},
		{"cut off", func(s string) string { return s[:len(s)-20] }},
		{"emptied", func(string) string { return "" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path, s := written(t, t.TempDir(), sample())
			if err := Verify(path, s); err != nil {
				t.Fatalf("before: got %v, want none", err)
			}
			file := filepath.Join(path, ResultsFile)
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(tt.doctor(string(data))), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := Verify(path, s); err == nil {
				t.Error("got no error, want one")
			}
		})
	}
}

func lastLine(s string) string {
	s = strings.TrimSuffix(s, "\n")
	return s[strings.LastIndex(s, "\n")+1:] + "\n"
}

func TestVerifyOfNothing(t *testing.T) {
	if err := Verify(t.TempDir(), &Summary{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %v", err, fs.ErrNotExist)
	}
}

func TestLatestOfGarbage(t *testing.T) {
	folder := t.TempDir()
	path, _ := written(t, folder, sample())
	if err := os.WriteFile(filepath.Join(path, SummaryFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Latest(folder); err == nil {
		t.Error("got no error, want one")
	}
}
