package paxos

import (
	"encoding/json"
	"time"
)

// CreateIdentityRequest is the body of POST /identity/identities. Unlisted and
// empty fields are refused by the API, so everything absent is left out.
type CreateIdentityRequest struct {
	RefID                 string                `json:"ref_id,omitempty"`
	PersonDetails         *PersonDetails        `json:"person_details,omitempty"`
	InstitutionDetails    *InstitutionDetails   `json:"institution_details,omitempty"`
	InstitutionMembers    []InstitutionMember   `json:"institution_members,omitempty"`
	CustomerDueDiligence  *CustomerDueDiligence `json:"customer_due_diligence,omitempty"`
	TaxDetails            []TaxDetail           `json:"tax_details,omitempty"`
	TaxDetailsNotRequired bool                  `json:"tax_details_not_required,omitempty"`
	Metadata              map[string]string     `json:"metadata,omitempty"`
}

// PersonDetails describes a person, in requests and (when details are asked
// for) in replies. Replies give date_of_birth as a date or as a timestamp.
type PersonDetails struct {
	VerifierType                  string   `json:"verifier_type,omitempty"`
	PassthroughVerifierType       string   `json:"passthrough_verifier_type,omitempty"`
	PassthroughVerifiedAt         string   `json:"passthrough_verified_at,omitempty"`
	PassthroughVerificationID     string   `json:"passthrough_verification_id,omitempty"`
	PassthroughVerificationStatus string   `json:"passthrough_verification_status,omitempty"`
	PassthroughVerificationFields []string `json:"passthrough_verification_fields,omitempty"`

	FirstName      string   `json:"first_name,omitempty"`
	MiddleName     string   `json:"middle_name,omitempty"`
	LastName       string   `json:"last_name,omitempty"`
	DateOfBirth    string   `json:"date_of_birth,omitempty"`
	Address        *Address `json:"address,omitempty"`
	Nationality    string   `json:"nationality,omitempty"`
	CIPID          string   `json:"cip_id,omitempty"`
	CIPIDType      string   `json:"cip_id_type,omitempty"`
	CIPIDCountry   string   `json:"cip_id_country,omitempty"`
	PhoneNumber    string   `json:"phone_number,omitempty"`
	Email          string   `json:"email,omitempty"`
	Profession     string   `json:"profession,omitempty"`
	CountryOfBirth string   `json:"country_of_birth,omitempty"`

	// Replies only; the last two are deprecated aliases of the CIP ID.
	IDVerificationStatus        string `json:"id_verification_status,omitempty"`
	SanctionsVerificationStatus string `json:"sanctions_verification_status,omitempty"`
	AdditionalScreeningStatus   string `json:"additional_screening_status,omitempty"`
	GovtID                      string `json:"govt_id,omitempty"`
	GovtIDType                  string `json:"govt_id_type,omitempty"`
}

// Address is the API's IdentityMailingAddress. Every part has at most 35
// characters of a narrow ASCII set; all but address2 and zip_code are required.
type Address struct {
	Address1 string `json:"address1,omitempty"`
	Address2 string `json:"address2,omitempty"`
	City     string `json:"city,omitempty"`
	Province string `json:"province,omitempty"`
	ZipCode  string `json:"zip_code,omitempty"`
	Country  string `json:"country,omitempty"`
}

// CustomerDueDiligence is what the brokerage knows of a customer's means.
type CustomerDueDiligence struct {
	EstimatedYearlyIncome    string `json:"estimated_yearly_income,omitempty"`
	EstimatedNetWorth        string `json:"estimated_net_worth,omitempty"`
	ExpectedTransferValue    string `json:"expected_transfer_value,omitempty"`
	SourceOfWealth           string `json:"source_of_wealth,omitempty"`
	SourceOfFunds            string `json:"source_of_funds,omitempty"`
	PurposeOfAccount         string `json:"purpose_of_account,omitempty"`
	EmploymentStatus         string `json:"employment_status,omitempty"`
	EmploymentIndustrySector string `json:"employment_industry_sector,omitempty"`

	// Institutions only. The bools are required ones, so false must be sent too.
	IndustrySector              string `json:"industry_sector,omitempty"`
	HasUnderlyingTrustStructure *bool  `json:"has_underlying_trust_structure,omitempty"`
	HasNomineeShareholders      *bool  `json:"has_nominee_shareholders,omitempty"`
	IsPubliclyTraded            *bool  `json:"is_publicly_traded,omitempty"`
}

// TaxDetail is one tax registration; Paxos fills it in itself for persons
// whose CIP ID is an SSN or ITIN.
type TaxDetail struct {
	TaxPayerID            string `json:"tax_payer_id,omitempty"`
	TaxPayerCountry       string `json:"tax_payer_country,omitempty"`
	TINVerificationStatus string `json:"tin_verification_status,omitempty"` // replies only
}

