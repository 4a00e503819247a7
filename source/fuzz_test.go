package source

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzRows: whatever the bytes are, reading does not panic and it ends; lines
// rise; a row has as many cells as the header or a damage; the damage names a
// line of the file; End rises and stays within Size; and a second reading, and
// a second opening, give the same. Spreadsheets are left out: they have
// checksums, which a mutation does not get past.
func FuzzRows(f *testing.F) {
	for _, in := range []string{
		"a,b,c\n1,2,3\n", "a;b\n1;\"2\n\n3\";4\n", "\ufeffa\tb\r\n1\t2\r\n", "a,b\n1,\"2\n3,4\n\"5\",6\n",
		utf16le("\ufeffa|b\n1|2\n"), "{\"a\":{\"b\":[1,true]},\"c\":null}\n{}\n[]\n", "\ufeffa,embark_errors\n=1,x\n",
		pack(f, "gzip", strings.NewReader("a,b\n1,2\n")), pack(f, "zstd", strings.NewReader("a,b\n1,2\n")),
	} {
		f.Add([]byte(in), "", rune(0))
	}
	f.Add([]byte("a\xb6b\n\xe9\xb6\x80\n"), "windows-1252", '¶')
	path := filepath.Join(f.TempDir(), "in")
	f.Fuzz(func(t *testing.T, data []byte, encoding string, delimiter rune) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		o := Options{Encoding: encoding, Delimiter: delimiter, AllowEmpty: true}
		first, err := readAll(t, path, o, bytes.Count(data, []byte{'\n'})+1)
		second, again := readAll(t, path, o, bytes.Count(data, []byte{'\n'})+1)
		if d := cmp.Diff(first, second); d != "" || (err == nil) != (again == nil) {
			t.Fatalf("a second opening gives %v and others after %v:\n%s", again, err, d)
		}
	})
}

// readAll reads a file twice and holds the rows against what is true of any.
func readAll(t *testing.T, path string, o Options, lines int) (rows []Row, err error) {
	f, err := Open(path, o)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if f.format.packed != "" || f.format.charset != utf8Text.name {
		lines = 1 << 30 // not those of the bytes
	}
	last := Row{}
	for row, err := range f.Rows() {
		if err != nil {
			return rows, err
		}
		checkRow(t, f, last, row, lines)
		last, rows = row, append(rows, row)
	}
	i := 0
	for row, err := range f.Rows() {
		if err != nil || i == len(rows) || !cmp.Equal(row, rows[i]) {
			t.Fatalf("a second reading gives another row %d, %v", i, err)
		}
		i++
	}
	return rows, nil
}

var lineOf = regexp.MustCompile(`\bon line (\d+)`)

func checkRow(t *testing.T, f *File, last, row Row, lines int) {
	if row.Line <= last.Line || row.Line > lines || row.End <= last.End || row.End > f.Size() {
		t.Fatalf("behind line %d (%d) comes line %d (%d) of %d (%d)", last.Line, last.End, row.Line, row.End, lines, f.Size())
	}
	if row.Damage == nil && len(row.Cells) != len(f.Header()) {
		t.Fatalf("line %d: got %d cells, want %d", row.Line, len(row.Cells), len(f.Header()))
	}
	if row.Damage == nil {
		return
	}
	if row.Damage.Rule == "" || row.Damage.Text == "" || row.Damage.Hint == "" {
		t.Fatalf("line %d: got %+v", row.Line, row.Damage)
	}
	if m := lineOf.FindStringSubmatch(row.Damage.Text); m != nil {
		if at, err := strconv.Atoi(m[1]); err != nil || at < row.Line || at > lines {
			t.Fatalf("line %d of %d: %s", row.Line, lines, row.Damage.Text)
		}
	}
}
