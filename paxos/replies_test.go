package paxos_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"embark/paxos"
)

// read is an operation with a reply, and what the client makes of it.
type read struct {
	op      string
	do      func(context.Context, *paxos.Client) (any, error)
	reply   string // "" is the specification's own example
	example string // its name, where there are several
	misfit  bool   // the example is not what the schema says
	want    any
}

const (
	aUUID = "f190b163-208f-4d73-8deb-4fb8b24add00"
	bUUID = "dde1b3c5-d02a-48f6-8d11-16b4f532ea49"
	wired = `"fiat_network_instructions":{"wire":{"account_number":"000123456789","fiat_account_owner_address":{"country":"USA"},` +
		`"routing_details":{"routing_number_type":"ABA","routing_number":"021000021","bank_name":"Sample Bank","bank_address":{"country":"USA"}}}}`
)

func reads() []read {
	sample := paxos.FiatAccount{ID: bUUID, RefID: "test_ref_id_1", IdentityID: "c6ea91da-8f33-4545-9bdf-3cf29b4041d7",
		AccountID: "91f91384-30d4-46c2-9118-7f3cec676a2c", Status: "PENDING", CreatedAt: "2023-09-24T14:15:22Z"}
	listed := sample
	listed.UpdatedAt = "2023-09-24T14:15:22Z"
	deposit := paxos.FiatDepositInstructions{ID: aUUID, RefID: "idempotence_id", ProfileID: "5fc6d191-193c-4e28-94fa-656bbdbdfaad",
		MemoID: "9CFXQSCMSPLFHXLZ", Status: "VALID"}
	order := paxos.Order{ID: aUUID, ProfileID: "b7b77d82-e6a7-4ae9-9904-36231aedf985", RefID: "my-order-1", Status: "SUBMITTED",
		Market: "ETHUSD", Side: "BUY", Type: "LIMIT", Price: "190.23", BaseAmount: "2.35781498", AmountFilled: "0.00000000"}
	return []read{
		{op: "AddInstitutionMembers", do: func(ctx context.Context, c *paxos.Client) (any, error) {
			return c.AddInstitutionMembers(ctx, "2908fa8b-427a-4089-b2cf-17654c604623", []paxos.InstitutionMember{{IdentityID: "i", Roles: []string{"GRANTOR"}}})
		}, want: []paxos.InstitutionMember{
			{ID: "23ebbcd3-0fe6-48c8-9a2c-a35572b0e8ba", IdentityID: "31abdcbd-2801-4dbc-8986-adec3828391b", Roles: []string{"GRANTOR"}},
			{ID: "a0a0d270-0dd1-40b7-85ce-de713c47bcec", IdentityID: "58def33e-b68f-47d3-bc2b-62b1f68f21e5", Roles: []string{"TRUSTEE"}}}},
		{op: "AddAccountMembers", do: func(ctx context.Context, c *paxos.Client) (any, error) {
			return c.AddAccountMembers(ctx, "79c27a0e-46a2-4276-9769-e1ebc055fa72", []paxos.AccountMember{{IdentityID: "i", Roles: []string{"AUTHORIZED_USER"}}})
		}, want: []paxos.AccountMember{
			{ID: "01516495-031a-4c6c-b277-5734ea9cb99c", IdentityID: "11a3122a-0c50-4950-9934-2ad48a782b78", Roles: []string{"FINANCIAL_ADVISOR"}},
			{ID: "1039d953-808f-495f-902d-c15480942885", IdentityID: "08ba6b70-bcc0-4e4a-a67f-1d28842dedfc", Roles: []string{"AUTHORIZED_USER"}}}},
		{op: "GetIdentity", do: func(ctx context.Context, c *paxos.Client) (any, error) {
			return c.GetIdentityWith(ctx, "i", paxos.Parts{Details: true, InstitutionMembers: true})
		}, reply: `{"id":"i","status":"PENDING","summary_status":"PENDING","type":"INSTITUTION",` +
			`"institution_details":{"sanctions_verification_status":"ERROR","document_verification_status":"PENDING","additional_screening_status":"APPROVED"},` +
			`"institution_members":[{"id":"m","identity_id":"j","roles":["TRUSTEE"],"name":"Ada Example","summary_status":"DENIED"}],` +
			`"status_details":{"active_controls":[{"id":"c","type":"FROZEN","set_by":"SET_BY_PAXOS","reason_code":"LEGAL_ORDER","is_overridable":false}],` +
			`"requirements":[{"type":"MEMBERS","status":"FAILED","errors":[{"code":"MEMBER_VERIFICATION_FAILED","description":"Ada Example"}]}]}}`,
			want: &paxos.Identity{ID: "i", Status: "PENDING", SummaryStatus: "PENDING", Type: "INSTITUTION",
				InstitutionDetails: &paxos.InstitutionDetails{SanctionsVerificationStatus: "ERROR", DocumentVerificationStatus: "PENDING", AdditionalScreeningStatus: "APPROVED"},
				InstitutionMembers: []paxos.InstitutionMember{{ID: "m", IdentityID: "j", Roles: []string{"TRUSTEE"}, Name: "Ada Example", SummaryStatus: "DENIED"}},
				StatusDetails: &paxos.StatusDetails{
					ActiveControls: []paxos.Control{{ID: "c", Type: "FROZEN", SetBy: "SET_BY_PAXOS", ReasonCode: "LEGAL_ORDER"}},
					Requirements:   []paxos.Requirement{{Type: "MEMBERS", Status: "FAILED", Errors: []paxos.RequirementError{{Code: "MEMBER_VERIFICATION_FAILED"}}}}}}},
		{op: "DocumentUpload", do: func(ctx context.Context, c *paxos.Client) (any, error) {
			return c.UploadDocument(ctx, "i", paxos.UploadDocumentRequest{Name: "Proof_of_residence.jpg"})
		}, want: &paxos.DocumentUpload{FileID: aUUID, Name: "Proof_of_residence.jpg", UploadURL: "https://s3.amasonaws.com/pax...cec3f64fe20348685a"}},
		{op: "ListIdentityDocuments", do: func(ctx context.Context, c *paxos.Client) (any, error) {
			return c.ListIdentityDocuments(ctx, "i", false)
		}, want: &paxos.DocumentList{Documents: []paxos.Document{{FileID: "e1959b03-8c3d-4bdd-9437-403ccf8772f5", Name: "test_file.png",
			DocumentTypes: []string{"OTHER_DOCUMENTS", "APPLICATION"}, CreatedAt: "2023-07-07T23:03:19.170481Z"}}}},
		{op: "ListIdentityDocuments", do: func(ctx context.Context, c *paxos.Client) (any, error) {
			return c.ListIdentityDocuments(ctx, "i", true)
		}, reply: `{"documents":[],"pending_documents":["PROOF_OF_RESIDENCY","PROOF_OF_FUNDS"]}`,
			want: &paxos.DocumentList{Documents: []paxos.Document{}, PendingDocuments: []string{"PROOF_OF_RESIDENCY", "PROOF_OF_FUNDS"}}},
		{op: "CreateSandboxDeposit", do: func(ctx context.Context, c *paxos.Client) (any, error) {
			return c.CreateSandboxDeposit(ctx, "p", bodyOf(&paxos.SandboxDepositRequest{Asset: "USD", Amount: "10.00"}))
		}, reply: `{"activity_id":"` + aUUID + `"}`, want: aUUID},
		{op: "SandboxSetIdentityStatus", do: func(ctx context.Context, c *paxos.Client) (any, error) {
			return nil, c.SandboxSetIdentityStatus(ctx, "i", paxos.SandboxStatusRequest{IDVerificationStatus: "APPROVED"})
		}, reply: `{}`},
		{op: "ListProfileBalances", do: func(ctx context.Context, c *paxos.Client) (any, error) {
			return c.ListProfileBalances(ctx, "p", "BTC", "USD")
		}, example: "assets=BTC,USD", want: []paxos.ProfileBalance{{Asset: "BTC", Available: "1.23103715", Trading: ".25"}, {Asset: "USD", Available: "1510.23", Trading: "100.00"}}},
		{op: "GetProfileBalance", do: func(ctx context.Context, c *paxos.Client) (any, error) {
			return c.GetProfileBalance(ctx, "p", "BTC")
		}, reply: `{"asset":"BTC","available":"1.23103715","trading":".25"}`, want: &paxos.ProfileBalance{Asset: "BTC", Available: "1.23103715", Trading: ".25"}},
		{op: "CreateFiatAccount", do: func(ctx context.Context, c *paxos.Client) (any, error) {
			return c.CreateFiatAccount(ctx, bodyOf(fiatAccount()))
		}, misfit: true, want: &sample},
		{op: "GetFiatAccount", do: func(ctx context.Context, c *paxos.Client) (any, error) { return c.GetFiatAccount(ctx, "x") },
			reply: `{"id":"x","ref_id":"r","status":"REJECTED",` + wired + `,"fiat_account_owner":{"person_details":{"first_name":"Ada","last_name":"Example"}},"created_at":"2026-05-04T10:11:12Z"}`,
			want:  &paxos.FiatAccount{ID: "x", RefID: "r", Status: "REJECTED", CreatedAt: "2026-05-04T10:11:12Z"}},
		{op: "ListFiatAccounts", do: func(ctx context.Context, c *paxos.Client) (any, error) {
			return c.ListFiatAccounts(ctx, paxos.ListFiatQuery{RefIDs: []string{"test_ref_id_1"}})
		}, misfit: true, want: &paxos.FiatAccountPage{Items: []paxos.FiatAccount{listed}}},
		{op: "CreateFiatDepositInstructions", do: func(ctx context.Context, c *paxos.Client) (any, error) {
			return c.CreateFiatDepositInstructions(ctx, bodyOf(&paxos.CreateFiatDepositInstructionsRequest{ProfileID: "p", FiatNetwork: "WIRE"}))
		}, misfit: true, want: &deposit},
		{op: "GetFiatDepositInstructions", do: func(ctx context.Context, c *paxos.Client) (any, error) {
			return c.GetFiatDepositInstructions(ctx, strings.ToUpper(aUUID))
		}, misfit: true, want: &deposit},
		{op: "GetFiatDepositInstructions", do: func(ctx context.Context, c *paxos.Client) (any, error) {
			return c.GetFiatDepositInstructions(ctx, "x")
		}, reply: `{"id":"x","profile_id":"p","identity_id":"i","account_id":"a","ref_id":"r","status":"DEPRECATED","memo_id":"M",` + wired + `,"created_at":"2026-05-04T10:11:12Z"}`,
			want: &paxos.FiatDepositInstructions{ID: "x", ProfileID: "p", IdentityID: "i", AccountID: "a", RefID: "r", Status: "DEPRECATED", MemoID: "M", CreatedAt: "2026-05-04T10:11:12Z"}},
		{op: "ListFiatDepositInstructions", do: func(ctx context.Context, c *paxos.Client) (any, error) {
			return c.ListFiatDepositInstructions(ctx, paxos.ListFiatQuery{})
		}, misfit: true, want: &paxos.FiatDepositInstructionsPage{Items: []paxos.FiatDepositInstructions{deposit}}},
		{op: "CreateOrder", do: func(ctx context.Context, c *paxos.Client) (any, error) {
			return c.CreateOrder(ctx, "p", bodyOf(&paxos.CreateOrderRequest{Side: "BUY", Market: "ETHUSD", Type: "LIMIT", Price: "190.23", BaseAmount: "2.35781498"}))
		}, want: &order},
		{op: "GetOrder", do: func(ctx context.Context, c *paxos.Client) (any, error) { return c.GetOrder(ctx, "p", "x") },
			reply: `{"id":"x","profile_id":"p","ref_id":"r","status":"FILLED","side":"SELL","market":"BTCUSD","type":"MARKET","base_amount":"1","quote_amount":"",` +
				`"amount_filled":"1","identity_id":"i","identity_account_id":"a","created_at":"2026-05-04T10:11:12Z","modified_at":"2026-05-04T10:11:13Z","metadata":{"a":"b"}}`,
			want: &paxos.Order{ID: "x", ProfileID: "p", RefID: "r", Status: "FILLED", Side: "SELL", Market: "BTCUSD", Type: "MARKET", BaseAmount: "1",
				AmountFilled: "1", IdentityID: "i", IdentityAccountID: "a", CreatedAt: "2026-05-04T10:11:12Z", ModifiedAt: "2026-05-04T10:11:13Z"}},
		{op: "ListOrders", do: func(ctx context.Context, c *paxos.Client) (any, error) {
			return c.ListOrders(ctx, paxos.ListOrdersQuery{RefIDs: []string{"my-order-1", "my-order-2"}})
		}, want: &paxos.OrderPage{NextCursor: "CgsIxom6iQYQwO39XBDbsdVz", Items: []paxos.Order{
			{ID: aUUID, ProfileID: order.ProfileID, RefID: "my-order-1", Status: "FILLED", Market: "ETHUSD", Side: "BUY", Type: "LIMIT",
				Price: "190.23", BaseAmount: "2.35781498", QuoteAmount: "0", AmountFilled: "2.35781498"},
			{ID: "81e26e1d-eddb-455a-8b44-e3d845432de7", ProfileID: order.ProfileID, RefID: "my-order-2", Status: "FILLED", Market: "BTCUSD",
				Side: "BUY", Type: "MARKET", Price: "0", BaseAmount: "0", QuoteAmount: "500.00", AmountFilled: "0.05142181"}}}},
	}
}

