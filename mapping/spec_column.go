package mapping

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"embark/rules"
)

// column reads an entry of columns.
func (p *specParser) column(e entry) error {
	t := &target{column: e.key, line: e.at.Position.Line, about: canonicals[e.key]}
	if err := p.known(e); err != nil {
		return err
	}
	keys, err := p.body(t, e)
	if err != nil {
		return err
	}
	if err := p.fits(t, keys); err != nil {
		return err
	}
	p.spec.targets = append(p.spec.targets, t)
	return nil
}

// known refuses what is neither a canonical column nor metadata.
func (p *specParser) known(e entry) error {
	if _, ok := canonicals[e.key]; ok {
		return nil
	}
	for _, prefix := range []string{metadataPrefix, accountMetadataPrefix} {
		if key, ok := strings.CutPrefix(e.key, prefix); ok {
			if err := checkKeys([]extra{{column: e.key, key: key}}); err != nil {
				return p.fail(e.at, err.Error(), "")
			}
			return nil
		}
	}
	hint := "what is only your own goes into metadata.KEY"
	if near := nearest(strings.ToLower(e.key), names(rules.Columns())); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return p.fail(e.at, quotedKey("the column", e.key)+" is not one of embark's", hint)
}

// body reads what stands after a column's name: the name of a column of the
// source, or keys.
func (p *specParser) body(t *target, e entry) (map[string]entry, error) {
	if _, ok := e.value.(*ast.MappingNode); !ok {
		h, err := p.heading(e.value)
		t.sources = []heading{h}
		return map[string]entry{"column": {key: "column", at: tokenOf(e.value), value: e.value}}, err
	}
	entries, err := p.entries(e.value, columnKeys)
	if err != nil {
		return nil, err
	}
	keys := map[string]entry{}
	for _, k := range entries {
		keys[k.key] = k
	}
	if err := p.together(e.at, keys); err != nil {
		return nil, err
	}
	for _, k := range entries {
		if fault := p.columnKey(t, k, keys); fault != nil {
			p.note(fault)
			err = errNoted
		}
	}
	return keys, err
}

// together refuses keys that do not go together.
func (p *specParser) together(at *token.Token, keys map[string]entry) error {
	if err := p.oneOf(keys, "column", "concat", "constant"); err != nil {
		return err
	}
	if err := p.oneOf(keys, kindKeys...); err != nil {
		return err
	}
	_, column := keys["column"]
	_, concat := keys["concat"]
	c, constant := keys["constant"]
	switch {
	case !column && !concat && !constant:
		return p.fail(at, "it is not said where the column comes from", "add column: NAME, concat: [NAME, NAME] or constant: VALUE")
	case constant && len(keys) > 1:
		return p.fail(c.at, "a constant needs nothing else", "take the other keys out")
	}
	for _, needs := range [][2]string{{"separator", "concat"}, {"split", "part"}, {"part", "split"}, {"decimal", "band"}} {
		k, have := keys[needs[0]]
		if _, other := keys[needs[1]]; have && !other {
			return p.fail(k.at, needs[0]+" is only for "+needs[1], "add "+needs[1]+", or take it out")
		}
	}
	return nil
}

func (p *specParser) oneOf(keys map[string]entry, list ...string) error {
	first := ""
	for _, key := range list {
		k, ok := keys[key]
		switch {
		case ok && first != "":
			return p.fail(k.at, fmt.Sprintf("%s and %s exclude each other", first, key), "keep one of the two")
		case ok:
			first = key
		}
	}
	return nil
}

func (p *specParser) columnKey(t *target, k entry, keys map[string]entry) (err error) {
	switch k.key {
	case "column":
		var h heading
		h, err = p.heading(k.value)
		t.sources = []heading{h}
	case "concat":
		err = p.concat(t, k, keys)
	case "constant":
		t.constant, err = p.filled(k)
		t.constant = trim(t.constant)
	case "split":
		err = p.split(t, k, keys["part"])
	case "values":
		err = p.values(t, k)
	case "default":
		t.fallback, err = p.filled(k)
		t.fallback = trim(t.fallback)
	case "decimal":
		err = p.decimal(t, k)
	case "separator", "part": // read with concat and split
	default:
		t.kind = kind(k.key)
		err = p.typed(t, k)
	}
	return err
}

