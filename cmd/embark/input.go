package main

import (
	"time"

	"github.com/spf13/pflag"

	"embark/mapping"
	"embark/pipeline"
	"embark/source"
)

// inputFlags say how files are read; every command that reads files has them.
type inputFlags struct {
	allowEmpty bool
	strict     bool
}

func (f *inputFlags) add(flags *pflag.FlagSet) {
	flags.BoolVar(&f.allowEmpty, "allow-empty", false, "a file without rows is no error")
	flags.BoolVar(&f.strict, "strict", false, "refuse what is only doubtful: files that differ from those accepted last, links, files that others may write to")
}

func (f *inputFlags) options(e *environment) source.Options {
	return source.Options{AllowEmpty: f.allowEmpty, Strict: f.strict, Stdin: e.stdin}
}

// openInput opens all files and holds their headers against the contract.
func (e *environment) openInput(paths []string, flags *inputFlags, madeUp bool) (in pipeline.Input, closeAll func(), err error) {
	closeAll = func() {
		for _, f := range in.Files {
			_ = f.Close()
		}
	}
	o, now := flags.options(e), time.Now()
	for _, path := range paths {
		f, err := source.Open(path, o)
		if err != nil {
			closeAll()
			return in, nil, err
		}
		in.Files = append(in.Files, f)
		if err := addMapper(&in, f.Header(), mapping.Options{Now: now, MadeUp: madeUp}); err != nil {
			closeAll()
			return in, nil, err
		}
	}
	return in, closeAll, nil
}

// addMapper tells files of bank accounts by their headers.
func addMapper(in *pipeline.Input, header []string, o mapping.Options) error {
	file := len(in.Mappers)
	if !mapping.IsBank(header) {
		m, err := mapping.New(header, o)
		in.Mappers = append(in.Mappers, m)
		return err
	}
	m, err := mapping.NewBank(header, o)
	if in.Banks == nil {
		in.Banks = map[int]*mapping.BankMapper{}
	}
	in.Banks[file], in.Mappers = m, append(in.Mappers, nil)
	return err
}
