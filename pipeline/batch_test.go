package pipeline

import (
	"errors"
	"runtime"
	"testing"
	"testing/synctest"

	"embark/checkpoint"
	"embark/onboard"
	"embark/paxossim"
)

var errDamaged = errors.New("damaged record")

// damaged is a store whose records cannot be read.
type damaged struct{ *checkpoint.Store }

func (damaged) Get(...onboard.Key) ([]onboard.Record, error) { return nil, errDamaged }

// TestRunEndsWhenABatchFails: an error of pass one ends the run, however many
// batches are still to come.
func TestRunEndsWhenABatchFails(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 10*batchRows, paxossim.Options{})
		all := r.rows()
		r.writeRows(all[:2]...)
		r.must(nil) // without records there is nothing to read
		r.writeRows(all...)
		_, err := r.run(t.Context(), func(c *Config) { c.Store = damaged{storeOf(c)} })
		if !errors.Is(err, errDamaged) {
			t.Errorf("got %v, want %v", err, errDamaged)
		}
		r.once(1)
	})
}
