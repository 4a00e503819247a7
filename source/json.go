package source

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	maxKeys  = 4096 // of all objects of a file; more are data used as keys
	maxDepth = 32   // of objects in objects; what is deeper is a cell as it is
)

const jsonHint = "JSON Lines have one object on each line; jq -c . makes them of other JSON, jq -c .[] of a list"

// isJSON tells JSON Lines by their first byte, or by name when the first line
// may be damaged.
func isJSON(name string, text []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(text, blanks), []byte{'{'}) ||
		slices.Contains([]string{".jsonl", ".ndjson"}, ending(name))
}

// isList tells a list of objects, the other way to put them into a file.
func isList(text []byte) bool {
	items, ok := bytes.CutPrefix(bytes.TrimLeft(text, blanks), []byte{'['})
	return ok && bytes.HasPrefix(bytes.TrimLeft(items, blanks), []byte{'{'})
}

const blanks = " \t\r\n"

// readJSON makes a table of objects: a column for each key, in the order in
// which they first appear. Objects in objects are flattened with dots, lists
// joined with vertical bars, or kept as JSON where they hold what no joined list
// could give back, and numbers kept as they are written.
func (f *File) readJSON(o Options) error {
	f.format.kind = kindJSON
	return f.readTable(o.TempDir, func(w *tableWriter) ([]string, int, error) {
		j := jsonLines{in: bufio.NewReaderSize(io.NewSectionReader(f.text, 0, f.size), bufferBytes), columns: map[string]int{}}
		for line := 1; ; line++ {
			err := j.line(w, line)
			if err == io.EOF {
				break
			}
			if err != nil {
				return nil, 0, err
			}
			if len(j.header) > maxKeys {
				return nil, 0, &Error{File: f.name, Line: line, Text: fmt.Sprintf("there are more than %d different keys", maxKeys),
					Hint: "keys are the names of columns, the same in all objects"}
			}
		}
		if len(j.header) == 0 {
			return nil, 0, f.allDamaged(j.first, j.firstLine)
		}
		return j.header, 1, nil
	})
}

func (f *File) noLines() *Error {
	return &Error{File: f.name, Text: "there is no JSON object in the file that has a line to itself", Hint: jsonHint}
}

// allDamaged gives the reason of the first line, which is that of most.
func (f *File) allDamaged(first *Damage, line int) *Error {
	switch {
	case first == nil:
		return &Error{File: f.name, Text: "the JSON objects of the file have no keys", Hint: "keys are the names of columns"}
	case first.Rule == RuleNotAnObject:
		return f.noLines()
	}
	e := &Error{File: f.name, Line: line, Text: "no line of the file can be read, this one because " + first.Text, Hint: first.Hint}
	if first.Column != "" {
		e.Text += fmt.Sprintf(" (key %q)", first.Column)
	}
	return e
}

type jsonLines struct {
	in      *bufio.Reader
	dec     jsontext.Decoder
	items   jsontext.Decoder // of a list
	header  []string
	columns map[string]int // where a key is in header
	text    []byte         // of the line
	keys    []string       // of the line, flattened
	values  []string
	cells   []string
	last    []int // line on which each column was filled last

	first     *Damage // of the file, and its line
	firstLine int
}

// line writes a line of the input to the table.
func (j *jsonLines) line(w *tableWriter, line int) error {
	long, err := j.read()
	if err != nil {
		return err
	}
	text := j.text
	if line == 1 {
		text = bytes.TrimPrefix(text, utf8BOM)
	}
	switch text = bytes.TrimSpace(text); {
	case long:
		return j.damage(w, line, tooLong(""))
	case len(text) == 0:
		return nil
	}
	d := j.parse(text)
	if d == nil {
		d = j.fill(line)
	}
	if d != nil {
		return j.damage(w, line, d)
	}
	return w.row(line, j.cells, j.header)
}

func (j *jsonLines) damage(w *tableWriter, line int, d *Damage) error {
	if j.first == nil {
		j.first, j.firstLine = d, line
	}
	return w.damage(line, d)
}

// read reads a line into j.text, or as much of it as the cap allows.
func (j *jsonLines) read() (long bool, err error) {
	j.text = j.text[:0]
	for {
		part, err := j.in.ReadSlice('\n')
		if len(j.text)+len(part) > maxRecord {
			long = true
		} else {
			j.text = append(j.text, part...)
		}
		switch {
		case err == io.EOF && (long || len(j.text) > 0), err == nil:
			return long, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return false, err
		}
	}
}

