package paxossim

import (
	"encoding/json"
	"testing"
)

// Whatever is sent to CreateIdentity, it is answered, and what is accepted
// satisfies the official schema (which tester checks). The body of a refusal
// holds nothing of the request but names of fields, so it stays short.
func FuzzCreateIdentity(f *testing.F) {
	for n := range 12 {
		body, _ := json.Marshal(customer(n))
		f.Add(string(body))
	}
	institution, _ := json.Marshal(widgets(1))
	f.Add(string(institution))
	f.Add(`{"ref_id":"\"","person_details":{"first_name":""},"metadata":{"A":"b","":"x"}}`)
	f.Add(`{"tax_details":[null],"metadata":null}`)
	f.Fuzz(func(t *testing.T, body string) {
		c := newTester(t, newSim(t, Options{MembersOptional: true}))
		a, err := c.try("POST", "/identity/identities", body)
		if err != nil || a.status != 200 && a.status != 400 {
			t.Fatalf("got %v %d %s, want 200 or 400", err, a.status, a.body)
		}
		if a.status == 400 && len(a.body) > 300 {
			t.Errorf("a refusal of %d bytes", len(a.body))
		}
	})
}
