package mapping

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Spec is a mapping file: which canonical column comes from which columns of a
// source, and how. It is made by [ParseSpec] and never changes.
type Spec struct {
	Name      string // of the file
	Encoding  string // of the source; "" where the file does not say
	Delimiter rune   // of the source; 0 where the file does not say
	// Hash is a fingerprint of what the mapping makes of a row: comments, the
	// order of columns, ignored columns and the delimiter do not change it.
	Hash string

	ignore  []heading
	targets []*target
}

// heading is a column of the source as the mapping names it.
type heading struct {
	name string
	line int // in the mapping file
}

// Bounds of what is parsed: the YAML parser takes quadratic time over deep nesting.
// Ten thousand values of a table fit in, and a mapping nests four deep.
const (
	maxSpec  = 256 << 10 // bytes
	maxDepth = 100       // brackets
)

// specVersion is that of the format.
const specVersion = "1"

// ParseSpec reads a mapping file. Unknown and repeated keys, unknown columns and
// transforms that cannot work are errors, of type *SpecError. Nothing of a file
// that does not say its version is in them: it may be one of customers.
//
//	version: 1               # of the format
//	encoding: windows-1252   # of the source, if it is not UTF-8
//	delimiter: ";"           # of the source, if it is to be fixed; "tab" too
//	ignore: [Notes]          # columns that are left out on purpose
//	columns:
//	  ref_id: Client No      # canonical column: column of the source
//	  first_name: {column: Forename, transliterate: true}
//
// Instead of column there may be concat (a list, with separator, a blank if it is
// not given; empty cells are left out) or constant. What is done to the cell, in
// this order:
//
//   - blanks are taken from its ends
//   - split, part: the part of that number, from 1, from the end where it is
//     negative; "2.." is the second and all after it
//   - values: a table, whose results are final; what is not in it goes on to the
//     next, and is a finding if there is none and it is not empty
//   - one of these: date (a layout of YYYY, YY, MMM, MM, M, DD, D and separators,
//     or proven), phone (the country of numbers without +), country: true,
//     region: USA, band: true, pad (digits), transliterate: true, derive (the
//     namespace of a UUIDv5)
//   - default: where the result is empty
//
// A year of two digits is in this century, and of birth and registration in the
// latest one in which the day is not in the future. A band begins with its lower bound and ends before its upper one; with
// decimal: "," beside it, amounts have a decimal comma. In addresses, transliterate
// makes No of a # before a number. The values of enumerations are those of Paxos.
func ParseSpec(name string, data []byte) (*Spec, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // some editors write one
	p := &specParser{file: name, lines: strings.Split(string(data), "\n"), spec: &Spec{Name: name}}
	p.note(p.parse(data))
	if err := p.verdict(); err != nil {
		return nil, err
	}
	p.spec.Hash = p.spec.fingerprint()
	return p.spec, nil
}

