package paxossim

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"embark/paxos"
)

// instructions tell how to pay money in to a profile.
type instructions struct {
	record
	Profile uuid.UUID `json:"profile"`
	Owner   uuid.UUID `json:"owner"` // identity of the profile's account; zero: none
}

// fiatNetworks are the values of fiat_network. RTP is of July 2026.
func fiatNetworks() []string { return []string{"WIRE", "DBS_ACT", "CUBIX", "SCB", "RTP"} }

type instructionsRequest = paxos.CreateFiatDepositInstructionsRequest

var instructionsChecks = []check[instructionsRequest]{
	{"profile_id", func(r *instructionsRequest) string { return r.ProfileID }, true, anything},
	{"fiat_network", func(r *instructionsRequest) string { return r.FiatNetwork }, true, oneOf(fiatNetworks())},
	{"routing_number_type", func(r *instructionsRequest) string { return r.RoutingNumberType }, false,
		oneOf(routingNumberTypes())},
}

// createInstructions is POST /transfer/fiat-deposit-instructions.
func (s *Simulator) createInstructions(c *call) reply {
	var r instructionsRequest
	f := decodeStrict(c, &r)
	if f == "" {
		f = firstFault(&r, "", instructionsChecks)
	}
	if f == "" && r.RoutingNumberType != "" && r.FiatNetwork != "WIRE" {
		f = "routing_number_type must be set for WIRE only"
	}
	if f == "" {
		f = metadataFault(r.Metadata)
	}
	if f != "" {
		return badRequest(f)
	}
	return s.within(func(now int64) reply {
		if refused := s.refuseInstructions(&r); refused != nil {
			return *refused
		}
		return ok(s.state.instructionsBody(s.state.createInstructions(&r, c.body, now), &r))
	})
}

// refuseInstructions is why instructions cannot be made in the present state, or nil.
func (s *Simulator) refuseInstructions(r *instructionsRequest) *reply {
	st := s.state
	profile, found := st.profile(r.ProfileID)
	if !found {
		return new(refuse(http.StatusNotFound, "profile not found"))
	}
	if !st.mayUse(profile, r.IdentityID, r.AccountID) {
		return new(refuse(http.StatusNotFound, "identity or account not found for that profile"))
	}
	if old, taken := st.money.instructions.latest(r.RefID); taken && !s.options.FiatRefReusable {
		return new(alreadyExists("duplicate ref_id provided", old.ID.String(), s.options.FiatConflictPlain))
	}
	return nil
}

// mayUse reports whether the identity and the account, each where given, are
// those of the profile. The default profile is everyone's, so there they need
// only belong to each other.
func (st *state) mayUse(p uuid.UUID, identityID, accountID string) bool {
	n, owned := st.money.profileOf[p]
	if !owned && identityID != "" && accountID != "" {
		_, belong := st.belongs(identityID, accountID)
		return belong
	}
	owner, known := st.number(identityID)
	id, _ := uuid.Parse(accountID)
	a, exists := st.accountByID[id]
	return (identityID == "" || known && (!owned || st.accounts[n].Identity == owner)) &&
		(accountID == "" || exists && (!owned || a == n))
}

func (st *state) createInstructions(r *instructionsRequest, body []byte, now int64) *instructions {
	i := &instructions{record: st.money.instructions.newRecord(st.seed, "instructions", r.RefID, body, now)}
	i.Profile, _ = st.profile(r.ProfileID)
	if n, owned := st.money.profileOf[i.Profile]; owned {
		i.Owner = st.identities[st.accounts[n].Identity].ID
	}
	st.journal.write(instructionsEntry, i, body)
	st.addInstructions(i)
	return i
}

// addInstructions takes over a record that is new, or comes from the journal.
func (st *state) addInstructions(i *instructions) {
	st.money.instructions.add(i)
	st.last = max(st.last, i.Created)
}

