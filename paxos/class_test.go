package paxos

import "testing"

func TestClassOf(t *testing.T) {
	tests := map[string]Class{
		"/oauth2/token":                            ClassToken,
		"/v2/identity/identities":                  ClassIdentity,
		"/v2/identity/identities/x":                ClassIdentity,
		"/v2/identity/identities/x/documents":      ClassIdentity,
		"/v2/identity/identities/x/sandbox-status": ClassIdentity,
		"/v2/identity/institution-members":         ClassIdentity,
		"/v2/identity/accounts":                    ClassIdentity,
		"/v2/identity/account-members":             ClassIdentity,
		"/identity/accounts/x":                     ClassIdentity,
		"/v2/profiles/x/balances":                  ClassOther,
		"/v2/profiles/x/balances/USD":              ClassOther,
		"/v2/profiles/x/orders":                    ClassOther,
		"/v2/orders":                               ClassOther,
		"/v2/sandbox/profiles/x/deposit":           ClassOther,
		"/v2/transfer/fiat-accounts":               ClassOther,
		"/v2/transfer/fiat-deposit-instructions/x": ClassOther,
		"/v2/events":                               ClassOther,
	}
	for path, want := range tests {
		if got := classOf(path); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

func TestIsProduction(t *testing.T) {
	tests := map[string]bool{
		"https://api.paxos.com/v2":                true,
		"https://API.Paxos.com./v2":               true,
		"https://api.paxos.com:443/v2":            true,
		"https://user@api.paxos.com/v2":           true,
		"https://eu.api.paxos.com/v2":             true,
		"https://paxos.com/v2":                    true,
		"https://sandbox.api.paxos.com/v2":        true,
		"https://api.sandbox.paxos.com.paxos.com": true,
		"https://api paxos/":                      true,
		"https://api.sandbox.paxos.com/v2":        false,
		"https://sandbox.paxos.com/v2":            false,
		"https://API.SANDBOX.PAXOS.COM/v2/":       false,
		"http://127.0.0.1:8080/v2":                false,
		"http://simulator.invalid/v2":             false,
		"http://127.0.0.1/api.paxos.com":          false,
		"https://notpaxos.com/v2":                 false,
	}
	for url, want := range tests {
		if got := isProduction(url); got != want {
			t.Errorf("%s: got %t, want %t", url, got, want)
		}
	}
}
