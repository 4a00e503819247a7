package checkpoint

import "errors"

// Kinds of errors of [Open], for errors.Is.
var (
	ErrInUse   = errors.New("checkpoint in use")
	ErrForeign = errors.New("checkpoint belongs elsewhere")
	ErrKey     = errors.New("checkpoint key")
	ErrDamaged = errors.New("checkpoint damaged")
	ErrAbsent  = errors.New("no checkpoint")
)

// Error is an error that an operator can do something about.
type Error struct {
	Kind error
	Text string
	Hint string // what to do about it
}

func (e *Error) Error() string { return e.Text }

// Unwrap returns the kind.
func (e *Error) Unwrap() error { return e.Kind }
