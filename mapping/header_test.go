package mapping

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestHeaderShowsNoCustomer: in a file without a header no word of the first row
// is shown, whatever else is wrong with it.
func TestHeaderShowsNoCustomer(t *testing.T) {
	for name, header := range map[string][]string{
		"row":             {"Kira", "Canary", "900-12-3456", "Canary", "USA"},
		"words only":      {"Kira", "Canary", "Kira", "USA"},
		"a known word":    {"Kira", "Canary", "kira@example.com", "Canary", "email"},
		"without a name":  {"Kira", "", "1980-01-31", "Canary"},
		"last name first": {"Canary, Kira", "Kira", "1980-01-31"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, spec := range []*Spec{nil, parseSpec(t, legacy), parseSpec(t, "version: 1\ncolumns:\n  ref_id: A\n  email: B\n")} {
				_, err := New(header, Options{Spec: spec})
				e, ok := err.(*HeaderError)
				if !ok {
					t.Fatalf("got %v, want a *HeaderError", err)
				}
				if all := strings.ToLower(fmt.Sprint(e.Text, e.Hint, e.More)); strings.Contains(all, "canary") || strings.Contains(all, "kira") || strings.Contains(all, "900-") {
					t.Errorf("a customer is shown: %s", all)
				}
				if e.Hint == "" || len(e.More) > 0 {
					t.Errorf("got the hint %q and %q", e.Hint, e.More)
				}
			}
		})
	}
}

// TestHeaderFaultsTogether: all faults of a header are told at once.
func TestHeaderFaultsTogether(t *testing.T) {
	replaced := func(all []string, changes ...string) []string {
		all = slices.Clone(all)
		for i := 0; i < len(changes); i += 2 {
			all[slices.Index(all, changes[i])] = changes[i+1]
		}
		return all
	}
	canonical, source := slices.Sorted(maps.Keys(ada())), slices.Sorted(maps.Keys(theirs()))
	for _, tt := range []struct {
		name   string
		header []string
		spec   string
		want   []string
	}{
		{"canonical", append(replaced(canonical, "last_name", "lastname", "nationality", ""), "ref_id"), "",
			[]string{"has no name", "have the same name", `"lastname" is not known; did you mean "last_name"?`, "required columns are missing: last_name, nationality"}},
		{"mapped", append(replaced(source, "Surname", "Family", "Zip", " "), "Nickname"), legacy,
			[]string{"has no name", `not in the file: "Surname"`, `not in the mapping "legacy.yaml": "Family", "Nickname"`}},
		{"mapped, and a required one not at all", replaced(source, "Zip", "Zap"), strings.Replace(legacy, "  last_name: {column: Surname}\n", "", 1),
			[]string{`not in the file: "Zip"`, `not in the mapping "legacy.yaml": "Surname"`, "required columns are missing: last_name"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := Options{}
			if tt.spec != "" {
				o.Spec = parseSpec(t, tt.spec)
			}
			_, err := New(tt.header, o)
			e, ok := err.(*HeaderError)
			if !ok {
				t.Fatalf("got %v, want a *HeaderError", err)
			}
			got := append([]string{sentence(e.Text, e.Hint)}, e.More...)
			if len(got) != len(tt.want) {
				t.Fatalf("got %d faults, want %d:\n%s", len(got), len(tt.want), strings.Join(got, "\n"))
			}
			for i, want := range tt.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("got %q, want %q", got[i], want)
				}
			}
		})
	}
}

func TestMisreadHeadings(t *testing.T) {
	for name, want := range map[string]bool{
		"StraÃŸe": true, "GeschÃ¤ft": true, "â€œNameâ€\u009d": true, "Stra\ufffde": true, "Â\u00a0Name": true, "Ã\u009f": true,
		"Straße": false, "SITUAÇÃO": false, "Âge": false, "Name": false, "名前": false, "": false,
	} {
		if got := isMisread(name); got != want {
			t.Errorf("%q: got %t, want %t", name, got, want)
		}
	}
	const spec = "version: 1\nignore: [C, D]\ncolumns:\n  ref_id: A\n  email: B\n  address.address1: Straße\n"
	for _, tt := range []struct{ spec, heading, want string }{
		{spec, "StraÃŸe", "--encoding"},
		{spec, "Strase", `the file has "Strase": correct line 6`},
		{strings.Replace(spec, "Straße", "StraÃŸe", 1), "Straße", "save the mapping as UTF-8"},
	} {
		_, err := New([]string{"A", "B", tt.heading}, Options{Spec: parseSpec(t, tt.spec)})
		if e, ok := err.(*HeaderError); !ok || !strings.Contains(e.Hint, tt.want) {
			t.Errorf("%s: got %v, hint %q, want %q", tt.heading, err, hint(e), tt.want)
		}
	}
}
