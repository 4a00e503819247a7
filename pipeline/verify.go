package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"embark/checkpoint"
	"embark/onboard"
	"embark/paxos"
)

// VerifyAPI is the part of Paxos that a verification reads; *paxos.Client has it.
type VerifyAPI interface {
	GetIdentity(ctx context.Context, id string, details bool) (*paxos.Identity, error)
	GetAccount(ctx context.Context, id string) (*paxos.Account, error)
	ListAccounts(context.Context, paxos.ListAccountsQuery) (*paxos.AccountPage, error)
	ListFiatAccounts(ctx context.Context, q paxos.ListFiatQuery) (*paxos.FiatAccountPage, error)
	ListFiatDepositInstructions(ctx context.Context, q paxos.ListFiatQuery) (*paxos.FiatDepositInstructionsPage, error)
	ListOrders(ctx context.Context, q paxos.ListOrdersQuery) (*paxos.OrderPage, error)
	SilentFor() time.Duration
	Memory() paxos.Memory
}

// VerifyStore is where the records come from, and where a verification keeps
// how far it is; *checkpoint.Store has it.
type VerifyStore interface {
	Marker
	Counts() (checkpoint.Counts, error)
	RecordsAfter(kind onboard.Kind, refID string) iter.Seq2[onboard.Record, error]
	Verification() ([]byte, error)
	SaveVerification(ctx context.Context, state []byte, found map[onboard.Key][]byte) error
	VerificationFound() iter.Seq2[[]byte, error]
	ForgetVerification(context.Context) error
}

// VerifyConfig is a verification.
type VerifyConfig struct {
	Store    VerifyStore
	API      VerifyAPI
	Budget   float64              // identity-class requests per second that may be spent
	Restart  bool                 // begin anew, whatever an interrupted verification has done
	Progress func(VerifyProgress) // called about four times a second, from one goroutine; may be nil
}

// VerifyProgress is how a verification stands, interrupted parts included.
type VerifyProgress struct {
	Started   time.Time // of this process's part
	Done, All int       // records; Done counts those of earlier processes too
	Before    int       // of Done, those of earlier processes
	Differ    int
	SilentFor time.Duration // pause after a 429
}

// Difference is a record that is not as it is at Paxos. It names no person.
type Difference struct {
	Kind  onboard.Kind `json:"kind"`
	RefID string       `json:"ref_id"`
	ID    string       `json:"id"`
	What  []Point      `json:"what"`
}

// Point is one thing that differs.
type Point struct {
	Code string `json:"code"` // one of the Point constants
	Text string `json:"text"`
}

// Codes of points.
const (
	PointMissing  = "missing"     // Paxos does not know the id
	PointUnread   = "unread"      // it could not be read
	PointRefID    = "ref_id"      // another ref_id
	PointStatus   = "status"      // another decision
	PointIdentity = "identity_id" // under another identity
	PointProfile  = "profile"     // none, or another one
	PointTwin     = "twin"        // a second object under the same ref_id
)

// Tally is what became of the records of one kind.
type Tally struct {
	Agree       int `json:"agree"`
	Differ      int `json:"differ"`
	Decided     int `json:"decided_since"` // of those that agree: decided at Paxos, which the next run takes over
	NoID        int `json:"no_id"`         // nothing is known to be at Paxos
	NotVerified int `json:"not_verified"`  // of a kind that cannot be verified yet
}

// Verified is the result of a verification.
type Verified struct {
	Began   time.Time // when the first part of it did
	Resumed bool      // an earlier process did some of it
	Done    bool
	Kinds   map[onboard.Kind]Tally
}

// Differ is the number of records that differ.
func (v *Verified) Differ() (n int) {
	for _, t := range v.Kinds {
		n += t.Differ
	}
	return n
}

// verification is the state of a verification. What has a name in JSON is
// remembered in the checkpoint.
type verification struct {
	VerifyConfig `json:"-"`
	pulse        pulse
	started      time.Time
	before, all  int
	done, differ atomic.Int64

	Began time.Time              `json:"began"`
	Kind  onboard.Kind           `json:"kind"`  // where it is: within this kind
	After string                 `json:"after"` // behind this ref_id
	Over  bool                   `json:"over"`
	Kinds map[onboard.Kind]Tally `json:"kinds"`
}

const (
	verifyBatch   = 100             // records between two savings; at nine requests a second, eleven seconds
	minReaders    = 4               // requests that wait for the budget or an answer, at least
	maxReaders    = 64              // and at most
	readTries     = 3               // of a record that cannot be read while others can
	readTryAgain  = 5 * time.Second // after that
	secondsFlying = 2               // requests are on their way, at worst, with the budget in use
)

// Verify compares every object that has an id in the checkpoint with what is
// at Paxos. It changes nothing but its own notes in the checkpoint, from which
// a verification that was interrupted goes on; one that was completed begins
// anew. What a run adds behind it in between is for the next one. Errors are
// [ErrUnreachable], those of credentials, scope and store, and that of ctx. The
// result is there even when the error is not nil.
func Verify(ctx context.Context, c VerifyConfig) (*Verified, error) {
	v := &verification{VerifyConfig: c, started: time.Now()}
	resumed, err := v.load(ctx)
	if err != nil {
		return &Verified{}, err
	}
	stopTelling := v.tell()
	defer stopTelling()
	for _, kind := range onboard.Kinds()[max(0, slices.Index(onboard.Kinds(), v.Kind)):] {
		if err = v.verifyKind(ctx, kind); err != nil {
			break
		}
	}
	if err == nil {
		v.Over = true
		err = v.save(ctx, nil)
	}
	return &Verified{Began: v.Began, Resumed: resumed, Done: v.Over, Kinds: v.Kinds}, err
}