// fingerprint is of the columns in alphabetical order, as JSON.
func (s *Spec) fingerprint() string {
	targets := slices.Clone(s.targets)
	slices.SortFunc(targets, func(a, b *target) int { return strings.Compare(a.column, b.column) })
	meaning := []any{specVersion, strings.ToLower(s.Encoding)}
	for _, t := range targets {
		meaning = append(meaning, t.meaning())
	}
	text, err := json.Marshal(meaning)
	if err != nil {
		panic("mapping: a mapping is made of strings: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// specParser walks through the syntax tree of a mapping file.
type specParser struct {
	file   string
	lines  []string
	spec   *Spec
	proven bool // the file has said that it is a mapping
	faults []*SpecError
}

// errNoted stands for faults that have been noted.
var errNoted = errors.New("mapping: faults were noted")

const hintNoMapping = "a mapping is YAML in UTF-8 and says version: 1; a file of customers is no mapping, it is given as FILE"

func (p *specParser) parse(data []byte) error {
	if len(data) > maxSpec {
		return p.fail(nil, fmt.Sprintf("the file is too large for a mapping: at most %d bytes are read", maxSpec), hintNoMapping)
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return p.fail(nil, "this is not a text file", hintNoMapping)
	}
	p.proven = versionLine.Match(data)
	if line := tooDeep(data); line > 0 {
		return p.failAt(line, "brackets are nested too deeply", "close them in the lines before")
	}
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return p.syntax(err)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return p.fail(nil, "a mapping file holds one YAML document", hintNoMapping)
	}
	if p.proven = isMapping(file.Docs[0].Body); !p.proven {
		return p.noMapping()
	}
	p.top(file.Docs[0].Body)
	return nil
}

func (p *specParser) noMapping() error {
	return p.fail(nil, "this is no mapping: the key version is missing", hintNoMapping)
}

// tooDeep gives the line in which too many brackets are open; 0 for none.
func tooDeep(data []byte) int {
	depth, line := 0, 1
	for _, c := range data {
		switch c {
		case '\n':
			line++
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(0, depth-1)
		}
		if depth > maxDepth {
			return line
		}
	}
	return 0
}

// syntax passes on what the YAML parser found, without the picture it paints and
// without what it quotes.
func (p *specParser) syntax(err error) error {
	var e yaml.Error
	switch {
	case !p.proven:
		return p.noMapping()
	case !errors.As(err, &e):
		return p.fail(nil, "this is not YAML", "")
	case p.tabbed(e.GetToken()):
		return p.fail(e.GetToken(), "a tab stands in the indentation", "indent with blanks")
	case quotedText.MatchString(e.GetMessage()):
		return p.fail(e.GetToken(), "this is not YAML", "put the value into quotes")
	}
	return p.fail(e.GetToken(), e.GetMessage(), "lines have the form key: value, or - value in a list")
}

// tabbed: YAML takes no tabs before the first word of a line.
func (p *specParser) tabbed(at *token.Token) bool {
	if at == nil || at.Position == nil {
		return false
	}
	line := p.line(at.Position.Line)
	return strings.Contains(line[:len(line)-len(strings.TrimLeft(line, " \t"))], "\t")
}

var topKeys = []string{"version", "encoding", "delimiter", "ignore", "columns"}

func (p *specParser) top(body ast.Node) {
	entries, err := p.entries(body, topKeys)
	p.note(err)
	seen := map[string]bool{}
	for _, e := range entries {
		seen[e.key] = true
		p.note(p.topKey(e))
	}
	if !seen["columns"] {
		p.note(p.fail(nil, "the key columns is missing", "under it stands what each column is made of"))
	}
	p.checkTogether()
}

func (p *specParser) topKey(e entry) (err error) {
	switch e.key {
	case "version":
		return p.version(e)
	case "encoding":
		p.spec.Encoding, err = p.filled(e)
	case "delimiter":
		return p.delimiter(e)
	case "ignore":
		p.spec.ignore, err = p.headings(e)
	case "columns":
		return p.columns(e)
	}
	return err
}

func (p *specParser) version(e entry) error {
	v, err := p.text(e.value)
	if err == nil && v != specVersion {
		return p.fail(tokenOf(e.value), fmt.Sprintf("version %q of mapping files is not known", v), "write version: 1")
	}
	return err
}

func (p *specParser) delimiter(e entry) error {
	v, err := p.text(e.value)
	if err != nil {
		return err
	}
	if v == "tab" || v == `\t` {
		v = "\t"
	}
	if len(v) != 1 || v[0] != '\t' && v[0] < ' ' || v[0] > '~' || v[0] == '"' {
		return p.fail(tokenOf(e.value), "a delimiter is one character", `e.g. ";", "|" or "tab"`)
	}
	p.spec.Delimiter = rune(v[0])
	return nil
}

func (p *specParser) columns(e entry) error {
	entries, err := p.entries(e.value, nil)
	for _, e := range entries {
		p.note(p.column(e))
	}
	if err == nil && len(entries) == 0 {
		return p.fail(e.at, "no columns are mapped", "write e.g. ref_id: Client No")
	}
	return err
}

// checkTogether holds the columns of a mapping against each other. Whether a
// country is there can be told once all columns could be read.
func (p *specParser) checkTogether() {
	ignored := map[string]heading{}
	for _, h := range p.spec.ignore {
		ignored[foldHeading(h.name)] = h
	}
	complete := len(p.faults) == 0
	for _, t := range p.spec.targets {
		for _, h := range t.sources {
			if i, both := ignored[foldHeading(h.name)]; both {
				p.note(p.failAt(i.line, fmt.Sprintf("column %q is ignored, and used for %s in line %d", i.name, t.column, t.line),
					fmt.Sprintf("remove it from ignore, in line %d", i.line)))
			}
		}
		if complete && t.kind == kindRegion && !p.maps(t.countryColumn()) {
			p.note(p.failAt(t.line, fmt.Sprintf("region needs to know the country, and nothing is mapped to %s", t.countryColumn()),
				fmt.Sprintf("map it, or add %s: {constant: USA}", t.countryColumn())))
		}
	}
}

func (p *specParser) maps(column string) bool {
	return slices.ContainsFunc(p.spec.targets, func(t *target) bool { return t.column == column })
}

// entry is a key with its value.
type entry struct {
	key   string
	at    *token.Token
	value ast.Node
}

// entries lists those of a mapping that can be read, and errNoted where there are
// others; keys are the ones that are known, all where it is nil.
func (p *specParser) entries(n ast.Node, keys []string) (entries []entry, err error) {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		return nil, p.fail(tokenOf(n), "lines of the form key: value are expected here", "")
	}
	seen := map[string]int{}
	for _, v := range m.Values {
		at := tokenOf(v.Key)
		key, fault := p.text(v.Key)
		switch line := seen[key]; {
		case fault != nil:
		case keys != nil && !slices.Contains(keys, key):
			fault = p.fail(at, "unknown "+quotedKey("key", key), didYouMean(key, keys))
		case line > 0:
			fault = p.fail(at, fmt.Sprintf("%s is there twice, in lines %d and %d", quotedKey("the key", key), line, at.Position.Line), "keep one of the two")
		default:
			seen[key] = at.Position.Line
			entries = append(entries, entry{key, at, v.Value})
			continue
		}
		p.note(fault)
		err = errNoted
	}
	return entries, err
}

// text gives a scalar as it is written: 007 stays 007.
func (p *specParser) text(n ast.Node) (string, error) {
	switch n := n.(type) {
	case *ast.StringNode:
		if strings.ContainsAny(strings.TrimSpace(n.Token.Origin), "\r\n") {
			return "", p.fail(n.Token, "a value goes on in the next line", "write it in one line; is there a line between that is none of the mapping?")
		}
		return n.Value, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return tokenOf(n).Value, nil
	case *ast.NullNode:
		return "", p.fail(tokenOf(n), "a value is missing", `write "" for an empty one`)
	}
	return "", p.fail(tokenOf(n), "a single value is expected here", "anchors, tags and the like are not part of mapping files")
}

// filled is the text of an entry that must not be empty.
func (p *specParser) filled(e entry) (string, error) {
	v, err := p.text(e.value)
	if err == nil && trim(v) == "" {
		err = p.fail(tokenOf(e.value), e.key+" is empty", "")
	}
	return v, err
}

// headings reads a list of columns of the source.
func (p *specParser) headings(e entry) ([]heading, error) {
	list, ok := e.value.(*ast.SequenceNode)
	if !ok {
		return nil, p.fail(tokenOf(e.value), e.key+" is a list", fmt.Sprintf("write %s: [First Column, Second Column]", e.key))
	}
	var all []heading
	for _, n := range list.Values {
		h, err := p.heading(n)
		if err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	return all, nil
}

func (p *specParser) heading(n ast.Node) (heading, error) {
	name, err := p.filled(entry{key: "the name of the column", value: n})
	if err != nil {
		return heading{}, err
	}
	return heading{name, tokenOf(n).Position.Line}, nil
}
