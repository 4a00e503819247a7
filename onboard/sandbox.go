package onboard

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"embark/paxos"
)

// sandboxRequest forces a status, as far as it is documented how: a person is
// approved by verification and sanctions, an institution by sanctions and
// documents; a disabled one is disabled by its owner.
func sandboxRequest(status string, institution bool) paxos.SandboxStatusRequest {
	if status == paxos.StatusDisabled {
		return paxos.SandboxStatusRequest{UserDisabled: &paxos.SetDisable{Disabled: true}}
	}
	req := paxos.SandboxStatusRequest{SanctionsVerificationStatus: status}
	if institution {
		req.DocumentVerificationStatus = status
	} else {
		req.IDVerificationStatus = status
	}
	return req
}

// setSandboxStatus may be repeated at will.
func setSandboxStatus(ctx context.Context, api API, s Step) Answer {
	req, err := request[paxos.SandboxStatusRequest](s.Record)
	if err != nil {
		return Answer{Err: err}
	}
	if err := api.SandboxSetIdentityStatus(s.writing(ctx), s.Record.need(KindIdentity).ID, req); err != nil {
		return Answer{Err: unclear(err)}
	}
	return Answer{Object: &Object{ID: "set"}, Origin: Made}
}

// createSandboxDeposit credits a profile. The call has no key and credits again
// each time, so it is sent once and never again: a balance shows that it, or
// somebody else's, arrived.
func createSandboxDeposit(ctx context.Context, api API, s Step) Answer {
	found, err := sandboxDepositFinder(ctx, api, s.Record)()
	switch {
	case err != nil:
		return Answer{Err: notMade(err)}
	case found != nil:
		return foundAnswer(s, found)
	case s.Repeat():
		return Answer{Err: fmt.Errorf("the first deposit may still come: %w", paxos.ErrUnreadable), Exists: true}
	}
	if _, err := api.CreateSandboxDeposit(s.writing(ctx), s.Record.need(KindAccount).Profile, s.Record.Request); err != nil {
		return Answer{Err: unclear(err)}
	}
	return Answer{Object: &Object{ID: "credited"}, Origin: Made}
}

// unclear: what a 409 would mean is not documented, so it may hide a success.
func unclear(err error) error {
	if paxos.StatusOf(err) == http.StatusConflict {
		return fmt.Errorf("a conflict: %w", paxos.ErrUnreadable)
	}
	return err
}

// sandboxDepositFinder tells whether the profile has any money.
func sandboxDepositFinder(ctx context.Context, api API, r Record) finder {
	return func() (*Object, error) {
		req, err := request[paxos.SandboxDepositRequest](r)
		if err != nil {
			return nil, err
		}
		b, err := api.GetProfileBalance(ctx, r.need(KindAccount).Profile, req.Asset)
		if err != nil || strings.Trim(b.Available+b.Trading, "0.") == "" {
			return nil, err
		}
		return &Object{ID: "credited"}, nil
	}
}
