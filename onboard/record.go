package onboard

import (
	"strings"
	"time"
)

//go:generate go tool msgp -io=false -tests=false -file=record.go -o=record_gen.go

// Kind is the kind of an object, under the API's own name.
type Kind string

// The kinds of objects. What only [KindSandboxStatus] and [KindSandboxDeposit]
// make is a change at Paxos, not an object with an id of its own.
const (
	KindIdentity            Kind = "identity"
	KindSandboxStatus       Kind = "sandbox_status"
	KindDocument            Kind = "document"
	KindAccount             Kind = "account"
	KindAccountMember       Kind = "account_member" // one who joins an account that exists
	KindFiatAccount         Kind = "fiat_account"
	KindDepositInstructions Kind = "fiat_deposit_instructions"
	KindSandboxDeposit      Kind = "sandbox_deposit"
	KindOrder               Kind = "order"
)

// Kinds lists every kind, in the order in which a customer gets them.
func Kinds() []Kind {
	return []Kind{KindIdentity, KindSandboxStatus, KindDocument, KindAccount, KindAccountMember, KindFiatAccount,
		KindDepositInstructions, KindSandboxDeposit, KindOrder}
}

// Key names an object the way Paxos keeps it unique: by kind and ref_id.
type Key string

// NewKey is the key of the object of that kind and ref_id.
func NewKey(kind Kind, refID string) Key { return Key(string(kind) + "/" + refID) }

// Kind is the part of the key before the first slash.
func (k Key) Kind() Kind {
	kind, _, _ := strings.Cut(string(k), "/")
	return Kind(kind)
}

// RefID is the part of the key after the first slash; empty where there is none.
func (k Key) RefID() string {
	_, refID, _ := strings.Cut(string(k), "/")
	return refID
}

// Record is what is known of one object: facts only. The tags are the names in
// the checkpoint and must not be reused for something else.
type Record struct {
	Key     Key     `msg:"-"`
	Request []byte  `msg:"-"`           // JSON in clear, only while it may be needed
	Sealed  []byte  `msg:"q,omitempty"` // the same as the checkpoint keeps it
	Needs   []Need  `msg:"n,omitempty"`
	Needed  []Key   `msg:"d,omitempty"` // objects that need this one
	Intent  *Intent `msg:"i,omitempty"`
	Attempt int     `msg:"a,omitempty"` // intents that may have taken effect unseen; never falls

	Lost      int       `msg:"w,omitempty"` // answers lost in a row within one process; sets the pace of repeats
	Returned  time.Time `msg:"r,omitempty"` // when the last call without a usable answer came back
	Candidate string    `msg:"c,omitempty"` // id that a 409 or a sweep named and nobody has read yet
	Exists    bool      `msg:"e,omitempty"` // a 409 says that it exists, and nothing shows where

	Cells []byte `msg:"f,omitempty"` // fingerprint of the source cells; of a document, of its path; of a bank account, of its numbers
	Print []byte `msg:"p,omitempty"` // fingerprint of the request
	CIP   []byte `msg:"h,omitempty"` // keyed hash of the CIP triple

	ID        string    `msg:"id,omitempty"`
	Status    string    `msg:"s,omitempty"` // Paxos's own text, known or not
	StatusAt  time.Time `msg:"t,omitempty"` // by Paxos's clock
	ProfileID string    `msg:"pr,omitempty"`
	Unread    bool      `msg:"u,omitempty"` // account: whether it has a profile could not be read yet
	Origin    Origin    `msg:"o,omitempty"`
	Documents []string  `msg:"dr,omitempty"` // document types that Paxos asked for
	MemoID    string    `msg:"mm,omitempty"` // deposit instructions: to be quoted on the wire
	First     time.Time `msg:"fi,omitempty"` // order: its first intent; a ref_id is forgotten a day after an order is closed

	Problem *Problem `msg:"x,omitempty"`
	Seen    Place    `msg:"l,omitempty"`
}

// Need is an object that this one waits for, with what was last heard of it.
type Need struct {
	Key     Key       `msg:"k"`
	For     For       `msg:"f,omitempty"` // what it waits for; empty for an approval
	ID      string    `msg:"id,omitempty"`
	Status  string    `msg:"s,omitempty"`
	At      time.Time `msg:"t,omitempty"`  // when the status was last heard, by our clock
	Ours    bool      `msg:"o,omitempty"`  // made by a POST of this checkpoint, for certain
	Profile string    `msg:"pr,omitempty"` // of an account
	Asked   []string  `msg:"dr,omitempty"` // document types that Paxos asks for
	Roles   []string  `msg:"rl,omitempty"` // in the account that needs it
}

// For is what an object waits for in another.
type For string

// What is waited for, beside an approval.
const (
	ItsID       For = "id"        // that it exists at Paxos
	ItsProfile  For = "profile"   // that it exists and has a profile
	ItsRequests For = "documents" // that Paxos asks for documents
)

// Intent is the durable note "about to send this request". It is the lock of
// the object: whoever has it open is alone with the object.
type Intent struct {
	Time    time.Time `msg:"t"`
	Attempt int       `msg:"a"` // 1 for the first
	Before  time.Time `msg:"b"` // the request is not sent later than this
	Run     uint32    `msg:"r"` // the process that holds it
}

// Origin tells how an object came to have its id.
type Origin string

// Origins. Made is our own doing, and Repeated most probably is.
const (
	Made     Origin = "m" // our POST was answered 200
	Repeated Origin = "r" // our POST was not answered, and repeating it showed the object
	Adopted  Origin = "a" // somebody else made it; it agrees with the row
	Given    Origin = "g" // the row names it in the column identity_id
)

// ours is certain only of what was answered 200: what a repeat shows may have
// been there before the first attempt, with all that hangs on it.
func (o Origin) ours() bool { return o == Made }

// Problem is why an object is refused or in conflict. It holds no free text of
// Paxos, which may echo personal data.
type Problem struct {
	Code   string `msg:"c"`           // one of the Code constants
	Status int    `msg:"s,omitempty"` // HTTP status
	Type   string `msg:"t,omitempty"` // last segment of the problem's type
	Field  string `msg:"f,omitempty"` // request field that the answer names
	Other  string `msg:"o,omitempty"` // id of the identity in the way
}

// Codes of problems.
const (
	CodeRefused     = "refused"             // Paxos will not make it
	CodeCIPConflict = "cip_conflict"        // the person exists under another ref_id
	CodeRefConflict = "ref_id_conflict"     // the ref_id belongs to another person
	CodeUnreadable  = "existing_unreadable" // what exists cannot be read or compared
	CodeFile        = "document_unreadable" // a document's file cannot be read, or is of the wrong kind
)

func (p *Problem) conflict() bool { return p != nil && p.Code != CodeRefused }

// Place is where a customer was first seen.
type Place struct {
	File string `msg:"f,omitempty"`
	Line int    `msg:"l,omitempty"`
}

// Known tells whether the checkpoint has a record at all.
func (r Record) Known() bool { return r.Key != "" }

// hasRequest tells whether the request is at hand, in clear or sealed.
func (r Record) hasRequest() bool { return len(r.Request) > 0 || len(r.Sealed) > 0 }
