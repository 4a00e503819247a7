package paxossim

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"strings"
)

// decodeStrict reads a JSON body into v. It refuses unknown fields, and what
// the standard decoder would let pass: names in another case, nulls, empty
// strings and text after the object. It returns what is wrong, "" for nothing.
func decodeStrict(c *call, v any) string {
	kind, _, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if c.Header.Get("Content-Type") != "" && (err != nil || kind != "application/json") {
		return "the content type must be application/json"
	}
	dec := json.NewDecoder(bytes.NewReader(c.body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return decodeFault(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return "there is text after the JSON object"
	}
	return scan(c.body)
}

// decodeFault words a decoding error. The error's own text may hold values.
func decodeFault(err error) string {
	if mismatch := (*json.UnmarshalTypeError)(nil); errors.As(err, &mismatch) && mismatch.Field != "" {
		return quoteName(mismatch.Field) + " has the wrong JSON type"
	}
	if name, found := strings.CutPrefix(err.Error(), "json: unknown field "); found {
		return "unknown field " + quoteName(strings.Trim(name, `"`))
	}
	return "the body is not a JSON object"
}

// quoteName repeats a name only when it looks like one of the API's, among
// which address1 and address2 alone have digits. A client's mistake might have
// put a value in the place of a name.
func quoteName(name string) string {
	for i := range len(name) {
		letter := name[i] >= 'a' && name[i] <= 'z' || name[i] >= 'A' && name[i] <= 'Z'
		if !letter && (i == 0 || name[i] != '_' && name[i] != '.' && name[i] != '1' && name[i] != '2') || i > 80 {
			return "(not repeated)"
		}
	}
	return name
}

// scan looks through the text of a valid JSON object for what decoding hides.
// Depth inside of "metadata" is where names are the client's own.
func scan(body []byte) string {
	name, inMetadata := "body", false
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '}':
			inMetadata = false // it is flat, so this is its end or that of something further out
		case '{':
			inMetadata = name == "metadata"
		case 'n':
			return quoteName(name) + " must not be null"
		case 't', 'f': // true and false, the words whose letters could be taken for null's
			for i+1 < len(body) && body[i+1] >= 'a' && body[i+1] <= 'z' {
				i++
			}
		case '"':
			end := stringEnd(body, i)
			switch {
			case isName(body, end) && !inMetadata:
				name = string(body[i+1 : end])
				if name != strings.ToLower(name) {
					return "unknown field " + quoteName(name)
				}
			case end == i+1 && !isName(body, end):
				return quoteName(name) + " must not be empty; leave it out"
			}
			i = end
		}
	}
	return ""
}

// stringEnd is the position of the quote that ends the string begun at start.
func stringEnd(body []byte, start int) int {
	for i := start + 1; ; i++ {
		switch body[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
}

// isName reports whether the string that ends at end is the name of a field.
func isName(body []byte, end int) bool {
	for _, c := range body[end+1:] {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return c == ':'
		}
	}
	return false
}