// Identity is the reply of the identity operations. Only ID is certain to be
// there: details come in a create's reply and when asked for.
type Identity struct {
	ID                    string                `json:"id"`
	RefID                 string                `json:"ref_id,omitempty"`
	Type                  string                `json:"type,omitempty"`
	Status                string                `json:"status,omitempty"`
	SummaryStatus         string                `json:"summary_status,omitempty"`
	StatusDetails         *StatusDetails        `json:"status_details,omitempty"`
	PersonDetails         *PersonDetails        `json:"person_details,omitempty"`
	InstitutionDetails    *InstitutionDetails   `json:"institution_details,omitempty"`
	InstitutionMembers    []InstitutionMember   `json:"institution_members,omitempty"`
	CustomerDueDiligence  *CustomerDueDiligence `json:"customer_due_diligence,omitempty"`
	TaxDetails            []TaxDetail           `json:"tax_details,omitempty"`
	TaxDetailsNotRequired bool                  `json:"tax_details_not_required,omitempty"`
	Metadata              map[string]string     `json:"metadata,omitempty"`
	CreatedAt             string                `json:"created_at,omitempty"`
	UpdatedAt             string                `json:"updated_at,omitempty"`
}

// CurrentStatus is status where the reply has it, else the older
// summary_status, which newer editions of the API call deprecated.
func (i *Identity) CurrentStatus() string {
	if i.Status != "" {
		return i.Status
	}
	return i.SummaryStatus
}

// CreateAccountRequest is the body of POST /identity/accounts. An account made
// without create_profile can never be given a profile later.
type CreateAccountRequest struct {
	CreateProfile bool    `json:"create_profile"`
	Account       Account `json:"account"`
}

// Account is an account in requests and replies. Replies put it at top level.
type Account struct {
	ID            string            `json:"id,omitempty"`
	IdentityID    string            `json:"identity_id,omitempty"`
	RefID         string            `json:"ref_id,omitempty"`
	Type          string            `json:"type,omitempty"`
	Description   string            `json:"description,omitempty"`
	Metadata      map[string]string `json:"metadata,omitempty"`
	Members       []AccountMember   `json:"members,omitempty"`
	ProfileID     string            `json:"profile_id,omitempty"`
	SummaryStatus string            `json:"summary_status,omitempty"`
	CreatedAt     string            `json:"created_at,omitempty"`
	UpdatedAt     string            `json:"updated_at,omitempty"`
}

// AccountMember is a further identity with a part in an account.
type AccountMember struct {
	ID         string   `json:"id,omitempty"` // replies only
	IdentityID string   `json:"identity_id,omitempty"`
	Roles      []string `json:"roles,omitempty"`
}

// Event types that concern the onboarding of identities. There is none for a
// change to ERROR: only reading the identity shows that.
const (
	EventIdentityApproved          = "identity.approved"
	EventIdentityDenied            = "identity.denied"
	EventIdentityDisabled          = "identity.disabled"
	EventIdentityDocumentsRequired = "identity.documents_required"
)

// Event is one entry of the events feed. CreatedAt keeps the server's own
// text, nanoseconds and all, because it serves as the cursor.
type Event struct {
	ID         string          `json:"id"`
	Type       string          `json:"type"`
	ObjectType string          `json:"object_type,omitempty"`
	Object     json.RawMessage `json:"object,omitempty"`
	CreatedAt  string          `json:"created_at"`
}

// IdentityChange is the object of the identity.* events.
type IdentityChange struct {
	IdentityID        string   `json:"identity_id"`
	NewSummaryStatus  string   `json:"new_summary_status,omitempty"`
	NewStatus         string   `json:"new_status,omitempty"`
	RequiredDocuments []string `json:"required_documents,omitempty"`
}

// ListIdentitiesQuery filters GET /identity/identities; there is no filter by
// ref_id. Limit is at most 100; zero means 100.
type ListIdentitiesQuery struct {
	SummaryStatus string
	UpdatedSince  time.Time // updated_at.gte; zero means no bound
	PageCursor    string
	Limit         int
}

// ListAccountsQuery filters GET /identity/accounts; there is no filter by
// ref_id. Limit is at most 100; zero means 100.
type ListAccountsQuery struct {
	IdentityID string
	PageCursor string
	Limit      int
}

// ListEventsQuery filters GET /events. Since is sent as created_at.gte, or as
// created_at.gt when After is set, and keeps the server's own text. Limit is
// 1 to 100; zero means 100.
type ListEventsQuery struct {
	Since      string
	After      bool
	PageCursor string
	Limit      int
}

// IdentityPage is one page of identities, newest first.
type IdentityPage struct {
	Items      []Identity
	NextCursor string
}

// AccountPage is one page of accounts, newest first.
type AccountPage struct {
	Items      []Account
	NextCursor string
}

// EventPage is one page of events, oldest first. NextCursor is set only by
// servers that page the feed (July 2026 edition of the specification).
type EventPage struct {
	Events     []Event
	NextCursor string
}
