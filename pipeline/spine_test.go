package pipeline

import (
	"fmt"
	"testing"
	"time"

	"embark/onboard"
	"embark/paxos"
)

// TestRowChangedSincePassOne: what somebody else made Paxos have in between is
// not sent over, and the report says so.
func TestRowChangedSincePassOne(t *testing.T) {
	draft := onboard.Record{Key: "identity/c1", Request: []byte("{}"), Print: []byte("new")}
	known := onboard.Record{Key: "identity/c1", ID: "i1", Print: []byte("old")}
	account := onboard.Record{Key: "account/a", Request: []byte("{}"), Print: []byte("a"), Needs: []onboard.Need{{Key: draft.Key}}}
	other := onboard.Record{Key: "account/a", ID: "a1", Print: []byte("b"), Needs: account.Needs}
	for name, tt := range map[string]struct{ drafts, known []onboard.Record }{
		"the identity": {[]onboard.Record{draft}, []onboard.Record{known}},
		"the account":  {[]onboard.Record{draft, account}, []onboard.Record{{}, other}},
	} {
		r := &run{checked: &Checked{verdicts: []verdict{due}}, queue: newQueue()}
		step, drafts := r.row(job{drafts: tt.drafts}, tt.known)
		if step.Action != "" || drafts != nil || r.checked.verdicts[0] != changed {
			t.Errorf("%s: got %s, %d drafts, verdict %d, want nothing sent and the row changed", name, step.Action, len(drafts), r.checked.verdicts[0])
		}
	}
}

// TestFeedReadsFromALittleBefore: each look goes back a short way, and from time
// to time a long one; while less was seen than that, it goes to the beginning.
func TestFeedReadsFromALittleBefore(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		seen int
		deep bool
		want string
	}{{0, false, "start"}, {shortLook, false, "start"}, {shortLook + 1, false, "1"}, {deepLook, true, "start"}, {deepLook + 3, true, "3"}} {
		f := &feed{since: "start", deepAt: now}
		if tt.deep {
			f.deepAt = now.Add(-time.Hour)
		}
		for i := range tt.seen {
			f.recent = append(f.recent, paxos.Event{CreatedAt: fmt.Sprint(i)})
		}
		if got := f.from(now); got != tt.want {
			t.Errorf("%+v: got %q", tt, got)
		}
	}
}

// TestResumedIsLookedAt: what an earlier run looked for in vain is looked for at
// once, whatever the pause; only readings are, a create waits its time.
func TestResumedIsLookedAt(t *testing.T) {
	now := time.Now()
	r := &run{queue: newQueue()}
	there := onboard.Record{Key: "sandbox_deposit/a", Exists: true, Attempt: 1, Lost: 9, Returned: now}
	if step, _ := r.resumedObject([]onboard.Record{there}); step.Action != onboard.Find {
		t.Errorf("resumed: got %q, want %q", step.Action, onboard.Find)
	}
	if step, _ := r.object([]onboard.Record{there}); step.Action != "" {
		t.Errorf("again: got %q, want it later", step.Action)
	}
	lost := onboard.Record{Key: "account/a", Attempt: 1, Returned: now, Request: []byte("{}")}
	if step, _ := r.resumedObject([]onboard.Record{lost}); step.Action != "" {
		t.Errorf("to be made: got %q, want it to settle first", step.Action)
	}
}
