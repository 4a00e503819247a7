package paxos_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/google/go-cmp/cmp"

	"embark/paxos"
)

// official is the specification that Paxos publishes. It is not part of the
// repository; without it the tests that need it are skipped and say so.
type official struct {
	doc    *openapi3.T
	router routers.Router
	err    error
}

var specification = sync.OnceValue(func() (o official) {
	path := filepath.Join("..", "..", "shared", "paxos", "openapi.json") // beside the repository
	if o.doc, o.err = openapi3.NewLoader().LoadFromFile(path); o.err != nil {
		return o
	}
	o.doc.Servers = openapi3.Servers{{URL: "http://paxos.test/v2"}}
	// The later edition corrects this; this one requires what it does not have.
	o.doc.Components.Schemas["ListProfileBalancesResponse"].Value.Required = []string{"items"}
	o.router, o.err = legacy.NewRouter(o.doc, openapi3.DisableExamplesValidation())
	return o
})

func requireSpecification(t *testing.T) official {
	t.Helper()
	spec := specification()
	if spec.err != nil {
		t.Skipf("OFFICIAL SPECIFICATION NOT FOUND: NOTHING IN THIS PACKAGE WAS CHECKED AGAINST IT: %v", spec.err)
	}
	return spec
}

// operations are the specification's, by their names.
func (o official) operations() map[string]*openapi3.Operation {
	all := map[string]*openapi3.Operation{}
	for _, item := range o.doc.Paths.Map() {
		for _, op := range item.Operations() {
			all[op.OperationID] = op
		}
	}
	return all
}

// check holds a request against the specification, and a reply where there is one.
func (o official) check(t *testing.T, r *http.Request, body []byte, reply string) (operation string) {
	t.Helper()
	r.Body = io.NopCloser(bytes.NewReader(body))
	route, params, err := o.router.FindRoute(r)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}}
	if err := openapi3filter.ValidateRequest(r.Context(), in); err != nil {
		t.Errorf("%s %s: request: %v", r.Method, r.URL, err)
	}
	if reply != "" {
		out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: 200,
			Header: http.Header{"Content-Type": {"application/json"}}}
		if err := openapi3filter.ValidateResponse(r.Context(), out.SetBodyBytes([]byte(reply))); err != nil {
			t.Errorf("%s %s: reply: %v", r.Method, r.URL, err)
		}
	}
	return route.Operation.OperationID
}

// Every request of every operation is as the specification wants it, and every
// operation of the client is the specification's.
func TestRequestsAreTheSpecifications(t *testing.T) {
	spec := requireSpecification(t)
	seen := map[string]bool{}
	for name, do := range ops() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{}
				w.answer = func(_ int, r *http.Request) (*http.Response, error) {
					sent := w.all(false)
					seen[spec.check(t, r, []byte(sent[len(sent)-1].body), "")] = true
					return reply(200, anything), nil
				}
				if err := do(t.Context(), newClient(w)); err != nil {
					t.Error(err)
				}
			})
		})
	}
	got := slices.Sorted(maps.Keys(seen))
	if diff := cmp.Diff(slices.Sorted(maps.Keys(paxos.Operations())), got); diff != "" {
		t.Errorf("operations (-listed +used):\n%s", diff)
	}
}

func TestScopesAreTheSpecifications(t *testing.T) {
	all := requireSpecification(t).operations()
	for name, scope := range paxos.Operations() {
		if all[name] == nil {
			t.Errorf("%s: got an operation that the specification lacks", name)
			continue
		}
		if want := (*all[name].Security)[0]["OAuth2"]; !slices.Equal(want, []string{scope}) {
			t.Errorf("%s: got %s, want %v", name, scope, want)
		}
	}
}