// load takes up an interrupted verification, or begins one.
func (v *verification) load(ctx context.Context) (resumed bool, err error) {
	text, err := v.Store.Verification()
	if err != nil {
		return false, err
	}
	if text != nil && !v.Restart {
		if err := json.Unmarshal(text, v); err != nil {
			return false, fmt.Errorf("read how far the verification is: %w", err)
		}
	}
	if resumed = !v.Began.IsZero() && !v.Over; !resumed {
		if err := v.Store.ForgetVerification(ctx); err != nil {
			return false, err
		}
		v.Began, v.Kind, v.After, v.Over, v.Kinds = v.started, "", "", false, map[onboard.Kind]Tally{}
	}
	counts, err := v.Store.Counts()
	v.all = counts.Total()
	for _, t := range v.Kinds {
		v.before += t.Agree + t.Differ + t.NoID + t.NotVerified
		v.differ.Add(int64(t.Differ))
	}
	v.done.Store(int64(v.before))
	return resumed, err
}

// verifyKind goes through the records of a kind, batch by batch.
func (v *verification) verifyKind(ctx context.Context, kind onboard.Kind) error {
	if kind != v.Kind {
		v.Kind, v.After = kind, ""
	}
	if verifiers[kind] == nil {
		return v.passOver(kind)
	}
	var batch []onboard.Record
	for r, err := range v.Store.RecordsAfter(kind, v.After) {
		if err != nil {
			return err
		}
		if batch = append(batch, r); len(batch) < verifyBatch {
			continue
		}
		if err := v.verifyBatch(ctx, batch); err != nil {
			return err
		}
		batch = batch[:0]
	}
	return v.verifyBatch(ctx, batch)
}

// passOver counts the records of a kind that nobody can verify.
func (v *verification) passOver(kind onboard.Kind) error {
	counts, err := v.Store.Counts()
	if err != nil {
		return err
	}
	n := 0
	for _, states := range counts[kind] {
		n += states
	}
	v.Kinds[kind] = Tally{NotVerified: n}
	v.done.Add(int64(n))
	return nil
}

// verifyBatch reads what a batch of records is about, and saves how far it
// got: up to the first record that was not read, should it be interrupted.
func (v *verification) verifyBatch(ctx context.Context, batch []onboard.Record) error {
	readings := make([]*reading, len(batch))
	g, reads := errgroup.WithContext(ctx)
	g.SetLimit(int(min(max(math.Ceil(secondsFlying*v.Budget), minReaders), maxReaders)))
	for i, r := range batch {
		g.Go(func() (err error) {
			readings[i], err = v.read(reads, r)
			return err
		})
	}
	err := g.Wait()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	found := map[onboard.Key][]byte{}
	for i, r := range batch {
		if readings[i] == nil {
			break
		}
		if e := v.count(r, *readings[i], found); e != nil {
			return e
		}
	}
	return errors.Join(err, v.save(ctx, found))
}

func (v *verification) count(r onboard.Record, got reading, found map[onboard.Key][]byte) (err error) {
	tally := v.Kinds[r.Key.Kind()]
	switch {
	case r.ID == "":
		tally.NoID++
	case len(got.points) > 0:
		tally.Differ++
		found[r.Key], err = json.Marshal(Difference{r.Key.Kind(), r.Key.RefID(), r.ID, got.points})
	default:
		tally.Agree++
	}
	if got.decided && len(got.points) == 0 {
		tally.Decided++
	}
	v.Kinds[r.Key.Kind()] = tally
	v.After = r.Key.RefID()
	return err
}

// save is done whatever becomes of ctx. It keeps what the next process has to
// know of the rate limits, too.
func (v *verification) save(ctx context.Context, found map[onboard.Key][]byte) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	return errors.Join(v.Store.SaveVerification(ctx, text, found), SaveLimits(ctx, v.Store, v.API))
}

// tell reports the progress until the function that it returns is called.
func (v *verification) tell() func() {
	if v.Progress == nil {
		return func() {}
	}
	quit, done := make(chan struct{}), make(chan struct{})
	now := func() {
		v.Progress(VerifyProgress{Started: v.started, Done: int(v.done.Load()), All: max(v.all, int(v.done.Load())), Before: v.before,
			Differ: int(v.differ.Load()), SilentFor: v.API.SilentFor()})
	}
	go func() {
		defer close(done)
		ticker := time.NewTicker(tellEvery)
		defer ticker.Stop()
		for {
			select {
			case <-quit:
				return
			case <-ticker.C:
				now()
			}
		}
	}()
	return func() {
		close(quit)
		<-done
		now()
	}
}

// Differences yields what a verification has found, earlier parts of it
// included.
func Differences(store VerifyStore) iter.Seq2[Difference, error] {
	return func(yield func(Difference, error) bool) {
		for text, err := range store.VerificationFound() {
			var d Difference
			if err == nil {
				err = json.Unmarshal(text, &d)
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}