// What the specification gives as an example, or allows, is read for what it is.
func TestRepliesAreTheSpecifications(t *testing.T) {
	spec := requireSpecification(t)
	for _, tt := range reads() {
		t.Run(tt.op, func(t *testing.T) {
			body, checked := tt.reply, tt.reply
			if body == "" {
				body = example(t, spec, tt.op, 200, tt.example)
			}
			if !tt.misfit {
				checked = body
			}
			synctest.Test(t, func(t *testing.T) {
				w := &wire{}
				w.answer = func(_ int, r *http.Request) (*http.Response, error) {
					sent := w.all(false)
					if op := spec.check(t, r, []byte(sent[len(sent)-1].body), checked); op != tt.op {
						t.Errorf("got the operation %s, want %s", op, tt.op)
					}
					return reply(200, body), nil
				}
				got, err := tt.do(t.Context(), newClient(w))
				if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
					t.Errorf("got error %v and (-want +got):\n%s", err, diff)
				}
				if text := fmt.Sprintf("%+v", got) + string(bodyOf(got)); strings.Contains(text, "5678") {
					t.Error("the account number was read")
				}
			})
		})
	}
}

// example is one of the specification's, as JSON.
func example(t *testing.T, spec official, op string, status int, name string) string {
	t.Helper()
	for _, media := range spec.operations()[op].Responses.Status(status).Value.Content {
		value := media.Example
		if e := pick(media.Examples, name); e != nil {
			value = e.Value
		}
		if text, err := json.Marshal(value); err == nil && value != nil {
			return string(text)
		}
	}
	t.Fatalf("%s %d: no example %q", op, status, name)
	return ""
}

