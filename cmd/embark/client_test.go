package main

import (
	"errors"
	"path/filepath"
	"testing"

	"embark/checkpoint"
	"embark/onboard"
	"embark/paxos"
)

// Another client id must not settle what the first one may have sent: ref_ids
// are unique for each API user, so it would make the customer once more.
func TestAnotherClientInDoubt(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "embark.db")
	open := func(client string) *checkpoint.Store {
		s, err := checkpoint.Open(checkpoint.Options{Path: path, Environment: "test", ClientID: client})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first := open("one")
	sent := onboard.Record{Key: onboard.NewKey(onboard.KindIdentity, "c1"), Request: []byte("{}")}
	post := func([]onboard.Record) (onboard.Step, []onboard.Record) {
		return onboard.Step{Action: onboard.Create, Record: sent, Intent: onboard.Intent{Attempt: 1}}, nil
	}
	if _, _, err := first.Begin(t.Context(), post, sent.Key); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := open("two")
	defer second.Close()
	e := &environment{}
	err := e.sameClient(t.Context(), &target{options: paxos.Options{ClientID: "two"}}, second, nil)
	var usage *usageError
	if !errors.As(err, &usage) {
		t.Errorf("got %v, want a usage error", err)
	}
	if !second.ClientChanged() {
		t.Error("the other client was accepted")
	}
}
