package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"embark/checkpoint"
	"embark/onboard"
	"embark/paxossim"
)

// looks makes a profile of so many rows with two columns, of which the second is
// blank in some, and so many customers in the USA and in Germany.
func looks(rows, blank, usa, deu int) profile {
	return profile{Columns: []string{"ref_id", "email"}, Rows: rows, Whole: rows, Blanks: []int{0, blank},
		Countries: map[string]int{"USA": usa, "DEU": deu}}
}

func TestCompare(t *testing.T) {
	columns := func(p profile, names ...string) profile {
		p.Columns = names
		p.Blanks = make([]int, len(names))
		return p
	}
	for name, c := range map[string]struct {
		before, now profile
		want        []string
	}{
		"equal":                       {looks(1000, 20, 900, 100), looks(1000, 20, 900, 100), nil},
		"an ordinary week":            {looks(1000, 20, 900, 100), looks(1400, 80, 1250, 150), nil},
		"half the rows":               {looks(1000, 0, 1000, 0), looks(499, 0, 499, 0), []string{"rows "}},
		"more than half as many":      {looks(1000, 0, 1000, 0), looks(1501, 0, 1501, 0), []string{"rows "}},
		"few rows, and twice as many": {looks(60, 0, 60, 0), looks(150, 0, 150, 0), nil},
		"too few to judge by but one": {looks(1000, 0, 1000, 0), looks(49, 49, 0, 49), []string{"rows "}},
		"too few before":              {looks(49, 0, 49, 0), looks(1000, 1000, 0, 1000), nil},
		"blanks":                      {looks(1000, 20, 1000, 0), looks(1000, 130, 1000, 0), []string{"blanks email"}},
		"fewer blanks are welcome":    {looks(1000, 900, 1000, 0), looks(1000, 20, 1000, 0), nil},
		"by chance in a small file":   {looks(50, 5, 50, 0), looks(50, 11, 50, 0), nil},
		"countries":                   {looks(1000, 0, 900, 100), looks(1000, 0, 700, 300), []string{"country DEU", "country USA"}},
		"columns": {columns(looks(1000, 0, 1000, 0), "ref_id", "email"), columns(looks(1000, 0, 1000, 0), "ref_id", "mail"),
			[]string{"column_added mail", "column_gone email"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, d := range compare("in.csv", &c.before, &c.now) {
				got = append(got, d.What+" "+d.Of)
				if !strings.HasPrefix(d.String(), `"in.csv": `) {
					t.Errorf("got the sentence %q", d)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestKeep: one mapping may serve several kinds of files; each takes the place
// of its own kind, and only so many are kept.
func TestKeep(t *testing.T) {
	of := func(kind string, rows int) profile {
		p := profile{Rows: rows}
		for i := range 4 {
			p.Columns = append(p.Columns, fmt.Sprint(kind, i))
		}
		return p
	}
	kept := keep(keep(nil, of("person", 1)), of("institution", 2))
	kept = keep(kept, of("person", 3))
	if len(kept) != 2 || kept[0].Rows != 2 || kept[1].Rows != 3 {
		t.Errorf("got %+v, want the institutions and the newer persons", kept)
	}
	for i := range 20 {
		kept = keep(kept, of(fmt.Sprint("kind", i), i))
	}
	if len(kept) != keptProfiles {
		t.Errorf("got %d kept, want %d", len(kept), keptProfiles)
	}
}

// TestDriftOfAccepted: a file is the measure for the next once a run has got as
// far as sending, and not before.
func TestDriftOfAccepted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 200, paxossim.Options{})
		everything := readInput(r)
		lines := strings.SplitAfter(everything, "\n")
		r.writeInput(strings.ReplaceAll(strings.Join(lines[:61], ""), ",USA,", ",ZZZ,")) // which is no country
		if _, err := r.run(t.Context(), nil); !errors.Is(err, ErrRejected) {
			t.Fatalf("got %v, want %v", err, ErrRejected)
		}
		r.writeInput(everything)
		if got := r.drifts(); got != nil {
			t.Errorf("got %v against a file that was never accepted, want nothing", got)
		}
		r.must(nil)
		r.writeInput(lines[0] + strings.Join(lines[150:], ""))
		if got := r.drifts(); len(got) != 1 || got[0].What != DriftRows {
			t.Errorf("got %v, want a drift of rows", got)
		}
		told := 0
		_, err := r.run(t.Context(), func(c *Config) { c.NoDrift, c.Drifted = true, func(d []Drift) { told += len(d) } })
		if !errors.Is(err, ErrDrift) || told != 1 {
			t.Errorf("got %v, told of %d, want %v and one", err, told, ErrDrift)
		}
		r.expect(r.must(nil), map[onboard.Outcome]int{onboard.AlreadyOnboarded: 51})
		if got := r.drifts(); got != nil {
			t.Errorf("got %v after it was accepted, want nothing", got)
		}
		// rows to correct are a part of a file, and neither held against one nor the measure of the next
		rejects := strings.ReplaceAll(lines[0], "\n", ",embark_errors\n") + strings.ReplaceAll(everything[len(lines[0]):], "\n", ",\n")
		r.writeInput(rejects)
		if got := r.drifts(); got != nil {
			t.Errorf("got %v of a file of rejected rows, want nothing", got)
		}
		r.must(nil)
		r.writeInput(lines[0] + strings.Join(lines[150:], ""))
		if got := r.drifts(); got != nil {
			t.Errorf("got %v after rejected rows were run, want nothing", got)
		}
	})
}

// drifts checks the input against the checkpoint.
func (r *rig) drifts() []Drift {
	r.t.Helper()
	store, err := checkpoint.Open(checkpoint.Options{Path: r.path("embark.db"), Environment: "test", ClientID: "test"})
	if err != nil {
		r.t.Fatal(err)
	}
	defer store.Close()
	checked, err := Check(context.Background(), r.input(), Checking{Store: store})
	if err != nil {
		r.t.Fatal(err)
	}
	return checked.Drifts
}
