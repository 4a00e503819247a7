package paxossim

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"embark/paxos"
)

func TestSandboxStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTester(t, newSim(t, Options{Stuck: 1, StatusDetails: true}))
		id := c.createIdentity(customer(1)).ID
		for _, tt := range []struct{ body, status, events, why string }{
			{`{}`, "PENDING", "", "SCREENING_CHECK PENDING PAXOS;"},
			{`{"additional_screening_status":"APPROVED"}`, "PENDING", "", "SCREENING_CHECK PENDING PAXOS;"},
			{`{"sanctions_verification_status":"APPROVED"}`, "APPROVED", "PENDING>APPROVED ", "none"},
			{`{"sanctions_verification_status":"APPROVED"}`, "APPROVED", "PENDING>APPROVED ", "none"},
			{`{"user_disabled":{"disabled":true}}`, "DISABLED", "PENDING>APPROVED APPROVED>DISABLED ", "CLOSED SET_BY_CLIENT"},
			{`{"admin_disabled":{"disabled":true}}`, "DISABLED", "PENDING>APPROVED APPROVED>DISABLED ", "SELL_ONLY SET_BY_PAXOS"},
			{`{"user_disabled":{"disabled":false}}`, "DISABLED", "PENDING>APPROVED APPROVED>DISABLED ", "SELL_ONLY SET_BY_PAXOS"},
			{`{"admin_disabled":{"disabled":false}}`, "APPROVED", "PENDING>APPROVED APPROVED>DISABLED DISABLED>APPROVED ", "none"},
			{`{"additional_screening_status":"ERROR"}`, "ERROR", "PENDING>APPROVED APPROVED>DISABLED DISABLED>APPROVED ", "FROZEN SET_BY_PAXOS"},
			{`{"id_verification_status":"DENIED"}`, "DENIED",
				"PENDING>APPROVED APPROVED>DISABLED DISABLED>APPROVED ERROR>DENIED ", "ID_VERIFICATION FAILED PAXOS;"},
		} {
			c.call(200, "PUT", "/identity/identities/"+id+"/sandbox-status", tt.body)
			if got := [3]string{c.status(id), changes(c), requirementTypes(c, id)}; got != [3]string{tt.status, tt.events, tt.why} {
				t.Errorf("%s: got %q, want %q", tt.body, got, []string{tt.status, tt.events, tt.why})
			}
			time.Sleep(time.Second)
		}
		if ids := feed(c); len(ids) != 4 {
			t.Errorf("got %d event ids, want four: approved twice is two events", len(ids))
		}
		details := get[paxos.Identity](c, "/identity/identities/"+id+"?include_details=true").PersonDetails
		if details.IDVerificationStatus != "DENIED" || details.AdditionalScreeningStatus != "ERROR" {
			t.Errorf("got %+v, want the sub-statuses that were set", details)
		}
		c.call(400, "PUT", "/identity/identities/"+id+"/sandbox-status", `{"id_verification_status":"GOOD"}`)
		c.call(400, "PUT", "/identity/identities/"+id+"/sandbox-status", `{"user_disabled":true}`)
		c.call(404, "PUT", "/identity/identities/x/sandbox-status", `{}`)
	})
}

// changes are the status changes that events have told of.
func changes(c *tester) (out string) {
	for _, e := range get[eventPage](c, "/events").Events {
		if strings.HasPrefix(e.ObjectType, "identity_summary") {
			out += e.Object.OldSummaryStatus + ">" + e.Object.NewSummaryStatus + " "
		}
	}
	return out
}

// Who is disabled and enabled again while undecided is decided after all.
func TestDisabledWhilePending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTester(t, newSim(t, Options{ApproveAfter: time.Minute}))
		id := c.createIdentity(customer(1)).ID
		path := "/identity/identities/" + id + "/sandbox-status"
		c.call(200, "PUT", path, `{"user_disabled":{"disabled":true}}`)
		time.Sleep(30 * time.Minute)
		if got := c.status(id); got != "DISABLED" {
			t.Errorf("got %s, want DISABLED", got)
		}
		c.call(200, "PUT", path, `{"user_disabled":{"disabled":false}}`)
		if got := c.status(id); got != "APPROVED" {
			t.Errorf("got %s, want APPROVED", got)
		}
	})
}

// A status that was set is not overruled by the decision that was to come.
func TestSetStatusStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTester(t, newSim(t, Options{ApproveAfter: time.Minute}))
		id := c.createIdentity(customer(1)).ID
		c.call(200, "PUT", "/identity/identities/"+id+"/sandbox-status", `{"id_verification_status":"PENDING"}`)
		time.Sleep(30 * time.Minute)
		if got := c.status(id); got != "PENDING" {
			t.Errorf("got %s, want PENDING", got)
		}
	})
}

func TestSummaryOfSubStatuses(t *testing.T) {
	for _, tt := range []struct {
		subs        subStatuses
		institution bool
		want        status
	}{
		{subStatuses{approved, approved, pending, pending}, false, approved},
		{subStatuses{pending, approved, approved, approved}, false, pending},
		{subStatuses{pending, approved, approved, pending}, true, approved},
		{subStatuses{approved, approved, pending, approved}, true, pending},
		{subStatuses{approved, approved, approved, denied}, false, denied},
		{subStatuses{errored, denied, approved, approved}, false, denied},
		{subStatuses{approved, approved, errored, approved}, true, errored},
	} {
		if got := tt.subs.summary(tt.institution); got != tt.want {
			t.Errorf("%+v: got %v, want %v", tt.subs, got, tt.want)
		}
	}
}
