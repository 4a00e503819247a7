package source

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/transform"
)

// The caps on what a compressed file may become. Exports shrink to a tenth;
// what shrinks to less than a hundredth is made to fill a disk. The ratio is
// judged only behind the first part, since a short file of one value repeated
// is none.
var maxUnpacked int64 = 64 << 30

const (
	maxRatio   = 100
	ratioAfter = 16 << 20
)

// decode spools the text of a file that is compressed or not in UTF-8.
func (f *File) decode(o Options, declared *charset) error {
	head, err := f.head(16)
	if err != nil {
		return err
	}
	var in io.Reader = io.NewSectionReader(f.f, 0, f.size)
	if f.format.packed = packing(head); f.format.packed != "" {
		u, err := unpack(f.name, in, f.format.packed)
		if err != nil {
			return err
		}
		defer u.close()
		in = u
	}
	buf := bufio.NewReaderSize(in, bufferBytes)
	if head, err = buf.Peek(16); err != nil && err != io.EOF {
		return readError(f.name, err)
	}
	enc := charsetOf(head, declared)
	f.format.charset = enc.name
	in = buf
	watch := &misdeclared{other: !enc.bytes}
	if enc.decoder != nil {
		in = transform.NewReader(io.TeeReader(buf, watch), transform.Chain(enc.decoder(), unreadable{}))
	} else if f.format.packed == "" {
		return nil // to be read as it is
	}
	text, err := spool(f.name, in, o.TempDir)
	if err != nil {
		return err
	}
	if err := watch.judge(f.name, enc.name); err != nil {
		return errors.Join(err, text.Close())
	}
	if err := f.readFrom(text); err != nil || enc.bytes || enc.name != name(declared) {
		return err
	}
	return f.readable()
}

func packing(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return "gzip"
	case bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		return "zstd"
	}
	return ""
}

// unpacked reads what is in a compressed file and holds it against the caps.
type unpacked struct {
	name   string
	packed counted
	r      io.Reader
	n      int64
	close  func()
}

func unpack(name string, packed io.Reader, how string) (*unpacked, error) {
	u := &unpacked{name: name, packed: counted{r: packed}, close: func() {}}
	if how == "gzip" {
		r, err := gzip.NewReader(&u.packed)
		if err != nil {
			return nil, u.damaged(err)
		}
		u.r = r
		return u, nil
	}
	r, err := zstd.NewReader(&u.packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(128<<20))
	if err != nil {
		return nil, u.damaged(err)
	}
	u.r, u.close = r, r.Close
	return u, nil
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	u.n += int64(n)
	switch {
	case u.n > maxUnpacked, u.n > ratioAfter && u.n > maxRatio*u.packed.n:
		return 0, &Error{File: u.name, Text: "the compressed file is far larger than a table would be",
			Hint: "at most 64 GiB and a hundred times its compressed size are unpacked; unpack it and look at it first"}
	case err != nil && err != io.EOF:
		return n, u.damaged(err)
	}
	return n, err
}

func (u *unpacked) damaged(err error) error {
	return &Error{File: u.name, Text: fmt.Sprintf("the compressed file is damaged or cut short (%v)", err), Hint: "fetch it once more"}
}

// counted counts the bytes that were read.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
