package onboard

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"

	"embark/paxos"
)

// supply is the stored request of a document: what Paxos is told, and where the
// bytes are. The path may name a person, so it is sealed with the rest.
type supply struct {
	Name  string   `json:"name"`
	Types []string `json:"document_types"`
	Path  string   `json:"path"`
}

// ErrFile means that a file to be uploaded cannot be read, or is not what it
// has to be. Only the operator can mend that.
var ErrFile = errors.New("the file cannot be uploaded")

// documentName says nothing about the person, because it is in the record's
// key. What follows the last dot of a path may be anything.
func documentName(d Document) string {
	name := strings.Join(d.Types, "+")
	switch ext := strings.ToLower(filepath.Ext(d.Path)); ext {
	case ".pdf", ".jpg", ".jpeg", ".png":
		return name + ext
	}
	return name
}

// createDocument reserves a name and sends the bytes. Whether those of an
// earlier attempt arrived only the list shows; a name that was reserved for
// nothing cannot be had again, so each attempt has a name of its own.
func createDocument(ctx context.Context, api API, s Step) Answer {
	req, err := request[supply](s.Record)
	if err != nil {
		return Answer{Err: err}
	}
	id := s.Record.need(KindIdentity).ID
	return createOnce(s, s.Repeat(), documentFinder(ctx, api, s.Record), func() (*Object, error) {
		if err := api.CheckFile(req.Path); err != nil { // a name is given out once
			return nil, err
		}
		name := attemptName(req.Name, s.Intent.Attempt)
		upload, err := api.UploadDocument(s.writing(ctx), id, paxos.UploadDocumentRequest{Name: name, DocumentTypes: req.Types})
		if paxos.StatusOf(err) == http.StatusConflict {
			return nil, fmt.Errorf("the name is taken: %w", paxos.ErrUnreadable) // the next attempt has another
		}
		if err != nil {
			return nil, err
		}
		if err := api.SendFile(ctx, upload.UploadURL, req.Path); errors.Is(err, ErrFile) {
			return nil, err
		} else if err != nil {
			return nil, fmt.Errorf("send the file: %v: %w", err, paxos.ErrUnreadable) // the store's status is not Paxos's
		}
		return &Object{ID: or(upload.FileID, name), Status: "UPLOADED"}, nil
	})
}

// attemptName is the name itself for a first attempt. Negative numbers are for
// further documents of one name.
func attemptName(name string, attempt int) string {
	if attempt == 0 || attempt == 1 {
		return name
	}
	ext := filepath.Ext(name)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ext), attempt, ext)
}

// documentFinder looks for the names of all attempts so far, the latest first:
// it was made because the earlier ones had not arrived. What is still pending
// did not arrive, though its name be listed.
func documentFinder(ctx context.Context, api API, r Record) finder {
	return func() (*Object, error) {
		req, err := request[supply](r)
		if err != nil {
			return nil, err
		}
		list, err := api.ListIdentityDocuments(ctx, r.need(KindIdentity).ID, true)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(req.Types, func(t string) bool { return slices.Contains(list.PendingDocuments, t) }) {
			return nil, nil
		}
		for attempt := r.Attempt; attempt > 0; attempt-- {
			for _, d := range list.Documents {
				if d.Name == attemptName(req.Name, attempt) && d.ArchivedAt == "" {
					return &Object{ID: or(d.FileID, d.Name), Status: "UPLOADED"}, nil
				}
			}
		}
		return nil, nil
	}
}
