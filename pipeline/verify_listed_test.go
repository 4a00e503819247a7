package pipeline

import (
	"context"
	"slices"
	"testing"

	"embark/onboard"
	"embark/paxos"
)

// shelf answers the three lists with the same objects.
type shelf struct {
	VerifyAPI
	items [][2]string // ref_id and id
	asked []string
}

func (s *shelf) ListFiatAccounts(_ context.Context, q paxos.ListFiatQuery) (*paxos.FiatAccountPage, error) {
	s.asked = q.RefIDs
	page := &paxos.FiatAccountPage{}
	for _, i := range s.items {
		page.Items = append(page.Items, paxos.FiatAccount{RefID: i[0], ID: i[1]})
	}
	return page, nil
}

func (s *shelf) ListFiatDepositInstructions(_ context.Context, q paxos.ListFiatQuery) (*paxos.FiatDepositInstructionsPage, error) {
	s.asked = q.RefIDs
	page := &paxos.FiatDepositInstructionsPage{}
	for _, i := range s.items {
		page.Items = append(page.Items, paxos.FiatDepositInstructions{RefID: i[0], ID: i[1]})
	}
	return page, nil
}

func (s *shelf) ListOrders(_ context.Context, q paxos.ListOrdersQuery) (*paxos.OrderPage, error) {
	s.asked = q.RefIDs
	page := &paxos.OrderPage{}
	for _, i := range s.items {
		page.Items = append(page.Items, paxos.Order{RefID: i[0], ID: i[1]})
	}
	return page, nil
}

// TestVerifyByRefID: what is looked up by its ref_id has to be there, once.
func TestVerifyByRefID(t *testing.T) {
	for _, kind := range []onboard.Kind{onboard.KindFiatAccount, onboard.KindDepositInstructions, onboard.KindOrder} {
		for name, tt := range map[string]struct {
			items [][2]string
			want  []string
		}{
			"there":         {[][2]string{{"r1", "x1"}}, nil},
			"beside others": {[][2]string{{"r2", "x2"}, {"r1", "x1"}}, nil},
			"absent":        {nil, []string{PointMissing}},
			"of another":    {[][2]string{{"r2", "x1"}}, []string{PointMissing}},
			"twice":         {[][2]string{{"r1", "x1"}, {"r1", "x9"}}, []string{PointTwin}},
			"another one":   {[][2]string{{"r1", "x9"}}, []string{PointTwin, PointMissing}},
		} {
			api := &shelf{items: tt.items}
			found, err := verifiers[kind](t.Context(), api, onboard.Record{Key: onboard.NewKey(kind, "r1"), ID: "x1"})
			var codes []string
			for _, p := range found.points {
				codes = append(codes, p.Code)
			}
			if err != nil || !slices.Equal(codes, tt.want) || !slices.Equal(api.asked, []string{"r1"}) {
				t.Errorf("%s, %s: got %q, %v, asked for %q, want %q", kind, name, codes, err, api.asked, tt.want)
			}
		}
	}
}
