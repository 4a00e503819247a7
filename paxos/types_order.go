package paxos

// CreateOrderRequest is the body of POST /profiles/{profile_id}/orders. Amounts
// are decimal strings. identity_id and identity_account_id go together.
type CreateOrderRequest struct {
	RefID             string            `json:"ref_id,omitempty"`
	Side              string            `json:"side,omitempty"`
	Market            string            `json:"market,omitempty"`
	Type              string            `json:"type,omitempty"`
	BaseAmount        string            `json:"base_amount,omitempty"`
	QuoteAmount       string            `json:"quote_amount,omitempty"`
	Price             string            `json:"price,omitempty"`
	StopPrice         string            `json:"stop_price,omitempty"`
	TimeInForce       string            `json:"time_in_force,omitempty"`
	ExpirationDate    string            `json:"expiration_date,omitempty"` // Unix milliseconds
	IdentityID        string            `json:"identity_id,omitempty"`
	IdentityAccountID string            `json:"identity_account_id,omitempty"`
	Metadata          map[string]string `json:"metadata,omitempty"` // at most 6 pairs of 100 characters
}

// Order is an order as Paxos has it.
type Order struct {
	ID                string `json:"id"`
	ProfileID         string `json:"profile_id,omitempty"`
	RefID             string `json:"ref_id,omitempty"`
	Status            string `json:"status,omitempty"`
	Side              string `json:"side,omitempty"`
	Market            string `json:"market,omitempty"`
	Type              string `json:"type,omitempty"`
	BaseAmount        string `json:"base_amount,omitempty"`
	QuoteAmount       string `json:"quote_amount,omitempty"`
	Price             string `json:"price,omitempty"`
	AmountFilled      string `json:"amount_filled,omitempty"`
	IdentityID        string `json:"identity_id,omitempty"`
	IdentityAccountID string `json:"identity_account_id,omitempty"`
	CreatedAt         string `json:"created_at,omitempty"`
	ModifiedAt        string `json:"modified_at,omitempty"`
}

// ListOrdersQuery filters GET /orders. No RefIDs means all. Limit is at most
// 100; zero means 100.
type ListOrdersQuery struct {
	RefIDs     []string
	ProfileID  string
	PageCursor string
	Limit      int
}

// OrderPage is one page of orders.
type OrderPage struct {
	Items      []Order
	NextCursor string
}

// ProfileBalance is what a profile holds of one asset, in decimal strings.
type ProfileBalance struct {
	Asset     string `json:"asset"`
	Available string `json:"available"`
	Trading   string `json:"trading"`
}

// SandboxDepositRequest is the body of POST /sandbox/profiles/{id}/deposit. It
// has no key: each call credits again.
type SandboxDepositRequest struct {
	Asset         string `json:"asset"`
	Amount        string `json:"amount"`
	CryptoNetwork string `json:"crypto_network,omitempty"` // for crypto only
}
