package samples

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strings"
)

// Write writes n made-up persons, at most 40 million, as canonical CSV. The
// same seed gives the same persons, and more of them only adds to the end. All
// are valid where made-up numbers are allowed, and no two share a ref_id or SSN.
func Write(w io.Writer, n int, seed uint64) error {
	if n < 0 || n > 40_000_000 {
		return fmt.Errorf("samples: %d persons: 0 to 40,000,000 can be made up", n)
	}
	m := newMaker(seed)
	return write(w, header, func(yield func(person) bool) {
		for i := range n {
			if !yield(m.person(i + 1)) {
				return
			}
		}
	})
}

// write writes rows of the given columns.
func write(w io.Writer, columns []string, rows iter.Seq[person]) error {
	b := bufio.NewWriterSize(w, 64<<10)
	b.WriteString(strings.Join(columns, ","))
	b.WriteByte('\n')
	for p := range rows {
		for i, c := range columns {
			if i > 2 && p[cutOff] != "" {
				break
			}
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(quoted(p[c]))
		}
		if err := b.WriteByte('\n'); err != nil { // bufio keeps its first error
			return err
		}
	}
	return b.Flush()
}

// quoted quotes a cell that needs it.
func quoted(v string) string {
	if !strings.ContainsAny(v, ",\"\n") {
		return v
	}
	return `"` + strings.ReplaceAll(v, `"`, `""`) + `"`
}
