package paxossim

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"
)

// Options configure a simulator. The zero value is calm: no faults, no limits,
// everyone approved at once. Shares are probabilities between 0 and 1.
type Options struct {
	// Seed drives every random choice; callers print it, so that a run can be repeated.
	Seed uint64

	ClientID, ClientSecret string        // credentials to ask for; empty: any are accepted
	Scopes                 []string      // scopes that can be granted; nil: all [Scopes]
	TokenLife              time.Duration // 0: 3599 s, as Paxos gives
	OmitTokenScope         bool          // token replies without scope, which RFC 6749 allows when granted as asked

	ApproveAfter  time.Duration // delay of every decision
	ApproveJitter time.Duration // uniformly random extra delay
	DecideEvery   time.Duration // decisions fall on multiples of this, so events share timestamps; 0: at any moment

	// What becomes of an identity. The rest is APPROVED.
	Denied        float64 // share decided DENIED
	Errored       float64 // share decided ERROR, which no event announces
	Stuck         float64 // share never decided
	UnknownStatus float64 // share decided to a status outside of the known values

	// Documents without which nothing is decided (enhanced due diligence).
	HighRisk             float64             // share of persons who have to supply some
	RequiredDocuments    map[string][]string // by ref_id: the types; none: not asked for, whatever chance says
	InstitutionDocuments bool                // every institution has to, as the sandbox has it by default
	UploadLife           time.Duration       // of an upload URL; 0: 15 min
	Webhooks             Webhooks            // delivered while [Simulator.DeliverWebhooks] runs
	FiatReviewAfter      time.Duration       // delay of the review of a bank account
	FiatReviewJitter     time.Duration       // uniformly random extra delay
	FiatRejected         float64             // share of bank accounts that end REJECTED; the rest is APPROVED
	FiatStuck            float64             // share that stays PENDING
	FiatStatuses         map[string]string   // what becomes of a bank account, by its ref_id, instead of the shares
	FillAfter            time.Duration       // how long an order stays SUBMITTED
	OrdersRejected       float64             // share of orders that end REJECTED after SUBMITTED

	Limits     Limits
	Window     time.Duration // rates are averaged over it, and a lock-out lasts as long; 0: 5 min
	RetryAfter bool          // a 429 says Retry-After

	StatePath string // journal file; "": memory only
	Faults    Faults

	// Switches for what the sources leave open.

	AccountConflictPlain  bool       // the 409 of an account lacks meta.existing
	AccountRefReusable    bool       // accounts are not unique by ref_id: only CreateIdentity declares a 409
	IdentityConflictPlain bool       // the 409 of an identity lacks meta.existing
	CIPFirst              bool       // a double duplicate is reported by its CIP ID, not its ref_id
	RefuseUnapproved      bool       // accounts only for APPROVED identities (400 otherwise)
	StatusKeys            StatusKeys // how replies and events spell the status; "": SummaryStatusKey
	PlainDates            bool       // date_of_birth comes back as sent, not as a timestamp
	EventsCursor          bool       // the events feed pages by cursor, as the July 2026 edition does
	ListWithoutRefID      bool       // listed identities and accounts lack ref_id
	OmitProfileID         bool       // the create reply of an account lacks profile_id; reading the account shows it
	MembersOptional       bool       // institutions may be created without members, as in the older edition
	StatusDetails         bool       // identities say why they are not approved, as in the newer edition
	ListReserved          bool       // names of documents whose bytes never came are listed
	NoDocumentStorage     bool       // documents are refused with 403
	PostUploads           bool       // bytes go to an upload URL by POST, as the operation's text has it, not by PUT
	FirstParty            bool       // the API user trades for itself: bank accounts must not name an identity
	FiatConflictPlain     bool       // the 409 of a bank account or of deposit instructions lacks meta.existing
	FiatRefReusable       bool       // neither is unique by ref_id: they declare no 409
	FiatNested            bool       // status, metadata and instructions of a bank account lie inside of its owner, as in the samples
	PageLimit             int        // largest page of identities or accounts; 0: 100
}

// StatusKeys tells under which key replies give an identity's status.
type StatusKeys string

// The published editions and samples disagree on the key.
const (
	SummaryStatusKey StatusKeys = "summary_status"
	StatusKey        StatusKeys = "status"
	BothStatusKeys   StatusKeys = "both"
)

