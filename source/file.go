package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync/atomic"
)

// Options says how to open an input. The zero value reads plain files.
type Options struct {
	Stdin      io.Reader // what the name "-" stands for; nil means os.Stdin
	TempDir    string    // where pipes are spooled; "" means os.TempDir()
	AllowEmpty bool      // a header without any row is no error
	Delimiter  rune      // what separates the columns of a text file; 0 means by evidence
	Encoding   string    // IANA or WHATWG name, as windows-1252; "" means UTF-8, or what a byte order mark says
	Strict     bool      // neither symbolic links nor what group or world may write
}

// File is an open input. Its methods may be called from several goroutines.
type File struct {
	name    string
	f       *os.File
	before  fs.FileInfo // as it was when opened
	header  []string
	start   position // of the first record after the header
	skipped atomic.Int64
}

// Open opens the file, checks that it can be read as a table and reads its
// header. The name "-" and pipes are spooled first, into a file that only this
// user may read and that has no name any more, so that nothing remains of it.
// Errors are *OpenError, *Error or, while spooling, those of the disk.
func Open(path string, o Options) (*File, error) {
	f, err := openOrSpool(path, o)
	if err != nil {
		return nil, err
	}
	in := &File{name: path, f: f}
	if err := in.begin(o); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return in, nil
}

func (f *File) begin(o Options) (err error) {
	if f.before, err = f.f.Stat(); err != nil {
		return fmt.Errorf("look at %q: %w", f.name, err)
	}
	if f.header, f.start, err = readHeader(f.name, f.f, f.Size()); err != nil {
		return err
	}
	if o.AllowEmpty {
		return nil
	}
	for _, err := range f.Rows() {
		return err // the first row will do
	}
	return &Error{File: f.name, Text: "there is a header but not a single row",
		Hint: "if that is as it should be, say --allow-empty"}
}

// Header returns the cells of the header line, as they are in the file.
func (f *File) Header() []string { return f.header }

// Format tells people how the file is read; nothing of what is in it.
func (f *File) Format() string { return "CSV, commas, UTF-8" }

// Name is the path as it was given to Open.
func (f *File) Name() string { return f.name }

// Size is the number of bytes, for progress.
func (f *File) Size() int64 { return f.before.Size() }

// Skipped is the number of blank lines and rows of nothing but empty cells, as
// counted by the last reading that got to the end.
func (f *File) Skipped() int { return int(f.skipped.Load()) }

// Close closes the file; what was spooled is gone with it.
func (f *File) Close() error { return f.f.Close() }

// unchanged reports whether the file is still what was opened. A file that
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

// openOrSpool looks before it opens, because opening a device can block or act.
func openOrSpool(path string, o Options) (*os.File, error) {
	if path == "-" {
		return spool(path, stdin(o), o.TempDir)
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, openError(path, err)
	case info.Mode()&fs.ModeNamedPipe != 0:
		return spoolFrom(path, o.TempDir)
	case info.IsDir():
		return nil, &OpenError{File: path, Hint: "name the files in the folder one by one", Err: ErrNotAFile}
	case !info.Mode().IsRegular():
		return nil, &OpenError{File: path, Err: ErrNotAFile}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, openError(path, err)
	}
	return f, nil
}

func stdin(o Options) io.Reader {
	if o.Stdin == nil {
		return os.Stdin
	}
	return o.Stdin
}

// openError drops the path from the error, because OpenError quotes it.
func openError(path string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	e := &OpenError{File: path, Err: err}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Hint = "check the spelling and the folder you are in"
	case errors.Is(err, fs.ErrPermission):
		e.Hint = "the file must be readable for the user that runs embark"
	}
	return e
}

func spoolFrom(path, dir string) (*os.File, error) {
	pipe, err := os.Open(path)
	if err != nil {
		return nil, openError(path, err)
	}
	defer pipe.Close()
	return spool(path, pipe, dir)
}

// spool copies a stream into a file that can be read twice. It is unlinked
// before the first byte is written: a crash leaves no personal data behind.
func spool(name string, r io.Reader, dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, "embark-spool-*") // 0600
	if err != nil {
		return nil, fmt.Errorf("spool %q: %w", name, err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("spool %q: %w", name, err), f.Close())
	}
	if _, err := io.Copy(f, r); err != nil {
		return nil, errors.Join(fmt.Errorf("spool %q: %w", name, err), f.Close())
	}
	return f, nil
}
