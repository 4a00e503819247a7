package report

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"embark/mapping"
	"embark/onboard"
	"embark/source"

	"github.com/google/go-cmp/cmp"
)

func TestGolden(t *testing.T) {
	path, s := written(t, t.TempDir(), sample())
	for _, name := range []string{ResultsFile, RejectedFile, SummaryFile} {
		golden(t, filepath.Join(path, name), name)
	}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
}

func TestWriteNothing(t *testing.T) {
	path, s := written(t, t.TempDir(), nil)
	golden(t, filepath.Join(path, ResultsFile), "empty.csv")
	if err := errors.Join(s.Check(), Verify(path, s)); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(path, RejectedFile)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want no rejected.csv", err)
	}
}

func TestModes(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a", "b")
	if err := Prepare(folder); err != nil {
		t.Fatal(err)
	}
	written(t, folder, sample())
	files := 0
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		info, _ := d.Info()
		want := fs.FileMode(0o600)
		switch {
		case d.IsDir():
			want = 0o700
		case d.Type() == fs.ModeSymlink:
			return err
		}
		if files++; info.Mode().Perm() != want {
			t.Errorf("%s: got mode %#o, want %#o", d.Name(), info.Mode().Perm(), want)
		}
		return err
	})
	if err != nil || files != 5 {
		t.Errorf("got %d files and folders, %v, want 5", files, err)
	}
}

// Personal data is in rejected.csv and nowhere else, on its way neither.
func TestPersonalData(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	before, _ := os.Stat(temp)
	folder := t.TempDir()
	if err := Prepare(folder); err != nil {
		t.Fatal(err)
	}
	path, _ := written(t, folder, sample())
	for _, name := range []string{ResultsFile, SummaryFile, RejectedFile} {
		data, err := os.ReadFile(filepath.Join(path, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, canary := range []string{"Canarylast", "1931-07-13", "987-65-432"} {
			if got, want := strings.Contains(string(data), canary), name == RejectedFile; got != want {
				t.Errorf("%s: got %q in it %t, want %t", name, canary, got, want)
			}
		}
	}
	after, _ := os.Stat(temp)
	if !before.ModTime().Equal(after.ModTime()) {
		t.Error("something was written to the folder for temporary files")
	}
}

func TestTwoReportsInOneSecond(t *testing.T) {
	folder := t.TempDir()
	var names []string
	for range 3 {
		path, s := written(t, folder, sample())
		if names = append(names, filepath.Base(path)); s.Run != filepath.Base(path) {
			t.Errorf("got run %q, want %q", s.Run, filepath.Base(path))
		}
		last, at, err := Latest(folder)
		if err != nil || last.Run != s.Run || filepath.Base(at) != s.Run {
			t.Errorf("got latest %+v at %q, %v, want %q", last, at, err, s.Run)
		}
	}
	want := []string{"20260304T120000Z", "20260304T120000Z-2", "20260304T120000Z-3"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	if link, err := os.Readlink(filepath.Join(folder, "latest")); err != nil || link != want[2] {
		t.Errorf("got %q, %v, want a link to %q", link, err, want[2])
	}
}

func TestLatestOfNothing(t *testing.T) {
	if _, _, err := Latest(t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %v", err, fs.ErrNotExist)
	}
}

// A report that breaks off shows none of its tables, and latest stays.
func TestBrokenReport(t *testing.T) {
	folder := t.TempDir()
	whole, _ := written(t, folder, sample())
	path, err := Write(folder, summary(nil), each(sample(), errBroken))
	if !errors.Is(err, errBroken) {
		t.Fatalf("got %v, want %v", err, errBroken)
	}
	if left, err := os.ReadDir(path); err != nil || len(left) > 0 {
		t.Errorf("got %v, %v, want an empty folder", left, err)
	}
	if _, at, err := Latest(folder); err != nil || filepath.Base(at) != filepath.Base(whole) {
		t.Errorf("got latest %q, %v, want %q", at, err, whole)
	}
}

func TestUnwritableFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{file, filepath.Join(file, "below")} {
		if err := Prepare(folder); err == nil {
			t.Error("prepare: got no error, want one")
		}
		if _, err := Write(folder, summary(nil), each(nil, nil)); err == nil {
			t.Error("write: got no error, want one")
		}
	}
	if os.Geteuid() == 0 {
		return // root may write everywhere
	}
	folder := t.TempDir()
	if err := errors.Join(os.Chmod(folder, 0o500), Prepare(folder)); err == nil {
		t.Error("read-only: got no error, want one")
	}
}

func readTable(t *testing.T, path string) [][]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(string(data), byteOrderMark)
	if want := strings.HasPrefix(filepath.Base(path), "rejected"); marked != want {
		t.Errorf("%s: got a byte order mark %t, want %t", filepath.Base(path), marked, want)
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestSeveralHeaders(t *testing.T) {
	other := rejected(2, "c5", "x")
	other.File, other.Header = "other.csv", []string{"ref_id", "last_name"}
	path, _ := written(t, t.TempDir(), []Line{rejected(2, "c1", "a", "b", "c"), rejected(3, "c2", "a", "b", "c"), other, rejected(9, "c3", "a", "b", "c")})
	for name, want := range map[string][]string{RejectedFile: {"c1", "c2", "c3"}, "rejected-2.csv": {"c5"}} {
		var got []string
		for _, row := range readTable(t, filepath.Join(path, name))[1:] {
			got = append(got, row[0])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// rejected.csv is fixed in place and run, perhaps more than once: its own
// column for errors is filled anew, not added again.
func TestRejectedTwice(t *testing.T) {
	l := rejected(2, "c1", "old errors", "b")
	l.Header = []string{"ref_id", "\u00a0EMBARK_ERRORS ", "'=cip"}
	row := l.Rejected.Row.Cells
	row[2] = "'=b" // as the first report has written it
	path, _ := written(t, t.TempDir(), []Line{l})
	want := [][]string{{"ref_id", "embark_errors", "'=cip"}, {"c1", "cip_id: is required; does not add up", "'=b"}}
	if diff := cmp.Diff(want, readTable(t, filepath.Join(path, RejectedFile))); diff != "" {
		t.Error(diff)
	}
	if row[1] != "old errors" {
		t.Error("the row that was passed in changed")
	}
}

func TestRejectedWithoutCells(t *testing.T) {
	l := input(2, "", onboard.Rejected)
	l.Header, l.Rejected = header, &mapping.Result{Row: source.Row{Line: 2}}
	path, s := written(t, t.TempDir(), []Line{l})
	if _, err := os.Stat(filepath.Join(path, RejectedFile)); err == nil || s.Outcomes[onboard.Rejected] != 1 {
		t.Errorf("got %v, %v, want the row counted and no rejected.csv", err, s.Outcomes)
	}
}

// Formulas are guarded wherever they stand, in the header too.
func TestFormulasAreGuarded(t *testing.T) {
	l := rejected(2, "=1+1", "@x", "+1 2", "ok")
	l.RefID, l.File, l.Message, l.Header = "-c1", "=a.csv", "\tx", []string{"=ref", "@name", "dob", "cip"}
	path, _ := written(t, t.TempDir(), []Line{l})
	for _, name := range []string{ResultsFile, RejectedFile} {
		for _, row := range readTable(t, filepath.Join(path, name)) {
			for _, cell := range row {
				if strings.IndexAny(cell, "=+-@\t") == 0 {
					t.Errorf("%s: got %q, want it guarded", name, cell)
				}
			}
		}
	}
}
