package paxossim

import (
	"encoding/json"
	"fmt"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"embark/paxos"
)

func TestCreateIdentityEchoesDetails(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	got := c.createIdentity(customer(1))
	if got.SummaryStatus != "PENDING" || got.Status != "" || got.Type != "PERSON" || got.RefID != "cust-000001" {
		t.Errorf("got %q %q %q %q, want PENDING, no status, PERSON, cust-000001", got.SummaryStatus, got.Status, got.Type, got.RefID)
	}
	want := *customer(1).PersonDetails
	want.DateOfBirth = "1985-12-10T00:00:00Z"
	want.GovtID, want.GovtIDType = want.CIPID, want.CIPIDType
	want.IDVerificationStatus, want.SanctionsVerificationStatus, want.AdditionalScreeningStatus = "APPROVED", "PENDING", "PENDING"
	if diff := cmp.Diff(&want, got.PersonDetails); diff != "" {
		t.Errorf("person_details (-want +got):\n%s", diff)
	}
	tax := []paxos.TaxDetail{{TaxPayerID: "987-65-4321", TaxPayerCountry: "USA"}}
	if diff := cmp.Diff(tax, got.TaxDetails); diff != "" {
		t.Errorf("tax_details (-want +got):\n%s", diff)
	}
}

func TestGetIdentityShowsDetailsOnlyWhenAsked(t *testing.T) {
	c := newTester(t, newSim(t, Options{PlainDates: true}))
	id := c.createIdentity(customer(1)).ID
	plain := get[paxos.Identity](c, "/identity/identities/"+id)
	if plain.PersonDetails != nil || plain.TaxDetails != nil || plain.CustomerDueDiligence != nil {
		t.Error("got details without include_details")
	}
	if plain.SummaryStatus != "APPROVED" {
		t.Errorf("got %s, want APPROVED at once", plain.SummaryStatus)
	}
	full := get[paxos.Identity](c, "/identity/identities/"+id+"?include_details=true")
	if full.PersonDetails == nil || full.PersonDetails.DateOfBirth != "1985-12-10" {
		t.Errorf("got %+v, want details with a plain date", full.PersonDetails)
	}
	c.call(404, "GET", "/identity/identities/11111111-2222-4333-8444-555555555555", nil)
	c.call(404, "GET", "/identity/identities/nonsense", nil)
	c.call(400, "GET", "/identity/identities/"+id+"?include_detail=true", nil)
}

func TestIdentityDuplicates(t *testing.T) {
	sameRef, sameCIP := customer(2), customer(1)
	sameRef.RefID, sameCIP.RefID = "cust-000001", "cust-000099"
	both := customer(1)
	for _, tt := range []struct {
		name   string
		o      Options
		r      *paxos.CreateIdentityRequest
		detail string
	}{
		{"ref_id", Options{}, sameRef, "duplicate ref_id provided"},
		{"cip", Options{}, sameCIP, "duplicate (cip_id, cip_id_type, cip_id_country) provided"},
		{"both", Options{}, both, "duplicate ref_id provided"},
		{"both, CIP first", Options{CIPFirst: true}, both, "duplicate (cip_id, cip_id_type, cip_id_country) provided"},
		{"plain", Options{IdentityConflictPlain: true}, both, "duplicate ref_id provided"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sim := newSim(t, tt.o)
			c := newTester(t, sim)
			first := c.createIdentity(customer(1)).ID
			p := conflict(t, c.call(409, "POST", "/identity/identities", tt.r))
			want := first
			if tt.o.IdentityConflictPlain {
				want = ""
			}
			if p.Detail != tt.detail || p.Meta.Existing.ID != want {
				t.Errorf("got %q with id %q, want %q with id %q", p.Detail, p.Meta.Existing.ID, tt.detail, want)
			}
			if n := sim.Stats().Objects.Identities; n != 1 {
				t.Errorf("got %d identities, want 1", n)
			}
		})
	}
}

type existing struct {
	Type, Detail string
	Meta         struct {
		Existing struct{ ID string }
	}
}

func conflict(t *testing.T, a answer) (p existing) {
	t.Helper()
	a.decode(t, &p)
	if want := "https://developer.paxos.com/docs/v2/problems/already-exists"; p.Type != want {
		t.Errorf("got type %s, want %s", p.Type, want)
	}
	return p
}

func TestCIPPunctuationMakesNoDifference(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	first, second := customer(10), customer(11)
	first.PersonDetails.CIPID, second.PersonDetails.CIPID = "AB-12 34", "ab1234"
	c.createIdentity(first)
	c.call(409, "POST", "/identity/identities", second)
	second.PersonDetails.CIPIDCountry = "PRT"
	c.createIdentity(second)
}

