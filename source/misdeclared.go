package source

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// misdeclared watches the bytes of a file that is declared to be in an encoding
// of single bytes. Text of such an encoding with letters beyond ASCII is next to
// never valid UTF-8 as well, so a file that is has been declared wrongly: read
// as declared, every such letter would become two others, unseen. A file of
// rejected rows whose mark an editor has taken away is the usual one.
type misdeclared struct {
	letters int  // beyond ASCII
	other   bool // something is not UTF-8
	rest    []byte
}

func (m *misdeclared) Write(p []byte) (int, error) {
	if m.other {
		return len(p), nil
	}
	text := p
	if len(m.rest) > 0 {
		text = append(m.rest, p...)
	}
	for len(text) > 0 {
		if i := bytes.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }); i >= 0 {
			text = text[i:]
		} else {
			text = nil
			break
		}
		r, size := utf8.DecodeRune(text)
		switch {
		case r != utf8.RuneError || size > 1:
			m.letters++
		case utf8.FullRune(text):
			m.other = true
			return len(p), nil
		default: // the rest comes with the next bytes
			m.rest = bytes.Clone(text)
			return len(p), nil
		}
		text = text[size:]
	}
	m.rest = nil
	return len(p), nil
}

func (m *misdeclared) judge(file, declared string) error {
	if m.other || len(m.rest) > 0 || m.letters == 0 {
		return nil
	}
	return &Error{File: file, Text: fmt.Sprintf("the file is declared as %s and is UTF-8: all of its %d letters beyond ASCII are", declared, m.letters),
		Hint: "say --encoding utf-8; a mapping may declare another encoding"}
}

// readable refuses text that came out of the declared encoding of several bytes a
// letter as no table does: without any ASCII, of which delimiters and line ends
// are in every such encoding, or with more that cannot be read than can. CSV that
// is read as UTF-16 becomes a single line of Chinese.
func (f *File) readable() error {
	head, err := f.head(sniffBytes)
	if err != nil {
		return err
	}
	ascii, unreadable, letters := 0, 0, 0
	for i, r := range string(head) {
		letters++
		switch {
		case r < utf8.RuneSelf:
			ascii++
		case r == utf8.RuneError && head[i] == 0xFF:
			unreadable++
		}
	}
	if letters == 0 || ascii > 0 && 2*unreadable <= letters {
		return nil
	}
	return &Error{File: f.name, Text: fmt.Sprintf("the file is declared as %s, and read so it is no text with columns", f.format.charset),
		Hint: "say the encoding that it has with --encoding, or none where it is UTF-8 or begins with a byte order mark; a mapping may declare one too"}
}
