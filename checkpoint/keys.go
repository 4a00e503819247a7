package checkpoint

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/google/renameio/v2"
)

const (
	keySize   = 32 // AES-256
	printSize = 16 // 128 bits: a chance match among 10 million records stays below 1 in 10^24
)

// keyring holds what is derived from the one key: HKDF gives each purpose a key
// of its own, so that none can be used for another.
type keyring struct {
	sealer cipher.AEAD
	prints sync.Pool // of hash.Hash
	cips   []byte
	check  []byte
}

func newKeyring(key []byte) (*keyring, error) {
	derive := func(purpose string) []byte {
		out, _ := hkdf.Key(sha256.New, key, nil, "embark "+purpose, keySize) // fails only for absurd lengths
		return out
	}
	block, err := aes.NewCipher(derive("seal"))
	if err != nil {
		return nil, err
	}
	sealer, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	prints := derive("fingerprint")
	k := &keyring{sealer: sealer, cips: derive("cip"), check: derive("check")}
	k.prints.New = func() any { return hmac.New(sha256.New, prints) }
	return k, nil
}

// seal encrypts data for the record under key; a random nonce stands in front.
func (k *keyring) seal(data []byte, key string) []byte {
	nonce := make([]byte, k.sealer.NonceSize(), k.sealer.NonceSize()+len(data)+k.sealer.Overhead())
	_, _ = rand.Read(nonce) // never fails, see crypto/rand
	return k.sealer.Seal(nonce, nonce, data, []byte(key))
}

func (k *keyring) unseal(sealed []byte, key string) ([]byte, error) {
	n := k.sealer.NonceSize()
	if len(sealed) < n {
		return nil, errors.New("sealed request too short")
	}
	return k.sealer.Open(nil, sealed[:n], sealed[n:], []byte(key))
}

func (k *keyring) print(data []byte) []byte {
	h := k.prints.Get().(hash.Hash)
	defer k.prints.Put(h)
	h.Reset()
	h.Write(data)
	return h.Sum(nil)[:printSize]
}

func (k *keyring) cip(triple string) []byte {
	h := hmac.New(sha256.New, k.cips)
	h.Write([]byte(triple))
	return h.Sum(nil)[:printSize]
}

// loadKey reads the key from o.Key or the key file. The file is made on first
// use; mayCreate is false once there are records that need an older key.
func loadKey(o Options, mayCreate bool) ([]byte, error) {
	if o.Key != "" {
		return decodeKey(o.Key, "the key from the environment")
	}
	text, err := os.ReadFile(o.KeyFile)
	if errors.Is(err, fs.ErrNotExist) {
		return createKey(o.KeyFile, mayCreate)
	}
	if err != nil {
		return nil, &Error{ErrKey, fmt.Sprintf("cannot read the key file %q", o.KeyFile), "check its owner and mode"}
	}
	if err := private(o.KeyFile); err != nil {
		return nil, err
	}
	return decodeKey(string(text), fmt.Sprintf("the key file %q", o.KeyFile))
}

func decodeKey(text, what string) ([]byte, error) {
	key, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != keySize {
		return nil, &Error{ErrKey, what + " does not hold a key", "it should be 64 hexadecimal digits; restore it from a backup"}
	}
	return key, nil
}

func createKey(path string, mayCreate bool) ([]byte, error) {
	if !mayCreate {
		return nil, &Error{ErrKey, fmt.Sprintf("the checkpoint's key file %q is missing", path),
			"restore it from a backup or name it with --key-file; without it the checkpoint cannot be read"}
	}
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never fails, see crypto/rand
	if err := writeFile(path, []byte(hex.EncodeToString(key)+"\n")); err != nil {
		return nil, fmt.Errorf("write the key file: %w", err)
	}
	return key, nil
}

// writeFile replaces a file durably. The temporary file lies beside it, not in
// a folder for everybody as is renameio's default, and what it is has 0600
// whatever the mode of the old one.
func writeFile(path string, data []byte) error {
	folder := filepath.Dir(path)
	f, err := renameio.NewPendingFile(path, renameio.WithTempDir(folder), renameio.WithStaticPermissions(0o600))
	if err != nil {
		return err
	}
	defer func() { _ = f.Cleanup() }()
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.CloseAtomicallyReplace(); err != nil {
		return err
	}
	return syncFolder(folder)
}

// private refuses files that others may read: bbolt keeps an existing mode.
func private(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return &Error{ErrForeign, fmt.Sprintf("%q may be read by others (mode %#o)", path, info.Mode().Perm()),
			fmt.Sprintf("chmod 600 %q", path)}
	}
	return nil
}
