package paxossim

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/google/go-cmp/cmp"

	"embark/paxos"
)

// official is the specification that Paxos publishes. It is not part of the
// repository; without it exchanges are not checked, and TestOfficialSpecification
// says so.
type official struct {
	doc    *openapi3.T
	router routers.Router
	err    error
}

var specification = sync.OnceValue(func() (o official) {
	path, err := findSpecification()
	if err != nil {
		return official{err: err}
	}
	if o.doc, o.err = openapi3.NewLoader().LoadFromFile(path); o.err != nil {
		return o
	}
	o.doc.Servers = openapi3.Servers{{URL: base}}
	// Its own sample breaks this pattern in replies: 1980-01-01T00:00:00Z.
	o.doc.Components.Schemas["PersonDetails"].Value.Properties["date_of_birth"].Value.Pattern =
		"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T00:00:00Z)?$"
	later := o.doc.Components.Schemas["PassthroughVerifierType"].Value
	later.Enum = append(later.Enum, "AIPRISE") // December 2025
	adjustMoney(o.doc)
	o.router, o.err = legacy.NewRouter(o.doc, openapi3.DisableExamplesValidation())
	return o
})

// findSpecification looks beside the repository: walk up to go.mod, then aside.
func findSpecification() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			return "", os.ErrNotExist
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(dir, "..", "shared", "paxos", "openapi.json")
	_, err = os.Stat(path)
	return path, err
}

// checkExchange holds a request and its reply against the specification.
// Requests that were refused may be wrong; the refusal must still be a problem.
func checkExchange(t testing.TB, r *http.Request, body []byte, a answer) {
	t.Helper()
	spec := specification()
	if spec.err != nil || a.status == http.StatusTooManyRequests {
		return
	}
	if a.status >= 400 {
		checkSchema(t, spec, "Problem", a.body)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	route, params, err := spec.router.FindRoute(r)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}}
	if err := openapi3filter.ValidateRequest(t.Context(), in); err != nil {
		t.Fatalf("%s %s: request: %v", r.Method, r.URL, err)
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: a.status, Header: a.header}
	if err := openapi3filter.ValidateResponse(t.Context(), out.SetBodyBytes(a.body)); err != nil {
		t.Fatalf("%s %s: reply: %v", r.Method, r.URL, err)
	}
}

func checkSchema(t testing.TB, spec official, name string, body []byte) {
	t.Helper()
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("problem %q: %v", body, err)
	}
	if err := spec.doc.Components.Schemas[name].Value.VisitJSON(v); err != nil {
		t.Fatalf("problem %s: %v", body, err)
	}
}

func requireSpecification(t *testing.T) official {
	t.Helper()
	spec := specification()
	if spec.err != nil {
		t.Skipf("OFFICIAL SPECIFICATION NOT FOUND: NOTHING IN THIS PACKAGE WAS CHECKED AGAINST IT: %v", spec.err)
	}
	return spec
}

// Every operation here exists in the specification under its name, path and scope.
func TestOfficialSpecification(t *testing.T) {
	spec := requireSpecification(t)
	for _, op := range newSim(t, Options{}).operations() {
		if op.scope == "" {
			continue
		}
		item := spec.doc.Paths.Find(op.path)
		if item == nil || item.GetOperation(op.method) == nil {
			t.Errorf("%s: no %s %s in the specification", op.name, op.method, op.path)
			continue
		}
		official := item.GetOperation(op.method)
		if official.OperationID != op.name {
			t.Errorf("%s %s: got name %s, want %s", op.method, op.path, op.name, official.OperationID)
		}
		if want := (*official.Security)[0]["OAuth2"]; !slices.Equal(want, []string{op.scope}) {
			t.Errorf("%s: got scope %s, want %v", op.name, op.scope, want)
		}
	}
}

func TestScopesAreTheSpecifications(t *testing.T) {
	spec := requireSpecification(t)
	want := slices.Sorted(maps.Keys(spec.doc.Components.SecuritySchemes["OAuth2"].Value.Flows.ClientCredentials.Scopes))
	if diff := cmp.Diff(want, slices.Sorted(slices.Values(Scopes()))); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
}

// The values that the simulator allows are the specification's.
func TestEnumsAreTheSpecifications(t *testing.T) {
	spec := requireSpecification(t)
	for name, got := range map[string][]string{
		"IdentityStatus": paxos.IdentityStatuses(), "identityprotoVerifierType": paxos.VerifierTypes(),
		"PassthroughVerifierType":                paxos.PassthroughVerifierTypes(),
		"PassthroughVerificationField":           paxos.PassthroughVerificationFields(),
		"PersonDetailsCIPIDType":                 paxos.PersonCIPIDTypes(),
		"CustomerDueDiligenceYearlyIncomeRange":  paxos.YearlyIncomeRanges(),
		"CustomerDueDiligenceTransferValueRange": paxos.TransferValueRanges(),
		"CustomerDueDiligenceNetWorthRange":      paxos.NetWorthRanges(),
		"WealthSource":                           paxos.WealthSources(), "FundsSource": paxos.FundsSources(),
		"EmploymentStatus": paxos.EmploymentStatuses(), "AccountPurpose": paxos.AccountPurposes(),
		"InstitutionSubType": paxos.IndustrySectors(), "AccountAccountType": paxos.AccountTypes(),
		"AccountMemberAccountRoleType": paxos.AccountRoles(),
		"InstitutionType":              institutionTypes(), "InstitutionCIPIDType": institutionCIPIDTypes(),
		"RegulationStatus": regulationStatuses(), "TradingType": tradingTypes(), "DocumentType": documentTypes(),
		"InstitutionRoleType": append(trustRoles(), companyRoles()...),
	} {
		var want []string
		for _, v := range spec.doc.Components.Schemas[name].Value.Enum {
			want = append(want, v.(string))
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, slices.Sorted(slices.Values(got))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", strings.TrimPrefix(name, "identityproto"), diff)
		}
	}
}