// Limits are requests per second, averaged over the window, for each source
// IP. Zero is unlimited. Paxos publishes 1, 10 and 50.
type Limits struct {
	Token    float64 // POST /oauth2/token
	Identity float64 // everything below /identity/
	Other    float64
}

// Faults are shares of requests to disturb, unless said otherwise.
type Faults struct {
	Latency, LatencyJitter time.Duration // wait of every request, before or after its effect by chance

	ErrorBefore float64 // 5xx before anything happened
	ErrorAfter  float64 // 5xx after the write took effect
	DropBefore  float64 // connection dropped before anything happened
	DropAfter   float64 // connection dropped after the write took effect
	Garbage     float64 // a reply of 200 whose body is cut off, HTML or empty, after the effect

	LateEvents   float64       // share of events that become visible LateBy after their created_at
	LateBy       time.Duration // 0: 2 s
	RepeatEvents float64       // share of events listed twice, with one id

	Throttle int // the n-th request of all is answered 429 and locks its source out; 0: none
}

// withDefaults fills in the documented defaults.
func (o Options) withDefaults() Options {
	o.TokenLife = orDefault(o.TokenLife, 3599*time.Second)
	o.Window = orDefault(o.Window, 5*time.Minute)
	o.PageLimit = orDefault(o.PageLimit, 100)
	o.StatusKeys = orDefault(o.StatusKeys, SummaryStatusKey)
	o.Faults.LateBy = orDefault(o.Faults.LateBy, 2*time.Second)
	o.UploadLife = orDefault(o.UploadLife, 15*time.Minute)
	o.Webhooks = o.Webhooks.withDefaults()
	if o.Scopes == nil {
		o.Scopes = Scopes()
	}
	return o
}

func orDefault[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// check refuses options that cannot mean what was wanted.
func (o Options) check() error {
	f, w := o.Faults, o.Webhooks
	for _, share := range []float64{o.Denied, o.Errored, o.Stuck, o.UnknownStatus, o.HighRisk, w.Late, w.Twice, w.Tests, f.ErrorBefore,
		f.ErrorAfter, f.DropBefore, f.DropAfter, f.Garbage, f.LateEvents, f.RepeatEvents,
		o.FiatRejected, o.FiatStuck, o.OrdersRejected} {
		if !(share >= 0 && share <= 1) {
			return fmt.Errorf("share %v is not between 0 and 1", share)
		}
	}
	if o.Denied+o.Errored+o.Stuck+o.UnknownStatus > 1 {
		return errors.New("shares of decisions add up to more than 1")
	}
	for _, d := range []time.Duration{o.TokenLife, o.ApproveAfter, o.ApproveJitter, o.DecideEvery, o.Window,
		f.Latency, f.LatencyJitter, f.LateBy, o.UploadLife, w.FirstRetry, w.GiveUpAfter, w.LateBy, w.Reorder,
		o.FiatReviewAfter, o.FiatReviewJitter, o.FillAfter} {
		if d < 0 {
			return fmt.Errorf("duration %v is negative", d)
		}
	}
	if err := o.checkMoney(); err != nil {
		return err
	}
	return o.checkRest()
}

func (o Options) checkRest() error {
	for _, scope := range o.Scopes {
		if !slices.Contains(Scopes(), scope) {
			return fmt.Errorf("unknown scope %q", scope)
		}
	}
	if min(o.Limits.Token, o.Limits.Identity, o.Limits.Other) < 0 || o.PageLimit < 0 || o.Faults.Throttle < 0 {
		return errors.New("a limit is negative")
	}
	if !slices.Contains([]StatusKeys{SummaryStatusKey, StatusKey, BothStatusKeys}, o.StatusKeys) {
		return fmt.Errorf("unknown status keys %q", o.StatusKeys)
	}
	return o.checkSide()
}

func (o Options) checkSide() error {
	for _, types := range o.RequiredDocuments {
		for _, t := range types {
			if documentType(t) != "" {
				return fmt.Errorf("unknown document type %q", t)
			}
		}
	}
	if u, err := url.Parse(o.Webhooks.URL); err != nil || u.String() != "" && u.Host == "" {
		return errors.New("the URL for webhooks cannot be read")
	}
	if o.Webhooks.Rate < 0 {
		return errors.New("a limit is negative")
	}
	return nil
}
