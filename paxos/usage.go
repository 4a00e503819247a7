package paxos

import "time"

// usage counts the requests of one class over the last five minutes. It is the
// second fence behind the limiter: it also holds when an earlier process, or
// one with a larger budget, has sent the requests.
type usage struct {
	bySecond map[int64]int
	total    int
	oldest   int64
	newest   int64
}

func newUsage(used map[int64]int, now time.Time) *usage {
	u := &usage{bySecond: map[int64]int{}, oldest: now.Unix(), newest: now.Unix()}
	first := now.Add(-window).Unix()
	for second, n := range used {
		if second < first || second > now.Unix() || n <= 0 {
			continue // gone by, or a clock that was set back: do not wait for it
		}
		u.bySecond[second] = n
		u.total += n
		u.oldest = min(u.oldest, second)
	}
	return u
}

func (u *usage) add(now time.Time) {
	u.forget(now)
	u.bySecond[now.Unix()]++
	u.total++
}

// forget drops what is older than the window.
func (u *usage) forget(now time.Time) {
	if back := u.newest - now.Unix(); back > 0 {
		u.shift(back)
	}
	u.newest = now.Unix()
	first := now.Add(-window).Unix()
	if len(u.bySecond) == 0 {
		u.oldest = now.Unix()
	}
	for ; u.oldest < first; u.oldest++ {
		u.total -= u.bySecond[u.oldest]
		delete(u.bySecond, u.oldest)
		if u.total == 0 {
			u.oldest = now.Unix()
			return
		}
	}
}

// shift follows a clock that was set back by so many seconds. Otherwise what
// was sent until then would count until the clock has caught up again.
func (u *usage) shift(back int64) {
	shifted := make(map[int64]int, len(u.bySecond))
	for second, n := range u.bySecond {
		shifted[second-back] = n
	}
	u.bySecond = shifted
	u.oldest -= back
}

// wait is how long the window stays full at limit requests per second.
func (u *usage) wait(now time.Time, limit float64) time.Duration {
	u.forget(now)
	if float64(u.total)+1 <= limit*window.Seconds() {
		return 0
	}
	free := time.Unix(u.oldest+1, 0).Add(window)
	return max(free.Sub(now), time.Millisecond)
}
