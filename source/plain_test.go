package source

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestPlain holds the look at words against one at single bytes.
func TestPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom([]byte("abcdefgh ~\r\n\x1f\x7f\x80\xff\x00")), rapid.ByteRange(' ', '~')), 0, 40).Draw(t, "text")
		odd := func(b byte) bool { return b < 0x20 || b >= 0x7F }
		if got, want := plain(text), bytes.IndexFunc(text, func(r rune) bool { return odd(byte(r)) || r > 0xFF }) < 0; got != want {
			t.Errorf("%q: got plain %v, want %v", text, got, want)
		}
		lines := bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), nil), []byte("\n"), nil)
		if plainLines(text) && !plain(lines) {
			t.Errorf("%q passes for plain lines", text)
		}
	})
	for _, in := range []string{"a,b\n1234567\r\n", strings.Repeat("12345678\r\n", 9)} {
		if !plainLines([]byte(in)) {
			t.Errorf("%q: got not plain", in)
		}
	}
}

// TestOddBytesAreFoundAnywhere: pieces that are plain do not speak for others.
func TestOddBytesAreFoundAnywhere(t *testing.T) {
	row := "123456789,123456789\n"
	for n := range 8 {
		rows := bufferBytes/len(row) - 4 + n
		f := openText(t, "a,b\n"+strings.Repeat(row, rows)+"1,x\ry\n"+strings.Repeat(row, 4000)+"1,\xe9\n")
		damaged := 0
		for row, err := range f.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			if row.Damage != nil {
				damaged++
			}
		}
		if damaged != 2 {
			t.Errorf("%d rows before: got %d damaged, want 2", rows, damaged)
		}
	}
}
