package source

import (
	"errors"
	"fmt"
)

// Error says that a file cannot be read as a table, or no longer: it is empty,
// in another encoding or format, or was changed while it was being read.
type Error struct {
	File string
	Line int // 0 for the file as a whole
	Text string
	Hint string // what to do about it; may be empty
}

func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%q line %d: %s", e.File, e.Line, e.Text)
	}
	return fmt.Sprintf("%q: %s", e.File, e.Text)
}

// OpenError says that there is no file to read under the given name: it does
// not exist, may not be read, or is a folder or a device. It unwraps to the
// cause (fs.ErrNotExist, fs.ErrPermission, ErrNotAFile, ErrNoFiles, ErrSymlink,
// ErrWritable).
type OpenError struct {
	File string
	Hint string // what to do about it; may be empty
	Err  error
}

func (e *OpenError) Error() string { return fmt.Sprintf("open %q: %v", e.File, e.Err) }

func (e *OpenError) Unwrap() error { return e.Err }

// OptionError says that an option of Open's means nothing, whatever the file.
type OptionError struct {
	Option string // "encoding" or "delimiter"
	Value  string
	Hint   string // what to do about it
}

func (e *OptionError) Error() string { return fmt.Sprintf("there is no %s %q", e.Option, e.Value) }

// The causes of an OpenError that are not the system's.
var (
	ErrNotAFile = errors.New("not a regular file or a pipe")
	ErrNoFiles  = errors.New("there is no file to read")              // in a folder, or by a pattern
	ErrSymlink  = errors.New("a symbolic link")                       // refused by Options.Strict
	ErrWritable = errors.New("others than its owner may write to it") // likewise
)
