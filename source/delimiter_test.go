package source

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// openAs writes a file of the given name and opens it.
func openAs(t testing.TB, name, text string, o Options) (*File, error) {
	t.Helper()
	f, err := Open(writeAs(t, name, text), o)
	if err == nil {
		t.Cleanup(func() { f.Close() })
	}
	return f, err
}

func mustOpen(t testing.TB, name, text string, o Options) *File {
	t.Helper()
	f, err := openAs(t, name, text, o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// wantError checks that an Error speaks of something and has a hint.
func wantError(t testing.TB, err error, text, hint string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || !strings.Contains(e.Text, text) || e.Hint == "" || !strings.Contains(e.Hint, hint) {
		t.Errorf("got %v, want an Error about %q with a hint about %q", err, text, hint)
		if e != nil {
			t.Logf("hint: %s", e.Hint)
		}
	}
}

func TestDelimiter(t *testing.T) {
	thousand := "a;b;c\n" + strings.Repeat("1;\"2,2\";3\n", 1200)
	for _, tt := range []struct {
		name, in string
		declared rune
		header   int
		format   string
	}{
		{"commas", "a,b\n1,2\n", 0, 2, "CSV, commas (1 on each of 2 lines looked at), UTF-8"},
		{"semicolons", thousand, 0, 3, "CSV, semicolons (2 on each of 1,000 lines looked at), UTF-8"},
		{"tabs", "a\tb\n1,1\t2\n", 0, 2, "CSV, tabs (1 on each of 2 lines looked at), UTF-8"},
		{"bars", "a|b\n1|2\n", 0, 2, "CSV, vertical bars (1 on each of 2 lines looked at), UTF-8"},
		{"decimal commas", "a;b\n1,5;2\n3,5;2\n", 0, 2, "CSV, semicolons (1 on each of 3 lines looked at), UTF-8"},
		{"other signs in cells", "a,b\nx;y|z,2\n\"1;2\",3\n", 0, 2, "CSV, commas (1 on each of 3 lines looked at), UTF-8"},
		{"one comma in the header", "a;b, c;d\n1;2;3\n4;5;6\n", 0, 3, "CSV, semicolons (2 on each of 3 lines looked at), UTF-8"},
		{"one column", "a\n1\n2\n", 0, 1, "CSV, a single column, UTF-8"},
		{"one column with a sign", "a;b\n1\n2\n", 0, 1, "CSV, a single column, UTF-8"},
		{"some damaged", "a;b;c\n" + strings.Repeat("1;2;3\n", 19) + "1;2\n", 0, 3, "CSV, semicolons (2 on 20 of 21 lines looked at), UTF-8"},
		{"most damaged", "a;b;c\n1;2\n1;2\n1;2;3\n", 0, 3, "CSV, semicolons (2 on 2 of 4 lines looked at), UTF-8"},
		{"bare quotes", "a;b;c\n" + strings.Repeat("1;2;3\n", 19) + "1;x \"y;3\n", 0, 3, "CSV, semicolons (2 on 20 of 21 lines looked at), UTF-8"},
		{"open quote", "a;b;c\n1;\"2;3\n" + strings.Repeat("4;5;6\n", 9), 0, 3, "CSV, semicolons (2 on 10 of 11 lines looked at), UTF-8"},
		{"open quote in a short file", "a;b;c\n\n1;\"2;3\n4;5;6\n", 0, 3, "CSV, semicolons (2 on 2 of 3 lines looked at), UTF-8"},
		{"declared", "a^b\n1^2\n", '^', 2, "CSV, '^' (1 on each of 2 lines looked at), UTF-8"},
		{"declared, though several fit", "a,x;b\n1,x;2\n", ';', 2, "CSV, semicolons (1 on each of 2 lines looked at), UTF-8"},
		{"declared for a single column", "a\n1\n", ';', 1, "CSV, a single column, UTF-8"},
		{"declared beyond ASCII", "a§b\n1§2\n", '§', 2, "CSV, '§' (1 on each of 2 lines looked at), UTF-8"},
		{"our own file", "\ufeffa,\"b;c\",embark_errors\n1,2;3,x\n", ';', 3, "CSV, commas (2 on each of 2 lines looked at), UTF-8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := mustOpen(t, "in.csv", tt.in, Options{Delimiter: tt.declared})
			if len(f.Header()) != tt.header || f.Format() != tt.format {
				t.Errorf("got %d columns, %q, want %d, %q", len(f.Header()), f.Format(), tt.header, tt.format)
			}
		})
	}
}

func TestDelimiterInDoubt(t *testing.T) {
	for _, tt := range []struct {
		name, in   string
		declared   rune
		text, hint string
	}{
		{"two fit", "a, x;b\n1, x;2\n", 0, "by commas (2 columns) or by semicolons (2 columns)", "--delimiter ',' or --delimiter ';'"},
		{"a wrong one", "a;b;c\n1;2;3\n", ',', "by semicolons, not by commas", "--delimiter ';'"},
		{"tabs", "a\tb\tc\n1\t2\t3\n", '|', "by tabs, not by vertical bars", "--delimiter tab"},
		{"not our own file: no mark", "a,b,embark_errors\n1,2,x\n", ';', "by commas, not by semicolons", "--delimiter ','"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := openAs(t, "in.csv", tt.in, Options{Delimiter: tt.declared})
			wantError(t, err, tt.text, tt.hint)
		})
	}
}

