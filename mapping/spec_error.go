package mapping

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// SpecError says what is wrong with a mapping file, and where.
type SpecError struct {
	File         string
	Line, Column int // from one, Column in characters; Line is 1 where the fault is the file's
	Text         string
	Hint         string // may be empty
	// Source is the line with carets under the fault. It is empty where the fault is
	// the file's, and where the line may hold a customer's data.
	Source string
	More   []string // the other faults of the file with their lines and hints, a sentence each
}

func (e *SpecError) Error() string {
	return fmt.Sprintf("mapping file %q, line %d: %s", e.File, e.Line, e.Text)
}

// maxFaults are told at once; who has more has mistaken the file, or a thing that
// the first ones show.
const maxFaults = 10

// note keeps a fault, and goes on looking for others.
func (p *specParser) note(err error) {
	if e, ok := err.(*SpecError); ok {
		p.faults = append(p.faults, e)
	}
}

// verdict is nil or the first fault of the file, which names the others.
func (p *specParser) verdict() error {
	if p.faults == nil {
		return nil
	}
	slices.SortStableFunc(p.faults, func(a, b *SpecError) int { return a.Line - b.Line })
	first := p.faults[0]
	for _, e := range p.faults[1:] {
		first.More = append(first.More, fmt.Sprintf("line %d: %s", e.Line, sentence(e.Text, e.Hint)))
	}
	first.More = atMost(first.More, maxFaults-1)
	return first
}

// atMost cuts a list, and says so.
func atMost(sentences []string, n int) []string {
	if len(sentences) <= n {
		return sentences
	}
	return append(sentences[:n-1:n-1], fmt.Sprintf("and %d others", len(sentences)-n+1))
}

// fail makes an error of the place of a token; nil stands for the whole file.
func (p *specParser) fail(at *token.Token, text, hint string) error {
	if at == nil || at.Position == nil {
		return &SpecError{File: p.file, Line: 1, Column: 1, Text: text, Hint: hint}
	}
	width := utf8.RuneCountInString(firstLineOf(strings.TrimSpace(at.Origin)))
	return p.failIn(at.Position.Line, at.Position.Column, width, text, hint)
}

// failAt makes an error of a whole line.
func (p *specParser) failAt(line int, text, hint string) error {
	content := strings.TrimSpace(p.line(line))
	before, _, _ := strings.Cut(p.line(line), content)
	return p.failIn(line, utf8.RuneCountInString(before)+1, utf8.RuneCountInString(content), text, hint)
}

func (p *specParser) failIn(line, column, width int, text, hint string) error {
	line = max(1, min(line, len(p.lines))) // the parser may point behind the end
	source := strings.Map(printable, p.line(line))
	length := utf8.RuneCountInString(source)
	column = max(1, min(column, length+1))
	e := &SpecError{File: p.file, Line: line, Column: column, Text: text, Hint: hint}
	if p.shows(p.line(line)) {
		width = max(1, min(width, length+1-column))
		number := fmt.Sprint(line)
		margin := strings.Repeat(" ", len(number))
		e.Source = fmt.Sprintf("%s | %s\n%s | %s%s", number, source, margin, blank(source, column-1), strings.Repeat("^", width))
	}
	return e
}

func (p *specParser) line(n int) string {
	if n < 1 || n > len(p.lines) {
		return ""
	}
	return strings.TrimSuffix(p.lines[n-1], "\r")
}

// printable keeps what could steer a terminal out of messages.
func printable(r rune) rune {
	if r != '\t' && !unicode.IsPrint(r) {
		return '?'
	}
	return r
}

// blank is as wide as the first n characters of a line: tabs stay.
func blank(line string, n int) string {
	var b strings.Builder
	for _, r := range line {
		if n--; n < 0 {
			break
		}
		if r != '\t' {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}

func firstLineOf(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

func tokenOf(n ast.Node) *token.Token {
	if n == nil {
		return nil
	}
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return tokenOf(m.Values[0].Key) // its own token is the colon
	}
	return n.GetToken()
}

// didYouMean names the word that is most like the given one, or all if there
// are few.
func didYouMean(word string, known []string) string {
	if near := nearest(strings.ToLower(word), known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(known) <= 20 {
		return "one of: " + strings.Join(known, ", ")
	}
	return ""
}

// nearest finds the name that is most like the given one, or "" when none is
// alike. A name that only lacks its group ("city") counts as near.
func nearest(name string, known []string) string {
	best, bestDistance := "", len(name)/3+1
	for _, k := range known {
		if _, last, ok := strings.Cut(k, "."); ok && last == name {
			return k
		}
		if d := levenshtein.ComputeDistance(name, strings.ToLower(k)); d < bestDistance {
			best, bestDistance = k, d
		}
	}
	return best
}
