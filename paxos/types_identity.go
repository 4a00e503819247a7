package paxos

// InstitutionDetails describes an institution, in requests and (when details
// are asked for) in replies. The three statuses are in replies only.
type InstitutionDetails struct {
	Name                    string   `json:"name,omitempty"`
	BusinessAddress         *Address `json:"business_address,omitempty"`
	IncorporationAddress    *Address `json:"incorporation_address,omitempty"`
	PhoneNumber             string   `json:"phone_number,omitempty"`
	Email                   string   `json:"email,omitempty"`
	DoingBusinessAs         string   `json:"doing_business_as,omitempty"`
	BusinessDescription     string   `json:"business_description,omitempty"`
	InstitutionType         string   `json:"institution_type,omitempty"`
	InstitutionSubType      string   `json:"institution_sub_type,omitempty"`
	CIPID                   string   `json:"cip_id,omitempty"`
	CIPIDType               string   `json:"cip_id_type,omitempty"`
	CIPIDCountry            string   `json:"cip_id_country,omitempty"`
	GovtRegistrationDate    string   `json:"govt_registration_date,omitempty"` // RFC 3339, never a bare date
	RegulationStatus        string   `json:"regulation_status,omitempty"`
	TradingType             string   `json:"trading_type,omitempty"`
	ListedExchange          string   `json:"listed_exchange,omitempty"`
	TickerSymbol            string   `json:"ticker_symbol,omitempty"`
	ParentInstitutionName   string   `json:"parent_institution_name,omitempty"`
	RegulatorName           string   `json:"regulator_name,omitempty"`
	RegulatorJurisdiction   string   `json:"regulator_jurisdiction,omitempty"`
	RegulatorRegisterNumber string   `json:"regulator_register_number,omitempty"`

	SanctionsVerificationStatus string `json:"sanctions_verification_status,omitempty"`
	DocumentVerificationStatus  string `json:"document_verification_status,omitempty"`
	AdditionalScreeningStatus   string `json:"additional_screening_status,omitempty"`
}

// InstitutionMember is a person or institution with a part in an institution.
// Sending an id is a client error.
type InstitutionMember struct {
	ID            string   `json:"id,omitempty"` // replies only
	IdentityID    string   `json:"identity_id,omitempty"`
	Roles         []string `json:"roles,omitempty"`
	Ownership     string   `json:"ownership,omitempty"` // percent, 0 to 100, as a decimal string
	Position      string   `json:"position,omitempty"`
	Name          string   `json:"name,omitempty"`           // replies only
	SummaryStatus string   `json:"summary_status,omitempty"` // replies only
}

// StatusDetails say why an identity is not approved; newer editions of the API
// have them. They are for the operator, never for the customer.
type StatusDetails struct {
	ActiveControls []Control     `json:"active_controls,omitempty"`
	Requirements   []Requirement `json:"requirements,omitempty"`
}

// Control is a restriction in force.
type Control struct {
	ID         string `json:"id,omitempty"`
	Type       string `json:"type,omitempty"`
	SetBy      string `json:"set_by,omitempty"`
	ReasonCode string `json:"reason_code,omitempty"`
	CreatedAt  string `json:"created_at,omitempty"`
}

// Requirement is something that has to happen before an approval, and who has
// to act: CLIENT or PAXOS, or nobody in particular.
type Requirement struct {
	Type               string             `json:"type,omitempty"`
	Status             string             `json:"status,omitempty"`
	AwaitingActionFrom string             `json:"awaiting_action_from,omitempty"`
	Errors             []RequirementError `json:"errors,omitempty"`
}

// RequirementError is one reason. Its description is free text and not read.
type RequirementError struct {
	Code string `json:"code,omitempty"`
}

// UploadDocumentRequest is the body of PUT /identity/identities/{id}/documents.
// The name is unique for the identity and has 1 to 260 characters.
type UploadDocumentRequest struct {
	Name          string   `json:"name"`
	DocumentTypes []string `json:"document_types,omitempty"`
}

// DocumentUpload is where the bytes of a document go. The URL is a secret: it
// lets whoever has it write the document.
type DocumentUpload struct {
	FileID    string `json:"file_id,omitempty"`
	Name      string `json:"name,omitempty"`
	UploadURL string `json:"upload_url,omitempty"`
}

// Document is a document of an identity.
type Document struct {
	FileID        string   `json:"file_id,omitempty"`
	Name          string   `json:"name,omitempty"`
	DocumentTypes []string `json:"document_types,omitempty"`
	CreatedAt     string   `json:"created_at,omitempty"`
	ArchivedAt    string   `json:"archived_at,omitempty"`
}

// DocumentList is what an identity has, and the mandatory types it lacks.
type DocumentList struct {
	Documents        []Document `json:"documents"`
	PendingDocuments []string   `json:"pending_documents,omitempty"`
}

// SandboxStatusRequest is the body of PUT /identity/identities/{id}/sandbox-status.
// Empty fields are left as they are.
type SandboxStatusRequest struct {
	IDVerificationStatus        string      `json:"id_verification_status,omitempty"`
	SanctionsVerificationStatus string      `json:"sanctions_verification_status,omitempty"`
	DocumentVerificationStatus  string      `json:"document_verification_status,omitempty"`
	AdditionalScreeningStatus   string      `json:"additional_screening_status,omitempty"`
	UserDisabled                *SetDisable `json:"user_disabled,omitempty"`
	AdminDisabled               *SetDisable `json:"admin_disabled,omitempty"`
}

// SetDisable wraps a bool as the API does.
type SetDisable struct {
	Disabled bool `json:"disabled"`
}