func (p *specParser) concat(t *target, k entry, keys map[string]entry) (err error) {
	t.separator = " "
	if s, ok := keys["separator"]; ok {
		if t.separator, err = p.text(s.value); err != nil {
			return err
		}
	}
	t.sources, err = p.headings(k)
	if err == nil && len(t.sources) < 2 {
		return p.fail(k.at, "concat joins two columns or more", "write column: NAME for a single one")
	}
	return err
}

func (p *specParser) split(t *target, k, part entry) error {
	separator, err := p.text(k.value)
	if err != nil {
		return err
	}
	if separator == "" {
		return p.fail(tokenOf(k.value), "split needs the characters between the parts", `e.g. split: ","`)
	}
	text, err := p.text(part.value)
	if err != nil {
		return err
	}
	number, rest := strings.CutSuffix(text, "..")
	n, err := strconv.Atoi(number)
	if err != nil || n == 0 || n < -99 || n > 99 {
		return p.fail(tokenOf(part.value), "part is the number of a part",
			`1 is the first, -1 the last, "2.." the second and all after it`)
	}
	t.split = &splitting{separator, n, rest}
	return nil
}

func (p *specParser) decimal(t *target, k entry) error {
	v, err := p.text(k.value)
	if err == nil && v != "," {
		return p.fail(tokenOf(k.value), `decimal is ","`, "leave it out where amounts are written with a point")
	}
	t.comma = true
	return err
}

func (p *specParser) values(t *target, k entry) error {
	entries, err := p.entries(k.value, nil)
	if err != nil {
		return err
	}
	table := map[string]string{}
	for _, e := range entries {
		v, fault := p.text(e.value)
		from := trim(e.key)
		if _, twice := table[from]; twice {
			fault = p.fail(e.at, "a value is there twice", "blanks at the ends do not count; keep one of the two")
		}
		if fault != nil {
			p.note(fault)
			err = errNoted
		}
		table[from] = trim(v)
	}
	if err != nil {
		return err
	}
	if len(table) == 0 {
		return p.fail(k.at, "the table is empty", "write values: {THEIRS: OURS}")
	}
	t.values = newValueTable(table)
	return nil
}

// fits refuses values that Paxos does not know, and transforms that the column
// has no use for.
func (p *specParser) fits(t *target, keys map[string]entry) error {
	if err := p.allowed(t, keys["constant"], t.constant); err != nil {
		return err
	}
	if err := p.allowed(t, keys["default"], t.fallback); err != nil {
		return err
	}
	if t.kind != "" {
		if hint := unfit(t); hint != "" {
			return p.fail(keys[string(t.kind)].at, fmt.Sprintf("%s is not for %s", t.kind, t.column), hint)
		}
	}
	if t.values == nil {
		return nil
	}
	entries, err := p.entries(keys["values"].value, nil)
	for _, e := range entries {
		if fault := p.allowed(t, e, t.values.exact[trim(e.key)]); fault != nil {
			p.note(fault)
			err = errNoted
		}
	}
	return err
}

// allowed holds a value of the mapping against the column's list.
func (p *specParser) allowed(t *target, e entry, v string) error {
	values := t.about.Values
	if t.about.Format == "boolean" {
		values = []string{"true", "false"}
	}
	switch t.about.Format {
	case "country":
		if v != "" && !isCountry(v) {
			return p.fail(tokenOf(e.value), fmt.Sprintf("%q is no country code of three letters", v), "USA, not US or United States")
		}
	case "enum", "boolean", "list":
		for item := range strings.SplitSeq(v, "|") {
			if item = trim(item); v != "" && !slices.Contains(values, item) {
				return p.fail(tokenOf(e.value), fmt.Sprintf("%q is not a value of %s", item, t.column), didYouMean(item, values))
			}
		}
	}
	return nil
}
