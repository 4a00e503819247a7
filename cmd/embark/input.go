package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"embark/mapping"
	"embark/pipeline"
	"embark/source"
)

// inputFlags say how files are read; every command that reads files has them.
type inputFlags struct {
	mapping, encoding, delimiter string
	allowEmpty, strict           bool
}

func (f *inputFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.mapping, "mapping", "", "`FILE` that maps other columns to Paxos's (see embark init); without it, files are canonical")
	flags.StringVar(&f.encoding, "encoding", "", "`NAME` of the files' encoding, as windows-1252 (default UTF-8, or what a byte order mark says)")
	flags.StringVar(&f.delimiter, "delimiter", "", "`C`haracter between columns, or tab (default by evidence)")
	flags.BoolVar(&f.allowEmpty, "allow-empty", false, "a file without rows is no error")
	flags.BoolVar(&f.strict, "strict", false, "refuse what is only doubtful: links, files that others may write, a file unlike the last one")
}

// options are those of a file with this mapping, which may be nil. Flags go
// before what the mapping says.
func (f *inputFlags) options(e *environment, spec *mapping.Spec) (source.Options, error) {
	o := source.Options{Stdin: e.stdin, AllowEmpty: f.allowEmpty, Strict: f.strict, Encoding: f.encoding}
	if spec != nil {
		o.Delimiter = spec.Delimiter
		if o.Encoding == "" {
			o.Encoding = spec.Encoding
		}
	}
	switch r, size := utf8.DecodeRuneInString(f.delimiter); {
	case f.delimiter == "":
	case f.delimiter == "tab" || f.delimiter == `\t`:
		o.Delimiter = '\t'
	case size == len(f.delimiter):
		o.Delimiter = r
	default:
		return o, &usageError{fmt.Sprintf("--delimiter: %q is more than one character", f.delimiter), "write , or ; or | or tab"}
	}
	return o, nil
}

// reader opens files and the mappings that they need, each mapping once.
type reader struct {
	*environment
	flags    *inputFlags
	mappings map[string]string // of the config file: patterns of files to mappings
	specs    map[string]*mapping.Spec
}

func (e *environment) reader(f *inputFlags, config *configFile) *reader {
	return &reader{environment: e, flags: f, mappings: config.mappings, specs: map[string]*mapping.Spec{}}
}

// table is an open file with the mapper for its header; one of them is nil.
type table struct {
	file   *source.File
	mapper *mapping.Mapper
	bank   *mapping.BankMapper
	spec   string // its mapping file; "" where there is none
}

// columns are the canonical ones that the table fills.
func (t *table) columns() []string {
	if t.bank != nil {
		return t.bank.Columns()
	}
	return t.mapper.Columns()
}

// openInput opens all files and holds their headers against the contract.
// What was found out about them goes to note.
func (e *environment) openInput(paths []string, f *inputFlags, config *configFile, madeUp bool, note func(string, ...any)) (in pipeline.Input, closeAll func(), err error) {
	closeAll = func() {
		for _, f := range in.Files {
			_ = f.Close()
		}
	}
	files, passedOver, err := source.Expand(paths)
	if err != nil {
		return in, closeAll, err
	}
	for _, name := range passedOver { // said however quiet: it may hold customers
		fmt.Fprintf(e.stderr, "embark: warning: %q is not read: it is no table by its name\n", name)
	}
	in.Banks = map[int]*mapping.BankMapper{}
	r, o := e.reader(f, config), mapping.Options{Now: time.Now(), MadeUp: madeUp}
	for i, path := range files {
		t, err := r.open(path, o, note)
		if err != nil {
			closeAll()
			return in, nil, err
		}
		in.Files, in.Mappers = append(in.Files, t.file), append(in.Mappers, t.mapper)
		in.Mappings = append(in.Mappings, t.spec)
		if t.bank != nil {
			in.Banks[i] = t.bank
		}
	}
	return in, closeAll, nil
}

// open opens one file, maps its header and proves the order of its dates where
// the mapping asks for it.
func (r *reader) open(path string, o mapping.Options, note func(string, ...any)) (*table, error) {
	var err error
	if o.Spec, err = r.spec(path); err != nil {
		return nil, err
	}
	options, err := r.flags.options(r.environment, o.Spec)
	if err != nil {
		return nil, err
	}
	f, err := source.Open(path, options)
	if err != nil {
		return nil, err
	}
	if format := f.Format(); !isPlain(format) {
		note("%q: %s", path, format)
	}
	t := &table{file: f}
	if o.Spec != nil {
		t.spec = o.Spec.Name
	}
	if err := t.hold(o, note); err != nil {
		return nil, errors.Join(inFile(path, err), f.Close())
	}
	return t, nil
}

// isPlain: what everybody expects needs no mention.
func isPlain(format string) bool {
	return strings.HasPrefix(format, "CSV, commas") && strings.HasSuffix(format, ", UTF-8")
}

// hold finds the mapper; files of bank accounts are told by their columns.
func (t *table) hold(o mapping.Options, note func(string, ...any)) (err error) {
	if mapping.IsBank(t.file.Header(), o.Spec) {
		t.bank, err = mapping.NewBank(t.file.Header(), o)
		return err
	}
	if t.mapper, err = mapping.New(t.file.Header(), o); err != nil {
		return err
	}
	evidence, err := t.mapper.Prove(t.file.Rows())
	for _, e := range evidence {
		note("%q: %s is written %s; %d of %s prove it, line %d first", t.file.Name(), e.From, e.Layout, e.Deciding, count(e.Rows, "row"), e.Line)
	}
	return err
}

// spec reads the mapping of a file: that of the flag, or that of the config
// file's pattern which matches the path or its last part.
func (r *reader) spec(path string) (*mapping.Spec, error) {
	name, err := r.mappingOf(path)
	if name == "" || err != nil {
		return nil, err
	}
	if s := r.specs[name]; s != nil {
		return s, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, &usageError{fmt.Sprintf("cannot read the mapping %q", name), "check the path given with --mapping; embark init FILE suggests one"}
	}
	r.specs[name], err = mapping.ParseSpec(name, data)
	return r.specs[name], err
}

func (r *reader) mappingOf(path string) (string, error) {
	if r.flags.mapping != "" {
		return r.flags.mapping, nil
	}
	var found []string
	for pattern, name := range r.mappings {
		whole, _ := filepath.Match(pattern, path)
		if last, _ := filepath.Match(pattern, filepath.Base(path)); whole || last {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	if found = slices.Compact(found); len(found) > 1 {
		return "", &usageError{fmt.Sprintf("%q has several mappings by the config file: %s", path, strings.Join(found, ", ")), "make the patterns under mappings narrower"}
	}
	return strings.Join(found, ""), nil
}

// inFile says which file a header is of.
func inFile(path string, err error) error {
	if h := new(mapping.HeaderError); errors.As(err, &h) {
		return fmt.Errorf("%q: %w", path, err)
	}
	return err
}

// setMappings reads the patterns of files that have a mapping of their own.
func (c *configFile) setMappings(value any) error {
	const form = `mappings: {"export-*.csv": export.yaml}`
	patterns, ok := value.(map[string]any)
	if !ok {
		return badValue("mappings", form)
	}
	c.mappings = map[string]string{}
	for pattern, v := range patterns {
		name, ok := v.(string)
		if _, err := filepath.Match(pattern, ""); !ok || err != nil {
			return badValue("mappings", form)
		}
		c.mappings[pattern] = name
	}
	return nil
}
