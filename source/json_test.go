package source

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestJSONLines(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		header   []string
		want     []string
		skipped  int
	}{
		{"plain", `{"a":"1","b":"x"}` + "\n" + `{"b":"y","a":"2"}`, []string{"a", "b"}, []string{"1:1/x", "2:2/y"}, 0},
		{"keys that come later", `{"a":"1"}` + "\r\n" + `{"c":3,"a":2}` + "\n", []string{"a", "c"}, []string{"1:1/", "2:2/3"}, 0},
		{"nested", `{"address":{"city":"X","geo":{"lat":1.50}},"id":1}`, []string{"address.city", "address.geo.lat", "id"}, []string{"1:X/1.50/1"}, 0},
		{"kinds of values", `{"n":0012345678901234567890e0}` + "\n" + `{"n":12345678901234567890,"t":true,"f":false,"z":null,"l":["a",1,null,true]}`,
			[]string{"n", "t", "f", "z", "l"}, []string{"1!not_an_object@", "2:12345678901234567890/true/false//a|1|true"}, 0},
		{"blank", "\ufeff\n" + `{"a":1}` + "\n\n{}\n" + `{"a":null}` + "\n" + `{"a":2}`, []string{"a"}, []string{"2:1", "6:2"}, 4},
		{"no object", `{"a":1}` + "\n[1]\n\"x\"\n{\"a\":\n{\"a\":1}{\"a\":2}\n{\"a\":3}\n",
			[]string{"a"}, []string{"1:1", "2!not_an_object@", "3!not_an_object@", "4!not_an_object@", "5!not_an_object@", "6:3"}, 0},
		{"keys twice", `{"a":1,"a":2}` + "\n" + `{"b.c":1,"b":{"c":2}}` + "\n" + `{"b":{"c":1,"c":2}}` + "\n" + `{"a":1}`,
			[]string{"a"}, []string{"1!repeated_key@a", "2!repeated_key@b.c", "3!repeated_key@b.c", "4:1"}, 0},
		{"lists of lists and objects", `{"a":[{"b": 1.0, "c":[null]}, 2],"d":1}` + "\n" + `{"a":[ [1] ]}` + "\n" + `{"a":["x|y","\u00e9"]}` + "\n" + `{"a":[]}` + "\n" + `{"a":"x"}`,
			[]string{"a", "d"}, []string{`1:[{"b":1.0,"c":[null]},2]/1`, "2:[[1]]/", `3:["x|y","\u00e9"]/`, "5:x/"}, 1},
		{"broken lists", `{"a":[{"b":1]}` + "\n" + `{"a":[{"b":1,"b":2}]}` + "\n" + `{"a":[1` + "\n" + `{"a":1}`,
			[]string{"a"}, []string{"1!not_an_object@", "2!repeated_key@a.0.b", "3!not_an_object@", "4:1"}, 0},
		{"encoding", "{\"a\":\"caf\xe9\"}\n" + `{"a":"\ud800"}` + "\n" + `{"a":"\u0000"}` + "\n" + `{"a":"x\ny, \"z\""}`,
			[]string{"a"}, []string{"1!encoding@", "2!not_an_object@", "3!control_character@a", "4:x\ny, \"z\""}, 0},
		{"deep", strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40) + "\n" + `{"a":1}`, []string{strings.Repeat("a.", 31) + "a", "a"}, []string{"1:" + strings.Repeat(`{"a":`, 8) + "1" + strings.Repeat("}", 8) + "/", "2:/1"}, 0},
		{"long", `{"a":"` + strings.Repeat("x", maxCell+1) + `"}` + "\n" + `{"a":"` + strings.Repeat("x", 2*maxRecord) + "\"}\n" + `{"a":"` + strings.Repeat(`\"`, maxCell) + `"}` + "\n",
			[]string{"a"}, []string{"1!field_too_long@a", "2!field_too_long@", "3:" + strings.Repeat(`"`, maxCell)}, 0},
		{"first line damaged", "x\n{\"a\":1}\n", []string{"a"}, []string{"1!not_an_object@", "2:1"}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := mustOpen(t, "in.jsonl", tt.in, Options{})
			if d := cmp.Diff(tt.header, f.Header()); d != "" {
				t.Error("header (-want +got)\n", d)
			}
			for range 2 {
				if d := cmp.Diff(tt.want, show(t, f)); d != "" {
					t.Errorf("(-want +got)\n%.300s", d)
				}
			}
			if f.Skipped() != tt.skipped {
				t.Errorf("skipped: got %d, want %d", f.Skipped(), tt.skipped)
			}
		})
	}
}

func TestJSONIsTold(t *testing.T) {
	f := mustOpen(t, "in.txt", "\ufeff {\"a\":1}\n", Options{Delimiter: ';'})
	if got := f.Format(); got != "JSON Lines, UTF-8" {
		t.Errorf("got %q", got)
	}
	if err := f.Unchanged(); err != nil {
		t.Error(err)
	}
	for _, in := range []string{"[{\"a\":1}]\n", "[\n {\"a\":1}\n]", "{\n\"a\": 1\n}\n"} {
		_, err := openAs(t, "in.json", in, Options{})
		wantError(t, err, "no JSON object", "jq")
	}
	for in, want := range map[string]string{
		`{"a":1,"a":2}` + "\n\n" + `{"b":1,"b":2}`: `no line of the file can be read, this one because the key stands twice in the object (key "a")`,
		"{\"a\":\"\xe9\"}\n":                       "no line of the file can be read, this one because byte 7 of the line is not UTF-8",
		"{}\n{}\n":                                 "have no keys",
	} {
		_, err := openAs(t, "in.jsonl", in, Options{})
		wantError(t, err, want, "")
	}
	var keys strings.Builder
	for i := range maxKeys + 1 {
		fmt.Fprintf(&keys, "{\"k%d\":1}\n", i)
	}
	_, err := openAs(t, "in.jsonl", keys.String(), Options{})
	wantError(t, err, "4096 different keys", "columns")
}

// grown is what a function allocates.
func grown(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestLongFieldsTakeNoMemory: 100 MB in one cell, from a pipe so that no such
// file is made here by hand.
func TestLongFieldsTakeNoMemory(t *testing.T) {
	for name, in := range map[string][2]string{
		"CSV":        {"a,b\n1,\"", "\"\n3,4\n"},
		"JSON Lines": {"{\"a\":\"", "\"}\n{\"a\":\"3\",\"b\":\"4\"}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			bytes := grown(func() {
				f, err := Open("-", Options{Stdin: hundredMB(in[0], in[1])})
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
				got = show(t, f)
			})
			if len(got) != 2 || !strings.Contains(got[0], "!field_too_long@") || !strings.HasSuffix(got[1], ":3/4") {
				t.Errorf("got %.80q", got)
			}
			if bytes > 64<<20 {
				t.Errorf("got %d MB allocated, want less than 64", bytes>>20)
			}
		})
	}
}
