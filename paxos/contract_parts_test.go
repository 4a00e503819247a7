package paxos_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"embark/paxos"
	"embark/paxossim"
)

// The contract of what comes beside a person and an account.

func TestContractOfTheSimulatorsParts(t *testing.T) {
	for name, options := range map[string]paxossim.Options{
		"calm":    {ApproveAfter: 3 * time.Second},
		"hostile": {Seed: 7, ApproveAfter: time.Minute, DecideEvery: 10 * time.Second, StatusKeys: paxossim.StatusKey, RetryAfter: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { checkParts(t, newClient(newSim(t, options).Transport())) })
		})
	}
}

// contractOf is a contract with the scopes of all operations.
func contractOf(t *testing.T, c *paxos.Client) *contract {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	t.Cleanup(cancel)
	var scopes []string
	for _, scope := range paxos.Operations() {
		if !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	if _, err := c.Authorize(ctx, scopes, nil); err != nil {
		t.Fatal(err)
	}
	return &contract{t, c, ctx, c.ServerTime().Add(-time.Minute), time.Now().UnixNano()}
}

func checkParts(t *testing.T, c *paxos.Client) {
	k := contractOf(t, c)
	ada, grace := k.create(k.madeUp(11)), k.create(k.madeUp(12))
	k.approved(ada)
	k.approved(grace)
	k.documents(ada)
	k.institution(ada, grace)
	account, _ := k.open(k.madeUp(11).RefID, ada)
	k.joint(account, grace)
}

// documents: the bytes follow the name, which is given out once.
func (k *contract) documents(id string) {
	k.Helper()
	const bytes = "%PDF-1.4 made up"
	r := paxos.UploadDocumentRequest{Name: fmt.Sprintf("residence-%d.pdf", k.run), DocumentTypes: []string{"PROOF_OF_RESIDENCY"}}
	u, err := k.c.UploadDocument(k.ctx, id, r)
	if err != nil {
		k.Fatalf("upload: %v", err)
	}
	if err := k.c.PutDocument(k.ctx, u.UploadURL, "application/pdf", int64(len(bytes)), strings.NewReader(bytes)); err != nil {
		k.Fatalf("put: %v", err)
	}
	l, err := k.c.ListIdentityDocuments(k.ctx, id, true)
	if err != nil || !slices.ContainsFunc(l.Documents, func(d paxos.Document) bool { return d.Name == r.Name && d.FileID == u.FileID }) {
		k.Errorf("documents: got %+v %v, want %s", l, err, r.Name)
	}
	_, err = k.c.UploadDocument(k.ctx, id, r)
	var e *paxos.Error
	if !errors.As(err, &e) || e.Status != 409 || !e.NameTaken {
		k.Errorf("the name again: got %v, want a 409 that says so", err)
	}
}

// institution: it is read with its members, gets another, and is let through.
func (k *contract) institution(owner, user string) {
	k.Helper()
	r := institution()
	r.RefID = fmt.Sprintf("contract-%d-inst", k.run)
	r.InstitutionDetails.CIPID = fmt.Sprintf("12-%07d", k.run%1e7)
	r.TaxDetails = nil
	r.InstitutionMembers[0].IdentityID = owner
	id := k.create(r)
	members, err := k.c.AddInstitutionMembers(k.ctx, id, []paxos.InstitutionMember{{IdentityID: user, Roles: []string{"AUTHORIZED_USER"}}})
	if err != nil || len(members) == 0 || members[len(members)-1].ID == "" {
		k.Fatalf("add a member: got %+v %v, want its id", members, err)
	}
	full, err := k.c.GetIdentityWith(k.ctx, id, paxos.Parts{InstitutionMembers: true})
	if err != nil || full.Type != paxos.TypeInstitution || full.InstitutionDetails != nil || len(full.InstitutionMembers) != 2 {
		k.Fatalf("with members: got %v and %d of them, want two, and no details", err, len(full.InstitutionMembers))
	}
	err = k.c.SandboxSetIdentityStatus(k.ctx, id, paxos.SandboxStatusRequest{SanctionsVerificationStatus: paxos.StatusApproved,
		DocumentVerificationStatus: paxos.StatusApproved, AdditionalScreeningStatus: paxos.StatusApproved})
	if err != nil {
		k.Fatalf("sandbox status: %v", err)
	}
	k.approved(id)
}

// open makes an account with a profile.
func (k *contract) open(refID, owner string) (account, profile string) {
	k.Helper()
	a, err := k.c.CreateAccount(k.ctx, bodyOf(&paxos.CreateAccountRequest{CreateProfile: true,
		Account: paxos.Account{IdentityID: owner, RefID: refID + "-account", Type: paxos.AccountBrokerage}}))
	if err != nil {
		k.Fatalf("create account: %v", err)
	}
	return a.ID, a.ProfileID
}

func (k *contract) joint(account, member string) {
	k.Helper()
	added, err := k.c.AddAccountMembers(k.ctx, account, []paxos.AccountMember{{IdentityID: member, Roles: []string{"AUTHORIZED_USER"}}})
	if err != nil || len(added) == 0 || added[len(added)-1].ID == "" {
		k.Fatalf("add a member: got %+v %v, want its id", added, err)
	}
	a, err := k.c.GetAccount(k.ctx, account)
	if err != nil || !slices.ContainsFunc(a.Members, func(m paxos.AccountMember) bool { return m.IdentityID == member }) {
		k.Errorf("account: got %+v %v, want the member", a, err)
	}
}
