package paxos_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"embark/paxos"
)

// signed makes a client sign with a new key.
func signed(t *testing.T) func(*paxos.Options) {
	return func(o *paxos.Options) { o.Signer, _ = newSigner(t, "EdDSA") }
}

func newSigner(t *testing.T, algorithm string) (*paxos.Signer, crypto.PublicKey) {
	t.Helper()
	private, public := newKey(t, algorithm)
	signer, err := paxos.NewSigner("key-1", pemOf(t, private))
	if err != nil {
		t.Fatal(err)
	}
	return signer, public
}

func newKey(t *testing.T, algorithm string) (private any, public crypto.PublicKey) {
	t.Helper()
	if algorithm == "EdDSA" {
		public, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return private, public
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key, &key.PublicKey
}

func pemOf(t *testing.T, private any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// verified checks a compact JWS with the standard library alone, and returns
// its header and payload.
func verified(t *testing.T, jws string, key crypto.PublicKey) (header map[string]string, payload string) {
	t.Helper()
	parts := strings.Split(jws, ".")
	if len(parts) != 3 {
		t.Fatalf("got %q, want three parts", jws)
	}
	var raw [3][]byte
	for i, part := range parts {
		var err error
		if raw[i], err = base64.RawURLEncoding.Strict().DecodeString(part); err != nil {
			t.Fatalf("part %d: %v", i, err)
		}
	}
	if !signs(key, []byte(parts[0]+"."+parts[1]), raw[2]) {
		t.Error("the signature does not fit")
	}
	if err := json.Unmarshal(raw[0], &header); err != nil {
		t.Fatal(err)
	}
	return header, string(raw[1])
}

func signs(key crypto.PublicKey, message, signature []byte) bool {
	switch k := key.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(k, message, signature)
	case *ecdsa.PublicKey:
		digest := sha256.Sum256(message)
		return len(signature) == 64 &&
			ecdsa.Verify(k, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
	}
	return false
}

func TestRequestsAreSigned(t *testing.T) {
	body := string(bodyOf(&paxos.CreateIdentityRequest{RefID: "cust-1", PersonDetails: &paxos.PersonDetails{FirstName: "O'Brien & <Sons>"}}))
	tests := map[string]struct {
		do                 call
		method, path, body string
	}{
		"with body": {func(ctx context.Context, c *paxos.Client) error {
			_, err := c.CreateIdentity(ctx, json.RawMessage(body))
			return err
		}, "POST", "/v2/identity/identities", body},
		"PUT": {func(ctx context.Context, c *paxos.Client) error {
			_, err := c.UploadDocument(ctx, "x", paxos.UploadDocumentRequest{Name: "a.pdf"})
			return err
		}, "PUT", "/v2/identity/identities/x/documents", `{"name":"a.pdf"}`},
		"without body": {func(ctx context.Context, c *paxos.Client) error {
			_, err := c.GetIdentity(ctx, "x", false)
			return err
		}, "GET", "/v2/identity/identities/x", ""},
		"with query": {func(ctx context.Context, c *paxos.Client) error {
			_, err := c.ListFiatAccounts(ctx, paxos.ListFiatQuery{RefIDs: []string{"a&b", "c d"}})
			return err
		}, "GET", "/v2/transfer/fiat-accounts?limit=100&ref_ids=a%26b&ref_ids=c+d", ""},
		"with odd id": {func(ctx context.Context, c *paxos.Client) error {
			_, _ = c.GetIdentity(ctx, "a/b?c", false)
			return nil
		}, "GET", "/v2/identity/identities/a%2Fb%3Fc", ""},
	}
	for name, tt := range tests {
		for _, algorithm := range []string{"EdDSA", "ES256"} {
			synctest.Test(t, func(t *testing.T) {
				signer, public := newSigner(t, algorithm)
				w := &wire{}
				if err := tt.do(t.Context(), newClient(w, func(o *paxos.Options) { o.Signer = signer })); err != nil {
					t.Fatal(err)
				}
				sent := w.all(false)[0]
				header, payload := verified(t, sent.header.Get("Paxos-Signature"), public)
				want := map[string]string{"kid": "key-1", "alg": algorithm, "paxos.com/timestamp": strconv.FormatInt(sent.at.Unix(), 10),
					"paxos.com/request-method": tt.method, "paxos.com/request-path": tt.path}
				if len(header) != len(want) || payload != tt.body || sent.body != tt.body {
					t.Errorf("%s: got header %v, payload %q and body %q, want %v and %q", name, header, payload, sent.body, want, tt.body)
				}
				for key, value := range want {
					if header[key] != value {
						t.Errorf("%s: %s: got %q, want %q", name, key, header[key], value)
					}
				}
				if token := w.all(true)[0]; token.header.Get("Paxos-Signature") != "" {
					t.Error("the token request is signed")
				}
			})
		}
	}
}

func TestNoSignerNoSignature(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		if err := create(t.Context(), newClient(w)); err != nil {
			t.Fatal(err)
		}
		if got, there := w.all(false)[0].header["Paxos-Signature"]; there {
			t.Errorf("got %q, want no signature", got)
		}
	})
}

// Every attempt has the time at which it was sent, however long it waited.
func TestEveryAttemptIsSignedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		signer, public := newSigner(t, "EdDSA")
		w := &wire{answer: func(n int, _ *http.Request) (*http.Response, error) {
			switch n {
			case 1:
				return reply(429, "", "Retry-After", "900"), nil
			case 2, 3:
				return reply(503, ""), nil
			case 4:
				return reply(401, ""), nil
			}
			return reply(200, anything), nil
		}}
		c := newClient(w, func(o *paxos.Options) { o.Signer = signer })
		_, _ = c.GetIdentity(t.Context(), "x", false)
		if _, err := c.GetIdentity(t.Context(), "x", false); err != nil {
			t.Fatal(err)
		}
		all := w.all(false)
		if waited := all[len(all)-1].at.Sub(all[0].at); len(all) != 5 || waited < 15*time.Minute {
			t.Fatalf("got %d attempts over %s, want 5 over more than 15 minutes", len(all), waited)
		}
		for i, sent := range all {
			header, _ := verified(t, sent.header.Get("Paxos-Signature"), public)
			if got, want := header["paxos.com/timestamp"], strconv.FormatInt(sent.at.Unix(), 10); got != want {
				t.Errorf("attempt %d: got the time %s, want %s", i+1, got, want)
			}
		}
	})
}

func TestUnusableSigningKeys(t *testing.T) {
	good, _ := newKey(t, "EdDSA")
	p384, err1 := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	rsaKey, err2 := rsa.GenerateKey(rand.Reader, 2048)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	p256, _ := newKey(t, "ES256")
	sec1, err := x509.MarshalECPrivateKey(p256.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		kid string
		key []byte
	}{
		"no id":     {"", pemOf(t, good)},
		"no PEM":    {"k", []byte("Canary")},
		"empty":     {"k", nil},
		"SEC 1":     {"k", pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: sec1})},
		"no PKCS#8": {"k", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("Canary")})},
		"P-384":     {"k", pemOf(t, p384)},
		"RSA":       {"k", pemOf(t, rsaKey)},
		"encrypted": {"k", pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("Canary")})},
	}
	for name, tt := range tests {
		if s, err := paxos.NewSigner(tt.kid, tt.key); err == nil || s != nil || strings.Contains(err.Error(), "Canary") {
			t.Errorf("%s: got %v %v, want an error that says nothing of the key", name, s, err)
		}
	}
}
