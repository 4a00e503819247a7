package source

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

func utf16of(order binary.AppendByteOrder, text string) string {
	var out []byte
	for _, u := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, u)
	}
	return string(out)
}

func utf16le(text string) string { return utf16of(binary.LittleEndian, text) }

func TestEncodings(t *testing.T) {
	const text = "a,stra\u00dfe\n1,caf\u00e9 \U0001F600\n"
	const small = "a,stra\u00dfe\n1,caf\u00e9\n"
	for _, tt := range []struct {
		name, in, declared, format string
		want                       []string
	}{
		{"UTF-8", text, "", "UTF-8", []string{"2:1/café \U0001F600"}},
		{"UTF-8 with a mark", "\ufeff" + text, "", "UTF-8", []string{"2:1/café \U0001F600"}},
		{"UTF-8, declared", text, "utf8", "UTF-8", []string{"2:1/café \U0001F600"}},
		{"a mark wins", "\ufeff" + text, "windows-1252", "UTF-8", []string{"2:1/café \U0001F600"}},
		{"UTF-16LE by mark", utf16le("\ufeff" + text), "", "UTF-16LE", []string{"2:1/café \U0001F600"}},
		{"UTF-16BE by mark", utf16of(binary.BigEndian, "\ufeff"+text), "windows-1252", "UTF-16BE", []string{"2:1/café \U0001F600"}},
		{"UTF-16LE, declared", utf16le(text), "UTF-16LE", "utf-16le", []string{"2:1/café \U0001F600"}},
		{"windows-1252", "a,stra\xdfe\n1,caf\xe9 \x80\n", "windows-1252", "windows-1252", []string{"2:1/café €"}},
		{"iso-8859-1", "a,stra\xdfe\n1,caf\xe9\n2,\x80\n", "ISO-8859-1", "iso-8859-1", []string{"2:1/café", "3!control_character@straße"}},
		{"latin1", "a,stra\xdfe\n1,caf\xe9\n", "latin1", "latin1", []string{"2:1/café"}},
		{"iso-8859-15", "a,b\n1,\xa4\n", "iso-8859-15", "iso-8859-15", []string{"2:1/€"}},
		{"Shift JIS", "a,b\n1,\x93\xfa\n2,\x93\n", "shift_jis", "shift_jis", []string{"2:1/日", "3!encoding@b"}},
		{"nothing in its place", "a,b\n1,x\xa1\n2,y\n", "iso-8859-8", "iso-8859-8", []string{"2!encoding@b", "3:2/y"}},
		{"half a pair", utf16le("\ufeffa,b\n1,x") + "\x00\xd8" + utf16le("y\n2,z\n"), "", "UTF-16LE", []string{"2!encoding@b", "3:2/z"}},
		{"half a unit", utf16le("\ufeffa,b\n1,x\n2,z") + "\x00", "", "UTF-16LE", []string{"2:1/x", "3!encoding@b"}},
		{"undeclared", "a,b\n1,caf\xe9\n" + small[len("a,straße\n"):], "", "UTF-8", []string{"2!encoding@b", "3:1/café"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := mustOpen(t, "in.csv", tt.in, Options{Encoding: tt.declared})
			if d := cmp.Diff(tt.want, show(t, f)); d != "" {
				t.Error("(-want +got)\n", d)
			}
			if !strings.HasSuffix(f.Format(), ", "+tt.format) {
				t.Errorf("got %q, want %q", f.Format(), tt.format)
			}
		})
	}
}

func TestEncodingDamageIsPlaced(t *testing.T) {
	for _, tt := range []struct{ in, declared, text string }{
		{"a,b\n1,é\xe9\n", "", "byte 3 of the cell is not UTF-8"},
		{"a,b\n1,\xe9\xa1\n", "iso-8859-8", "character 2 of the cell is not readable as iso-8859-8"},
	} {
		for row := range mustOpen(t, "in.csv", tt.in, Options{Encoding: tt.declared}).Rows() {
			if row.Damage == nil || row.Damage.Text != tt.text || !strings.Contains(row.Damage.Hint, "--encoding") {
				t.Errorf("got %+v, want %q", row.Damage, tt.text)
			}
		}
	}
	_, err := openAs(t, "in.csv", "a,stra\xdfe\n1,2\n", Options{})
	wantError(t, err, "column 2 of the header is not UTF-8", "--encoding windows-1252")
}

