package paxos

import (
	"testing"
	"time"
)

func TestUsageWait(t *testing.T) {
	now := time.Unix(1_800_000_000, 500)
	at := func(ago int64) int64 { return now.Unix() - ago }
	tests := []struct {
		name string
		used map[int64]int
		want time.Duration
	}{
		{"nothing", nil, 0},
		{"room for one", map[int64]int{at(100): 2999}, 0},
		{"full", map[int64]int{at(100): 3000}, 201*time.Second - 500},
		{"full of two", map[int64]int{at(200): 1, at(100): 2999}, 101*time.Second - 500},
		{"gone by", map[int64]int{at(301): 3000}, 0},
		{"gone by for years", map[int64]int{0: 3000, -1 << 62: 3000}, 0},
		{"in the future", map[int64]int{at(-1): 3000}, 0},
		{"nonsense", map[int64]int{at(1): -3000, at(2): 0}, 0},
	}
	for _, tt := range tests {
		if got := newUsage(tt.used, now).wait(now, 10); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestUsageForgets(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	u := newUsage(nil, now)
	for i := range 3000 {
		u.add(now.Add(time.Duration(i) * 100 * time.Millisecond))
	}
	full := now.Add(299_900 * time.Millisecond)
	if got := u.wait(full, 10); got != 1100*time.Millisecond {
		t.Errorf("full: got %s, want 1.1s until the first second is over", got)
	}
	if got := u.wait(full.Add(1100*time.Millisecond), 10); got != 0 {
		t.Errorf("first second over: got %s, want 0", got)
	}
	u.forget(full.Add(time.Hour))
	if u.total != 0 || len(u.bySecond) != 0 {
		t.Errorf("an hour later: got %d in %d seconds, want none", u.total, len(u.bySecond))
	}
}

// A clock that is set back must neither free the window nor close it for the
// length of the jump.
func TestUsageFollowsTheClockBack(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	u := newUsage(nil, now)
	for range 3000 {
		u.add(now)
	}
	back := now.Add(-24 * time.Hour)
	if got := u.wait(back, 10); got != 301*time.Second {
		t.Errorf("set back by a day: got %s, want 301s", got)
	}
	if got := u.wait(back.Add(301*time.Second), 10); got != 0 {
		t.Errorf("after the window: got %s, want 0", got)
	}
}
