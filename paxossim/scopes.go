package paxossim

// Scopes are all scopes that the API's specification knows; others are
// refused with invalid_scope.
func Scopes() []string {
	return []string{
		"conversion:read_conversion_stablecoin", "conversion:write_conversion_stablecoin",
		scopeReadEvent,
		"exchange:historical_prices", "exchange:read_order", "exchange:read_quote",
		"exchange:read_quote_execution", "exchange:write_order", "exchange:write_quote_execution",
		"fee:write_crypto_withdrawal_fee",
		"funding:read_profile", "funding:write_profile",
		scopeReadAccount, scopeReadIdentity, scopeWriteAccount, scopeWriteIdentity,
		"settlement:read_transaction", "settlement:write_transaction",
		"tax:read_tax_form", "tax:read_tax_lot", "tax:write_tax_lot",
		"transfer:read_deposit_address", "transfer:read_fiat_account",
		"transfer:read_fiat_deposit_instructions", "transfer:read_transfer", "transfer:read_transfer_limit",
		"transfer:reject_crypto_deposit", "transfer:update_crypto_deposit",
		"transfer:write_crypto_withdrawal", "transfer:write_deposit_address", "transfer:write_fiat_account",
		"transfer:write_fiat_deposit_instructions", "transfer:write_fiat_withdrawal",
		"transfer:write_internal_transfer", "transfer:write_sandbox_fiat_deposit",
	}
}

// The scopes that operations here ask for.
const (
	scopeReadIdentity  = "identity:read_identity"
	scopeWriteIdentity = "identity:write_identity"
	scopeReadAccount   = "identity:read_account"
	scopeWriteAccount  = "identity:write_account"
	scopeReadEvent     = "events:read_event"
)
