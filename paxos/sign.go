package paxos

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Signer signs requests as Paxos's optional request signing wants it: a
// compact JWS (RFC 7515) over the exact bytes of the body. A signature is good
// for 30 minutes.
type Signer struct {
	kid  string
	alg  string
	sign func(message []byte) ([]byte, error)
}

// NewSigner reads a private key in PKCS#8 PEM: Ed25519 for EdDSA, or ECDSA on
// P-256 for ES256. The key id is the one under which Paxos knows the public
// key. The error says nothing of the key.
func NewSigner(kid string, key []byte) (*Signer, error) {
	if kid == "" {
		return nil, errors.New("signing key: no key id")
	}
	block, _ := pem.Decode(key)
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, errors.New("signing key: no PKCS#8 PEM block (PRIVATE KEY); openssl pkcs8 -topk8 -nocrypt makes one")
	}
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("signing key: not PKCS#8")
	}
	switch k := private.(type) {
	case ed25519.PrivateKey:
		return &Signer{kid, "EdDSA", func(m []byte) ([]byte, error) { return ed25519.Sign(k, m), nil }}, nil
	case *ecdsa.PrivateKey:
		if k.Curve == elliptic.P256() {
			return &Signer{kid, "ES256", func(m []byte) ([]byte, error) { return es256(k, m) }}, nil
		}
	}
	return nil, errors.New("signing key: neither Ed25519 nor ECDSA on P-256")
}

// es256 is the signature of RFC 7518 §3.4: two numbers of 32 bytes.
func es256(key *ecdsa.PrivateKey, message []byte) ([]byte, error) {
	digest := sha256.Sum256(message)
	r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
	if err != nil {
		return nil, err
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return signature, nil
}

// joseHeader is what Paxos wants in the signature's header.
type joseHeader struct {
	KeyID     string `json:"kid"`
	Algorithm string `json:"alg"`
	Timestamp string `json:"paxos.com/timestamp"` // Unix seconds
	Method    string `json:"paxos.com/request-method"`
	Path      string `json:"paxos.com/request-path"` // with /v2 and the query
}

// token is the compact JWS of one request at one moment.
func (s *Signer) token(req *http.Request, body []byte, now time.Time) (string, error) {
	header, err := json.Marshal(joseHeader{s.kid, s.alg, strconv.FormatInt(now.Unix(), 10), req.Method, req.URL.RequestURI()})
	if err != nil {
		return "", err
	}
	encode := base64.RawURLEncoding.EncodeToString
	message := encode(header) + "." + encode(body)
	signature, err := s.sign([]byte(message))
	return message + "." + encode(signature), err
}

// signing is the innermost round tripper, so that every attempt gets a
// timestamp of its own, after all waiting. Requests without a bearer token,
// which are those for one, are not signed.
type signing struct {
	base   http.RoundTripper
	signer *Signer
}

func (s *signing) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Header.Get("Authorization") == "" {
		return s.base.RoundTrip(req)
	}
	body, err := bodyOf(req)
	if err != nil {
		return nil, fmt.Errorf("sign: %w: %w", ErrNotSent, err)
	}
	jws, err := s.signer.token(req, body, time.Now())
	if err != nil {
		return nil, fmt.Errorf("sign: %w: %w", ErrNotSent, err)
	}
	signed := new(http.Request) // a copy with a header of its own: the caller's must not change
	*signed = *req
	signed.Header = req.Header.Clone()
	signed.Header.Set("Paxos-Signature", jws)
	return s.base.RoundTrip(signed)
}

// bodyOf reads the body without using it up.
func bodyOf(req *http.Request) ([]byte, error) {
	if req.GetBody == nil {
		return nil, nil
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(body)
}
