package paxos

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Errors before anything was sent.
var (
	// ErrNotSent: the request gave up waiting (for the budget, a pause, a token
	// or a connection) before a byte of it could reach Paxos. A definite no.
	ErrNotSent = errors.New("not sent")
	// ErrCredentials: Paxos refuses the client id and secret, or two fresh
	// tokens in a row. Every further request would fare the same.
	ErrCredentials = errors.New("credentials refused")
	// ErrSandboxOnly: the operation is one of Paxos's sandbox, and the client's
	// API URL is at Paxos outside it.
	ErrSandboxOnly = errors.New("for Paxos's sandbox only")
	// ErrScope: the key lacks a scope that is needed.
	ErrScope = errors.New("scope not granted")
)

// ErrUnreadable marks a reply with a success status whose body makes no sense.
// What was asked for may well have been done.
var ErrUnreadable = errors.New("unreadable answer")

// errTurn marks an [ErrNotSent] that is no fault of Paxos or the network.
var errTurn = errors.New("its turn did not come")

// GaveUp tells that a request was not sent because its turn in the budget did
// not come in time; it says nothing about whether Paxos can be reached.
func GaveUp(err error) bool { return errors.Is(err, errTurn) }

// Error is a reply with a status other than 2xx. The problem's title and
// detail are left out on purpose: they may echo personal data.
type Error struct {
	Operation  string        // the API's name, e.g. CreateIdentity
	Status     int           // HTTP status
	Type       string        // last segment of the problem's type, e.g. already-exists; empty for about:blank
	Field      string        // a request field that the detail mentions, where it names one
	ExistingID string        // meta.existing.id of a 409, of whatever kind
	NameTaken  bool          // a 409 whose meta.existing has a name and no id: the identity has such a document
	RetryAfter time.Duration // zero when the reply names none
	Broken     bool          // the body broke off, so what it does not say means nothing
	scope      bool
}

func (e *Error) Error() string {
	text := fmt.Sprintf("%s: HTTP %d", e.Operation, e.Status)
	if e.Type != "" {
		text += " " + e.Type
	}
	if e.Field != "" {
		text += " (" + e.Field + ")"
	}
	return text
}

// Is reports a 403 for want of a scope as [ErrScope].
func (e *Error) Is(target error) bool { return target == ErrScope && e.scope }

// Refused tells that Paxos understood the request and will not do it, now or
// later: 400, 403, 404, 422 and the like, but not 401, 408, 409, 429 or 5xx.
func (e *Error) Refused() bool {
	switch e.Status {
	case http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusConflict, http.StatusTooManyRequests:
		return false
	}
	return e.Status >= 400 && e.Status < 500
}

// StatusOf is the HTTP status of the answer inside err, zero if there was none.
func StatusOf(err error) int {
	var e *Error
	if errors.As(err, &e) {
		return e.Status
	}
	return 0
}

// Uncertain tells whether the request that ended in err may have taken effect
// all the same: 408, 5xx, a redirect (which is nothing that Paxos does), and
// every broken or unreadable answer. [ErrNotSent] and the other 4xx are definite.
func Uncertain(err error) bool {
	if err == nil || errors.Is(err, ErrNotSent) {
		return false
	}
	status := StatusOf(err)
	return status < 400 || status == http.StatusRequestTimeout || status >= 500
}

// Values of [Error.Type] that code branches on. All but the first come with a
// 403 to a create of an order.
const (
	ProblemAlreadyExists     = "already-exists"
	ProblemInsufficientFunds = "insufficient-funds"
	ProblemNotionalTooLarge  = "notional-value-too-large"
	ProblemMarketConditions  = "market-conditions-prevented-execution"
)

// problem is RFC 7807 as Paxos writes it.
type problem struct {
	Type   string `json:"type"`
	Detail string `json:"detail"`
	Meta   struct {
		Existing struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"existing"`
	} `json:"meta"`
}

// newError reads a reply by its shape, whatever its content type says: bodies
// from proxies may be HTML or empty, and hosts and spelling of type vary.
func newError(op string, res *http.Response, body []byte) *Error {
	var p problem
	_ = json.Unmarshal(body, &p) // an unreadable body leaves only the status, which is enough
	e := &Error{Operation: op, Status: res.StatusCode, ExistingID: p.Meta.Existing.ID}
	e.NameTaken = e.Status == http.StatusConflict && e.ExistingID == "" && p.Meta.Existing.Name != ""
	e.Type = problemType(p.Type)
	e.Field = fieldIn(p.Detail)
	e.RetryAfter = retryAfter(res.Header.Get("Retry-After"))
	e.scope = e.Status == http.StatusForbidden && strings.Contains(p.Detail, "insufficient scopes")
	return e
}

// problemType is the last segment of the URI. Anything that does not look like
// a name of Paxos's is dropped, because the type goes into the error's text.
func problemType(uri string) string {
	uri, _, _ = strings.Cut(uri, "#")
	uri = strings.TrimRight(uri, "/")
	last := uri[strings.LastIndexByte(uri, '/')+1:]
	name := strings.ReplaceAll(last, "_", "-")
	if len(name) > 64 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz-") != "" {
		return ""
	}
	return name
}

// fields are the names of request fields that may be repeated to an operator
// when a detail mentions them; those that tell more come first.
var fields = strings.Fields(`passthrough_verification_fields passthrough_verification_status
	passthrough_verification_id passthrough_verified_at passthrough_verifier_type verifier_type
	tax_details_not_required tax_payer_country tax_payer_id tax_details
	estimated_yearly_income expected_transfer_value source_of_wealth source_of_funds
	employment_industry_sector employment_status customer_due_diligence
	cip_id cip_id_type cip_id_country date_of_birth first_name middle_name last_name
	zip_code province address1 address2 city country nationality address
	routing_number_type routing_number account_number bank_name bank_address fiat_account_owner_address
	fiat_account_owner fiat_network_instructions fiat_network wallet_address
	base_amount quote_amount stop_price price time_in_force expiration_date
	institution_sub_type institution_type govt_registration_date regulation_status trading_type
	listed_exchange ticker_symbol parent_institution_name regulator_name regulator_jurisdiction
	regulator_register_number business_description business_address incorporation_address
	industry_sector has_underlying_trust_structure has_nominee_shareholders
	institution_members institution_id document_types
	phone_number email identity_account_id identity_id account_id profile_id create_profile ref_id metadata
	description members roles`)

// fieldIn finds the most telling field name in a problem's detail, as a word.
func fieldIn(detail string) string {
	words := strings.FieldsFunc(detail, func(r rune) bool {
		return r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	for _, f := range fields {
		for _, w := range words {
			if w == f {
				return f
			}
		}
	}
	return ""
}

// retryAfter reads both forms of the header: seconds and an HTTP date.
func retryAfter(value string) time.Duration {
	seconds, err := strconv.Atoi(value)
	if (err == nil || errors.Is(err, strconv.ErrRange)) && seconds > 0 {
		return time.Duration(min(seconds, 86400)) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}
