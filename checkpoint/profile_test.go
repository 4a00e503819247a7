package checkpoint

import (
	"testing"
)

// TestProfiles: what was kept under a name comes back, also after the checkpoint
// was closed, and there is nothing under others.
func TestProfiles(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	if got, err := s.Profiles("a.yaml"); err != nil || got != nil {
		t.Fatalf("got %q, %v of a new checkpoint, want nothing", got, err)
	}
	for _, text := range []string{"first", "second"} {
		if err := s.SaveProfiles(t.Context(), map[string][]byte{"a.yaml": []byte(text), "b.yaml": []byte("other")}); err != nil {
			t.Fatal(err)
		}
	}
	s.shut()
	s = open(t, path)
	for name, want := range map[string]string{"a.yaml": "second", "b.yaml": "other", "c.yaml": ""} {
		if got, err := s.Profiles(name); err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, want)
		}
	}
}