// parse reads the object of a line into j.keys and j.values.
func (j *jsonLines) parse(text []byte) *Damage {
	if d := checkLine(text); d != nil {
		return d
	}
	j.keys, j.values = j.keys[:0], j.values[:0]
	j.dec.Reset(bytes.NewReader(text))
	if j.dec.PeekKind() != '{' {
		return notAnObject()
	}
	if err := j.value("", 0); err != nil {
		return jsonDamage(err)
	}
	if _, err := j.dec.ReadToken(); err != io.EOF {
		return notAnObject()
	}
	return nil
}

func checkLine(text []byte) *Damage {
	if utf8.Valid(text) {
		return nil
	}
	for i, r := range string(text) {
		if r == utf8.RuneError && !bytes.HasPrefix(text[i:], replacement) {
			return &Damage{Rule: RuleEncoding, Text: fmt.Sprintf("byte %d of the line is not UTF-8", i+1), Hint: utf8Hint}
		}
	}
	return nil
}

func (j *jsonLines) add(key, value string) {
	j.keys, j.values = append(j.keys, key), append(j.values, value)
}

// value reads what stands under a key. Nothing is added for null, so that it
// is as if the key were not there, but for the column.
func (j *jsonLines) value(key string, depth int) error {
	switch k := j.dec.PeekKind(); {
	case k == '[', k == '{' && depth == maxDepth:
		return j.whole(key)
	}
	t, err := j.dec.ReadToken()
	if err != nil {
		return err
	}
	switch t.Kind() {
	case '{':
		return j.object(key, depth)
	case 'n':
		j.add(key, "")
	default:
		j.add(key, t.String())
	}
	return nil
}

func (j *jsonLines) object(key string, depth int) error {
	for j.dec.PeekKind() != '}' {
		name, err := j.dec.ReadToken()
		if err != nil {
			return err
		}
		inner := name.String()
		if depth > 0 {
			inner = key + "." + inner
		}
		if err := j.value(inner, depth+1); err != nil {
			return err
		}
	}
	_, err := j.dec.ReadToken()
	return err
}

// whole makes one cell of a list, or of an object that is too deep.
func (j *jsonLines) whole(key string) error {
	v, err := j.dec.ReadValue()
	if err != nil {
		return err
	}
	if cell, ok := j.joined(v); ok {
		j.add(key, cell)
		return nil
	}
	v = v.Clone()
	if err := v.Compact(); err != nil {
		return err
	}
	j.add(key, string(v))
	return nil
}

// joined puts vertical bars between the items of a list. It cannot where one of
// them is an object or a list or holds a bar itself.
func (j *jsonLines) joined(list jsontext.Value) (string, bool) {
	if list.Kind() != '[' {
		return "", false
	}
	j.items.Reset(bytes.NewReader(list))
	_, _ = j.items.ReadToken()
	var items []string
	for j.items.PeekKind() != ']' {
		t, err := j.items.ReadToken()
		item := t.String()
		switch k := t.Kind(); {
		case err != nil, k == '{', k == '[', strings.Contains(item, "|"):
			return "", false
		case k != 'n':
			items = append(items, item)
		}
	}
	return strings.Join(items, "|"), true
}

// fill puts the values in the order of the columns. That a key stands twice is
// found here and not by the decoder where, as in {"a.b": 1, "a": {"b": 2}}, two
// ways lead to one column.
func (j *jsonLines) fill(line int) *Damage {
	known := len(j.header)
	clear(j.cells)
	for i, k := range j.keys {
		c, ok := j.columns[k]
		switch {
		case !ok:
			c = len(j.header)
			j.columns[k] = c
			j.header, j.cells, j.last = append(j.header, k), append(j.cells, ""), append(j.last, 0)
		case j.last[c] == line:
			j.forget(known)
			return repeatedKey(k)
		}
		j.cells[c], j.last[c] = j.values[i], line
	}
	return nil
}

// forget takes back the columns of a damaged row.
func (j *jsonLines) forget(known int) {
	for _, k := range j.header[known:] {
		delete(j.columns, k)
	}
	j.header, j.cells, j.last = j.header[:known], j.cells[:known], j.last[:known]
}

func jsonDamage(err error) *Damage {
	var syntax *jsontext.SyntacticError
	if errors.Is(err, jsontext.ErrDuplicateName) && errors.As(err, &syntax) {
		var path []string
		for name := range syntax.JSONPointer.Tokens() {
			path = append(path, name)
		}
		return repeatedKey(strings.Join(path, "."))
	}
	return notAnObject()
}

func repeatedKey(key string) *Damage {
	return &Damage{Rule: RuleRepeatedKey, Column: key, Text: "the key stands twice in the object", Hint: "leave one of them out"}
}

func notAnObject() *Damage {
	return &Damage{Rule: RuleNotAnObject, Text: "the line is not one JSON object", Hint: jsonHint}
}
