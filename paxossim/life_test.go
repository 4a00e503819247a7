package paxossim

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"embark/paxos"
)

// Whatever the identity side knows is there again after a kill, and what was
// waiting comes to its end.
func TestIdentitySideSurvivesAKill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := Options{Seed: 9, StatePath: filepath.Join(t.TempDir(), "state"), ApproveAfter: time.Minute, StatusDetails: true,
			RequiredDocuments: map[string][]string{"cust-000002": {"APPLICATION", "CURP"}}}
		first, c := reopen(t, o)
		one, two := c.createIdentity(customer(1)).ID, c.createIdentity(customer(2)).ID
		inst := c.createIdentity(widgets(1, owner(one), owner(two))).ID
		c.call(200, "POST", "/identity/institution-members", addInstitutionMembersRequest{inst, []paxos.InstitutionMember{owner(one)}})
		account := c.createAccount(accountOf(one, "a")).ID
		c.call(200, "POST", "/identity/account-members",
			addAccountMembersRequest{account, []paxos.AccountMember{{IdentityID: two, Roles: []string{"AUTHORIZED_USER"}}}})
		forced := c.createIdentity(customer(3)).ID
		c.call(200, "PUT", "/identity/identities/"+forced+"/sandbox-status", `{"sanctions_verification_status":"ERROR"}`)
		time.Sleep(2 * time.Minute)
		store(c, "PUT", reserve(c, two, "a.pdf", "APPLICATION").UploadURL, strings.NewReader(pdf))
		late := reserve(c, two, "b.pdf", "CURP").UploadURL

		look := func(c *tester) (out []any) {
			for _, id := range []string{one, two, inst, forced} {
				out = append(out, get[paxos.Identity](c, "/identity/identities/"+id+"?include_details=true&include_institution_members=true"))
				out = append(out, get[paxos.DocumentList](c, "/identity/identities/"+id+"/documents?include_pending_docs=true"))
			}
			return append(out, get[paxos.Account](c, "/identity/accounts/"+account), get[eventPage](c, "/events"))
		}
		want, wantStats := look(c), first.Stats().Objects
		second, c := reopen(t, o)
		if diff := cmp.Diff(want, look(c)); diff != "" {
			t.Errorf("(-before +after):\n%s", diff)
		}
		if diff := cmp.Diff(wantStats, second.Stats().Objects); diff != "" {
			t.Errorf("objects (-before +after):\n%s", diff)
		}
		store(c, "PUT", late, strings.NewReader(pdf))
		time.Sleep(2 * time.Minute)
		if a, b, d := c.status(two), c.status(inst), c.status(forced); a != "APPROVED" || b != "APPROVED" || d != "ERROR" {
			t.Errorf("got %s, %s, %s, want APPROVED, APPROVED, ERROR", a, b, d)
		}
		text, _ := os.ReadFile(o.StatePath)
		for _, secret := range []string{"a.pdf", "Widgets", "CURP", pdf} {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("the journal holds %q in clear", secret)
			}
		}
	})
}

func TestStatsCountTheIdentitySide(t *testing.T) {
	sim := newSim(t, Options{})
	c := newTester(t, sim)
	one := c.createIdentity(customer(1)).ID
	inst := c.createIdentity(widgets(1, owner(one))).ID
	store(c, "PUT", reserve(c, inst, "a.pdf", "APPLICATION").UploadURL, strings.NewReader(pdf))
	want := Objects{Identities: 2, Events: 2, Institutions: 1, Members: 1, Documents: 1, DocumentNames: 1}
	got := sim.Stats()
	if got.Objects != want {
		t.Errorf("got %+v, want %+v", got.Objects, want)
	}
	if got.Requests["DocumentUpload"] != 1 || got.Requests["Upload"] != 1 {
		t.Errorf("got %v, want the operation and the upload", got.Requests)
	}
}
