package paxos

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// getTries is how often a GET is sent at most, over about seven seconds. 404
// counts as passing trouble because a reading right after a create may lag.
const getTries = 4

// retryGet sends a GET again after lost answers, 404, 408 and 5xx. Anything
// that is not a GET passes through untouched.
type retryGet struct{ base http.RoundTripper }

// errAgain carries a reply that is worth another try to the next attempt.
var errAgain = errors.New("try again")

func (r *retryGet) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodGet {
		return r.base.RoundTrip(req)
	}
	tries := 0
	attempt := func() (*http.Response, error) {
		tries++
		res, err := r.base.RoundTrip(req)
		if err != nil {
			return nil, again(err)
		}
		if passing(res.StatusCode) && tries < getTries {
			_ = res.Body.Close()
			return nil, fmt.Errorf("HTTP %d: %w", res.StatusCode, errAgain)
		}
		return res, nil
	}
	curve := &backoff.ExponentialBackOff{InitialInterval: time.Second, RandomizationFactor: 0.5,
		Multiplier: 2, MaxInterval: 10 * time.Second}
	// No limit in time, which is 15 minutes by default: a pause may take as long.
	return backoff.Retry(req.Context(), attempt, backoff.WithBackOff(curve), backoff.WithMaxTries(getTries),
		backoff.WithMaxElapsedTime(0))
}

func passing(status int) bool {
	return status == http.StatusNotFound || status == http.StatusRequestTimeout || status >= 500
}

// again stops the tries where another one would fare the same.
func again(err error) error {
	if errors.Is(err, ErrCredentials) || errors.Is(err, ErrScope) || GaveUp(err) {
		return backoff.Permanent(err)
	}
	return err
}