// Fiat requests for the networks that the table of requests leaves out. RTP is
// later than the specification at hand.
func TestFiatNetworksAreTheSpecifications(t *testing.T) {
	spec := requireSpecification(t)
	for name, network := range map[string]paxos.FiatNetworkInstructions{
		"cubix":   {Cubix: &paxos.CubixInstructions{AccountID: "c"}},
		"cbit":    {Cbit: &paxos.CbitInstructions{WalletAddress: "w"}},
		"dbs_act": {DBSAct: &paxos.BankInstructions{AccountNumber: "0001"}},
		"scb":     {SCB: &paxos.BankInstructions{AccountNumber: "0001"}},
	} {
		a := fiatAccount()
		a.FiatNetworkInstructions = &network
		a.FiatAccountOwner = &paxos.FiatAccountOwner{InstitutionDetails: &paxos.FiatInstitution{Name: "Example Widgets"}}
		body := bodyOf(a)
		r, err := http.NewRequestWithContext(t.Context(), "POST", "http://paxos.test/v2/transfer/fiat-accounts", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		spec.check(t, r, body, "")
		if !strings.Contains(string(body), `"`+name+`"`) || unknownIn(t, spec, "FiatNetworkInstructions", bodyOf(network)) != nil {
			t.Errorf("%s: got %s, with %q that the specification lacks", name, body, unknownIn(t, spec, "FiatNetworkInstructions", bodyOf(network)))
		}
	}
}

// The specification lets unknown keys pass, Paxos does not: so none is sent.
func TestBodiesHaveNoUnknownKeys(t *testing.T) {
	spec := requireSpecification(t)
	for name, do := range ops() {
		if strings.HasPrefix(name, "GET") {
			continue
		}
		synctest.Test(t, func(t *testing.T) {
			w := &wire{}
			if err := do(t.Context(), newClient(w)); err != nil {
				t.Fatal(err)
			}
			sent := w.all(false)[0]
			r, err := http.NewRequest(sent.method, "http://paxos.test"+sent.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			route, _, err := spec.router.FindRoute(r)
			if err != nil {
				t.Fatal(err)
			}
			schema := route.Operation.RequestBody.Value.Content["application/json"].Schema.Value
			if unknown := unknownKeys(schema, decoded(t, []byte(sent.body))); unknown != nil {
				t.Errorf("%s: got the keys %q, want none that the specification lacks", name, unknown)
			}
		})
	}
}

func unknownIn(t *testing.T, spec official, schema string, body []byte) []string {
	t.Helper()
	return unknownKeys(spec.doc.Components.Schemas[schema].Value, decoded(t, body))
}

func decoded(t *testing.T, body []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return v
}

// unknownKeys are those of v, however deep, that the schema does not have.
func unknownKeys(schema *openapi3.Schema, v any) (unknown []string) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			p := schema.Properties[key]
			switch {
			case p != nil:
				unknown = append(unknown, unknownKeys(p.Value, inner)...)
			case schema.AdditionalProperties.Schema == nil:
				unknown = append(unknown, key)
			}
		}
	case []any:
		for _, inner := range v {
			unknown = append(unknown, unknownKeys(schema.Items.Value, inner)...)
		}
	}
	return unknown
}

// later are the values that the edition of July 2026 adds to the enumerations,
// and gone those that it drops.
var (
	later = []string{"AIPRISE", "SOLE_PROPRIETORSHIP", "SOLE_PROPRIETOR", "INDEPENDENT_AUDIT", "RTP", "EXPIRED",
		"PEPEUSD", "TRUMPUSD", "SHIBUSD", "ARBUSD", "BONKUSD", "ENAUSD", "MNTUSD", "ONDOUSD", "PENGUUSD", "QNTUSD",
		"RENDERUSD", "SKYUSD", "WIFUSD", "WLDUSD", "DOGEUSD", "AVAXUSD", "SUIUSD", "POLUSD", "XLMUSD", "BNBUSD",
		"STELLAR", "AVALANCHE", "DOGECOIN", "SUI", "ROBINHOOD", "BNB"}
	gone = []string{"MATICUSD"}
)

func TestEnumsAreTheSpecifications(t *testing.T) {
	spec := requireSpecification(t)
	used := map[string]bool{}
	for name, got := range map[string][]string{
		"PassthroughVerifierType": paxos.PassthroughVerifierTypes(),
		"InstitutionType":         paxos.InstitutionTypes(), "InstitutionSubType": paxos.InstitutionSubTypes(),
		"InstitutionCIPIDType": paxos.InstitutionCIPIDTypes(), "InstitutionRoleType": paxos.InstitutionRoles(),
		"RegulationStatus": paxos.RegulationStatuses(), "TradingType": paxos.TradingTypes(),
		"DocumentType": paxos.DocumentTypes(), "FiatNetwork": paxos.FiatNetworks(),
		"FiatWireAccountType": paxos.RoutingNumberTypes(), "FiatAccountStatus": paxos.FiatAccountStatuses(),
		"FiatDepositInstructionsStatus": paxos.DepositStatuses(), "OrderSide": paxos.OrderSides(),
		"OrderType": paxos.OrderTypes(), "OrderStatus": paxos.OrderStatuses(), "TimeInForce": paxos.TimesInForce(),
		"Market": paxos.Markets(), "CryptoNetwork": paxos.CryptoNetworks(),
	} {
		var want []string
		for _, v := range spec.doc.Components.Schemas[name].Value.Enum {
			if !slices.Contains(gone, v.(string)) {
				want = append(want, v.(string))
			}
		}
		earlier := slices.DeleteFunc(slices.Clone(got), func(v string) bool {
			used[v] = true
			return slices.Contains(later, v) && !slices.Contains(want, v)
		})
		if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(earlier))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for _, v := range later {
		if !used[v] {
			t.Errorf("the later value %s is in no list", v)
		}
	}
	for _, v := range paxos.ProhibitedSubTypes() {
		if !slices.Contains(paxos.InstitutionSubTypes(), v) {
			t.Errorf("prohibited: got %s, want a sub-type", v)
		}
	}
}
