package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync/atomic"
)

// Options says how to open an input. The zero value reads plain files.
type Options struct {
	Stdin      io.Reader // what the name "-" stands for; nil means os.Stdin
	TempDir    string    // where pipes and what is decoded are spooled; "" means os.TempDir()
	AllowEmpty bool      // a header without any row is no error
	Delimiter  rune      // what separates the columns of a text file; 0 means by evidence
	Encoding   string    // IANA or WHATWG name, as windows-1252; "" means UTF-8, or what a byte order mark says
	Strict     bool      // neither symbolic links nor what group or world may write
}

// File is an open input. Its methods may be called from several goroutines.
type File struct {
	name     string
	encoding string // as declared, "" where none was
	f        *os.File
	before   fs.FileInfo // as it was when opened
	text     *os.File    // what rows are read from: f, or a spool of what f holds
	size     int64       // of text
	format   format
	header   []string
	start    position // of the first record after the header
	skipped  atomic.Int64
}

// Open opens the file, checks that it can be read as a table and reads its
// header. The name "-", pipes and what has to be decoded are spooled first,
// into a file that only this user may read and that has no name any more, so
// that nothing remains of it. Errors are *OptionError, *OpenError, *Error or,
// while spooling, those of the disk.
func Open(path string, o Options) (*File, error) {
	enc, err := o.check()
	if err != nil {
		return nil, err
	}
	f, err := openOrSpool(path, o)
	if err != nil {
		return nil, err
	}
	in := &File{name: path, f: f, text: f, encoding: o.Encoding}
	if err := in.begin(o, enc); err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

func (f *File) begin(o Options, declared *charset) (err error) {
	if f.before, err = f.f.Stat(); err != nil {
		return fmt.Errorf("look at %q: %w", f.name, err)
	}
	f.size = f.before.Size()
	if err := f.decode(o, declared); err != nil {
		return err
	}
	if err := f.readHeader(o); err != nil {
		return err
	}
	if o.AllowEmpty {
		return nil
	}
	for _, err := range f.Rows() {
		return err // the first row will do
	}
	return f.noRows()
}

func (f *File) noRows() *Error {
	e := &Error{File: f.name, Text: "there is a header but not a single row", Hint: "if that is as it should be, say --allow-empty"}
	if f.encoding != "" && f.format.charset != utf8Text.name {
		e.Text += ", read as " + f.format.charset
		e.Hint = "check --encoding; a mapping may declare one too; " + e.Hint
	}
	return e
}

// Header returns the cells of the header line, as they are in the file; of
// JSON Lines the keys, in the order in which they first appear.
func (f *File) Header() []string { return f.header }

// Name is the path as it was given to Open.
func (f *File) Name() string { return f.name }

// Size is the number of bytes to read, for progress: those of the file or,
// where it has to be decoded, of what comes out. Row.End counts up to it.
func (f *File) Size() int64 { return f.size }

// Spooled is the number of bytes that temporary files take while the file is
// open: of what came from a pipe, and of what had to be decoded.
func (f *File) Spooled() (n int64) {
	if f.f.Name() != f.name {
		n += f.before.Size()
	}
	if f.text != f.f {
		n += f.size
	}
	return n
}

// Format tells people how the file is read, as in "CSV, semicolons (18 on each
// of 1,000 lines looked at), windows-1252, gzip"; nothing of what is in it.
func (f *File) Format() string { return f.format.String() }

// Skipped is the number of blank lines and rows of nothing but empty cells, as
// counted by the last reading that got to the end.
func (f *File) Skipped() int { return int(f.skipped.Load()) }

// Close closes the file; what was spooled is gone with it.
func (f *File) Close() error {
	if f.text == f.f {
		return f.f.Close()
	}
	return errors.Join(f.text.Close(), f.f.Close())
}

// Unchanged reports whether the file is still what was opened. A file that
// grows or is rewritten under us would give other rows the second time.
func (f *File) Unchanged() error {
	now, err := f.f.Stat()
	if err != nil {
		return fmt.Errorf("look at %q: %w", f.name, err)
	}
	if now.Size() != f.before.Size() || !now.ModTime().Equal(f.before.ModTime()) {
		return &Error{File: f.name, Text: "the file was changed while it was being read",
			Hint: "wait until it is complete, or give a copy that nobody writes to"}
	}
	return nil
}

// readFrom makes a spool what the rows are read from.
func (f *File) readFrom(spool *os.File) error {
	if f.text != f.f {
		if err := f.text.Close(); err != nil {
			return errors.Join(err, spool.Close())
		}
	}
	f.text = spool
	info, err := spool.Stat()
	if err != nil {
		return fmt.Errorf("spool %q: %w", f.name, err)
	}
	f.size = info.Size()
	return nil
}

// head is the beginning of the text.
func (f *File) head(n int64) ([]byte, error) {
	head := make([]byte, min(f.size, n))
	if _, err := f.text.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read %q: %w", f.name, err)
	}
	return head, nil
}

// format is how a file is read.
type format struct {
	kind    string // CSV, JSON Lines, XLSX
	detail  string // of the columns, or which sheet; may be empty
	comma   rune   // of CSV
	charset string
	packed  string // gzip, zstd or empty
}

func (f format) String() string {
	parts := []string{f.kind}
	for _, p := range []string{f.detail, f.charset, f.packed} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

// isTable reports that the text is a table of our own making.
func (f format) isTable() bool { return f.kind != kindCSV }

const (
	kindCSV  = "CSV"
	kindJSON = "JSON Lines"
	kindXLSX = "XLSX"
)
