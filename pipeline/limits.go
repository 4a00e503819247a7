package pipeline

import (
	"context"
	"encoding/json"

	"embark/checkpoint"
	"embark/paxos"
)

// SaveLimits stores what is known of the rate limits durably; the client's
// OnSilence should call it too, since a pause must be known to a process that
// starts the next second.
func SaveLimits(ctx context.Context, store Marker, api interface{ Memory() paxos.Memory }) error {
	text, err := json.Marshal(api.Memory())
	if err != nil {
		return err
	}
	return store.Mark(ctx, func(m *checkpoint.Marks) { m.Limits = text })
}

// LoadLimits reads what [SaveLimits] stored, the zero Memory if nothing.
func LoadLimits(store interface {
	Marks() (checkpoint.Marks, error)
}) (m paxos.Memory, err error) {
	marks, err := store.Marks()
	if err != nil || len(marks.Limits) == 0 {
		return m, err
	}
	return m, json.Unmarshal(marks.Limits, &m)
}
