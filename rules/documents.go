package rules

import (
	"path"
	"slices"
	"strings"
)

// Document is one item of the column documents.
type Document struct {
	Types []string // that the file serves for
	Path  string
}

// maxFileName is what Paxos accepts as the name of a document.
const maxFileName = 260

// Documents takes a cell apart at its vertical bars. Path is "" where there is
// none.
func Documents(cell string) []Document {
	if cell == "" {
		return nil
	}
	var documents []Document
	for item := range strings.SplitSeq(cell, "|") {
		types, file, _ := strings.Cut(item, "=")
		d := Document{Path: strings.TrimSpace(file)}
		for t := range strings.SplitSeq(types, "+") {
			d.Types = append(d.Types, strings.TrimSpace(t))
		}
		documents = append(documents, d)
	}
	return documents
}

var documentChecks = []Check{
	documentCheck(Rule{ID: "document_form", Text: "an item is not of the form TYPE=path", Hint: "write TYPE=path or TYPE+TYPE=path, with | between files"},
		func(d Document) bool { return d.Path == "" || slices.Contains(d.Types, "") }),
	documentCheck(Rule{ID: "document_type", Severity: Warning, Text: "a type of document is not in Paxos's list", Hint: "e.g. PROOF_OF_RESIDENCY, PROOF_OF_FUNDS, IDENTITY_VERIFICATION"},
		func(d Document) bool {
			return slices.ContainsFunc(d.Types, func(t string) bool { return t != "" && !slices.Contains(documentTypes, t) })
		}),
	documentCheck(Rule{ID: "document_extension", Text: "Paxos takes documents as PDF, JPG and PNG only", Hint: "the file's name ends in .pdf, .jpg, .jpeg or .png"},
		func(d Document) bool {
			return d.Path != "" && !slices.Contains([]string{".pdf", ".jpg", ".jpeg", ".png"}, strings.ToLower(path.Ext(d.Path)))
		}),
	documentCheck(Rule{ID: "document_name", Text: "the name of a file has more than 260 characters"},
		func(d Document) bool { return len([]rune(path.Base(d.Path))) > maxFileName }),
	{Rule{ID: "document_repeated", Text: "a file is named twice", Hint: "name it once, as TYPE+TYPE=path"}, GroupDocuments, "documents",
		func(p *Row, _ Options) bool {
			seen := map[string]bool{}
			for _, d := range Documents(p.parts().Documents) {
				if seen[d.Path] && d.Path != "" {
					return true
				}
				seen[d.Path] = true
			}
			return false
		}},
}

func documentCheck(r Rule, fails func(Document) bool) Check {
	return Check{r, GroupDocuments, "documents", func(p *Row, _ Options) bool {
		return slices.ContainsFunc(Documents(p.parts().Documents), fails)
	}}
}
