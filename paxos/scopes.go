package paxos

// Scopes of the operations beside those of identities, accounts and events.
const (
	ScopeReadProfile              = "funding:read_profile" // enough even for a sandbox deposit
	ScopeWriteProfile             = "funding:write_profile"
	ScopeReadFiatAccount          = "transfer:read_fiat_account"
	ScopeWriteFiatAccount         = "transfer:write_fiat_account"
	ScopeReadDepositInstructions  = "transfer:read_fiat_deposit_instructions"
	ScopeWriteDepositInstructions = "transfer:write_fiat_deposit_instructions"
	ScopeReadOrder                = "exchange:read_order"
	ScopeWriteOrder               = "exchange:write_order"
)

// Operations are the API's names of the operations that a [Client] has, each
// with the scope that it needs.
func Operations() map[string]string {
	return map[string]string{
		"ListIdentities": ScopeReadIdentity, "GetIdentity": ScopeReadIdentity,
		"CreateIdentity": ScopeWriteIdentity, "AddInstitutionMembers": ScopeWriteIdentity,
		"ListIdentityDocuments": ScopeReadIdentity, "DocumentUpload": ScopeWriteIdentity,
		"SandboxSetIdentityStatus": ScopeWriteIdentity,

		"ListAccounts": ScopeReadAccount, "GetAccount": ScopeReadAccount,
		"CreateAccount": ScopeWriteAccount, "AddAccountMembers": ScopeWriteAccount,

		"ListProfileBalances": ScopeReadProfile, "GetProfileBalance": ScopeReadProfile,
		"CreateSandboxDeposit": ScopeReadProfile,

		"ListFiatAccounts": ScopeReadFiatAccount, "GetFiatAccount": ScopeReadFiatAccount,
		"CreateFiatAccount": ScopeWriteFiatAccount,

		"ListFiatDepositInstructions": ScopeReadDepositInstructions, "GetFiatDepositInstructions": ScopeReadDepositInstructions,
		"CreateFiatDepositInstructions": ScopeWriteDepositInstructions,

		"ListOrders": ScopeReadOrder, "GetOrder": ScopeReadOrder, "CreateOrder": ScopeWriteOrder,

		"ListEvents": ScopeReadEvent, "GetEvent": ScopeReadEvent,
	}
}
