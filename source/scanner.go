package source

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
)

// The caps. No field of the API takes more than a few hundred characters; what
// is longer is a missing quote or not a customer file.
const (
	maxCell   = 1 << 20
	maxRecord = 4 << 20
)

// bufferBytes is what is read at a time.
const bufferBytes = 64 << 10

var errRecordTooLong = errors.New("record is too long")

// position is a place between two physical lines.
type position struct {
	offset int64
	line   int // of the line that begins here, from one
}

// scanner is an encoding/csv reader that knows where in the file it is and can
// be started anywhere. A cap on its input keeps one record from growing
// without bound: csv.Reader itself has none.
type scanner struct {
	in     io.ReaderAt
	size   int64
	format format
	cap    capped
	buf    *bufio.Reader // csv.NewReader uses it as it is, because it is large enough
	csv    *csv.Reader
	begin  position // where csv was started
}

func newScanner(in io.ReaderAt, size int64, at position, how format) *scanner {
	s := &scanner{in: in, size: size, format: how}
	s.buf = bufio.NewReaderSize(&s.cap, bufferBytes)
	s.restart(at)
	return s
}

// restart goes on reading from another place.
func (s *scanner) restart(at position) {
	s.begin = at
	s.cap = capped{r: io.NewSectionReader(s.in, at.offset, s.size-at.offset), at: at.offset}
	s.buf.Reset(&s.cap)
	s.csv = csv.NewReader(s.buf)
	s.csv.Comma = s.format.comma
	s.csv.FieldsPerRecord = -1
	s.csv.ReuseRecord = true
}

// read gives the next record, which holds until the next call. On an error the
// cells before the faulty one are returned with it.
func (s *scanner) read() ([]string, error) {
	s.cap.left = maxRecord
	if s.format.isTable() {
		s.cap.left = 2*maxRecord + bufferBytes // of our own making: each quote is doubled, the line comes first
	}
	return s.csv.Read()
}

// line translates a line of the csv reader into one of the file.
func (s *scanner) line(n int) int { return s.begin.line + n - 1 }

// offset is where the csv reader stands: behind the last record.
func (s *scanner) offset() int64 { return s.begin.offset + s.csv.InputOffset() }

// lineAfter finds the beginning of the given physical line, looking from an
// earlier place on. Lines of any length are passed over in constant memory.
func (s *scanner) lineAfter(from position, line int) (position, error) {
	s.cap = capped{r: io.NewSectionReader(s.in, from.offset, s.size-from.offset), left: 1 << 62}
	s.buf.Reset(&s.cap)
	for from.line < line {
		part, err := s.buf.ReadSlice('\n')
		from.offset += int64(len(part))
		switch {
		case err == nil:
			from.line++
		case err == io.EOF:
			return position{offset: from.offset, line: line}, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return from, err
		}
	}
	return from, nil
}

// plainSince reports that what was read from a place on is printable ASCII in
// lines, so that no cell of it needs a look.
func (s *scanner) plainSince(offset int64) bool { return offset >= s.cap.odd }

// capped is a reader that stops with an error once too much has been asked for
// on account of one record. What is in the buffer already does not count, so
// the cap is exact only to the size of the buffer.
type capped struct {
	r    io.Reader
	left int64
	at   int64 // where r stands in the file
	odd  int64 // behind the last piece with a byte that is not plain
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errRecordTooLong
	}
	n, err := c.r.Read(p)
	c.left -= int64(n)
	if c.at += int64(n); !plainLines(p[:n]) {
		c.odd = c.at
	}
	return n, err
}
