package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// openOrSpool looks before it opens, because opening a device can block or act.
func openOrSpool(path string, o Options) (*os.File, error) {
	if path == "-" {
		return spool(path, stdin(o), o.TempDir)
	}
	info, err := look(path, o.Strict)
	switch {
	case err != nil:
		return nil, err
	case info.Mode()&fs.ModeNamedPipe != 0:
		return spoolFrom(path, o.TempDir)
	case info.IsDir():
		return nil, &OpenError{File: path, Hint: "name the files in the folder one by one", Err: ErrNotAFile}
	case !info.Mode().IsRegular():
		return nil, &OpenError{File: path, Hint: "give a file, a folder, or - for standard input", Err: ErrNotAFile}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, openError(path, err)
	}
	if o.Strict {
		if err := same(path, f, info); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return f, nil
}

// look tells what is there under a name; strictly, it refuses what others than
// the owner could put in its place.
func look(path string, strict bool) (fs.FileInfo, error) {
	stat := os.Stat
	if strict {
		stat = os.Lstat
	}
	info, err := stat(path)
	switch {
	case err != nil:
		return nil, openError(path, err)
	case !strict:
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, &OpenError{File: path, Err: ErrSymlink, Hint: "name the file itself, or leave --strict out"}
	case info.Mode().Perm()&0o022 != 0:
		return nil, &OpenError{File: path, Err: ErrWritable, Hint: "chmod go-w, or leave --strict out"}
	}
	return info, nil
}

// same makes sure that no link took the place of the file since it was looked at.
func same(path string, f *os.File, info fs.FileInfo) error {
	now, err := f.Stat()
	if err != nil {
		return openError(path, err)
	}
	if !os.SameFile(info, now) {
		return &OpenError{File: path, Err: ErrSymlink, Hint: "somebody replaces the file; give a copy that nobody writes to"}
	}
	return nil
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

// spool copies a stream into a file that can be read twice.
func spool(name string, r io.Reader, dir string) (*os.File, error) {
	return spoolBy(name, dir, func(w io.Writer) error {
		_, err := io.Copy(w, r)
		return err
	})
}

// spoolBy makes a file of what write writes. It is unlinked before the first
// byte is written: a crash leaves no personal data behind.
func spoolBy(name, dir string, write func(io.Writer) error) (*os.File, error) {
	f, err := os.CreateTemp(dir, "embark-spool-*") // 0600
	if err != nil {
		return nil, fmt.Errorf("spool %q: %w", name, err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("spool %q: %w", name, err), f.Close())
	}
	if err := write(f); err != nil {
		return nil, errors.Join(readError(name, err), f.Close())
	}
	return f, nil
}

// readError says of which file an error is, unless the error does.
func readError(name string, err error) error {
	var table *Error
	if errors.As(err, &table) {
		return err
	}
	return fmt.Errorf("read %q: %w", name, err)
}
