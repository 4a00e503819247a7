package paxos_test

import (
	"testing"
	"testing/synctest"

	"embark/paxos"
)

// The schema has all at top level; the samples have some of it elsewhere. What
// is at top level counts first.
func TestWhereAFiatAccountHasItsFields(t *testing.T) {
	whole := paxos.FiatAccount{ID: "x", RefID: "r", IdentityID: "i", AccountID: "a", Status: "PENDING", CreatedAt: "c", UpdatedAt: "u"}
	bare := paxos.FiatAccount{ID: "x", Status: "PENDING"}
	const fields = `"ref_id":"r","identity_id":"i","account_id":"a","status":"PENDING","created_at":"c","updated_at":"u"`
	const others = `"ref_id":"?","identity_id":"?","account_id":"?","status":"?","created_at":"?","updated_at":"?"`
	tests := map[string]struct {
		body string
		want paxos.FiatAccount
	}{
		"top":                   {`{"id":"x",` + fields + `}`, whole},
		"owner":                 {`{"id":"x","fiat_account_owner":{` + fields + `}}`, whole},
		"both":                  {`{"id":"x",` + fields + `,"fiat_account_owner":{"id":"?",` + others + `}}`, whole},
		"instructions":          {`{"id":"x","fiat_network_instructions":{"status":"PENDING"}}`, bare},
		"wire":                  {`{"id":"x","fiat_network_instructions":{"wire":{"status":"PENDING"}}}`, bare},
		"owner's instructions":  {`{"id":"x","fiat_account_owner":{"fiat_network_instructions":{"status":"PENDING"}}}`, bare},
		"owner's wire":          {`{"id":"x","fiat_account_owner":{"fiat_network_instructions":{"wire":{"status":"PENDING"}}}}`, bare},
		"nothing":               {`{"id":"x","fiat_account_owner":null,"fiat_network_instructions":null}`, paxos.FiatAccount{ID: "x"}},
		"top before the wire's": {`{"id":"x","status":"PENDING","fiat_network_instructions":{"wire":{"status":"?"}}}`, bare},
	}
	for name, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			got, err := newClient(&wire{answer: always(200, tt.body)}).GetFiatAccount(t.Context(), "x")
			if err != nil || *got != tt.want {
				t.Errorf("%s: got %+v %v, want %+v", name, got, err, tt.want)
			}
		})
	}
}
