package onboard

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAdmitIdentity(t *testing.T) {
	refused := func(r *Record) { r.Problem, r.Request, r.Attempt = &Problem{Code: CodeRefused}, nil, 2 }
	tests := []struct {
		name       string
		known      func(*Record)
		same       bool // the row says what is known
		retry      bool
		want       Admission
		state      State
		hasRequest bool
	}{
		{"ready, same", nil, true, false, Same, Ready, true},
		{"ready, other", nil, false, false, Fresh, Ready, true},
		{"ready without request, same", func(r *Record) { r.Request = nil }, true, false, Same, Ready, true},
		{"sent, same", func(r *Record) { r.Intent = &Intent{} }, true, false, Same, Sent, true},
		{"sent, other", func(r *Record) { r.Intent = &Intent{} }, false, false, Changed, Sent, true},
		{"in doubt, same", func(r *Record) { r.Attempt = 1 }, true, true, Same, InDoubt, true},
		{"in doubt, other", func(r *Record) { r.Attempt = 1 }, false, true, Changed, InDoubt, true},
		{"exists, other", func(r *Record) { r.Exists = true }, false, true, Changed, InDoubt, true},
		{"candidate, other", func(r *Record) { r.Candidate = "i1" }, false, true, Changed, InDoubt, true},
		{"made, same", func(r *Record) { r.ID, r.Request = "i1", nil }, true, true, Same, Pending, false},
		{"made, other", func(r *Record) { r.ID, r.Request = "i1", nil }, false, true, Changed, Pending, false},
		{"refused, same", refused, true, false, Same, Refused, false},
		{"refused, same, retried", refused, true, true, Retried, InDoubt, true},
		{"refused, other", refused, false, false, Fresh, InDoubt, true},
		{"conflict, same", func(r *Record) { r.Problem = &Problem{Code: CodeCIPConflict} }, true, false, Same, Conflict, true},
		{"conflict, other", func(r *Record) { r.Problem = &Problem{Code: CodeCIPConflict} }, false, false, Fresh, Ready, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			known := anIdentity(t, tt.known)
			draft := anIdentity(t, nil)
			if !tt.same {
				draft, _ = draftsOf(t, customer("c1", "Smith"))
			}
			got, admission := Admit(known, draft, tt.retry)
			if admission != tt.want || got.State() != tt.state || len(got.Request) > 0 != tt.hasRequest {
				t.Errorf("got %s, %s, %d bytes of request, want %s, %s, %t", admission, got.State(), len(got.Request), tt.want, tt.state, tt.hasRequest)
			}
			if got.Attempt != known.Attempt {
				t.Errorf("got attempt %d, want %d", got.Attempt, known.Attempt)
			}
		})
	}
}

func TestAdmitUnknown(t *testing.T) {
	draft := anIdentity(t, nil)
	if got, admission := Admit(Record{}, draft, false); admission != Fresh || cmp.Diff(draft, got) != "" {
		t.Errorf("got %s, want %s and the draft", admission, Fresh)
	}
	if got, admission := Admit(draft, Record{}, false); admission != NoObject || cmp.Diff(draft, got) != "" {
		t.Errorf("got %s, want %s and the record", admission, NoObject)
	}
}

// An account's request does not say whose account it is: a row of another
// customer that names the same account.ref_id must not pass for the same.
func TestAdmitAccountOfAnother(t *testing.T) {
	for name, known := range map[string]Record{"waiting": anAccount(t, nil), "made": anAccount(t, func(r *Record) { r.ID = "a1" })} {
		other := customer("c9", "Smith")
		other.Account.Account.RefID = accountRef
		_, draft := draftsOf(t, other)
		if !bytes.Equal(known.Print, draft.Print) {
			t.Fatal("the fingerprints differ; the case needs equal ones")
		}
		if got, admission := Admit(known, draft, true); admission != Changed || got.Needs[0].Key != "identity/c1" {
			t.Errorf("%s: got %s, needs %q, want %s, identity/c1", name, admission, got.Needs[0].Key, Changed)
		}
	}
}