// TestUnreadable: the mark is found wherever a piece ends.
func TestUnreadable(t *testing.T) {
	in := strings.Repeat("x\uFFFDy\uFFFC\uFFFEz", 3000) + "\xef\xbf"
	want := strings.ReplaceAll(in, "\uFFFD", "\xff")
	f, err := Open("-", Options{Stdin: iotest.OneByteReader(strings.NewReader("a\n" + in)), Encoding: "windows-1252"})
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	for _, size := range []int{1, 2, 3, 4, 5, 7, 4096} {
		if got := throughUnreadable(t, in, size); got != want {
			t.Errorf("pieces of %d: got another text of %d bytes, want %d", size, len(got), len(want))
		}
	}
}

func throughUnreadable(t *testing.T, in string, size int) string {
	t.Helper()
	var out []byte
	dst := make([]byte, size)
	src, end := []byte(in), 0
	for read := 0; read < len(src); {
		end = max(end, min(read+size, len(src)))
		w, r, err := unreadable{}.Transform(dst, src[read:end], end == len(src))
		out, read = append(out, dst[:w]...), read+r
		if w == 0 && r == 0 {
			if end++; end > len(src) {
				t.Fatalf("no progress at %d: %v", read, err)
			}
		}
	}
	return string(out)
}

// TestMisdeclared: a file that is UTF-8 is not read as single bytes.
func TestMisdeclared(t *testing.T) {
	const header = "ref_id,name\n"
	for text, wrong := range map[string]bool{
		header + "1,Ren\u00e9\n":             true,
		header + "1,Ren\xe9\n":               false,
		header + "1,Rene\n":                  false,
		header + "1,Ren\u00e9 Fran\xe7ois\n": false, // neither; the operator has the last word
	} {
		_, err := Open(write(t, text), Options{Encoding: "windows-1252"})
		if got := errors.As(err, new(*Error)); got != wrong {
			t.Errorf("%q: got %v, want an error: %v", text, err, wrong)
		}
	}
	m := &misdeclared{} // letters may be cut apart
	for _, b := range []byte("Ren\u00e9 \u20ac") {
		if _, err := m.Write([]byte{b}); err != nil {
			t.Fatal(err)
		}
	}
	if m.letters != 2 || m.judge("f", "windows-1252") == nil {
		t.Errorf("got %+v, want two letters", m)
	}
}

// TestMisdeclaredUTF16: what is no text in the declared encoding is said to be
// none, not to be without rows.
func TestMisdeclaredUTF16(t *testing.T) {
	const text = "ref_id,name\n1,Ada\n2,Grace\n"
	for _, tt := range []struct{ name, in, declared, want string }{
		{"ASCII", text, "utf-16le", "declared as utf-16le"},
		{"ASCII, big-endian", text, "utf-16be", "declared as utf-16be"},
		{"one letter short", text[1:], "utf-16le", "declared as utf-16le"},
		{"the other order", utf16le(text), "utf-16be", "declared as utf-16be"},
		{"unreadable", "a\n" + strings.Repeat("\xff\xff", 20), "shift_jis", "declared as shift_jis"},
		{"right", utf16le(text), "utf-16le", ""},
		{"a mark wins", "\ufeff" + text, "utf-16le", ""},
		{"a foreign letter", "a,b\n1,\x93\n", "shift_jis", ""},
		{"no rows", utf16le("a,b\n"), "utf-16le", "not a single row, read as utf-16le"},
		{"no rows, single bytes", "a,b\n", "windows-1252", "not a single row, read as windows-1252"},
	} {
		_, err := Open(write(t, tt.in), Options{Encoding: tt.declared})
		if tt.want != "" {
			wantError(t, err, tt.want, "--encoding")
		} else if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	_, err := Open(write(t, "a,b\n"), Options{})
	if e := new(Error); !errors.As(err, &e) || strings.Contains(e.Hint, "encoding") {
		t.Errorf("got %v, want nothing about an encoding where none was declared", err)
	}
}

func TestSpooled(t *testing.T) {
	const text = "a,b\n1,2\n"
	for _, tt := range []struct {
		name, in string
		o        Options
		want     int64
	}{
		{"as it is", text, Options{}, 0},
		{"decoded, of the same size", text, Options{Encoding: "windows-1252"}, int64(len(text))},
		{"decoded", utf16le(text), Options{Encoding: "utf-16le"}, int64(len(text))},
		{"JSON Lines", `{"a":1}`, Options{}, int64(len("1,,1\n"))},
	} {
		path := write(t, tt.in)
		for name, more := range map[string]int64{path: 0, "-": int64(len(tt.in))} {
			tt.o.Stdin = strings.NewReader(tt.in)
			f, err := Open(name, tt.o)
			if err != nil {
				t.Fatal(err)
			}
			if got := f.Spooled(); got != tt.want+more {
				t.Errorf("%s, %q: got %d, want %d", tt.name, name, got, tt.want+more)
			}
			f.Close()
		}
	}
}
