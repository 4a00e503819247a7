package paxos_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"embark/paxos"
)

// What only the sandbox has is not even asked for in production.
func TestSandboxOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		c := newClient(w, func(o *paxos.Options) { o.APIURL = "https://api.paxos.com/v2" })
		err1 := c.SandboxSetIdentityStatus(t.Context(), "x", paxos.SandboxStatusRequest{})
		_, err2 := c.CreateSandboxDeposit(t.Context(), "x", bodyOf(&paxos.SandboxDepositRequest{}))
		for _, err := range []error{err1, err2} {
			if !errors.Is(err, paxos.ErrSandboxOnly) || !isNotSent(err) {
				t.Errorf("got %v, want an ErrSandboxOnly that was not sent", err)
			}
		}
		w.wantCalls(t, 0, 0)
	})
}
