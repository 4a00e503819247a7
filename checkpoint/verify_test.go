package checkpoint

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"embark/onboard"
)

// What [Open] refuses, [Inspect] refuses for the same kind of reason, and it
// never leaves a trace.
func TestInspectJudgesAsOpen(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(t *testing.T, path string)
		o     Options
		want  error
	}{
		"ours":                {want: nil},
		"absent":              {spoil: func(t *testing.T, path string) { removeAll(t, path) }, want: ErrAbsent},
		"lost":                {spoil: func(t *testing.T, path string) { remove(t, path) }, want: ErrDamaged},
		"empty file":          {spoil: func(t *testing.T, path string) { overwrite(t, path, "") }, want: ErrDamaged},
		"no database":         {spoil: func(t *testing.T, path string) { overwrite(t, path, strings.Repeat("x", 9000)) }, want: ErrDamaged},
		"other environment":   {o: Options{Environment: "production"}, want: ErrForeign},
		"key lost":            {spoil: func(t *testing.T, path string) { remove(t, path+".key") }, want: ErrKey},
		"other key":           {spoil: func(t *testing.T, path string) { overwrite(t, path+".key", strings.Repeat("ab", 32)) }, want: ErrKey},
		"readable by others":  {spoil: func(t *testing.T, path string) { chmod(t, path, 0o640) }, want: ErrForeign},
		"key open to others":  {spoil: func(t *testing.T, path string) { chmod(t, path+".key", 0o604) }, want: ErrForeign},
		"manifest unreadable": {spoil: func(t *testing.T, path string) { overwrite(t, path+".manifest", "{") }, want: ErrDamaged},
		"newer manifest": {spoil: func(t *testing.T, path string) {
			text, _ := os.ReadFile(path + ".manifest")
			overwrite(t, path+".manifest", strings.Replace(string(text), `"transaction": `, `"transaction": 9`, 1))
		}, want: ErrDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			s := open(t, path)
			s.plant(draftsNamed(s.Store, "c1", "Canarylast"))
			s.shut()
			if c.spoil != nil {
				c.spoil(t, path)
			}
			c.o.Path = path
			if c.o.Environment == "" {
				c.o.Environment = "sandbox"
			}
			before := folder(t, path)
			found, err := Inspect(c.o)
			if !errors.Is(err, c.want) || err == nil && found.Counts.Total() != 2 {
				t.Errorf("got %+v, %v, want %v", found, err, c.want)
			}
			if after := folder(t, path); after != before {
				t.Errorf("got another folder:\n%s\nwant\n%s", after, before)
			}
			c.o.MustExist = true
			if opened, openErr := Open(c.o); !errors.Is(openErr, c.want) {
				t.Errorf("Open: got %v, want %v", openErr, c.want)
			} else if openErr == nil {
				_ = opened.Close()
			}
		})
	}
}

func TestInspectInUse(t *testing.T) {
	path := newPath(t)
	open(t, path)
	if _, err := Inspect(Options{Path: path, Environment: "sandbox"}); !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Errorf("got %v, want ErrInUse with the process", err)
	}
}

func TestInspectOtherClient(t *testing.T) {
	path := newPath(t)
	s := openWith(t, Options{Path: path, Environment: "sandbox", ClientID: "one"})
	s.plant(draftsNamed(s.Store, "c1", "Canarylast"))
	s.shut()
	for client, want := range map[string]bool{"one": true, "two": false, "": true} {
		found, err := Inspect(Options{Path: path, Environment: "sandbox", ClientID: client})
		if err != nil || found.SameClient != want {
			t.Errorf("%q: got %+v, %v, want %v", client, found, err, want)
		}
	}
}

// What a verification keeps is there after a restart, in order, and goes when
// it is to; records are not touched by it.
func TestVerificationIsKept(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	s.plant(draftsNamed(s.Store, "c1", "Canarylast"))
	found := map[onboard.Key][]byte{}
	var want []string
	for i := range chunk + 5 {
		key := onboard.NewKey(onboard.KindIdentity, fmt.Sprintf("c%06d", i))
		found[key] = []byte(key)
		want = append(want, string(key))
	}
	if state, err := s.Verification(); state != nil || err != nil {
		t.Errorf("got %q, %v, want none", state, err)
	}
	if err := errors.Join(s.SaveVerification(ctx, []byte("one"), found), s.SaveVerification(ctx, []byte("two"), nil)); err != nil {
		t.Fatal(err)
	}
	s.shut()
	s = open(t, path)
	if state, err := s.Verification(); string(state) != "two" || err != nil {
		t.Errorf("got %q, %v, want what was saved last", state, err)
	}
	if got := s.found(); !slices.Equal(got, want) {
		t.Errorf("got %d findings, want %d in order", len(got), len(want))
	}
	if err := errors.Join(s.ForgetVerification(ctx), s.ForgetVerification(ctx)); err != nil {
		t.Fatal(err)
	}
	if state, _ := s.Verification(); state != nil || s.found() != nil {
		t.Errorf("got %q, want all forgotten", state)
	}
}

func (s *testStore) found() (all []string) {
	for f, err := range s.VerificationFound() {
		if err != nil {
			s.t.Fatal(err)
		}
		all = append(all, string(f))
	}
	return all
}

func TestRecordsAfter(t *testing.T) {
	s := open(t, newPath(t))
	for i := range 5 {
		s.plant(draftsNamed(s.Store, fmt.Sprint("c", i), "Canarylast"))
	}
	for after, want := range map[string]string{"": "c0 c1 c2 c3 c4", "c1": "c2 c3 c4", "c11": "c2 c3 c4", "c4": ""} {
		var got []string
		for r, err := range s.RecordsAfter(onboard.KindIdentity, after) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, r.Key.RefID())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("after %q: got %q, want %q", after, got, want)
		}
	}
}

func removeAll(t *testing.T, path string) {
	t.Helper()
	for _, suffix := range []string{"", ".key", ".manifest", ".lock"} {
		remove(t, path+suffix)
	}
}

func overwrite(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// folder lists the files beside path with their modes, times and contents.
func folder(t *testing.T, path string) string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(filepath.Dir(path), e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "%s %s %s %x\n", e.Name(), info.Mode(), info.ModTime(), data)
	}
	return text.String()
}
