package pipeline

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"

	"embark/onboard"
)

// maxDocument is Paxos's: less than 100 MB.
const maxDocument = 100_000_000

// platform is the API together with the files that are sent there.
type platform struct{ API }

// SendFile puts a document where Paxos wants it. Errors name no path: it may
// hold a customer's name.
func (p platform) SendFile(ctx context.Context, uploadURL, path string) error {
	f, size, kind, err := openDocument(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return p.PutDocument(ctx, uploadURL, kind, size, f)
}

// CheckFile tells whether a document can be sent.
func (p platform) CheckFile(path string) error {
	f, _, _, err := openDocument(path)
	if err != nil {
		return err
	}
	return f.Close()
}

// openDocument opens a file that Paxos would take: PDF, JPEG or PNG by its
// first bytes, whatever its name says, and neither empty nor too large.
func openDocument(path string) (f *os.File, size int64, kind string, err error) {
	if f, err = os.Open(path); err != nil {
		return nil, 0, "", fmt.Errorf("%w: it cannot be opened", onboard.ErrFile)
	}
	head := make([]byte, 512) // what DetectContentType looks at
	n, _ := io.ReadFull(f, head)
	info, err := f.Stat()
	kind = http.DetectContentType(head[:n])
	switch {
	case err != nil || !info.Mode().IsRegular():
		err = fmt.Errorf("%w: it is no file", onboard.ErrFile)
	case info.Size() == 0 || info.Size() >= maxDocument:
		err = fmt.Errorf("%w: it must have 1 byte to 100 MB", onboard.ErrFile)
	case !slices.Contains([]string{"application/pdf", "image/jpeg", "image/png"}, kind):
		err = fmt.Errorf("%w: it is neither PDF nor JPEG nor PNG", onboard.ErrFile)
	default:
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		_ = f.Close()
		return nil, 0, "", err
	}
	return f, info.Size(), kind, nil
}
