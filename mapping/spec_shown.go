package mapping

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/google/uuid"

	"embark/rules"
)

// A file of customers may be given where a mapping belongs, and a customer's row
// may have been pasted into a mapping. So no line of a file is shown, and no word
// of it, before the file has said that it is a mapping, and later only what is of
// the form that mappings have.

var (
	// versionLine proves a mapping in which the YAML parser finds a fault.
	versionLine = regexp.MustCompile(`(?m)^version:[ \t]+["']?[0-9]{1,2}["']?[ \t]*(#.*)?\r?$`)
	versionText = regexp.MustCompile(`^[0-9]{1,2}$`)
	// keyLine is a line that begins with a word and a colon. Keys in quotes are not
	// how mappings are written, but how JSON is.
	keyLine = regexp.MustCompile(`^\s*(?:- )?([A-Za-z][A-Za-z0-9_.-]*):(?:\s|$)`)
	// tableLine is one of a table: their value, of letters, and one of Paxos's.
	tableLine = regexp.MustCompile(`^\s+["']?[\p{L}][\p{L} ]{0,39}["']?: ["']?[A-Z]+(?:_[A-Z]+)*["']?\s*(#.*)?$`)
	// quotedText is what the YAML parser quotes but for its own signs.
	quotedText = regexp.MustCompile("[\"`]|'[^]['{}:,]+'")
	snakeCase  = regexp.MustCompile(`^[a-z]+(_[a-z]+)+$`)
)

// isMapping: the document says its version.
func isMapping(body ast.Node) bool {
	m, ok := body.(*ast.MappingNode)
	if !ok {
		return false
	}
	return slices.ContainsFunc(m.Values, func(v *ast.MappingValueNode) bool {
		key, ok := v.Key.(*ast.StringNode)
		number := tokenOf(v.Value)
		return ok && key.Value == "version" && number != nil && versionText.MatchString(number.Value)
	})
}

// shows: a line of the file may be part of a message.
func (p *specParser) shows(line string) bool {
	if !p.proven {
		return false
	}
	if m := keyLine.FindStringSubmatch(line); m != nil {
		return isKeyLike(m[1]) && !tellsOf(line)
	}
	return tableLine.MatchString(line)
}

// tellsOf: a word of the line may be a customer's. A namespace is none.
func tellsOf(line string) bool {
	words := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t,:;{}[]\"'", r) })
	return slices.ContainsFunc(words, func(w string) bool { return personal(w) && uuid.Validate(w) != nil })
}

// isKeyLike: a key that is known, is nearly so, or is metadata's; other words may
// be anybody's name.
func isKeyLike(key string) bool {
	if strings.HasPrefix(key, metadataPrefix) || strings.HasPrefix(key, accountMetadataPrefix) || snakeCase.MatchString(key) {
		return true
	}
	key = strings.ToLower(key)
	return nearest(key, topKeys) != "" || nearest(key, columnKeys) != "" || nearest(key, names(rules.Columns())) != ""
}

// quotedKey shows a key of the file if it can be one.
func quotedKey(what, key string) string {
	if !isKeyLike(key) {
		return what
	}
	return fmt.Sprintf("%s %q", what, key)
}
