package paxossim

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"embark/paxos"
)

func request(t *testing.T, method, url, token string) *http.Request {
	r, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

// Each change to a good request must be refused, naming the field and not
// repeating what it held.
func TestCreateIdentityRefusals(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	const secret = "s3cr&t_v@lue"
	for _, tt := range []struct {
		path   string // of the field that is changed; nil removes it
		value  any
		detail string
	}{
		{"person_details", nil, "person_details or institution_details must be set"},
		{"person_details.first_name", nil, "person_details.first_name must be set"},
		{"person_details.first_name", secret, "person_details.first_name must match"},
		{"person_details.first_name", "Zoë", "person_details.first_name must match"},
		{"person_details.first_name", "", "first_name must not be empty"},
		{"person_details.last_name", strings.Repeat("a", 201), "person_details.last_name must have at most 200"},
		{"person_details.last_name", nil, "person_details.last_name must be set"},
		{"person_details.middle_name", "", "middle_name must not be empty"},
		{"person_details.middle_name", nullValue{}, "middle_name must not be null"},
		{"person_details.middle_name", strings.Repeat("ä", 201), "person_details.middle_name must have at most 200"},
		{"person_details.date_of_birth", "12/10/1985", "person_details.date_of_birth must be a date"},
		{"person_details.date_of_birth", "1985-02-30", "person_details.date_of_birth must be a date"},
		{"person_details.nationality", "US", "person_details.nationality must be"},
		{"person_details.nationality", nil, "person_details.nationality must be set"},
		{"person_details.cip_id", "987654321", "person_details.cip_id must have the form"},
		{"person_details.cip_id", nil, "person_details.cip_id must be set"},
		{"person_details.cip_id_type", "EIN", "person_details.cip_id_type is not one"},
		{"person_details.cip_id_type", "PASSPORT", "person_details.cip_id_type must be SSN or ITIN"},
		{"person_details.cip_id_country", "usa", "person_details.cip_id_country must be"},
		{"person_details.verifier_type", nil, "person_details.verifier_type must be set"},
		{"person_details.verifier_type", secret, "person_details.verifier_type is not one"},
		{"person_details.verifier_id", "x", "unknown field verifier_id"},
		{"person_details.metadata", map[string]any{"a": "b"}, "unknown field metadata"},
		{"person_details.govt_id", "x", "person_details.govt_id must not be set"},
		{"person_details.id_verification_status", "APPROVED", "person_details.id_verification_status must not be set"},
		{"person_details.passthrough_verifier_type", nil, "person_details.passthrough_verifier_type must be set"},
		{"person_details.passthrough_verifier_type", "NOBODY", "person_details.passthrough_verifier_type is not one"},
		{"person_details.passthrough_verified_at", nil, "person_details.passthrough_verified_at must be set"},
		{"person_details.passthrough_verified_at", "2026-05-04", "person_details.passthrough_verified_at must be an RFC"},
		{"person_details.passthrough_verification_id", nil, "person_details.passthrough_verification_id must be set"},
		{"person_details.passthrough_verification_status", nil, "person_details.passthrough_verification_status must be set"},
		{"person_details.passthrough_verification_status", "PENDING", "person_details.passthrough_verification_status is not one"},
		{"person_details.passthrough_verification_fields", nil, "person_details.passthrough_verification_fields must be set"},
		{"person_details.passthrough_verification_fields", []string{"SHOE_SIZE"}, "person_details.passthrough_verification_fields is not one"},
		{"person_details.address", nil, "person_details.address must be set"},
		{"person_details.address.address1", "9 Sample Rd #4", "person_details.address.address1 must match"},
		{"person_details.address.address1", strings.Repeat("a", 36), "person_details.address.address1 must have at most 35"},
		{"person_details.address.address2", "", "address2 must not be empty"},
		{"person_details.address.city", nil, "person_details.address.city must be set"},
		{"person_details.address.province", nil, "person_details.address.province must be set"},
		{"person_details.address.zip_code", nil, "person_details.address.zip_code must be set"},
		{"person_details.address.country", nil, "person_details.address.country must be set"},
		{"customer_due_diligence", nil, "customer_due_diligence must be set"},
		{"customer_due_diligence.estimated_yearly_income", nil, "customer_due_diligence.estimated_yearly_income must be set"},
		{"customer_due_diligence.expected_transfer_value", "LOTS", "customer_due_diligence.expected_transfer_value is not one"},
		{"customer_due_diligence.source_of_wealth", nil, "customer_due_diligence.source_of_wealth must be set"},
		{"customer_due_diligence.employment_status", nil, "customer_due_diligence.employment_status must be set"},
		{"customer_due_diligence.employment_industry_sector", nil, "customer_due_diligence.employment_industry_sector must be set"},
		{"tax_details_not_required", true, "tax_details_not_required must not be true when cip_id_country is USA"},
		{"tax_details", []any{map[string]any{"tax_payer_id": "1"}}, "tax_details[0].tax_payer_country must be set"},
		{"ref_id", "", "ref_id must not be empty"},
		{"ref_id", 7, "ref_id has the wrong JSON type"},
		{"Ref_ID", "x", "unknown field Ref_ID"},
		{"nickname", "x", "unknown field nickname"},
		{"metadata.note", "", "metadata must not be empty"},
	} {
		body := change(customer(1), tt.path, tt.value)
		var p problem
		c.call(400, "POST", "/identity/identities", body).decode(t, &p)
		if !strings.HasPrefix(p.Detail, tt.detail) || strings.Contains(p.Detail, secret) {
			t.Errorf("%s = %v: got %q, want %q", tt.path, tt.value, p.Detail, tt.detail)
		}
	}
	c.createIdentity(customer(1)) // none of them left anything behind
}

// nullValue is a JSON null, as opposed to an absent field.
type nullValue struct{}

func (nullValue) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// change sets or removes a field of a request.
func change(r any, path string, value any) map[string]any {
	text, _ := json.Marshal(r)
	var body map[string]any
	json.Unmarshal(text, &body)
	at := body
	parts := strings.Split(path, ".")
	for _, part := range parts[:len(parts)-1] {
		at = at[part].(map[string]any)
	}
	if last := parts[len(parts)-1]; value == nil {
		delete(at, last)
	} else {
		at[last] = value
	}
	return body
}

func TestTaxRulesAbroad(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	tax := []any{map[string]any{"tax_payer_id": "123.456.789-09", "tax_payer_country": "BRA"}}
	var p problem
	c.call(400, "POST", "/identity/identities", change(customer(10), "tax_details_not_required", nil)).decode(t, &p)
	if p.Detail != "tax_details must be set unless tax_details_not_required is true" {
		t.Errorf("got %q", p.Detail)
	}
	c.call(400, "POST", "/identity/identities", change(customer(10), "tax_details", tax))
	with := change(customer(10), "tax_details", tax)
	delete(with, "tax_details_not_required")
	var made paxos.Identity
	c.call(200, "POST", "/identity/identities", with).decode(t, &made)
	if len(made.TaxDetails) != 1 || made.TaxDetails[0].TaxPayerCountry != "BRA" {
		t.Errorf("got %v, want what was sent", made.TaxDetails)
	}
}

func TestBrokenBodies(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	for _, body := range []string{"", "{", "[]", "null", "7", `{} {}`, `{"ref_id":"x"}{`, `{"987-65-4321":1}`,
		`{"person_details":{"first_name":["987-65-4321"]}}`, strings.Repeat(" ", maxBody+1)} {
		a := c.call(400, "POST", "/identity/identities", body)
		if strings.Contains(string(a.body), "987-65") {
			t.Errorf("the refusal repeats a value: %s", a.body)
		}
	}
}

func TestQueryRefusals(t *testing.T) {
	c := newTester(t, newSim(t, Options{}))
	for _, path := range []string{
		"/identity/identities?ref_id=x", "/identity/identities?limit=0", "/identity/identities?limit=x",
		"/identity/identities?page_cursor=x", "/identity/identities?summary_status=FINE",
		"/identity/identities?order=UP", "/identity/identities?order_by=UPDATED_AT",
		"/identity/identities?updated_at.gte=yesterday", "/identity/identities?updated_at.ge=2026-01-01T00:00:00Z",
		"/identity/identities?limit=1&limit=2", "/identity/identities?identity_type=ROBOT",
		"/identity/identities?updated_at=2026-01-01T00:00:00Z", "/identity/accounts?ref_id=x",
		"/events?limit=0", "/events?limit=101", "/events?page_cursor=x", "/events?updated_at.gt=2026-01-01T00:00:00Z",
		"/events?is_test=maybe", "/events/nonsense", "/events?created_at.gte=1",
	} {
		c.call(400, "GET", path, nil)
	}
	c.call(404, "GET", "/identity/nothing", nil)
	c.call(404, "DELETE", "/identity/accounts", nil)
}
