package source

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// charset is an encoding of text. A nil decoder means UTF-8.
type charset struct {
	name    string
	decoder func() transform.Transformer
	bytes   bool // each byte is a letter
}

var utf8Text = charset{name: "UTF-8"}

// check refuses options that mean nothing, and finds the encoding.
func (o Options) check() (*charset, error) {
	switch o.Delimiter {
	case 0:
	case '"', '\r', '\n', utf8.RuneError:
		return nil, &OptionError{Option: "delimiter", Value: string(o.Delimiter), Hint: "it is a single character, not a quote or the end of a line"}
	default:
		if !utf8.ValidRune(o.Delimiter) {
			return nil, &OptionError{Option: "delimiter", Value: string(o.Delimiter), Hint: "it is a single character"}
		}
	}
	if o.Encoding == "" {
		return nil, nil
	}
	e := lookUp(o.Encoding)
	if e == nil || e == encoding.Replacement {
		return nil, &OptionError{Option: "encoding", Value: o.Encoding, Hint: "name it as in windows-1252, iso-8859-15, utf-16le, shift_jis"}
	}
	if e == unicode.UTF8 {
		return &utf8Text, nil
	}
	_, bytes := e.(*charmap.Charmap)
	return &charset{strings.ToLower(o.Encoding), func() transform.Transformer { return e.NewDecoder() }, bytes}, nil
}

// lookUp prefers the meaning of the standard: to browsers iso-8859-1 is
// another name of windows-1252, and ASCII too.
func lookUp(name string) encoding.Encoding {
	if e, err := ianaindex.IANA.Encoding(name); err == nil && e != nil {
		return e
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		return nil
	}
	return e
}

// charsetOf: a byte order mark says what the file is, whatever was declared.
// Without either it is UTF-8; nothing is guessed.
func charsetOf(head []byte, declared *charset) charset {
	switch {
	case bytes.HasPrefix(head, utf8BOM), magic(head) != nil, bytes.HasPrefix(head, []byte(zipMagic)):
		return utf8Text
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return utf16With("UTF-16LE", unicode.LittleEndian)
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return utf16With("UTF-16BE", unicode.BigEndian)
	case declared != nil:
		return *declared
	}
	return utf8Text
}

func name(c *charset) string {
	if c == nil {
		return ""
	}
	return c.name
}

func utf16With(name string, order unicode.Endianness) charset {
	return charset{name: name, decoder: func() transform.Transformer { return unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder() }}
}

// unreadable marks what a decoder could make nothing of: it writes U+FFFD for
// it, which would pass for a character. A byte that is no UTF-8 in its place
// makes the row a damaged one.
type unreadable struct{ transform.NopResetter }

var replacement = []byte("\uFFFD")

func (unreadable) Transform(dst, src []byte, atEOF bool) (written, read int, err error) {
	for read < len(src) {
		n := bytes.IndexByte(src[read:], replacement[0])
		if n < 0 {
			n = len(src) - read
		}
		n = copy(dst[written:], src[read:read+n])
		written, read = written+n, read+n
		switch rest := src[read:]; {
		case len(rest) == 0:
			return written, read, nil
		case written == len(dst):
			return written, read, transform.ErrShortDst
		case len(rest) < len(replacement) && !atEOF:
			return written, read, transform.ErrShortSrc
		case bytes.HasPrefix(rest, replacement):
			dst[written] = 0xFF
			written, read = written+1, read+len(replacement)
		default:
			dst[written] = rest[0]
			written, read = written+1, read+1
		}
	}
	return written, read, nil
}
