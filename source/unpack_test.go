package source

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// hundredMB is that much of one letter between two texts.
func hundredMB(before, after string) io.Reader {
	return io.MultiReader(strings.NewReader(before), io.LimitReader(endless{}, 100_000_000), strings.NewReader(after))
}

type endless struct{}

var manyX = strings.Repeat("x", 64<<10)

func (endless) Read(p []byte) (int, error) {
	return copy(p, manyX), nil
}

func pack(t testing.TB, how string, in io.Reader) string {
	t.Helper()
	var out bytes.Buffer
	var w io.WriteCloser = gzip.NewWriter(&out)
	if how == "zstd" {
		z, err := zstd.NewWriter(&out)
		if err != nil {
			t.Fatal(err)
		}
		w = z
	}
	if _, err := io.Copy(w, in); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestCompressed(t *testing.T) {
	for _, how := range []string{"gzip", "zstd"} {
		for _, tt := range []struct{ name, in, format string }{
			{"CSV", "a;b\n1;2\n3;4\n", "CSV, semicolons (1 on each of 3 lines looked at), UTF-8, " + how},
			{"JSON Lines", "{\"a\":1,\"b\":2}\n{\"a\":3,\"b\":4}\n", "JSON Lines, UTF-8, " + how},
			{"UTF-16", utf16le("\ufeffa,b\n1,2\n3,4\n"), "CSV, commas (1 on each of 3 lines looked at), UTF-16LE, " + how},
			{"XLSX", sheet(t, [][]any{{"a", "b"}, {1, 2}, {3, 4}}), `XLSX, sheet "Sheet1", ` + how},
		} {
			t.Run(how+" "+tt.name, func(t *testing.T) {
				packed := pack(t, how, strings.NewReader(tt.in))
				f := mustOpen(t, "in.dat", packed, Options{})
				got := show(t, f)
				for i := range got {
					_, got[i], _ = strings.Cut(got[i], ":")
				}
				if d := cmp.Diff([]string{"1/2", "3/4"}, got); d != "" || f.Format() != tt.format {
					t.Errorf("got %q (-want +got)\n%s", f.Format(), d)
				}
				if now := f.before.Size(); now != int64(len(packed)) {
					t.Errorf("Unchanged judges a file of %d bytes, want the original of %d", now, len(packed))
				}
			})
		}
	}
}

func TestCompressedDamage(t *testing.T) {
	for _, how := range []string{"gzip", "zstd"} {
		packed := pack(t, how, strings.NewReader("a,b\n"+strings.Repeat("1,2\n", 1000)))
		for _, tt := range []struct{ name, in, text string }{
			{"cut short", packed[:len(packed)-9], "damaged or cut short"},
			{"flipped", packed[:len(packed)-5] + "\x00" + packed[len(packed)-4:], "damaged or cut short"},
			{"twice", pack(t, how, strings.NewReader(packed)), "compressed twice"},
			{"empty", pack(t, how, strings.NewReader("")), "empty"},
		} {
			t.Run(how+" "+tt.name, func(t *testing.T) {
				_, err := openAs(t, "in.csv", tt.in, Options{})
				wantError(t, err, tt.text, "")
			})
		}
	}
}

// TestBombs: neither the ratio nor the size is waited for, and a short file
// that shrinks well is no bomb.
func TestBombs(t *testing.T) {
	for _, how := range []string{"gzip", "zstd"} {
		t.Run(how, func(t *testing.T) {
			bomb := pack(t, how, io.LimitReader(hundredMB("a,b\n1,2\n", "\n"), 20<<20))
			_, err := openAs(t, "in.csv", bomb, Options{})
			wantError(t, err, "far larger", "64 GiB")
			mustOpen(t, "in.csv", pack(t, how, strings.NewReader("a,b\n"+strings.Repeat("1,2\n", 1<<20))), Options{})
		})
	}
	t.Run("size", func(t *testing.T) {
		defer func(n int64) { maxUnpacked = n }(maxUnpacked)
		maxUnpacked = 1000
		_, err := openAs(t, "in.csv", pack(t, "gzip", strings.NewReader("a,b\n"+strings.Repeat("1,2\n", 1000))), Options{})
		wantError(t, err, "far larger", "")
	})
}
