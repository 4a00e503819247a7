package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func write(t testing.TB, text string) string {
	t.Helper()
	return writeAs(t, "in.csv", text)
}

func writeAs(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func openText(t testing.TB, text string) *File {
	t.Helper()
	f, err := Open(write(t, text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// show writes rows as "line:cells" or "line!rule@column", to compare at a glance.
func show(t testing.TB, f *File) (out []string) {
	t.Helper()
	n := 0
	for row, err := range f.Rows() {
		if row.Ordinal != n {
			t.Errorf("line %d: got ordinal %d, want %d", row.Line, row.Ordinal, n)
		}
		n++
		switch {
		case err != nil:
			out = append(out, err.Error())
		case row.Damage != nil:
			out = append(out, fmt.Sprintf("%d!%s@%s", row.Line, row.Damage.Rule, row.Damage.Column))
		default:
			out = append(out, fmt.Sprintf("%d:%s", row.Line, strings.Join(row.Cells, "/")))
		}
	}
	return out
}

func TestRows(t *testing.T) {
	long := strings.Repeat("x", maxCell+1)
	for _, tt := range []struct {
		name, in string
		want     []string
		skipped  int
	}{
		{"plain", "a,b,c\n1,2,3\n4,5,6\n", []string{"2:1/2/3", "3:4/5/6"}, 0},
		{"byte order mark and quoted header", "\ufeff\"a\",b,c\n1,2,3\n", []string{"2:1/2/3"}, 0},
		{"CRLF, no end of the last line", "a,b,c\r\n1,2,3\r\n4,5,6", []string{"2:1/2/3", "3:4/5/6"}, 0},
		{"blank lines and rows of commas", "a,b,c\n\n1,2,3\n,,\n\r\n , ,\n,\n4,5,6\n\n", []string{"3:1/2/3", "8:4/5/6"}, 5},
		{"quoted line break", "a,b,c\n1,\"2\n2\",3\n4,5,6\n", []string{"2:1/2\n2/3", "4:4/5/6"}, 0},
		{"line break in the header", "a,\"b\nb\",c\n1,2,3\n", []string{"3:1/2/3"}, 0},
		{"ragged", "a,b,c\n1,2\n1,2,3,4\n4,5,6\n", []string{"2!field_count@", "3!field_count@", "4:4/5/6"}, 0},
		{"bare quote", "a,b,c\n1,2 \"x\" 2,3\n4,5,6\n", []string{"2!bare_quote@b", "3:4/5/6"}, 0},
		{"text behind a quote", "a,b,c\n1,2,\"x\" y\n4,5,6\n", []string{"2!open_quote@c", "3:4/5/6"}, 0},
		{"open quote to the end", "a,b,c\n1,\"2,3\n4,5,6\n7,8,9\n", []string{"2!open_quote@b", "3:4/5/6", "4:7/8/9"}, 0},
		{"open quote met by another row's quotes", "a,b,c\n1,\"2,3\n4,\"5\",6\n7,8,9\n", []string{"2!open_quote@b", "3:4/5/6", "4:7/8/9"}, 0},
		{"two open quotes that make one of two rows", "a,b,c,d\n1,\"2,3,4\n5,6 \"7,8,9\n1,1,1,1\n", []string{"2!open_quote@b", "4:1/1/1/1"}, 0},
		{"the same, split so that the cells come out right", "a,b,c,d\n1,2,\"3,4\n5,6,7\",8\n1,1,1,1\n", []string{"2!open_quote@c", "4:1/1/1/1"}, 0},
		{"two open quotes that swallow rows", "a,b,c\n1,\"2,3\n4,5,6\n7,8\",9\n1,1,1\n", []string{"2!open_quote@b", "3:4/5/6", "4!bare_quote@b", "5:1/1/1"}, 0},
		{"remains of a broken row", "a,b,c\n1,\"2\n2\n2\" x,3\n4,5,6\n", []string{"2!open_quote@b", "5:4/5/6"}, 0},
		{"ragged over two lines", "a,b,c\n1,\"2\n2\"\n4,5,6\n", []string{"2!field_count@", "4:4/5/6"}, 0},
		{"blank line in front of a broken row", "a,b,c\n\n1,\"2,3\n4,5,6\n", []string{"3!open_quote@b", "4:4/5/6"}, 1},
		{"not UTF-8", "a,b,c\n1,caf\xe9,3\n4,5,6\n", []string{"2!encoding@b", "3:4/5/6"}, 0},
		{"UTF-8", "a,b,c\n1,café,\ufffd\n", []string{"2:1/café/\ufffd"}, 0},
		{"NUL and others", "a,b,c\n1,2,\x00\n1,\x1b[2J,3\n1,2,\u0085\n1,\x7f,3\n", []string{"2!control_character@c", "3!control_character@b", "4!control_character@c", "5!control_character@b"}, 0},
		{"long cell", "a,b,c\n1," + long + ",3\n4,5,6\n", []string{"2!field_too_long@b", "3:4/5/6"}, 0},
		{"long record", "a,b,c\n\n1," + strings.Repeat(long, 5) + ",3\n4,5,6\n", []string{"3!field_too_long@", "4:4/5/6"}, 1},
		{"endless quote", "a,b,c\n1,\"2,3\n" + strings.Repeat("4,5,6\n", 900_000), nil, 0},
		{"cut off", "a,b,c\n1,2,3\n4,5", []string{"2:1/2/3", "3!field_count@"}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := openText(t, tt.in)
			got := show(t, f)
			if tt.want == nil { // the rows behind an endless quote
				if len(got) != 900_001 || got[0] != "2!field_too_long@" || got[1] != "3:4/5/6" {
					t.Fatalf("got %d rows, %.60q …", len(got), got[:2])
				}
				return
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("%.80q: (-want +got)\n%s", tt.in, d)
			}
			if d := cmp.Diff(tt.want, show(t, f)); d != "" {
				t.Errorf("second reading: (-want +got)\n%s", d)
			}
			if f.Skipped() != tt.skipped {
				t.Errorf("skipped: got %d, want %d", f.Skipped(), tt.skipped)
			}
		})
	}
}

func TestNoRowInSight(t *testing.T) {
	f := openText(t, "a,b,c\n1,2,3\n4,\"5\n"+strings.Repeat("rubble\n", 3*maxResync))
	got := show(t, f)
	if n := len(got); n != 2 || !strings.Contains(got[1], "line 3: a quote opens here") {
		t.Errorf("got %q, want the row and an error for line 3", got)
	}
}

func TestNotATable(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"empty", "", "empty"},
		{"only a mark", "\ufeff\n", "empty"},
		{"header only", "a,b\n", "not a single row"},
		{"header and blank rows", "a,b\n\n,\n", "not a single row"},
		{"CR only", "a,b\r1,2\r", "CR only"},
		{"UTF-32", "\xff\xfe\x00\x00a\x00\x00\x00", "UTF-32"},
		{"UTF-16 without mark", "\x00a\x00,\x00b\x00\n\x001\x00\n", "NUL"},
		{"Latin-1 header", "a,stra\xdfe\n1,2\n", "not UTF-8"},
		{"cut-off gzip", "\x1f\x8b\x08\x00", "damaged or cut short"},
		{"cut-off zip", "PK\x03\x04", "damaged or cut short"},
		{"old spreadsheet", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"},
		{"web page", "<HTML><table>", "web page"},
		{"broken header", "a,b\"c\n1,2\n", "header cannot be read"},
		{"endless header", "a,\"" + strings.Repeat("x", 5<<20), "4 MiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Open(write(t, tt.in), Options{})
			var e *Error
			if !errors.As(err, &e) || !strings.Contains(e.Text, tt.want) || e.Hint == "" {
				t.Errorf("got %v, want an Error about %q with a hint", err, tt.want)
			}
		})
	}
}

func TestAllowEmpty(t *testing.T) {
	f, err := Open(write(t, "a,b\n"), Options{AllowEmpty: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := show(t, f); got != nil {
		t.Errorf("got %q, want no rows", got)
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]error{
		filepath.Join(dir, "no\nsuch"): fs.ErrNotExist,
		dir:                            ErrNotAFile,
		os.DevNull:                     ErrNotAFile,
	} {
		_, err := Open(path, Options{})
		var e *OpenError
		if !errors.As(err, &e) || !errors.Is(err, want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: got %v, want %v", path, err, want)
		}
	}
}

func TestStandardInputAndPipesAreSpooled(t *testing.T) {
	tmp := t.TempDir()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("no pipes here:", err)
	}
	go os.WriteFile(pipe, []byte("a,b\n1,2\n"), 0)
	for _, path := range []string{"-", pipe} {
		f, err := Open(path, Options{Stdin: iotest.OneByteReader(strings.NewReader("a,b\n1,2\n")), TempDir: tmp})
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if got := append(show(t, f), show(t, f)...); !cmp.Equal(got, []string{"2:1/2", "2:1/2"}) {
			t.Errorf("%s: got %q", path, got)
		}
		if info, err := f.f.Stat(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: got mode %v, %v, want 0600", path, info.Mode(), err)
		}
	}
	if left, _ := os.ReadDir(tmp); len(left) > 0 {
		t.Errorf("the spool is still there: %v", left)
	}
}

func TestChangedWhileRead(t *testing.T) {
	path := write(t, "a,b\n1,2\n3,4\n")
	f, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := os.WriteFile(path, []byte("a,b\n1,2\n3,4\n5,6\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := show(t, f); len(got) != 3 || !strings.Contains(got[2], "changed") {
		t.Errorf("got %q, want two rows and an error", got)
	}
}

func TestOrdinalsRunThrough(t *testing.T) {
	files := []*File{openText(t, "a,b\n1,2\n3\n"), openText(t, "a,b\n5,6\n")}
	var got []string
	for row, err := range Rows(files) {
		got = append(got, fmt.Sprint(row.Ordinal, row.Line, row.Damage != nil, err))
	}
	if want := []string{"0 2 false <nil>", "1 3 true <nil>", "2 2 false <nil>"}; !cmp.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestReadsAnything: whatever comes, reading ends, lines rise, cells fit, and
// the second reading gives the same.
func TestReadsAnything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "in.csv")
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{"a", ",", "\n", "\"", "\"\"", "\r\n", "é", "\xe9", " ", "x,y,z\n"}), 0, 60).Draw(t, "parts")
		if err := os.WriteFile(path, []byte("a,b,c\n"+strings.Join(parts, "")), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := Open(path, Options{AllowEmpty: true})
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		var first, second []Row
		last := 1
		for row, err := range f.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			if row.Line <= last || row.Damage == nil && len(row.Cells) != 3 {
				t.Fatalf("after line %d: %+v", last, row)
			}
			last = row.Line
			first = append(first, row)
		}
		for row := range f.Rows() {
			second = append(second, row)
		}
		if d := cmp.Diff(first, second); d != "" {
			t.Fatal(d)
		}
	})
}
