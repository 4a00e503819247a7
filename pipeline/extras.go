package pipeline

import (
	"path/filepath"

	"embark/mapping"
	"embark/onboard"
	"embark/paxos"
)

// Extras say which of the things that rows may ask for beyond identities,
// accounts, bank accounts and documents are wanted.
type Extras struct {
	Orders  bool                         // first orders are sent; otherwise the order columns are only checked
	Sandbox bool                         // statuses may be forced and profiles funded
	Fund    *paxos.SandboxDepositRequest // for every new profile; nil for none
}

// wants tells whether a stored object is wanted still: orders that were never
// sent are not, where none are sent.
func (x Extras) wants(r onboard.Record) bool {
	state := r.State()
	return x.Orders || r.Key.Kind() != onboard.KindOrder || state != onboard.Waiting && state != onboard.Ready
}

// mapRows maps a batch and leaves out what is not wanted. It also looks at the
// documents that rows name, which mapping cannot do.
func (in Input) mapRows(b batch) []mapping.Result {
	if m := in.Banks[b.file]; m != nil {
		return mapBanks(m.Map(b.rows))
	}
	results := in.Mappers[b.file].Map(b.rows)
	for i := range results {
		if c := results[i].Customer; c != nil {
			in.extras(b.file, &results[i], c)
		}
	}
	return results
}

func (in Input) extras(file int, r *mapping.Result, c *onboard.Customer) {
	if !in.Extras.Orders {
		c.Order = nil
	}
	if c.Account != nil {
		c.Fund = in.Extras.Fund
	}
	if c.SandboxStatus != "" && !in.Extras.Sandbox {
		reject(r, sandboxElsewhere)
	}
	for i := range c.Documents {
		c.Documents[i].Path = in.beside(file, c.Documents[i].Path)
		f, _, _, err := openDocument(c.Documents[i].Path)
		if err != nil {
			fault := documentFault
			fault.Text = err.Error()
			reject(r, fault)
			continue
		}
		_ = f.Close()
	}
}

// beside finds a document where the file that names it lies.
func (in Input) beside(file int, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	path = filepath.Join(filepath.Dir(in.Files[file].Name()), path)
	if whole, err := filepath.Abs(path); err == nil { // the next run may start in another folder
		return whole
	}
	return path
}

var (
	sandboxElsewhere = mapping.Finding{Rule: "sandbox_elsewhere", Column: "sandbox.status", Severity: mapping.Error,
		Text: "a status can be forced in Paxos's sandbox only", Hint: "empty the column, or run with --environment sandbox"}
	documentFault = mapping.Finding{Rule: "document_unreadable", Column: "documents", Severity: mapping.Error,
		Hint: "paths are relative to the folder of the input file"}
)

func reject(r *mapping.Result, fault mapping.Finding) {
	r.Customer = nil
	r.Findings = append(r.Findings, fault)
}