// pick takes the only example there is for "".
func pick(examples openapi3.Examples, name string) *openapi3.Example {
	if ref := examples[name]; ref != nil {
		return ref.Value
	}
	if len(examples) != 1 || name != "" {
		return nil
	}
	for _, ref := range examples {
		return ref.Value
	}
	return nil
}

// The specification's own refusals, and what is known from them.
func TestRefusalsAreTheSpecifications(t *testing.T) {
	spec := requireSpecification(t)
	tests := []struct {
		op, example string
		want        paxos.Error
	}{
		{"CreateIdentity", "Duplicate fef_id provided", paxos.Error{Status: 409, Type: paxos.ProblemAlreadyExists, Field: "ref_id", ExistingID: "c9560de1-835c-48fa-bd1a-e91da2ef770c"}},
		{"DocumentUpload", "", paxos.Error{Status: 409, Type: paxos.ProblemAlreadyExists, NameTaken: true}},
		{"DocumentUpload", "", paxos.Error{Status: 404}},
		{"DocumentUpload", "", paxos.Error{Status: 403}},
		{"DocumentUpload", "", paxos.Error{Status: 400}},
		{"ListIdentityDocuments", "", paxos.Error{Status: 403}},
		{"CreateOrder", "", paxos.Error{Status: 400, Field: "base_amount"}},
		{"CreateOrder", "", paxos.Error{Status: 409, Type: paxos.ProblemAlreadyExists, Field: "ref_id", ExistingID: aUUID}},
		{"CreateOrder", "Insufficient Funds", paxos.Error{Status: 403, Type: paxos.ProblemInsufficientFunds}},
		{"CreateOrder", "Notional Value Too Large", paxos.Error{Status: 403, Type: paxos.ProblemNotionalTooLarge}},
		{"CreateOrder", "Market Conditions Prevented Execution", paxos.Error{Status: 403, Type: paxos.ProblemMarketConditions}},
		{"CreateFiatAccount", "", paxos.Error{Status: 400, Field: "account_number"}},
		{"CreateFiatAccount", "", paxos.Error{Status: 403, Field: "identity_id"}},
		{"CreateFiatAccount", "", paxos.Error{Status: 404}},
		{"CreateFiatDepositInstructions", "", paxos.Error{Status: 400}},
	}
	for _, tt := range tests {
		body := example(t, spec, tt.op, tt.want.Status, tt.example)
		synctest.Test(t, func(t *testing.T) {
			_, err := doing(t, tt.op)(t.Context(), newClient(&wire{answer: always(tt.want.Status, body)}))
			var e *paxos.Error
			tt.want.Operation = tt.op
			if !errors.As(err, &e) || *e != tt.want || e.Refused() == (e.Status == 409) || paxos.Uncertain(err) {
				t.Errorf("%s %s: got %+v (%v), want %+v", tt.op, body, e, err, tt.want)
			}
		})
	}
}

// doing is how an operation of the table is called.
func doing(t *testing.T, op string) func(context.Context, *paxos.Client) (any, error) {
	t.Helper()
	if op == "CreateIdentity" {
		return func(ctx context.Context, c *paxos.Client) (any, error) { return nil, create(ctx, c) }
	}
	all := reads()
	i := slices.IndexFunc(all, func(r read) bool { return r.op == op })
	if i < 0 {
		t.Fatalf("%s is not in the table", op)
	}
	return all[i].do
}