// A profile is funded once: another amount counts until then, and is no change
// of the row afterwards.
func TestAdmitOtherFund(t *testing.T) {
	draft := Record{Key: "sandbox_deposit/a", Request: []byte("200"), Print: []byte("200")}
	for name, tt := range map[string]struct {
		known Record
		want  Admission
	}{
		"not sent": {Record{}, Fresh},
		"sent":     {Record{Intent: &Intent{}}, Same},
		"in doubt": {Record{Attempt: 1}, Same},
		"made":     {Record{ID: "credited"}, Same},
	} {
		tt.known.Key, tt.known.Request, tt.known.Print = draft.Key, []byte("100"), []byte("100")
		if _, got := Admit(tt.known, draft, false); got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}

func TestAdmitKeepsSurroundings(t *testing.T) {
	known := anAccount(t, func(r *Record) { r.Problem, r.Request = &Problem{Code: CodeRefused}, nil })
	_, draft := draftsOf(t, customer("c1", "Miller"))
	got, _ := Admit(known, draft, true)
	if !reflect.DeepEqual(got.Needs[0], known.Needs[0]) {
		t.Errorf("got need %+v, want %+v, which was heard", got.Needs[0], known.Needs[0])
	}
	first, second := anIdentity(t, nil), anIdentity(t, func(r *Record) { r.Needed = []Key{"account/other"} })
	both, _ := Admit(first, second, false)
	if want := []Key{"account/c1-account", "account/other"}; !slices.Equal(both.Needed, want) || len(first.Needed) != 1 {
		t.Errorf("got %q needed, and %q in what was known, want %q", both.Needed, first.Needed, want)
	}
	stale := anIdentity(t, func(r *Record) { r.Intent = &Intent{Run: 1} })
	if got, _ := Admit(anIdentity(t, func(r *Record) { r.Problem = &Problem{Code: CodeRefused} }), stale, true); got.Intent != nil {
		t.Error("got the intent of a stale draft, want none")
	}
}

func TestDrafts(t *testing.T) {
	identity, account := draftsOf(t, customer("c1", "Miller"), "c1", "Miller")
	again, accountAgain := draftsOf(t, customer("c1", "Miller"), "c1", "Miller")
	if diff := cmp.Diff([]Record{identity, account}, []Record{again, accountAgain}); diff != "" {
		t.Errorf("the same row gave something else: %s", diff)
	}
	if identity.State() != Ready || account.State() != Waiting || identity.Needed[0] != account.Key || account.Needs[0].Key != identity.Key {
		t.Errorf("got %s and %s, want them to know each other", identity.State(), account.State())
	}
	other, _ := draftsOf(t, customer("c1", "Smith"), "c1", "Smith")
	if bytes.Equal(identity.Print, other.Print) || bytes.Equal(identity.Cells, other.Cells) {
		t.Error("got equal fingerprints of other content")
	}
	split, _ := draftsOf(t, customer("c1", "Miller"), "c1M", "iller")
	if bytes.Equal(identity.Cells, split.Cells) {
		t.Error("got equal fingerprints of cells that are split elsewhere")
	}
}

func TestDraftsWithoutAccount(t *testing.T) {
	c := customer("c1", "Miller")
	c.Account = nil
	identity, account := draftsOf(t, c)
	if account.Known() || len(identity.Needed) > 0 {
		t.Errorf("got account %q, needed %q, want none", account.Key, identity.Needed)
	}
}

func TestDraftsOfGivenIdentity(t *testing.T) {
	c := customer("c1", "Miller")
	c.IdentityID, c.Identity = "i7", nil
	identity, account := draftsOf(t, c)
	if identity.ID != "i7" || identity.Origin != Given || len(identity.Request) > 0 || identity.State() != Pending || !account.Known() {
		t.Errorf("got %+v, want identity i7, which is not sent", identity)
	}
	conflict := anIdentity(t, func(r *Record) { r.Problem = &Problem{Code: CodeCIPConflict, Other: "i7"} })
	if got, admission := Admit(conflict, identity, false); admission != Fresh || got.ID != "i7" || got.Problem != nil {
		t.Errorf("after a conflict: got %s, %+v, want %s with i7", admission, got, Fresh)
	}
}