// getInstructions is GET /transfer/fiat-deposit-instructions/{id}.
func (s *Simulator) getInstructions(c *call) reply {
	if f := onlyParameters(c.query); f != "" {
		return badRequest(f)
	}
	if _, err := uuid.Parse(c.PathValue("id")); err != nil {
		return badRequest("expected uuid")
	}
	return s.within(func(int64) reply {
		i, found := s.state.money.instructions.find(c.PathValue("id"))
		if !found {
			return refuse(http.StatusNotFound, "fiat deposit instructions not found")
		}
		return ok(s.state.instructionsBody(i, nil))
	})
}

// listInstructions is GET /transfer/fiat-deposit-instructions, newest first.
func (s *Simulator) listInstructions(c *call) reply {
	chosen, q, f := parseTransferList(c)
	if f != "" {
		return badRequest(f)
	}
	return s.within(func(int64) reply {
		found, next := s.state.money.instructions.page(q, chosen, func(*instructions) bool { return true })
		page := listPage[instructionsBody]{Items: make([]instructionsBody, len(found)), Next: next}
		for n, i := range found {
			page.Items[n] = s.state.instructionsBody(i, nil)
		}
		return ok(page)
	})
}

// instructionsBody is what replies show.
type instructionsBody struct {
	paxos.FiatDepositInstructions
	IdentityID   string                         `json:"identity_id"` // required by the schema
	Instructions *paxos.FiatNetworkInstructions `json:"fiat_network_instructions"`
	Metadata     map[string]string              `json:"metadata,omitempty"`
}

// instructionsBody decodes what was asked for, unless it is at hand.
func (st *state) instructionsBody(i *instructions, r *instructionsRequest) instructionsBody {
	if r == nil {
		r = new(instructionsRequest)
		_ = json.Unmarshal(i.body, r) // it was decoded when it came
	}
	out := instructionsBody{IdentityID: r.IdentityID, Metadata: r.Metadata, Instructions: ourBank(r)}
	if out.IdentityID == "" && i.Owner != uuid.Nil {
		out.IdentityID = i.Owner.String()
	}
	out.FiatDepositInstructions = paxos.FiatDepositInstructions{
		ID: i.ID.String(), RefID: i.RefID, ProfileID: i.Profile.String(), AccountID: r.AccountID,
		MemoID: memo(i.ID), Status: "VALID", CreatedAt: microText(i.Created),
	}
	return out
}

// memo has the form of the samples: sixteen digits and capitals.
func memo(id uuid.UUID) string {
	return strings.ToUpper(strings.ReplaceAll(id.String(), "-", "")[:16])
}

// ourBank is where deposits go: a made-up account of Paxos.
func ourBank(r *instructionsRequest) *paxos.FiatNetworkInstructions {
	const account = "1234567890"
	bank := &paxos.RoutingDetails{RoutingNumberType: "ABA", RoutingNumber: "021000021", BankName: "Made-up Bank",
		BankAddress: &address{Address1: "1 Bank Street", City: "New York", Province: "NY", ZipCode: "10001", Country: "USA"}}
	if r.RoutingNumberType == "SWIFT" {
		bank.RoutingNumberType, bank.RoutingNumber = "SWIFT", "MADEUS33"
	}
	switch r.FiatNetwork {
	case "DBS_ACT":
		return &paxos.FiatNetworkInstructions{DBSAct: &paxos.BankInstructions{AccountNumber: account}}
	case "SCB":
		return &paxos.FiatNetworkInstructions{SCB: &paxos.BankInstructions{AccountNumber: account}}
	case "CUBIX":
		return &paxos.FiatNetworkInstructions{Cubix: &paxos.CubixInstructions{AccountID: seed(0).id("cubix").String()}}
	case "RTP":
		return &paxos.FiatNetworkInstructions{RTP: &paxos.RTPInstructions{AccountNumber: account, RoutingDetails: bank}}
	}
	return &paxos.FiatNetworkInstructions{Wire: &paxos.WireInstructions{AccountNumber: account,
		FiatAccountOwnerAddress: bank.BankAddress, RoutingDetails: bank}}
}
