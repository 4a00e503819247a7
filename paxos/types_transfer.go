package paxos

import "net/url"

// CreateFiatAccountRequest is the body of POST /transfer/fiat-accounts: a bank
// account that money can be withdrawn to. identity_id and account_id are
// required for end users and forbidden for first parties. Bank account numbers
// are secrets.
type CreateFiatAccountRequest struct {
	RefID                   string                   `json:"ref_id,omitempty"`
	IdentityID              string                   `json:"identity_id,omitempty"`
	AccountID               string                   `json:"account_id,omitempty"`
	FiatAccountOwner        *FiatAccountOwner        `json:"fiat_account_owner,omitempty"`
	FiatNetworkInstructions *FiatNetworkInstructions `json:"fiat_network_instructions,omitempty"`
	Metadata                map[string]string        `json:"metadata,omitempty"` // at most 6 pairs of 100 characters
}

// FiatAccountOwner is a person or an institution, never both.
type FiatAccountOwner struct {
	PersonDetails      *FiatPerson      `json:"person_details,omitempty"`
	InstitutionDetails *FiatInstitution `json:"institution_details,omitempty"`
}

// FiatPerson names the owner of a bank account.
type FiatPerson struct {
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
}

// FiatInstitution names the owner of a bank account.
type FiatInstitution struct {
	Name string `json:"name,omitempty"`
}

// FiatNetworkInstructions hold exactly one network.
type FiatNetworkInstructions struct {
	Wire   *WireInstructions  `json:"wire,omitempty"`
	Cubix  *CubixInstructions `json:"cubix,omitempty"`
	Cbit   *CbitInstructions  `json:"cbit,omitempty"`
	DBSAct *BankInstructions  `json:"dbs_act,omitempty"`
	SCB    *BankInstructions  `json:"scb,omitempty"`
	RTP    *RTPInstructions   `json:"rtp,omitempty"` // since 2026
}

// WireInstructions are for ABA (Fedwire) and SWIFT.
type WireInstructions struct {
	AccountNumber              string          `json:"account_number,omitempty"`
	FiatAccountOwnerAddress    *Address        `json:"fiat_account_owner_address,omitempty"`
	RoutingDetails             *RoutingDetails `json:"routing_details,omitempty"`
	IntermediaryRoutingDetails *RoutingDetails `json:"intermediary_routing_details,omitempty"`
}

// RoutingDetails name a bank.
type RoutingDetails struct {
	RoutingNumberType string   `json:"routing_number_type,omitempty"` // ABA or SWIFT
	RoutingNumber     string   `json:"routing_number,omitempty"`
	BankName          string   `json:"bank_name,omitempty"`
	BankAddress       *Address `json:"bank_address,omitempty"`
}

// CubixInstructions name a CUBIX account by its UUID.
type CubixInstructions struct {
	AccountID string `json:"account_id,omitempty"`
}

// CbitInstructions name a wallet.
type CbitInstructions struct {
	WalletAddress string `json:"wallet_address,omitempty"`
}

// BankInstructions are for networks of one bank.
type BankInstructions struct {
	AccountNumber string `json:"account_number,omitempty"`
}

// RTPInstructions are for real-time payments in the USA.
type RTPInstructions struct {
	AccountNumber  string          `json:"account_number,omitempty"`
	RoutingDetails *RoutingDetails `json:"routing_details,omitempty"`
}

// FiatAccount is the reply of the fiat account operations without what is
// secret in it: account numbers, owner and addresses are not read.
type FiatAccount struct {
	ID         string `json:"id"`
	RefID      string `json:"ref_id,omitempty"`
	IdentityID string `json:"identity_id,omitempty"`
	AccountID  string `json:"account_id,omitempty"`
	Status     string `json:"status,omitempty"`
	CreatedAt  string `json:"created_at,omitempty"`
	UpdatedAt  string `json:"updated_at,omitempty"`
}

// CreateFiatDepositInstructionsRequest is the body of POST
// /transfer/fiat-deposit-instructions.
type CreateFiatDepositInstructionsRequest struct {
	RefID             string            `json:"ref_id,omitempty"`
	ProfileID         string            `json:"profile_id,omitempty"`
	IdentityID        string            `json:"identity_id,omitempty"`
	AccountID         string            `json:"account_id,omitempty"`
	FiatNetwork       string            `json:"fiat_network,omitempty"`
	RoutingNumberType string            `json:"routing_number_type,omitempty"` // WIRE only
	Metadata          map[string]string `json:"metadata,omitempty"`
}

// FiatDepositInstructions tell how a customer pays in; the memo id has to be
// quoted on the wire.
type FiatDepositInstructions struct {
	ID         string `json:"id"`
	RefID      string `json:"ref_id,omitempty"`
	ProfileID  string `json:"profile_id,omitempty"`
	IdentityID string `json:"identity_id,omitempty"`
	AccountID  string `json:"account_id,omitempty"`
	MemoID     string `json:"memo_id,omitempty"`
	Status     string `json:"status,omitempty"`
	CreatedAt  string `json:"created_at,omitempty"`
}

// ListFiatQuery filters GET /transfer/fiat-accounts and GET
// /transfer/fiat-deposit-instructions. RefIDs are at most 100; none means all.
// Limit is at most 100; zero means 100.
type ListFiatQuery struct {
	RefIDs     []string
	PageCursor string
	Limit      int
}

func (q ListFiatQuery) values() url.Values {
	query := pageQuery(q.PageCursor, q.Limit)
	addAll(query, "ref_ids", q.RefIDs)
	return query
}

// FiatAccountPage is one page of fiat accounts, newest first.
type FiatAccountPage struct {
	Items      []FiatAccount
	NextCursor string
}

// FiatDepositInstructionsPage is one page of deposit instructions, newest first.
type FiatDepositInstructionsPage struct {
	Items      []FiatDepositInstructions
	NextCursor string
}
