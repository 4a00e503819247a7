package paxossim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"embark/paxos"
)

const base = "http://paxos.test/v2"

// newSim returns a simulator that is closed at the end of the test.
func newSim(t testing.TB, o Options) *Simulator {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// tester calls a simulator, and holds each exchange against the specification.
type tester struct {
	t      testing.TB
	client *http.Client
	token  string
	// unchecked is set where replies are meant to break the specification.
	unchecked bool
}

func newTester(t testing.TB, s *Simulator) *tester {
	t.Helper()
	c := &tester{t: t, client: &http.Client{Transport: s.Transport()}}
	c.token = c.newToken("")
	return c
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) decode(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		t.Fatalf("reply %s: %v", a.body, err)
	}
}

func (c *tester) newToken(scope string) string {
	c.t.Helper()
	a, err := c.postForm(url.Values{"grant_type": {"client_credentials"}, "client_id": {"made-up"},
		"client_secret": {"made-up"}, "scope": {scope}})
	if err != nil || a.status != 200 {
		c.t.Fatalf("token: got %v %v %s, want 200", err, a.status, a.body)
	}
	var r tokenReply
	a.decode(c.t, &r)
	return r.AccessToken
}

func (c *tester) postForm(form url.Values) (answer, error) {
	r, _ := http.NewRequestWithContext(c.t.Context(), "POST", "http://paxos.test/oauth2/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.send(r)
}

func (c *tester) send(r *http.Request) (answer, error) {
	resp, err := c.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, body}, err
}

// try makes a call that may fail.
func (c *tester) try(method, path string, body any) (answer, error) {
	c.t.Helper()
	var text []byte
	switch b := body.(type) {
	case nil:
	case string:
		text = []byte(b)
	default:
		text, _ = json.Marshal(b)
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, base+path, bytes.NewReader(text))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	a, err := c.send(r)
	if err == nil && !c.unchecked {
		checkExchange(c.t, r, text, a)
	}
	return a, err
}

// call makes a call that must be answered with the given status.
func (c *tester) call(want int, method, path string, body any) answer {
	c.t.Helper()
	a, err := c.try(method, path, body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	if a.status != want {
		c.t.Fatalf("%s %s: got %d %s, want %d", method, path, a.status, a.body, want)
	}
	return a
}

// get makes a GET that must succeed.
func get[T any](c *tester, path string) (v T) {
	c.t.Helper()
	c.call(200, "GET", path, nil).decode(c.t, &v)
	return v
}

func (c *tester) createIdentity(r *paxos.CreateIdentityRequest) (out paxos.Identity) {
	c.t.Helper()
	c.call(200, "POST", "/identity/identities", r).decode(c.t, &out)
	return out
}

func (c *tester) createAccount(r *paxos.CreateAccountRequest) (out paxos.Account) {
	c.t.Helper()
	c.call(200, "POST", "/identity/accounts", r).decode(c.t, &out)
	return out
}

// status reads one identity's status.
func (c *tester) status(id string) string {
	c.t.Helper()
	got := get[paxos.Identity](c, "/identity/identities/"+id)
	return got.CurrentStatus()
}

// customer is the n-th made-up customer. Below ten the SSN is of a block that
// is never issued; further ones, for counting only, are passports from abroad.
func customer(n int) *paxos.CreateIdentityRequest {
	r := &paxos.CreateIdentityRequest{
		RefID: fmt.Sprintf("cust-%06d", n),
		PersonDetails: &paxos.PersonDetails{
			VerifierType: "PASSTHROUGH", PassthroughVerifierType: "PERSONA",
			PassthroughVerifiedAt: "2026-05-04T10:11:12Z", PassthroughVerificationID: "inq_4821",
			PassthroughVerificationStatus: "APPROVED",
			PassthroughVerificationFields: []string{"FULL_LEGAL_NAME", "DATE_OF_BIRTH"},
			FirstName:                     "Ada", LastName: "Example", DateOfBirth: "1985-12-10",
			Address:     &paxos.Address{Address1: "9 Sample Rd", City: "Albany", Province: "NY", ZipCode: "12207", Country: "USA"},
			Nationality: "USA", CIPID: fmt.Sprintf("987-65-432%d", n%10), CIPIDType: "SSN", CIPIDCountry: "USA",
		},
		CustomerDueDiligence: &paxos.CustomerDueDiligence{
			EstimatedYearlyIncome: "INCOME_50K_TO_100K", ExpectedTransferValue: "TRANSFER_VALUE_0_TO_25K",
			SourceOfWealth: "EMPLOYMENT_INCOME", EmploymentStatus: "FULL_TIME",
			EmploymentIndustrySector: "EDUCATIONAL_SERVICES",
		},
		Metadata: map[string]string{"batch": "b-1"},
	}
	if n >= 10 {
		abroad(r, n)
	}
	return r
}

// abroad turns a customer into one with a passport.
func abroad(r *paxos.CreateIdentityRequest, n int) {
	p := r.PersonDetails
	p.Nationality, p.CIPIDType, p.CIPIDCountry = "BRA", "PASSPORT", "BRA"
	p.CIPID = fmt.Sprintf("XX%07d", n)
	p.Address = &paxos.Address{Address1: "1 Rua Exemplo", City: "Recife", Province: "PE", Country: "BRA"}
	r.TaxDetailsNotRequired = true
}

func accountOf(identityID, refID string) *paxos.CreateAccountRequest {
	return &paxos.CreateAccountRequest{CreateProfile: true,
		Account: paxos.Account{IdentityID: identityID, RefID: refID, Type: "BROKERAGE"}}
}
