package paxossim

import (
	"bufio"
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// journal is the state's history in a file, one sealed entry a line. Since it
// is written before replies go out, a killed process has forgotten nothing
// that a client knows. A nil journal keeps nothing.
type journal struct {
	file   *os.File
	aead   cipher.AEAD
	lines  uint64 // each line is bound to its number, so that none can be moved or dropped
	unsent []byte // sealed lines that are not in the file yet
	err    error  // what broke the journal; nothing is written after it
}

// The kinds of entries.
const (
	identityEntry byte = 'i'
	accountEntry  byte = 'a'
	decidedEntry  byte = 'd'
)

// write seals an entry: its kind, its head and, where there is one, a body.
func (j *journal) write(kind byte, head any, body []byte) {
	if j == nil {
		return
	}
	h, err := json.Marshal(head)
	if err != nil {
		panic(err) // all heads are our own types, which always encode
	}
	plain := append([]byte{kind}, h...)
	plain = append(append(plain, '\n'), body...)
	nonce := make([]byte, j.aead.NonceSize())
	rand.Read(nonce) // never fails
	sealed := j.aead.Seal(nonce, nonce, plain, number(j.lines))
	j.unsent = base64.RawStdEncoding.AppendEncode(j.unsent, sealed)
	j.unsent = append(j.unsent, '\n')
	j.lines++
}

// flush hands what was written to the operating system, in one call.
func (j *journal) flush() error {
	if j == nil || j.err != nil {
		return j.failure()
	}
	if len(j.unsent) > 0 {
		_, j.err = j.file.Write(j.unsent)
		j.unsent = j.unsent[:0]
	}
	return j.err
}

func (j *journal) failure() error {
	if j == nil {
		return nil
	}
	return j.err
}

func (j *journal) close() error {
	if j == nil {
		return nil
	}
	return errors.Join(j.flush(), j.file.Close())
}

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// openJournal opens or makes the journal and calls replay for every entry in
// it. A last line that was cut off is removed: its reply never went out.
func openJournal(path string, replay func(kind byte, head, body []byte) error) (*journal, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	j := &journal{file: f}
	if err := j.load(path, replay); err != nil {
		f.Close()
		return nil, err
	}
	return j, nil
}

func (j *journal) load(path string, replay func(kind byte, head, body []byte) error) error {
	info, err := j.file.Stat()
	if err != nil {
		return err
	}
	if j.aead, err = openKey(path+".key", info.Size() == 0); err != nil {
		return err
	}
	whole, err := j.readAll(replay)
	if err != nil {
		return err
	}
	return j.file.Truncate(whole)
}

// readAll replays all whole lines and returns their length in the file.
func (j *journal) readAll(replay func(kind byte, head, body []byte) error) (whole int64, err error) {
	r := bufio.NewReaderSize(j.file, 1<<16)
	for {
		line, err := r.ReadBytes('\n')
		if err == io.EOF {
			return whole, nil
		}
		if err != nil {
			return whole, err
		}
		if err := j.replayLine(line[:len(line)-1], replay); err != nil {
			return whole, fmt.Errorf("journal line %d: %w", j.lines+1, err)
		}
		whole += int64(len(line))
		j.lines++
	}
}

func (j *journal) replayLine(line []byte, replay func(kind byte, head, body []byte) error) error {
	sealed, err := base64.RawStdEncoding.AppendDecode(nil, line)
	if err != nil || len(sealed) < j.aead.NonceSize() {
		return errors.New("damaged")
	}
	nonce, sealed := sealed[:j.aead.NonceSize()], sealed[j.aead.NonceSize():]
	plain, err := j.aead.Open(nil, nonce, sealed, number(j.lines))
	if err != nil {
		return errors.New("damaged, or sealed with another key")
	}
	head, body, found := bytes.Cut(plain[1:], []byte{'\n'})
	if !found {
		return errors.New("damaged")
	}
	return replay(plain[0], head, body)
}

// openKey reads the key, or makes one for a journal that is still empty. A
// missing key of a journal in use is an error: a new one could not open it.
func openKey(path string, mayMake bool) (cipher.AEAD, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && mayMake {
		text = []byte(hex.EncodeToString(randomKey()))
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("journal key: %w", err)
	}
	key, err := hex.DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("journal key: %s does not hold 64 hexadecimal digits", path)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func randomKey() []byte {
	key := make([]byte, 32)
	rand.Read(key) // never fails
	return key
}