func TestListIdentitiesPages(t *testing.T) {
	c := newTester(t, newSim(t, Options{PageLimit: 4}))
	for n := range 10 {
		c.createIdentity(customer(n))
	}
	var got []string
	cursor := ""
	for {
		page := get[listPage[paxos.Identity]](c, "/identity/identities?limit=50&page_cursor="+cursor)
		for _, id := range page.Items {
			got = append(got, id.RefID)
			if id.PersonDetails != nil {
				t.Error("a listed identity has details")
			}
		}
		c.createIdentity(customer(100 + len(got))) // must not move the pages
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	var want []string
	for n := range 10 {
		want = append(want, fmt.Sprintf("cust-%06d", 9-n))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if up := get[listPage[paxos.Identity]](c, "/identity/identities?order=ASC&limit=1"); up.Items[0].RefID != "cust-000000" {
		t.Errorf("ascending: got %s first", up.Items[0].RefID)
	}
}

func TestListIdentitiesFilters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTester(t, newSim(t, Options{ApproveAfter: 10 * time.Second}))
		var made []paxos.Identity
		for n := range 6 {
			made = append(made, c.createIdentity(customer(n)))
			time.Sleep(4 * time.Second)
		}
		// At 24 s those of 0, 4, 8 and 12 s have been approved, at 10, 14, 18 and 22 s.
		at := func(s int) string {
			start, _ := time.Parse(time.RFC3339Nano, made[0].CreatedAt)
			return url.QueryEscape(start.Add(time.Duration(s) * time.Second).Format(time.RFC3339Nano))
		}
		for filter, want := range map[string]int{
			"summary_status=APPROVED": 4, "summary_status=PENDING": 2, "summary_status=ERROR": 0,
			"updated_at.gte=" + at(14): 5, "updated_at.gt=" + at(14): 4, "updated_at.eq=" + at(14): 1,
			"updated_at.lt=" + at(14): 1, "updated_at.lte=" + at(14): 2,
			"created_at.gte=" + at(8): 4, "created_at.gt=" + at(8): 3, "created_at.lt=" + at(8): 2,
			"updated_at.gte=" + at(14) + "&updated_at.lt=" + at(18) + "&summary_status=APPROVED": 1,
			"created_at.gte=" + at(90): 0, "updated_at.gte=" + at(20) + "&updated_at.lt=" + at(10): 0,
			"identity_type=PERSON": 6, "identity_type=INSTITUTION": 0,
		} {
			if got := len(get[listPage[paxos.Identity]](c, "/identity/identities?"+filter).Items); got != want {
				t.Errorf("%s: got %d, want %d", filter, got, want)
			}
		}
	})
}

// The list of updates and the walk over the column must agree; the window of
// updated_at decides which one is taken.
func TestUpdatedFilterTakesBothWays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := newSim(t, Options{Seed: 3, ApproveAfter: time.Second, ApproveJitter: 300 * time.Second})
		c := newTester(t, sim)
		for n := range 300 {
			c.createIdentity(customer(10 + n))
			time.Sleep(time.Second)
		}
		sim.state.mu.Lock()
		defer sim.state.mu.Unlock()
		st := sim.state
		for from := st.identities[0].Created; from < st.last; from += int64(7 * time.Second) {
			q := listQuery{created: always(), updated: span{from, from + int64(45*time.Second)}, cursor: -1}
			got, _ := st.pickIdentities(q, 1000, func(int32) bool { return true })
			var want []int32
			for n := len(st.identities) - 1; n >= 0; n-- {
				if q.updated.holds(st.updated[n]) {
					want = append(want, int32(n))
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("from %d (-walk +list):\n%s", from, diff)
			}
		}
	})
}

func TestIdentitySwitches(t *testing.T) {
	c := newTester(t, newSim(t, Options{StatusKeys: StatusKey, ListWithoutRefID: true}))
	made := c.createIdentity(customer(1))
	if made.Status != "PENDING" || made.SummaryStatus != "" {
		t.Errorf("got %q and %q, want status only", made.Status, made.SummaryStatus)
	}
	if got := get[listPage[paxos.Identity]](c, "/identity/identities").Items[0]; got.RefID != "" || got.Status != "APPROVED" {
		t.Errorf("got %+v, want no ref_id and status APPROVED", got)
	}
	both := newTester(t, newSim(t, Options{StatusKeys: BothStatusKeys})).createIdentity(customer(1))
	if both.Status != "PENDING" || both.SummaryStatus != "PENDING" {
		t.Errorf("got %q and %q, want both", both.Status, both.SummaryStatus)
	}
}

func TestPathWithoutPrefix(t *testing.T) {
	sim := newSim(t, Options{})
	c := newTester(t, sim)
	id := c.createIdentity(customer(1)).ID
	r := request(t, "GET", "http://paxos.test/identity/identities/"+id, c.token)
	a, err := c.send(r)
	if err != nil || a.status != 200 || !json.Valid(a.body) {
		t.Errorf("got %v %d %s, want 200", err, a.status, a.body)
	}
}
