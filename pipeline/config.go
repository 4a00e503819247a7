package pipeline

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"embark/checkpoint"
	"embark/mapping"
	"embark/onboard"
	"embark/paxos"
	"embark/source"
)

// API is the part of Paxos that a run uses; *paxos.Client has it.
type API interface {
	onboard.Platform
	PutDocument(ctx context.Context, uploadURL, contentType string, size int64, body io.Reader) error
	GetIdentityWith(ctx context.Context, id string, with paxos.Parts) (*paxos.Identity, error)
	ListIdentities(context.Context, paxos.ListIdentitiesQuery) (*paxos.IdentityPage, error)
	ListEvents(context.Context, paxos.ListEventsQuery) (*paxos.EventPage, error)
	GetEvent(ctx context.Context, id string) (*paxos.Event, error)
	SilentFor() time.Duration
	ServerTime() time.Time
	Memory() paxos.Memory
}

// Store is where the records are kept; *checkpoint.Store has it. Whatever it
// has answered to a write is durable.
type Store interface {
	Run() uint32
	Fingerprint([]byte) []byte
	HashCIP(triple string) []byte
	Get(...onboard.Key) ([]onboard.Record, error)
	CIPOwner(hash []byte) (refID string, err error)
	Begin(context.Context, checkpoint.Decide, ...onboard.Key) (step onboard.Step, ready []onboard.Key, err error)
	Commit(context.Context, onboard.Step, onboard.Answer) (onboard.Record, []onboard.Key, error)
	Observe(context.Context, []checkpoint.Sighting, time.Time, func(*checkpoint.Marks)) (checkpoint.Observed, error)
	Enqueue(ctx context.Context, eventID string, now time.Time) (news bool, err error)
	Letters(after string, limit int) ([]checkpoint.Letter, error)
	Handled(ctx context.Context, now time.Time, eventIDs ...string) error
	Profiles(mapping string) ([]byte, error)
	SaveProfiles(ctx context.Context, profiles map[string][]byte) error
	Marks() (checkpoint.Marks, error)
	Mark(context.Context, func(*checkpoint.Marks)) error
	Counts() (checkpoint.Counts, error)
	Unfinished() iter.Seq2[onboard.Key, error]
	Records(onboard.Kind) iter.Seq2[onboard.Record, error]
}

// Input is the files of a run, each with the mapper for its header.
type Input struct {
	Files    []*source.File
	Mappers  []*mapping.Mapper           // by file; nil for a file of bank accounts
	Banks    map[int]*mapping.BankMapper // by file, those of bank accounts only
	Mappings []string                    // by file: the mapping file, by whose name without folders drift is judged; empty, or none, for canonical columns
	Extras   Extras
}

// Config is a run. Zero values have the defaults that are named.
type Config struct {
	Input       Input
	Store       Store
	API         API
	Environment string  // for the report
	Events      bool    // the scope for events was granted
	Budget      float64 // identity-class requests per second that may be spent

	Settle      time.Duration // see [onboard.Policy]
	Wait        time.Duration // for decisions, once all is sent; 0 does not wait
	Limit       int           // new identities at most; 0 means all
	MaxErrors   float64       // share of refused objects that stops the run; 0 means 0.05
	MaxRejected float64       // share of faulty rows above which nothing is sent; 0 means 0.05
	Strict      bool          // MaxRejected was set by the operator, so it speaks from the first row on
	RetryFailed bool
	NoDrift     bool   // [ErrDrift] where a file differs from the last one accepted
	OrderCap    string // what all orders may be worth together, a decimal; empty for no cap

	Report   string         // folder of reports
	Warn     func(string)   // called before anything is sent; may be nil
	Drifted  func([]Drift)  // called before anything is sent, if there is any; may be nil
	Webhook  *Webhook       // where Paxos announces events; may be nil
	Progress func(Progress) // called about four times a second, from one goroutine; may be nil
}

// Errors that stop a run. All others are faults of the store or the disk.
var (
	ErrErrorBudget = errors.New("too many objects were refused")
	ErrUnreachable = errors.New("no usable answer from Paxos")
	ErrRejected    = errors.New("too many faulty rows; nothing was sent")
)

func (c Config) policy() onboard.Policy {
	return onboard.Policy{Settle: c.Settle, Run: c.Store.Run(), Orders: c.Input.Extras.Orders, Sandbox: c.Input.Extras.Sandbox}
}

func (c Config) maxErrors() float64 {
	if c.MaxErrors == 0 {
		return 0.05
	}
	return c.MaxErrors
}

// TooManyFaulty tells whether nothing is to be sent. Left at its default, the limit speaks from twenty faulty rows
// on, so that one bad row in a file of ten does not hold up the other nine.
func (c Config) TooManyFaulty(rejected, rows int) bool {
	share := c.MaxRejected
	if share == 0 && !c.Strict {
		share = 0.05
	}
	if !c.Strict && rejected < 20 {
		return false
	}
	return float64(rejected) > share*float64(rows)
}

// Estimate is how long n customers take at the budget, in identity-class
// requests a second: each needs two, an identity and an account.
func Estimate(n int, budget float64) time.Duration {
	return time.Duration(2 * float64(n) / budget * float64(time.Second)).Round(time.Second)
}