func TestRowsOfOtherDelimiters(t *testing.T) {
	in := "a;b;c\n1;\"2\n3;4;5\n6;7\";8\n9;\"x;\ny\";1\n1;2\n"
	want := []string{
		`2!open_quote@b a quote opens on line 2 in column "b" and does not close where it should`,
		"3:3/4/5", "4!bare_quote@b", "5:9/x;\ny/1", "7!field_count@"}
	f := mustOpen(t, "in.csv", in, Options{})
	got := show(t, f)
	for row := range f.Rows() {
		if row.Line == 2 {
			got[0] += " " + row.Damage.Text
		}
		if row.Line == 7 && !strings.Contains(row.Damage.Hint, "semicolons") {
			t.Errorf("got hint %q, want one about semicolons", row.Damage.Hint)
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error("(-want +got)\n", d)
	}
}

// TestWhereDamageStarts: the quote to blame may open on a later line than the
// row, and what it swallowed is told.
func TestWhereDamageStarts(t *testing.T) {
	for _, tt := range []struct{ name, in, text string }{
		{"on a later line", "a,b,c\n1,\"x\ny\",\"z\n4,5,6\n",
			`a quote opens on line 3 in column "c" and does not close where it should; it swallowed 1 line`},
		{"96 lines", "a,notes,c\n1,\"x" + strings.Repeat("\nrubble", 96) + "\n4,5,6\n",
			`a quote opens on line 2 in column "notes" and does not close where it should; it swallowed 96 lines`},
		{"in rows that it swallowed", "a,b,c\n1,\"x\ny\",\"z\n4,5,6\n7,8,9\"\n",
			`a quote opens on line 3 in column "c" and does not close where it should; it swallowed 1 line`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got string
			for row, err := range mustOpen(t, "in.csv", tt.in, Options{}).Rows() {
				switch {
				case err != nil:
					t.Fatal(err)
				case row.Line == 2:
					got = row.Damage.Text
				case row.Damage == nil && fmt.Sprint(row.Cells) != "[4 5 6]":
					t.Errorf("line %d: got %q", row.Line, row.Cells)
				}
			}
			if got != tt.text {
				t.Errorf("got  %s\nwant %s", got, tt.text)
			}
		})
	}
}

func TestOptionErrors(t *testing.T) {
	for _, o := range []Options{{Delimiter: '"'}, {Delimiter: '\n'}, {Delimiter: -1}, {Encoding: "klingon"}, {Encoding: "replacement"}} {
		_, err := Open("no such file", o)
		var e *OptionError
		if !errors.As(err, &e) || e.Hint == "" {
			t.Errorf("%+v: got %v, want an OptionError with a hint", o, err)
		}
	}
}

func TestEndIsProgress(t *testing.T) {
	for name, text := range map[string]string{
		"in.csv":   "a,b\n1,2\n3\n\"4,5\n6,7\n8,9\n",
		"in.jsonl": "{\"a\":1,\"b\":2}\n{\"a\":3}\nx\n",
	} {
		f := mustOpen(t, name, text, Options{})
		last := int64(0)
		for row, err := range f.Rows() {
			if err != nil || row.End <= last || row.End > f.Size() {
				t.Errorf("%s line %d: got end %d of %d behind %d, %v", name, row.Line, row.End, f.Size(), last, err)
			}
			last = row.End
		}
		if last != f.Size() {
			t.Errorf("%s: got %d at the end, want %d", name, last, f.Size())
		}
	}
}
