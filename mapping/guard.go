package mapping

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// signs begin what a spreadsheet runs as a formula (OWASP, CSV injection; ASVS
// 1.2.10). The full-width ones count in some.
const signs = "=+-@\t\r\n\x00＝＋－＠"

// Guard puts an apostrophe before a cell that a spreadsheet would run as a
// formula, and before one that has apostrophes there already, so that [Unguard]
// gives every cell back as it was. A number with a sign in front, such as an E.164
// telephone number, computes nothing and stays as it is.
func Guard(cell string) string {
	apostrophes, sign := signed(cell)
	if !sign || apostrophes == 0 && isNumber(cell) {
		return cell
	}
	return "'" + cell
}

// Unguard takes the apostrophe away that [Guard] has put there. It is for files
// that embark wrote, which have a column [ErrorsColumn]; in others an apostrophe
// is the customer's own.
func Unguard(cell string) string {
	if isGuarded(cell) {
		return cell[1:]
	}
	return cell
}

// ErrorsAt is where a header has [ErrorsColumn], or -1. Where it has, embark wrote
// the file, and its cells and headings are guarded.
func ErrorsAt(header []string) int {
	return slices.IndexFunc(header, func(heading string) bool { return strings.EqualFold(trim(heading), ErrorsColumn) })
}

// unguardedHeadings are those of the file that embark read before it wrote this
// one.
func unguardedHeadings(header []string) []string {
	if ErrorsAt(header) < 0 {
		return header
	}
	plain := slices.Clone(header)
	for i, cell := range plain {
		plain[i] = Unguard(cell)
	}
	return plain
}

func isGuarded(cell string) bool {
	apostrophes, sign := signed(cell)
	return sign && apostrophes > 0
}

// signed tells whether a cell begins with a sign, and how many apostrophes are
// before it.
func signed(cell string) (apostrophes int, sign bool) {
	for apostrophes < len(cell) && cell[apostrophes] == '\'' {
		apostrophes++
	}
	if apostrophes == len(cell) {
		return apostrophes, false
	}
	first, _ := utf8.DecodeRuneInString(cell[apostrophes:])
	return apostrophes, strings.ContainsRune(signs, first)
}

func isNumber(cell string) bool {
	return (cell[0] == '+' || cell[0] == '-') && len(cell) > 1 && strings.Trim(cell[1:], "0123456789") == ""
}
